"""Correlations of items: Pearson's, Spearman's or polychoric."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
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
from cvln_eval.measurement.structure.polychoric import (
    polychoric_correlations,
    polychoric_matrix,
)

__all__ = ["correlation_matrix", "item_correlations", "refuse_kind"]

KINDS = ("pearson", "polychoric", "spearman")
NO_VARIANCE = "an item does not vary among the people who answered both"


def item_correlations(
    answers: pd.DataFrame,
    *,
    items: Sequence[str],
    kind: str = "pearson",
    missing: str = "pairwise",
    conf_level: float = 0.95,
) -> ItemCorrelations:
    """Correlate items with each other, with an interval and the n of every pair.

    Intervals are tanh(atanh(r) +- z SE), SE = 1 / sqrt(n - 3) for Pearson's r and
    sqrt((1 + r^2 / 2) / (n - 3)) for Spearman's; `std_error` is (1 - r^2) SE. Polychoric
    correlations are those of `polychoric_correlations`.

    Parameters
    ----------
    answers : DataFrame
        One row a person, as `answer_table` returns it.
    items : sequence of str
        At least two columns.
    kind : {"pearson", "polychoric", "spearman"}
        Which correlation; tied answers share the mean of their ranks in Spearman's.
    missing : {"pairwise", "listwise"}
        Pairwise: all who answered both items. Listwise: only people who answered every item.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    ItemCorrelations
        `tidy` has one row a pair. A correlation is nan with a reason where fewer than four people
        answered both items, or where an item does not vary among them.

    Raises
    ------
    ArgumentError
        If a person has several rows, an item is absent, or the kind or the rule for missing
        answers is unknown.

    References
    ----------
    Fisher, R. A. (1921). On the probable error of a coefficient of correlation deduced from a
    small sample. Metron, 1, 3-32.
    Bonett, D. G., & Wright, T. A. (2000). Sample size requirements for estimating Pearson,
    Kendall and Spearman correlations. Psychometrika, 65, 23-28, eq. 5.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"q1": [1, 2, 3, 4, 5], "q2": [2, 1, 4, 3, 5]})
    >>> item_correlations(answers, items=["q1", "q2"]).matrix.loc["q1", "q2"].round(2).item()
    0.8
    """
    refuse_kind(kind)
    refuse_level(conf_level)
    if kind == "polychoric":
        return polychoric_correlations(answers, items=items, missing=missing, conf_level=conf_level)
    matrix = item_matrix(answers, items, at_least=2)
    refuse_repeated(answers)
    kept = kept_rows(matrix, missing)
    names = list(items)
    n = _together(matrix[kept])
    pairs = with_names(_pairs(matrix[kept], n, kind, conf_level), names)
    return ItemCorrelations(
        matrix=square(pairs, "estimate", names, 1.0),
        n=pd.DataFrame(n, names, names),
        std_error=square(pairs, "std_error", names, np.nan),
        pairs=pairs,
        thresholds=pd.DataFrame(columns=["item", "answer", "tau", "n"]),
        method=kind.capitalize(),
        missing=missing,
        n_persons=int(kept.sum()),
        n_left_out=int((~kept).sum()),
        conf_level=conf_level,
    )


def correlation_matrix(matrix: np.ndarray, kind: str) -> np.ndarray:
    """Return the correlations of columns over the rows that have both; nan where there is none."""
    if kind == "polychoric":
        return polychoric_matrix(matrix)
    frame = pd.DataFrame(matrix)
    found = frame.corr(method="spearman") if kind == "spearman" else frame.corr()
    values = found.to_numpy(copy=True)
    np.fill_diagonal(values, 1.0)
    return values


def refuse_kind(kind: str) -> None:
    """Raise `ArgumentError` unless the kind of correlation is known."""
    if kind not in KINDS:
        raise ArgumentError(
            "No such kind of correlation", expected=", ".join(KINDS), seen=repr(kind)
        )


def _together(matrix: np.ndarray) -> np.ndarray:
    answered = (~np.isnan(matrix)).astype(int)
    return np.asarray(answered.T @ answered)


def _pairs(matrix: np.ndarray, n: np.ndarray, kind: str, conf_level: float) -> pd.DataFrame:
    upper = np.triu_indices(matrix.shape[1], 1)
    behind, r = n[upper], correlation_matrix(matrix, kind)[upper]
    few = behind < FEWEST
    r = np.where(few, np.nan, r)
    wider = 1 + r**2 / 2 if kind == "spearman" else 1.0
    error = np.sqrt(wider / np.where(few, np.nan, behind - 3))
    low, high = fisher_interval(r, error, conf_level)
    return pd.DataFrame(
        {
            "estimate": r,
            "std_error": (1 - r**2) * error,
            "conf_low": low,
            "conf_high": high,
            "conf_level": conf_level,
            "n": behind,
            "reason": np.select([few, np.isnan(r)], [TOO_FEW, NO_VARIANCE], ""),
        }
    )
