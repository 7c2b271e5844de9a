"""Words and counts that the results of this room share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from cvln_eval.results import p_in_words

__all__ = ["NO_STEP", "Measures", "by_step", "listed", "p_of", "summed_up", "tested"]

# The rows of one step of a relation, by measure; what is in them is for each result to know.
Measures = dict[str, dict[str, Any]]

NO_STEP = "No relation was asked in two waves."
# More sentences than these are no sentence an author would paste; the table has the others.
MOST_SAID = 4


def by_step(rows: pd.DataFrame) -> Iterator[tuple[str, str, str, Measures]]:
    """Yield relation, earlier and later wave and rows by measure, of each step there is."""
    key = ["relation", "from_wave", "wave"]
    found = rows[rows["from_wave"] != ""].groupby(key, sort=False)
    for _, mine in found:
        relation, earlier, later = mine[key].iloc[0].astype("str")
        records = mine.to_dict("records")
        named = [{str(name): value for name, value in row.items()} for row in records]
        yield relation, earlier, later, {row["measure"]: row for row in named}


def listed(said: Sequence[str], *, none: str) -> str:
    """Return up to four sentences and how many more the table has, or `none` without any.

    Examples
    --------
    >>> listed(["A is 1.", "B is 2."], none="Nothing.")
    'A is 1. B is 2.'
    >>> listed(["A."] * 5, none="Nothing.")
    'A. A. A. A. The table has 1 more like these.'
    """
    if not said:
        return none
    left_out = len(said) - MOST_SAID
    more = [f"The table has {left_out} more like these."] if left_out > 0 else []
    return " ".join([*said[:MOST_SAID], *more])


def summed_up(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row: relations, waves compared, values there are, and why some are not."""
    steps = rows.loc[rows["from_wave"] != "", ["relation", "from_wave", "wave"]]
    row = {
        "n_relations": int(rows["relation"].nunique()),
        "n_steps": len(steps.drop_duplicates()),
        "n_values": int((rows["reason"] == "").sum()),
        "reason": "; ".join(dict.fromkeys(rows.loc[rows["reason"] != "", "reason"])),
    }
    return pd.DataFrame([row if len(rows) else row | {"reason": "there are no networks"}])


def tested(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row: relations, tests with a p value, draws of each, why some have none."""
    lacking = rows.loc[rows["reason"] != "", "reason"]
    row = {
        "n_relations": int(rows["relation"].nunique()),
        "n_tests": int(rows["p_value"].notna().sum()),
        "n_draws": int(rows["n_draws"].max()) if len(rows) else 0,
        "reason": "; ".join(dict.fromkeys(lacking)) if len(rows) else "there are no networks",
    }
    return pd.DataFrame([row])


def p_of(row: dict[str, Any]) -> str:
    """Return the p value in words with the number of permutations, or why there is none."""
    if row["n_draws"]:
        return f"{p_in_words(row['p_value'])}, {row['n_draws']:,} permutations"
    return f"no test: {row['reason']}"
