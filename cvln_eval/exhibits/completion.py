"""The share of milestones still open, day by day, with the numbers at risk below."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.panels import figure_exhibit, inches, legend_above, names_of, readable
from cvln_eval.exhibits.style import COLOURS, GREY, INK, LINES
from cvln_eval.exhibits.wording import needed
from cvln_eval.inference.timing.grouping import ALL
from cvln_eval.results import count, level_in_words, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.inference.timing import TimeToCompletion

__all__ = ["plot_time_to_completion"]

COLUMNS = ("group", "quantity", "estimate", "conf_low", "conf_high", "n", "n_reached", "reason")
ORDER = (0, 5, 2, 3, 1, 4, 6, 7)  # of the colours, so that two groups differ in grey too
FADED = 0.16
TICK: dict[str, Any] = {"marker": "|", "linestyle": "", "markersize": 6, "markeredgewidth": 1.1}
ROW = 0.17  # inches of a row of the table below

Look = dict[str, Any]


def plot_time_to_completion(
    result: TimeToCompletion,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw the share of milestones still open (Kaplan-Meier) of each group, with its interval.

    Upright ticks are milestones that were open when they were last seen; dotted lines lead to the
    median, the first day on which half or less were open. The numbers below are the milestones
    still open and in sight.

    Parameters
    ----------
    result : TimeToCompletion
        From `time_to_completion`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the median of each group, and what the marks mean.
    names : mapping, optional
        Names of groups to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If the result has no row.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from cvln_eval.inference.timing import time_to_completion
    >>> times = pd.DataFrame({"days": [10.0, 20, 30, 40, 50], "reached": [True] * 4 + [False],
    ...                       "reason": [""] * 5, "cluster_id": list("abcde")})
    >>> found = time_to_completion(times, n_draws=200)
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> plot_time_to_completion(found, number="9.1", study=study).title
    'Half of the milestones took 30 days or less.'
    """
    tidy, called = needed(result.tidy(), COLUMNS), names_of(study, names)
    medians = tidy[tidy["quantity"] == "median"].reset_index(drop=True)
    data = pd.concat([result.curve(), medians, _censored(result)], ignore_index=True)
    draw = partial(_draw, result, medians, called)
    height = 2.75 + ROW * len(medians)
    return figure_exhibit(
        number=number,
        title=title or _title(medians, called),
        note=note or _note(result, medians, called),
        n=int(medians["n"].sum()),
        data=data,
        study=study,
        sources=("milestones",),
        drawing=Drawing(draw, inches(width), height),
    )


def _censored(result: TimeToCompletion) -> pd.DataFrame:
    """Return the days on which milestones were last seen, open, and the share open there."""
    curve = result.curve()
    rows = []
    for group, days in result.lasting.items():
        own = curve[curve["group"] == group]
        reached = dict(zip(own["days"], own["n_reached"], strict=True))
        for day, n in zip(*np.unique(days, return_counts=True), strict=True):
            if n > reached.get(day, 0):
                left = int(n - reached.get(day, 0))
                rows.append((group, float(day), left, _share_at(own, float(day))))
    return pd.DataFrame(rows, columns=["group", "days", "n_open", "share_open"])


def _share_at(curve: pd.DataFrame, day: float) -> float:
    """Return the share still open after a day."""
    before = curve.loc[curve["days"] <= day, "share_open"]
    return float(before.iloc[-1]) if len(before) else 1.0


def _title(medians: pd.DataFrame, called: Mapping[str, str]) -> str:
    """Return the median of each group; no comparison, which is another result's."""
    rows = medians.to_dict("records")
    if len(rows) > 1:
        each = "; ".join(f"{_name(row, called)} {_days_or_why(row)}" for row in rows)
        return f"Days within which half of the milestones were reached: {each}."
    if math.isnan(rows[0]["estimate"]):
        return f"The milestones have no median: {rows[0]['reason']}."
    return f"Half of the milestones took {_days_or_why(rows[0])} days or less."


def _days_or_why(row: Mapping[Any, Any]) -> str:
    return f"none ({row['reason']})" if math.isnan(row["estimate"]) else number(row["estimate"], 0)


def _name(row: Mapping[Any, Any], called: Mapping[str, str]) -> str:
    return readable(row["group"], called)


def _note(result: TimeToCompletion, medians: pd.DataFrame, called: Mapping[str, str]) -> str:
    level = level_in_words(float(medians["conf_level"].iloc[0]))
    bounds = "; ".join(
        f"{readable(row['group'], {ALL: 'all', **called})} {_bounds(row)}"
        for row in medians.to_dict("records")
    )
    parts = [
        f"Bands: pointwise {level} intervals that take milestones as independent, which those "
        "of one division are not, so that they may be too narrow; whether they overlap is no test. "
        f"Ticks: open when last seen. Medians in days with {level} intervals: {bounds}."
    ]
    if result.n_left_out:
        parts.append(f"{count(result.n_left_out, 'milestone')} without a duration left out.")
    clusters = int(medians["n_clusters"].max())
    return " ".join(
        [*parts, f"n counts milestones, in up to {count(clusters, 'cluster')} a group."]
    )


