"""Files that other programs read and write: their text, and names that they cannot hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path

from cvln_eval.errors import ArgumentError, shown

__all__ = ["SIMULATED", "refuse_unwritable", "refuse_without_file", "text_of", "write_text"]

SIMULATED = "simulated data"
# Control characters and halves of characters; XML, DL and CSV lines cannot hold them.
UNWRITABLE = {"Cc", "Cs", "Cn", "Zl", "Zp"}


def refuse_without_file(path: Path) -> None:
    """Raise `ArgumentError` where there is no such file."""
    if not path.is_file():
        raise ArgumentError("There is no such file", file=path.name, seen=str(path.parent.name))


def text_of(path: Path) -> str:
    """Return the text of a file in UTF-8, or in cp1252 where it is not that.

    Raises
    ------
    ArgumentError
        If there is no such file, or it is no text.
    """
    refuse_without_file(path)
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ArgumentError("The file is no text", expected="UTF-8", file=path.name)


def write_text(path: Path, text: str) -> Path:
    """Write a text as UTF-8 with line ends that are the same everywhere; return the path."""
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def refuse_unwritable(names: Iterable[object], *, also: str = "") -> None:
    """Raise `ArgumentError` where a name has characters that a file cannot hold.

    These are control characters, blanks at either end, and those of `also`.
    """
    wrong = [name for name in map(str, names) if name != name.strip() or _holds(name, also)]
    if wrong:
        raise ArgumentError(
            "A name cannot be written into this kind of file",
            expected="no blank at either end and no control character"
            + (f", none of {also}" if also else ""),
            seen=shown(wrong),
            todo="give it another name",
        )


def _holds(name: str, also: str) -> bool:
    return any(one in also or unicodedata.category(one) in UNWRITABLE for one in name)
