"""Two-step maximum likelihood of polychoric correlations, for all pairs of items at once.

Thresholds come from each item's own answers, the correlation of a pair from its table. A pair's
arrays have `EDGE` as the last upper bound, and again for each category that the item lacks.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from cvln_eval.measurement.structure.bivariate_normal import EDGE, below, cells, density, line

__all__ = ["BOUND", "fit_rho", "keep_margins", "pair_tables", "rho_error", "upper_bounds"]

# A likelihood that still rises here has no maximum inside (-1, 1) that could be told from 1.
BOUND = 0.9995
GRID = np.array([-BOUND, -0.9, -0.6, -0.3, 0.0, 0.3, 0.6, 0.9, BOUND])
TOLERANCE = 1e-9
MOST_STEPS = 100
# Differences of probabilities are exact to about this much, so no cell is taken for less likely.
SMALLEST = 1e-15


def pair_tables(codes: np.ndarray, n_categories: int) -> np.ndarray:
    """Return the table of every two items, shape (items, items, categories, categories).

    `codes` counts categories from 0, -1 where there is no answer; people who answered only one
    of two items are in no cell of their table.
    """
    indicators = (codes[:, :, None] == np.arange(n_categories)).astype(float)
    flat = indicators.reshape(len(codes), codes.shape[1] * n_categories)
    n_items = codes.shape[1]
    tables = (flat.T @ flat).reshape(n_items, n_categories, n_items, n_categories)
    return np.asarray(tables.transpose(0, 2, 1, 3))


def upper_bounds(margins: np.ndarray) -> np.ndarray:
    """Return the deviate at which each category ends, from counts of items by categories."""
    total = margins.sum(axis=1, keepdims=True)
    below_or_at = np.cumsum(margins, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        deviates = ndtri(np.where(below_or_at == total, 1.0, below_or_at / total))
    return np.asarray(np.clip(deviates, -EDGE, EDGE))


def keep_margins(tables: np.ndarray, amount: float) -> np.ndarray:
    """Return tables whose empty cells got an amount, moved so that both margins stay.

    The tables have two by two categories; one with an empty margin has no correlation anyway.
    """
    swap = np.array([[1.0, -1.0], [-1.0, 1.0]])
    empty = tables == 0
    sign = np.where(empty[:, 0, 0] | empty[:, 1, 1], 1.0, -1.0)
    moved = tables + amount * sign[:, None, None] * swap
    return np.where(empty.any(axis=(1, 2), keepdims=True), moved, tables)


def fit_rho(tables: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return the correlation of each pair; plus or minus 1 where the likelihood has no maximum.

    The best of a grid and its neighbours bracket the maximum. Fisher scoring takes the first step,
    secants of the score the next; a step that would leave the bracket halves it instead.
    """
    heights = np.stack([_log_likelihood(tables, rows, columns, at) for at in GRID])
    best = heights.argmax(axis=0)
    low, high = GRID[np.maximum(best - 1, 0)], GRID[np.minimum(best + 1, len(GRID) - 1)]
    rho = GRID[best]
    before, score_before = np.full((2, len(tables)), np.nan)
    for _ in range(MOST_STEPS):
        score, information = _score(tables, rows, columns, rho)
        settled = (np.abs(score) <= TOLERANCE * information) | (high - low < TOLERANCE)
        if settled.all():
            break
        low, high = np.where(score > 0, rho, low), np.where(score > 0, high, rho)
        bend = _bend(rho - before, score_before - score, information)
        step = _inside(rho + score / bend, low, high)
        before, score_before, rho = rho, score, np.where(settled, rho, step)
    return np.asarray(np.where(np.abs(rho) > BOUND - 1e-6, np.sign(rho), rho))


def _bend(moved: np.ndarray, fallen: np.ndarray, information: np.ndarray) -> np.ndarray:
    """Return the slope of the secant, or the information where the secant does not fall."""
    with np.errstate(divide="ignore", invalid="ignore"):
        secant = fallen / moved
    falls = np.isfinite(secant) & (secant > 0)
    return np.asarray(np.where(falls, secant, np.maximum(information, SMALLEST)))


