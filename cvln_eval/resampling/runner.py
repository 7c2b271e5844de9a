"""Draws made in chunks, each from a seed of its own, by whichever workers there are.

The numbers depend on the seed and on nothing else: neither on the size of memory, nor on how many
processes or machines compute, nor on which of them computes which chunk.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import closing
from typing import Any

import numpy as np
from joblib import Parallel, delayed

from cvln_eval.errors import ArgumentError
from cvln_eval.resampling.chunks import Chunk, Task, Work, compute, in_a_chunk, in_chunks
from cvln_eval.resampling.cluster import sent_once
from cvln_eval.resampling.keeping import KeptChunks, kept_chunks
from cvln_eval.resampling.progress import watched

__all__ = ["CHUNK", "resample"]

CHUNK = 250


def resample(
    task: Task,
    n_draws: int,
    *,
    arrays: tuple[Any, ...] = (),
    rng: int | np.random.Generator = 0,
    chunk: int = CHUNK,
    label: str = "drawing",
) -> np.ndarray:
    """Return the draws of a task, in order, whoever made them.

    Parameters
    ----------
    task : callable
        ``task(size, stream, *arrays)`` makes `size` draws from the Generator `stream` and returns
        them along the first axis. A function of a module, so that it can be sent to a worker. It
        leaves the arrays as they are: workers may see them read-only.
    n_draws : int
        Draws in all, 1 or more.
    arrays : tuple
        What the task works on; sent once to each worker.
    rng : int or Generator
        Seed; the same seed gives the same draws.
    chunk : int
        Draws of one seed. Another size gives other numbers: it belongs to the task, not to the
        machine.
    label : str
        What the progress bar calls it. The bar shows at a terminal only, from one second on.

    Returns
    -------
    ndarray
        Shape (n_draws, ...). A draw without value is for the task to say, as nan.

    Raises
    ------
    ArgumentError
        If `n_draws` or `chunk` is no whole number of 1 or more, or the task returns another number
        of draws than it was asked for. What the task raises comes up as it is, with a note that
        tells the chunk and its seed.

    Notes
    -----
    Serial unless told otherwise: ``with joblib.parallel_config("loky", n_jobs=4):`` uses processes,
    ``with joblib.parallel_config("dask"):`` the Dask cluster of the present client, ``with
    on_cluster("tcp://HOST:PORT"):`` the one at an address. A task that itself resamples does so
    within its own worker. Each chunk computes with one thread of linear algebra, because several
    round differently. ``with keep_chunks(FOLDER):`` keeps finished chunks, so that a run that was
    stopped goes on where it was.

    Examples
    --------
    >>> def means(size, stream, values):
    ...     return stream.choice(values, (size, len(values))).mean(axis=1)
    >>> resample(means, 3, arrays=(np.array([1.0, 2.0, 6.0]),), rng=1).shape
    (3,)
    """
    _refuse_unless_counted(n_draws, "draws")
    _refuse_unless_counted(chunk, "draws in a chunk")
    chunks = in_chunks(n_draws, chunk, rng)
    work = Work(task, tuple(arrays))
    if in_a_chunk():
        return np.concatenate([compute(work, one)[1] for one in chunks])
    kept = kept_chunks(work.task, work.arrays, chunks[0].stream)
    parts = _there(kept, chunks)
    todo = [one for one in chunks if one.index not in parts]
    computed = _computed(work, todo, one_by_one=kept.folder is not None)
    with closing(computed):
        for index, part in watched(computed, done=len(parts), total=len(chunks), label=label):
            kept.write(index, part)
            parts[index] = part
    return np.concatenate([parts[one.index] for one in chunks])


def _there(kept: KeptChunks, chunks: Iterable[Chunk]) -> dict[int, np.ndarray]:
    found = ((one.index, kept.read(one.index, one.size)) for one in chunks)
    return {index: part for index, part in found if part is not None}


def _computed(
    work: Work, todo: list[Chunk], *, one_by_one: bool
) -> Generator[tuple[int, np.ndarray], None, None]:
    """Yield index and draws of each chunk as it is finished, by the workers there are."""
    if not todo:
        return
    with sent_once(work):
        run = Parallel(return_as="generator_unordered", batch_size=1 if one_by_one else "auto")(
            delayed(compute)(work, one) for one in todo
        )
        with closing(run):
            yield from run


def _refuse_unless_counted(n: object, what: str) -> None:
    if not isinstance(n, int | np.integer) or n < 1:
        raise ArgumentError(
            f"Resampling needs {what}",
            expected=f"a number of {what}, a whole number of 1 or more",
            seen=repr(n),
        )
