"""Modes of learning by how much they are offered, change practice, and are wanted."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.panels import figure_exhibit, inches, legend_above, readable
from cvln_eval.exhibits.placing import place_labels
from cvln_eval.exhibits.style import COLOURS, GREY, INK
from cvln_eval.exhibits.wording import needed
from cvln_eval.results import level_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.measurement.contents.modes import ImportancePerformance

__all__ = ["plot_importance_performance"]

MEASURES = ("learning_mode", "measure", "estimate", "conf_low", "conf_high", "n", "reason")
SURE = 0.80
STRIP = 0.11  # of the range of impact, kept free above and below for the names of quadrants
CORNERS = {
    "lever": (0.01, 0.99, "left", "top"),
    "keep": (0.99, 0.99, "right", "top"),
    "leave": (0.01, 0.01, "left", "bottom"),
    "reconsider": (0.99, 0.01, "right", "bottom"),
}
Rows = list[dict[str, Any]]


def plot_importance_performance(
    result: ImportancePerformance,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw each mode of learning at the share who were offered it and the impact they saw.

    Crosses are bootstrap intervals. A mark is filled where at least 80% of the draws put the mode
    into the same quadrant. The double column has a second panel, of how much each is wanted.

    Parameters
    ----------
    result : ImportancePerformance
        From `importance_performance`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the result's sentence, and what marks and quadrants mean.
    names : mapping, optional
        Names of modes to show for those of the result.
    width : str
        `single` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If there is no mode to draw.
    """
    data = _wide(needed(result.tidy(), MEASURES), result.quadrants())
    cuts = (result.cut_offered, result.cut_impact)
    draw = partial(_draw, data, cuts, names or {}, width == "double")
    return figure_exhibit(
        number=number,
        title=title or result.sentence(),
        note=note or _note(result, data, names or {}),
        n=result.n_persons,
        data=data,
        study=study,
        sources=("responses",),
        drawing=Drawing(draw, inches(width), 3.3),
    )


def _wide(measures: pd.DataFrame, quadrants: pd.DataFrame) -> pd.DataFrame:
    """Return one row a mode: estimate, bounds and n of each measure, and its quadrant."""
    parts = quadrants[["learning_mode", "quadrant", "share_same", "reason"]]
    for measure, rows in measures.groupby("measure", sort=False):
        own = rows[["learning_mode", "estimate", "conf_low", "conf_high", "n"]]
        own = own.set_axis(["learning_mode", *(f"{measure}_{x}" for x in _PARTS)], axis=1)
        parts = parts.merge(own, on="learning_mode", how="left")
    return parts


_PARTS = ("estimate", "low", "high", "n")


def _note(result: ImportancePerformance, data: pd.DataFrame, names: Mapping[str, str]) -> str:
    from cvln_eval.measurement.contents.modes import QUADRANTS

    parts = [
        f"Dashed: cuts at {result.cut_offered:.0%} offered and an impact of "
        f"{result.cut_impact:.2f} ({result.method}).",
        "; ".join(f"{name.capitalize()}: {words}" for name, words in QUADRANTS.items()) + ".",
        f"Bars are {level_in_words(result.conf_level)} bootstrap intervals over people. In "
        "brackets: people "
        "who were offered the mode and rated its impact.",
    ]
    without = data[data["impact_estimate"].isna() | data["offered_estimate"].isna()]
    if len(without):
        listed = (f"{readable(r.learning_mode, names)} ({r.reason})" for r in without.itertuples())
        parts.append(f"Not placed: {', '.join(listed)}.")
    return " ".join([*parts, "n counts people."])


def _draw(
    data: pd.DataFrame,
    cuts: tuple[float, float],
    names: Mapping[str, str],
    wanted: bool,
    figure: Figure,
) -> None:
    shape: dict[str, Any] = {"ncols": 2, "gridspec_kw": {"width_ratios": [1.75, 1]}}
    panels = figure.subplots(squeeze=False, **(shape if wanted else {})).ravel()
    axes = panels[0]
    rows: Rows = data.dropna(subset=["offered_estimate", "impact_estimate"]).to_dict("records")  # type: ignore[assignment]
    for row in rows:
        _draw_mode(axes, row)
    corners = _draw_quadrants(axes, data, cuts)
    if wanted:
        _draw_wanted(panels[1], data, names)
    _legend(figure)
    _name(axes, rows, cuts, corners, names)


