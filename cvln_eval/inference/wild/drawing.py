"""Making the draws: all vectors of weights where these are few, and chunks of random ones else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.wild.signs import all_signs, enumerable, random_signs, refuse_draws
from cvln_eval.inference.wild.smallest import repeats
from cvln_eval.resampling import generator, resample

__all__ = ["SIGNS_CHUNK", "Drawing"]

# Vectors of weights from one seed: enough to spare the overhead of chunks, and small in memory.
SIGNS_CHUNK = 4000

Task = Callable[..., np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """How draws are made; the fields are those arguments of `wild_bootstrap`."""

    draws: str = "rademacher"
    impose_null: bool = True
    n_draws: int = 9999
    rng: int | np.random.Generator = 0

    def __post_init__(self) -> None:
        refuse_draws(self.draws)
        generator(self.rng)  # also where no draw is random, a seed that is none is a mistake
        if not isinstance(self.n_draws, int | np.integer) or self.n_draws < 1:
            raise ArgumentError(
                "Draws are counted", expected="a whole number of 1 or more", seen=repr(self.n_draws)
            )

    def make(
        self, task: Task, arrays: tuple[np.ndarray, ...], moving: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """Return the rows that the task makes of vectors of weights, and what they are.

        Parameters
        ----------
        task : callable
            ``task(signs, *arrays)``, one row a vector.
        arrays : tuple
            What the task works on.
        moving : ndarray
            Which clusters are of account, shape (G,).

        Returns
        -------
        rows : ndarray
            Shape (D, columns).
        repeated : ndarray
            Whether the draw repeats the sample whatever the outcome, shape (D,).
        chances : ndarray or None
            Probability of each, None where they are draws at random.
        """
        given = (task, moving, arrays)
        chances = None
        if enumerable(self.draws, len(moving), self.n_draws):
            signs, chances = all_signs(self.draws, len(moving))
            made = _rows(signs, *given)
        else:
            made = resample(
                _of_random_signs,
                self.n_draws,
                arrays=(self.draws, *given),
                rng=self.rng,
                chunk=SIGNS_CHUNK,
            )
        repeated = (made[:, -1] > 0) & self.impose_null
        return made[:, :-1], repeated, chances


def _of_random_signs(size: int, stream: np.random.Generator, draws: str, *given: Any) -> np.ndarray:
    _, moving, _ = given
    return _rows(random_signs(draws, (size, len(moving)), stream), *given)


def _rows(
    signs: np.ndarray, task: Task, moving: np.ndarray, arrays: tuple[np.ndarray, ...]
) -> np.ndarray:
    return np.column_stack([task(signs, *arrays), repeats(signs, moving)])
