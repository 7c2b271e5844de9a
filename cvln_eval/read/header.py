"""Which row is the header, and what its columns are called."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["column_letter", "find_header", "header_key", "header_names", "without_empty_tail"]

ROWS_SEARCHED = 20
NOT_COMPARED = str.maketrans("", "", "-._")


def header_key(name: str) -> str:
    """Return a header as headers are compared: no case, blanks, hyphens, points, underscores.

    Parameters
    ----------
    name : str
        A header as received.

    Returns
    -------
    str
        What two headers that mean the same column share.

    Examples
    --------
    >>> header_key(" Person-ID ") == header_key("person_id")
    True
    """
    return "".join(name.lstrip("\ufeff").split()).translate(NOT_COMPARED).casefold()


def find_header(records: Iterable[Sequence[str]], expected: Collection[str]) -> tuple[int, int]:
    """Return the index of the header row and how many expected names it holds.

    The first of the rows that hold most names; where no row holds any, the first that is not blank.
    """
    wanted = {header_key(name) for name in expected}
    first, best, most = -1, -1, 0
    for i, record in enumerate(records):
        if i == ROWS_SEARCHED and first >= 0:
            break
        if first < 0 and any(record):
            first = i
        held = len(wanted.intersection(map(header_key, record))) if i < ROWS_SEARCHED else 0
        if held > most:
            best, most = i, held
    return (best if most else max(first, 0)), most


def header_names(header: Sequence[str]) -> list[str]:
    """Return one name a column: as received, unique, and by its letter where the header is empty.

    Examples
    --------
    >>> header_names(["id", "id", ""])
    ['id', 'id (2)', 'column C']
    """
    taken: set[str] = set(header)
    names: list[str] = []
    for i, cell in enumerate(header):
        plain = cell or f"column {column_letter(i)}"
        name, again = plain, 2
        while name in names or (name != cell and name in taken):
            name, again = f"{plain} ({again})", again + 1
        names.append(name)
    return names


def column_letter(index: int) -> str:
    """Return the letter a spreadsheet shows for a column counted from 0.

    Examples
    --------
    >>> column_letter(0), column_letter(25), column_letter(26)
    ('A', 'Z', 'AA')
    """
    letters, left = "", index + 1
    while left:
        left, digit = divmod(left - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def without_empty_tail(header: Sequence[str], cells: NDArray[np.object_] | Any) -> int:
    """Return the count of columns left when those at the right without name and content go."""
    width = len(header)
    while width > 1 and not header[width - 1] and not any(cells[:, width - 1]):
        width -= 1
    return width
