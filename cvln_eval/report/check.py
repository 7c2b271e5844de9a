"""What keeps raw files from being cleaned: the problems of all files at once, nothing written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cvln_eval.errors import CvlnError, StudyError

if TYPE_CHECKING:
    from cvln_eval.study import RawFile, Study

__all__ = ["find_problems", "unnamed_files"]


def find_problems(study: Study) -> list[CvlnError]:
    """Return what would stop cleaning in any single file; what lies between files comes later.

    Parameters
    ----------
    study : Study
        An open study.

    Returns
    -------
    list of CvlnError
        One error for each file that cannot be read or has an unknown column; empty when every file
        can be read. Cleaning may still stop, at a wave or a person, and then says so itself.
    """
    if not study.definition.raw:
        return [
            StudyError(
                "The study names no raw files",
                expected="a [[raw]] entry in study.toml for each file in data/raw",
                seen=", ".join(unnamed_files(study)[:5]) or "no file in data/raw either",
                file="study.toml",
            )
        ]
    found = [_problem(entry, study) for entry in study.definition.raw]
    return [error for error in found if error is not None]


def unnamed_files(study: Study) -> list[str]:
    """Return the files in `data/raw` that no entry of `study.toml` names; no hidden one, no README.

    Parameters
    ----------
    study : Study
        An open study.

    Returns
    -------
    list of str
        Their paths under `data/raw`, sorted; empty where there is no such folder.
    """
    named = {entry.file for entry in study.definition.raw}
    named |= {remote.file for remote in study.definition.remote}
    there = {
        path.relative_to(study.raw_folder).as_posix()
        for path in study.raw_folder.rglob("*")
        if path.is_file() and not path.name.startswith((".", "~$", "README"))
    }
    return sorted(there - named)


def _problem(entry: RawFile, study: Study) -> CvlnError | None:
    from cvln_eval.clean.headers import expected_headers, open_sheet
    from cvln_eval.read import read_raw

    try:
        raw = read_raw(
            study.raw_folder / entry.file,
            source=entry.source,
            header=entry.header,
            expected=expected_headers(entry, study.codebook) if entry.header else (),
            sheet=entry.sheet,
            encoding=entry.encoding,
        )
        open_sheet(raw, entry, study.codebook)
    except CvlnError as error:
        return error
    return None
