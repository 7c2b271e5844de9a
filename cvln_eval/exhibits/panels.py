"""What the plots share: a grid of panels, readable labels, a legend above, stacked bars."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.style import COLOURS, HATCHES, INK, WIDTHS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["figure_exhibit", "grid", "grid_height", "legend_above", "look", "only", "readable"]

MOST_LOOKS = len(COLOURS)


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


def columns_for(width: str, panels: int) -> int:
    """Return how many panels stand side by side in a journal column."""
    if width not in WIDTHS:
        raise ArgumentError("Unknown width", expected=shown(WIDTHS), seen=repr(width))
    return min(panels, 5 if width == "double" else 2)


def grid_height(panels: int, *, width: str, each: float) -> float:
    """Return the height in inches of a grid of panels, each `each` high, with a legend."""
    return 0.35 + each * math.ceil(panels / max(columns_for(width, panels), 1))


def grid(figure: Figure, panels: int, *, width: str) -> list[Axes]:
    """Return axes that share both scales, as many as there are panels."""
    columns = columns_for(width, panels)
    rows = math.ceil(panels / columns)
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    flat = list(axes.ravel())
    for spare in flat[panels:]:
        spare.set_visible(False)
    for place in range(panels - columns, (rows - 1) * columns):
        # A panel above a hidden one is the last of its column, so it needs the tick labels.
        flat[max(place, 0)].tick_params(labelbottom=True)
    return flat[:panels]


def legend_above(
    figure: Figure, handles: Sequence[Any], labels: Sequence[str], **more: Any
) -> None:
    """Put one legend above all panels, in as many columns as fit."""
    inches = figure.get_size_inches()[0]
    longest = max((len(label) for label in labels), default=1)
    columns = max(1, min(len(labels), int(inches / (0.32 + 0.062 * longest))))
    place: dict[str, Any] = {"loc": "outside upper left", "ncols": columns, "columnspacing": 1.2}
    figure.legend(handles, labels, borderaxespad=0.1, borderpad=0.1, **{**place, **more})


def text_on(axes: Axes, x: float, y: float, text: str, **more: Any) -> None:
    """Write a small number beside or on a mark."""
    axes.text(x, y, text, **{"size": 6.5, "ha": "center", "va": "center", "color": INK, **more})
