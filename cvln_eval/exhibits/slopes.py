"""Change of people and of their teams between two waves, one panel a team."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.intervals import with_bounds
from cvln_eval.exhibits.panels import figure_exhibit, inches, names_of, readable
from cvln_eval.exhibits.style import COLOURS, INK
from cvln_eval.exhibits.wording import folded, needed, of_one_scale
from cvln_eval.inference.change.by_team import ALL
from cvln_eval.inference.change.occasions import paired, read_scores
from cvln_eval.results import level_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.inference.change import TeamChange

__all__ = ["plot_paired_slopes"]

MEANS = ("mean_before", "mean_after", "change", "conf_low", "conf_high", "conf_level")
COLUMNS = ("scale", "from_wave", "wave", "team_id", "n", *MEANS, "reason")
PERSON: dict[str, Any] = {"color": "#B0B0B0", "linewidth": 0.6, "zorder": 1}
TEAM: dict[str, Any] = {"color": INK, "linewidth": 1.0, "marker": "o", "markersize": 2.5}
MEAN: dict[str, Any] = {"color": COLOURS[0], "linewidth": 2.2, "marker": "o", "markersize": 4.5}
ASIDE = 0.13  # of the way between the waves, at which the interval stands beyond the last
EACH = 2.1  # inches that a row of panels is high
LEAST = 1.16  # inches that a panel takes across


def plot_paired_slopes(
    result: TeamChange,
    scores: pd.DataFrame,
    *,
    number: str,
    study: Origin,
    scale: str | None = None,
    outcome: str = "score",
    person: str = "person_id",
    wave: str = "wave",
    team: str = "team_id",
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw each person who answered twice as a thin line, and the mean of the team as a thick one.

    One panel a team, and a last one with the means of all teams and of everybody. The upright bar
    is the interval of the change: it stands where the last mean would be if all had begun at the
    first. Neither the picture nor its data say which line is whose.

    Parameters
    ----------
    result : TeamChange
        From `change_by_team`.
    scores : DataFrame
        The table that `change_by_team` was given.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    scale : str, optional
        Which scale, where the result has several.
    outcome, person, wave, team : str
        Columns of the scores, as in `change_by_team`.
    title, note : str, optional
        By default the result's sentence for the scale, and what the marks mean.
    names : mapping, optional
        Names of teams, scales and waves to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If nobody answered twice, the scale is not in the result, or the scores are not those of
        the result.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from cvln_eval.inference.change import change_by_team
    >>> scores = pd.DataFrame({"person_id": list("pqrs") * 2, "wave": ["y1"] * 4 + ["y2"] * 4,
    ...                        "team_id": list("AABB") * 2, "score": [3, 4, 2, 3, 4, 4, 4, 4.0]})
    >>> found = change_by_team(scores, waves=("y1", "y2"))
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> plot_paired_slopes(found, scores, number="9.1", study=study).n
    4
    """
    own = of_one_scale(needed(result.tidy(), COLUMNS), scale)
    if own["n"].max() == 0:
        raise ArgumentError("Nobody answered in both waves", seen=result.sentence())
    rows = read_scores(scores, outcome=outcome, person=person, wave=wave, team=team)
    people, called = _people(rows, own), names_of(study, names)
    down = math.ceil(len(own) / math.ceil(inches(width) / LEAST))
    draw = partial(_draw, own, people, called, down)
    return figure_exhibit(
        number=number,
        title=title or type(result)(own).sentence(),
        note=note or _note(own, called),
        n=int(own["n"].iloc[-1]),
        data=pd.concat([own, people], ignore_index=True),
        study=study,
        sources=("responses", "memberships"),
        drawing=Drawing(draw, inches(width), 0.1 + EACH * down),
    )


