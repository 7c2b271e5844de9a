"""The page of a figure: number and title above, the picture, the note below."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits.style import COLOURS, INK, figure_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cvln_eval.exhibits.exhibit import Drawing, Exhibit

__all__ = ["render", "together", "wrapped"]

POINTS = 72
MARGIN = 0.06
LEADING = 1.32
HINTING = 1.04  # text is up to so much wider at another resolution, where letters meet other pixels
SIZES = {"label": 8, "title": 8.5, "note": 6.5, "mark": 6.5}
# Metadata that matplotlib fills with a clock or its version unless told otherwise.
METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    "svg": {"Date": None, "Creator": None},
}


def render(exhibit: Exhibit, drawing: Drawing, *, form: str, dpi: int, caption: bool) -> bytes:
    """Return the bytes of a figure on its page.

    Parameters
    ----------
    exhibit : Exhibit
        Its label, title and note.
    drawing : Drawing
        The picture and its size, to which the height of the caption is added.
    form : str
        `png`, `pdf` or `svg`.
    dpi : int
        Dots per inch of a png.
    caption : bool
        Whether number, title and note are on the page.
    """
    if form not in METADATA:
        raise ArgumentError("Unknown form of a picture", expected="png, pdf, svg", seen=repr(form))
    with figure_style():
        figure = _page(exhibit, drawing, caption=caption)
        target = io.BytesIO()
        figure.savefig(target, format=form, dpi=dpi, metadata=METADATA[form])
    return target.getvalue()


def _page(exhibit: Exhibit, drawing: Drawing, *, caption: bool) -> Figure:
    """Lay the texts out in inches and give the picture what is left, exactly its own height."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    figure = Figure(figsize=(drawing.width, drawing.height))
    FigureCanvasAgg(figure)
    room = drawing.width - 2 * MARGIN
    title = wrapped(figure, together(exhibit.title), "title", room) if caption else []
    note = wrapped(figure, together(exhibit.note_line), "note", room) if caption else []
    top = [exhibit.label if caption else "", *title]
    above = _height(1, "label") + _height(len(title), "title") + MARGIN
    above = above if caption or exhibit.simulated else 0
    below = _height(len(note), "note") + MARGIN if note else 0
    height = drawing.height + above + below
    figure.set_size_inches(drawing.width, height)
    rectangle = (0, below / height, 1, drawing.height / height)
    figure.set_layout_engine(ConstrainedLayoutEngine(rect=rectangle, w_pad=0.04, h_pad=0.04))
    drawing.draw(figure)
    _write(figure, top, note, simulated=exhibit.simulated)
    return figure


def _height(lines: int, role: str) -> float:
    """Return the height of lines of text in inches."""
    return lines * SIZES[role] * LEADING / POINTS


def _write(figure: Figure, top: list[str], note: list[str], *, simulated: bool) -> None:
    width, height = figure.get_size_inches()
    from_top = MARGIN / 2
    for line, text in enumerate(top):
        role = "title" if line else "label"
        at = (MARGIN / width, 1 - from_top / height)
        weight = "normal" if line else "bold"
        figure.text(*at, text, size=SIZES[role], weight=weight, va="top", color=INK)
        from_top += _height(1, role)
    for line, text in enumerate(reversed(note)):
        at = (MARGIN / width, (MARGIN / 2 + _height(line, "note")) / height)
        figure.text(*at, text, size=SIZES["note"], va="bottom", color="#444444")
    if simulated:
        at = (1 - MARGIN / width, 1 - MARGIN / 2 / height)
        place: dict[str, Any] = {"ha": "right", "va": "top", "size": SIZES["mark"]}
        figure.text(*at, "Simulated data", weight="bold", color=COLOURS[5], **place)


def wrapped(figure: Figure, text: str, role: str, room: float) -> list[str]:
    """Break text at its blanks into lines that fit a width in inches, as measured in the font."""
    from matplotlib.font_manager import FontProperties

    font = FontProperties(size=SIZES[role])
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        pixels = renderer.get_text_width_height_descent(longer, font, ismath=False)[0]
        if HINTING * pixels / figure.dpi > room and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def together(text: str) -> str:
    """Return text in which "n = 41" does not break over two lines."""
    return text.replace(" = ", "\u00a0=\u00a0")
