"""Small verbs for making one raw file untidy: extra rows, changed cells, ids and names as given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
import pandas as pd

from cvln_eval.simulate.garbling import dated, excel_serial
from cvln_eval.simulate.planting import RawDraft, insert_rows, pick, rewrite
from cvln_eval.simulate.writing import SIMULATED

__all__ = [
    "TITLE",
    "cell_of",
    "copy_rows",
    "filler_rows",
    "put_in",
    "spoil",
    "spoil_dates",
    "text_of",
]

TITLE = (SIMULATED,)
DATE_WAYS: Mapping[str, tuple[Callable[[date], str], str]] = {
    "date month first": (lambda day: dated(day, style="mdy"), "date_format"),
    "date in words": (lambda day: dated(day, style="long"), "date_format"),
    "date with short month": (lambda day: dated(day, style="short"), "date_format"),
    "date as Excel serial": (excel_serial, "excel_serial_date"),
}


def text_of(values: pd.Series) -> pd.Series:
    """Return numbers, days and texts as they stand in a tidy file; what is missing is empty."""
    text: pd.Series
    if pd.api.types.is_datetime64_any_dtype(values):
        text = values.dt.strftime("%Y-%m-%d")
    elif pd.api.types.is_float_dtype(values):
        text = values.map("{:g}".format)
    else:
        text = values.astype("str")
    return text.where(values.notna(), "").astype("str")


def cell_of(draft: RawDraft, label: object, column: str) -> str:
    """Return the text of one cell."""
    return str(draft.cells[column].loc[label])  # type: ignore[call-overload]


def spoil(
    draft: RawDraft,
    column: str,
    change: Callable[[str], str],
    *,
    n: int,
    kind: str,
    rule: str,
    rng: np.random.Generator,
    where: pd.Series | None = None,
) -> RawDraft:
    """Change some cells of a column that carry no defect yet, and record them."""
    labels = pick(draft, rng=rng, n=n, column=column, where=where) if n else []
    if not labels:
        return draft
    raw = {label: change(cell_of(draft, label, column)) for label in labels}
    return rewrite(draft, column=column, raw=raw, kind=kind, rule=rule)


def spoil_dates(draft: RawDraft, column: str, *, n: int, rng: np.random.Generator) -> RawDraft:
    """Write some days of a column in each of four other ways."""
    for kind, (way, rule) in DATE_WAYS.items():

        def change(cell: str, way: Callable[[date], str] = way) -> str:
            return way(date.fromisoformat(cell))

        draft = spoil(draft, column, change, n=n, kind=kind, rule=rule, rng=rng)
    return draft


def put_in(
    draft: RawDraft,
    rows: pd.DataFrame,
    *,
    after: list[object] | None = None,
    kind: str,
    rule: str,
    rng: np.random.Generator,
    note: str = "",
) -> RawDraft:
    """Put rows at random places, each after the row it must not precede, and record them."""
    order = list(draft.cells.index)
    first = [order.index(label) + 1 for label in after] if after else [1] * len(rows)
    places = [int(rng.integers(low, len(order) + 1)) for low in first]
    before = [order[place] if place < len(order) else None for place in places]
    return insert_rows(draft, rows, before=before, kind=kind, rule=rule, note=note)


def copy_rows(draft: RawDraft, labels: list[object], *, name: str, **changes: str) -> pd.DataFrame:
    """Return copies of rows under new labels, with some columns changed (keywords: `header=`)."""
    rows = draft.cells.loc[labels].copy()
    rows.index = pd.Index([f"{name} {k}" for k in range(len(labels))], dtype="object")
    for column, value in changes.items():
        rows[column] = value
    return rows


def filler_rows(draft: RawDraft, *, rng: np.random.Generator, repeat_header: bool) -> RawDraft:
    """Put a blank row in, and where asked the header once more."""
    blank = pd.DataFrame("", index=["blank"], columns=draft.cells.columns)
    draft = put_in(draft, blank, kind="blank row", rule="blank_row", rng=rng)
    if not repeat_header:
        return draft
    header = pd.DataFrame(
        [list(draft.cells.columns)], index=["header"], columns=draft.cells.columns
    )
    return put_in(draft, header, kind="header repeated", rule="repeated_header", rng=rng)
