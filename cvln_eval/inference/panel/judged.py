"""Which methods hold in a design, and what the panel as a whole allows to say."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cvln_eval.inference.panel.kinds import FOR_MANY
from cvln_eval.inference.panel.rates import level
from cvln_eval.results import p_in_words, proportion

__all__ = ["LIBERAL", "Verdict", "changing_clusters", "judged", "verdict_of"]

# A size beyond this many times the level is too liberal (Bradley, 1978).
LIBERAL = 1.5

COLUMNS = (
    "method",
    "estimate",
    "std_error",
    "df",
    "p_value",
    "smallest_p",
    "conf_low",
    "conf_high",
    "size",
    "size_mc_error",
    "defensible",
    "note",
    "reason",
    "n",
    "n_clusters",
)


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What the defensible methods say together.

    Attributes
    ----------
    words : str
        `against the null`, `not against the null`, `methods disagree`, `no method can tell` or
        `no method is defensible`.
    defensible, able, rejecting : DataFrame
        Rows of the panel that are defensible; of these that can reject with this design; of these
        that do.
    """

    words: str
    defensible: pd.DataFrame
    able: pd.DataFrame
    rejecting: pd.DataFrame


def judged(
    answers: pd.DataFrame, sizes: pd.DataFrame, *, n: int, n_clusters: int, conf_level: float
) -> pd.DataFrame:
    """Return the panel: answers with their simulated sizes, and whether each is defensible.

    A method is defensible if it was made for few clusters, has an answer, and its size in this
    design is not beyond 1.5 times the level.
    """
    panel = answers.merge(
        sizes[["method", "size", "size_mc_error"]], on="method", validate="one_to_one"
    )
    alpha = 1 - conf_level
    liberal = panel["size"] > LIBERAL * alpha
    made_for_few = ~panel["method"].isin(list(FOR_MANY))
    panel["defensible"] = made_for_few & panel["p_value"].notna() & ~liberal
    panel["note"] = [_note(row, conf_level) for row in panel.to_dict("records")]
    return panel.assign(n=n, n_clusters=n_clusters)[list(COLUMNS)]


def _note(row: Mapping[Hashable, Any], conf_level: float) -> str:
    """Return what to bear in mind about a method's answer."""
    if math.isnan(row["p_value"]):
        return ""
    size, smallest = row["size"], row["smallest_p"]
    notes = [FOR_MANY.get(row["method"], "")]
    if size > LIBERAL * (1 - conf_level):
        notes.append(f"rejects {proportion(size, 1)} of true null hypotheses in this design")
    if smallest > level(conf_level):
        notes.append(f"cannot give less than {p_in_words(smallest)} in this design")
    return "; ".join(note for note in [*notes, row["note"]] if note)


def verdict_of(panel: pd.DataFrame, conf_level: float) -> Verdict:
    """Return what the defensible rows of a panel say together."""
    alpha = level(conf_level)
    defensible = panel[panel["defensible"]]
    able = defensible[defensible["smallest_p"] <= alpha]
    rejecting = able[able["p_value"] <= alpha]
    if defensible.empty:
        words = "no method is defensible"
    elif able.empty:
        words = "no method can tell"
    elif len(rejecting) == len(able):
        words = "against the null"
    else:
        words = "methods disagree" if len(rejecting) else "not against the null"
    return Verdict(words, defensible, able, rejecting)


def changing_clusters(omitted: pd.DataFrame, conf_level: float) -> tuple[list[str], list[str]]:
    """Return the clusters without which the sign turns, and those without which p crosses."""
    if omitted.empty or math.isnan(omitted["p_value"].iloc[0]):
        return [], []
    whole, others = omitted.iloc[0], omitted.iloc[1:]
    others = others[others["reason"] == ""]
    turns = np.sign(others["estimate"]) != np.sign(whole["estimate"])
    below = others["p_value"] <= level(conf_level)
    crosses = (below != (whole["p_value"] <= level(conf_level))) & ~turns
    return list(others.loc[turns, "left_out"]), list(others.loc[crosses, "left_out"])
