"""The picture of a sociogram: discs of teams, light ties within, curved dark ones between."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from cvln_eval.exhibits.page import POINTS
from cvln_eval.exhibits.panels import inches, legend_above, readable
from cvln_eval.exhibits.people_of_waves import ANSWERED, LEFT, NOT_ASKED, SILENT, WITHIN, Standing
from cvln_eval.exhibits.sociogram_lines import add_heads, add_lines, curves, once_a_pair
from cvln_eval.exhibits.style import GREY, INK, MARKERS
from cvln_eval.exhibits.team_places import places_in_teams
from cvln_eval.results import count, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["FEW_TIES", "draw_sociograms", "size_words", "sociogram_height", "sociogram_plan"]

# The house's colours without vermilion and yellow, which ties between teams would not stand off.
TEAM_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#8C6D31", "#999999")
CROSSING, INSIDE, DISC = "#7A0C2E", "#B9B9B9", "#F4F4F4"
# Markers of one size do not look it: a square is larger than a circle of its width.
EVEN = {"o": 1.0, "s": 0.8, "^": 1.15, "D": 0.66, "v": 1.15, "P": 1.1, "X": 1.1, "*": 1.7}
FEW_TIES = 60  # up to which arrows can be told apart
NAMED_TEAMS = 6  # of which each has room for its name beside the disc
ROOM_FOR_NAMES = 2.4  # inches of a panel
LETTER, LINE = 0.058, 0.105  # inches of a letter and a line of a team's name
NARROW = 1.9  # inches; a narrower panel has no room for the number of people
HEADER = 0.37  # inches above a panel
BETWEEN = 0.1  # inches between panels
LARGEST_PANEL = 4.4  # inches
TALLEST = 7.2  # inches of all panels, so that the figure with its caption stays on a page
ABOVE, LEGEND_LINE, KEY = 0.12, 0.145, 0.38  # inches of the legend; of a key and a gap
MARGIN = 0.5  # round all discs, in distances between people
BEND = 0.22  # of the way to the middle that ties between teams are drawn
SMALLEST, LARGEST = 0.3, 0.86  # diameter of a mark, in distances between people
RANGE = (2.0, 10.0)  # points that a mark is wide at least and at most
DENSE = 60  # lines beyond which they are lighter and thinner
HEAD = 4.0  # points of the head of an arrow

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Where everything stands, and how large a panel draws it."""

    places: np.ndarray
    centres: np.ndarray
    radii: np.ndarray
    labels: tuple[str, ...]
    x: tuple[float, float]
    y: tuple[float, float]
    scale: float  # inches a distance between people


def sociogram_columns(found: Standing, width: str) -> int:
    """Return how many panels stand side by side."""
    panels = len(found.waves)
    if width == "single":
        return min(panels, 2)
    return min(panels, 2 if panels in (2, 4) else 3)


def _rows(found: Standing, width: str) -> int:
    return math.ceil(len(found.waves) / sociogram_columns(found, width))


def _panel(found: Standing, width: str) -> tuple[float, float]:
    """Return width and greatest height of a panel in inches."""
    across = inches(width) / sociogram_columns(found, width) - BETWEEN
    return across, min(across, LARGEST_PANEL, TALLEST / _rows(found, width) - HEADER)


def sociogram_height(found: Standing, plan: Plan, called: Names, width: str) -> float:
    """Return the height of the picture in inches."""
    panel = (plan.y[1] - plan.y[0]) * plan.scale + HEADER
    lines = _legend_lines(_legend(found, plan, called)[1], inches(width))
    return ABOVE + LEGEND_LINE * lines + _rows(found, width) * panel


def _legend_lines(words: Sequence[str], room: float) -> int:
    """Return about how many lines a legend has, filled column by column."""
    for lines in range(1, len(words)):
        wide = [max(map(len, words[at : at + lines])) for at in range(0, len(words), lines)]
        if sum(LETTER * letters + KEY for letters in wide) <= room:
            return lines
    return len(words)


def _names_fit(found: Standing, width: str) -> bool:
    return len(found.teams) <= NAMED_TEAMS and _panel(found, width)[0] >= ROOM_FOR_NAMES


