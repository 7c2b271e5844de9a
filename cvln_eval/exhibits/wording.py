"""Words that a codebook has for items and answers, and columns a figure cannot do without."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.exhibits.exhibit import Origin
from cvln_eval.exhibits.panels import readable

__all__ = ["MINUS", "answer_words", "folded", "item_words", "needed", "of_one_scale"]

REVERSED = " (reversed)"
MINUS = "\u00a0−\u00a0"  # does not break over two lines
LETTER = 0.062  # about the width of a letter of 7 points, in inches


def needed(data: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Return the table as it is.

    Raises
    ------
    ArgumentError
        If it is empty or lacks a column that the figure draws.
    """
    listed = list(columns)
    absent = [name for name in listed if name not in data.columns]
    if absent:
        raise ArgumentError(
            f"The result lacks what this figure draws: {shown(absent)}",
            expected=", ".join(listed),
            seen=", ".join(map(str, data.columns)),
            todo="pass the result that the figure's documentation names",
        )
    if data.empty:
        raise ArgumentError("The result has no rows to draw", expected="at least one")
    return data


def of_one_scale(data: pd.DataFrame, scale: str | None) -> pd.DataFrame:
    """Return the rows of a scale, which need not be named where there is one.

    Raises
    ------
    ArgumentError
        If the scale is not among them, or there are several and none is named.
    """
    known = list(dict.fromkeys(data["scale"]))
    wanted = known[0] if scale is None and len(known) == 1 else scale
    if wanted not in known:
        raise ArgumentError(
            "The figure has room for one scale of the result",
            expected=f"scale=, one of {shown(known)}",
            seen=repr(scale),
        )
    return data[data["scale"] == wanted].reset_index(drop=True)


def item_words(
    study: Origin, items: Iterable[str], names: Mapping[str, str] | None
) -> dict[str, str]:
    """Return what to call each item: the name given, else the codebook's text, else the id.

    The text of an item that is scored in reverse says so, since its answers were turned round.
    """
    texts = {
        item.item: item.text + (REVERSED if item.reverse else "") for item in _items(study).values()
    }
    return {item: readable(item, {**texts, **(names or {})}) for item in items}


def answer_words(study: Origin, items: Iterable[str]) -> dict[float, str]:
    """Return the codebook's words for the values of answers; none where items differ."""
    known = _items(study)
    sets = {known[item].response_set if item in known else "" for item in items}
    if len(sets) != 1 or "" in sets:
        return {}
    words: dict[float, str] = {}
    for label in getattr(study, "codebook").response_set(sets.pop()):  # noqa: B009
        if not label.missing:
            words.setdefault(float(label.value), label.label)
    return words


def _items(study: Origin) -> dict[str, Any]:
    """Return the items by name; a study in a test or a script may have no codebook."""
    codebook = getattr(study, "codebook", None)
    return {item.item: item for item in codebook.items} if codebook else {}


def folded(text: str, room: float) -> str:
    """Return a label broken into lines that fit so many inches."""
    return textwrap.fill(text, max(8, int(room / LETTER)))
