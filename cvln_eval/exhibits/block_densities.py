"""Density of ties between groups, one heat map a wave."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.mixing_words import (
    balanced,
    groups_word,
    in_density,
    most_people,
    of_one,
)
from cvln_eval.exhibits.panels import figure_exhibit, inches, names_of, readable, text_on
from cvln_eval.exhibits.style import GREY, INK
from cvln_eval.exhibits.wording import folded, needed
from cvln_eval.results import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.networks.mixing import MixingMatrix

__all__ = ["plot_block_densities"]

COLUMNS = ("wave", "relation", "group", "other_group", "n_ties", "n_pairs", "density", "reason")
NUMBERED = 0.2  # inches of a cell that has room for its number
WIDEST, TALLEST = 0.42, 8.0  # inches of a cell and of the figure
BAR = 0.55  # inches that the colour bar takes
LETTER, LINE, HEAD = 0.062, 0.115, 0.29  # inches of a letter, a line of text, a panel's title
LONG = 14  # letters of a name that columns have no room for
MOST = 6  # panels side by side
NEARLY = 0.7  # of the size of a cell, for which panels go into one row
DARK = 0.6  # of the greatest density, above which numbers are white
UNKNOWN: dict[str, Any] = {"facecolor": "#B5B5B5", "hatch": "//////", "edgecolor": "#D8D8D8"}


@dataclass(frozen=True, slots=True)
class _Plan:
    """Groups in their order, what they are called, and how large all is, in inches."""

    groups: list[str]
    rows: list[str]
    columns: list[str]
    side_by_side: int
    cell: float
    key: str


def plot_block_densities(
    result: MixingMatrix,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw how dense ties are within each group and between each two, a heat map a wave.

    Rows send and columns receive; densities within groups are framed. All waves have one scale of
    colours. White is a density of 0 that is known; a hatched cell has no known pair.

    Parameters
    ----------
    result : MixingMatrix
        From `mixing_matrix`, of one relation.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the densest ties between two groups and the range within them, and what cells
        mean.
    names : mapping, optional
        Names of groups, waves and the relation to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit
        Its n counts people, in the wave with most.

    Raises
    ------
    ArgumentError
        If the result has no networks, or several relations.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from cvln_eval.networks.mixing import mixing_matrix
    >>> from cvln_eval.networks.panel import Network
    >>> people = pd.DataFrame({"person_id": list("abcd"), "team_id": list("xxyy")})
    >>> network = Network("1", "advice", people, sender=np.array([0, 1, 2]),
    ...                   receiver=np.array([1, 0, 0]), strength=np.ones(3),
    ...                   answered=np.ones(4, dtype=bool))
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> print(plot_block_densities(mixing_matrix(network), number="9.1", study=study).title)
    Of ties between teams, those of advice are densest from y to x (.25); within teams their \
density is 0 to 1.
    """
    data = of_one(needed(result.tidy(), COLUMNS))
    called = names_of(study, names)
    directed = result.networks[0].directed
    waves = list(dict.fromkeys(data["wave"]))
    plan = _plan(data, called, len(waves), inches(width))
    rows = math.ceil(len(waves) / plan.side_by_side)
    height = rows * (plan.cell * len(plan.groups) + HEAD) + 0.15 + _below(plan)
    return figure_exhibit(
        number=number,
        title=title or _title(data, result.by, called, directed=directed),
        note=note or _note(data, result.by, plan, directed=directed),
        n=most_people(result.networks),
        data=data,
        study=study,
        sources=("ties", "memberships", "respondents"),
        drawing=Drawing(
            partial(_draw, data, plan, called, directed), inches(width), min(height, TALLEST)
        ),
    )


