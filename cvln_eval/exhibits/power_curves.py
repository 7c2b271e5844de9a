"""How often evaluations of several sizes would find an effect."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.panels import figure_exhibit, inches
from cvln_eval.exhibits.style import COLOURS, GREY, INK, LINES
from cvln_eval.exhibits.wording import needed
from cvln_eval.inference.planning import MinimumDetectableChange
from cvln_eval.results import count, proportion
from cvln_eval.results import number as in_digits

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.inference.planning import Power

__all__ = ["plot_power"]

COLUMNS = ("effect", "n_clusters", "power", "power_mc_error", "method", "n_draws", "reason")
CUSTOM = 0.80
HEIGHTS = (0.5, 0.62)  # of the numbers on neighbouring curves
ERRORS = 1.96  # simulation errors on each side
FADED = 0.16
SHADES = (COLOURS[5], COLOURS[0], COLOURS[2], INK, COLOURS[3], COLOURS[1])


def plot_power(
    result: Power,
    *,
    number: str,
    study: Origin,
    least: MinimumDetectableChange | Sequence[MinimumDetectableChange] = (),
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "single",
) -> Exhibit:
    """Draw the power over the effect, a curve a number of clusters, which stands on it.

    Parameters
    ----------
    result : Power
        From `power`, with several effects.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    least : MinimumDetectableChange or several, optional
        From `minimum_detectable_change`: marked where it is found often enough.
    title, note : str, optional
        By default what could have been found, and what the marks mean.
    names : mapping, optional
        `effect` and `cluster`: what to call them, such as a change of trust and a district.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If no power was simulated.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from cvln_eval.inference.planning import Plan, power
    >>> plan = Plan(n_clusters=5, cluster_size=8, icc=0.1, share_treated=0.4)
    >>> found = power(plan, effect=[0.5, 1.5], n_simulated=500)
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> plot_power(found, number="9.1", study=study).title
    'With 5 clusters no effect up to 1.50 is found in 80% of simulated evaluations.'
    """
    every = needed(result.tidy(), COLUMNS)
    if every["power"].isna().all():
        raise ArgumentError("No power was simulated", seen=result.sentence())
    changes = [least] if isinstance(least, MinimumDetectableChange) else list(least)
    marks = pd.concat([change.tidy() for change in changes]) if changes else every.iloc[:0]
    noun, data = (names or {}).get("cluster", "cluster"), every[every["power"].notna()]
    draw = partial(_draw, data, marks, (names or {}).get("effect", "effect"), noun)
    return figure_exhibit(
        number=number,
        title=title or _title(result, changes, noun),
        note=note or _note(result, every, noun),
        n=int(data["n_draws"].max()),
        data=pd.concat([data, marks], ignore_index=True),
        study=study,
        sources=(),
        drawing=Drawing(draw, inches(width), 2.7),
    )


def _title(result: Power, changes: Sequence[MinimumDetectableChange], noun: str) -> str:
    """Return the smallest change found often enough, or what the curves show of it."""
    if changes:
        return _least_title(changes[0], noun)
    least = result.curve["n_clusters"].min()
    own = result.curve[result.curve["n_clusters"] == result.plan.n_clusters]
    own = own if len(own) else result.curve[result.curve["n_clusters"] == least]
    where, first = f"With {count(int(own['n_clusters'].iloc[0]), noun)}", own.iloc[0]
    if first["smallest_p"] > 1 - result.asked.conf_level:
        return f"{where} the {first['method']} cannot reject, whatever the effect."
    enough = own.loc[own["power"] >= CUSTOM, "effect"]
    if enough.empty:
        return (
            f"{where} no effect up to {in_digits(own['effect'].abs().max())} is found in "
            f"{CUSTOM:.0%} of simulated evaluations."
        )
    return (
        f"{where} an effect of {in_digits(enough.abs().min())} is the smallest drawn that is found "
        f"in {CUSTOM:.0%} of simulated evaluations or more."
    )


def _least_title(change: MinimumDetectableChange, noun: str) -> str:
    row = change.tidy().iloc[0]
    where = f"With {count(int(row['n_clusters']), noun)}"
    if math.isnan(row["effect"]):
        return f"{where} no change could have been shown: {row['reason']}."
    return (
        f"{where} only a change of {in_digits(row['effect'])} or more would have been found "
        f"{proportion(change.power_wanted)} of the time."
    )


def _note(result: Power, every: pd.DataFrame, noun: str) -> str:
    first = every.iloc[0]
    parts = [
        f"Simulated, not observed: {result.plan.in_words(noun)}, and other numbers of {noun}s "
        f"alike; {first['method']} at the level {1 - result.asked.conf_level:g}. "
        f"Number on a curve: {noun}s. Bands: 95% simulation error. Dashed: {CUSTOM:g}, "
        "a convention."
    ]
    why = every.loc[every["reason"] != ""].drop_duplicates(["n_clusters", "reason"])
    listed = [
        f"{count(int(row['n_clusters']), noun)}: {row['reason']}" for row in why.to_dict("records")
    ]
    return " ".join(
        [*parts, *(f"With {each}." for each in listed), "n counts evaluations a point."]
    )


def _draw(data: pd.DataFrame, marks: pd.DataFrame, effect: str, noun: str, figure: Figure) -> None:
    axes = figure.subplots()
    axes.axhline(CUSTOM, color=GREY, linewidth=0.8, linestyle="--", zorder=0)
    groups = sorted(set(data["n_clusters"]))
    for at, n_clusters in enumerate(groups):
        own = data[data["n_clusters"] == n_clusters].sort_values("effect")
        look = {"color": SHADES[at % len(SHADES)], "linestyle": LINES[at % len(LINES)]}
        _draw_curve(axes, own, look)
        _number(axes, own, f"{n_clusters}", HEIGHTS[at % len(HEIGHTS)], look["color"])
    for row in marks[marks["effect"].notna()].to_dict("records"):
        _mark_least(axes, row)
    axes.set_ylim(-0.01, 1.03)
    axes.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1], ["0%", "20%", "40%", "60%", "80%", "100%"])
    axes.set_xlabel(effect[:1].upper() + effect[1:])
    axes.set_ylabel("Evaluations that find it")
    axes.set_title(f"Number of {noun}s on each curve", size=7)
    axes.grid(axis="y")


def _draw_curve(axes: Axes, own: pd.DataFrame, look: dict[str, Any]) -> None:
    off = ERRORS * own["power_mc_error"]
    low, high = (own["power"] - off).clip(0, 1), (own["power"] + off).clip(0, 1)
    axes.fill_between(own["effect"], low, high, color=look["color"], alpha=FADED, linewidth=0)
    marker: dict[str, Any] = {"marker": "o", "markersize": 3} if len(own) == 1 else {}
    axes.plot(own["effect"], own["power"], linewidth=1.5, **marker, **look)


def _number(axes: Axes, own: pd.DataFrame, text: str, height: float, colour: Any) -> None:
    """Write a number on a curve where it rises through a height, else at its end."""
    power, effect = own["power"].to_numpy(), own["effect"].to_numpy()
    beyond = np.flatnonzero((power[1:] >= height) & (power[:-1] < height))
    look: dict[str, Any] = {"size": 7.5, "weight": "bold", "color": colour, "zorder": 5}
    look["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    if len(beyond):
        at = slice(beyond[-1], beyond[-1] + 2)
        across = float(np.interp(height, power[at], effect[at]))
        axes.text(across, height, text, ha="center", va="center", **look)
    else:
        axes.annotate(
            text, (effect[-1], power[-1]), (-2, 5), textcoords="offset points", ha="right", **look
        )


def _mark_least(axes: Axes, row: Mapping[Any, Any]) -> None:
    effect, power = row["effect"], row["power"]
    axes.plot([effect, effect], [0, power], color=INK, linewidth=0.8, linestyle=":", zorder=1)
    axes.plot(effect, power, marker="D", markersize=4.5, color=INK, linestyle="", zorder=6)
    axes.annotate(
        in_digits(effect), (effect, 0.02), (-3, 0), textcoords="offset points", ha="right", size=7
    )
