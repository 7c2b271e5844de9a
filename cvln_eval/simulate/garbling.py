"""The ways in which people write the same thing differently: names, dates, numbers, labels."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date

import numpy as np

from cvln_eval.errors import ArgumentError

__all__ = [
    "always",
    "dated",
    "excel_serial",
    "last_first",
    "last_letter_twice",
    "other_case",
    "padded",
    "plain_letters",
    "thousands",
    "titled",
    "typo",
]

EXCEL_DAY_ZERO = date(1899, 12, 30)
DATE_STYLES = {
    "mdy": "{d.month}/{d.day}/{d.year}",
    "dmy": "{d.day}/{d.month}/{d.year}",
    "dmy_dots": "{d.day:02d}.{d.month:02d}.{d.year}",
    "long": "{month} {d.day}, {d.year}",
    "short": "{d.day}-{month:.3}-{d.year}",
}
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def always(written: str) -> Callable[[str], str]:
    """Return a change that writes one text whatever the cell said.

    Examples
    --------
    >>> always("N/A")("3")
    'N/A'
    """

    def change(text: str) -> str:
        return written

    return change


def last_first(name: str) -> str:
    """Return "First Last" as "Last, First".

    Examples
    --------
    >>> last_first("José Ibáñez")
    'Ibáñez, José'
    """
    first, _, last = name.partition(" ")
    return f"{last}, {first}" if last else name


def plain_letters(name: str) -> str:
    """Return a name without its accents.

    Examples
    --------
    >>> plain_letters("José Ibáñez")
    'Jose Ibanez'
    """
    apart = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def titled(name: str, *, title: str = "Dr.") -> str:
    """Return a name with a title before it."""
    return f"{title} {name}"


def typo(name: str, *, rng: np.random.Generator) -> str:
    """Return a name with two neighbouring inner letters of its last word exchanged or one doubled.

    Parameters
    ----------
    name : str
        A name whose last word has at least five letters; shorter ones get a doubled letter.
    rng : np.random.Generator

    Returns
    -------
    str
        Always another text, even after accents, case and punctuation are dropped.
    """
    first, _, last = name.rpartition(" ")
    places = [i for i in range(1, len(last) - 2) if _differ(last[i], last[i + 1])]
    if len(last) >= 5 and places:
        at = int(rng.choice(places))
        new = last[:at] + last[at + 1] + last[at] + last[at + 2 :]
    else:
        new = last[:2] + last[1:]
    return f"{first} {new}".strip()


def last_letter_twice(name: str) -> str:
    """Return a name whose last letter is doubled, an error that `typo` never makes.

    Examples
    --------
    >>> last_letter_twice("Thao Vang")
    'Thao Vangg'
    """
    return name + name[-1]


def _differ(one: str, other: str) -> bool:
    both = one.isalpha() and other.isalpha() and one.islower() and other.islower()
    return both and plain_letters(one) != plain_letters(other)


def padded(text: str, *, rng: np.random.Generator) -> str:
    """Return a text with a blank before it, after it, or both."""
    return (f" {text}", f"{text} ", f" {text} ")[int(rng.integers(3))]


def other_case(text: str, *, rng: np.random.Generator) -> str:
    """Return a text in capitals or in small letters, whichever is another text."""
    upper, lower = text.upper(), text.lower()
    return upper if lower == text or (upper != text and rng.random() < 0.5) else lower


def dated(day: date, *, style: str) -> str:
    """Return a day as people write it.

    Parameters
    ----------
    day : date
    style : str
        `mdy`, `dmy`, `dmy_dots`, `long` or `short`.

    Returns
    -------
    str

    Raises
    ------
    ArgumentError
        If the style is none of these.

    Examples
    --------
    >>> [dated(date(2009, 3, 4), style=style) for style in ("mdy", "long", "short")]
    ['3/4/2009', 'March 4, 2009', '4-Mar-2009']
    """
    if style not in DATE_STYLES:
        raise ArgumentError("Unknown style of a date", expected=", ".join(DATE_STYLES), seen=style)
    return DATE_STYLES[style].format(d=day, month=MONTHS[day.month - 1])


def excel_serial(day: date) -> str:
    """Return a day as Excel's count of days.

    Examples
    --------
    >>> excel_serial(date(2008, 9, 1))
    '39692'
    """
    return str((day - EXCEL_DAY_ZERO).days)


def thousands(number: int) -> str:
    """Return a whole number with commas.

    Examples
    --------
    >>> thousands(1250)
    '1,250'
    """
    return f"{number:,}"
