"""What forests of estimates share: a row a scale and wave, intervals, numbers beside the panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.exhibits.panels import readable, text_on
from cvln_eval.exhibits.style import GREY, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "CONVENTION",
    "beside",
    "convention",
    "forest_height",
    "name_rows",
    "say_missing",
    "whisker",
    "why_missing",
]

CONVENTION = 0.70
ROW = 0.22  # inches
TALLEST = 8.2  # inches, so that a forest with its caption stays on a page
PLACE = 24  # points that a number beside the panel takes


def forest_height(rows: int) -> float:
    """Return the height in inches of a forest of so many rows, with legend and axis."""
    return min(0.85 + ROW * rows, TALLEST)


def name_rows(axes: Axes, data: pd.DataFrame, names: Mapping[str, str]) -> None:
    """Name each wave in its row and each scale above its waves, or the scale where waves are one.

    Rows stand in the order of the data, from top to bottom.
    """
    scales = data["scale"].tolist()
    first = [at == 0 or scales[at] != scales[at - 1] for at in range(len(scales))]
    several = len(set(data["wave"])) > 1
    labels = [
        _row_name(readable(scale, names), readable(wave, names) if several else "", new)
        for scale, wave, new in zip(scales, data["wave"], first, strict=True)
    ]
    axes.set_yticks(range(len(data)), labels)
    axes.set_ylim(len(data) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    for at, new in enumerate(first):
        if new and at and several:
            axes.axhline(at - 0.5, color="#D9D9D9", linewidth=0.6)


def _row_name(scale: str, wave: str, new: bool) -> str:
    if not wave:
        return scale
    return f"{scale}   {wave}" if new else wave


def whisker(
    axes: Axes, at: float, row: Mapping[Any, Any], columns: Sequence[str], **look: Any
) -> None:
    """Draw an estimate with its interval; `columns` name estimate, lower and upper bound.

    An interval that cannot be had is not drawn, and its estimate is.
    """
    middle, low, high = (float(row[name]) for name in columns)
    colour = look.get("color", INK)
    if not (pd.isna(low) or pd.isna(high)):
        axes.hlines(at, low, high, color=colour, linewidth=1.2)
    if not pd.isna(middle):
        axes.plot(middle, at, linestyle="", **look)


def beside(
    axes: Axes,
    place: float,
    header: str,
    texts: Sequence[str],
    looks: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Write a column of numbers at the right of a panel, the first at place 1.

    `looks` are colour and weight, one a text, where they differ.
    """
    look: dict[str, Any] = {"xycoords": axes.get_yaxis_transform(), "size": 7, "ha": "right"}
    look |= {"xytext": (place * PLACE, 0), "textcoords": "offset points"}
    axes.annotate(header, (1, -0.65), va="bottom", **look)
    for at, text in enumerate(texts):
        own = looks[at] if looks else {}
        axes.annotate(text, (1, at), va="center", **{**look, **own})


def convention(axes: Axes) -> None:
    """Draw the line at .70 that is customary, and no more than that."""
    axes.axvline(CONVENTION, color=GREY, linewidth=0.8, linestyle="--")


def say_missing(axes: Axes, at: float) -> None:
    """Write in an empty row that it has no number; the note has room for the reason."""
    place: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "ha": "left"}
    place["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    text_on(axes, 0.02, at, "not available", color=GREY, style="italic", size=7, **place)


def why_missing(data: pd.DataFrame, column: str, names: Mapping[str, str]) -> list[str]:
    """Return a sentence for the note that names rows without a number and why, none if all have."""
    rows = data[data[column].isna()].to_dict("records")
    listed = [
        f"{readable(row['scale'], names)}, {readable(row['wave'], names)} ({row['reason']})"
        for row in rows
    ]
    return [f"Not available: {'; '.join(listed)}."] if listed else []
