"""A dose against an outcome: people, the line within their teams and the one between teams."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.intervals import with_bounds
from cvln_eval.exhibits.panels import figure_exhibit, inches, legend_above, names_of, readable
from cvln_eval.exhibits.style import COLOURS, GREY, INK, MARKERS
from cvln_eval.exhibits.verdicts import panel_title
from cvln_eval.exhibits.wording import needed
from cvln_eval.inference.panel.words import listed
from cvln_eval.results import count, level_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.inference.dose import DoseResponse

__all__ = ["plot_dose_response"]

COLUMNS = ("team_id", "dose", "outcome")
BETWEEN, WITHIN = "dose_between", "dose_within"
WHERE = {WITHIN: "within teams", BETWEEN: "between teams"}
LINE: dict[str, Any] = {"linewidth": 1.4, "zorder": 3}
STEEP: dict[str, Any] = {"linewidth": 1.8, "color": INK, "linestyle": (0, (5, 2)), "zorder": 4}
BAND: dict[str, Any] = {"alpha": 0.13, "linewidth": 0, "zorder": 1}
POINT: dict[str, Any] = {"linestyle": "", "markersize": 4, "markeredgewidth": 0.8, "zorder": 2}
MEAN: dict[str, Any] = {"linestyle": "", "markersize": 7.5, "markeredgewidth": 1.2, "zorder": 5}
DARK = tuple(colour for colour in COLOURS if colour != "#F0E442")  # yellow lines are too pale
MOST = 2 * len(DARK)  # teams that filled and hollow marks can tell apart
ABOVE: dict[str, Any] = {
    "loc": "lower left",
    "bbox_to_anchor": (0, 1),
    "borderaxespad": 0.2,
    "borderpad": 0,
    "handlelength": 2.4,
}
ROOM = 0.06  # of the axis, beyond the outermost point
LEGEND = 0.17  # inches of a row of the legend
ENTRY = 0.8  # inches across of an entry of it


def plot_dose_response(
    result: DoseResponse,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "one_and_a_half",
) -> Exhibit:
    """Draw an outcome against a dose, with the slope within teams and the slope between them.

    One point a row; a large mark is the mean of a team. Through it runs the line within teams,
    as long as the team's doses differ, in a band that the interval of the slope turns about the
    mean. The dashed line between teams runs through the mean of all points.

    Parameters
    ----------
    result : DoseResponse
        From `dose_response`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the verdict on the slope within teams (between them where there is none within),
        and what the marks mean, the method and the verdict on the other slope.
    names : mapping, optional
        Names of dose, outcome and teams to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If the result has no complete row.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from cvln_eval.inference.dose import dose_response
    >>> table = pd.DataFrame({"team_id": list("aabbcc"), "hours": [0, 2, 0, 4, 6, 6],
    ...                       "change": [1, 1, 2, 4, 6, 10]})
    >>> found = dose_response(table, outcome="change", dose="hours", n_draws=49, n_simulated=50)
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> plot_dose_response(found, number="9.1", study=study).n
    6
    """
    points = needed(result.points, COLUMNS)
    called = names_of(study, names)
    looks = _looks(points)
    slopes = {row["term"]: row for row in result.tidy().to_dict("records")}
    draw = partial(_draw, result, slopes, looks, called)
    rows = math.ceil(len(looks) / (inches(width) / ENTRY))
    return figure_exhibit(
        number=number,
        title=title or _title(result, called),
        note=note or _note(result, slopes, looks, called),
        n=result.n,
        data=pd.concat([result.tidy(), points], ignore_index=True),
        study=study,
        sources=(),
        drawing=Drawing(draw, inches(width), 3.1 + LEGEND * rows),
    )


def _looks(points: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return colour and mark of each team; none where there are more than marks can tell apart."""
    teams = list(dict.fromkeys(points["team_id"]))
    if len(teams) > MOST:
        return {}
    found = {}
    for at, team in enumerate(teams):
        colour = DARK[at % len(DARK)]
        face = colour if at < len(DARK) else "white"
        mark = MARKERS[at % len(MARKERS)]
        found[team] = {"marker": mark, "color": colour, "markerfacecolor": face}
    return found


def _title(result: DoseResponse, called: Mapping[str, str]) -> str:
    for part in (WITHIN, BETWEEN):
        if part in result.panels:
            return _verdict(result, part, called)
    return f"{_slope(result, called)} cannot be had: {_why(result)}."


def _verdict(result: DoseResponse, part: str, called: Mapping[str, str]) -> str:
    panel = result.panels[part]
    slope = f"{_slope(result, called)} {WHERE[part]}"
    if panel.reason:
        return f"{slope} cannot be tested: {panel.reason}."
    return panel_title(panel, {**called, part: f"{slope[0].lower()}{slope[1:]}"})


def _slope(result: DoseResponse, called: Mapping[str, str]) -> str:
    return f"The slope of {readable(result.outcome, called)} on {readable(result.dose, called)}"


def _why(result: DoseResponse) -> str:
    reasons = result.rows.set_index("term")["reason"]
    return "; ".join(dict.fromkeys(reasons[part] for part in WHERE))


