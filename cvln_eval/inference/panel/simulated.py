"""What the methods answer in simulated data of one design."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.panel.answers import Method
from cvln_eval.inference.panel.outcomes import clustered_outcomes
from cvln_eval.resampling import resample

__all__ = ["SimulatedAnswers", "simulated_answers"]


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedAnswers:
    """Answers of each method to each simulated outcome.

    Attributes
    ----------
    p_value, conf_low, conf_high : ndarray
        Shape (runs, methods); nan where a method has no answer, bounds also where its interval is
        what its test does not reject.
    """

    p_value: np.ndarray
    conf_low: np.ndarray
    conf_high: np.ndarray


def simulated_answers(
    methods: list[Method],
    codes: np.ndarray,
    *,
    icc: float,
    scale: np.ndarray,
    shift: np.ndarray,
    n_simulated: int,
    conf_level: float,
    rng: int | np.random.Generator,
) -> SimulatedAnswers:
    """Return the answers of methods to simulated outcomes, `shift` added to each, shape (n,)."""
    arrays = (tuple(methods), codes, icc, scale, shift, conf_level)
    drawn = resample(_task, n_simulated, arrays=arrays, rng=rng)
    return SimulatedAnswers(drawn[..., 0], drawn[..., 1], drawn[..., 2])


def _task(
    size: int,
    stream: np.random.Generator,
    methods: tuple[Method, ...],
    codes: np.ndarray,
    icc: float,
    scale: np.ndarray,
    shift: np.ndarray,
    conf_level: float,
) -> np.ndarray:
    y = clustered_outcomes(size, stream, codes, icc, scale) + shift[:, None]
    # A stream of its own for each method: what one draws must not change the others.
    streams = stream.spawn(len(methods))
    found = [
        method.answers(y, conf_level, own) for method, own in zip(methods, streams, strict=True)
    ]
    columns = [np.stack([one.p_value, one.conf_low, one.conf_high], axis=-1) for one in found]
    return np.stack(columns, axis=1)
