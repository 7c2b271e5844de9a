"""One draw of the missing values of one variable, given the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["ICC_GRID", "Regression", "draw_nearest", "draw_normal"]

# Shares of variance between teams that are weighed, all alike before the data are seen.
ICC_GRID = (np.arange(50) + 0.5) / 50
# Five pull the lowest further up: a low answer has few neighbours among 41 people (calibration).
DONORS = 3
RELATIVE = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """A regression with team intercepts, estimated and drawn once from its posterior.

    Attributes
    ----------
    fitted : ndarray
        Value of every row by the estimated coefficients.
    drawn : ndarray
        Value of every row by the drawn coefficients.
    sigma : float
        Drawn standard deviation of the residuals.
    """

    fitted: np.ndarray
    drawn: np.ndarray
    sigma: float


def draw_normal(
    y: np.ndarray,
    x: np.ndarray,
    known: np.ndarray,
    teams: np.ndarray | None,
    stream: np.random.Generator,
) -> np.ndarray:
    """Return a value for each row that is not known, from the predictive distribution.

    Parameters
    ----------
    y : ndarray
        Values, used where known.
    x : ndarray
        Predictors of all rows, without constant.
    known : ndarray of bool
        Rows with a value.
    teams : ndarray or None
        Team of each row as 0, 1, ..., for intercepts that vary at random; None for none.
    stream : Generator
        Source of the draws.

    Returns
    -------
    ndarray
        One value a row that is not known.
    """
    found = _regress(y, x, known, teams, stream)
    noise = stream.standard_normal(int((~known).sum()))
    return np.asarray(found.drawn[~known] + found.sigma * noise)


def draw_nearest(
    y: np.ndarray,
    x: np.ndarray,
    known: np.ndarray,
    teams: np.ndarray | None,
    stream: np.random.Generator,
) -> np.ndarray:
    """Return, for each row that is not known, the value of one of the three nearest that are.

    Near is what is predicted: drawn coefficients for the row without a value, estimated ones for
    the donors. Takes what `draw_normal` takes.
    """
    found = _regress(y, x, known, teams, stream)
    # In random order, so that of donors equally near each can be among the three.
    donors = stream.permutation(np.flatnonzero(known))
    distance = np.abs(found.drawn[~known][:, None] - found.fitted[donors][None, :])
    nearest = np.argsort(distance, axis=1, kind="stable")[:, :DONORS]
    chosen = stream.integers(nearest.shape[1], size=len(nearest))
    return np.asarray(y[donors[nearest[np.arange(len(nearest)), chosen]]])


def _standardised(x: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return predictors centred and scaled by the known rows, 0 where they do not vary."""
    mean, sd = x[known].mean(axis=0), x[known].std(axis=0)
    flat = sd <= RELATIVE * (np.abs(mean) + np.finfo(float).tiny)
    return np.asarray(np.where(flat, 0.0, (x - mean) / np.where(flat, 1.0, sd)))


def _directions(z: np.ndarray) -> np.ndarray:
    """Return the directions in which standardised predictors vary: collinear ones count once."""
    if not z.shape[1]:
        return np.empty((0, 0))
    _, size, across = np.linalg.svd(z, full_matrices=False)
    return np.asarray(across[size > RELATIVE * max(size[0], 1.0)].T)


def _regress(
    y: np.ndarray,
    x: np.ndarray,
    known: np.ndarray,
    teams: np.ndarray | None,
    stream: np.random.Generator,
) -> Regression:
    z = _standardised(x, known)
    rows = np.column_stack([np.ones(len(y)), z @ _directions(z[known])])
    if np.ptp(y[known]) == 0:
        same = np.full(len(y), y[known][0])
        return Regression(same, same, 0.0)
    # Around the mean, where sums of squares keep their digits.
    mean = y[known].mean()
    found = (
        _without_teams(y[known] - mean, rows, known, stream)
        if teams is None
        else _with_teams(y[known] - mean, rows, known, teams, stream)
    )
    return Regression(found.fitted + mean, found.drawn + mean, found.sigma)


def _without_teams(
    y: np.ndarray, rows: np.ndarray, known: np.ndarray, stream: np.random.Generator
) -> Regression:
    """Draw as Rubin (1987, p. 167): the variance from chi-square, then normal coefficients."""
    x = rows[known]
    gram = x.T @ x
    beta = np.linalg.solve(gram, x.T @ y)
    residuals = y - x @ beta
    sigma = float(np.sqrt(residuals @ residuals / stream.chisquare(len(y) - x.shape[1])))
    drawn = beta + sigma * _normal(gram, stream)
    return Regression(rows @ beta, rows @ drawn, sigma)


def _with_teams(
    y: np.ndarray,
    rows: np.ndarray,
    known: np.ndarray,
    teams: np.ndarray,
    stream: np.random.Generator,
) -> Regression:
    """Draw the ICC from its exact posterior on a grid, then variance, coefficients and teams.

    With one number left unknown, the ratio of the variances, everything else has a closed form:
    no chain within the chain is needed.
    """
    x, team = rows[known], teams[known]
    n_teams = int(teams.max()) + 1
    size = np.bincount(team, minlength=n_teams).astype(float)
    sums = np.zeros((n_teams, x.shape[1] + 1))
    np.add.at(sums, team, np.column_stack([x, y]))
    ratio = ICC_GRID / (1 - ICC_GRID)
    log_weight, solved = _posterior(x, y, size, sums, ratio)
    place = _pick(log_weight, stream)
    gram, beta, rss = (part[place] for part in solved)
    sigma = float(np.sqrt(rss / stream.chisquare(len(y) - x.shape[1])))
    drawn = beta + sigma * _normal(gram, stream)
    share = ratio[place] / (1 + ratio[place] * size)
    estimated_team = share * (sums[:, -1] - sums[:, :-1] @ beta)
    noise = sigma * np.sqrt(share) * stream.standard_normal(n_teams)
    drawn_team = share * (sums[:, -1] - sums[:, :-1] @ drawn) + noise
    return Regression(rows @ beta + estimated_team[teams], rows @ drawn + drawn_team[teams], sigma)


def _posterior(
    x: np.ndarray, y: np.ndarray, size: np.ndarray, sums: np.ndarray, ratio: np.ndarray
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Return log weights of the ratios and, for each, X'V^-1X, coefficients, residual sum."""
    shrink = ratio[:, None] / (1 + ratio[:, None] * size)
    both = np.column_stack([x, y])
    cross = both.T @ both - np.einsum("lj,jp,jq->lpq", shrink, sums, sums)
    gram, moment, total = cross[:, :-1, :-1], cross[:, :-1, -1], cross[:, -1, -1]
    beta = np.linalg.solve(gram, moment[..., None])[..., 0]
    # Rounding must not make a perfect fit negative.
    rss = np.maximum(total - (moment * beta).sum(axis=1), np.finfo(float).eps * total)
    log_weight = -0.5 * (
        np.log1p(ratio[:, None] * size).sum(axis=1)
        + np.linalg.slogdet(gram)[1]
        + (len(y) - x.shape[1]) * np.log(rss)
    )
    return log_weight, (gram, beta, rss)


def _pick(log_weight: np.ndarray, stream: np.random.Generator) -> int:
    weight = np.exp(log_weight - log_weight.max()).cumsum()
    return int(np.searchsorted(weight, stream.random() * weight[-1]))


def _normal(gram: np.ndarray, stream: np.random.Generator) -> np.ndarray:
    """Draw coefficients with the inverse of the matrix as covariance."""
    root = np.linalg.cholesky(gram)
    return np.linalg.solve(root.T, stream.standard_normal(len(gram)))
