"""One raw file before it is written: its cells as text, and what has been planted in it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cvln_eval.errors import ArgumentError

__all__ = ["PLANTED", "RawDraft", "draft_of"]

PLANTED = ("label", "column", "kind", "raw_value", "true_value", "rule", "note")


@dataclass(frozen=True, slots=True, eq=False)
class RawDraft:
    """One raw file (or one sheet of a workbook) on its way to disk.

    Parameters
    ----------
    file : str
        Name under `data/raw/`; the ending decides the format (csv, xlsx).
    cells : pd.DataFrame
        Text cells, one column a header as received, in the order of the file; an empty text is an
        empty cell. The index labels rows and is unique; rows keep their label when others come in.
    planted : pd.DataFrame
        The defects so far, by row label.
    sheet : str, optional
        Sheet of a workbook, where study.toml names it.
    title : tuple of str
        Lines above the header.
    header : bool
        Whether the header is written.
    encoding, delimiter : str
        For csv.
    typed : tuple of str
        Columns whose numbers and ISO dates become typed cells in xlsx.
    """

    file: str
    cells: pd.DataFrame
    planted: pd.DataFrame
    sheet: str | None = None
    title: tuple[str, ...] = ()
    header: bool = True
    encoding: str = "utf-8"
    delimiter: str = ","
    typed: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """Name of the file as the ledger gives it."""
        return f"{self.file}#{self.sheet}" if self.sheet else self.file

    @property
    def first_row(self) -> int:
        """Row of the file, counted from 1, that holds the first row of cells."""
        return 1 + len(self.title) + int(self.header)


def draft_of(
    cells: pd.DataFrame,
    *,
    file: str,
    sheet: str | None = None,
    title: tuple[str, ...] = (),
    header: bool = True,
    encoding: str = "utf-8",
    delimiter: str = ",",
    typed: tuple[str, ...] = (),
) -> RawDraft:
    """Return the draft of a raw file without any defect.

    Parameters
    ----------
    cells : pd.DataFrame
        Cells under the headers as received; numbers become text, missing values empty cells.
    file, sheet, title, header, encoding, delimiter, typed : as in `RawDraft`
        How the file is called and written.

    Returns
    -------
    RawDraft

    Raises
    ------
    ArgumentError
        If the labels of the rows or the headers are not unique.

    Examples
    --------
    >>> draft = draft_of(pd.DataFrame({"ID": ["p1"], "q1": [3]}), file="survey.csv")
    >>> draft.cells.loc[0, "q1"], draft.first_row
    ('3', 2)
    """
    for what, index in (("row labels", cells.index), ("headers", cells.columns)):
        if not index.is_unique:
            raise ArgumentError(f"The {what} of a draft must be unique", file=file)
    text = cells.astype("str").where(cells.notna(), "").astype("str")
    planted = pd.DataFrame({name: pd.Series(dtype="object") for name in PLANTED})
    return RawDraft(
        file, text, planted, sheet, tuple(title), header, encoding, delimiter, tuple(typed)
    )
