"""What a run used and what it showed: two runs can be compared by it, so it holds no clock."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cvln_eval

if TYPE_CHECKING:
    from cvln_eval.report.chapter import Chapter
    from cvln_eval.study import Study

__all__ = ["file_hashes", "library_versions", "manifest_of", "manifest_text"]

LIBRARIES = (
    "pandas",
    "numpy",
    "scipy",
    "statsmodels",
    "networkx",
    "matplotlib",
    "pandera",
    "rapidfuzz",
    "openpyxl",
    "nbclient",
)


def manifest_of(study: Study, chapters: Iterable[Chapter]) -> dict[str, Any]:
    """Return the manifest of a run.

    Parameters
    ----------
    study : Study
        A study that has been cleaned.
    chapters : iterable of Chapter
        Its notebooks, run.

    Returns
    -------
    dict
        `study`, `simulated`, `software` (library to version), `raw` and `processed` (file to
        SHA-256), and `notebooks`, each with its exhibits' number, title, n and digest.
    """
    return {
        "study": study.id,
        "name": study.name,
        "simulated": study.simulated,
        "software": library_versions(),
        "raw": file_hashes(study.raw_folder, _read_files(study)),
        "processed": file_hashes(study.processed_folder),
        "notebooks": [_notebook(chapter) for chapter in chapters],
    }


def manifest_text(manifest: dict[str, Any]) -> str:
    """Return a manifest as the text of its file."""
    return json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"


def library_versions() -> dict[str, str]:
    """Return the version of the package, of Python and of the libraries that make numbers."""
    versions = {"cvln_eval": cvln_eval.__version__, "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions


def file_hashes(folder: Path, names: Iterable[str] | None = None) -> dict[str, str]:
    """Return the SHA-256 of the files in a folder, by their path in it, sorted.

    Parameters
    ----------
    folder : Path
        The folder; one that is not there has no files.
    names : iterable of str, optional
        Only these files.
    """
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    wanted = sorted(set(found if names is None else names))
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in wanted}


def _read_files(study: Study) -> set[str]:
    return {entry.file for entry in study.definition.raw}


def _notebook(chapter: Chapter) -> dict[str, Any]:
    exhibits = [
        {
            "label": exhibit.label,
            "title": exhibit.title,
            "n": exhibit.n,
            "simulated": exhibit.simulated,
            "rows": exhibit.rows,
            "columns": exhibit.columns,
            "digest": exhibit.digest,
        }
        for exhibit in dict.fromkeys(chapter.exhibits)
    ]
    return {"notebook": chapter.notebook, "title": chapter.title, "exhibits": exhibits}
