"""One chunk of draws: its size, its stream, and what computes it wherever it is sent."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

import numpy as np
from threadpoolctl import ThreadpoolController

import cvln_eval
from cvln_eval.errors import ArgumentError

__all__ = ["Chunk", "Task", "Work", "compute", "generator", "in_a_chunk", "in_chunks"]

Task = Callable[..., np.ndarray]

_inside: ContextVar[bool] = ContextVar("cvln_eval_in_a_chunk", default=False)


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """What every chunk of a run computes: the task, and the arrays that it is given."""

    task: Task
    arrays: tuple[Any, ...]

    def __dask_tokenize__(self) -> str:
        """Return another name each time, under which Dask holds what it was sent.

        Under one name for equal contents a cluster may, when a run begins while it still clears
        away an equal one, clear away what the new one was just given.
        """
        return uuid4().hex


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Which draws of a run, and the stream they come from."""

    index: int
    first: int
    size: int
    stream: np.random.Generator
    version: str


def in_chunks(n_draws: int, chunk: int, rng: int | np.random.Generator) -> list[Chunk]:
    """Return the chunks of a run, each with the stream that its place alone decides."""
    firsts = range(0, n_draws, chunk)
    streams = generator(rng).spawn(len(firsts))
    return [
        Chunk(index, first, min(chunk, n_draws - first), stream, cvln_eval.__version__)
        for index, (first, stream) in enumerate(zip(firsts, streams, strict=True))
    ]


def generator(rng: int | np.random.Generator) -> np.random.Generator:
    """Return a Generator from a seed, and a Generator as it is.

    Parameters
    ----------
    rng : int or Generator
        Seed, 0 or more; the same seed gives the same numbers.

    Returns
    -------
    Generator
        Where chance comes from.

    Raises
    ------
    ArgumentError
        If it is neither. None is no seed: its numbers could not be had again.
    """
    if isinstance(rng, np.random.Generator):
        return rng
    if not isinstance(rng, int | np.integer) or rng < 0:
        raise ArgumentError(
            "Chance comes from a seed",
            expected="rng=, a whole number of 0 or more, or a numpy Generator",
            seen=repr(rng),
        )
    return np.random.default_rng(rng)


def in_a_chunk() -> bool:
    """Return whether a task is being computed here, which then draws within its own worker."""
    return _inside.get()


def compute(work: Work, chunk: Chunk) -> tuple[int, np.ndarray]:
    """Return index and draws of one chunk; what goes wrong is told which chunk it was."""
    _refuse_other_version(chunk.version)
    task, arrays = work.task, work.arrays
    try:
        if in_a_chunk():
            part = task(chunk.size, chunk.stream, *arrays)
        else:
            part = _alone(task, chunk, arrays)
    except Exception as error:
        error.add_note(_which(chunk))
        raise
    part = np.asarray(part)
    if part.shape[:1] != (chunk.size,):
        raise ArgumentError(
            "A task returned another number of draws than it was asked for",
            expected=f"{chunk.size} draws along the first axis",
            seen=f"shape {part.shape}",
        )
    return chunk.index, part


def _alone(task: Task, chunk: Chunk, arrays: tuple[Any, ...]) -> np.ndarray:
    token = _inside.set(True)
    try:
        with _linear_algebra().limit(limits=1, user_api="blas"):
            return task(chunk.size, chunk.stream, *arrays)
    finally:
        _inside.reset(token)


@cache
def _linear_algebra() -> ThreadpoolController:
    """Return what sets the threads of linear algebra; looking for it takes longer than a chunk."""
    import scipy.linalg  # noqa: F401  it brings a library of its own, found only once it is loaded

    return ThreadpoolController()


def _which(chunk: Chunk) -> str:
    seed: Any = chunk.stream.bit_generator.seed_seq
    return (
        f"In chunk {chunk.index}, draws {chunk.first + 1} to {chunk.first + chunk.size}, with"
        f" SeedSequence(entropy={seed.entropy}, spawn_key={seed.spawn_key})"
    )


def _refuse_other_version(version: str) -> None:
    """Raise where a worker's package is not the one that asks: it may draw other numbers."""
    if version != cvln_eval.__version__:
        raise ArgumentError(
            "A worker has another version of cvln_eval",
            expected=version,
            seen=cvln_eval.__version__,
            todo="install the same version on every machine of the cluster",
        )