def draw_sociograms(found: Standing, plan: Plan, called: Names, width: str, figure: Figure) -> None:
    """Draw the legend and below it one panel a wave."""
    handles, words = _legend(found, plan, called)
    if words:
        legend_above(figure, handles, words)
    boxes = _boxes(found, width, figure)
    figure.set_layout_engine("none")
    for wave, box in zip(found.waves, boxes, strict=True):
        axes = figure.add_axes(box)
        size = figure.get_size_inches() * (box[2], box[3])
        _draw_wave(axes, found, _fitted(plan, *size), wave)
        _header(axes, found, wave, called, narrow=size[0] < NARROW)


def _boxes(found: Standing, width: str, figure: Figure) -> list[tuple[float, float, float, float]]:
    """Return left, bottom, width and height of each panel, in shares of the page.

    They are placed here and not by a layout engine, which would shrink panels to make room for
    the words above them, and drawn lines end at marks only if the size of a panel is known.
    """
    engine: Any = figure.get_layout_engine()
    left, bottom, wide, high = engine.get()["rect"]
    columns, rows = sociogram_columns(found, width), _rows(found, width)
    gap, header = BETWEEN / figure.get_figwidth(), HEADER / figure.get_figheight()
    cell = wide / columns, high / rows
    return [
        (
            left + gap / 2 + (at % columns) * cell[0],
            bottom + high - (at // columns + 1) * cell[1],
            cell[0] - gap,
            cell[1] - header,
        )
        for at in range(len(found.waves))
    ]


def _fitted(plan: Plan, across: float, high: float) -> Plan:
    """Return the plan for a panel of a size in inches, which it fills."""
    spans = plan.x[1] - plan.x[0], plan.y[1] - plan.y[0]
    scale = min(across / spans[0], high / spans[1])
    x, y = (
        (sum(ends) / 2 - room / scale / 2, sum(ends) / 2 + room / scale / 2)
        for ends, room in ((plan.x, across), (plan.y, high))
    )
    return replace(plan, x=x, y=y, scale=scale)


def sociogram_plan(found: Standing, called: Names, width: str) -> Plan:
    """Return where everybody stands in each of the panels."""
    first, second = found.ends(found.ties)
    union = sparse.coo_array((np.ones(len(first)), (first, second)), shape=(found.n, found.n))
    union = sparse.coo_array(sparse.csr_array(union))
    places, centres, radii = places_in_teams(union.row, union.col, union.data, found.home)
    named = found.several and _names_fit(found, width)
    labels = tuple(
        textwrap.fill(readable(team, called), 15) if named else "" for team in found.teams
    )
    panel = _panel(found, width)
    for scale in np.geomspace(0.5, 0.01, 200):
        x, y = _limits(centres, radii, labels, float(scale))
        if (x[1] - x[0]) * scale <= panel[0] and (y[1] - y[0]) * scale <= panel[1]:
            break
    return Plan(places, centres, radii, labels, x, y, float(scale))


def _limits(
    centres: np.ndarray, radii: np.ndarray, labels: Sequence[str], scale: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the limits of both axes that hold all discs and names."""
    low = (centres - radii[:, None]).min(axis=0) - MARGIN
    high = (centres + radii[:, None]).max(axis=0) + MARGIN
    for centre, radius, label in zip(centres, radii, labels, strict=True):
        if label:
            x, y, side, up = _beside(centre, radius)
            lines = label.split("\n")
            long = LETTER * max(map(len, lines)) / scale
            tall = LINE * len(lines) / scale
            left = {"center": long / 2, "left": 0.0, "right": long}[side]
            low = np.minimum(low, [x - left, y - (0 if up else tall)])
            high = np.maximum(high, [x - left + long, y + (tall if up else 0)])
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))


def _beside(centre: np.ndarray, radius: float) -> tuple[float, float, str, bool]:
    """Return where the name of a team stands: on the outer side of its disc, above or below."""
    up = bool(centre[1] > -1e-6)
    side = "center" if abs(centre[0]) < radius else "left" if centre[0] > 0 else "right"
    # At the height of the middle there is nobody above or below, so the name can be centred.
    if abs(centre[1]) < 1e-6:
        side = "center"
    gap = radius + 0.2
    return float(centre[0]), float(centre[1] + (gap if up else -gap)), side, up


def _draw_wave(axes: Axes, found: Standing, plan: Plan, wave: str) -> None:
    axes.set_xlim(*plan.x)
    axes.set_ylim(*plan.y)
    axes.axis("off")
    if found.several:
        _draw_discs(axes, plan)
    people = found.people[found.people["wave"] == wave]
    _draw_ties(axes, found, plan, wave, people)
    _draw_people(axes, found, plan, wave, people)


def _draw_discs(axes: Axes, plan: Plan) -> None:
    from matplotlib.patches import Circle

    for centre, radius, label in zip(plan.centres, plan.radii, plan.labels, strict=True):
        axes.add_patch(Circle(tuple(centre), radius, facecolor=DISC, edgecolor="none", zorder=0))
        if label:
            x, y, side, up = _beside(centre, radius)
            place: dict[str, Any] = {"ha": side, "va": "bottom" if up else "top"}
            axes.text(x, y, label, size=6.5, color=INK, linespacing=1.05, **place)


def _draw_ties(axes: Axes, found: Standing, plan: Plan, wave: str, people: pd.DataFrame) -> None:
    """Draw each pair once, thicker where both named each other, with arrows where few are."""
    ties = found.ties[found.ties["wave"] == wave]
    arrows = found.directed and found.most_ties <= FEW_TIES
    point = plan.scale * POINTS
    sizes = _diameters(found, plan, people)
    for inside in (True, False):
        own = ties[(ties["pairs"] == WITHIN) == inside]
        if own.empty:
            continue
        first, second, mutual = once_a_pair(*found.ends(own))
        lines = curves(plan.places[first], plan.places[second], 0.0 if inside else BEND)
        colour = INSIDE if inside else CROSSING
        light = min(1.0, math.sqrt(DENSE / len(lines)))
        weight = max(light, 0.6) * np.where(mutual & found.directed, 1.15, 0.6)
        alpha = max(light, 0.2) * (0.95 if inside else 0.7)
        add_lines(axes, lines, colour, weight, alpha=alpha, over=not inside)
        if arrows:
            ends = [(lines, second), (lines[mutual][:, ::-1], first[mutual])]
            for paths, at in ends:
                add_heads(axes, paths, sizes[at] / point / 2, HEAD / point, colour)


def _diameters(found: Standing, plan: Plan, people: pd.DataFrame) -> np.ndarray:
    """Return the diameter of everybody's mark in points, 0 of those who have none."""
    sizes = np.zeros(found.n)
    at = found.ids.get_indexer(pd.Index(people["person_id"]))
    sizes[at] = _diameter(plan, people[found.sized].fillna(0).to_numpy(), _most(found))
    return sizes


def _most(found: Standing) -> float:
    """Return what the largest mark stands for."""
    most = float(np.nan_to_num(found.people[found.sized]).max())
    return most if most > 0 else 1.0


def _diameter(plan: Plan, value: np.ndarray, most: float) -> np.ndarray:
    """Return diameters in points: the area above the smallest grows with the value."""
    share = np.sqrt(np.asarray(value, dtype=float) / most)
    wide = (SMALLEST + (LARGEST - SMALLEST) * share) * plan.scale * POINTS
    low, high = RANGE
    top = LARGEST * plan.scale * POINTS
    return np.asarray(np.maximum(wide * min(1.0, high / top), low))


def _draw_people(axes: Axes, found: Standing, plan: Plan, wave: str, people: pd.DataFrame) -> None:
    sizes = _diameters(found, plan, people)
    new = _newcomers(found, wave)
    teams = list(found.teams)
    numbers = found.ids.get_indexer(pd.Index(people["person_id"]))
    for at, row in zip(numbers, people.to_dict("records"), strict=True):
        x, y = plan.places[at]
        if row["presence"] not in (ANSWERED, SILENT):
            axes.scatter(x, y, s=5, facecolor="white", edgecolor="#BDBDBD", lw=0.5, zorder=3)
            continue
        marker, colour = team_look(teams.index(row["group"]) if row["group"] in teams else -1)
        hollow = row["presence"] == SILENT
        look: dict[str, Any] = {
            "marker": marker,
            "facecolor": "white" if hollow else colour,
            "edgecolor": colour if hollow else INK if row["person_id"] in new else "white",
            "linewidth": 0.9 if hollow or row["person_id"] in new else 0.4,
        }
        axes.scatter(x, y, s=EVEN[marker] * sizes[at] ** 2, zorder=4, **look)


def team_look(place: int) -> tuple[str, str]:
    """Return marker and colour of the n-th team; of more than 56 teams some look alike."""
    return MARKERS[place % len(MARKERS)], TEAM_COLOURS[place % len(TEAM_COLOURS)]


def _newcomers(found: Standing, wave: str) -> set[str]:
    """Return who was asked in a wave and in none before; nobody in the first."""
    seen: set[str] = set()
    for each in found.waves:
        own = found.people[(found.people["wave"] == each)]
        here = set(own.loc[own["presence"].isin([ANSWERED, SILENT]), "person_id"])
        if each == wave:
            return here - seen if each != found.waves[0] else set()
        seen |= here
    return set()


def _header(axes: Axes, found: Standing, wave: str, called: Names, *, narrow: bool) -> None:
    """Write the wave and its numbers above its panel."""
    ties = found.ties[found.ties["wave"] == wave]
    people = found.people[found.people["wave"] == wave]
    n = int(people["presence"].isin([ANSWERED, SILENT]).sum())
    crossing = int((ties["pairs"] != WITHIN).sum())
    words = count(len(ties), "tie")
    words = words if narrow else f"{count(n, 'person', 'people')}, {words}"
    if found.several:
        words += f", {crossing:,} between"
    axes.set_title(readable(wave, called), size=8, weight="bold", pad=13, x=0.01)
    spot: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points"}
    axes.annotate(words, (0.01, 1), (0, 4), size=6.5, color="#555555", **spot)


def _legend(found: Standing, plan: Plan, called: Names) -> tuple[list[Any], list[str]]:
    """Return handles and words: teams, lines, what is special about marks, sizes."""
    entries: list[tuple[Any, str]] = []
    if found.several and not any(plan.labels):
        entries += [
            (_mark(*team_look(at)), readable(team, called)) for at, team in enumerate(found.teams)
        ]
    entries += _line_entries(found)
    presence = set(found.people["presence"])
    if SILENT in presence:
        hollow = {"markerfacecolor": "white", "markeredgewidth": 0.9}
        words = "named nobody or did not answer" if found.unclear else "did not answer"
        entries.append((_mark("o", TEAM_COLOURS[0], **hollow), words))
    if any(_newcomers(found, wave) for wave in found.waves):
        edge = {"markeredgecolor": INK, "markeredgewidth": 0.9}
        entries.append((_mark("o", TEAM_COLOURS[0], **edge), "new"))
    if presence - {ANSWERED, SILENT}:
        ring = {"markerfacecolor": "white", "markeredgewidth": 0.5, "markersize": 2.5}
        entries.append((_mark("o", "#BDBDBD", **ring), _away(presence)))
    entries += _size_entries(found, plan, called)
    return [handle for handle, _ in entries], [words for _, words in entries]


def _away(presence: set[str]) -> str:
    words = {LEFT: "has left", NOT_ASKED: "not asked"}
    return " or ".join(text for state, text in words.items() if state in presence)


def _line_entries(found: Standing) -> list[tuple[Any, str]]:
    from matplotlib.lines import Line2D

    if found.ties.empty:
        return []
    group, groups = found.words
    words = [(INSIDE, f"tie within a {group}"), (CROSSING, f"between {groups}")]
    if not found.several:
        words = [(INSIDE, "tie")]
    entries = [(Line2D([], [], color=colour, linewidth=0.9), text) for colour, text in words]
    if found.directed:
        entries.append((Line2D([], [], color=GREY, linewidth=1.8), "both ways"))
    return entries


def _size_entries(found: Standing, plan: Plan, called: Names) -> list[tuple[Any, str]]:
    """Return marks of the smallest and the largest value."""
    values = found.people[found.sized].dropna()
    if found.ties.empty:
        return []
    words = "named by" if found.sized == "in_degree" else f"{size_words(found, called)}:"
    digits = 0 if (values == values.round()).all() else 2
    shown = {number(end, digits): end for end in (float(values.min()), float(values.max()))}
    return [
        (
            _mark("o", GREY, markersize=float(_diameter(plan, np.array(end), _most(found)))),
            f"{words} {text}",
        )
        for text, end in shown.items()
    ]


def size_words(found: Standing, called: Names) -> str:
    """Return what the size of a mark tells, where it is not how many named the person."""
    return readable(found.people["measure"].dropna().iloc[0], called)


def _mark(marker: str, colour: str, **more: Any) -> Any:
    from matplotlib.lines import Line2D

    look = {"color": colour, "markersize": 4.5, "markeredgecolor": colour, **more}
    if marker != "o":
        look["markersize"] = 4.5 * math.sqrt(EVEN[marker])
    return Line2D([], [], linestyle="", marker=marker, **look)
