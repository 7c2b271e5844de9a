"""Rubric levels of teams, first wave beside last, with the raters behind each level."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.panels import (
    columns_for,
    figure_exhibit,
    grid,
    grid_height,
    inches,
    legend_above,
    name_panel,
    names_of,
    readable,
)
from cvln_eval.exhibits.style import COLOURS
from cvln_eval.exhibits.wording import folded, needed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.measurement.contents.rubric import RubricLevels

__all__ = ["plot_rubric"]

COLUMNS = ("wave", "team_id", "criterion", "n_raters", "mean", "score_min", "score_max")
SHIFT = 0.17  # of a row, by which the two waves stand apart
ROW = 0.25  # inches
LABEL = 1.15  # inches
FIRST: dict[str, Any] = {"marker": "o", "color": COLOURS[5], "markerfacecolor": "white"}
LAST: dict[str, Any] = {"marker": "o", "color": COLOURS[0]}
ALONE: dict[str, Any] = {"marker": "D", "markersize": 4}


def plot_rubric(
    result: RubricLevels,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw each team's level on each criterion in the first and the last wave.

    A panel a team; a round mark is the mean of the raters, ticks are the lowest and the highest
    of them, and a diamond is the score of a single rater. A level without a score is not drawn
    and is counted in the note.

    Parameters
    ----------
    result : RubricLevels
        From `rubric_levels`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the result's sentence, and what the marks mean.
    names : mapping, optional
        Names of criteria, teams and waves to show for their ids.
    width : str
        `single` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If there is no level to draw.
    """
    every = needed(result.tidy(), COLUMNS)
    ends = list(dict.fromkeys([result.waves[0], result.waves[-1]]))
    data = every[every["wave"].isin(ends)].reset_index(drop=True)
    criteria = list(dict.fromkeys(data["criterion"]))
    teams = list(dict.fromkeys(data["team_id"]))
    draw = partial(_draw, data, ends, criteria, teams, names_of(study, names), width)
    each = 0.35 + ROW * len(criteria)
    return figure_exhibit(
        number=number,
        title=title or result.sentence(),
        note=note or _note(data, len(result.waves)),
        n=len(teams),
        data=data,
        study=study,
        sources=("ratings",),
        drawing=Drawing(draw, inches(width), grid_height(len(teams), width=width, each=each) + 0.2),
    )


def _note(data: pd.DataFrame, waves: int) -> str:
    parts = [
        "Round marks: mean of the raters; ticks: the lowest and the highest where they differ."
    ]
    alone = int((data["n_raters"] == 1).sum())
    if alone:
        parts.append(f"Diamonds: {alone} of {len(data)} levels that one rater gave alone.")
    missing = int(data["mean"].isna().sum())
    if missing:
        parts.append(f"Not drawn: {missing} of {len(data)} levels, which have no score.")
    if waves == 3:
        parts.append("One wave between is not drawn.")
    elif waves > 3:
        parts.append(f"The {waves - 2} waves between are not drawn.")
    return " ".join([*parts, "n counts teams."])


def _draw(
    data: pd.DataFrame,
    ends: list[str],
    criteria: list[str],
    teams: list[str],
    called: Mapping[str, str],
    width: str,
    figure: Figure,
) -> None:
    from matplotlib.lines import Line2D

    panels = grid(figure, len(teams), width=width)
    for axes, team in zip(panels, teams, strict=True):
        own = data[data["team_id"] == team]
        for at, criterion in enumerate(criteria):
            _draw_level(axes, at, own[own["criterion"] == criterion], ends)
        name_panel(axes, team, called)
        axes.grid(axis="x")
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
    room = LABEL if width == "double" else 0.8
    labels = [folded(readable(criterion, called), room) for criterion in criteria]
    panels[0].set_yticks(range(len(criteria)), labels)
    panels[0].set_ylim(len(criteria) - 0.4, -0.6)
    low, high = np.floor(data["score_min"].min()), np.ceil(data["score_max"].max())
    panels[0].set_xlim(low - 0.25, high + 0.25)
    panels[0].set_xticks(np.arange(low, high + 1))
    # Not a label of the whole figure, which would stand below the room that the panels have.
    columns = columns_for(width, len(teams))
    last = panels[(len(teams) - 1) // columns * columns :]
    last[len(last) // 2].set_xlabel("Rubric level")
    looks = [LAST] if len(ends) == 1 else [FIRST, LAST]
    handles = [Line2D([], [], **{**look, "linestyle": ""}) for look in looks]
    legend_above(figure, handles, [readable(wave, called) for wave in ends])


def _draw_level(axes: Axes, at: int, own: pd.DataFrame, ends: list[str]) -> None:
    """Draw both waves of a criterion, the later below the earlier, joined where both are known."""
    joined = []
    for row in own.to_dict("records"):
        place = ends.index(row["wave"])
        level = at + SHIFT * (2 * place - len(ends) + 1)
        look = dict(LAST if place == len(ends) - 1 else FIRST)
        line: dict[str, Any] = {"color": look["color"], "linewidth": 0.7, "markersize": 5}
        axes.plot([row["score_min"], row["score_max"]], [level, level], marker="|", **line)
        axes.plot(row["mean"], level, **{**look, **(ALONE if row["n_raters"] == 1 else {})})
        joined.append((row["mean"], level))
    if joined:
        axes.plot(*zip(*joined, strict=True), color="#BBBBBB", linewidth=0.8, zorder=1.5)
