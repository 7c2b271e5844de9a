"""Numbered figures and tables; drawing and formatting only."""
