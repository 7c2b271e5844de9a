"""Figures of flows: who stays, joins and leaves, and which groups grow."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.panels import (
    figure_exhibit,
    grid,
    grid_height,
    inches,
    legend_above,
    look,
    name_panel,
    names_of,
    only,
    readable,
    text_on,
    wave_ticks,
)
from cvln_eval.exhibits.style import COLOURS, GREY, INK
from cvln_eval.participation.flow import RosterFlow
from cvln_eval.results import signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_growth", "plot_roster_flow"]

ALL = "all"
Names = Mapping[str, str]


def plot_roster_flow(
    result: RosterFlow,
    *,
    number: str,
    study: Origin,
    by: str = "team_id",
    title: str | None = None,
    note: str | None = None,
    names: Names | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw stayers and joiners above the line and leavers below it, one bar a wave.

    Parameters
    ----------
    result : RosterFlow
        From `roster_flow`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    by : str
        Way of grouping: `team_id`, `level`, ... or `all`.
    title, note : str, optional
        By default the result's sentence, and what the bars mean.
    names : mapping, optional
        Names of teams, groups and waves to show for their ids.
    width : str
        `single` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If the result was not grouped that way or has one wave only.
    """
    data = only(result.flows, by=by)
    groups = data["group"].nunique()
    shown = {ALL: "All leaders", **result.waves, **names_of(study, names)}
    draw = partial(_draw_flow, data, shown, width)
    explained = (
        "Each bar compares a roster with the one before it; the part above the line is the "
        "roster, the part below are those who left. n counts leaders ever on a roster."
    )
    return figure_exhibit(
        number=number,
        title=title or result.sentence(),
        note=note or explained,
        n=int(result.glance()["n"].item()),
        data=data,
        study=study,
        sources=("memberships", "people"),
        drawing=Drawing(draw, inches(width), grid_height(groups, width=width, each=1.75)),
    )


def _draw_flow(data: pd.DataFrame, names: Names, width: str, figure: Figure) -> None:
    groups = list(dict.fromkeys(data["group"]))
    handles: list[object] = []
    most = data["n"].max()
    for axes, group in zip(grid(figure, len(groups), width=width), groups, strict=True):
        own = data[data["group"] == group].reset_index(drop=True)
        handles = _flow_bars(axes, own, gap=0.015 * most)
        axes.axhline(0, color=INK, linewidth=0.8)
        axes.spines["bottom"].set_visible(False)
        wave_ticks(axes, list(own["wave"]), names)
        name_panel(axes, group, names)
        axes.set_ylim(-data["n_leavers"].max() - 0.16 * most, 1.14 * most)
        axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    figure.supylabel("Members", size=7.5)
    labels = ["stayed", "joined for the first time", "left", "came back"]
    seen = 4 if data["n_returners"].any() else 3
    legend_above(figure, handles[:seen], labels[:seen])


def _flow_bars(axes: Axes, own: pd.DataFrame, *, gap: float) -> list[object]:
    new = own["n_joiners"] - own["n_returners"]
    below = own["n_stayers"] + own["n_returners"]
    at = own.index.to_numpy()
    handles: list[object] = [
        axes.bar(at, own["n_stayers"], 0.72, **look(0)),
        axes.bar(at, new, 0.72, bottom=below, **look(1)),
        axes.bar(at, -own["n_leavers"], 0.72, facecolor="white", edgecolor=INK, linewidth=0.8),
        axes.bar(at, own["n_returners"], 0.72, bottom=own["n_stayers"], **look(3)),
    ]
    bold = {"color": "white", "weight": "bold"}
    for place, row in enumerate(own.to_dict("records")):
        stayed, came, left = row["n_stayers"], row["n_joiners"], row["n_leavers"]
        if stayed > 6 * gap:
            text_on(axes, place, stayed / 2, str(stayed), **bold)
        if came:
            text_on(axes, place, row["n"] + gap, f"+{came}", va="bottom")
        if left:
            text_on(axes, place, -left - gap, f"−{left}", va="top")
    return handles


def plot_growth(
    result: RosterFlow,
    *,
    number: str,
    study: Origin,
    by: str = "level",
    title: str | None = None,
    note: str | None = None,
    names: Names | None = None,
    width: str = "single",
) -> Exhibit:
    """Draw each group's size at the first and the last wave, joined by a line.

    Parameters
    ----------
    result : RosterFlow
        From `roster_flow`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    by : str
        Way of grouping: `level`, `team_id`, ....
    title, note : str, optional
        By default the growth in words, and what the marks mean.
    names : mapping, optional
        Names of teams, groups and waves to show for their ids.
    width : str
        `single` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If the result was not grouped that way or has one wave only.
    """
    data = only(result.growth, by=by)
    labels = list(result.waves.values())
    first, last = labels[0], labels[-1]
    title = title or result.growth_sentence(by)
    draw = partial(_draw_growth, data, first, last, names or {})
    return figure_exhibit(
        number=number,
        title=title,
        note=note or "The number at the right is the growth; n counts leaders on the last roster.",
        n=int(data["n_last"].sum()),
        data=data,
        study=study,
        sources=("memberships", "people"),
        drawing=Drawing(draw, inches(width), 0.95 + 0.3 * len(data)),
    )


def _draw_growth(data: pd.DataFrame, first: str, last: str, names: Names, figure: Figure) -> None:
    axes = figure.subplots()
    at = range(len(data))
    # The open mark is the larger one, so that it still shows where nothing changed.
    axes.hlines(at, data["n_first"], data["n_last"], color=GREY, linewidth=1.5, zorder=1)
    open_marks = axes.scatter(
        data["n_first"], at, s=52, marker="o", facecolor="white", edgecolor=COLOURS[0], zorder=2
    )
    full_marks = axes.scatter(data["n_last"], at, s=18, marker="D", color=COLOURS[5], zorder=3)
    most = float(max(data["n_first"].max(), data["n_last"].max(), 1))
    for place, row in enumerate(data.to_dict("records")):
        right = max(row["n_first"], row["n_last"]) + 0.06 * most
        text_on(axes, right, place, signed(row["n_growth"]), ha="left")
    axes.set_yticks(at, [readable(group, names) for group in data["group"]])
    axes.set_ylim(len(data) - 0.4, -0.6)
    axes.set_xlim(0, 1.2 * most)
    axes.grid(axis="x")
    axes.set_xlabel("Leaders on the roster")
    legend_above(figure, [open_marks, full_marks], [first, last])
