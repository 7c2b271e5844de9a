"""Dates as people write them, to dates."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cvln_eval.errors import CleanError, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["day_order", "parse_date"]

ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?$")
SLASHED = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
# The seconds' fraction and the time zone after a time; the clock is read as it was written.
AFTER_TIME = re.compile(
    r"(.*?\d:\d{2}(?::\d{2})?)(\.\d+)?(\s*[ap]m)?\s*((?:z|gmt|utc|[a-z]{1,3}t)?\s*(?:[+-][\d:]{1,5})?)$",
    re.IGNORECASE,
)
SERIAL = re.compile(r"\d{4,5}(?:\.\d+)?$")
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
WRITTEN = ("%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%Y/%m/%d")
# Excel counts 1900 as a leap year, so that its day 1 is 1899-12-31 and days after February 1900
# are counted from 1899-12-30.
EXCEL_EPOCH = datetime(1899, 12, 30)
EXCEL_SERIALS = (20_000, 60_000)
# A year outside these is a typing error, such as 0209 for 2009.
YEARS = (1900, 2199)


def parse_date(text: str, *, order: str) -> tuple[datetime | None, str]:
    """Return a written date with the ledger's rule for how it was written.

    Parameters
    ----------
    text : str
        The cell, outer blanks removed. Two-digit years are read as 1969 to 2068; a time zone is
        left out, so that times are those of the clock where they were written.
    order : {"mdy", "dmy"}
        Which of two numbers is the month.

    Returns
    -------
    datetime or None, str
        The date, and "" (already year-month-day), `date_format`, `excel_serial_date` or, with
        None, `not_a_date`.

    Examples
    --------
    >>> parse_date("3/14/09", order="mdy")
    (datetime.datetime(2009, 3, 14, 0, 0), 'date_format')
    >>> parse_date("39886", order="mdy")
    (datetime.datetime(2009, 3, 14, 0, 0), 'excel_serial_date')
    >>> parse_date("last spring", order="mdy")
    (None, 'not_a_date')
    """
    try:
        when, rule = _parsed(text, order)
    except ValueError:
        return None, "not_a_date"
    return (when, rule) if YEARS[0] <= when.year <= YEARS[1] else (None, "not_a_date")


def _parsed(text: str, order: str) -> tuple[datetime, str]:
    if ISO.match(text):
        return datetime.fromisoformat(text), ""
    if SERIAL.match(text) and EXCEL_SERIALS[0] <= float(text) <= EXCEL_SERIALS[1]:
        seconds = round(float(text) % 1 * 86_400)
        days = timedelta(days=int(float(text)), seconds=seconds)
        return EXCEL_EPOCH + days, "excel_serial_date"
    zoned = AFTER_TIME.match(text)
    if zoned:
        text = zoned[1] + (zoned[3] or "")
    return datetime.fromisoformat(text) if ISO.match(text) else _written(text, order), "date_format"


def _written(text: str, order: str) -> datetime:
    slashed = SLASHED.match(text)
    formats: tuple[str, ...] = WRITTEN
    if slashed:
        year = "%Y" if len(slashed[4]) == 4 else "%y"
        formats = ("/".join((*(f"%{part}" for part in order[:2]), year)),)
        text = f"{slashed[1]}/{slashed[3]}/{slashed[4]}{text[slashed.end() :]}"
    else:
        text = text.replace(",", " ")
    text = " ".join((text.replace("T", " ") if slashed else text).split())
    for written in formats:
        for time in TIMES:
            try:
                return datetime.strptime(text, written + time)
            except ValueError:
                continue
    raise ValueError(text)


def day_order(texts: Iterable[str], *, stated: str | None, file: str, column: str) -> str:
    """Return "mdy" or "dmy" for a column: as the study says, or as its dates themselves show.

    Raises
    ------
    CleanError
        If nothing is stated and the dates either contradict each other or all read both ways.
    """
    if stated:
        return stated
    slashed = {text: SLASHED.match(text) for text in texts}
    pairs = {text: (int(found[1]), int(found[3])) for text, found in slashed.items() if found}
    # Two numbers of which none can be a month are no date and say nothing of the others.
    day_first = [text for text, (first, second) in pairs.items() if 12 < first < 32 and second < 13]
    month_first = [
        text for text, (first, second) in pairs.items() if first < 13 and 12 < second < 32
    ]
    both_ways = [
        text
        for text, (first, second) in pairs.items()
        if first != second and max(first, second) < 13
    ]
    undecided = not day_first and not month_first and both_ways
    if (day_first and month_first) or undecided:
        raise CleanError(
            "Dates of a column cannot be told apart: day first or month first",
            seen=shown([*day_first[:2], *month_first[:2]] if not undecided else both_ways),
            file=file,
            column=column,
            todo='add dates = "mdy" or dates = "dmy" to this [[raw]] entry in study.toml',
        )
    return "dmy" if day_first else "mdy"
