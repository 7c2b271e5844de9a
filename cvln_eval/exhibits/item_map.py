"""Items of a scale by their mean and by how they go with the rest."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.panels import figure_exhibit, inches, legend_above, names_of, readable
from cvln_eval.exhibits.placing import place_labels
from cvln_eval.exhibits.style import COLOURS, GREY, INK
from cvln_eval.exhibits.wording import needed
from cvln_eval.results import Result, count

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_item_map"]

COLUMNS = ("item", "n", "mean", "item_rest_r", "floor_share", "ceiling_share")
WEAK = 0.30
CROWDED = 0.15  # share at an end of the scale (Terwee et al., 2007)
KINDS = {
    "inside": ("o", "few at an end"),
    "ceiling": ("^", "many at the top"),
    "floor": ("v", "many at the bottom"),
    "both": ("D", "many at both ends"),
}
COLOUR = {"weak": COLOURS[5], "fine": COLOURS[0]}
NAME = {"weak": {"color": COLOURS[5], "weight": "bold"}, "fine": {"color": INK}}


def plot_item_map(
    result: Result | Mapping[str, Result],
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "single",
) -> Exhibit:
    """Draw each item at its mean and its correlation with the rest of the scale, named directly.

    Items below a correlation of .30, a convention, are named in bold; one below 0 may be keyed the
    wrong way. The shape tells whether more than 15% of the answers stand at an end of the scale
    (Terwee et al., 2007, J Clin Epidemiol, 60, 34-42). An item without a correlation is not drawn
    and is named in the note with its reason.

    Parameters
    ----------
    result : ItemAnalysis or mapping
        From `item_analysis`; several of them by the name of their panel, such as a scale.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the result's sentence (of several: how many items are weak), and what the marks
        mean.
    names : mapping, optional
        Short names of items and panels to show for their ids.
    width : str
        `single` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If there is no item to draw.
    """
    panels = result if isinstance(result, Mapping) else {"": result}
    data = pd.concat(
        [needed(one.tidy(), COLUMNS).assign(panel=name) for name, one in panels.items()]
    ).reset_index(drop=True)
    rows = -(-len(panels) // (3 if width == "double" else 1))
    columns = -(-len(panels) // rows)
    called = names_of(study, names)
    draw = partial(_draw, data, called, (rows, columns))
    return figure_exhibit(
        number=number,
        title=title or _title(panels, data),
        note=note or _note(data, called),
        n=int(data["n"].max()),
        data=data,
        study=study,
        sources=("responses",),
        drawing=Drawing(draw, inches(width), 0.55 + 2.3 * rows),
    )


def _title(panels: Mapping[str, Result], data: pd.DataFrame) -> str:
    """Return the result's sentence, and for several panels how many items are weak."""
    if len(panels) == 1:
        return next(iter(panels.values())).sentence()
    known = data["item_rest_r"].dropna()
    return (
        f"{(known < WEAK).sum()} of {count(len(known), 'item')} correlate below .30 with the rest "
        "of their scale."
    )


def _note(data: pd.DataFrame, called: Mapping[str, str]) -> str:
    parts = ["Dashed: a correlation of .30, a convention; items below it are in bold."]
    if (data["item_rest_r"] < 0).any():
        parts.append("Below 0 an item may be keyed the wrong way.")
    if _has_interval(data):
        parts.append("Bars are intervals of the correlation.")
    parts.append(f"Many: more than {CROWDED:.0%} of the answers.")
    without = data[data["item_rest_r"].isna() | data["mean"].isna()]
    if len(without):
        listed = ", ".join(_left_out(row, called) for row in without.to_dict("records"))
        parts.append(f"Not drawn: {listed}.")
    return " ".join([*parts, "n counts people, for the item with most answers."])


def _left_out(row: Mapping[Any, Any], called: Mapping[str, str]) -> str:
    reason = f" ({row['reason']})" if row.get("reason") else ""
    return readable(row["item"], called) + reason


