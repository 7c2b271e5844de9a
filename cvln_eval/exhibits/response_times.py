"""The share of posts not yet answered, day by day and wave by wave."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.mixing_words import balanced
from cvln_eval.exhibits.panels import (
    figure_exhibit,
    inches,
    name_panel,
    names_of,
    readable,
    text_on,
)
from cvln_eval.exhibits.style import COLOURS, GREY
from cvln_eval.exhibits.wording import needed
from cvln_eval.results import count, level_in_words, number, proportion

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.networks.meetings import ResponseTimes

__all__ = ["plot_response_times"]

COLUMNS = (
    "wave", "relation", "by", "group", "measure", "estimate", "conf_low", "conf_high",
    "conf_level", "n_posts", "n_posts_answered", "method", "reason",
)  # fmt: skip
ALL = "all"
DAY = 24.0
FADED = 0.18
BEYOND = 1.08  # of the last first answer, where the axis ends
MOST = {"single": 2, "one_and_a_half": 2, "double": 4}
EACH = 1.7  # inches of a row of panels
Row = Mapping[Any, Any]


def plot_response_times(
    result: ResponseTimes,
    *,
    number: str,
    study: Origin,
    action: str | None = None,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw the share of posts that nobody else has answered yet (Kaplan-Meier), a panel a wave.

    Dotted lines lead to the median, the time after which half or less were open.

    Parameters
    ----------
    result : ResponseTimes
        From `response_times`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    action : str, optional
        Only posts of this action, such as "post" where replies are never answered themselves.
    title, note : str, optional
        By default the share answered in each wave, and what the marks mean.
    names : mapping, optional
        Names of waves to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit
        Its n counts posts.

    Raises
    ------
    ArgumentError
        If no post was answered, or none is of the action.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from cvln_eval.networks.meetings import response_times
    >>> activity = pd.DataFrame({
    ...     "activity_id": ["p1", "p2", "p3"], "person_id": ["a", "b", "a"],
    ...     "occurred_at": ["2024-01-01 08:00", "2024-01-01 11:00", "2024-01-02 08:00"],
    ...     "reply_to_id": [None, "p1", None]})
    >>> memberships = pd.DataFrame({"wave": "1", "person_id": ["a", "b"], "team_id": "x"})
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> plot_response_times(response_times(activity, memberships), number="9.1", study=study).title
    'Of 3 posts in 1, 33% were answered by somebody else'
    """
    tidy, curve = needed(result.tidy(), COLUMNS), result.curve(action=action)
    if curve.empty:
        raise ArgumentError("No post was answered", seen=result.sentence())
    rows = tidy.loc[tidy["group"] == (action or ALL), [*COLUMNS]].reset_index(drop=True)
    called, posts = names_of(study, names), result.of(action)
    last = posts.groupby("wave")["hours_waited"].max().to_dict()
    waves = list(dict.fromkeys(rows["wave"]))
    columns = balanced(len(waves), MOST.get(width, 2))
    draw = partial(_draw, rows, curve, last, columns, called)
    return figure_exhibit(
        number=number,
        title=title or _title(rows, called),
        note=note or _note(result, rows, called),
        n=len(posts),
        data=pd.concat([curve, rows], ignore_index=True),
        study=study,
        sources=("activity",),
        drawing=Drawing(draw, inches(width), 0.35 + EACH * math.ceil(len(waves) / columns)),
    )


def _title(rows: pd.DataFrame, called: Mapping[str, str]) -> str:
    shares = rows[rows["measure"] == "share_answered"].to_dict("records")
    said = [
        f"{count(int(row['n_posts']), 'post')} in {readable(row['wave'], called)}, "
        f"{proportion(row['estimate'])}"
        for row in shares
    ]
    return f"Of {', of '.join(said)} were answered by somebody else"


def _note(result: ResponseTimes, rows: pd.DataFrame, called: Mapping[str, str]) -> str:
    level = level_in_words(result.conf_level)
    parts = [
        "Kaplan-Meier; a post without an answer was watched until its wave ended. "
        f"Bands: pointwise {level} intervals that take posts as independent, which those of one "
        "discussion are not, so that they may be too narrow. Dotted: the median."
    ]
    linked = {str(row["wave"]): str(row["method"]) for row in rows.to_dict("records")}
    for method in dict.fromkeys(linked.values()):
        where = [readable(wave, called) for wave in linked if linked[wave] == method]
        of = f" in {', '.join(where)}" if len(where) < len(linked) else ""
        parts.append(f"How answers{of} are known: {method}.")
    return " ".join([*parts, "n counts posts."])


def _draw(
    rows: pd.DataFrame,
    curve: pd.DataFrame,
    last: Mapping[Any, float],
    columns: int,
    called: Mapping[str, str],
    figure: Figure,
) -> None:
    waves = list(dict.fromkeys(rows["wave"]))
    lines = math.ceil(len(waves) / columns)
    axes = figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False)
    flat = list(axes.ravel())
    end = BEYOND * max(float(curve["hours_waited"].max()), 1.0) / DAY
    for panel, wave in zip(flat, waves, strict=False):
        own = {row["measure"]: row for row in rows[rows["wave"] == wave].to_dict("records")}
        _draw_panel(panel, curve[curve["wave"] == wave], min(last[wave] / DAY, end))
        _draw_median(panel, own["median_hours"])
        _say(panel, own, end)
        name_panel(panel, wave, called)
        _furnish(panel, end)
    for spare in flat[len(waves) :]:
        spare.set_visible(False)
    for place in range(len(waves) - columns, len(waves)):
        flat[max(place, 0)].tick_params(labelbottom=True)
        flat[max(place, 0)].set_xlabel("Days since the post")
    for panel in axes[:, 0]:
        panel.set_ylabel("Not yet answered")


def _draw_panel(axes: Axes, curve: pd.DataFrame, end: float) -> None:
    days = np.concatenate([[0.0], curve["hours_waited"] / DAY, [end]])
    open_, low, high = (
        np.concatenate([[1.0], curve[name], curve[name].iloc[-1:] if len(curve) else [1.0]])
        for name in ("share_open", "conf_low", "conf_high")
    )
    axes.fill_between(days, low, high, step="post", color=COLOURS[0], alpha=FADED, linewidth=0)
    axes.step(days, open_, where="post", color=COLOURS[0], linewidth=1.5, zorder=3)


def _draw_median(axes: Axes, row: Row) -> None:
    if math.isnan(row["estimate"]):
        return
    day = row["estimate"] / DAY
    axes.plot([0, day, day], [0.5, 0.5, 0], color=GREY, linewidth=0.9, linestyle=":", zorder=2)


def _say(axes: Axes, own: Mapping[Any, Row], end: float) -> None:
    """Write what was answered and after how long, where curves seldom are."""
    share, median = own["share_answered"], own["median_hours"]
    posts = f"{int(share['n_posts_answered']):,} of {int(share['n_posts']):,} answered"
    behind = {"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.8}
    look: dict[str, Any] = {"ha": "right", "va": "top", "bbox": behind}
    text_on(axes, end, 1.0, posts, **look)
    said = "no median"
    if not math.isnan(median["estimate"]):
        ends = [
            "–" if math.isnan(median[name]) else f"{median[name]:.0f}"
            for name in ("conf_low", "conf_high")
        ]
        said = f"median {number(median['estimate'], 0)} h [{', '.join(ends)}]"
    text_on(axes, end, 0.91, said, **look)


def _furnish(axes: Axes, end: float) -> None:
    axes.set_xlim(0, end)
    axes.set_ylim(0, 1.03)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.locator_params(axis="x", nbins=5)
    axes.grid(axis="y")