def _note(
    result: DoseResponse,
    slopes: Mapping[str, Mapping[Any, Any]],
    looks: Mapping[str, Any],
    called: Mapping[str, str],
) -> str:
    parts = ["Small marks: rows of the data; large: means of teams."]
    if not looks:
        parts.append(f"More than {MOST} teams, which are not told apart.")
    if result.panels:
        parts += _about_slopes(result, slopes, called)
    if result.n_left_out:
        parts.append(f"{count(result.n_left_out, 'row')} with missing values left out.")
    return " ".join([*parts, f"n counts rows, in {count(result.n_clusters, 'team')}."])


def _about_slopes(
    result: DoseResponse, slopes: Mapping[str, Mapping[Any, Any]], called: Mapping[str, str]
) -> list[str]:
    """Return what bands are, how slopes were had, and the verdict that the title lacks."""
    within, parts = slopes[WITHIN], []
    if math.isfinite(within["conf_low"]):
        level = level_in_words(within["conf_level"])
        parts.append(f"Bands: the {level} interval of the slope within teams.")
    if result.controls:
        held = listed([readable(name, called) for name in result.controls])
        parts.append(f"Slopes hold {held} constant; points are as they are.")
    parts.append(f"Slopes and intervals by {within['method']}, in one regression.")
    if len(result.panels) > 1:
        parts.append(_verdict(result, BETWEEN, called))
    if BETWEEN in result.panels:
        parts.append("Whatever else teams differ in can make a slope between them.")
    return parts + [_without(slopes[part]) for part in WHERE if slopes[part]["reason"]]


def _without(row: Mapping[Any, Any]) -> str:
    what = "slope" if math.isnan(row["estimate"]) else "interval of the slope"
    return f"No {what} {WHERE[row['term']]}: {row['reason']}."


def _draw(
    result: DoseResponse,
    slopes: Mapping[str, Mapping[Any, Any]],
    looks: Mapping[str, dict[str, Any]],
    called: Mapping[str, str],
    figure: Figure,
) -> None:
    axes = figure.subplots()
    plain = {"marker": MARKERS[0], "color": GREY, "markerfacecolor": "white"}
    for team, rows in result.points.groupby("team_id", sort=False):
        _draw_team(axes, rows, slopes[WITHIN], looks.get(str(team), plain))
    _draw_between(axes, result.points, slopes[BETWEEN])
    _furnish(axes, result, called)
    drawn = [part for part in WHERE if part in result.panels]
    if drawn:
        words = [f"slope {WHERE[part]} {with_bounds(slopes[part])}" for part in drawn]
        axes.legend([_line(part) for part in drawn], words, **ABOVE)
    marks = [_handle(look) for look in looks.values()]
    if marks:
        legend_above(figure, marks, [readable(team, called) for team in looks])


def _draw_team(
    axes: Axes, rows: pd.DataFrame, slope: Mapping[Any, Any], look: Mapping[str, Any]
) -> None:
    x, y = rows["dose"].mean(), rows["outcome"].mean()
    ends = rows["dose"].min(), rows["dose"].max()
    axes.plot(rows["dose"], rows["outcome"], **POINT, **look)
    if ends[0] < ends[1] and math.isfinite(slope["estimate"]):
        axes.plot(ends, _at(ends, x, y, slope["estimate"]), color=look["color"], **LINE)
        turned = (ends[0], x, ends[1])
        low, high = (_at(turned, x, y, slope[name]) for name in ("conf_low", "conf_high"))
        if all(map(math.isfinite, [*low, *high])):
            axes.fill_between(turned, low, high, color=look["color"], **BAND)
    edge = look["color"] if look["markerfacecolor"] == "white" else INK
    axes.plot(x, y, **MEAN, **look, markeredgecolor=edge)


def _at(places: tuple[float, ...], x: float, y: float, slope: float) -> list[float]:
    return [y + slope * (place - x) for place in places]


def _draw_between(axes: Axes, points: pd.DataFrame, slope: Mapping[Any, Any]) -> None:
    if not math.isfinite(slope["estimate"]):
        return
    means = points.groupby("team_id")["dose"].mean()
    ends = (means.min(), means.max())
    height = _at(ends, points["dose"].mean(), points["outcome"].mean(), slope["estimate"])
    axes.plot(ends, height, **STEEP)


def _furnish(axes: Axes, result: DoseResponse, called: Mapping[str, str]) -> None:
    """Name the axes, and let points alone say how far the upright one goes."""
    low, high = result.points["outcome"].min(), result.points["outcome"].max()
    room = ROOM * (high - low) or 0.5
    axes.set_ylim(low - room, high + room)
    if low < 0 < high:
        axes.axhline(0, color=INK, linewidth=0.7, zorder=0)
    axes.set_xlabel(readable(result.dose, called).capitalize())
    axes.set_ylabel(readable(result.outcome, called).capitalize())
    axes.grid()


def _handle(look: Mapping[str, Any]) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], **{**POINT, **look, "markersize": 5})


def _line(part: str) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], **({**LINE, "color": INK} if part == WITHIN else STEEP))