def _bounds(row: Mapping[Any, Any]) -> str:
    if math.isnan(row["estimate"]):
        return "–"
    ends = [
        "–" if math.isnan(row[name]) else number(row[name], 0) for name in ("conf_low", "conf_high")
    ]
    return f"{number(row['estimate'], 0)} [{', '.join(ends)}]"


def _draw(
    result: TimeToCompletion, medians: pd.DataFrame, called: Mapping[str, str], figure: Figure
) -> None:
    ratios = {"height_ratios": [2.0, ROW * (len(medians) + 0.5)]}
    curves, table = figure.subplots(2, 1, sharex=True, gridspec_kw=ratios)
    last = max(float(days[-1]) for days in result.lasting.values())
    censored = _censored(result)
    for at, row in enumerate(medians.to_dict("records")):
        look: Look = {"color": COLOURS[ORDER[at % len(ORDER)]], "linestyle": LINES[at % len(LINES)]}
        own = result.curve().query("group == @row['group']")
        end = float(result.lasting[row["group"]][-1])
        _draw_curve(curves, own, end, look)
        _draw_median(curves, row, at)
        ticks = censored[censored["group"] == row["group"]]
        curves.plot(
            ticks["days"], ticks["share_open"], zorder=4, **{**TICK, "color": look["color"]}
        )
    _furnish(curves, last)
    _write_table(table, result, medians, called, list(curves.get_xticks()), last)
    _explain(figure, medians, called)


def _draw_curve(axes: Axes, own: pd.DataFrame, end: float, look: Look) -> None:
    """Draw steps from the first day on, when all were open, to the last on which any was seen."""
    days = np.concatenate([[0.0], own["days"], [end]])
    edges = [
        np.concatenate([[1.0], own[name], own[name].iloc[-1:] if len(own) else [1.0]])
        for name in ("share_open", "conf_low", "conf_high")
    ]
    axes.fill_between(
        days, edges[1], edges[2], step="post", color=look["color"], alpha=FADED, linewidth=0
    )
    axes.step(days, edges[0], where="post", linewidth=1.5, zorder=3, **look)


def _draw_median(axes: Axes, row: Mapping[Any, Any], at: int) -> None:
    if math.isnan(row["estimate"]):
        return
    day = row["estimate"]
    axes.plot([0, day, day], [0.5, 0.5, 0], color=GREY, linewidth=0.8, linestyle=":", zorder=1)
    axes.annotate(
        number(day, 0),
        (day, 0.02 + 0.07 * at),
        (3, 0),
        textcoords="offset points",
        size=7,
        color=INK,
    )


def _furnish(axes: Axes, last: float) -> None:
    axes.set_ylim(0, 1.03)
    axes.set_xlim(0, 1.03 * last)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.set_ylabel("Milestones still open")
    axes.locator_params(axis="x", nbins=7, integer=True)
    axes.tick_params(axis="x", labelbottom=True)
    axes.set_xlabel("Days since the start")
    axes.grid(axis="y")


def _write_table(
    axes: Axes,
    result: TimeToCompletion,
    medians: pd.DataFrame,
    called: Mapping[str, str],
    ticks: Sequence[float],
    last: float,
) -> None:
    """Write how many milestones were at risk at each tick, a row a group."""
    days = [day for day in ticks if 0 <= day <= last]
    rows = {group: at for at, group in enumerate(medians["group"])}
    for row in result.at_risk(days).to_dict("records"):
        at = rows[row["group"]]
        axes.text(row["days"], at, f"{row['n_at_risk']}", size=7, ha="center", va="center")
    labels = [readable(group, {ALL: "open", **called}) for group in rows]
    axes.set_yticks(range(len(rows)), labels)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_title("Still open and in sight", size=7)
    axes.tick_params(length=0, labelbottom=False, pad=10)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def _explain(figure: Figure, medians: pd.DataFrame, called: Mapping[str, str]) -> None:
    from matplotlib.lines import Line2D

    if len(medians) < 2:
        return
    looks: list[Look] = [
        {"color": COLOURS[ORDER[at % len(ORDER)]], "linestyle": LINES[at % len(LINES)]}
        for at in range(len(medians))
    ]
    words = [
        f"{_name(row, called)} (n = {row['n']}, {row['n_reached']} reached)"
        for row in medians.to_dict("records")
    ]
    marks = [Line2D([], [], linewidth=1.5, **look) for look in looks]
    legend_above(figure, marks, words)
