"""First and last mean joined, with the interval of the change beside them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.forest import beside, forest_height, say_missing
from cvln_eval.exhibits.intervals import draw_interval, limits_of, set_limits, with_bounds
from cvln_eval.exhibits.panels import figure_exhibit, inches, legend_above, names_of, readable
from cvln_eval.exhibits.style import COLOURS, GREY, INK
from cvln_eval.exhibits.wording import folded, needed
from cvln_eval.inference.change.by_team import ALL, TeamChange
from cvln_eval.inference.change.paired import PairedChange
from cvln_eval.inference.panel.words import listed
from cvln_eval.results import count, level_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_change_dumbbells"]

MEANS = ("mean_before", "mean_after", "change", "conf_low", "conf_high", "conf_level")
COLUMNS = ("row", "scale", "from_wave", "wave", "n", *MEANS, "method", "reason")
FIRST: dict[str, Any] = {"marker": "o", "markersize": 5.5, "markerfacecolor": "white"}
LAST: dict[str, Any] = {"marker": "D", "markersize": 4, "color": COLOURS[5]}
CHANGE: dict[str, Any] = {"marker": "s", "markersize": 4, "color": INK}
NARROW = 5.0  # inches; a narrower page has no room for numbers beside the panels
LISTED = 8  # rows that a title has room to name
NAME = 1.5  # inches of a row's name

Changes = PairedChange | TeamChange


def plot_change_dumbbells(
    result: Changes | Mapping[str, Changes],
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw the first and the last mean of each scale or team, and the interval of the change.

    Both means are of the same people, those who answered twice. Of a `PairedChange` a row is a
    scale, with the interval of the result's default method (teams as clusters, where there are
    teams); of a `TeamChange` a row is a team, and the last all of them.

    Parameters
    ----------
    result : PairedChange, TeamChange or mapping
        From `paired_change` or `change_by_team`; several of them by a name, which goes before the
        names of their rows, such as a pair of waves.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default which intervals lie above, below and around 0 (of teams: the result's
        sentence), and what the marks mean.
    names : mapping, optional
        Names of scales, teams and waves to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column; a single one has no numbers beside.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If nobody answered twice.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from cvln_eval.inference.change import paired_change
    >>> scores = pd.DataFrame({"person_id": list("pqrs") * 2, "wave": ["y1"] * 4 + ["y2"] * 4,
    ...                        "team_id": list("AABB") * 2, "score": [3, 4, 2, 3, 4, 4, 4, 4.0]})
    >>> found = paired_change(scores, waves=("y1", "y2"))
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> plot_change_dumbbells(found, number="9.1", study=study).title[:55]
    'Mean score of the 4 people in 2 teams who answered in b'
    """
    several = result if isinstance(result, Mapping) else {"": result}
    called = names_of(study, names)
    data = needed(_rows(several, called), COLUMNS)
    if data["change"].isna().all():
        raise ArgumentError("Nobody answered in both waves", seen=data["reason"].iloc[0])
    draw = partial(_draw, data, called, inches(width))
    return figure_exhibit(
        number=number,
        title=title or _title(several, data),
        note=note or _note(data),
        n=int(data["n"].max()),
        data=data,
        study=study,
        sources=("responses", "memberships"),
        drawing=Drawing(draw, inches(width), forest_height(len(data)) + 0.1),
    )


def _rows(several: Mapping[str, Changes], called: Mapping[str, str]) -> pd.DataFrame:
    """Return one row a scale or team, named."""
    frames = []
    for name, result in several.items():
        found = _of_teams(result) if isinstance(result, TeamChange) else _of_scales(result)
        ids = [readable(each, {ALL: "All teams", **called}) for each in found["row"]]
        before = f"{readable(name, called)}: " if name else ""
        frames.append(found.assign(row=[before + each for each in ids]))
    return pd.concat(frames, ignore_index=True)[[*COLUMNS]] if frames else pd.DataFrame()


def _of_scales(result: PairedChange) -> pd.DataFrame:
    tests = result.tests().rename(columns={"estimate": "change"})
    means = result.summary()[["scale", "from_wave", "wave", "mean_before", "mean_after"]]
    found = tests.merge(means, on=["scale", "from_wave", "wave"], how="left")
    return found.assign(row=found["scale"])


