"""Matrices of who named whom, sorted by team, so that blocks of ties show."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.panels import (
    figure_exhibit,
    inches,
    legend_above,
    name_panel,
    names_of,
    readable,
)
from cvln_eval.exhibits.people_of_waves import Standing, standing
from cvln_eval.exhibits.sociogram_drawing import CROSSING
from cvln_eval.exhibits.sociograms import one_relation
from cvln_eval.exhibits.style import INK
from cvln_eval.networks.panel import Network, NetworkPanel
from cvln_eval.results import count, proportion

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_blockmodel"]

TIE, NONE, UNKNOWN, AWAY = "tie", "no tie", "not answered", "not asked"
MOST_PEOPLE = 400
SHADES = {NONE: "white", TIE: "#4D4D4D", UNKNOWN: "#B3B3B3", AWAY: "#E9E9E9"}
HATCHED: dict[str, Any] = {"hatch": "//////", "edgecolor": "white", "linewidth": 0}
NAME = 0.95  # inches beside the first column for the names of teams
LETTERS = 16  # of a line of a name
HEADER = 0.22  # inches above a panel
BELOW, ABOVE = 0.28, 0.3  # inches for what rows and columns are, and for the legend
TALLEST = 7.2  # inches of all panels
LARGEST = 3.6  # inches of a panel
LINE = 0.13  # inches that the name of a team needs

Names = Mapping[str, str]


def plot_blockmodel(
    panel: NetworkPanel | Network,
    *,
    number: str,
    study: Origin,
    by: str = "team_id",
    title: str | None = None,
    note: str | None = None,
    names: Names | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw who named whom as a matrix sorted by team, one panel a wave.

    Rows name columns. Teams stand in the order of their names, in them those first who were named
    most often over all waves; everybody has the same row and column in each panel.

    Parameters
    ----------
    panel : NetworkPanel or Network
        One relation; see `panel.only(relations=[...])`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    by : str
        The groups that are blocks.
    title, note : str, optional
        By default the share of known pairs that are tied within teams and between them, in the
        last wave, and what the cells mean.
    names : mapping, optional
        Names of the relation, teams and waves to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit
        With one row an ordered pair and wave, `dyad` being "tie", "no tie", "not answered" or
        "not asked", in the order of the rows and columns drawn.

    Raises
    ------
    ArgumentError
        If the networks are of several relations, of nobody or of more than 400 people.

    References
    ----------
    White, H. C., Boorman, S. A., & Breiger, R. L. (1976). Social structure from multiple networks:
    I. Blockmodels of roles and positions. American Journal of Sociology, 81, 730-780.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from cvln_eval.networks.panel import network_panel
    >>> ties = pd.DataFrame({"wave": "y1", "relation": "advice", "sender_id": ["a", "a"],
    ...                      "receiver_id": ["b", "c"]})
    >>> members = pd.DataFrame({"wave": "y1", "person_id": list("abc"), "team_id": list("XXY")})
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> plot_blockmodel(network_panel(ties, members), number="9.1", study=study).title
    'In y1, advice ties join 1 of 2 known pairs within teams (50%) and 1 of 4 known pairs between \
teams (25%)'
    """
    networks = one_relation(panel)
    called = names_of(study, names)
    found = standing(panel, networks, by)
    if not 0 < found.n <= MOST_PEOPLE:
        raise ArgumentError(
            "There is nobody to draw" if not found.n else "Too many people to see a cell of each",
            expected=f"1 to {MOST_PEOPLE} people",
            seen=f"{found.n:,}",
            todo="draw the densities between teams instead" if found.n else "",
        )
    order = _order(found)
    states = {one.wave: _states(one, found.ids[order]) for one in networks}
    data = _pairs(found, order, states)
    draw = partial(_draw, found, order, states, called, width)
    return figure_exhibit(
        number=number,
        title=title or _title(data, found, called),
        note=note or _note(found, states),
        n=found.n,
        data=data,
        study=study,
        sources=("ties", "memberships", "respondents"),
        drawing=Drawing(draw, inches(width), _height(found, width)),
    )


def _order(found: Standing) -> np.ndarray:
    """Return the people by team, in it by how often they were named, then by id."""
    named = found.people.groupby("person_id")["in_degree"].sum().reindex(found.ids).fillna(0)
    return np.lexsort([np.arange(found.n), -named.to_numpy(), found.home])


