"""The main job: raw files to tidy tables, notebooks run, the report; whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cvln_eval.errors import FetchError
from cvln_eval.study.store import carry_over, replace_folder, temporary_beside

if TYPE_CHECKING:
    from cvln_eval.report.chapter import Chapter
    from cvln_eval.study import Study

__all__ = ["Progress", "run_study"]

Progress = Callable[[str, int, int], None]

OURS = frozenset({"index.html", "manifest.json", "exhibits"})
KEPT = ".chunks"
HALF_WAY = "data/processed was made anew; the report that was there before is as it was."
GOES_ON = f"Finished draws are kept in {KEPT}: the next run goes on from them."


def run_study(
    study: Study, *, source: str | Path | None = None, progress: Progress | None = None
) -> Path:
    """Fetch what is missing, clean, run the notebooks and write the report in their order.

    Parameters
    ----------
    study : Study
        An open study.
    source : str or Path, optional
        A folder that holds the study's published files; without it they are downloaded where they
        are not in `data/raw` already.
    progress : callable, optional
        Called with what is being done, how much is done and how much there is (0: not known).

    Returns
    -------
    Path
        `reports/index.html`. Beside it are `manifest.json` and the pictures in `exhibits/`. A study
        without notebooks has a report of its ledger and tables. Draws that are finished stand in
        `.chunks` of the study until then, so that a run that was stopped goes on from them.

    Raises
    ------
    CvlnError
        If cleaning or a notebook stops; the previous report is left as it was.
    """
    tell = progress or (lambda what, done, total: None)
    _fetch(study, source)
    _clean(study, tell)
    try:
        with _keeping(study.path / KEPT):
            chapters = _run_notebooks(study, tell)
            tell("writing the report", 0, 0)
            return _write(study, chapters)
    except BaseException as error:
        error.add_note(HALF_WAY)
        if (study.path / KEPT).exists():
            error.add_note(GOES_ON)
        raise


@contextmanager
def _keeping(folder: Path) -> Iterator[None]:
    """Keep finished draws until the report is written, unless somebody keeps them elsewhere."""
    from cvln_eval.resampling import CHUNKS, environment, keep_chunks

    if CHUNKS in environment():
        yield
        return
    with keep_chunks(folder):
        yield
    shutil.rmtree(folder, ignore_errors=True)


def _fetch(study: Study, source: str | Path | None) -> None:
    if study.definition.remote:
        from cvln_eval.read.fetch import fetch_study

        fetch_study(study, source=source)
    elif source is not None:
        raise FetchError(
            "The study has no published files to take from a folder",
            expected="[[fetch]] entries in study.toml",
            seen=str(source),
            todo="put the files into data/raw and run without --from",
        )


def _clean(study: Study, tell: Progress) -> None:
    from cvln_eval.clean import clean_study, write_cleaned

    total = len(study.definition.raw)
    seen: list[str] = []

    def taken_up(what: str) -> None:
        seen.append(what)
        tell(f"cleaning {what}", min(len(seen) - 1, total), total)

    write_cleaned(study, clean_study(study, progress=taken_up))


def _run_notebooks(study: Study, tell: Progress) -> list[Chapter]:
    paths = sorted((study.path / "notebooks").glob("*.ipynb"))
    if not paths:
        return []
    from cvln_eval.report.chapter import chapter_of
    from cvln_eval.report.found import refuse_two_of_one_number
    from cvln_eval.report.kernel import code_cells, read_notebook, run_notebooks

    notebooks = [(path, read_notebook(path)) for path in paths]
    total = sum(len(code_cells(notebook)) for _, notebook in notebooks)
    begun: set[Path] = set()
    done = 0

    def one_more(path: Path) -> None:
        nonlocal done
        done += path in begun
        begun.add(path)
        tell(f"running {path.name}", done, total)

    run = run_notebooks(notebooks, tell=one_more)
    chapters = [chapter_of(notebook, path) for path, notebook in zip(paths, run, strict=True)]
    refuse_two_of_one_number(exhibit for chapter in chapters for exhibit in chapter.exhibits)
    return chapters


def _write(study: Study, chapters: list[Chapter]) -> Path:
    """Write everything to a new folder, which then takes the old one's place."""
    from cvln_eval.report.manifest import manifest_of, manifest_text
    from cvln_eval.report.page import page_of

    folder = study.path / "reports"
    new = temporary_beside(folder)
    try:
        manifest = manifest_of(study, chapters)
        (new / "manifest.json").write_text(manifest_text(manifest), encoding="utf-8")
        page = page_of(study, chapters, manifest)
        (new / "index.html").write_text(page, encoding="utf-8", newline="\n")
        _write_pictures(new / "exhibits", chapters)
        carry_over(folder, new, ours=OURS)
        new.chmod(0o755)
        replace_folder(folder, new)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return folder / "index.html"


def _write_pictures(folder: Path, chapters: list[Chapter]) -> None:
    folder.mkdir()
    for chapter in chapters:
        for exhibit in chapter.exhibits:
            if exhibit.picture is not None:
                (folder / f"{exhibit.stem}.png").write_bytes(exhibit.picture)
