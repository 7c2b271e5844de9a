"""What every result can do: one row a quantity, one row in all, one sentence."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Result", "count", "level_in_words", "number", "p_in_words", "proportion", "signed"]

# Sums of scores that are nought come out as no more than this.
ROUNDED = 1e-12


class Result:
    """Base of the frozen, slotted dataclasses that analysis functions return.

    A subclass gives `tidy` (one row a quantity), `glance` (one row in all) and `sentence` (the
    sentence an author would paste). The printed forms carry no clock, id or path, so that a
    notebook that shows one can be compared with its rerun.
    """

    __slots__ = ()

    def tidy(self) -> pd.DataFrame:
        """Return one row a quantity."""
        raise NotImplementedError

    def glance(self) -> pd.DataFrame:
        """Return one row for the whole result."""
        raise NotImplementedError

    def sentence(self) -> str:
        """Return the sentence an author would paste into a report."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}\n{self.sentence()}\n\n{self.tidy().to_string(index=False)}"

    def _repr_html_(self) -> str:
        from html import escape

        table = self.tidy().to_html(index=False, border=0)
        return f"<p>{escape(self.sentence())}</p>{table}"


def number(value: float, digits: int = 2) -> str:
    """Return a number as APA prints it, or "not available" for nan; nought has no sign.

    What would round to nought and is none keeps two digits that count, so that in small units an
    effect is not printed as none. Below 1e-12 it is taken for nought that sums have rounded.

    Examples
    --------
    >>> number(3.14159)
    '3.14'
    >>> number(float("nan"))
    'not available'
    >>> number(-0.001), number(0.00492), number(1e-7), number(-1e-17)
    ('-0.0010', '0.0049', '1.0e-07', '0.00')
    """
    if math.isnan(value):
        return "not available"
    if ROUNDED < abs(value) < 0.5 * 10.0**-digits:
        return f"{value:#.2g}"
    return f"{value:z.{digits}f}"


def p_in_words(p_value: float) -> str:
    """Return a p value as APA prints it: no zero before the point, and never nought.

    A half is rounded up, so that a p that signs of few clusters can give does not print too small.

    Examples
    --------
    >>> p_in_words(0.0314), p_in_words(1e-9), p_in_words(1.0), p_in_words(float("nan"))
    ('p = .031', 'p < .001', 'p = 1.000', 'p not available')
    >>> p_in_words(1 / 16)
    'p = .063'
    """
    if math.isnan(p_value):
        return "p not available"
    if p_value < 0.001:
        return "p < .001"
    rounded = Decimal(repr(float(p_value))).quantize(Decimal("0.001"), ROUND_HALF_UP)
    return f"p = {rounded}".replace("= 0.", "= .")


def proportion(value: float, digits: int = 0) -> str:
    """Return a share between 0 and 1 as a percentage.

    Examples
    --------
    >>> proportion(0.256)
    '26%'
    """
    return "not available" if math.isnan(value) else f"{100 * value:z.{digits}f}%"


def level_in_words(conf_level: float) -> str:
    """Return the level of an interval as a percentage, none of its digits lost.

    Examples
    --------
    >>> level_in_words(0.95), level_in_words(0.999), level_in_words(1 - 0.1)
    ('95%', '99.9%', '90%')
    """
    return f"{100 * conf_level:.6g}%"


def count(value: int, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun in the right number.

    Examples
    --------
    >>> count(1, "leader"), count(41, "leader"), count(0, "person", "people")
    ('1 leader', '41 leaders', '0 people')
    """
    return f"{value:,} {noun if value == 1 else plural or noun + 's'}"


def signed(value: int) -> str:
    """Return a change with its sign, a true minus, and no sign where nothing changed.

    Examples
    --------
    >>> signed(4), signed(-4), signed(0)
    ('+4', '−4', '0')
    """
    return f"{value:+d}".replace("-", "−") if value else "0"
