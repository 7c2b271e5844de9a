"""How change is said in a sentence."""

from __future__ import annotations

import math

import pandas as pd

from cvln_eval.results import count, level_in_words, number

__all__ = ["interval", "moved", "people_in_teams", "with_sign"]


def with_sign(value: float) -> str:
    """Return a change with two digits and a sign; nought has none."""
    text = number(abs(value))
    if math.isnan(value) or not float(text):
        return text
    return f"{'+' if value > 0 else '−'}{text}"


def moved(change: float) -> str:
    """Return what a mean did, in a verb that claims no more than the sample."""
    if round(change, 2) == 0:
        return "moved by less than 0.01"
    return "rose" if change > 0 else "fell"


def interval(row: pd.Series) -> str:
    """Return the interval of a row with its level, or why there is none."""
    if math.isnan(row["conf_low"]):
        return f"no interval: {row['reason'].removeprefix('no interval: ')}"
    bounds = f"[{number(row['conf_low'])}, {number(row['conf_high'])}]"
    return f"{level_in_words(row['conf_level'])} CI {bounds}"


def people_in_teams(n: int, n_clusters: float) -> str:
    """Return how many people, and in how many teams where teams are looked at."""
    people = count(n, "person", "people")
    return people if math.isnan(n_clusters) else f"{people} in {count(int(n_clusters), 'team')}"
