"""A study folder to begin with, from the files in `starter/`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from cvln_eval.errors import StudyError, shown
from cvln_eval.study.store import replace_folder, temporary_beside

__all__ = ["refuse_unless_empty", "whole_or_not_at_all", "write_starter"]

# A file that begins with a dot would be left out of some archives, so it is named here.
RENAMED = {"gitignore": ".gitignore"}


def refuse_unless_empty(folder: Path) -> None:
    """Raise `StudyError` if a folder holds anything, or if it is a file."""
    if folder.exists() and not folder.is_dir():
        raise StudyError("There is a file where the folder should be", seen=str(folder))
    if folder.is_dir() and any(folder.iterdir()):
        raise StudyError(
            "The folder is not empty; nothing was written",
            expected="a folder that is new or empty",
            seen=shown(sorted(item.name for item in folder.iterdir())),
            file=str(folder),
            todo="name another folder",
        )


@contextmanager
def whole_or_not_at_all(folder: Path) -> Iterator[Path]:
    """Give a new folder to write to, which takes a folder's place when all is written."""
    new = temporary_beside(folder)
    try:
        yield new
        new.chmod(0o755)
        replace_folder(folder, new)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def write_starter(folder: Path) -> list[Path]:
    """Write the starter of a study into a new or empty folder and return what was made."""
    refuse_unless_empty(folder)
    with whole_or_not_at_all(folder) as new:
        for parts, source in _files(files("cvln_eval.cli").joinpath("starter"), ()):
            target = new.joinpath(*parts[:-1], RENAMED.get(parts[-1], parts[-1]))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
        (new / "data" / "raw").mkdir(parents=True)
    made = sorted(path for path in folder.rglob("*") if path.is_file())
    return [*made, folder / "data" / "raw"]


def _files(
    folder: Traversable, above: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Traversable]]:
    for item in sorted(folder.iterdir(), key=lambda entry: entry.name):
        parts = (*above, item.name)
        if item.is_dir():
            yield from _files(item, parts)
        else:
            yield parts, item
