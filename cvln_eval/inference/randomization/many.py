"""p values of many outcomes of the same clusters at once."""

from __future__ import annotations

import numpy as np

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.randomization.experiment import experiment
from cvln_eval.inference.randomization.moments import observed_fit
from cvln_eval.inference.randomization.possible import PossibleAssignments
from cvln_eval.inference.randomization.tails import p_values
from cvln_eval.inference.randomization.testing import Statistic, refuse_options

__all__ = ["randomization_p_values"]


def randomization_p_values(
    outcomes: np.ndarray,
    *,
    exposure: np.ndarray,
    clusters: np.ndarray,
    controls: np.ndarray | None = None,
    strata: np.ndarray | None = None,
    statistic: Statistic = "t",
    null_value: float = 0.0,
    n_draws: int = 9999,
    rng: int | np.random.Generator = 0,
) -> np.ndarray:
    """Return the p value of `randomization_test` for each column of outcomes.

    All outcomes share one set of assignments, so that thousands of simulated outcomes cost little
    more than one.

    Parameters
    ----------
    outcomes : ndarray, shape (n, R)
        One column an outcome, without missing values.
    exposure : ndarray, shape (n,)
        Treatment or dose of each row, the same in all rows of a cluster.
    clusters : ndarray of int, shape (n,)
        Cluster of each row, 0 to G - 1.
    controls : ndarray, shape (n, k), optional
        Columns to be held.
    strata : ndarray, shape (n,), optional
        Stratum (or pair) of each row.
    statistic : str
        "t" or "difference".
    null_value : float
        Effect under the null.
    n_draws : int
        Assignments to draw where there are more than 200,000.
    rng : int or Generator
        Seed of the draws.

    Returns
    -------
    ndarray, shape (R,)
        nan throughout where `randomization_test` gives a reason in place of a p value.

    Raises
    ------
    ArgumentError
        If exposure or stratum differ within a cluster, a number is missing or infinite, or an
        option is out of its range.

    Examples
    --------
    >>> import numpy as np
    >>> outcomes = np.array([[3.0, 1], [2, 5], [1, 2], [0, 3], [0.5, 4]])
    >>> randomization_p_values(outcomes, exposure=np.array([1, 1, 0, 0, 0]), clusters=np.arange(5))
    array([0.1, 1. ])
    """
    refuse_options(statistic, null_value, n_draws)
    held = np.empty((len(clusters), 0)) if controls is None else controls
    _refuse_missing(outcomes, exposure, held)
    studentised = statistic == "t"
    names, first, of_row = np.unique(clusters, return_index=True, return_inverse=True)
    blocks = np.zeros(len(clusters)) if strata is None else strata
    for each in (exposure, blocks):
        _refuse_varying(each, first, of_row, names)
    doses, codes = np.unique(np.asarray(exposure, dtype=float)[first], return_inverse=True)
    block = np.unique(blocks[first], return_inverse=True)[1]
    possible = PossibleAssignments(tuple(map(str, names)), block, codes, doses)
    given = experiment(
        np.asarray(outcomes, dtype=float),
        possible=possible,
        exposure=doses[:, None],
        cluster=of_row,
        period=0 * of_row,
        controls=held,
    )
    fit = observed_fit(given, studentised=studentised)
    if possible.n_assignments == 1 or fit is None or (studentised and fit.alone):
        return np.full(np.shape(outcomes)[1], np.nan)
    shift = null_value - fit.estimate
    return p_values(fit, shift, studentised=studentised, n_draws=n_draws, rng=rng)


def _refuse_missing(outcomes: np.ndarray, exposure: np.ndarray, controls: np.ndarray) -> None:
    for name, values in (("outcome", outcomes), ("exposure", exposure), ("control", controls)):
        rows = np.flatnonzero(
            ~np.isfinite(values.astype(float)).reshape(len(values), -1).all(axis=1)
        )
        if len(rows):
            raise ArgumentError(
                f"An {name} is missing or infinite"
                if name != "control"
                else "A control is missing",
                expected="finite numbers",
                seen=f"others in rows {shown(rows.tolist())}",
                todo="leave the rows out",
            )


def _refuse_varying(
    each: np.ndarray, first: np.ndarray, of_row: np.ndarray, names: np.ndarray
) -> None:
    varying = names[np.unique(of_row[each != each[first][of_row]])]
    if len(varying):
        raise ArgumentError(
            "Exposure and stratum belong to clusters",
            expected="one value in each cluster",
            seen=f"several in {shown(varying.tolist())}",
        )
