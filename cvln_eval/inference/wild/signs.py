"""The weights that a wild bootstrap multiplies the residuals of a cluster by."""

from __future__ import annotations

import math

import numpy as np

from cvln_eval.errors import ArgumentError, shown

__all__ = ["POINTS", "all_signs", "enumerable", "random_signs", "refuse_draws"]

_GOLDEN = (1 + math.sqrt(5)) / 2

# Values and their probabilities; each has mean 0 and variance 1.
POINTS: dict[str, tuple[np.ndarray, np.ndarray]] = {
    "rademacher": (np.array([1.0, -1.0]), np.full(2, 1 / 2)),
    "webb": (
        np.sqrt([3 / 2, 1, 1 / 2, 1 / 2, 1, 3 / 2]) * [1, 1, 1, -1, -1, -1],
        np.full(6, 1 / 6),
    ),
    "mammen": (
        np.array([_GOLDEN, 1 - _GOLDEN]),
        np.array([(_GOLDEN - 1) / math.sqrt(5), _GOLDEN / math.sqrt(5)]),
    ),
}


def refuse_draws(draws: object) -> None:
    """Raise `ArgumentError` unless the draws have a name that is known."""
    if draws not in POINTS:
        raise ArgumentError(
            "Draws of this kind are not known", expected=shown(POINTS), seen=repr(draws)
        )


def enumerable(draws: str, n_clusters: int, n_draws: int) -> bool:
    """Return whether all vectors of weights are no more than the draws asked for."""
    vectors = math.prod([len(POINTS[draws][0])] * n_clusters)
    return vectors <= n_draws


def all_signs(draws: str, n_clusters: int) -> tuple[np.ndarray, np.ndarray]:
    """Return every vector of weights, shape (vectors, clusters), and the probability of each."""
    values, chances = POINTS[draws]
    places = np.indices((len(values),) * n_clusters).reshape(n_clusters, -1).T
    return values[places], chances[places].prod(axis=1)


def random_signs(draws: str, shape: tuple[int, ...], stream: np.random.Generator) -> np.ndarray:
    """Return weights drawn independently, in an array of the shape.

    Random bytes are looked up in a table, which takes a fifth of the time of `Generator.choice`.
    """
    values, chances = POINTS[draws]
    if np.ptp(chances) > 0:
        return np.asarray(values[(stream.random(shape) >= chances[0]).astype(np.intp)])
    return np.asarray(np.take(values, stream.integers(0, len(values), shape, dtype=np.uint8)))
