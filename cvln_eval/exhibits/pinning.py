"""Hold the numbers that prose states to the data."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from cvln_eval.errors import ArgumentError

__all__ = ["Pinned", "pin"]


class Pinned(str):
    """A number as prose writes it; it shows without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def pin(seen: float, written: float | str) -> Pinned:
    """Return the number that the prose gives, or stop when the data no longer give it.

    Parameters
    ----------
    seen : float
        The number in the data.
    written : float or str
        The number as the prose has it; the data's is rounded to as many decimals. Text keeps
        trailing zeros, as in "0.50"; a percentage such as "26%" is read as a share.

    Returns
    -------
    Pinned
        The number as written.

    Raises
    ------
    ArgumentError
        If the two differ, or one of them is no number.

    Examples
    --------
    >>> pin(2 / 3, 0.67), pin(0.256, "26%")
    (0.67, 26%)
    """
    text = str(written).replace(",", "")
    scale = 100 if text.endswith("%") else 1
    stated = _number(text.rstrip("%"), written)
    decimals = -int(stated.as_tuple().exponent)
    rounded = f"{scale * float(_number(str(seen), seen)):.{max(decimals, 0)}f}"
    if Decimal(rounded) != stated:
        raise ArgumentError(
            "The prose and the data disagree",
            expected=f"{written}, as the prose says",
            seen=f"{seen} in the data",
            todo="read the exhibit again and correct the prose and this cell",
        )
    return Pinned(written)


def _number(text: str, given: object) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ArgumentError(
            "What is pinned is no number",
            expected='a number, or text such as "0.50" or "26%"',
            seen=repr(given),
        ) from None
