"""What lies behind the items: correlations, factors, and whether they hold over waves."""

__all__: list[str] = []
