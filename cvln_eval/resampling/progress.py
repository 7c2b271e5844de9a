"""A bar for a person at a terminal who waits; nothing in a log, a pipe, a notebook or a test."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import TypeVar

__all__ = ["watched"]

PATIENCE = 1.0  # seconds; a shorter run needs no bar

Item = TypeVar("Item")


def watched(items: Iterable[Item], *, done: int, total: int, label: str) -> Iterator[Item]:
    """Yield the items as they come, and show how many of all are there.

    Parameters
    ----------
    items : iterable
        What is still to come.
    done, total : int
        How many are there already, and how many there will be.
    label : str
        What is being done.
    """
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Remaining())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    shown = bar.add_task(label, total=total, completed=done)
    began = time.monotonic()
    with ExitStack() as open_bar:
        for item in items:
            bar.advance(shown)
            if not bar.live.is_started and time.monotonic() - began > PATIENCE:
                open_bar.enter_context(bar)
            yield item
