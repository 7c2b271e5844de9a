"""Progress for a person at a terminal; in a log there is none."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["at_terminal", "progress"]


def at_terminal() -> bool:
    """Return whether a person watches stderr."""
    return sys.stderr.isatty()


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Give a function that shows what is being done, and how much of it (done of total).

    A total of 0 means that the amount is not known. The bar is gone when the work is done.
    """
    if not at_terminal():
        yield lambda what, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total or None)

        yield show