def _states(network: Network, ids: pd.Index) -> np.ndarray:
    """Return what each ordered pair is, for people who need not be in the network."""
    place = network.ids.get_indexer(ids)
    here = np.flatnonzero(place >= 0)
    states = np.full((len(ids), len(ids)), AWAY, dtype=object)
    own = network.matrix(valued=False)[np.ix_(place[here], place[here])]
    states[np.ix_(here, here)] = np.select([np.isnan(own), own == 1], [UNKNOWN, TIE], default=NONE)
    return states


def _pairs(found: Standing, order: np.ndarray, states: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return one row an ordered pair and wave, as the cells stand."""
    first, second = (place.ravel() for place in np.indices((found.n, found.n)))
    first, second = first[first != second], second[first != second]
    ids = found.ids[order]
    homes = pd.Series(np.array(found.teams, dtype=object)[found.home[order]], index=ids)
    frames = []
    for wave, cells in states.items():
        own = found.people[found.people["wave"] == wave].set_index("person_id")["group"]
        teams = own.reindex(ids).fillna(homes).to_numpy()
        pairs = {
            "wave": wave,
            "relation": found.relation,
            "person_id": ids[first],
            "group": teams[first],
            "other_person_id": ids[second],
            "other_group": teams[second],
            "dyad": cells[first, second],
        }
        frames.append(pd.DataFrame(pairs))
    return pd.concat(frames, ignore_index=True)


def _title(data: pd.DataFrame, found: Standing, called: Names) -> str:
    """Return how many of the known pairs within teams and between them are tied at the end."""
    wave = found.waves[-1]
    last = data[(data["wave"] == wave) & data["dyad"].isin([TIE, NONE])]
    same = last["group"] == last["other_group"]
    label = readable(wave, called)
    where = f"In {label}, " if label else ""
    if last.empty:
        return f"{where}no pair is known"
    said = []
    for kind, rows in (("within", last[same]), ("between", last[~same])):
        n, of = int((rows["dyad"] == TIE).sum()), len(rows)
        share = f" ({proportion(n / of)})" if of else ""
        said.append(f"{n:,} of {of:,} known pairs {kind} {found.words[1]}{share}")
    ties = f"{readable(found.relation, called)} ties join {' and '.join(said)}"
    return where + ties if where else ties[:1].upper() + ties[1:]


def _note(found: Standing, states: Mapping[str, np.ndarray]) -> str:
    kinds = {kind for cells in states.values() for kind in np.unique(cells.astype(str))}
    off = [cells[~np.eye(len(cells), dtype=bool)] for cells in states.values()]
    n_unknown = sum(int((cells == UNKNOWN).sum()) for cells in off)
    parts = [
        f"Rows name columns, both sorted by {found.words[0]} and in it by how often people were "
        "named over all waves; everybody has the same row and column in all panels."
    ]
    if n_unknown:
        parts.append(
            f"Hatched: {count(n_unknown, 'pair')} not known, as the person of the row did not "
            "answer."
        )
    if AWAY in kinds:
        parts.append("Grey: not asked in the wave.")
    return " ".join([*parts, "A description without a test. n counts people in any wave."])


def _columns(found: Standing, width: str) -> int:
    panels = len(found.waves)
    return min(panels, 2 if width == "single" or panels in (2, 4) else 3)


def _panel(found: Standing, width: str) -> float:
    """Return the side of a panel in inches."""
    columns = _columns(found, width)
    rows = math.ceil(len(found.waves) / columns)
    room = (inches(width) - NAME - 0.12 * columns) / columns
    return min(room, LARGEST, TALLEST / rows - HEADER - BELOW)


def _height(found: Standing, width: str) -> float:
    rows = math.ceil(len(found.waves) / _columns(found, width))
    return ABOVE + rows * (_panel(found, width) + HEADER + BELOW)


def _draw(
    found: Standing,
    order: np.ndarray,
    states: Mapping[str, np.ndarray],
    called: Names,
    width: str,
    figure: Figure,
) -> None:
    columns = _columns(found, width)
    rows = math.ceil(len(found.waves) / columns)
    axes = figure.subplots(rows, columns, squeeze=False)
    side = _panel(found, width)
    homes = found.home[order]
    for spare in axes.ravel()[len(states) :]:
        spare.set_visible(False)
    for at, (one, wave) in enumerate(zip(axes.ravel(), states, strict=False)):
        _draw_cells(one, states[wave], homes)
        _draw_borders(one, homes)
        name_panel(one, wave, called)
        one.set_xlabel("named", labelpad=2)
        _name_rows(one, found, homes, called, side, first=at % columns == 0)
    _legend(figure, found, states)


def _draw_cells(axes: Axes, states: np.ndarray, homes: np.ndarray) -> None:
    """Draw a square a tie, hatch rows that are not known, and leave known zeros white."""
    from matplotlib.colors import ListedColormap

    n = len(states)
    same = homes[:, None] == homes
    kinds = [NONE, AWAY, UNKNOWN, TIE]
    codes = np.select([states == kind for kind in kinds], range(4), default=0)
    codes[(states == TIE) & ~same] = 4
    codes[np.eye(n, dtype=bool)] = 1
    shades = ListedColormap([*(SHADES[kind] for kind in kinds), CROSSING])
    edges = np.arange(n + 1) - 0.5
    axes.pcolormesh(edges, edges, codes, cmap=shades, vmin=-0.5, vmax=4.5, linewidth=0)
    _hatch(axes, states == UNKNOWN)
    axes.set_xlim(-0.5, n - 0.5)
    axes.set_ylim(n - 0.5, -0.5)
    axes.set_aspect("equal")


def _hatch(axes: Axes, unknown: np.ndarray) -> None:
    """Hatch each run of cells of a row that are not known."""
    from matplotlib.patches import Rectangle

    for row, cells in enumerate(unknown & ~np.eye(len(unknown), dtype=bool)):
        edges = np.diff(np.concatenate([[0], cells.astype(int), [0]]))
        for start, end in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True):
            corner = (start - 0.5, row - 0.5)
            axes.add_patch(Rectangle(corner, float(end - start), 1, fill=False, **HATCHED))


def _draw_borders(axes: Axes, homes: np.ndarray) -> None:
    look: dict[str, Any] = {"color": INK, "linewidth": 0.6}
    for at in np.flatnonzero(np.diff(homes)) + 0.5:
        axes.axhline(at, **look)
        axes.axvline(at, **look)
    axes.spines[:].set_visible(True)


def _name_rows(
    axes: Axes, found: Standing, homes: np.ndarray, called: Names, side: float, *, first: bool
) -> None:
    """Name the teams beside the first column of panels, each in the middle of its rows."""
    axes.set_xticks([])
    axes.tick_params(axis="y", length=0)
    if not first:
        axes.set_yticks([])
        return
    # Names that begin alike still differ when both their ends are left.
    middles = [float(np.flatnonzero(homes == team).mean()) for team in range(len(found.teams))]
    labels = []
    for team, name in enumerate(found.teams):
        lines = textwrap.wrap(text := readable(name, called), LETTERS)
        fits = len(lines) * LINE <= max(side * float((homes == team).mean()), LINE)
        labels.append("\n".join(lines) if fits else f"{text[:7]}… {text[-7:].strip()}")
    axes.set_yticks(middles, labels, size=6.5)
    axes.set_ylabel("who names")


def _legend(figure: Figure, found: Standing, states: Mapping[str, np.ndarray]) -> None:
    from matplotlib.patches import Patch

    off = [cells[~np.eye(len(cells), dtype=bool)] for cells in states.values()]
    kinds = {str(kind) for cells in off for kind in cells}
    edge = {"edgecolor": "#888888", "linewidth": 0.5}
    looks = [
        (TIE, f"tie within a {found.words[0]}", {"facecolor": SHADES[TIE], "linewidth": 0}),
        (TIE, f"between {found.words[1]}", {"facecolor": CROSSING, "linewidth": 0}),
        (NONE, "no tie", {"facecolor": "white", **edge}),
        (UNKNOWN, "not answered", {"facecolor": SHADES[UNKNOWN], **HATCHED}),
        (AWAY, "not asked", {"facecolor": SHADES[AWAY], "linewidth": 0}),
    ]
    shown = [(Patch(**look), words) for kind, words, look in looks if kind in kinds]
    if shown:
        legend_above(figure, [patch for patch, _ in shown], [words for _, words in shown])
