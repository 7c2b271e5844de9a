"""Whether two or more raters or coders say the same."""

__all__: list[str] = []