def _inside(step: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    return np.where((step > low) & (step < high), step, (low + high) / 2)


def rho_error(n: np.ndarray, rows: np.ndarray, columns: np.ndarray, rho: np.ndarray) -> np.ndarray:
    """Return standard errors that carry the uncertainty of the thresholds too.

    A person in cell (a, b) moves the estimate by psi_ab / n, where psi is the score of the cell
    less what the person moves the thresholds of both items, over the information; the variance
    is sum p_ab psi_ab^2 / n. The expected p_ab, not the shares seen: with many cells empty these
    make the errors too small.
    """
    ratio, information = _ratio(rows, columns, rho)
    by_rows = _through_thresholds(ratio, rows, columns, rho)
    by_columns = _through_thresholds(ratio.transpose(0, 2, 1), columns, rows, rho)
    moved = ratio - by_rows[:, :, None] - by_columns[:, None, :]
    spread = (_chances(rows, columns, rho) * moved**2).sum(axis=(1, 2))
    return np.asarray(np.sqrt(spread / n) / information)


def _corners(
    rows: np.ndarray, columns: np.ndarray, rho: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return rows[:, :, None], columns[:, None, :], np.reshape(rho, (-1, 1, 1))


def _chances(rows: np.ndarray, columns: np.ndarray, rho: np.ndarray) -> np.ndarray:
    inner = below(*_corners(rows[:, :-1], columns[:, :-1], rho))
    return cells(inner, ndtr(rows), ndtr(columns[:, :-1]))


def _slopes(rows: np.ndarray, columns: np.ndarray, rho: np.ndarray) -> np.ndarray:
    inner = density(*_corners(rows[:, :-1], columns[:, :-1], rho))
    return cells(inner, np.zeros(rows.shape), np.zeros(columns[:, :-1].shape))


def _log_likelihood(
    tables: np.ndarray, rows: np.ndarray, columns: np.ndarray, rho: float
) -> np.ndarray:
    chance = _chances(rows, columns, np.asarray(rho))
    return np.asarray((tables * np.log(np.maximum(chance, SMALLEST))).sum(axis=(1, 2)))


def _ratio(rows: np.ndarray, columns: np.ndarray, rho: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each cell's slope of log p by rho, and what one person tells of rho."""
    chance, slope = _chances(rows, columns, rho), _slopes(rows, columns, rho)
    ratio = np.where(chance > SMALLEST, slope / np.maximum(chance, SMALLEST), 0.0)
    return ratio, (ratio * slope).sum(axis=(1, 2))


def _score(
    tables: np.ndarray, rows: np.ndarray, columns: np.ndarray, rho: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    ratio, information = _ratio(rows, columns, rho)
    return (tables * ratio).sum(axis=(1, 2)), tables.sum(axis=(1, 2)) * information


def _through_thresholds(
    ratio: np.ndarray, rows: np.ndarray, columns: np.ndarray, rho: np.ndarray
) -> np.ndarray:
    """Return what a person in each row moves the score through the thresholds of the rows.

    Threshold k moves by (1[a <= k] - P_k) / phi_k for a person in row a, and moves the score by
    phi_k times the difference of rows k and k + 1 along the line X = tau_k; phi_k cancels.
    """
    tau, other, r = _corners(rows[:, :-1], columns, rho)
    along = np.diff(line(tau, other, r), axis=2, prepend=0.0)
    pull = ((ratio[:, :-1] - ratio[:, 1:]) * along).sum(axis=2)
    above = np.cumsum(pull[:, ::-1], axis=1)[:, ::-1]
    padded = np.concatenate([above, np.zeros((len(above), 1))], axis=1)
    return np.asarray(padded - (pull * ndtr(rows[:, :-1])).sum(axis=1, keepdims=True))
