"""Names and texts as R takes them."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["r_names", "r_text"]

RESERVED = {
    "if", "else", "repeat", "while", "function", "for", "next", "break", "TRUE", "FALSE", "NULL",
    "Inf", "NaN", "NA", "in", "c", "array", "n", "matrix_of", "column_of", "actors", "siena",
}  # fmt: skip


def r_names(names: Iterable[str]) -> list[str]:
    """Return a name that R can use for each, all different also without case.

    Examples
    --------
    >>> r_names(["advice", "Advice", "2nd choice", "if"])
    ['advice', 'Advice_2', 'x2nd_choice', 'if_']
    """
    taken: set[str] = set()
    found = []
    for name in names:
        plain = re.sub(r"\W", "_", name, flags=re.ASCII)
        plain = plain if re.match(r"[A-Za-z]", plain) else f"x{plain}"
        plain = f"{plain}_" if plain in RESERVED else plain
        one, again = plain, 2
        while one.lower() in taken:
            one, again = f"{plain}_{again}", again + 1
        taken.add(one.lower())
        found.append(one)
    return found


def r_text(text: str) -> str:
    r"""Return a text in R's double quotes.

    Examples
    --------
    >>> print(r_text('the "new" one'))
    "the \"new\" one"
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
