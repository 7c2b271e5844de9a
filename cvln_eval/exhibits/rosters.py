"""Figures of rosters: who is in the teams and how evenly roles take part."""

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
from cvln_eval.participation.balance import RoleBalance
from cvln_eval.participation.makeup import TeamMakeup

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_role_balance", "plot_team_makeup"]

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
        note=note or "Numbers above the bars are team sizes; n counts leaders on the last roster.",
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
        "there is one role only). n counts leaders times waves."
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
