"""Polychoric correlations: how the traits behind ordered answers correlate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.matrix import item_matrix, refuse_level, refuse_repeated
from cvln_eval.measurement.structure.missing import kept_rows
from cvln_eval.measurement.structure.pairs import (
    FEWEST,
    TOO_FEW,
    ItemCorrelations,
    fisher_interval,
    square,
    with_names,
)
from cvln_eval.measurement.structure.polychoric_fit import (
    fit_rho,
    keep_margins,
    pair_tables,
    rho_error,
    upper_bounds,
)

__all__ = ["polychoric_correlations", "polychoric_matrix"]

MOST_CATEGORIES = 20
PAIR_COLUMNS = (
    "item",
    "other_item",
    "estimate",
    "std_error",
    "conf_low",
    "conf_high",
    "conf_level",
    "n",
    "n_cells",
    "n_cells_empty",
    "reason",
)
NOBODY = "nobody answered both items"
ONE_CATEGORY = "an item has one category only among the people who answered both"
NO_MAXIMUM = "the likelihood rises all the way to a correlation of 1 or -1"


def polychoric_correlations(
    answers: pd.DataFrame,
    *,
    items: Sequence[str],
    missing: str = "pairwise",
    correct: float = 0.5,
    conf_level: float = 0.95,
) -> ItemCorrelations:
    """Estimate the correlations of the normal traits that ordered answers are cut from.

    Two steps of maximum likelihood: the thresholds of an item are tau_k = Phi^-1(share of its
    answers at or below category k); then, with the thresholds held, the correlation of a pair is
    the rho that maximises sum n_ab log p_ab(rho), p_ab the bivariate normal probability of the
    cell. Standard errors carry the uncertainty of the thresholds; intervals are
    tanh(atanh(rho) +- z SE / (1 - rho^2)).

    Parameters
    ----------
    answers : DataFrame
        One row a person, as `answer_table` returns it.
    items : sequence of str
        At least two columns; each distinct value is a category, in the order of the numbers.
    missing : {"pairwise", "listwise"}
        Pairwise: thresholds use all who answered the item, a correlation all who answered both.
        Listwise: only people who answered every item.
    correct : float
        Added to the empty cells of a table of two by two categories, where the maximum lies at 1
        or -1 otherwise; taken from the neighbours, so that the thresholds stay. Larger tables are
        never corrected: at a small n many cells are empty, and filling them pulls the
        correlations towards 0.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    ItemCorrelations
        `tidy` has one row a pair: `item`, `other_item`, `estimate`, `std_error`, `conf_low`,
        `conf_high`, `conf_level`, `n`, `n_cells`, `n_cells_empty`, `reason`; also `matrix`, `n`,
        `std_error` and `thresholds`. A correlation is nan with a reason where nobody answered both
        items or fewer than four did, where one of them has a single category, or where the
        likelihood has no maximum inside (-1, 1), as with identical items. The matrix need not be
        positive definite: `glance` says whether it is, and it is never smoothed unasked.

    Raises
    ------
    ArgumentError
        If a person has several rows, an item is absent or has more than 20 different
        answers, or an option is unknown.

    Notes
    -----
    Agrees with `polycor::polychor(ML = FALSE)` and `psych::polychoric`, which stop their search
    at a coarser tolerance, and with `lavaan::lavCor(ordered = )`.

    References
    ----------
    Olsson, U. (1979). Maximum likelihood estimation of the polychoric correlation coefficient.
    Psychometrika, 44, 443-460.
    Joreskog, K. G. (1994). On the estimation of polychoric correlations and their asymptotic
    covariance matrix. Psychometrika, 59, 381-389.
    Savalei, V. (2011). What to do about zero frequency cells when estimating polychoric
    correlations. Structural Equation Modeling, 18, 253-273.

    Examples
    --------
    >>> import pandas as pd
    >>> counts = {(0, 0): 40, (0, 1): 10, (1, 0): 10, (1, 1): 40}
    >>> rows = [pair for pair, n in counts.items() for _ in range(n)]
    >>> answers = pd.DataFrame(rows, columns=["q1", "q2"])
    >>> found = polychoric_correlations(answers, items=["q1", "q2"])
    >>> found.matrix.round(3).loc["q1", "q2"].item()  # sin(2 pi (0.40 - 0.25))
    0.809
    """
    refuse_level(conf_level)
    if not 0 <= correct < 1:
        raise ArgumentError("A correction is at least 0 and below 1", seen=repr(correct))
    matrix = item_matrix(answers, items, at_least=2)
    refuse_repeated(answers)
    kept = kept_rows(matrix, missing)
    names = list(items)
    codes, levels = _coded(matrix[kept], names)
    pairs, margins = _pairs(codes, correct)
    pairs = _arranged(with_names(pairs, names), conf_level)
    return ItemCorrelations(
        matrix=square(pairs, "estimate", names, 1.0),
        n=square(pairs, "n", names, margins.sum(axis=1)).astype(int),
        std_error=square(pairs, "std_error", names, np.nan),
        pairs=pairs,
        thresholds=_thresholds(names, levels, margins),
        method="polychoric, two-step maximum likelihood",
        missing=missing,
        n_persons=int(kept.sum()),
        n_left_out=int((~kept).sum()),
        conf_level=conf_level,
    )


def polychoric_matrix(matrix: np.ndarray) -> np.ndarray:
    """Return polychoric correlations of the columns; nan where there is none, 1 the diagonal."""
    n_items = matrix.shape[1]
    codes, _ = _coded(matrix, [f"column {place}" for place in range(n_items)])
    pairs, _ = _pairs(codes, correct=0.5)
    return square(pairs, "estimate", [str(i) for i in range(n_items)], 1.0).to_numpy()


def _coded(matrix: np.ndarray, names: list[str]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return categories counted from 0, -1 where there is no answer, and their values."""
    codes = np.full(matrix.shape, -1)
    levels = []
    for place, column in enumerate(matrix.T):
        answered = ~np.isnan(column)
        values, codes[answered, place] = np.unique(column[answered], return_inverse=True)
        levels.append(values)
    many = [n for n, values in zip(names, levels, strict=True) if len(values) > MOST_CATEGORIES]
    if many:
        raise ArgumentError(
            "Polychoric correlations are for ordered categories",
            expected=f"at most {MOST_CATEGORIES} different answers an item",
            seen=shown(many),
            todo="use the Pearson correlations of `item_correlations`",
        )
    return codes, levels