def _plan(data: pd.DataFrame, called: Mapping[str, str], waves: int, width: float) -> _Plan:
    """Return the plan: groups with long names numbered, as many panels side by side as fit."""
    groups = list(dict.fromkeys([*data["group"], *data["other_group"]]))
    names = [readable(group, called) for group in groups]
    numbers = [str(at) for at in range(1, len(names) + 1)]
    if max(map(len, names)) <= LONG:
        margin = 0.15 + LETTER * max(map(len, names))
        return _Plan(groups, names, names, *_sizes(len(names), waves, width - margin), "")
    margin = min(0.35 + LETTER * max(map(len, names)), 0.34 * width)
    sizes = _sizes(len(names), waves, width - margin)
    rows = [folded(f"{at} {name}", margin - 0.1) for at, name in zip(numbers, names, strict=True)]
    if max(row.count("\n") + 1 for row in rows) * LINE <= sizes[1]:
        return _Plan(groups, rows, numbers, *sizes, "Columns have the numbers of rows.")
    key = ", ".join(f"{at} {name}" for at, name in zip(numbers, names, strict=True))
    return _Plan(groups, numbers, numbers, *_sizes(len(names), waves, width - 0.3), f"{key}.")


def _sizes(groups: int, waves: int, width: float) -> tuple[int, float]:
    """Return how many panels stand side by side, and the inches of a cell."""
    room = width - BAR
    most = max(1, min(waves, MOST, int(room / (NUMBERED * groups + 0.12))))
    side_by_side = balanced(waves, most)
    cell = _cell(side_by_side, groups, waves, room)
    fewer = balanced(waves, min(waves, MOST))
    if cell < NUMBERED and _cell(fewer, groups, waves, room) > NEARLY * cell:
        # No number fits either way, and panels in one row take half the page and compare better.
        return fewer, _cell(fewer, groups, waves, room)
    return side_by_side, cell


def _cell(side_by_side: int, groups: int, waves: int, room: float) -> float:
    rows = math.ceil(waves / side_by_side)
    high = (TALLEST - 0.5) / rows - HEAD
    return min(WIDEST, (room / side_by_side - 0.12) / groups, high / groups)


def _below(plan: _Plan) -> float:
    """Return the inches that the names of columns take."""
    longest = max(map(len, plan.columns))
    return 0.2 if _upright(plan) else 0.12 + 0.9 * LETTER * longest


def _upright(plan: _Plan) -> bool:
    return 0.05 + LETTER * max(map(len, plan.columns)) < plan.cell


def _title(data: pd.DataFrame, by: str, called: Mapping[str, str], *, directed: bool) -> str:
    relation = readable(data["relation"].iloc[0], called) or "the network"
    groups = groups_word(by)[1]
    inside = data["group"] == data["other_group"]
    within, between = data.loc[inside, "density"].dropna(), data[~inside & data["density"].notna()]
    if len(set(data["group"])) == 1:
        where = f"all are of one {groups_word(by)[0]}"
        known = f"The density of {relation} is {_span(within)}" if len(within) else ""
        return f"{known}; {where}." if known else f"No tie of {relation} is known; {where}."
    own = f"within {groups} their density is {_span(within)}" if len(within) else ""
    if between.empty or not between["n_ties"].any():
        none = "is known" if between.empty else "is there"
        start = f"Between {groups} no tie of {relation} {none}"
        return f"{start}; {own}." if own else f"{start}."
    top = between.iloc[int(between["density"].argmax())]
    first, second = (readable(top[name], called) for name in ("group", "other_group"))
    ends = f"from {first} to {second}" if directed else f"between {first} and {second}"
    several = len(set(data["wave"])) > 1
    when = f" in {readable(top['wave'], called)}" if several else ""
    start = f"Of ties between {groups}, those of {relation} are densest {ends}{when}"
    start += f" ({in_density(top['density'])})"
    return f"{start}; {own}." if own else f"{start}."


def _span(values: pd.Series) -> str:
    low, high = in_density(values.min()), in_density(values.max())
    return low if low == high else f"{low} to {high}"


def _note(data: pd.DataFrame, by: str, plan: _Plan, *, directed: bool) -> str:
    group = groups_word(by)[0]
    ends = "rows send, columns receive; " if directed else ""
    who = "whose sender answered" if directed else "known to be tied or not"
    parts = [
        f"Cells: ties divided by the pairs of people {who}; {ends}framed: within a {group}. "
        "White: no tie."
    ]
    if plan.cell < NUMBERED:
        parts.append("Cells are too small for their numbers, which the data of the figure have.")
    if plan.key:
        parts.append(plan.key)
    hatched = data.loc[data["reason"] != "", "reason"]
    if len(hatched):
        why = "; ".join(dict.fromkeys(hatched))
        parts.append(f"Hatched: {why} ({count(len(hatched), 'cell')}).")
    left = int(data.groupby("wave")["n_without_group"].max().max())
    if left:
        parts.append(f"Left out: people of no {group} (up to {left} in a wave).")
    more = "" if len(set(data["wave"])) == 1 else ", in the wave with most"
    return " ".join([*parts, f"n counts people{more}."])


