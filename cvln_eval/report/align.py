"""Columns of numbers to the right, in the plain HTML tables that notebooks show."""

from __future__ import annotations

import re

__all__ = ["numbers_to_the_right"]

TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
ROW = re.compile(r"<tr.*?</tr>", re.DOTALL)
CELL = re.compile(r"<(t[dh])>(.*?)</t[dh]>", re.DOTALL)
NUMBER = re.compile(r"[-+\u2212]?[\d,]*\.?\d+(e[-+]?\d+)?\s*%?", re.IGNORECASE)
NOTHING = ("", "-", "\u2013", "\u2014", "NaN", "<NA>", "&lt;NA&gt;", "nan")


def numbers_to_the_right(html: str) -> str:
    """Return HTML in which cells of a column that holds nothing but numbers have the class number.

    Examples
    --------
    >>> numbers_to_the_right("<table><tr><th>n</th></tr><tr><td>12</td></tr></table>")
    '<table><tr><th class="number">n</th></tr><tr><td class="number">12</td></tr></table>'

    A table whose rows differ in length is left as it is.
    """
    return TABLE.sub(lambda found: _aligned(found.group()), html)


def _aligned(table: str) -> str:
    rows = [CELL.findall(row) for row in ROW.findall(table)]
    if not rows or len({len(row) for row in rows}) > 1 or "span=" in table:
        return table
    numeric = [_numeric(column) for column in zip(*rows, strict=True)]
    return ROW.sub(lambda found: _marked(found.group(), numeric), table)


def _numeric(column: tuple[tuple[str, str], ...]) -> bool:
    """Return whether all cells that hold anything hold a number; headings do not count."""
    texts = [text.strip() for kind, text in column if kind == "td"]
    held = [text for text in texts if text not in NOTHING]
    return bool(held) and all(NUMBER.fullmatch(text) for text in held)


def _marked(row: str, numeric: list[bool]) -> str:
    places = iter(numeric)
    return CELL.sub(
        lambda cell: (
            f'<{cell[1]} class="number">{cell[2]}</{cell[1]}>' if next(places) else cell[0]
        ),
        row,
    )
