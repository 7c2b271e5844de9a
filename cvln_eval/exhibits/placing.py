"""Labels beside points, placed so that none covers another, a mark or an interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cvln_eval.exhibits.page import POINTS
from cvln_eval.exhibits.style import GREY, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["place_labels"]

STEPS = 24  # points looked at along a line from a mark to its label
MARK = 3.5  # points from the middle of a mark to where a label may begin
NEAR = 6.0  # points up to which a label needs no line that leads to its mark
RINGS = (1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 66, 78, 92, 110)  # points away from the mark
# Right, left, above and below come before the slants, which are harder to assign to a mark.
ANGLES = np.deg2rad([0, 180, 90, 270, 45, 135, 315, 225, 20, 160, 340, 200, 65, 115, 295, 245])
CROSSED = 22.0  # how many points further a label may go rather than cover an interval
STRAYED = 30.0  # rather than stand as near to another mark
OVERRAN = 90.0  # rather than lead over another label or mark
COVERED = 400.0  # rather anywhere else than on a label or a mark, or out of the panel


def place_labels(
    axes: Axes,
    labels: Sequence[tuple[float, float, str]],
    *,
    marks: Sequence[tuple[float, float]],
    lines: Sequence[tuple[float, float, float, float]] = (),
    size: float = 7,
    looks: Sequence[dict[str, Any]] = (),
) -> None:
    """Write each label as near to its mark as it can stand alone.

    Everything else has to be drawn before, since places are found in inches on the finished page.

    Parameters
    ----------
    axes : Axes
        The panel.
    labels : sequence of tuple
        x, y and text.
    marks : sequence of tuple
        x and y of every mark of the panel, named or not.
    lines : sequence of tuple
        x and y of both ends of intervals, which labels avoid where they can.
    size : float
        Points of the text.
    looks : sequence of dict, optional
        Colour and weight, one a label.
    """
    from matplotlib.text import Text

    figure: Any = axes.get_figure(root=True)
    figure.draw_without_rendering()
    looks = looks or [{}] * len(labels)
    notes = [
        _written(axes, *label, size=size, **look) for label, look in zip(labels, looks, strict=True)
    ]
    scale = figure.dpi / POINTS
    spots = (
        axes.transData.transform([label[:2] for label in labels]) if labels else np.empty((0, 2))
    )
    places = axes.transData.transform(np.asarray(marks, float))
    solid = _boxes(places, MARK * scale)
    thin = _spans(axes, lines)
    for at in _crowded_first(spots):
        extent = Text.get_window_extent(notes[at])  # without the line to its mark
        middles = _places(spots[at], extent.width, extent.height, scale)
        boxes = _boxes(middles, np.array([extent.width, extent.height]) / 2)
        costs = np.repeat(RINGS, len(ANGLES)) + COVERED * _overlaps(boxes, solid)
        costs = costs + CROSSED * _overlaps(boxes, thin) + COVERED * _outside(boxes, axes.bbox)
        costs = costs + STRAYED * _astray(boxes, spots[at], places, scale)
        costs = costs + OVERRAN * _run_over(middles, boxes, spots[at], solid)
        best = int(np.argmin(costs))
        far = bool(np.repeat(RINGS, len(ANGLES))[best] > NEAR)
        notes[at].xyann = tuple((middles[best] - spots[at]) / scale)
        notes[at].arrow_patch.set_visible(far)
        solid = np.vstack([solid, boxes[best]])
        if far:
            thin = np.vstack([thin, _boxes(_along(spots[at], middles[[best]])[0], 0.5)])


def _written(axes: Axes, x: float, y: float, text: str, **look: Any) -> Any:
    """Return the label on its mark, to be measured and moved."""
    leader = {"arrowstyle": "-", "linewidth": 0.5, "color": GREY, "shrinkA": 0, "shrinkB": MARK}
    place: dict[str, Any] = {"ha": "center", "va": "center", "textcoords": "offset points"}
    place |= {"color": INK, "arrowprops": leader, **look}
    note = axes.annotate(text, (x, y), (0, 0), **place)
    note.set_in_layout(False)
    return note


def _crowded_first(spots: np.ndarray) -> np.ndarray:
    """Return the order in which labels are placed: those with near neighbours have least choice."""
    apart = np.linalg.norm(spots[:, None] - spots[None], axis=2)
    return np.argsort(np.sort(apart, axis=1)[:, :4].sum(axis=1), kind="stable")


def _places(spot: np.ndarray, width: float, height: float, scale: float) -> np.ndarray:
    """Return middles of a label at all distances and in all directions from its mark, in pixels."""
    away = (np.array(RINGS) + MARK)[:, None] * scale
    x = np.cos(ANGLES) * (away + width / 2)
    y = np.sin(ANGLES) * (away + height / 2)
    return spot + np.column_stack([x.ravel(), y.ravel()])


def _boxes(middles: np.ndarray, half: float | np.ndarray) -> np.ndarray:
    """Return left, bottom, right and top of boxes round their middles."""
    middles = middles.reshape(-1, 2)
    return np.hstack([middles - half, middles + half])


def _spans(axes: Axes, lines: Sequence[tuple[float, float, float, float]]) -> np.ndarray:
    """Return the boxes, of no width, of level and upright lines."""
    ends = axes.transData.transform(np.asarray(lines, float).reshape(-1, 2)).reshape(-1, 4)
    first, last = ends[:, :2], ends[:, 2:]
    return np.hstack([np.minimum(first, last), np.maximum(first, last)])


def _overlaps(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return how many of the others each box touches."""
    apart = (boxes[:, None, :2] >= others[None, :, 2:]) | (
        boxes[:, None, 2:] <= others[None, :, :2]
    )
    return np.asarray((~apart.any(axis=2)).sum(axis=1))


