"""The picture of a panel of methods: a forest, columns of p, and how often each errs."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.exhibits.forest import beside
from cvln_eval.exhibits.intervals import draw_interval, limits_of, set_limits
from cvln_eval.exhibits.panels import legend_above, readable, text_on
from cvln_eval.exhibits.rounding import in_apa, smallest_in_apa
from cvln_eval.exhibits.size_marks import PALE, draw_size, in_percent, size_axis
from cvln_eval.exhibits.style import COLOURS, INK
from cvln_eval.exhibits.wording import LETTER, MINUS, folded
from cvln_eval.inference.panel.rates import level

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Line", "draw_panel", "lines_of", "panel_height"]

Row = Mapping[Any, Any]
Line = str | Row

HEADINGS = {
    "able": "Defensible",
    "unable": "Defensible",
    "other": "Not defensible here",
    "none": "No answer here",
}
LOOKS: dict[str, dict[str, Any]] = {
    "able": {"marker": "o", "color": COLOURS[0], "markersize": 5},
    "unable": {"marker": "o", "color": COLOURS[0], "markersize": 5, "markerfacecolor": "white"},
    "other": {"marker": "D", "color": PALE, "markersize": 3.2},
}
WORDS = {
    "able": "can reject in this design",
    "unable": "cannot, whatever the data",
    "other": "not defensible",
}
NARROW = 5.0  # inches; a narrower page has no room for a second panel
ROW = {True: 0.3, False: 0.19}  # inches; names take two lines on a narrow page
NAME = 1.25  # inches of a method's name on a narrow page


def lines_of(data: pd.DataFrame) -> list[Line]:
    """Return the rows from top to bottom, a heading above each block."""
    lines: list[Line] = []
    last = ""
    for row in data.to_dict("records"):
        heading = HEADINGS[row["block"]]
        lines += [row] if heading == last else [heading, row]
        last = heading
    return lines


def panel_height(lines: int, width: float) -> float:
    """Return the height of the picture in inches."""
    return 0.95 + ROW[width < NARROW] * lines


def draw_panel(
    lines: Sequence[Line],
    called: Mapping[str, str],
    axis: str,
    alpha: float,
    width: float,
    figure: Figure,
) -> None:
    """Draw the forest at the left and, where there is room, the sizes at the right."""
    wide = width >= NARROW
    ratios: dict[str, Any] = {"width_ratios": [2.2, 1]} if wide else {}
    panels = figure.subplots(1, 2 if wide else 1, squeeze=False, sharey=True, gridspec_kw=ratios)[0]
    rows = [(at, line) for at, line in enumerate(lines) if not isinstance(line, str)]
    _name(panels[0], lines, called, wide)
    _draw_answers(panels[0], rows, width)
    panels[0].set_xlabel(axis)
    _column(panels[0], lines, 1.0, "p", lambda row: in_apa(row["p_value"]))
    _column(
        panels[0], lines, 2.5, "smallest\np", lambda row: smallest_in_apa(row["smallest_p"]), alpha
    )
    if wide:
        _draw_sizes(panels[1], rows, alpha)
    place = 1.1 if wide else 4.0
    _column(panels[-1], lines, place, "size", lambda row: in_percent(row["size"]))
    _explain(figure, {row["block"] for _, row in rows})


def _name(axes: Axes, lines: Sequence[Line], called: Mapping[str, str], wide: bool) -> None:
    labels = [
        line if isinstance(line, str) else readable(line["method"], called).replace(" - ", MINUS)
        for line in lines
    ]
    axes.set_yticks(
        range(len(lines)), labels if wide else [folded(label, NAME) for label in labels]
    )
    axes.set_ylim(len(lines) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    for at, (label, line) in enumerate(zip(axes.get_yticklabels(), lines, strict=True)):
        if isinstance(line, str):
            label.set_fontweight("bold")
            if at:
                axes.axhline(at - 0.5, color="#D9D9D9", linewidth=0.6)
        else:
            label.set_color(_ink(line))


def _ink(row: Row) -> str:
    return INK if row["block"] in ("able", "unable") else PALE


def _draw_answers(axes: Axes, rows: Sequence[tuple[int, Row]], width: float) -> None:
    answers = [row for _, row in rows if row["block"] != "none"]
    limits = limits_of(answers)
    axes.axvline(0, color=INK, linewidth=0.7, zorder=1)
    for at, row in rows:
        if row["block"] in LOOKS:
            draw_interval(axes, at, row, limits, **LOOKS[row["block"]])
        else:
            _say_why(axes, at, _brief(row["reason"], width))
    set_limits(axes, limits)
    axes.grid(axis="x")


def _say_why(axes: Axes, at: float, text: str) -> None:
    place: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "ha": "left"}
    place["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    text_on(axes, 0.02, at, text, size=6.5, color=PALE, style="italic", **place)


def _brief(reason: str, width: float) -> str:
    """Return the beginning of a reason; the note has all of it."""
    letters = int((width - 3.0 if width >= NARROW else 2.0) / LETTER)
    return textwrap.shorten(reason.split(", ")[0], letters, placeholder=" …")


def _column(
    axes: Axes,
    lines: Sequence[Line],
    place: float,
    header: str,
    text: Callable[[Row], str],
    alpha: float | None = None,
) -> None:
    """Write a column of numbers; with a level, those above it in bold."""
    texts = [
        "" if isinstance(line, str) or line["block"] == "none" else text(line) for line in lines
    ]
    looks = [
        {}
        if isinstance(line, str)
        else {
            "color": _ink(line),
            "weight": "bold" if alpha and line["smallest_p"] > level(1 - alpha) else "normal",
        }
        for line in lines
    ]
    beside(axes, place, header, texts, looks)


def _draw_sizes(axes: Axes, rows: Sequence[tuple[int, Row]], alpha: float) -> None:
    drawn = [(at, row) for at, row in rows if row["block"] in LOOKS]
    for at, row in drawn:
        draw_size(axes, at, row, **LOOKS[row["block"]])
    size_axis(axes, alpha, [row for _, row in drawn])
    axes.set_xlabel("Rejects a true\nnull hypothesis")


def _explain(figure: Figure, blocks: set[str]) -> None:
    from matplotlib.lines import Line2D

    kinds = [kind for kind in LOOKS if kind in blocks]
    marks = [Line2D([], [], linestyle="", **LOOKS[kind]) for kind in kinds]
    legend_above(figure, marks, [WORDS[kind] for kind in kinds])
