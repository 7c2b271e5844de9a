"""Lines of a sociogram: straight or bent towards the middle, with heads that end at marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["add_heads", "add_lines", "curves", "once_a_pair"]

CURVE = 16  # points of a curve


def once_a_pair(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each pair once, as its first tie has it, and whether it is tied both ways."""
    tied = set(zip(first.tolist(), second.tolist(), strict=True))
    back = np.array([(b, a) in tied for a, b in zip(first, second, strict=True)], dtype=bool)
    kept = ~back | (first < second)
    return first[kept], second[kept], back[kept]


def curves(start: np.ndarray, end: np.ndarray, bend: float) -> np.ndarray:
    """Return points along lines that are drawn towards the middle of the panel."""
    middle = (start + end) / 2 * (1 - 2 * bend)
    step = np.linspace(0, 1, CURVE if bend else 2)[None, :, None]
    one, control, other = start[:, None], middle[:, None], end[:, None]
    if not bend:
        return np.asarray((1 - step) * one + step * other)
    return np.asarray((1 - step) ** 2 * one + 2 * step * (1 - step) * control + step**2 * other)


def add_lines(
    axes: Axes, lines: np.ndarray, colour: str, weight: np.ndarray, *, alpha: float, over: bool
) -> None:
    """Draw lines of one colour, over those drawn before or under them."""
    from matplotlib.collections import LineCollection

    look: dict[str, Any] = {"colors": colour, "alpha": alpha, "capstyle": "round"}
    axes.add_collection(
        LineCollection(list(lines), linewidths=weight, zorder=2 if over else 1, **look)
    )


def add_heads(axes: Axes, lines: np.ndarray, gaps: np.ndarray, size: float, colour: str) -> None:
    """Draw the heads of arrows where lines reach the mark of the person named."""
    from matplotlib.collections import PolyCollection

    along = lines[:, -1] - lines[:, -2]
    along = along / np.linalg.norm(along, axis=1)[:, None]
    across = np.column_stack([-along[:, 1], along[:, 0]])
    tip = lines[:, -1] - along * gaps[:, None]
    back = tip - size * along
    heads = np.stack([tip, back + 0.4 * size * across, back - 0.4 * size * across], axis=1)
    axes.add_collection(PolyCollection(list(heads), facecolors=colour, linewidths=0, zorder=3))
