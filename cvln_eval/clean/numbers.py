"""Numbers as people write them, to numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cvln_eval.errors import CleanError, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["PLAIN", "decimal_mark", "parse_number"]

PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$")
WITH_UNIT = re.compile(r"([+-]?[\d.,]+)\s*([a-z%.]+)$", re.IGNORECASE)
DECIMAL_COMMA = re.compile(r"[+-]?\d+,(?:\d{1,2}|\d{4,})$")
EITHER_COMMA = re.compile(r"[+-]?\d{1,3},\d{3}$")
GROUPED = {
    ".": re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$"),
    ",": re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$"),
}
SHORT_UNITS = {"hr": "hours", "hrs": "hours", "yr": "years", "yrs": "years"}
TIME_UNITS = ("seconds", "minutes", "hours", "days", "weeks", "months", "years")
MULTIPLES = ("k", "thousand", "m", "mio", "million")


def decimal_mark(texts: Iterable[str], *, stated: str | None, file: str, column: str) -> str:
    """Return "." or ",": as the study says, or as the numbers of a column themselves show.

    Raises
    ------
    CleanError
        If nothing is stated, some numbers have a decimal comma, and others, such as "1,500", could
        have one or could be thousands.
    """
    if stated:
        return stated
    plain = [found[1] if (found := WITH_UNIT.match(text)) else text for text in texts]
    decimal = [text for text in plain if DECIMAL_COMMA.match(text)]
    either = [text for text in plain if EITHER_COMMA.match(text)]
    if decimal and either:
        raise CleanError(
            "Numbers of a column cannot be read: a comma may be a decimal mark or mark thousands",
            seen=shown([*either[:3], *decimal[:2]]),
            file=file,
            column=column,
            todo='add decimal = "," or decimal = "." to this [[raw]] entry in study.toml',
        )
    return "," if decimal else "."


def parse_number(cell: str, *, unit: str, mark: str) -> tuple[float | None, str]:
    """Return a written number with the ledger's rule for how it was written.

    Parameters
    ----------
    cell : str
        The cell as received, not empty.
    unit : str
        Unit of the column, "" when it has none. A unit that is written and is another one makes
        the cell no number.
    mark : {".", ","}
        The decimal mark; the other of the two marks thousands.

    Returns
    -------
    float or None, str
        The number, and "" (plain), `trimmed`, `number_format` or, with None, `not_a_number`. A
        percentage in a column of shares is divided by 100.

    Examples
    --------
    >>> parse_number("1,250", unit="students", mark=".")
    (1250.0, 'number_format')
    >>> parse_number("12,75", unit="hours", mark=",")
    (12.75, 'number_format')
    >>> parse_number("45%", unit="share", mark=".")
    (0.45, 'number_format')
    >>> parse_number("2 hours", unit="minutes", mark=".")
    (None, 'not_a_number')
    """
    text = cell.strip()
    grouped = bool(GROUPED[mark].match(text))
    if PLAIN.match(text) and not grouped:
        return float(text), "" if text == cell else "trimmed"
    with_unit = WITH_UNIT.match(text)
    plain, written = (with_unit[1], with_unit[2].casefold()) if with_unit else (text, "")
    if written and not _is_unit(written, unit):
        return None, "not_a_number"
    if GROUPED[mark].match(plain):
        plain = plain.replace("," if mark == "." else ".", "")
    if mark == ",":
        plain = plain.replace(",", ".")
    if not PLAIN.match(plain):
        return None, "not_a_number"
    share = written == "%" and unit in ("", "share")
    return float(plain) / (100 if share else 1), "number_format"


def _is_unit(written: str, of_column: str) -> bool:
    """Return whether a written unit may be the column's: "2 hours" are no 2 minutes."""
    plain = SHORT_UNITS.get(written.rstrip("."), written.rstrip("."))
    if plain == "%":
        return of_column in ("", "share", "percent", "%")
    stem = plain.removesuffix("s") or plain
    others = [unit for unit in (*TIME_UNITS, *MULTIPLES) if unit.startswith(stem)]
    return of_column.casefold().startswith(stem) or not (others if of_column else stem in MULTIPLES)