def _of_teams(result: TeamChange) -> pd.DataFrame:
    found = result.tidy()
    several = len(set(found["scale"])) > 1
    rows = found["team_id"]
    return found.assign(row=found["scale"] + ", " + rows if several else rows)


def _title(several: Mapping[str, Changes], data: pd.DataFrame) -> str:
    if len(several) == 1 and isinstance(only := next(iter(several.values())), TeamChange):
        return only.sentence()
    if len(data) == 1 and len(several) == 1:
        return next(iter(several.values())).sentence()
    low, high = data["conf_low"], data["conf_high"]
    if len(data) > LISTED:
        held = ((low <= 0) & (high >= 0)).sum()
        return (
            f"Of {count(len(data), 'mean change')}, {(low > 0).sum()} have an interval above 0, "
            f"{(high < 0).sum()} one below 0 and {held} one that holds 0."
        )
    above, below = _those(data[low > 0]), _those(data[high < 0])
    around, without = _those(data[(low <= 0) & (high >= 0)]), _those(data[low.isna()])
    parts = [
        f"lies above 0 for {above}" if above else "",
        f"lies below 0 for {below}" if below else "",
        f"holds 0 for {around}" if around else "",
        f"is not available for {without}" if without else "",
    ]
    said = "; ".join(part for part in parts if part)
    level = level_in_words(float(data["conf_level"].iloc[0]))
    return f"The {level} interval of the mean change {said}."


def _those(rows: pd.DataFrame) -> str:
    return listed(list(rows["row"]))


def _note(data: pd.DataFrame) -> str:
    methods = list(dict.fromkeys(data.loc[data["method"] != "", "method"]))
    level = level_in_words(float(data["conf_level"].iloc[0]))
    parts = [
        f"Both means are of the people who answered in both waves. {level} intervals of the "
        f"change: {'; '.join(methods)}. Each interval is by itself, not corrected for their number."
    ]
    missing = data[data["conf_low"].isna()]
    why = [f"{row['row']} ({row['reason']})" for row in missing.to_dict("records")]
    if why:
        parts.append(f"No interval: {'; '.join(why)}.")
    return " ".join([*parts, "n counts people, here in the row with most."])


def _draw(data: pd.DataFrame, called: Mapping[str, str], width: float, figure: Figure) -> None:
    left, right = figure.subplots(1, 2, sharey=True)
    rows = data.to_dict("records")
    limits = limits_of(rows, estimate="change")
    right.axvline(0, color=INK, linewidth=0.7, zorder=1)
    for at, row in enumerate(rows):
        _draw_means(left, at, row)
        draw_interval(right, at, row, limits, estimate="change", **CHANGE)
        if pd.isna(row["change"]):
            say_missing(right, at)
    set_limits(right, limits)
    _furnish(left, right, data)
    if width >= NARROW:
        beside(right, 1, "n", [f"{int(n)}" for n in data["n"]])
        beside(right, 4.6, "change [interval]", [with_bounds(r, estimate="change") for r in rows])
    ends = [
        ", ".join(dict.fromkeys(readable(wave, called) for wave in data[name]))
        for name in ("from_wave", "wave")
    ]
    legend_above(figure, [_mark(FIRST), _mark(LAST)], ends)


def _draw_means(axes: Axes, at: int, row: Mapping[Any, Any]) -> None:
    if pd.isna(row["mean_before"]):
        return
    axes.hlines(at, *sorted([row["mean_before"], row["mean_after"]]), color=GREY, linewidth=1.6)
    axes.plot(row["mean_before"], at, linestyle="", color=COLOURS[0], **FIRST)
    axes.plot(row["mean_after"], at, linestyle="", **LAST)


def _furnish(left: Axes, right: Axes, data: pd.DataFrame) -> None:
    left.set_yticks(range(len(data)), [folded(name, NAME) for name in data["row"]])
    left.set_ylim(len(data) - 0.4, -0.6)
    left.set_xlabel("Mean")
    right.set_xlabel("Change")
    for axes in (left, right):
        axes.grid(axis="x")
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)


def _mark(look: Mapping[str, Any]) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], linestyle="", **{"color": COLOURS[0], **look})
