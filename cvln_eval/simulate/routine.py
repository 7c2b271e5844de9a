"""Untidiness by the column: labels for codes, written names for ids, dates as people write them.

These verbs change every cell of a column that carries no defect yet, or a few of them, through
`planting`, so that each change stands in the list of defects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cvln_eval.simulate.garbling import dated, excel_serial
from cvln_eval.simulate.planting import RawDraft, flag_rows, insert_rows, pick, rewrite

__all__ = [
    "blank_rows",
    "copy_rows",
    "free_cells",
    "plant_some",
    "redate",
    "relabel",
    "repeat_header",
    "serial_dates",
    "text_cells",
    "write_names",
]


def text_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a tidy table as text: whole numbers without a point, days and moments as ISO text.

    Parameters
    ----------
    frame : pd.DataFrame

    Returns
    -------
    pd.DataFrame
        The same labels; missing values are empty texts.

    Examples
    --------
    >>> text_cells(pd.DataFrame({"x": [1.0, 2.5, None]}))["x"].tolist()
    ['1', '2.5', '']
    """
    return pd.DataFrame(
        {name: [_text(value) for value in frame[name]] for name in frame},
        index=frame.index,
        dtype="str",
    )


def _text(value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d" if value == value.normalize() else "%Y-%m-%d %H:%M")
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        return f"{float(value):.12g}"
    return str(value)


def free_cells(draft: RawDraft, column: str) -> pd.Series:
    """Return the cells of a column that are not empty and carry no defect, by row label."""
    planted = draft.planted
    taken = planted.loc[planted["column"] == column, "label"].tolist()
    no_record = planted["rule"].isin(("blank_row", "repeated_header"))
    cells = draft.cells[column]
    out = cells.index.isin([*taken, *planted.loc[no_record, "label"]])
    return cells[~out & (cells != "").to_numpy()]


def relabel(
    draft: RawDraft,
    column: str,
    labels: Mapping[str, str | tuple[str, ...]],
    *,
    rng: np.random.Generator | None = None,
    kind: str = "label",
    rule: str = "label_to_value",
) -> RawDraft:
    """Write a label for each code of a column; of several labels one is drawn for each cell."""
    raw = {}
    for label, code in free_cells(draft, column).items():
        written = labels.get(code, code)
        if isinstance(written, tuple):
            place = 0 if rng is None else int(rng.integers(len(written)))
            written = written[place]
        raw[label] = written
    return _rewritten(draft, column, raw, kind, rule)


def write_names(
    draft: RawDraft,
    column: str,
    names: Mapping[str, str],
    *,
    except_ids: Iterable[str] = (),
) -> RawDraft:
    """Write names for the ids of a column, except where two people bear the name."""
    kept = set(except_ids)
    cells = free_cells(draft, column)
    raw = {label: names[one] for label, one in cells.items() if one in names and one not in kept}
    return _rewritten(draft, column, raw, "written_name", "linked_by_name")


def redate(
    draft: RawDraft, column: str, styles: tuple[str, ...], *, rng: np.random.Generator
) -> RawDraft:
    """Write the days (and moments) of a column in one of several styles, drawn for each cell."""
    raw = {}
    for label, text in free_cells(draft, column).items():
        day, _, clock = text.partition(" ")
        style = styles[int(rng.integers(len(styles)))]
        if style != "iso":
            raw[label] = f"{dated(pd.Timestamp(day).date(), style=style)} {clock}".strip()
    return _rewritten_dates(draft, column, raw, "date_format")


def serial_dates(draft: RawDraft, column: str, *, rng: np.random.Generator, n: int) -> RawDraft:
    """Write a few days or moments of a column as Excel's count of days."""

    def change(text: str) -> str:
        moment = pd.Timestamp(text)
        minutes = moment.hour * 60 + moment.minute
        day = excel_serial(moment.date())
        return day if not minutes else f"{int(day) + round(minutes / 1440, 6):.12g}"

    cells = draft.cells[column]
    raw = {label: change(cells[label]) for label in pick(draft, rng=rng, n=n, column=column)}
    return _rewritten_dates(draft, column, raw, "excel_serial_date")


def _rewritten_dates(draft: RawDraft, column: str, raw: Mapping[Any, str], rule: str) -> RawDraft:
    """Record the true moment with its seconds, as clean tables write it."""
    if not raw:
        return draft
    old = draft.cells.loc[list(raw), column]
    true = {label: f"{text}:00" if " " in text else text for label, text in old.items()}
    return rewrite(draft, column=column, raw=raw, kind=rule, rule=rule, true=true)


def plant_some(
    draft: RawDraft,
    column: str,
    change: Callable[[str], str],
    *,
    rng: np.random.Generator,
    n: int,
    kind: str,
    rule: str,
    where: pd.Series | None = None,
    note: str = "",
) -> RawDraft:
    """Change a few cells of a column, drawn among those that carry no defect."""
    cells = draft.cells[column]
    raw = {
        label: change(cells[label])
        for label in pick(draft, rng=rng, n=n, column=column, where=where)
    }
    return _rewritten(draft, column, raw, kind, rule, note)


def _rewritten(
    draft: RawDraft, column: str, raw: Mapping[Any, str], kind: str, rule: str, note: str = ""
) -> RawDraft:
    if not raw:
        return draft
    return rewrite(draft, column=column, raw=raw, kind=kind, rule=rule, note=note)


def copy_rows(
    draft: RawDraft,
    labels: Iterable[Any],
    *,
    before: Iterable[Any],
    kind: str = "duplicate_row",
    rule: str = "exact_duplicate",
    suffix: str = "again",
) -> RawDraft:
    """Put copies of rows into the file, with the defects that their cells carry."""
    originals = list(labels)
    copies = [f"{label}/{suffix}" for label in originals]
    rows = draft.cells.loc[originals].set_axis(copies, axis=0)
    new_label = dict(zip(originals, copies, strict=True))
    carried = draft.planted[draft.planted["label"].isin(originals)]
    carried = carried[carried["column"] != ""]
    carried = carried.assign(label=[new_label[label] for label in carried["label"]])
    changed = insert_rows(draft, rows, before=before)
    planted = pd.concat([changed.planted, carried.astype("object")], ignore_index=True)
    return flag_rows(replace(changed, planted=planted), labels=copies, kind=kind, rule=rule)


def blank_rows(draft: RawDraft, *, rng: np.random.Generator, n: int) -> RawDraft:
    """Put rows without any content into the file, before rows drawn from it."""
    places = sorted(rng.choice(np.arange(1, len(draft.cells)), size=n, replace=False))
    before = [draft.cells.index[place] for place in places]
    rows = pd.DataFrame(index=[f"blank/{place}" for place in range(n)])
    return insert_rows(draft, rows, before=before, kind="blank_row", rule="blank_row")


def repeat_header(draft: RawDraft, *, rng: np.random.Generator) -> RawDraft:
    """Repeat the header inside the file, as pasted exports do."""
    place = int(rng.integers(1, len(draft.cells)))
    row = pd.DataFrame([list(draft.cells.columns)], ["header/again"], draft.cells.columns)
    before = [draft.cells.index[place]]
    return insert_rows(draft, row, before=before, kind="repeated_header", rule="repeated_header")