def _draw_mode(axes: Axes, row: Mapping[str, Any]) -> None:
    x, y = row["offered_estimate"], row["impact_estimate"]
    line: dict[str, Any] = {"color": COLOURS[0], "linewidth": 0.9, "alpha": 0.5}
    axes.hlines(y, row["offered_low"], row["offered_high"], **line)
    axes.vlines(x, row["impact_low"], row["impact_high"], **line)
    axes.plot(x, y, zorder=3, **_mark(sure=row["share_same"] >= SURE))


def _mark(*, sure: bool) -> dict[str, Any]:
    filled = COLOURS[0] if sure else "white"
    return {"marker": "o", "color": COLOURS[0], "linestyle": "", "markerfacecolor": filled}


def _draw_quadrants(axes: Axes, data: pd.DataFrame, cuts: tuple[float, float]) -> list[Any]:
    """Draw cuts and axes, and return the names in the corners."""
    spread = data[["impact_estimate", "impact_low", "impact_high"]].to_numpy(dtype=float)
    low, high = float(np.nanmin([cuts[1], *spread.ravel()])), float(np.nanmax(spread))
    strip = STRIP * max(high - low, 0.5)
    axes.set(xlim=(-0.03, 1.03), ylim=(low - strip, high + strip))
    axes.axvline(cuts[0], color=GREY, linewidth=0.8, linestyle="--")
    axes.axhline(cuts[1], color=GREY, linewidth=0.8, linestyle="--")
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.set(xlabel="Share who were offered it", ylabel="Mean impact on practice")
    look: dict[str, Any] = {"transform": axes.transAxes, "size": 7.5, "color": "#555555"}
    return [
        axes.text(x, y, name.upper(), ha=across, va=up, weight="bold", **look)
        for name, (x, y, across, up) in CORNERS.items()
    ]


def _draw_wanted(axes: Axes, data: pd.DataFrame, names: Mapping[str, str]) -> None:
    ranked = data.sort_values("wanted_estimate", ascending=False, kind="stable")
    for at, row in enumerate(ranked.to_dict("records")):
        axes.hlines(at, row["wanted_low"], row["wanted_high"], color=INK, linewidth=1.2)
        axes.plot(row["wanted_estimate"], at, "D", color=INK, markersize=4)
    axes.set_yticks(range(len(data)), [readable(mode, names) for mode in ranked["learning_mode"]])
    axes.set_ylim(len(data) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("Mean wish for more of it")
    axes.grid(axis="x")


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    labels = ["quadrant in at least 80% of draws", "in fewer"]
    legend_above(figure, [Line2D([], [], **_mark(sure=sure)) for sure in (True, False)], labels)


def _name(
    axes: Axes, rows: Rows, cuts: tuple[float, float], corners: list[Any], names: Mapping[str, str]
) -> None:
    """Name the modes, clear of each other's intervals, the cuts and the names of quadrants."""
    figure: Any = axes.get_figure(root=True)
    figure.draw_without_rendering()
    back = axes.transData.inverted()
    found = [back.transform_bbox(text.get_window_extent()) for text in corners]
    boxes = [(box.x0, box.y0, box.x1, box.y1) for box in found]
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    lines = [(cuts[0], low, cuts[0], high), (left, cuts[1], right, cuts[1])]
    for row in rows:
        x, y = row["offered_estimate"], row["impact_estimate"]
        lines += [(row["offered_low"], y, row["offered_high"], y)]
        lines += [(x, row["impact_low"], x, row["impact_high"])]
    known = [line for line in lines if not np.isnan(line).any()]
    place_labels(
        axes,
        [
            (
                row["offered_estimate"],
                row["impact_estimate"],
                f"{readable(row['learning_mode'], names)} ({row['impact_n']})",
            )
            for row in rows
        ],
        marks=[(row["offered_estimate"], row["impact_estimate"]) for row in rows],
        lines=[*known, *boxes],
    )
