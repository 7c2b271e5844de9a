"""Making tidy simulated tables as untidy as received files, with every change written down.

A `RawDraft` is one raw file before it is written: its cells as text under the headers as
received, and the defects planted so far. Each verb takes a draft and returns a new one, so the
list of defects is made by the same act that makes the defect. A cell carries at most one defect,
which keeps the rule that cleaning must report for it unambiguous. Everything made here is
simulated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.simulate.drafts import PLANTED, RawDraft, draft_of

__all__ = [
    "DEFECT_COLUMNS",
    "LOSSY_RULES",
    "RawDraft",
    "draft_of",
    "expected_after",
    "flag_cells",
    "flag_rows",
    "insert_rows",
    "located_defects",
    "pick",
    "rewrite",
]

DEFECT_COLUMNS = ("file", "row", "column", "kind", "raw_value", "true_value", "rule", "note")
# Rules of rows that stay records; the cells of all other flagged rows are not used.
KEPT_ROW_RULES = ("no_answers", "not_known_whether_answered")
LOSSY_RULES = ("missing_code", "out_of_range", "unknown_label", "not_a_number", "not_a_date")


def rewrite(
    draft: RawDraft,
    *,
    column: str,
    raw: pd.Series | Mapping[Any, str],
    kind: str,
    rule: str,
    true: Mapping[Any, str] | pd.Series | None = None,
    note: str = "",
) -> RawDraft:
    """Replace cells of one column and record each cell whose text changes.

    Parameters
    ----------
    draft : RawDraft
    column : str
        Header as received.
    raw : pd.Series or mapping
        Row label to the text that stands in the file from now on.
    kind : str
        What was planted, in the words of the truth file.
    rule : str
        The ledger's rule that must find it; empty when the ledger must say nothing.
    true : mapping, optional
        Row label to the true text; what the cell said before unless given.
    note : str

    Returns
    -------
    RawDraft

    Raises
    ------
    ArgumentError
        If a cell already carries a defect.
    """
    new = pd.Series(raw, dtype="object")
    old = draft.cells.loc[new.index, column]
    new = new[new.to_numpy() != old.to_numpy()]
    truth = old.loc[new.index] if true is None else pd.Series(true, dtype="object").loc[new.index]
    planted = _recorded(draft, new.index, column, new.to_numpy(), truth.to_numpy())
    cells = draft.cells.copy()
    cells.loc[new.index, column] = new.astype("str")
    return _with(replace(draft, cells=cells), planted, kind, rule, note)


def flag_cells(
    draft: RawDraft,
    *,
    column: str,
    labels: Iterable[Any],
    kind: str,
    rule: str,
    true: Mapping[Any, str] | pd.Series | None = None,
    note: str = "",
) -> RawDraft:
    """Record cells that are untidy as they stand, such as a written name in place of an id.

    Parameters
    ----------
    draft : RawDraft
    column : str
    labels : iterable
        Rows.
    kind, rule, note : str
        As in `rewrite`.
    true : mapping, optional
        Row label to the true text; the cell's own unless given.

    Returns
    -------
    RawDraft
    """
    index = pd.Index(list(labels))
    raw = draft.cells.loc[index, column]
    truth = raw if true is None else pd.Series(true, dtype="object").loc[index]
    planted = _recorded(draft, index, column, raw.to_numpy(), truth.to_numpy())
    return _with(draft, planted, kind, rule, note)


def flag_rows(
    draft: RawDraft, *, labels: Iterable[Any], kind: str, rule: str, note: str = ""
) -> RawDraft:
    """Record whole rows that cleaning must merge, set aside or keep as something special.

    Parameters
    ----------
    draft : RawDraft
    labels : iterable
        Rows.
    kind, rule, note : str
        As in `rewrite`.

    Returns
    -------
    RawDraft
    """
    index = pd.Index(list(labels))
    blank = np.full(len(index), "", dtype=object)
    return _with(draft, _recorded(draft, index, "", blank, blank), kind, rule, note)


def insert_rows(
    draft: RawDraft,
    rows: pd.DataFrame,
    *,
    before: Iterable[Any],
    kind: str = "",
    rule: str = "",
    note: str = "",
) -> RawDraft:
    """Put rows into the file, each before a row that is there, or at its end (`None`).

    Parameters
    ----------
    draft : RawDraft
        The file.
    rows : pd.DataFrame
        Text cells under headers of the draft, in new labels; absent columns are empty.
    before : iterable
        For each new row the label it comes before, or None for the end.
    kind, rule, note : str
        What to record of each row; nothing is recorded where `kind` is empty.

    Returns
    -------
    RawDraft

    Raises
    ------
    ArgumentError
        If a label is already in use or a header is not in the draft.
    """
    clash = [*rows.index.intersection(draft.cells.index)]
    unknown = [*rows.columns.difference(draft.cells.columns)]
    if clash or unknown:
        raise ArgumentError("Rows cannot be put in", seen=shown([*clash, *unknown]))
    order = list(draft.cells.index)
    for label, place in zip(rows.index, before, strict=True):
        order.insert(len(order) if place is None else order.index(place), label)
    full = rows.reindex(columns=draft.cells.columns, fill_value="").fillna("").astype("str")
    cells = pd.concat([draft.cells, full]).loc[order]
    changed = replace(draft, cells=cells)
    return (
        flag_rows(changed, labels=rows.index, kind=kind, rule=rule, note=note) if kind else changed
    )


def pick(
    draft: RawDraft,
    *,
    rng: np.random.Generator,
    n: int,
    column: str = "",
    where: pd.Series | None = None,
) -> list[Any]:
    """Draw rows whose cell is not empty and carries no defect, in rows that carry none either.

    Parameters
    ----------
    draft : RawDraft
    rng : np.random.Generator
    n : int
        How many; fewer come back when fewer are free.
    column : str
        Column of the cells wanted; without one, rows that carry no defect at all.
    where : pd.Series of bool, optional
        Rows that may be drawn, by label.

    Returns
    -------
    list
        Labels in the order of the file.
    """
    taken = draft.planted
    if column:
        taken = taken[taken["column"].isin(["", column])]
    free = ~draft.cells.index.isin(taken["label"].tolist())
    if column:
        free &= (draft.cells[column] != "").to_numpy()
    if where is not None:
        free &= where.reindex(draft.cells.index, fill_value=False).to_numpy(dtype=bool)
    places = np.flatnonzero(free)
    drawn = np.sort(rng.choice(places, size=min(n, len(places)), replace=False))
    return [draft.cells.index[place] for place in drawn]


def located_defects(draft: RawDraft) -> pd.DataFrame:
    """Return the defects of one file with the row of the file that each stands in.

    Parameters
    ----------
    draft : RawDraft

    Returns
    -------
    pd.DataFrame
        The columns `file, row, column, kind, raw_value, true_value, rule, note`, in file order.
        Cells of a row that must be merged or set aside have no rule, because the ledger lists
        what became of the row; only what a later submission supersedes is listed there too.
    """
    places = pd.Series(np.arange(len(draft.cells)), index=draft.cells.index)
    found = draft.planted.copy()
    found["rule"] = _rules_of_ledger(found)
    found["row"] = places.reindex(found["label"].tolist()).to_numpy(dtype=int) + draft.first_row
    found["file"] = draft.source
    order = {name: place for place, name in enumerate(["", *draft.cells.columns])}
    found["_place"] = [order[name] for name in found["column"]]
    found = found.sort_values(["row", "_place"], ignore_index=True)
    return found[list(DEFECT_COLUMNS)].astype({"row": "int64"})


def _rules_of_ledger(planted: pd.DataFrame) -> pd.Series:
    of_row = (planted["column"] == "") & ~planted["rule"].isin(KEPT_ROW_RULES)
    unused = planted["label"].isin(planted.loc[of_row, "label"].tolist())
    silent = unused & (planted["column"] != "") & (planted["rule"] != "superseded")
    return planted["rule"].where(~silent, "")


def expected_after(
    table: pd.DataFrame, draft: RawDraft, *, columns: Mapping[str, str]
) -> pd.DataFrame:
    """Return a true table without the values that the planted defects destroy.

    Parameters
    ----------
    table : pd.DataFrame
        True table, whose index labels are those of the draft.
    draft : RawDraft
    columns : mapping
        Header as received to column of the table.

    Returns
    -------
    pd.DataFrame
        A copy; a value is missing where cleaning cannot know it.
    """
    lost = draft.planted[draft.planted["rule"].isin(LOSSY_RULES)]
    expected = table.copy()
    for header, labels in lost.groupby("column")["label"]:
        if header in columns:
            known = [label for label in labels if label in expected.index]
            expected.loc[known, columns[str(header)]] = None
    return expected


def _recorded(
    draft: RawDraft, index: pd.Index, column: str, raw: np.ndarray, true: np.ndarray
) -> pd.DataFrame:
    here = draft.planted[draft.planted["column"] == column]
    twice = [label for label in index if label in set(here["label"])]
    if twice:
        raise ArgumentError(
            "A cell carries at most one defect", seen=shown(twice), file=draft.file, column=column
        )
    return pd.DataFrame(
        {
            "label": pd.Series(list(index), dtype="object"),
            "column": column,
            "raw_value": pd.Series(raw, dtype="object"),
            "true_value": pd.Series(true, dtype="object"),
        }
    )


def _with(draft: RawDraft, planted: pd.DataFrame, kind: str, rule: str, note: str) -> RawDraft:
    if planted.empty:
        return draft
    full = planted.assign(kind=kind, rule=rule, note=note)[list(PLANTED)].astype("object")
    return replace(draft, planted=pd.concat([draft.planted, full], ignore_index=True))
