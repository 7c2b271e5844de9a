"""Figures of sessions held, coaching given and leaders who return."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
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
    readable,
    text_on,
    wave_ticks,
)
from cvln_eval.exhibits.style import COLOURS, GREY, INK
from cvln_eval.participation.dose import CoachingDose
from cvln_eval.participation.held import SessionsHeld
from cvln_eval.participation.returning import ReturningLeaders
from cvln_eval.results import level_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_coaching_dose", "plot_returning", "plot_sessions_held"]

ALL = "all"
Names = Mapping[str, str]
PLATE = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}


def plot_coaching_dose(
    result: CoachingDose,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Names | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw hours of coaching, one panel a team and one bar a wave, with the visits above.

    A dose that is not known shows as a question mark, a dose of 0 as 0.

    Parameters
    ----------
    result : CoachingDose
        From `coaching_dose`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the result's sentence, and what the numbers are.
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
        If no team was on a roster.
    """
    data = result.dose
    if data.empty:
        raise ArgumentError("There is no dose to draw", seen=result.sentence())
    row = result.glance().iloc[0]
    explained = "Above the bars: number of visits." + _lengths(study, list(result.waves))
    if row["n_minutes_missing"]:
        explained += (
            f" The length of {row['n_minutes_missing']} of {row['n_visits']} visits is not known; "
            "their hours are not in the bars (marked *)."
        )
    if (data["reason"] == "no visit has a length").any():
        explained += " ?: no visit of the wave has a length."
    if row["n_visits_off_roster"]:
        explained += " Grey: the team was on no roster of the wave."
    explained += " n counts visits with a day."
    teams = data["team_id"].nunique()
    draw = partial(_draw_dose, data, {**result.waves, **(names or {})}, width)
    return figure_exhibit(
        number=number,
        title=title or result.sentence(),
        note=note or explained,
        n=int(row["n_visits"]),
        data=data,
        study=study,
        sources=("coaching", "memberships"),
        drawing=Drawing(draw, inches(width), grid_height(teams, width=width, each=1.55) - 0.25),
    )


def _lengths(study: Origin, waves: list[str]) -> str:
    """Say how long the waves are where they differ: a longer wave has room for more hours."""
    days = {
        wave.id: (wave.ends_on - wave.starts_on).days + 1
        for wave in getattr(study, "waves", ())
        if wave.starts_on and wave.ends_on
    }
    found = [days[wave] for wave in waves if wave in days]
    if len(found) < len(waves) or max(found) < 1.25 * min(found):
        return ""
    return f" The waves last {', '.join(map(str, found))} days, so compare teams, not waves."


def _draw_dose(data: pd.DataFrame, names: Names, width: str, figure: Figure) -> None:
    teams = list(dict.fromkeys(data["team_id"]))
    waves = [wave for wave in names if wave in set(data["wave"])]
    most = float(np.nanmax([1.0, *data["coaching_hours"].astype(float)]))
    for axes, team in zip(grid(figure, len(teams), width=width), teams, strict=True):
        own = data[data["team_id"] == team].set_index("wave")
        for at, wave in enumerate(waves):
            if wave in own.index:
                _dose_bar(axes, at, own.loc[wave].to_dict(), most)
        wave_ticks(axes, waves, names)
        name_panel(axes, team, names)
        axes.set_ylim(0, 1.15 * most)
        axes.grid(axis="y")
    figure.supylabel("Hours of coaching", size=7.5)


def _dose_bar(axes: Axes, at: int, row: Mapping[Any, Any], most: float) -> None:
    hours = row["coaching_hours"]
    if pd.isna(hours):
        text_on(axes, at, 0.03 * most, "?", va="bottom", color=COLOURS[5])
        return
    axes.bar(at, hours, 0.7, color=COLOURS[0] if row["on_roster"] else GREY)
    mark = "*" if row["n_minutes_missing"] else ""
    text_on(axes, at, hours + 0.02 * most, f"{row['n_visits']}{mark}", va="bottom")


def plot_sessions_held(
    result: SessionsHeld,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Names | None = None,
    width: str = "single",
) -> Exhibit:
    """Draw the share of planned sessions that were held, with Wilson intervals.

    A group whose share is not known shows its reason.

    Parameters
    ----------
    result : SessionsHeld
        From `sessions_held`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the result's sentence, and what the bars mean.
    names : mapping, optional
        Names of groups to show for their ids.
    width : str
        `single` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If the width is unknown.
    """
    data = result.counts
    draw = partial(_draw_held, data, names or {})
    level = level_in_words(float(data["conf_level"].iloc[0]))
    return figure_exhibit(
        number=number,
        title=title or result.sentence(),
        note=note
        or f"Bars are {level} Wilson intervals, which treat sessions as independent; at the "
        "right: held, of those whose fate is known. n counts sessions.",
        n=int(result.glance()["n"].item()),
        data=data,
        study=study,
        sources=("sessions",),
        drawing=Drawing(draw, inches(width), 0.6 + 0.24 * len(data)),
    )


