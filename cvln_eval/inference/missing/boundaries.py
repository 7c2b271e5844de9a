"""The boundaries of low attrition of the What Works Clearinghouse."""

from __future__ import annotations

import math
from functools import cache
from importlib.resources import files

import pandas as pd

__all__ = ["BOUNDARIES", "highest_differential", "judged"]

BOUNDARIES = ("cautious", "optimistic")
# A rate such as 0.29 is 28.999999999999996 percent.
ROUNDING = 1e-9


def highest_differential(overall: float, boundary: str) -> float:
    """Return the greatest differential attrition that is low at an overall one, both as shares.

    Between two whole percentages the stricter one holds. nan where any differential is high.

    Examples
    --------
    >>> highest_differential(0.10, "cautious"), highest_differential(0.10, "optimistic")
    (0.063, 0.109)
    """
    known, percent = _published()[boundary], 100 * overall
    if not percent <= known.index[-1]:
        return math.nan
    between = [math.floor(percent + ROUNDING), math.ceil(percent - ROUNDING)]
    return round(float(known[between].min(skipna=False)) / 100, 3)


@cache
def _published() -> pd.DataFrame:
    """Return the table of the handbook, in percent and percentage points."""
    with files("cvln_eval.inference.missing").joinpath("wwc_attrition.csv").open() as text:
        return pd.read_csv(text, index_col="overall")


def judged(overall: float, differential: float, reason: str) -> pd.DataFrame:
    """Return one row a boundary: whether attrition is low or high, or why that cannot be said."""
    rows = []
    for boundary in BOUNDARIES:
        highest = math.nan if reason else highest_differential(overall, boundary)
        low = differential <= highest + ROUNDING
        rows.append(
            {
                "boundary": boundary,
                "attrition_rate": overall,
                "differential_attrition": differential,
                "differential_highest": highest,
                "verdict": "" if reason else "low" if low else "high",
                "reason": reason,
            }
        )
    return pd.DataFrame(rows)
