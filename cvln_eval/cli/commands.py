"""The commands of `cvln-eval`; what is heavy is imported when a command needs it."""

from __future__ import annotations

import signal
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cvln_eval import __version__
from cvln_eval.cli.guard import STOPPED, WRONG_INPUT, guarded, say

if TYPE_CHECKING:
    from cvln_eval.clean import Cleaned
    from cvln_eval.study import Study

__all__ = ["app", "main"]

app = typer.Typer(
    name="cvln-eval",
    help="Evaluate education leadership networks, from raw files to a report that can be rerun.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

StudyFolder = Annotated[
    str,
    typer.Argument(metavar="STUDY", help="Folder of the study, or the name of one under studies/."),
]
Source = Annotated[
    Path | None,
    typer.Option(
        "--from",
        metavar="DIR",
        exists=True,
        file_okay=False,
        help="Take published files from this folder.",
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help="Let this Dask cluster make the draws, such as tcp://192.168.1.5:8786.",
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show where a failure happened.")]


class Bundled(StrEnum):
    """The studies that can be simulated."""

    cvln = "cvln"
    virginia = "virginia"


def main() -> None:
    """Run the command line; being told to end counts as being stopped by the user."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        app(prog_name="cvln-eval")
    except KeyboardInterrupt:
        say("Stopped.\nNothing was changed.")
        raise SystemExit(STOPPED) from None


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cvln-eval {__version__}")
        raise typer.Exit


@app.callback()
def _house(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Hold what belongs to no single command."""


@app.command(short_help="Clean, run the notebooks, write reports/index.html.")
@guarded
def run(
    study: StudyFolder = ".",
    source: Source = None,
    scheduler: Scheduler = None,
    debug: Debug = False,
) -> None:
    """Clean the raw files, run the notebooks in order, write reports/index.html.

    Published files of the study are fetched first where they are missing. A report that was there
    before stays as it was until the new one is finished. A run that was stopped goes on with the
    draws that it had finished.
    """
    from cvln_eval.cli.screen import progress
    from cvln_eval.report import run_study
    from cvln_eval.resampling import on_cluster

    with on_cluster(scheduler) if scheduler is not None else nullcontext():
        opened = _open(study)
        with progress() as show:
            page = run_study(opened, source=source, progress=show)
    typer.echo(f"Report: {_short(page)}")


@app.command(short_help="Raw files to tidy tables and a ledger.")
@guarded
def clean(study: StudyFolder = ".", debug: Debug = False) -> None:
    """Turn data/raw into tidy tables and a ledger in data/processed; data/raw is never written to.

    Tables that were there before stay as they were until the new ones are finished.
    """
    from cvln_eval.clean import write_cleaned
    from cvln_eval.cli.summary import summary_of_cleaning

    opened = _open(study)
    cleaned = _cleaned(opened)
    write_cleaned(opened, cleaned)
    typer.echo(summary_of_cleaning(opened, cleaned))
    typer.echo(f"\nTables: {_short(opened.processed_folder)}")


@app.command(short_help="What cleaning would do; writes nothing.")
@guarded
def check(study: StudyFolder = ".", debug: Debug = False) -> None:
    """Do everything that cleaning would do and write nothing.

    Lists each problem that would stop cleaning, then what cleaning would change and what a person
    has to decide. Ends with exit code 2 when cleaning would stop.
    """
    from cvln_eval.cli.summary import summary_of_cleaning
    from cvln_eval.report import find_problems, unnamed_files

    opened = _open(study)
    problems = find_problems(opened)
    for problem in problems:
        say(f"Error: {problem}\n")
    extra = unnamed_files(opened)
    if extra:
        typer.echo("Files in data/raw that study.toml does not name: " + ", ".join(extra) + "\n")
    if problems:
        say(f"{len(problems)} to put right before the study can be cleaned. Nothing was written.")
        raise typer.Exit(WRONG_INPUT)
    typer.echo(summary_of_cleaning(opened, _cleaned(opened)))
    typer.echo("\nThe study can be cleaned. Nothing was written.")


@app.command(short_help="Get the published files of a study.")
@guarded
def fetch(study: StudyFolder = ".", source: Source = None, debug: Debug = False) -> None:
    """Put the published files of a study into its data/raw, from their address or from a folder.

    Bytes that are not those that study.toml names are refused, and no file is overwritten.
    """
    from cvln_eval.cli.screen import at_terminal
    from cvln_eval.errors import StudyError
    from cvln_eval.read.fetch import fetch_study

    opened = _open(study)
    if not opened.definition.remote:
        raise StudyError(
            "The study has no published files",
            expected="[[fetch]] entries in study.toml",
            seen="none",
            todo=f"put its files into {_short(opened.raw_folder)} yourself",
        )
    for path in fetch_study(opened, source=source, progress=at_terminal()):
        typer.echo(_short(path))


@app.command(short_help="Make a simulated study with its truth.")
@guarded
def simulate(
    which: Annotated[Bundled, typer.Argument(metavar="cvln|virginia", help="Which study.")],
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A folder that is new or empty.")
    ],
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="For other data.")] = None,
    debug: Debug = False,
) -> None:
    """Make a simulated study: raw files as untidy as real ones, and the truth about them."""
    from cvln_eval.cli.scaffold import refuse_unless_empty, whole_or_not_at_all

    refuse_unless_empty(folder)
    from cvln_eval.simulate import simulate_cvln, simulate_virginia, write_study

    make = {Bundled.cvln: simulate_cvln, Bundled.virginia: simulate_virginia}[which]
    with whole_or_not_at_all(folder) as new:
        write_study(make() if seed is None else make(rng=seed), new)
    typer.echo(f"Simulated study: {folder}\nNext: cvln-eval run {folder}")


@app.command(short_help="Begin a study of your own.")
@guarded
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A folder that is new or empty.")
    ],
    debug: Debug = False,
) -> None:
    """Begin a study of your own: study.toml, codebook, data/raw and a first notebook."""
    from cvln_eval.cli.scaffold import write_starter

    for path in write_starter(folder):
        typer.echo(f"  {path}")
    typer.echo(
        f"Next: put your files into {folder / 'data' / 'raw'}, describe them in"
        f" {folder / 'study.toml'}, then\n  cvln-eval check {folder}"
    )


def _open(study: str) -> Study:
    """Open a study by its folder or, for one under studies/, by its name."""
    from cvln_eval.study import open_study

    named = Path("studies") / study
    if not Path(study).exists() and (named / "study.toml").is_file():
        return open_study(named)
    return open_study(study)


def _cleaned(study: Study) -> Cleaned:
    from cvln_eval.clean import clean_study
    from cvln_eval.cli.screen import progress

    with progress() as show:
        return clean_study(study, progress=lambda what: show(f"cleaning {what}", 0, 0))


def _short(path: Path) -> str:
    """Return a path as seen from here where that is shorter."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
