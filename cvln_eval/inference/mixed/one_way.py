"""Random intercept of one grouping factor, fitted to many outcomes of the same design at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.mixed.alias import independent_columns

__all__ = ["OneWay", "one_way_reml"]

# Ratios of the variances, between to residual, times the mean size of a group.
GRID = np.concatenate([[0.0], np.logspace(-4, 8, 73)])
BISECTIONS = 60
RELATIVE_ZERO = 1e-10
# A residual of this share of the outcome is rounding.
EXACT = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class OneWay:
    """Estimates of one model for many outcomes.

    Attributes
    ----------
    estimate, std_error, df : ndarray
        Coefficient, its standard error and its Satterthwaite degrees of freedom, shape (runs, k);
        nan for a column of x that the others determine, and where nothing can be fitted.
    variance_between, variance_residual : ndarray
        Variance components, shape (runs,).
    """

    estimate: np.ndarray
    std_error: np.ndarray
    df: np.ndarray
    variance_between: np.ndarray
    variance_residual: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class _Spectrum:
    """What the restricted likelihood of all outcomes depends on: at most G numbers an outcome."""

    roots: np.ndarray
    squares: np.ndarray
    rest: np.ndarray
    df: int

    def sum_of_squares(self, ratio: np.ndarray) -> np.ndarray:
        shrunk = self.squares / (1 + ratio[:, None] * self.roots)
        return np.asarray(self.rest + shrunk.sum(axis=1))

    def criterion(self, ratio: np.ndarray) -> np.ndarray:
        logs = np.log1p(ratio[:, None] * self.roots).sum(axis=1)
        return np.asarray(logs + self.df * np.log(self.sum_of_squares(ratio)))

    def slope(self, ratio: np.ndarray) -> np.ndarray:
        shrunk = self.roots / (1 + ratio[:, None] * self.roots)
        fall = (self.squares * shrunk / (1 + ratio[:, None] * self.roots)).sum(axis=1)
        return np.asarray(shrunk.sum(axis=1) - self.df * fall / self.sum_of_squares(ratio))


def one_way_reml(y: np.ndarray, x: np.ndarray, codes: np.ndarray) -> OneWay:
    r"""Fit `y = x beta + b[group] + e` by restricted maximum likelihood to each column of y.

    The outcomes share the design, so that the likelihood of each depends on the eigenvalues
    :math:`d` of :math:`Z'(I - X(X'X)^{-1}X')Z` and at most G squares :math:`\eta^2`:
    :math:`\sum \log(1 + \lambda d) + (n - k) \log(s + \sum \eta^2 / (1 + \lambda d))`, with
    :math:`\lambda` the ratio of the variance between groups to the residual one.

    Parameters
    ----------
    y : ndarray
        Outcomes, shape (n, runs) or (n,), none missing.
    x : ndarray
        Regressors, shape (n, k), the constant among them.
    codes : ndarray
        Group of each row, 0 to G - 1.

    Returns
    -------
    OneWay
        All nan where n <= k, where there are fewer than two groups, where x determines the means
        of all groups or every group has one row, and for an outcome that does not vary beyond what
        x determines or within groups. Where the variance between groups is estimated at 0, the
        degrees of freedom are n - k, as lmerTest's.

    References
    ----------
    Patterson, H. D., & Thompson, R. (1971). Recovery of inter-block information when block sizes
    are unequal. Biometrika, 58, 545-554. Kuznetsova, A., Brockhoff, P. B., & Christensen, R. H. B.
    (2017). lmerTest package. Journal of Statistical Software, 82(13), section 2.

    Examples
    --------
    >>> codes = np.repeat([0, 1, 2], 2)
    >>> fit = one_way_reml(np.array([1.0, 2, 4, 5, 7, 8]), np.ones((6, 1)), codes)
    >>> fit.estimate.round(3), fit.df.round(3), fit.variance_between.round(3)
    (array([[4.5]]), array([[2.]]), array([8.75]))
    """
    outcomes = np.asarray(y, dtype=float)
    outcomes = outcomes[:, None] if outcomes.ndim == 1 else outcomes
    groups = np.unique(codes, return_inverse=True)[1]
    kept = independent_columns(x)
    # Of one length, so that a budget in dollars beside a constant costs no digits.
    lengths = np.linalg.norm(x[:, kept], axis=0)
    own = x[:, kept] / lengths
    beta, residuals = _least_squares(own, outcomes)
    exact = np.linalg.norm(residuals, axis=0) <= EXACT * np.linalg.norm(outcomes, axis=0)
    residuals[:, exact] = 0.0
    spectrum = _spectrum(own, residuals, groups)
    if len(spectrum.roots) == 0 or spectrum.df <= len(spectrum.roots):
        return _nothing(outcomes.shape[1], x.shape[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = _best_ratio(spectrum, len(groups) / (groups.max() + 1))
        ratio[spectrum.rest == 0] = np.nan
        found = _coefficients(own, residuals, groups, spectrum, np.nan_to_num(ratio))
    found["estimate"] = (found["estimate"] + beta.T) / lengths
    found["std_error"] /= lengths
    for values in found.values():
        values[np.isnan(ratio)] = np.nan
    return OneWay(
        **{name: _widened(values, kept) for name, values in found.items()},
        variance_between=ratio * spectrum.sum_of_squares(ratio) / spectrum.df,
        variance_residual=spectrum.sum_of_squares(ratio) / spectrum.df,
    )


def _least_squares(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    return beta, y - x @ beta


def _spectrum(x: np.ndarray, residuals: np.ndarray, codes: np.ndarray) -> _Spectrum:
    sizes = np.bincount(codes) if len(codes) else np.zeros(0)
    q = np.linalg.qr(x)[0]
    means = _sums(q, codes)
    roots, vectors = np.linalg.eigh(np.diag(sizes.astype(float)) - means @ means.T)
    kept = roots > RELATIVE_ZERO * sizes.max(initial=0.0)
    roots = roots[kept]
    squares = (_sums(residuals, codes).T @ vectors[:, kept]) ** 2 / roots
    total = (residuals**2).sum(axis=0)
    rest = total - squares.sum(axis=1)
    rest[rest < RELATIVE_ZERO * total] = 0.0
    return _Spectrum(roots, squares, rest, len(x) - x.shape[1])


def _sums(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    sums = np.zeros((codes.max(initial=-1) + 1, values.shape[1]))
    np.add.at(sums, codes, values)
    return sums


def _best_ratio(spectrum: _Spectrum, size: float) -> np.ndarray:
    """Return the ratio of each outcome: the best of a grid, then bisection of the slope."""
    runs = len(spectrum.rest)
    grid = GRID / size
    values = np.stack([spectrum.criterion(np.full(runs, point)) for point in grid])
    best = np.where(np.isfinite(values), values, np.inf).argmin(axis=0)
    low, high = grid[np.maximum(best - 1, 0)], grid[np.minimum(best + 1, len(grid) - 1)]
    at_zero = (low == 0) & (best == 0) & (spectrum.slope(np.zeros(runs)) >= 0)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        rising = spectrum.slope(middle) > 0
        low, high = np.where(rising, low, middle), np.where(rising, middle, high)
    return np.where(at_zero, 0.0, (low + high) / 2)


def _coefficients(
    x: np.ndarray,
    residuals: np.ndarray,
    codes: np.ndarray,
    spectrum: _Spectrum,
    ratio: np.ndarray,
) -> dict[str, np.ndarray]:
    """Return estimates (beyond least squares), standard errors and degrees of freedom."""
    sizes = np.bincount(codes)
    x_sums, y_sums = _sums(x, codes), _sums(residuals, codes)
    shrink = 1 / (1 + ratio[:, None] * sizes)
    lost = np.einsum("rg,gi,gj->rij", ratio[:, None] * shrink, x_sums, x_sums)
    unscaled = np.linalg.pinv(x.T @ x - lost, hermitian=True)
    right = x.T @ residuals - np.einsum("rg,gi,gr->ir", ratio[:, None] * shrink, x_sums, y_sums)
    spread = np.einsum("rg,gi,gj->rij", shrink**2, x_sums, x_sums)
    moved = np.einsum("rai,rij,rja->ra", unscaled, spread, unscaled)
    diagonal = np.diagonal(unscaled, axis1=1, axis2=2)
    variance = spectrum.sum_of_squares(ratio)[:, None] / spectrum.df
    return {
        "estimate": np.einsum("rij,jr->ri", unscaled, right),
        "std_error": np.sqrt(variance * diagonal),
        "df": _satterthwaite(spectrum, ratio, diagonal, moved),
    }


def _satterthwaite(
    spectrum: _Spectrum, ratio: np.ndarray, diagonal: np.ndarray, moved: np.ndarray
) -> np.ndarray:
    """Return 2 v^2 / var(v), v the variance of a coefficient, by the delta method.

    In the ratio and the logarithm of the residual variance, where the Hessian of the deviance has
    the entries below. At a ratio of 0 the residual variance alone is uncertain.
    """
    grown = 1 + ratio[:, None] * spectrum.roots
    variance = spectrum.sum_of_squares(ratio) / spectrum.df
    first = -(spectrum.squares * spectrum.roots / grown**2).sum(axis=1) / variance
    second = 2 * (spectrum.squares * spectrum.roots**2 / grown**3).sum(axis=1) / variance
    second -= (spectrum.roots**2 / grown**2).sum(axis=1)
    across, own = -first[:, None], float(spectrum.df)
    determinant = second[:, None] * own - across**2
    slope = moved / diagonal
    spread = 2 * (slope**2 * own - 2 * slope * across + second[:, None]) / determinant
    return np.where(ratio[:, None] == 0, own, 2 / spread)


def _widened(values: np.ndarray, kept: np.ndarray) -> np.ndarray:
    wide = np.full((len(values), len(kept)), np.nan)
    wide[:, kept] = values
    return wide


def _nothing(runs: int, k: int) -> OneWay:
    wide, narrow = np.full((runs, k), np.nan), np.full(runs, np.nan)
    return OneWay(wide, wide.copy(), wide.copy(), narrow, narrow.copy())
