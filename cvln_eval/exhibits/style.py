"""How figures look: journal widths, small sans text, colours that survive grey."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["COLOURS", "GREY", "HATCHES", "INK", "LINES", "MARKERS", "WIDTHS", "figure_style"]

WIDTHS = {"single": 3.35, "one_and_a_half": 5.2, "double": 6.9}
"""Journal column widths in inches."""

# Okabe and Ito's palette, ordered so that neighbours differ in lightness as well as in hue.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "----", "++++", "oo")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LINES = ("-", "--", ":", "-.", (0, (5, 1)), (0, (1, 1)), (0, (3, 1, 1, 1)), (0, (4, 2)))
INK = "#222222"
GREY = "#8C8C8C"

STYLE: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": INK,
    "axes.labelsize": 7.5,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlepad": 4,
    "axes.titlesize": 8,
    "figure.dpi": 200,
    "font.family": ["DejaVu Sans"],
    "font.size": 7.5,
    "grid.color": "#D9D9D9",
    "grid.linewidth": 0.5,
    "hatch.color": "white",
    "hatch.linewidth": 0.6,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "legend.handlelength": 1.4,
    "lines.linewidth": 1.2,
    "lines.markersize": 4.5,
    "pdf.fonttype": 42,
    "svg.hashsalt": "cvln_eval",
    "text.color": INK,
    "text.parse_math": False,
    "xtick.labelsize": 7,
    "xtick.major.size": 2.5,
    "xtick.major.width": 0.6,
    "ytick.labelsize": 7,
    "ytick.major.size": 2.5,
    "ytick.major.width": 0.6,
}


@contextmanager
def figure_style() -> Iterator[None]:
    """Draw in the house's style, whatever the reader's own settings are, and leave no trace."""
    # On a new machine matplotlib announces its font cache, which would end up in a notebook.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        for name in STYLE:
            mpl.rcParams[name] = STYLE[name]
        yield
