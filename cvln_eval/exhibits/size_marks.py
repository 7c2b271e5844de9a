"""How often a method rejects a true null hypothesis: its mark, and what it is held against."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cvln_eval.exhibits.rounding import MISSING
from cvln_eval.exhibits.style import INK
from cvln_eval.inference.panel.judged import LIBERAL
from cvln_eval.results import level_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PALE", "draw_size", "in_percent", "size_axis", "size_words"]

PALE = "#767676"  # lighter than ink, and still legible
BAND: dict[str, Any] = {"color": "#E3E3E3", "linewidth": 0, "zorder": 0}
ERRORS = 1.96  # simulation errors on each side
LEAST = 0.12  # where the axis of sizes ends at the least


def in_percent(value: float) -> str:
    """Return a share as a percentage with one digit, and a dash where there is none.

    Examples
    --------
    >>> in_percent(0.0425), in_percent(1.0), in_percent(float("nan"))
    ('4.2%', '100%', '–')
    """
    if math.isnan(value):
        return MISSING
    return f"{100 * value:.1f}%" if value < 0.9995 else "100%"


def draw_size(axes: Axes, at: float, row: Mapping[Any, Any], **look: Any) -> None:
    """Draw a size with what simulation leaves open."""
    if math.isnan(row["size"]):
        return
    off = ERRORS * row["size_mc_error"]
    colour = look.get("color", INK)
    axes.hlines(at, max(row["size"] - off, 0), min(row["size"] + off, 1), color=colour, linewidth=1)
    axes.plot(row["size"], at, linestyle="", zorder=4, clip_on=False, **look)


def size_axis(axes: Axes, alpha: float, rows: Sequence[Mapping[Any, Any]]) -> None:
    """Draw the level, the band up to which a size counts as holding it, and percentages."""
    axes.axvspan(0, LIBERAL * alpha, **BAND)
    axes.axvline(alpha, color=INK, linewidth=0.8, linestyle="--", zorder=1)
    ends = [row["size"] + ERRORS * row["size_mc_error"] for row in rows]
    most = min(float(np.nanmax([LEAST, *ends])), 1.0)
    axes.set_xlim(-0.02 * most, 1.04 * most)
    axes.xaxis.set_major_locator(_locator())
    axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:g}%")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _locator() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(4, steps=[1, 2, 2.5, 5, 10])


def size_words(alpha: float) -> str:
    """Return what line, band and bars of sizes mean."""
    return (
        f"Dashed: the level, {level_in_words(alpha)}; grey: up to {LIBERAL:g} times the level, "
        "beyond "
        "which a method is not defensible; bars: 95% simulation error."
    )
