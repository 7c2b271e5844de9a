"""Figures of rosters: who is in the teams, who comes and goes, how evenly roles take part."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from cvln_eval.errors import ArgumentError
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
from cvln_eval.participation.balance import RoleBalance
from cvln_eval.participation.flow import RosterFlow
from cvln_eval.participation.makeup import TeamMakeup

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_growth", "plot_role_balance", "plot_roster_flow", "plot_team_makeup"]

ALL = "all"
Names = Mapping[str, str]


def plot_team_makeup(
    result: TeamMakeup,
    *,
    number: str,
    study: Origin,
    by: str = "level",
    title: str | None = None,
    note: str | None = None,
    names: Names | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw the make-up of each team, one bar a wave, stacked by group.

    Parameters
    ----------
    result : TeamMakeup
        From `team_makeup`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    by : str
        Way of grouping: `level`, `role`, ...
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
        If the result was not grouped that way or is empty.
    """
    data = only(result.makeup, by=by)
    data = data[data["team_id"] != ALL].reset_index(drop=True)
    teams = data["team_id"].nunique()
    draw = partial(_draw_makeup, data, {**result.waves, **(names or {})}, width)
    return figure_exhibit(
        number=number,
        title=title or result.sentence(),
        note=note or "Numbers above the bars are team sizes; n is the last roster.",
        n=int(result.glance()["n"].item()),
        data=data,
        study=study,
        sources=("memberships", "people"),
        drawing=Drawing(draw, inches(width), grid_height(teams, width=width, each=1.6)),
    )


def _draw_makeup(data: pd.DataFrame, names: Names, width: str, figure: Figure) -> None:
    groups = list(dict.fromkeys(data["group"]))
    teams = list(dict.fromkeys(data["team_id"]))
    waves = list(dict.fromkeys(data["wave"]))
    handles = []
    most = data["n_team"].max()
    for axes, team in zip(grid(figure, len(teams), width=width), teams, strict=True):
        own = data[data["team_id"] == team]
        handles = _stack(axes, own, groups, value="n", waves=waves, names=names)
        sizes = own.drop_duplicates("wave")
        for at, size in zip(map(waves.index, sizes["wave"]), sizes["n_team"], strict=True):
            text_on(axes, at, size + 0.02 * most, str(size), va="bottom")
        name_panel(axes, team, names)
        axes.set_ylim(0, 1.16 * most)
    figure.supylabel("Members", size=7.5)
    legend_above(figure, handles, [readable(group, names) for group in groups])


def _stack(
    axes: Axes,
    own: pd.DataFrame,
    groups: list[str],
    *,
    value: str,
    waves: list[str],
    names: Names,
) -> list[object]:
    """Stack the groups of one team, one bar a wave; return the bars for the legend.

    All panels share the waves, so that a team that came late has its bars where they belong.
    """
    below = [0.0] * len(waves)
    handles: list[object] = []
    for place, group in enumerate(groups):
        rows = own[own["group"] == group].set_index("wave")[value].reindex(waves).fillna(0)
        heights = [float(height) for height in rows]
        handles.append(axes.bar(range(len(waves)), heights, 0.72, bottom=below, **look(place)))
        below = [low + height for low, height in zip(below, heights, strict=True)]
    wave_ticks(axes, waves, names)
    return handles


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
        "roster, the part below are those who left."
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
        note=note or "The number at the right is the growth; n is the last roster.",
        n=int(data["n_last"].sum()),
        data=data,
        study=study,
        sources=("memberships", "people"),
        drawing=Drawing(draw, inches(width), 0.95 + 0.3 * len(data)),
    )


def _draw_growth(data: pd.DataFrame, first: str, last: str, names: Names, figure: Figure) -> None:
    axes = figure.subplots()
    at = range(len(data))
    axes.hlines(at, data["n_first"], data["n_last"], color=GREY, linewidth=1.5, zorder=1)
    open_marks = axes.scatter(
        data["n_first"], at, s=30, marker="o", facecolor="white", edgecolor=COLOURS[0], zorder=2
    )
    full_marks = axes.scatter(data["n_last"], at, s=30, marker="D", color=COLOURS[5], zorder=3)
    most = float(max(data["n_first"].max(), data["n_last"].max(), 1))
    for place, row in enumerate(data.to_dict("records")):
        text = f"{row['n_growth']:+d}".replace("-", "−")
        right = max(row["n_first"], row["n_last"]) + 0.06 * most
        text_on(axes, right, place, text, ha="left")
    axes.set_yticks(at, [readable(group, names) for group in data["group"]])
    axes.set_ylim(len(data) - 0.4, -0.6)
    axes.set_xlim(0, 1.2 * most)
    axes.grid(axis="x")
    axes.set_xlabel("Leaders on the roster")
    legend_above(figure, [open_marks, full_marks], [first, last])


def plot_role_balance(
    result: RoleBalance,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Names | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw the share of each role in each team and wave, with the evenness above each bar.

    Parameters
    ----------
    result : RoleBalance
        From `role_balance`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the result's sentence, and what the numbers are.
    names : mapping, optional
        Names of teams, roles and waves to show for their ids.
    width : str
        `single` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If the units of the result are not teams in waves.
    """
    if set(result.within) != {"wave", "team_id"}:
        raise ArgumentError(
            "This figure draws teams by wave",
            expected='role_balance(..., within=("wave", "team_id"))',
            seen=", ".join(result.within),
        )
    data = result.roles.merge(
        result.balance[["wave", "team_id", "evenness"]], on=["wave", "team_id"], how="left"
    )
    teams = data["team_id"].nunique()
    draw = partial(_draw_balance, data, names_of(study, names), width)
    explained = (
        "Above each bar: Pielou's evenness over the roles present (1 = equally many; a dash where "
        "there is one role only)."
    )
    return figure_exhibit(
        number=number,
        title=title or result.sentence(),
        note=note or explained,
        n=int(result.glance()["n"].item()),
        data=data,
        study=study,
        sources=("memberships",),
        drawing=Drawing(draw, inches(width), 0.15 + grid_height(teams, width=width, each=1.7)),
    )


def _draw_balance(data: pd.DataFrame, names: Names, width: str, figure: Figure) -> None:
    roles = list(dict.fromkeys(data["role"]))
    teams = sorted(set(data["team_id"]))
    waves = [wave for wave in names if wave in set(data["wave"])]
    waves += sorted(set(data["wave"]) - set(waves))
    handles: list[object] = []
    shares = data.rename(columns={"role": "group"})
    for axes, team in zip(grid(figure, len(teams), width=width, integer=False), teams, strict=True):
        own = shares[shares["team_id"] == team]
        handles = _stack(axes, own, roles, value="share", waves=waves, names=names)
        units = own.drop_duplicates("wave")
        for at, evenness in zip(map(waves.index, units["wave"]), units["evenness"], strict=True):
            text = "–" if pd.isna(evenness) else f"{evenness:.2f}".removeprefix("0")
            text_on(axes, at, 1.02, text, va="bottom", size=6)
        name_panel(axes, team, names)
        axes.set_ylim(0, 1.12)
        axes.set_yticks([0, 0.5, 1], ["0%", "50%", "100%"])
    figure.supylabel("Share of members", size=7.5)
    legend_above(figure, handles, [readable(role, names) for role in roles])