def _draw(
    data: pd.DataFrame, plan: _Plan, called: Mapping[str, str], directed: bool, figure: Figure
) -> None:
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    waves = list(dict.fromkeys(data["wave"]))
    rows = math.ceil(len(waves) / plan.side_by_side)
    axes = figure.subplots(rows, plan.side_by_side, sharex=True, sharey=True, squeeze=False)
    shades = LinearSegmentedColormap.from_list("d", colormaps["Blues"](np.linspace(0, 1, 9)))
    shades = LinearSegmentedColormap.from_list("d", [(1, 1, 1), *shades(np.linspace(0.15, 1, 8))])
    most = float(np.nan_to_num(data["density"].max())) or 1.0
    colours = ScalarMappable(Normalize(0, most), shades)
    for panel, wave in zip(axes.flat, waves, strict=False):
        _draw_wave(panel, data[data["wave"] == wave], plan, colours, directed=directed)
        panel.set_title(
            folded(readable(wave, called), max(0.9, plan.cell * len(plan.groups))), size=7.5
        )
    for panel in axes.flat[len(waves) :]:
        panel.set_visible(False)
    for place in range(max(len(waves) - plan.side_by_side, 0), (rows - 1) * plan.side_by_side):
        axes.flat[place].tick_params(labelbottom=True)
    bar = figure.colorbar(colours, ax=axes, shrink=0.9 / rows**0.5, aspect=14, pad=0.015)
    bar.outline.set_visible(False)
    bar.set_label("density", size=7)


def _draw_wave(
    axes: Axes, rows: pd.DataFrame, plan: _Plan, colours: Any, *, directed: bool
) -> None:
    place = {group: at for at, group in enumerate(plan.groups)}
    for row in rows.to_dict("records"):
        down, across = place[row["group"]], place[row["other_group"]]
        _draw_cell(axes, across, down, row, plan, colours)
        if not directed and down != across:
            _draw_cell(axes, down, across, row, plan, colours)
    _furnish(axes, plan)


def _draw_cell(
    axes: Axes, across: int, down: int, row: Mapping[Any, Any], plan: _Plan, colours: Any
) -> None:
    from matplotlib.patches import Rectangle

    known = not math.isnan(row["density"])
    corner = (across - 0.5, down - 0.5)
    face = {"facecolor": colours.to_rgba(row["density"]), "edgecolor": "#D8D8D8"}
    whole: dict[str, Any] = {"linewidth": 0.4, "clip_on": False}
    # Not `add_patch`, which would widen limits that are set below, a third of the time of drawing.
    axes.add_artist(Rectangle(corner, 1, 1, **whole, **(face if known else UNKNOWN)))
    if across == down:
        inner = (across - 0.46, down - 0.46)
        frame: dict[str, Any] = {"fill": False, "edgecolor": INK, "linewidth": 0.9, "zorder": 3}
        axes.add_artist(Rectangle(inner, 0.92, 0.92, clip_on=False, **frame))
    if known and plan.cell >= NUMBERED:
        dark = row["density"] > DARK * colours.norm.vmax
        ink = "white" if dark else INK if row["density"] else GREY
        size = 6.5 if plan.cell > 1.3 * NUMBERED else 6
        text_on(axes, across, down, in_density(row["density"]), color=ink, size=size)


def _furnish(axes: Axes, plan: _Plan) -> None:
    n = len(plan.groups)
    turned: dict[str, Any] = {} if _upright(plan) else {"rotation": 90}
    axes.set_xticks(range(n), plan.columns, **turned)
    axes.set_yticks(range(n), plan.rows)
    axes.set_xlim(-0.53, n - 0.47)
    axes.set_ylim(n - 0.47, -0.53)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
