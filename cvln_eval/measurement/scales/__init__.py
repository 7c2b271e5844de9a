"""Scores, reliability and items of a scale."""

__all__: list[str] = []