def _people(rows: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Return both scores of each person by team, in an order that does not tell who is who."""
    every = own.iloc[-1]
    waves = (str(every["from_wave"]), str(every["wave"]))
    (pairs,) = paired(rows[rows["scale"] == every["scale"]], waves, teams=True)
    scores = {"score_before": pairs.first, "score_after": pairs.last}
    found = pd.DataFrame({"team_id": pairs.teams, **scores}).sort_values(["team_id", *scores])
    counted = found["team_id"].value_counts().to_dict()
    expected = dict(zip(own["team_id"].iloc[:-1], own["n"].iloc[:-1], strict=True))
    if counted != expected:
        raise ArgumentError(
            "The scores are not those of the result",
            expected=f"people who answered twice: {shown(_listed(expected))}",
            seen=shown(_listed(counted)),
            todo="pass the table that change_by_team was given",
        )
    return found.reset_index(drop=True)


def _listed(people: Mapping[Any, int]) -> list[str]:
    return [f"{team} {n}" for team, n in people.items()]


def _note(own: pd.DataFrame, called: Mapping[str, str]) -> str:
    level = level_in_words(float(own["conf_level"].iloc[0]))
    parts = [
        "Thin lines: people, under all teams the teams; thick: their mean. Upright bar: where the "
        f"last mean would be at either end of the {level} interval of the change, within a team "
        "with its people as "
        "independent, for all with teams as clusters (CR2); above it in numbers. Intervals of "
        "teams are each by themselves: that one holds 0 and another does not is no difference "
        "between them."
    ]
    missing = own[own["conf_low"].isna()]
    listed = "; ".join(
        f"{_name(row, called)} ({row['reason']})" for row in missing.to_dict("records")
    )
    if listed:
        parts.append(f"No interval: {listed}.")
    return " ".join([*parts, "n counts people who answered in both waves."])


def _name(row: Mapping[Any, Any], called: Mapping[str, str]) -> str:
    return readable(row["team_id"], {ALL: "All teams", **called})


def _draw(
    own: pd.DataFrame, people: pd.DataFrame, called: Mapping[str, str], down: int, figure: Figure
) -> None:
    across = math.ceil(len(own) / down)
    panels = figure.subplots(down, across, squeeze=False, sharex=True, sharey=True).ravel()
    teams = own.iloc[:-1].to_dict("records")
    for axes, row in zip(panels, own.to_dict("records"), strict=False):
        if row["team_id"] == ALL:
            for each in teams:
                axes.plot([0, 1], [each["mean_before"], each["mean_after"]], **TEAM)
        else:
            lines = people[people["team_id"] == row["team_id"]]
            axes.plot([0, 1], lines[["score_before", "score_after"]].to_numpy().T, **PERSON)
        _draw_mean(axes, row)
        _furnish(axes, row, called)
    for spare in panels[len(own) :]:
        spare.set_visible(False)
    for axes in panels[::across]:
        axes.set_ylabel(readable(own["scale"].iloc[0], called).capitalize())


def _draw_mean(axes: Axes, row: Mapping[Any, Any]) -> None:
    axes.plot([0, 1], [row["mean_before"], row["mean_after"]], zorder=3, **MEAN)
    if not math.isnan(row["conf_low"]):
        ends = [row["mean_before"] + row[name] for name in ("conf_low", "conf_high")]
        axes.plot([1 + ASIDE] * 2, ends, color=COLOURS[0], linewidth=1.4, marker="_", markersize=5)


def _furnish(axes: Axes, row: Mapping[Any, Any], called: Mapping[str, str]) -> None:
    words = [
        folded(_name(row, called), LEAST),
        f"n = {row['n']}",
        with_bounds(row, estimate="change"),
    ]
    axes.set_title("\n".join(words), size=7)
    labels = [folded(readable(row[name], called), LEAST / 2.3) for name in ("from_wave", "wave")]
    axes.set_xticks([0, 1], labels)
    axes.set_xlim(-0.25, 1.35)
    axes.tick_params(axis="x", length=0, labelbottom=True)
    axes.grid(axis="y")
