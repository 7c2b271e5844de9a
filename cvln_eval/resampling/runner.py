"""Draws made in chunks, each from a seed of its own, by whichever workers there are.

The numbers depend on the seed and on nothing else: neither on the size of memory, nor on how many
processes or machines compute, nor on which of them computes which chunk.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from cvln_eval.errors import ArgumentError

__all__ = ["CHUNK", "resample"]

CHUNK = 250

Task = Callable[..., np.ndarray]


def resample(
    task: Task,
    n_draws: int,
    *,
    arrays: tuple[Any, ...] = (),
    rng: int | np.random.Generator = 0,
    chunk: int = CHUNK,
) -> np.ndarray:
    """Return the draws of a task, in order, whoever made them.

    Parameters
    ----------
    task : callable
        ``task(size, stream, *arrays)`` makes `size` draws from the Generator `stream` and returns
        them along the first axis. A function of a module, so that it can be sent to a worker.
    n_draws : int
        Draws in all, 1 or more.
    arrays : tuple
        What the task works on; sent once to each worker.
    rng : int or Generator
        Seed; the same seed gives the same draws.
    chunk : int
        Draws of one seed. Another size gives other numbers: it belongs to the task, not to the
        machine.

    Returns
    -------
    ndarray
        Shape (n_draws, ...).

    Raises
    ------
    ArgumentError
        If `n_draws` is no whole number of 1 or more.

    Notes
    -----
    Serial unless told otherwise: ``with joblib.parallel_config("loky", n_jobs=4):`` uses processes,
    ``with joblib.parallel_config("dask"):`` the Dask cluster of the present client. Each chunk
    computes with one thread of linear algebra, because several round differently.

    Examples
    --------
    >>> def means(size, stream, values):
    ...     return stream.choice(values, (size, len(values))).mean(axis=1)
    >>> resample(means, 3, arrays=(np.array([1.0, 2.0, 6.0]),), rng=1).shape
    (3,)
    """
    if not isinstance(n_draws, int | np.integer) or n_draws < 1:
        raise ArgumentError(
            "Resampling needs draws",
            expected="a number of draws, a whole number of 1 or more",
            seen=repr(n_draws),
        )
    sizes = [min(chunk, n_draws - start) for start in range(0, n_draws, chunk)]
    streams = np.random.default_rng(rng).spawn(len(sizes))
    parts = Parallel(return_as="generator")(
        delayed(_one_chunk)(task, size, stream, arrays)
        for size, stream in zip(sizes, streams, strict=True)
    )
    return np.concatenate(list(parts))


def _one_chunk(
    task: Task, size: int, stream: np.random.Generator, arrays: tuple[Any, ...]
) -> np.ndarray:
    with threadpool_limits(1, "blas"):
        return task(size, stream, *arrays)
