"""How unequally people wrote and were answered: Lorenz curves wave by wave."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.mixing_words import balanced
from cvln_eval.exhibits.panels import (
    figure_exhibit,
    inches,
    legend_above,
    name_panel,
    names_of,
    readable,
    text_on,
)
from cvln_eval.exhibits.style import COLOURS, GREY, LINES
from cvln_eval.exhibits.wording import needed
from cvln_eval.results import level_in_words, number, proportion

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.networks.meetings import ParticipationInequality

__all__ = ["plot_lorenz"]

COLUMNS = ("wave", "relation", "measure", "estimate", "conf_low", "conf_high", "n", "n_acts")
SHADES = (COLOURS[0], COLOURS[5])
FADED = 0.18
MOST = {"single": 2, "one_and_a_half": 3, "double": 4}
SIDE, ROOM = 1.75, 0.5  # inches of a panel at most, and of the words round it
TICKS = [0, 0.25, 0.5, 0.75, 1]
HIGH, STEP = 0.95, 0.1  # where the words in a panel begin, and from line to line


def plot_lorenz(
    result: ParticipationInequality,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw what share of all posts and replies the people with fewest have, one panel a wave.

    The further a curve hangs below the diagonal, on which all have the same, the more unequal.

    Parameters
    ----------
    result : ParticipationInequality
        From `participation_inequality`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the share of the tenth who wrote most, and what the curves mean.
    names : mapping, optional
        Names of waves and of the two curves to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit
        Its n counts people, in the wave with most.

    Raises
    ------
    ArgumentError
        If nobody wrote or was answered.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from cvln_eval.networks.meetings import participation_inequality
    >>> activity = pd.DataFrame({"activity_id": list("123"), "person_id": ["a", "a", "b"]})
    >>> memberships = pd.DataFrame({"wave": "1", "person_id": list("abcd"), "team_id": "x"})
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> found = participation_inequality(activity, memberships)
    >>> plot_lorenz(found, number="9.1", study=study).title
    'The tenth of people with most had 27% of posts written in 1'
    """
    rows, curve = needed(result.tidy(), COLUMNS), result.curve()
    if curve["share_of_acts"].isna().all():
        raise ArgumentError("There is no curve to draw", seen=result.sentence())
    called = names_of(study, names)
    waves = list(dict.fromkeys(curve["wave"]))
    columns = balanced(len(waves), MOST.get(width, 2))
    side = min(SIDE, inches(width) / columns - ROOM)
    height = 0.35 + (side + ROOM) * math.ceil(len(waves) / columns)
    return figure_exhibit(
        number=number,
        title=title or _title(rows, called),
        note=note or _note(curve),
        n=int(rows["n"].max()),
        data=pd.concat([curve, rows[[*COLUMNS]]], ignore_index=True),
        study=study,
        sources=("activity", "memberships"),
        drawing=Drawing(partial(_draw, rows, curve, columns, called), inches(width), height),
    )


def _title(rows: pd.DataFrame, called: Mapping[str, str]) -> str:
    top = rows[(rows["measure"] == "share_of_top_tenth") & rows["estimate"].notna()]
    first = top[top["relation"] == top["relation"].iloc[0]]
    said = ", ".join(
        f"{proportion(row['estimate'])}{_of(row, called) if not at else ''} in "
        f"{readable(row['wave'], called)}"
        for at, row in enumerate(first.to_dict("records"))
    )
    return f"The tenth of people with most had {said}"


def _of(row: Mapping[Any, Any], called: Mapping[str, str]) -> str:
    return f" of {readable(row['relation'], called)}"


def _note(curve: pd.DataFrame) -> str:
    level = level_in_words(float(curve["conf_level"].iloc[0]))
    return (
        "A curve says what share of all (up) the people with fewest (across) have; on the diagonal "
        f"all have the same. Bands: the middle {level} of resamples of the people, point by point; "
        f"in brackets: {level} interval of the Gini coefficient. Both take people as independent, "
        "which people who talk to each other are not. n counts people, in the wave with most."
    )


def _draw(
    rows: pd.DataFrame,
    curve: pd.DataFrame,
    columns: int,
    called: Mapping[str, str],
    figure: Figure,
) -> None:
    waves = list(dict.fromkeys(curve["wave"]))
    relations = list(dict.fromkeys(curve["relation"]))
    lines = math.ceil(len(waves) / columns)
    axes = figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False)
    flat = list(axes.ravel())
    for panel, wave in zip(flat, waves, strict=False):
        own, ginis = curve[curve["wave"] == wave], rows[rows["wave"] == wave]
        _draw_panel(panel, own, relations)
        _say_gini(panel, ginis[ginis["measure"] == "gini"], relations)
        name_panel(panel, wave, called)
    for spare in flat[len(waves) :]:
        spare.set_visible(False)
    for place in range(len(waves) - columns, len(waves)):
        flat[max(place, 0)].tick_params(labelbottom=True)
        flat[max(place, 0)].set_xlabel("People, fewest first")
    for panel in axes[:, 0]:
        panel.set_ylabel("Share of all")
    _legend(figure, relations, called)


def _draw_panel(axes: Axes, curve: pd.DataFrame, relations: list[str]) -> None:
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, zorder=1)
    for at, relation in enumerate(relations):
        own = curve[curve["relation"] == relation]
        look: dict[str, Any] = {"color": SHADES[at], "linestyle": LINES[at]}
        people = own["share_of_people"].to_numpy()
        ends = own["conf_low"].to_numpy(), own["conf_high"].to_numpy()
        axes.fill_between(people, *ends, color=SHADES[at], alpha=FADED, linewidth=0)
        axes.plot(people, own["share_of_acts"], linewidth=1.5, zorder=3, **look)
    axes.set_aspect("equal")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    words = [f"{tick:.0%}" if tick in (0, 0.5, 1) else "" for tick in TICKS]
    axes.set_xticks(TICKS, words)
    axes.set_yticks(TICKS, words)


def _say_gini(axes: Axes, ginis: pd.DataFrame, relations: list[str]) -> None:
    """Write each Gini above the diagonal, in the colour of its curve."""
    by = {row["relation"]: row for row in ginis.to_dict("records")}
    text_on(axes, 0.04, HIGH, "Gini", ha="left")
    for at, relation in enumerate(relations):
        row = by[relation]
        if math.isnan(row["estimate"]):
            continue
        ends = ""
        if not math.isnan(row["conf_low"]):
            ends = f" [{number(row['conf_low'])}, {number(row['conf_high'])}]"
        said = f"{number(row['estimate'])}{ends}"
        text_on(axes, 0.04, HIGH - STEP * (at + 1), said, ha="left", color=SHADES[at])


def _legend(figure: Figure, relations: list[str], called: Mapping[str, str]) -> None:
    from matplotlib.lines import Line2D

    looks: list[dict[str, Any]] = [
        {"linewidth": 1.5, "color": SHADES[at], "linestyle": LINES[at]}
        for at in range(len(relations))
    ]
    handles = [Line2D([], [], **look) for look in looks]
    handles.append(Line2D([], [], linewidth=0.8, color=GREY))
    legend_above(figure, handles, [*(readable(one, called) for one in relations), "all alike"])
