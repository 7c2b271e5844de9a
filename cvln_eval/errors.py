"""One family of errors and warnings, all speaking in the same four parts.

Every message says what was expected, what was seen, where, and what to do, because the reader is a
person with a spreadsheet open and not a programmer with a debugger.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = [
    "ArgumentError",
    "CleanError",
    "CvlnError",
    "CvlnWarning",
    "FetchError",
    "LedgerError",
    "NotebookError",
    "ReadError",
    "SchemaError",
    "StudyError",
    "shown",
]

SHOWN_VALUES = 5


def shown(values: Iterable[object]) -> str:
    """Return up to five values as text, with a count of those left out."""
    listed = list(dict.fromkeys(values))
    text = ", ".join(repr(value) for value in listed[:SHOWN_VALUES])
    left_out = len(listed) - SHOWN_VALUES
    return f"{text} and {left_out} more" if left_out > 0 else text


class CvlnError(Exception):
    """Any failure this package reports on purpose.

    Parameters
    ----------
    what : str
        What went wrong, as one clause.
    expected, seen : str, optional
        What was expected, and what was seen (up to five values, see `shown`).
    file, column : str, optional
        Where it was seen.
    row : int, optional
        Row of the file, counted as a spreadsheet counts: the first line is row 1.
    todo : str, optional
        What the reader can do about it.
    """

    def __init__(
        self,
        what: str,
        *,
        expected: str | None = None,
        seen: str | None = None,
        file: str | None = None,
        row: int | None = None,
        column: str | None = None,
        todo: str | None = None,
    ) -> None:
        self.what, self.expected, self.seen = what, expected, seen
        self.file, self.row, self.column, self.todo = file, row, column, todo
        super().__init__(self._message())

    def _message(self) -> str:
        where = ", ".join(
            f"{name} {value}"
            for name, value in (("file", self.file), ("row", self.row), ("column", self.column))
            if value is not None
        )
        parts = [
            self.what.rstrip("."),
            f"Where: {where}" if where else "",
            f"Expected: {self.expected}" if self.expected else "",
            f"Seen: {self.seen}" if self.seen else "",
            f"What to do: {self.todo}" if self.todo else "",
        ]
        return "\n".join(part for part in parts if part)


class StudyError(CvlnError):
    """The definition of a study, `study.toml` or its codebook, cannot be used as it stands."""


class ReadError(CvlnError):
    """A raw file cannot be read as what the study says it is."""


class CleanError(CvlnError):
    """Raw rows cannot be brought into the study's tables."""


class LedgerError(CvlnError):
    """A row or a cell was not accounted for; this is a defect of the package, never of the data."""


class SchemaError(CvlnError):
    """A tidy table breaks its schema or a key between tables."""


class FetchError(CvlnError):
    """Published data could not be fetched, or are not the bytes the study names."""


class NotebookError(CvlnError):
    """A notebook stopped on the way to the report."""


class ArgumentError(CvlnError, ValueError):
    """An argument of a function is not one that it can take."""


class CvlnWarning(UserWarning):
    """Base of the warnings this package gives; each event has a class of its own."""
