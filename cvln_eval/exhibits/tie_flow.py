"""What became of the ties of each wave, and where those of the next came from."""

from __future__ import annotations

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
    text_on,
)
from cvln_eval.exhibits.style import COLOURS, INK
from cvln_eval.networks.waves import Turnover

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_tie_flow"]

KEPT, BEFORE = "kept", "there before"
# Below a bar's kept ties stand those that changed, then those that went or came with a person.
OUT = (
    "dropped by stayers", "lost with a leaver", "lost, an end not asked later", "not known later",
)  # fmt: skip
IN = (
    "formed by stayers", "gained with a joiner", "gained, an end not asked before",
    "not known before",
)  # fmt: skip
LOOKS: tuple[dict[str, Any], ...] = (
    {"facecolor": COLOURS[5]},
    {"facecolor": COLOURS[1], "hatch": "////"},
    {"facecolor": "#C9C9C9"},
    {"facecolor": "#C9C9C9", "hatch": "xxxx"},
)
FORMED: dict[str, Any] = {"facecolor": COLOURS[2]}
STAYED: dict[str, Any] = {"facecolor": COLOURS[0], "alpha": 0.75}
WORDS = (
    "dropped by people who stayed", "with somebody who left or joined", "an end was not asked",
    "not known",
)  # fmt: skip
BAR = 0.045  # half the width of a bar, in distances between waves
STUB = 0.27  # how far what does not last reaches from its bar
ROW = 1.9  # inches of a relation
LEGEND_LINE, WAVES = 0.15, 0.45  # inches of the legend's lines and of the waves' names
BEND = 0.07  # how far it bends up, as a share of the highest bar
LEAST_APART = 0.055  # between two numbers, as a share of the panel's height
CURVE = 24
FEW_RELATIONS = 2  # of which a title has room for two steps each

Names = Mapping[str, str]


def plot_tie_flow(
    result: Turnover,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Names | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw which ties last from wave to wave, which end and which begin, one panel a relation.

    A bar is all ties of a wave. What leaves it to the right was kept (a band to the next bar) or
    not; what comes to it from the left was there before or not. The pieces of a bar add up to its
    ties on either side.

    Parameters
    ----------
    result : Turnover
        From `turnover`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default how many ties were kept over the first and the last step, and what the pieces
        mean.
    names : mapping, optional
        Names of relations and waves to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit
        With one row a relation, wave and measure, as the result has them.

    Raises
    ------
    ArgumentError
        If no relation was asked in two waves, or no wave has a tie.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from cvln_eval.networks.panel import network_panel
    >>> from cvln_eval.networks.waves import turnover
    >>> ties = pd.DataFrame({"wave": ["1", "1", "2"], "relation": "advice",
    ...                      "sender_id": ["a", "b", "a"], "receiver_id": ["b", "c", "b"]})
    >>> memberships = pd.DataFrame({"wave": ["1"] * 3 + ["2"] * 2, "person_id": list("abcab"),
    ...                             "team_id": "x"})
    >>> found = turnover(network_panel(ties, memberships))
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> plot_tie_flow(found, number="9.1", study=study).title
    'Of advice ties, 1 of 2 was kept from 1 to 2'
    """
    rows = result.tidy()
    data = rows[rows["from_wave"] != ""].reset_index(drop=True)
    if data.empty or not data["denominator"].any():
        raise ArgumentError(
            "There is no tie to follow from one wave to another",
            expected="ties of a relation that was asked in two waves",
            seen="no relation of two waves" if data.empty else "no ties",
        )
    called = names_of(study, names)
    once = [name for name in dict.fromkeys(rows["relation"]) if name not in set(data["relation"])]
    n_panels = data["relation"].nunique()
    lines = 4 if width == "single" else 1
    height = LEGEND_LINE * (lines + 1) + n_panels * (ROW + WAVES)
    return figure_exhibit(
        number=number,
        title=title or _title(data, called),
        note=note or _note(data, once, called),
        n=sum(_totals(data).values()),
        data=data,
        study=study,
        sources=("ties", "memberships", "respondents"),
        drawing=Drawing(partial(_draw, data, called), inches(width), height),
    )


def _totals(data: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return the ties of each relation and wave."""
    found: dict[tuple[str, str], int] = {}
    for row in data.to_dict("records"):
        if row["measure"] in (KEPT, BEFORE):
            wave = row["from_wave"] if row["measure"] == KEPT else row["wave"]
            found[row["relation"], wave] = int(row["denominator"])
    return found


def _title(data: pd.DataFrame, called: Names) -> str:
    """Return how many ties of each relation were kept over each step."""
    kept = data[data["measure"] == KEPT]
    few = kept["relation"].nunique() <= FEW_RELATIONS
    said = []
    for relation, rows in kept.groupby("relation", sort=False):
        steps = [
            f"{row['numerator']:,} of {row['denominator']:,} "
            f"{'was' if row['numerator'] == 1 else 'were'} kept from "
            f"{readable(row['from_wave'], called)} to {readable(row['wave'], called)}"
            for row in rows.to_dict("records")
        ]
        ends = steps[:: max(len(steps) - 1, 1)] if few else steps[-1:]
        said.append(f"of {readable(relation, called)} ties, {' and '.join(ends)}")
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}"


def _note(data: pd.DataFrame, once: list[str], called: Names) -> str:
    seen = set(data.loc[data["numerator"] > 0, "measure"])
    parts = [
        "A bar is the ties of a wave: at its right what became of them until the next wave, at "
        "its left where they came from."
    ]
    if seen & {OUT[3], IN[3]}:
        parts.append(
            "Not known: both people were there in the other wave, but the answer is missing."
        )
    if seen & {OUT[2], IN[2]}:
        parts.append("Not asked: on the roster of the other wave, but not asked.")
    if once:
        names = ", ".join(readable(name, called) for name in once)
        parts.append(f"Asked in one wave only and not drawn: {names}.")
    return " ".join([*parts, "A description without a test. n counts ties of all waves."])