def _draw_held(data: pd.DataFrame, names: Names, figure: Figure) -> None:
    axes = figure.subplots()
    for at, row in enumerate(data.to_dict("records")):
        whole = row["by"] == ALL
        text_on(axes, 1.06, at, f"{row['n_held']} of {row['n']}", ha="left")
        if pd.isna(row["share_held"]):
            text_on(axes, 0.5, at, str(row["reason"]), color=GREY, style="italic")
            continue
        colour = INK if whole else COLOURS[0]
        axes.hlines(at, row["conf_low"], row["conf_high"], color=colour, linewidth=1.6)
        axes.plot(
            row["share_held"], at, "D" if whole else "o", color=colour, markersize=5, clip_on=False
        )
    several = data["by"].nunique() > 2
    labels = [
        "all sessions"
        if row["by"] == ALL
        else readable(row["group"], names) + (f" ({readable(row['by'])})" if several else "")
        for row in data.to_dict("records")
    ]
    axes.set_yticks(range(len(data)), labels)
    axes.set_ylim(len(data) - 0.5, -0.5)
    axes.set_xlim(0, 1.01)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.set_xlabel("Share held")
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)


def plot_returning(
    result: ReturningLeaders,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Names | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw who of a cohort came back in the next, leaders and teams side by side.

    Parameters
    ----------
    result : ReturningLeaders
        From `returning_leaders`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the result's sentence, and what the band means.
    names : mapping, optional
        Names of cohorts to show for their ids.
    width : str
        `single` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If there are fewer than two cohorts.
    """
    data = result.returns
    if data.empty:
        raise ArgumentError("There is no return to draw", seen=result.sentence())
    draw = partial(_draw_returning, data, names or {})
    return figure_exhibit(
        number=number,
        title=title or result.sentence(),
        note=note
        or "The band holds those in both cohorts, as a share of the earlier one with its 95% "
        "Wilson interval, which treats leaders as independent though they come in teams; n counts "
        "leaders of the earlier cohort.",
        n=int(result.glance()["n"].item()),
        data=data,
        study=study,
        sources=("memberships",),
        drawing=Drawing(draw, inches(width), 2.4),
    )


def _draw_returning(data: pd.DataFrame, names: Names, figure: Figure) -> None:
    panels = figure.subplots(1, len(data), squeeze=False).ravel()
    handles: list[object] = []
    for axes, row in zip(panels, data.to_dict("records"), strict=True):
        handles = _return_band(axes, row)
        ends = [row["from_cohort"], row["cohort"]]
        axes.set_xticks([0, 1], [f"cohort {readable(name, names)}" for name in ends])
        axes.set_xlim(-0.3, 1.3)
        axes.set_ylim(0, 1.1 * max(row["n_before"], row["n"], 1))
        axes.tick_params(axis="x", length=0)
        axes.set_title(f"{readable(row['unit'], names)}s".capitalize())
        axes.yaxis.get_major_locator().set_params(integer=True)
    labels = ["in both cohorts", "left", "new", "in an earlier cohort"]
    seen = 4 if data["n_back"].any() else 3
    legend_above(figure, handles[:seen], labels[:seen])


def _return_band(axes: Axes, row: Mapping[Any, Any]) -> list[object]:
    stayed, back = row["n_returning"], row["n_returning"] + row["n_back"]
    left = row["n_before"] - stayed
    empty: dict[str, Any] = {"facecolor": "white", "edgecolor": INK, "linewidth": 0.8}
    handles: list[object] = [
        axes.bar([0, 1], [stayed, stayed], 0.32, **look(0)),
        axes.bar(0, left or np.nan, 0.32, bottom=stayed, **empty),
        axes.bar(1, row["n_new"], 0.32, bottom=back, **look(1)),
        axes.bar(1, row["n_back"], 0.32, bottom=stayed, **look(3)),
    ]
    axes.fill_between([0.16, 0.84], 0, stayed, color=COLOURS[0], alpha=0.18, linewidth=0)
    if not pd.isna(row["share_returning"]):
        share = f"{row['share_returning']:.0%}\n[{row['conf_low']:.0%}, {row['conf_high']:.0%}]"
        text_on(axes, 0.5, stayed / 2, share)
    for at, place, value in (
        (0, stayed / 2, stayed),
        (0, stayed + left / 2, left),
        (1, back + row["n_new"] / 2, row["n_new"]),
    ):
        if value and place == stayed / 2:
            text_on(axes, at, place, str(value), color="white", weight="bold")
        elif value:
            text_on(axes, at, place, str(value), bbox=PLATE)
    return handles
