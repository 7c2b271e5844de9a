"""What a command does with whatever goes wrong: one clear message, the right exit code.

0 done, 1 a defect of the package, 2 something the user can put right, 130 stopped by the user.
"""

from __future__ import annotations

import sys
import traceback
import warnings
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import typer

from cvln_eval.errors import CvlnError, CvlnWarning

__all__ = ["DEFECT", "STOPPED", "WRONG_INPUT", "guarded", "say"]

DEFECT, WRONG_INPUT, STOPPED = 1, 2, 130
REPORT = "Please report this, with the command and, if you may, the file it stopped at."

P = ParamSpec("P")


def say(text: str) -> None:
    """Write one message to stderr."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """Return a command that ends with a message and an exit code, never with a traceback.

    A command that takes `debug` shows the traceback of a defect when it is set.
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with warnings.catch_warnings():
                warnings.showwarning = _note
                command(*args, **kwargs)
        except (typer.Exit, typer.Abort, typer.BadParameter, BrokenPipeError):
            raise
        except BaseException as error:
            raise typer.Exit(_ended(error, debug=bool(kwargs.get("debug")))) from None

    return run


def _ended(error: BaseException, *, debug: bool) -> int:
    """Say what happened and return the exit code."""
    notes = getattr(error, "__notes__", [])
    if isinstance(error, KeyboardInterrupt):
        say("\n".join(["Stopped.", *(notes or ["Nothing was changed."])]))
        return STOPPED
    if debug:
        say("".join(traceback.format_exception(error)).rstrip())
    if isinstance(error, CvlnError):
        say("\n".join([f"Error: {error}", *notes]))
        return WRONG_INPUT
    if isinstance(error, OSError):
        where = f"\nWhere: {error.filename}" if error.filename else ""
        say("\n".join([f"Error: a file cannot be used: {error.strerror or error}{where}", *notes]))
        return WRONG_INPUT
    first = (str(error).splitlines() or [""])[0][:200]
    say("\n".join([f"A defect of cvln_eval: {type(error).__name__}: {first}", *notes, REPORT]))
    if not debug:
        say("Run the command again with --debug to see where it happened.")
    return DEFECT


def _note(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: object = None,
    line: str | None = None,
) -> None:
    """Show the package's own warnings as a sentence, others with the place they come from."""
    if issubclass(category, CvlnWarning):
        say(f"Note: {message}")
    else:
        say(f"{category.__name__}: {message} ({filename.rsplit('/', 1)[-1]}, line {lineno})")
