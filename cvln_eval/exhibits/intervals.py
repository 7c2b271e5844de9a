"""Intervals on an axis that not all of them fit on: one that goes on beyond it ends in an arrow."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cvln_eval.exhibits.rounding import MISSING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ARROW", "draw_interval", "goes_beyond", "limits_of", "set_limits", "with_bounds"]

ARROW = "Arrow: the interval goes on beyond the axis."
BOUNDS = ("conf_low", "conf_high")
WIDEST = 3.0  # times the half width in the middle, beyond which an interval ends in an arrow
PADDING = 0.04  # of the axis, between what is outermost and the frame
ROUNDING = 1e-9

Limits = tuple[float, float]
Row = Mapping[Any, Any]


def limits_of(
    rows: Iterable[Row], *, estimate: str = "estimate", null_value: float = 0.0
) -> Limits:
    """Return an axis that holds all estimates and the null value, and all but very long intervals.

    Examples
    --------
    >>> limits_of([{"estimate": 1.0, "conf_low": 0.5, "conf_high": float("inf")}])
    (0.0, 2.5)
    """
    listed = pd.DataFrame(list(rows), columns=[estimate, *BOUNDS], dtype=float)
    middles, lows, highs = (_finite(listed[name]) for name in listed)
    halves = _finite(
        pd.concat([listed[estimate] - listed["conf_low"], listed["conf_high"] - listed[estimate]])
    )
    points = np.append(middles, null_value)
    halves = halves[halves > 0]
    far = WIDEST * float(np.median(halves)) if halves.size else 0.0
    far = far or float(np.ptp(points)) or 1.0
    least, most = float(points.min()) - far, float(points.max()) + far
    low = min(points.min(), lows.min()) if lows.size else least
    high = max(points.max(), highs.max()) if highs.size else most
    return max(float(low), least), min(float(high), most)


def _finite(values: pd.Series) -> np.ndarray:
    found = values.to_numpy(dtype=float)
    return np.asarray(found[np.isfinite(found)])


def set_limits(axes: Axes, limits: Limits) -> None:
    """Give an axis its limits, and a little room beyond, where the arrows stand."""
    room = PADDING * (limits[1] - limits[0])
    axes.set_xlim(limits[0] - room, limits[1] + room)


def goes_beyond(row: Row, limits: Limits) -> tuple[bool, bool]:
    """Return whether an interval goes on below and above the axis."""
    slack = ROUNDING * (limits[1] - limits[0])
    return bool(row["conf_low"] < limits[0] - slack), bool(row["conf_high"] > limits[1] + slack)


def draw_interval(
    axes: Axes,
    at: float,
    row: Row,
    limits: Limits,
    *,
    estimate: str = "estimate",
    line: float = 1.3,
    **look: Any,
) -> None:
    """Draw an estimate with its interval at a height, cut with arrows where it leaves the axis.

    An interval that cannot be had is not drawn, and its estimate is.
    """
    low, high, colour = float(row["conf_low"]), float(row["conf_high"]), look["color"]
    if not (math.isnan(low) or math.isnan(high)):
        axes.hlines(at, max(low, limits[0]), min(high, limits[1]), color=colour, linewidth=line)
        for beyond, end, shape in zip(goes_beyond(row, limits), limits, "<>", strict=True):
            if beyond:
                axes.plot(end, at, marker=shape, color=colour, linestyle="", markersize=3.8)
    if math.isfinite(row[estimate]):
        axes.plot(row[estimate], at, linestyle="", zorder=4, **look)


def with_bounds(row: Row, *, estimate: str = "estimate", digits: int = 2) -> str:
    """Return an estimate and its interval as text, with true minus signs.

    Examples
    --------
    >>> with_bounds({"estimate": -0.204, "conf_low": float("-inf"), "conf_high": 0.5})
    '−0.20 [−∞, 0.50]'
    >>> with_bounds({"estimate": 0.2, "conf_low": float("nan"), "conf_high": float("nan")})
    '0.20 [–]'
    """
    if math.isnan(row[estimate]):
        return MISSING
    low, high = (_text(float(row[name]), digits) for name in BOUNDS)
    bounds = MISSING if MISSING in (low, high) else f"{low}, {high}"
    return f"{_text(float(row[estimate]), digits)} [{bounds}]"


def _text(value: float, digits: int) -> str:
    if math.isnan(value):
        return MISSING
    text = "∞" if math.isinf(value) else f"{abs(value):.{digits}f}"
    below = value < 0 and (math.isinf(value) or float(text) != 0)
    return f"−{text}" if below else text