def _draw(data: pd.DataFrame, called: Names, figure: Figure) -> None:
    relations = list(dict.fromkeys(data["relation"]))
    panels = figure.subplots(len(relations), 1, squeeze=False).ravel()
    for axes, relation in zip(panels, relations, strict=True):
        own = data[data["relation"] == relation]
        _draw_relation(axes, own, called)
        if len(relations) > 1:
            name_panel(axes, relation, called)
    legend_above(figure, *_legend(data))


def _draw_relation(axes: Axes, data: pd.DataFrame, called: Names) -> None:
    steps = list(dict.fromkeys(zip(data["from_wave"], data["wave"], strict=True)))
    waves = [steps[0][0], *(after for _, after in steps)]
    totals = {wave: number for (_, wave), number in _totals(data).items()}
    most = float(max(*totals.values(), 1))
    for at, step in enumerate(steps):
        own = data[data["wave"] == step[1]].set_index("measure")["numerator"]
        _draw_step(axes, at, own, most)
    for at, wave in enumerate(waves):
        axes.bar(at, totals[wave], 2 * BAR, color=INK, linewidth=0, zorder=3)
        text_on(axes, at, totals[wave] + 0.02 * most, f"{totals[wave]:,}", va="bottom", size=7)
    _furnish(axes, [readable(wave, called) for wave in waves], most)


def _draw_step(axes: Axes, at: int, own: pd.Series, most: float) -> None:
    """Draw what lies between two bars: a band of kept ties, and pieces that end or begin."""
    kept = float(own[KEPT])
    if kept:
        look: dict[str, Any] = {**STAYED, "linewidth": 0}
        _band(axes, (at + BAR, at + 1 - BAR), (0, 0), (kept, kept), look)
        tall = kept > 2 * LEAST_APART * most
        up = kept / 2 if tall else kept + 0.02 * most
        text_on(axes, at + 0.5, up, f"{int(kept):,}", size=7, **_on_colour(tall=tall))
    _pieces(axes, at + BAR, 1, [(float(own[name]), look) for name, look in _out()], kept, most)
    _pieces(axes, at + 1 - BAR, -1, [(float(own[name]), look) for name, look in _in()], kept, most)


def _out() -> list[tuple[str, dict[str, Any]]]:
    return list(zip(OUT, LOOKS, strict=True))


def _in() -> list[tuple[str, dict[str, Any]]]:
    return list(zip(IN, (FORMED, *LOOKS[1:]), strict=True))


def _on_colour(*, tall: bool) -> dict[str, Any]:
    return {"color": "white", "weight": "bold"} if tall else {"color": INK, "va": "bottom"}


def _pieces(
    axes: Axes,
    edge: float,
    side: int,
    pieces: list[tuple[float, dict[str, Any]]],
    base: float,
    most: float,
) -> None:
    """Draw pieces on top of the kept ties, each with its number at its far end.

    A piece bends up a little and gets no thinner, so that its height stays its number.
    """
    spots, bend = [], BEND * most
    end = edge + side * STUB
    for number, look in pieces:
        if number:
            top = base + number
            shape = {"edgecolor": "white", "linewidth": 0.5, **look}
            _band(axes, (edge, end), (base, base + bend), (top, top + bend), shape)
            spots.append((base + bend + number / 2, f"{int(number):,}"))
            base = top
    heights = _apart([height for height, _ in spots], LEAST_APART * most)
    for height, (_, text) in zip(heights, spots, strict=True):
        text_on(axes, end + side * 0.015, height, text, ha="left" if side > 0 else "right")


def _apart(heights: list[float], least: float) -> list[float]:
    """Return rising heights moved up where they would be nearer than `least`."""
    moved: list[float] = []
    for height in heights:
        moved.append(max(height, moved[-1] + least) if moved else height)
    return moved


def _band(
    axes: Axes,
    ends: tuple[float, float],
    low: tuple[float, float],
    high: tuple[float, float],
    look: Mapping[str, Any],
) -> None:
    """Fill between two smooth lines that begin and end level."""
    share = np.linspace(0, 1, CURVE)
    smooth = share**2 * (3 - 2 * share)
    x = ends[0] + share * (ends[1] - ends[0])
    below = low[0] + smooth * (low[1] - low[0])
    above = high[0] + smooth * (high[1] - high[0])
    axes.fill_between(x, below, above, **look)


def _furnish(axes: Axes, labels: list[str], most: float) -> None:
    axes.set_xticks(range(len(labels)), [label.replace(" ", "\n", 1) for label in labels])
    axes.set_xlim(-0.25, len(labels) - 0.75)
    axes.set_ylim(0, 1.18 * most)
    axes.tick_params(axis="x", length=0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def _legend(data: pd.DataFrame) -> tuple[list[Any], list[str]]:
    from matplotlib.patches import Patch

    seen = set(data.loc[data["numerator"] > 0, "measure"])
    entries = [({KEPT}, STAYED, "kept"), ({IN[0]}, FORMED, "formed by people who stayed")]
    entries += [
        ({out, into} if at else {out}, look, words)
        for at, (out, into, look, words) in enumerate(zip(OUT, IN, LOOKS, WORDS, strict=True))
    ]
    shown = [(look, words) for measures, look, words in entries if measures & seen]
    edge = {"edgecolor": "white", "linewidth": 0.5}
    return [Patch(**{**edge, **look}) for look, _ in shown], [words for _, words in shown]
