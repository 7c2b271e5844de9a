"""Exhibits as they are found in a notebook's outputs, by the text that every exhibit prints."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cvln_eval.errors import NotebookError

__all__ = ["FoundExhibit", "found_exhibit", "refuse_two_of_one_number"]

PRINTED = re.compile(
    r"\A(?P<kind>Figure|Table) (?P<number>[A-Z]?\d+(?:\.\d+)*[a-z]?)\. (?P<title>.+)\n"
    r"(?P<note>Note\. .*?n = (?P<n>[\d,]+)\.)\n"
    r"(?P<simulated>SIMULATED DATA \(.*\)\n)?"
    r"(?:.*\n)*"
    r"Data: (?P<rows>\d+) rows x (?P<columns>\d+) columns, digest (?P<digest>[0-9a-f]+)\s*\Z"
)


@dataclass(frozen=True, slots=True)
class FoundExhibit:
    """One exhibit of one notebook."""

    kind: str
    number: str
    title: str
    note: str
    n: int
    simulated: bool
    rows: int
    columns: int
    digest: str
    notebook: str
    picture: bytes | None

    @property
    def label(self) -> str:
        """Return such as "Figure 2.1"."""
        return f"{self.kind} {self.number}"

    @property
    def stem(self) -> str:
        """Return the name of its files, such as "figure_2_1"."""
        return self.label.lower().replace(" ", "_").replace(".", "_")


def found_exhibit(data: Mapping[str, object], *, notebook: str) -> FoundExhibit | None:
    """Return the exhibit that an output shows, or None where it shows something else.

    Parameters
    ----------
    data : mapping
        The output by mime type.
    notebook : str
        Name of the notebook.
    """
    printed = PRINTED.match(str(data.get("text/plain", "")))
    if printed is None:
        return None
    picture = data.get("image/png")
    return FoundExhibit(
        kind=printed["kind"],
        number=printed["number"],
        title=printed["title"],
        note=printed["note"],
        n=int(printed["n"].replace(",", "")),
        simulated=printed["simulated"] is not None,
        rows=int(printed["rows"]),
        columns=int(printed["columns"]),
        digest=printed["digest"],
        notebook=notebook,
        picture=base64.b64decode(str(picture)) if picture else None,
    )


def refuse_two_of_one_number(exhibits: Iterable[FoundExhibit]) -> None:
    """Raise `NotebookError` if two different exhibits carry one number; one shown twice may."""
    first: dict[str, FoundExhibit] = {}
    for exhibit in exhibits:
        known = first.setdefault(exhibit.label, exhibit)
        if (known.title, known.digest) != (exhibit.title, exhibit.digest):
            raise NotebookError(
                f"Two exhibits are called {exhibit.label}",
                seen=f"{known.title!r} ({known.notebook}) and {exhibit.title!r}",
                file=exhibit.notebook,
                todo="give one of them another number",
            )
