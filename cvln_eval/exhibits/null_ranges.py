"""What was seen wave by wave before what permutations give: a bar a wave, and lines."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cvln_eval.exhibits.style import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["RANGE", "draw_ranges", "draw_seen", "range_patch", "set_wave_limits"]

HALF = 0.16  # of the way from wave to wave: half the width of a bar
FEWEST = 3
RANGE: dict[str, Any] = {"facecolor": "#D5D5D5", "edgecolor": "white", "linewidth": 0}
Rows = Sequence[Mapping[Any, Any]]


def range_patch(look: Mapping[str, Any] = RANGE) -> Any:
    """Return a bar for a legend."""
    from matplotlib.patches import Patch

    return Patch(**look)


def draw_seen(
    axes: Axes,
    rows: Rows,
    filled: Sequence[bool],
    *,
    off: float = 0.0,
    half: float = HALF,
    behind: Mapping[str, Any] = RANGE,
    **look: Any,
) -> None:
    """Draw estimates over waves; behind each the range of permutations with a tick at its mean.

    Parameters
    ----------
    axes : Axes
        Where to.
    rows : sequence of mapping
        `estimate`, `null_mean`, `null_low`, `null_high` of each wave; what is nan is not drawn,
        and the line is broken there.
    filled : sequence of bool
        Whether the mark of each wave is filled.
    off, half : float
        How far beside the wave, and how wide to each side the bar is.
    behind : mapping
        Look of the bar.
    look : object
        Colour, marker and line.
    """
    draw_ranges(axes, rows, off=off, half=half, behind=behind)
    places = [at + off for at in range(len(rows))]
    values = [row["estimate"] for row in rows]
    line = {name: each for name, each in look.items() if name not in ("marker", "markersize")}
    axes.plot(places, values, zorder=3, **line)
    for place, value, full in zip(places, values, filled, strict=True):
        mark = {**look, "linestyle": "", "markerfacecolor": look["color"] if full else "white"}
        axes.plot(place, value, zorder=4, clip_on=False, **mark)


def draw_ranges(
    axes: Axes,
    rows: Rows,
    *,
    off: float = 0.0,
    half: float = HALF,
    behind: Mapping[str, Any] = RANGE,
) -> None:
    """Draw `null_low` to `null_high` of each wave as a bar with a tick at `null_mean`."""
    from matplotlib.patches import Rectangle

    for at, row in enumerate(rows):
        if not math.isnan(row["null_low"]):
            corner, size = (at + off - half, row["null_low"]), row["null_high"] - row["null_low"]
            axes.add_patch(Rectangle(corner, 2 * half, size, zorder=1, **behind))
            ends = (at + off - half, at + off + half)
            axes.hlines(row["null_mean"], *ends, color=INK, linewidth=0.7, zorder=2)


def set_wave_limits(axes: Axes, waves: int) -> None:
    """Give the axis of waves room for three at least, so that a bar of one wave stays a bar."""
    middle, half = (waves - 1) / 2, max(waves, FEWEST) / 2
    axes.set_xlim(middle - half, middle + half)
