"""A short hash of the data an exhibit draws, so that a changed figure shows in text."""

from __future__ import annotations

import hashlib
import math
from datetime import date

import pandas as pd

__all__ = ["canonical_csv", "data_digest"]

DIGITS = 6
LENGTH = 12


def data_digest(data: pd.DataFrame) -> str:
    """Return the first 12 hex digits of the SHA-256 of the data's canonical text.

    Numbers count to 6 significant digits, so that the last bits, which differ between machines,
    do not change it; the type a number is stored in does not matter. The index is not data.

    Parameters
    ----------
    data : DataFrame

    Returns
    -------
    str

    Examples
    --------
    >>> import pandas as pd
    >>> data_digest(pd.DataFrame({"n": [3]})) == data_digest(pd.DataFrame({"n": [3.0]}))
    True
    """
    return hashlib.sha256(canonical_csv(data).encode("utf-8")).hexdigest()[:LENGTH]


def canonical_csv(data: pd.DataFrame) -> str:
    r"""Return data as text that depends on nothing but its columns and values.

    Examples
    --------
    >>> import pandas as pd
    >>> canonical_csv(pd.DataFrame({"share": [1 / 3, None]}))
    'share\n0.333333\n\n'
    """
    lines = [[str(name) for name in data.columns]]
    columns = [[_text(value) for value in data[name].tolist()] for name in data.columns]
    lines += [list(row) for row in zip(*columns, strict=True)]
    return "".join(",".join(_quoted(cell) for cell in line) + "\n" for line in lines)


def _text(value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, float):
        return "" if math.isnan(value) else _number(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _number(value: float) -> str:
    """Return a float to 6 digits; a whole one as an integer, and minus zero as zero."""
    rounded = float(f"{value:.{DIGITS}g}")
    if math.isinf(rounded):
        return str(rounded)
    return str(int(rounded)) if rounded == int(rounded) else f"{rounded:.{DIGITS}g}"


def _quoted(cell: str) -> str:
    quote = any(character in cell for character in ',"\n\r')
    return '"' + cell.replace('"', '""') + '"' if quote else cell