def _astray(boxes: np.ndarray, own: np.ndarray, places: np.ndarray, scale: float) -> np.ndarray:
    """Return which boxes stand about as near to another mark as to their own."""
    others = places[np.linalg.norm(places - own, axis=1) > MARK * scale]
    if not len(others):
        return np.zeros(len(boxes), dtype=bool)
    nearest = _distances(boxes, others).min(axis=1)
    return np.asarray(nearest < _distances(boxes, own[None])[:, 0] + MARK * scale)


def _distances(boxes: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return how far each point is from each box, 0 inside."""
    below, above = boxes[:, None, :2] - points[None], points[None] - boxes[:, None, 2:]
    return np.asarray(np.linalg.norm(np.maximum(np.maximum(below, above), 0), axis=2))


def _along(spot: np.ndarray, middles: np.ndarray) -> np.ndarray:
    """Return points along the line from a mark to each place of its label."""
    steps = np.linspace(0, 1, STEPS)[None, :, None]
    return np.asarray(spot + steps * (middles - spot)[:, None])


def _run_over(
    middles: np.ndarray, boxes: np.ndarray, spot: np.ndarray, solid: np.ndarray
) -> np.ndarray:
    """Return which lines from a mark to its label would run over a label or another mark."""
    points = _along(spot, middles)
    away = _distances(solid, spot[None])[:, 0] > 0
    around = solid[away][None, None]
    inside = _within(points[:, :, None], around).any(axis=2)
    return np.asarray((inside & ~_within(points, boxes[:, None])).any(axis=1))


def _within(points: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Return which points lie in their boxes."""
    return np.asarray(((points > boxes[..., :2]) & (points < boxes[..., 2:])).all(axis=-1))


def _outside(boxes: np.ndarray, panel: Any) -> np.ndarray:
    """Return which boxes leave the panel or touch its frame."""
    low, high = np.array([panel.x0, panel.y0]) + 4, np.array([panel.x1, panel.y1]) - 4
    return np.asarray(((boxes[:, :2] < low) | (boxes[:, 2:] > high)).any(axis=1))
