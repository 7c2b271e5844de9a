"""A numbered figure or table that knows its title, its data and whether they are simulated."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits.digest import data_digest
from cvln_eval.exhibits.rounding import as_printed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Drawing", "Exhibit", "Origin"]

NUMBER = re.compile(r"[A-Z]?\d+(\.\d+)*[a-z]?")
SIMULATED = "SIMULATED DATA"


class Origin(Protocol):
    """The study that an exhibit is about; a `Study` is one."""

    @property
    def name(self) -> str:
        """Name of the study."""

    @property
    def simulated(self) -> bool:
        """Whether its data are simulated."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a figure is drawn: the body's size in inches and a function that fills it."""

    draw: Callable[[Figure], None]
    width: float
    height: float


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Exhibit:
    """A numbered figure or table.

    Its printed form is text alone, the same at each run, and ends with a digest of the data: two
    exhibits that print alike show the same numbers, so comparing text finds a changed picture.

    Attributes
    ----------
    kind : str
        `figure` or `table`.
    number : str
        Such as "2.1".
    title : str
        The finding.
    note : str
        What marks mean and what is missing.
    n : int
        The n behind the exhibit.
    data : DataFrame
        What is drawn or shown, unrounded.
    study : str
        Name of the study.
    simulated : bool
        Whether its data are simulated.
    sources : tuple of str
        Tables the data come from.
    drawing : Drawing, optional
        How the figure is drawn; a table has none.
    digits : int
        Decimals that a table shows.
    """

    kind: str
    number: str
    title: str
    note: str
    n: int
    data: pd.DataFrame
    study: str
    simulated: bool
    sources: tuple[str, ...] = ()
    drawing: Drawing | None = None
    digits: int = 2

    def __post_init__(self) -> None:
        if self.kind not in ("figure", "table"):
            raise ArgumentError(
                "Unknown kind of exhibit", expected="figure or table", seen=self.kind
            )
        if not NUMBER.fullmatch(self.number):
            raise ArgumentError(
                "Not a number of an exhibit", expected='such as "2.1"', seen=repr(self.number)
            )
        if not self.title.strip():
            raise ArgumentError("An exhibit needs a title", expected="the finding, as a sentence")
        if "\n" in self.title or "\n" in self.note:
            raise ArgumentError("Title and note are each one line", seen=repr(self.title))
        if (self.kind == "figure") != (self.drawing is not None):
            raise ArgumentError("A figure has a drawing, a table has none", seen=self.kind)
        object.__setattr__(self, "data", self.data.reset_index(drop=True))

    @property
    def label(self) -> str:
        """Return such as "Figure 2.1"."""
        return f"{self.kind.capitalize()} {self.number}"

    @property
    def digest(self) -> str:
        """Return the digest of the data; see `data_digest`."""
        return data_digest(self.data)

    @property
    def note_line(self) -> str:
        """Return the note as it is printed, with the n."""
        return " ".join(part for part in ("Note.", self.note.strip(), f"n = {self.n:,}.") if part)

    def __repr__(self) -> str:
        rows, columns = self.data.shape
        lines = [f"{self.label}. {self.title}", self.note_line]
        if self.simulated:
            lines.append(f"{SIMULATED} ({self.study})")
        if self.kind == "table":
            lines += ["", as_printed(self.data, digits=self.digits).to_string(index=False), ""]
        return "\n".join([*lines, f"Data: {rows} rows x {columns} columns, digest {self.digest}"])

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle: dict[str, Any] = {"text/plain": repr(self)}
        if self.drawing is None:
            return {**bundle, "text/html": self.html()}, {}
        picture = base64.b64encode(self.image("png", dpi=200)).decode("ascii")
        # The picture has more pixels than the page needs, so that it stays sharp when enlarged.
        size = {"width": round(self.drawing.width * 110)}
        return {**bundle, "image/png": picture}, {"image/png": size}

    def html(self) -> str:
        """Return a table exhibit as plain HTML, rounded."""
        words = {name: str(name).replace("_", " ") for name in self.data}
        printed = as_printed(self.data, digits=self.digits).rename(columns=words)
        table = printed.to_html(index=False, border=0)
        mark = f"<p><strong>Simulated data</strong> ({escape(self.study)})</p>"
        return (
            f"<p><strong>{escape(self.label)}</strong>. {escape(self.title)}</p>"
            f"{mark if self.simulated else ''}{table}"
            f"<p><em>Note.</em> {escape(self.note_line.removeprefix('Note. '))}</p>"
            f"<p>Digest {self.digest}</p>"
        )

    def image(self, form: str = "png", *, dpi: int = 300, caption: bool = True) -> bytes:
        """Return the figure as the bytes of a png, pdf or svg.

        Parameters
        ----------
        form : str
            `png`, `pdf` or `svg`.
        dpi : int
            Dots per inch of a png.
        caption : bool
            With number, title and note; without them for a journal that sets captions itself.
            The mark of simulated data stays.

        Raises
        ------
        ArgumentError
            If the exhibit is a table or the form is unknown.
        """
        from cvln_eval.exhibits.page import render

        if self.drawing is None:
            raise ArgumentError("A table has no picture", seen=self.label, todo="use `html()`")
        return render(self, self.drawing, form=form, dpi=dpi, caption=caption)

    def save(
        self, folder: str | Path, *, forms: tuple[str, ...] = ("png", "pdf"), caption: bool = True
    ) -> list[Path]:
        """Write the pictures (or the table as HTML), the data and a description; return the files.

        The files carry no date, so saving again writes the same bytes.
        """
        from cvln_eval.exhibits.saving import save_exhibit

        return save_exhibit(self, Path(folder), forms=forms, caption=caption)
