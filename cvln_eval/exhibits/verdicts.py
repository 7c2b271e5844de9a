"""What a panel of methods says, short enough for the title and the note of a figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from cvln_eval.exhibits.panels import readable
from cvln_eval.exhibits.rounding import in_apa
from cvln_eval.exhibits.size_marks import size_words
from cvln_eval.inference.panel.words import none_defensible, share_in_words
from cvln_eval.results import count, level_in_words

if TYPE_CHECKING:
    from cvln_eval.inference.panel import FewClusterPanel

__all__ = ["panel_note", "panel_title", "term_words"]

# Parts of a method's note that the columns of the figure show.
SHOWN = ("takes ", "its error ", "rejects ", "cannot give ")


def term_words(result: FewClusterPanel, called: Mapping[str, str]) -> str:
    """Return what to call the coefficient."""
    if result.term == "Intercept" and "Intercept" not in called:
        return f"mean {readable(result.outcome, called)}"
    return readable(result.term, called)


def panel_title(result: FewClusterPanel, called: Mapping[str, str]) -> str:
    """Return the verdict of the defensible methods in one sentence, no stronger than theirs."""
    row = result.glance().iloc[0]
    term, where = term_words(result, called), count(int(row["n_clusters"]), "cluster")
    able, level = int(row["n_able"]), share_in_words(1 - result.conf_level)
    p_values = _range(row["p_value_min"], row["p_value_max"])
    one = able == 1
    whose = "method" if one else "methods"
    can = f"defensible {whose} that can reject with {where}"
    do = "does" if row["n_rejecting"] == 1 else "do"
    titles = {
        "against the null": (
            f"{'The one' if one else f'All {able}'} {can} {'does' if one else 'do'} "
            f"({p_values}): the data speak against {term} = 0."
        ),
        "not against the null": (
            f"{'The one' if one else f'None of the {able}'} {can} "
            f"{'does not' if one else 'does'} ({p_values}): the data do not show that {term} "
            "differs from 0."
        ),
        "methods disagree": (
            f"Of the {able} {can}, {row['n_rejecting']} {do} "
            f"({p_values}): the choice of method, not the data, would decide about {term} = 0."
        ),
        "no method can tell": (
            f"With {where} no defensible method can give p ≤ {level}, whatever the data: "
            f"{term} = 0 cannot be rejected."
        ),
    }
    return titles.get(
        row["verdict"],
        f"{none_defensible(result)} ({where}): no test of {term} = 0 should be read.",
    )


def _range(low: float, high: float) -> str:
    first, last = in_apa(low), in_apa(high)
    words = first if first == last else f"{first} to {last}"
    return f"p {words}" if words.startswith("<") else f"p = {words}"


def panel_note(result: FewClusterPanel, data: pd.DataFrame, called: Mapping[str, str]) -> str:
    """Return what marks and columns mean, and what to bear in mind about single methods."""
    alpha = 1 - result.conf_level
    parts = [
        f"Bars: {level_in_words(result.conf_level)} intervals; an arrow goes on beyond the axis. "
        "Smallest p: "
        "the least that the method can give with these clusters, whatever the data; bold where it "
        f"cannot reject. Size: rejections in {result.n_simulated:,} simulated data sets of this "
        f"design without an effect ({result.icc.in_words()}). {size_words(alpha)} What was made "
        "for many clusters does not count as defensible, whatever its size here.",
        *_cautions(data, called),
        *_without(data, called),
    ]
    if result.n_left_out:
        parts.append(f"{count(result.n_left_out, 'row')} with missing values left out.")
    return " ".join([*parts, f"n counts rows, in {count(result.n_clusters, 'cluster')}."])


def _cautions(data: pd.DataFrame, called: Mapping[str, str]) -> list[str]:
    """Return what else methods warn of, those of one warning together."""
    said = data["note"].map(_unseen)
    return [
        f"{_methods(part, called)}: {words}."
        for words, part in data[said != ""].groupby(said, sort=False)
    ]


def _unseen(note: str) -> str:
    return "; ".join(part for part in note.split("; ") if not part.startswith(SHOWN))


def _methods(rows: pd.DataFrame, called: Mapping[str, str]) -> str:
    return ", ".join(readable(method, called) for method in rows["method"])


def _without(data: pd.DataFrame, called: Mapping[str, str]) -> list[str]:
    """Return why methods have no answer, those of one reason together."""
    rows = data[data["p_value"].isna()]
    found = [
        f"{_methods(part, called)} ({reason})"
        for reason, part in rows.groupby("reason", sort=False)
    ]
    return [f"No answer: {'; '.join(found)}."] if found else []
