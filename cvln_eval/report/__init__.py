"""Notebooks run in order, the report built from them, the manifest of what they showed."""
