"""How much the members of teams agree, beside what random groups of the same people would show."""

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
from cvln_eval.exhibits.rounding import in_apa
from cvln_eval.exhibits.style import COLOURS, INK
from cvln_eval.exhibits.wording import needed
from cvln_eval.results import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.measurement.teams import TeamAgreement

__all__ = ["plot_agreement_forest"]

TEAMS = ("scale", "wave", "team_id", "n", "null", "rwg_j_truncated")
ICC = ("icc_1", "icc_1_low", "icc_1_high")
PSEUDO = ("rwg_j_mean", "pseudo_mean", "pseudo_low", "pseudo_high")
SUMMARY = ("scale", "wave", "n", *ICC, *PSEUDO, "pseudo_p_value", "reason")
LOOKS: tuple[dict[str, Any], ...] = (
    {"marker": "o", "markerfacecolor": COLOURS[0], "markeredgecolor": "white"},
    {"marker": "s", "markerfacecolor": "white", "markeredgecolor": COLOURS[5]},
)
MEAN: dict[str, Any] = {"marker": "|", "color": INK, "markersize": 10, "markeredgewidth": 1.4}
BAND: dict[str, Any] = {"color": "#CFCFCF", "linewidth": 0}
SPREAD = 0.17  # of a row, by which the marks of the nulls stand apart


def plot_agreement_forest(
    result: TeamAgreement,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw rwg(j) of each team at the left and ICC(1) with its interval at the right.

    A row a scale and wave. The grey band is where the mean rwg(j) of random groups of the same
    people lies: a mean over teams inside it shows that everybody agrees, not that teams do. Pairs
    of scale and wave without numbers, such as those that were not asked, are counted in the note.

    Parameters
    ----------
    result : TeamAgreement
        From `team_agreement`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the result's sentence, and what the marks mean.
    names : mapping, optional
        Names of scales, waves and nulls to show for their ids.
    width : str
        `double`; a single column is narrow for two panels.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If there is no scale to draw.
    """
    every = needed(result.tidy(), SUMMARY)
    summary = needed(every[every["n"] > 0], SUMMARY).reset_index(drop=True)
    teams = needed(result.teams(), TEAMS)
    nulls = list(dict.fromkeys(teams["null"]))[: len(LOOKS)]
    data = summary.merge(teams, on=["scale", "wave"], how="left", suffixes=("", "_team"))
    called = names_of(study, names)
    draw = partial(_draw, summary, teams, nulls, called)
    return figure_exhibit(
        number=number,
        title=title or result.sentence(),
        note=note or _note(summary, teams, called, len(every) - len(summary)),
        n=int(summary["n"].max()),
        data=data,
        study=study,
        sources=("responses", "memberships"),
        drawing=Drawing(draw, inches(width), forest_height(len(summary)) + 0.2),
    )


def _note(
    summary: pd.DataFrame, teams: pd.DataFrame, called: Mapping[str, str], left_out: int
) -> str:
    parts = ["Each mark is a team; rwg(j) below 0 is drawn at 0."]
    without = int(teams["rwg_j_truncated"].isna().sum())
    if without:
        parts.append(f"Not drawn: {count(without, 'value')} that teams do not have.")
    parts.append(
        "Upright line: mean over teams, uniform null; grey band: that mean in random groups of the "
        "same people, 95% of draws. A line inside the band: nothing shows that teams agree more "
        "than everybody does. Dashed: .70, a convention. p: share of random groups that agree as "
        "much."
    )
    parts += why_missing(summary, "icc_1", called)
    if left_out:
        parts.append(f"{count(left_out, 'pair')} of a scale and a wave without numbers left out.")
    return " ".join([*parts, "n counts people, here in the row with most."])


def _draw(
    summary: pd.DataFrame,
    teams: pd.DataFrame,
    nulls: list[str],
    called: Mapping[str, str],
    figure: Figure,
) -> None:
    left, right = figure.subplots(1, 2, sharey=True, gridspec_kw={"width_ratios": [1.25, 1]})
    for at, row in enumerate(summary.to_dict("records")):
        own = teams[(teams["scale"] == row["scale"]) & (teams["wave"] == row["wave"])]
        _draw_band(left, at, row)
        _draw_teams(left, at, own, nulls)
        whisker(right, at, row, ICC, color=INK, marker="D", markersize=4)
        if pd.isna(row["icc_1"]):
            say_missing(right, at)
    _furnish(left, right, summary, called)
    least = np.nanmin([0.6, *teams["rwg_j_truncated"], *summary["pseudo_low"]])
    left.set_xlim(np.floor(10 * least) / 10 - 0.02, 1.02)
    handles = [*map(_mark, LOOKS[: len(nulls)]), _mark(MEAN), _band_patch()]
    labels = [f"{readable(null, called)} null" for null in nulls]
    legend_above(figure, handles, [*labels, "mean over teams", "the mean in random groups"])


def _draw_teams(axes: Axes, at: int, own: pd.DataFrame, nulls: list[str]) -> None:
    for place, null in enumerate(nulls):
        values = own.loc[own["null"] == null, "rwg_j_truncated"].dropna()
        if values.empty:
            continue  # an empty mark that is not clipped would take room at the corner of the page
        level = np.full(len(values), at + SPREAD * (2 * place - len(nulls) + 1))
        axes.plot(values, level, linestyle="", clip_on=False, zorder=3, **LOOKS[place])


def _draw_band(axes: Axes, at: int, row: Mapping[Any, Any]) -> None:
    if not pd.isna(row["pseudo_low"]):
        low, high = row["pseudo_low"], row["pseudo_high"]
        axes.barh(at, high - low, 0.84, left=low, **BAND)
    if not pd.isna(row["rwg_j_mean"]):
        axes.plot(row["rwg_j_mean"], at, linestyle="", zorder=4, **MEAN)


def _furnish(left: Axes, right: Axes, summary: pd.DataFrame, called: Mapping[str, str]) -> None:
    name_rows(left, summary, called)
    left.set_xlabel("rwg(j) of each team")
    convention(left)
    right.axvline(0, color=INK, linewidth=0.6)
    right.set_xlabel("ICC(1) with interval")
    right.tick_params(axis="y", length=0)
    right.spines["left"].set_visible(False)
    for axes in (left, right):
        axes.grid(axis="x")
    beside(right, 1, "n", [f"{int(n)}" for n in summary["n"]])
    beside(right, 2, "p", [in_apa(p) for p in summary["pseudo_p_value"]])


def _mark(look: Mapping[str, Any]) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], linestyle="", **look)


def _band_patch() -> Any:
    from matplotlib.patches import Patch

    return Patch(**BAND)