def _pairs(codes: np.ndarray, correct: float) -> tuple[pd.DataFrame, np.ndarray]:
    """Return one row a pair in the order of the upper triangle, and answers by category."""
    n_categories = max(2, int(codes.max(initial=0)) + 1)
    every = pair_tables(codes, n_categories)
    margins = np.einsum("iikk->ik", every)
    first, second = np.triu_indices(codes.shape[1], 1)
    tables, bounds = every[first, second], upper_bounds(margins)
    held = (margins > 0).sum(axis=1)
    pairs = pd.DataFrame(
        {
            "n": tables.sum(axis=(1, 2)).astype(int),
            "n_cells": held[first] * held[second],
            "reason": _reasons(tables),
        }
    )
    pairs["n_cells_empty"] = pairs["n_cells"] - (tables > 0).sum(axis=(1, 2))
    binary = (held[first] == 2) & (held[second] == 2)
    tables[binary, :2, :2] = keep_margins(tables[binary, :2, :2], correct)
    usable = (pairs["reason"] == "").to_numpy()
    pairs[["estimate", "std_error"]] = np.nan
    rho, error = _fitted(tables[usable], bounds[first[usable]], bounds[second[usable]])
    pairs.loc[usable, "estimate"], pairs.loc[usable, "std_error"] = rho, error
    pairs.loc[usable & pairs["estimate"].isna(), "reason"] = NO_MAXIMUM
    return pairs, margins


def _fitted(
    tables: np.ndarray, rows: np.ndarray, columns: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return correlations and standard errors, nan where the likelihood has no maximum."""
    rho = fit_rho(tables, rows, columns)
    inside = np.abs(rho) < 1
    error = np.full(rho.shape, np.nan)
    n = tables[inside].sum(axis=(1, 2))
    error[inside] = rho_error(n, rows[inside], columns[inside], rho[inside])
    return np.where(inside, rho, np.nan), error


def _reasons(tables: np.ndarray) -> list[str]:
    """Return why a table has no correlation, empty where it may have one."""
    rows, columns = (tables.sum(axis=2) > 0).sum(axis=1), (tables.sum(axis=1) > 0).sum(axis=1)
    fewest = np.minimum(rows, columns)
    few = tables.sum(axis=(1, 2)) < FEWEST
    cases = [fewest == 0, fewest == 1, few]
    return [str(why) for why in np.select(cases, [NOBODY, ONE_CATEGORY, TOO_FEW], "")]


def _arranged(pairs: pd.DataFrame, conf_level: float) -> pd.DataFrame:
    """Return the pairs with intervals, columns in the order they are documented."""
    rho = pairs["estimate"].to_numpy()
    error = pairs["std_error"].to_numpy() / (1 - rho**2)
    pairs["conf_low"], pairs["conf_high"] = fisher_interval(rho, error, conf_level)
    pairs["conf_level"] = conf_level
    return pairs[list(PAIR_COLUMNS)]


def _thresholds(names: list[str], levels: list[np.ndarray], margins: np.ndarray) -> pd.DataFrame:
    """Return one row an item and threshold: the answer it is the upper end of, and where it is."""
    bounds = upper_bounds(margins)
    rows = [
        {"item": name, "answer": float(value), "tau": float(tau), "n": int(counts.sum())}
        for name, values, taus, counts in zip(names, levels, bounds, margins, strict=True)
        for value, tau in zip(values[:-1], taus, strict=False)
    ]
    return pd.DataFrame(rows, columns=["item", "answer", "tau", "n"])
