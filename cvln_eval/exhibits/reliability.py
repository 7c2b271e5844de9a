"""Reliability of scales, wave by wave."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.forest import (
    beside,
    convention,
    forest_height,
    name_rows,
    say_missing,
    whisker,
    why_missing,
)
from cvln_eval.exhibits.panels import figure_exhibit, inches, legend_above, names_of, readable
from cvln_eval.exhibits.style import COLOURS, INK
from cvln_eval.exhibits.wording import needed
from cvln_eval.results import level_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.measurement.scales import ScaleReliability

__all__ = ["plot_reliability"]

ALPHA = ("alpha", "conf_low", "conf_high")
OMEGA = ("omega_total", "omega_low", "omega_high")
COLUMNS = ("scale", "wave", "n_items", "n_persons", *ALPHA, *OMEGA, "wrong_items", "reason")
SHIFT = 0.14  # of a row, so that two coefficients that are alike are both seen
LEAST = -0.5  # below, an interval tells no more than that it is long
LOOKS: dict[str, dict[str, Any]] = {
    "alpha": {"marker": "o", "color": COLOURS[0]},
    "omega": {"marker": "s", "color": COLOURS[5], "markerfacecolor": "white"},
}


def plot_reliability(
    result: ScaleReliability,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw alpha and omega with their intervals, a row a scale and wave.

    A row without coefficients says why. An interval that goes below -.5 ends there in an arrow.

    Parameters
    ----------
    result : ScaleReliability
        From `scale_reliability`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the result's sentence, and what the marks mean.
    names : mapping, optional
        Names of scales, waves and items to show for their ids.
    width : str
        `single` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If there is no scale to draw.
    """
    data = needed(result.tidy(), COLUMNS)
    called = names_of(study, names)
    draw = partial(_draw, data, called)
    return figure_exhibit(
        number=number,
        title=title or result.sentence(),
        note=note or _note(data, called),
        n=int(data["n_persons"].max()),
        data=data,
        study=study,
        sources=("responses",),
        drawing=Drawing(draw, inches(width), forest_height(len(data))),
    )


def _note(data: pd.DataFrame, called: Mapping[str, str]) -> str:
    level = level_in_words(float(data["conf_level"].iloc[0]))
    parts = [f"Bars are {level} intervals. Dashed: .70, a convention."]
    if (data[["conf_low", "omega_low"]] < LEAST).any(axis=None):
        parts.append("Arrow: the interval goes on below −.5.")
    wrong = data[data["wrong_items"] != ""]
    if len(wrong):
        listed = "; ".join(_suspect(row, called) for row in wrong.to_dict("records"))
        parts.append(f"* Probably keyed the wrong way: {listed}.")
    parts += why_missing(data, "alpha", called)
    return " ".join([*parts, "n counts people, here in the row with most."])


def _suspect(row: Mapping[Any, Any], called: Mapping[str, str]) -> str:
    items = ", ".join(readable(item, called) for item in row["wrong_items"].split(", "))
    return f"{items} ({readable(row['wave'], called)})"


def _draw(data: pd.DataFrame, called: Mapping[str, str], figure: Figure) -> None:
    from matplotlib.lines import Line2D

    axes = figure.subplots()
    convention(axes)
    for at, row in enumerate(data.to_dict("records")):
        if pd.isna(row["alpha"]):
            say_missing(axes, at)
            continue
        _draw_bounded(axes, at - SHIFT, row, ALPHA, "alpha")
        if not pd.isna(row["omega_total"]):
            _draw_bounded(axes, at + SHIFT, row, OMEGA, "omega")
    name_rows(axes, data, called)
    axes.set_xlim(
        max(float(np.nanmin([0.0, *data["conf_low"], *data["omega_low"]])), LEAST) - 0.03, 1.0
    )
    axes.axvline(0, color=INK, linewidth=0.6)
    axes.set_xlabel("Reliability")
    axes.grid(axis="x")
    pairs = zip(data["n_items"], data["wrong_items"], strict=True)
    beside(axes, 1, "items", [f"{items}{'*' if wrong else ''}" for items, wrong in pairs])
    beside(axes, 2, "n", [f"{n}" for n in data["n_persons"]])
    handles = [Line2D([], [], **{**look, "linestyle": ""}) for look in LOOKS.values()]
    legend_above(figure, handles, ["alpha", "omega total"])


def _draw_bounded(
    axes: Axes, at: float, row: Mapping[Any, Any], columns: tuple[str, str, str], look: str
) -> None:
    """Draw a coefficient and its interval, cut with an arrow where it is very long."""
    low = columns[1]
    cut = {**row, low: max(row[low], LEAST)}
    whisker(axes, at, cut, columns, **LOOKS[look])
    if row[low] < LEAST:
        axes.plot(LEAST, at, marker="<", color=LOOKS[look]["color"], linestyle="", markersize=4)
