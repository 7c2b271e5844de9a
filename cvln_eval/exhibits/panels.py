"""What the plots share: a grid of panels, readable labels, a legend above, stacked bars."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.page import HINTING
from cvln_eval.exhibits.style import COLOURS, HATCHES, INK, WIDTHS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "figure_exhibit",
    "grid",
    "grid_height",
    "inches",
    "legend_above",
    "look",
    "names_of",
    "only",
    "readable",
]

MOST_LOOKS = len(COLOURS)
LEGEND_INDENT, LEGEND_GAP = 0.02, 0.04  # inches
LETTER = 0.065  # about the width of a letter of a tick label, in inches
TITLE_LETTER = 0.068
LONG = 12  # letters


def figure_exhibit(
    *,
    number: str,
    title: str,
    note: str,
    n: int,
    data: pd.DataFrame,
    study: Origin,
    sources: Sequence[str],
    drawing: Drawing,
) -> Exhibit:
    """Return a figure of a study, marked as simulated where the study is."""
    return Exhibit(
        kind="figure",
        number=number,
        title=title,
        note=note,
        n=n,
        data=data,
        study=study.name,
        simulated=study.simulated,
        sources=tuple(sources),
        drawing=drawing,
    )


def names_of(study: Origin, names: Mapping[str, str] | None) -> dict[str, str]:
    """Return the labels of the study's waves, in their order, and the names given."""
    waves = {wave.id: wave.label for wave in getattr(study, "waves", ())}
    return {**waves, **(names or {})}


def only(data: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Return the rows of one way of grouping.

    Raises
    ------
    ArgumentError
        If the result was not grouped that way.
    """
    found = data[data["by"] == by]
    if found.empty:
        raise ArgumentError(
            "The result has no rows to draw by that group",
            expected=f"one of {shown(data['by']) or 'none: the result is empty'}",
            seen=repr(by),
        )
    return found.reset_index(drop=True)


def readable(text: object, names: Mapping[str, str] | None = None) -> str:
    """Return a label for readers: the name given, or the id with blanks for underscores.

    Examples
    --------
    >>> readable("central_office"), readable("t1", {"t1": "Team 1"})
    ('central office', 'Team 1')
    """
    return (names or {}).get(str(text), str(text).replace("_", " "))


def look(place: int) -> dict[str, Any]:
    """Return colour and hatch of the n-th group, told apart in grey too."""
    at = place % MOST_LOOKS
    return {
        "facecolor": COLOURS[at],
        "hatch": HATCHES[at],
        "edgecolor": "white",
        "linewidth": 0.5,
    }


def inches(width: str) -> float:
    """Return the width of a journal column in inches.

    Raises
    ------
    ArgumentError
        If the width is neither single nor double.
    """
    if width not in WIDTHS:
        raise ArgumentError("Unknown width", expected=shown(WIDTHS), seen=repr(width))
    return WIDTHS[width]


def columns_for(width: str, panels: int) -> int:
    """Return how many panels stand side by side in a journal column."""
    return min(panels, 5 if width == "double" else 2)


def grid_height(panels: int, *, width: str, each: float) -> float:
    """Return the height in inches of a grid of panels, each `each` high, with a legend."""
    return 0.35 + each * math.ceil(panels / max(columns_for(width, panels), 1))


def grid(figure: Figure, panels: int, *, width: str, integer: bool = True) -> list[Axes]:
    """Return axes that share both scales, as many as there are panels."""
    columns = columns_for(width, panels)
    rows = math.ceil(panels / columns)
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    axes[0, 0].yaxis.get_major_locator().set_params(integer=integer)
    flat = list(axes.ravel())
    for spare in flat[panels:]:
        spare.set_visible(False)
    for place in range(panels - columns, (rows - 1) * columns):
        # A panel above a hidden one is the last of its column, so it needs the tick labels.
        flat[max(place, 0)].tick_params(labelbottom=True)
    return flat[:panels]


def legend_above(figure: Figure, handles: Sequence[Any], labels: Sequence[str]) -> None:
    """Put one legend above all panels, in as many columns as fit, and make room for it."""
    engine: Any = figure.get_layout_engine()
    left, bottom, width, height = engine.get()["rect"]
    place: dict[str, Any] = {"loc": "upper left", "columnspacing": 1.2, "borderpad": 0.1}
    corner = (left + LEGEND_INDENT / figure.get_figwidth(), bottom + height)
    for rows in range(1, len(labels) + 1):
        columns = math.ceil(len(labels) / rows)
        legend = figure.legend(handles, labels, ncols=columns, bbox_to_anchor=corner, **place)
        box = legend.get_window_extent().transformed(figure.transFigure.inverted())
        if box.x0 + HINTING * box.width <= left + width or columns == 1:
            break
        legend.remove()
    room = height - box.height - LEGEND_GAP / figure.get_figheight()
    engine.set(rect=(left, bottom, width, room))


def text_on(axes: Axes, x: float, y: float, text: str, **more: Any) -> None:
    """Write a small number beside or on a mark."""
    axes.text(x, y, text, **{"size": 6.5, "ha": "center", "va": "center", "color": INK, **more})


def wave_ticks(axes: Axes, waves: Sequence[str], names: Mapping[str, str]) -> None:
    """Name the waves below a panel, tilted where they would run into each other."""
    labels = [readable(wave, names) for wave in waves]
    tilt: dict[str, Any] = {"rotation": 40, "ha": "right", "rotation_mode": "anchor"}
    each = _panel_width(axes) / max(len(waves), 1)
    if max(map(len, labels), default=0) > LONG:
        # A long label at a slant would push the panels apart.
        tilt = {"rotation": 90}
    crowded = LETTER * max(map(len, labels), default=0) > each
    axes.set_xticks(range(len(waves)), labels, **(tilt if crowded else {}))
    axes.tick_params(axis="x", length=0)


def name_panel(axes: Axes, text: object, names: Mapping[str, str]) -> None:
    """Title a panel, in two lines where one would run into its neighbour."""
    letters = max(8, int((_panel_width(axes) + 0.15) / TITLE_LETTER))
    axes.set_title(textwrap.fill(readable(text, names), letters), size=7.5)


def _panel_width(axes: Axes) -> float:
    """Return about how many inches a panel has before the layout is known."""
    spec = axes.get_subplotspec()
    columns = spec.get_gridspec().ncols if spec else 1
    figure = axes.get_figure(root=True)
    return (figure.get_figwidth() if figure else 0.0) / columns - 0.45
