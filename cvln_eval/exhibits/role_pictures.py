"""Roles of brokers as small pictures, and an axis of counts by their roots."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from cvln_eval.exhibits.page import POINTS
from cvln_eval.exhibits.style import COLOURS, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ABOVE", "ROLES", "draw_role", "set_root_scale"]

# Groups of the one who turns to the broker, of the broker (0) and of the one turned to.
ROLES = {
    "coordinator": (0, 0, 0),
    "consultant": (1, 0, 1),
    "gatekeeper": (1, 0, 0),
    "representative": (0, 0, 1),
    "liaison": (1, 0, 2),
}
MARKS = (("o", COLOURS[0]), ("s", COLOURS[1]), ("^", COLOURS[2]))
STEP, UP = 17, 8  # points from mark to mark of a role's picture, and above the panel
FIRST, GAP = 4, 5  # points to the first mark, and between a mark and its arrow
ABOVE = UP + 9  # points from a panel to what stands over the picture


def draw_role(axes: Axes, role: str) -> None:
    """Draw who turns to the broker, the broker, and whom the broker turns to, above a panel."""
    from matplotlib.transforms import Affine2D, ScaledTranslation

    page: Any = axes.get_figure(root=True)
    frame: Any = axes.transAxes
    points = Affine2D().scale(1 / POINTS) + page.dpi_scale_trans + ScaledTranslation(0, 1, frame)
    look: dict[str, Any] = {"transform": points, "clip_on": False, "zorder": 5}
    for at, group in enumerate(ROLES[role]):
        marker, colour = MARKS[group]
        edge: dict[str, Any] = {"markeredgecolor": INK if at == 1 else colour, "mew": 1.2}
        axes.plot(FIRST + STEP * at, UP, marker, color=colour, markersize=5, **edge, **look)
    for at in range(2):
        tail, head = FIRST + STEP * at + GAP, FIRST + STEP * (at + 1) - GAP
        axes.plot([tail, head - 2], [UP, UP], color=INK, linewidth=0.7, **look)
        axes.plot(head - 1, UP, ">", color=INK, markersize=3, markeredgewidth=0, **look)


def set_root_scale(axes: Axes, top: float) -> None:
    """Give the upright axis counts from 0 to `top` by their roots, with rounded ticks.

    Small counts would else lie on the axis beside large ones, and the spread of a count by chance
    is about the same at all heights of such an axis.
    """
    from matplotlib.ticker import FixedLocator

    even = [top * (at / 4) ** 2 for at in range(1, 5)]
    rounded = {round(each, -math.floor(math.log10(each))) for each in even}
    axes.set_yscale("function", functions=(_root, np.square))
    axes.set_ylim(0, 1.03 * top)
    ticks = [each for each in sorted(rounded) if 1 <= each <= 1.03 * top]
    axes.yaxis.set_major_locator(FixedLocator([0, *(ticks or [math.floor(top)])]))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")


def _root(value: np.ndarray) -> np.ndarray:
    return np.asarray(np.sqrt(np.maximum(value, 0)))
