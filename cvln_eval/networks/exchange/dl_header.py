"""The head of a UCINET DL file: how many people, which format, which labels."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cvln_eval.errors import ArgumentError, shown

__all__ = ["Header", "read_header", "words_of"]

FORMATS = ("fullmatrix", "edgelist1", "nodelist1")
PHRASES = {
    "size": re.compile(r"(n|nr|nc|nm)\s*=?\s*(\d+)(?![\w.])", re.I),
    "format": re.compile(r"format\s*=?\s*(\w+)", re.I),
    "diagonal": re.compile(r"diagonal\s*=?\s*(present|absent)\b", re.I),
    "title": re.compile(r"title\s*=?\s*(\"[^\"]*\"|'[^']*'|\S+)", re.I),
    "embedded": re.compile(r"(row|col|column)?\s*labels?\s+embedded\s*:?", re.I),
    "labels": re.compile(r"(row|col|column|matrix)?\s*labels?\s*:", re.I),
    "data": re.compile(r"data\s*:", re.I),
}
# More people than this are a slip of the hand; a list of their names alone would fill the memory.
MOST = 1_000_000
WORD = re.compile(r"\"([^\"]*)\"|'([^']*)'|([^\s,=]+)")
GAP = re.compile(r"[\s,;]*")


@dataclass(slots=True)
class Header:
    """What the head of a DL file says, and where its data begin."""

    n: int = -1
    n_matrices: int = 1
    format: str = "fullmatrix"
    diagonal: bool = True
    embedded: bool = False
    title: str = ""
    labels: dict[str, list[str]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    data_at: int = -1


def words_of(text: str) -> list[str]:
    """Return words between blanks, commas and equal signs; those in quotes are one each."""
    return ["".join(groups) for groups in WORD.findall(text)]


def read_header(text: str, *, file: str) -> Header:
    """Return what stands before the data of a DL file.

    Raises
    ------
    ArgumentError
        If the file is no DL file, has a phrase or a format that is not known, no data, no number
        of people, or is of two modes.
    """
    start = re.match(r"\s*dl\b", text, re.I)
    if start is None:
        raise ArgumentError(
            "The file is no DL file", expected="'dl' first", seen=repr(text[:20]), file=file
        )
    head, at = Header(), start.end()
    while head.data_at < 0:
        at = _gap(text, at)
        at = _phrase(head, text, at, file)
    _settle(head, file)
    return head


def _gap(text: str, at: int) -> int:
    found = GAP.match(text, at)
    return found.end() if found else at


def _phrase(head: Header, text: str, at: int, file: str) -> int:
    """Take the phrase that begins here; return where it ends."""
    for name, pattern in PHRASES.items():
        found = pattern.match(text, at)
        if found is None:
            continue
        if name == "labels":
            return _labels(head, text, found.end(), (found[1] or "both").lower(), file)
        _take(head, name, found, file)
        return found.end()
    raise ArgumentError(
        "A phrase of the DL file is not known",
        expected="n=, nr=, nc=, nm=, format=, diagonal=, title=, labels: or data:",
        seen=repr(text[at : at + 20]) if at < len(text) else "the end of the file",
        file=file,
        row=text.count("\n", 0, at) + 1,
    )


def _take(head: Header, name: str, found: re.Match[str], file: str) -> None:
    match name:
        case "size":
            if len(found[2]) > 9 or int(found[2]) > MOST:
                raise ArgumentError(
                    "The file is said to be of too many people",
                    expected=f"at most {MOST:,}",
                    seen=found[2],
                    file=file,
                )
            head.sizes[found[1].lower()] = int(found[2])
        case "format":
            head.format = found[1].lower()
            if head.format not in FORMATS:
                raise ArgumentError(
                    "A format that is not read",
                    expected=shown(FORMATS),
                    seen=repr(found[1]),
                    file=file,
                    todo="export the matrix from UCINET as fullmatrix",
                )
        case "diagonal":
            head.diagonal = found[1].lower() == "present"
        case "embedded":
            head.embedded = True
        case "title":
            head.title = found[1].strip("\"'")
        case _:
            head.data_at = found.end()


def _labels(head: Header, text: str, at: int, whose: str, file: str) -> int:
    """Take as many labels as there are people or matrices; return where they end."""
    wanted = head.sizes.get("nm", 1) if whose == "matrix" else _n(head, file)
    names: list[str] = []
    for _ in range(wanted):
        found = WORD.search(text, at)
        if found is None or PHRASES["data"].match(text, found.start()):
            raise ArgumentError(
                "Too few labels", expected=f"{wanted}", seen=f"{len(names)}", file=file
            )
        names.append("".join(found.groups("")))
        at = found.end()
    head.labels["column" if whose == "col" else whose] = names
    return at


def _n(head: Header, file: str) -> int:
    sizes = {name: head.sizes[name] for name in ("n", "nr", "nc") if name in head.sizes}
    if len(set(sizes.values())) > 1:
        raise ArgumentError(
            "The matrix is not square",
            expected="as many rows as columns",
            seen=f"{sizes.get('nr', sizes.get('n'))} rows, {sizes.get('nc')} columns",
            file=file,
        )
    if not sizes:
        raise ArgumentError(
            "The number of people is not told", expected="n=5 or the like", seen="none", file=file
        )
    return next(iter(sizes.values()))


def _settle(head: Header, file: str) -> None:
    head.n, head.n_matrices = _n(head, file), head.sizes.get("nm", 1)
    rows, columns = head.labels.get("row"), head.labels.get("column")
    if rows is not None and columns is not None and rows != columns:
        raise ArgumentError(
            "Rows and columns have other labels",
            expected=shown(rows),
            seen=shown(columns),
            file=file,
        )
    if head.embedded and head.n_matrices > 1 and head.format == "fullmatrix":
        raise ArgumentError(
            "Labels are embedded in several full matrices",
            expected="labels: and the ids before data:",
            seen=f"nm={head.n_matrices}",
            file=file,
        )