def _has_interval(data: pd.DataFrame) -> bool:
    return {"conf_low", "conf_high"} <= set(data) and bool(data["conf_low"].notna().any())


def _kinds(data: pd.DataFrame) -> list[str]:
    floor, ceiling = data["floor_share"] > CROWDED, data["ceiling_share"] > CROWDED
    kinds = np.select([floor & ceiling, floor, ceiling], ["both", "floor", "ceiling"], "inside")
    return [str(kind) for kind in kinds]


def _draw(
    data: pd.DataFrame, called: Mapping[str, str], shape: tuple[int, int], figure: Figure
) -> None:
    drawn = data.dropna(subset=["item_rest_r", "mean"])
    drawn = drawn.assign(kind=_kinds(drawn), weak=drawn["item_rest_r"] < WEAK)
    axes_of = figure.subplots(*shape, sharex=True, sharey=True, squeeze=False).ravel()
    panels = list(dict.fromkeys(data["panel"]))
    for axes in axes_of[len(panels) :]:
        axes.set_visible(False)
    for axes, name in zip(axes_of, panels, strict=False):
        _draw_panel(axes, drawn[drawn["panel"] == name])
        axes.set_title(readable(name, called), size=7.5)
    _limit(axes_of[0], drawn)
    for axes in axes_of[: len(panels)]:
        axes.set(xlabel="Mean answer", ylabel="Correlation with the rest")
        axes.label_outer()
    _legend(figure, drawn)
    for axes, name in zip(axes_of, panels, strict=False):
        _name(axes, drawn[drawn["panel"] == name], called)


def _draw_panel(axes: Axes, items: pd.DataFrame) -> None:
    axes.axhline(WEAK, color=GREY, linewidth=0.8, linestyle="--")
    axes.axhline(0, color=INK, linewidth=0.6)
    if _has_interval(items):
        colours = [COLOUR["weak" if weak else "fine"] for weak in items["weak"]]
        axes.vlines(items["mean"], items["conf_low"], items["conf_high"], colors=colours, alpha=0.5)
    for (kind, weak), group in items.groupby(["kind", "weak"]):
        look: dict[str, Any] = {"color": COLOUR["weak" if weak else "fine"], "linestyle": ""}
        axes.plot(group["mean"], group["item_rest_r"], marker=KINDS[str(kind)][0], **look)
    axes.grid(axis="both")


def _limit(axes: Axes, items: pd.DataFrame) -> None:
    """Leave room beside the outermost items for their names."""
    low, high = float(items["mean"].min()), float(items["mean"].max())
    beside = max(0.35 * (high - low), 0.15)
    axes.set_xlim(low - beside, high + beside)
    columns = ["item_rest_r", *(["conf_low", "conf_high"] if _has_interval(items) else [])]
    ends = items[columns].to_numpy(dtype=float)
    axes.set_ylim(min(float(np.nanmin(ends)) - 0.12, -0.05), min(float(np.nanmax(ends)) + 0.12, 1))


def _legend(figure: Figure, items: pd.DataFrame) -> None:
    from matplotlib.lines import Line2D

    found = [kind for kind in KINDS if kind in set(items["kind"])]
    marks = [Line2D([], [], color=INK, linestyle="", marker=KINDS[kind][0]) for kind in found]
    legend_above(figure, marks, [KINDS[kind][1] for kind in found])


def _name(axes: Axes, items: pd.DataFrame, called: Mapping[str, str]) -> None:
    rows = items.to_dict("records")
    left, right = axes.get_xlim()
    lines = [(left, level, right, level) for level in (0.0, WEAK)]
    lines += [
        (row["mean"], row["conf_low"], row["mean"], row["conf_high"])
        for row in rows
        if _has_interval(items) and not pd.isna(row["conf_low"])
    ]
    place_labels(
        axes,
        [(row["mean"], row["item_rest_r"], readable(row["item"], called)) for row in rows],
        marks=[(row["mean"], row["item_rest_r"]) for row in rows],
        lines=lines,
        looks=[NAME["weak" if row["weak"] else "fine"] for row in rows],
    )
