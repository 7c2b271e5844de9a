"""What correlations of items come back as: one row a pair, and the matrices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from cvln_eval.results import Result, count, number, proportion

__all__ = [
    "FEWEST",
    "TOO_FEW",
    "ItemCorrelations",
    "fisher_interval",
    "smoothed",
    "square",
    "with_names",
]

# The standard error of Fisher's z divides by n - 3.
FEWEST = 4
TOO_FEW = f"fewer than {FEWEST} people answered both items"
# Eigenvalues below this are taken for zero, as sums of products in double precision may be.
NO_EIGENVALUE = 1e-10


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ItemCorrelations(Result):
    """Correlations of items; see `item_correlations` and `polychoric_correlations`.

    Attributes
    ----------
    matrix : DataFrame
        Correlations, items by items; nan where a pair has none. Never smoothed.
    n : DataFrame
        People behind each correlation; on the diagonal, who answered the item.
    std_error : DataFrame
        Standard errors, nan on the diagonal.
    pairs : DataFrame
        One row a pair.
    thresholds : DataFrame
        One row an item and threshold, for polychoric correlations; else without rows.
    method, missing : str
        What was computed, and the rule for missing answers.
    n_persons, n_left_out : int
        People with an answer that counts, and people without.
    conf_level : float
        Level of the intervals.
    """

    matrix: pd.DataFrame
    n: pd.DataFrame
    std_error: pd.DataFrame
    pairs: pd.DataFrame
    thresholds: pd.DataFrame
    method: str
    missing: str
    n_persons: int
    n_left_out: int
    conf_level: float

    def tidy(self) -> pd.DataFrame:
        """Return one row a pair of items."""
        return self.pairs.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: range of the correlations, people, empty cells, smallest eigenvalue."""
        least, without = self.smallest_eigenvalue(), int(self.pairs["estimate"].isna().sum())
        row = {
            "n_items": len(self.matrix),
            "n_persons": self.n_persons,
            "n_left_out": self.n_left_out,
            "n_pairs": len(self.pairs),
            "n_pairs_without": without,
            "n_min": int(self.pairs["n"].min()),
            "estimate_min": self.pairs["estimate"].min(),
            "estimate_mean": self.pairs["estimate"].mean(),
            "estimate_max": self.pairs["estimate"].max(),
            "smallest_eigenvalue": least,
            "positive_definite": bool(least > NO_EIGENVALUE),
            "method": self.method,
            "missing": self.missing,
            "conf_level": self.conf_level,
            "reason": f"{count(without, 'pair')} without a correlation" if without else "",
        }
        return pd.DataFrame([row | self._empty_cells()])

    def _empty_cells(self) -> dict[str, int]:
        names = [name for name in ("n_cells", "n_cells_empty") if name in self.pairs]
        return {name: int(self.pairs[name].sum()) for name in names}

    def smallest_eigenvalue(self) -> float:
        """Return the smallest eigenvalue of the matrix; nan where a correlation is missing."""
        values = self.matrix.to_numpy()
        return float(np.linalg.eigvalsh(values)[0]) if np.isfinite(values).all() else np.nan

    def sentence(self) -> str:
        """Return the range of the correlations, with n, empty cells and what the matrix allows."""
        row = self.glance().iloc[0]
        who = f"{count(row['n_items'], 'item')} from {count(row['n_persons'], 'person', 'people')}"
        if row["n_pairs"] == row["n_pairs_without"]:
            why = self.pairs["reason"].iloc[0]
            return f"Correlations ({self.method}) of {who} are not available: {why}."
        spread = f"{number(row['estimate_min'])} to {number(row['estimate_max'])}"
        behind = f"n of a pair at least {row['n_min']:,}, missing answers {self.missing}"
        text = f"Correlations ({self.method}) of {who} ran from {spread} ({behind})."
        return " ".join(part for part in (text, self._cells_said(), self._matrix_said()) if part)

    def _cells_said(self) -> str:
        cells = self._empty_cells()
        if not cells.get("n_cells"):
            return ""
        share = proportion(cells["n_cells_empty"] / cells["n_cells"])
        return f"Of {cells['n_cells']:,} cells in the tables of pairs, {share} are empty."

    def _matrix_said(self) -> str:
        row = self.glance().iloc[0]
        if row["n_pairs_without"]:
            return f"{row['reason'].capitalize()}, so the matrix is not complete."
        if row["positive_definite"]:
            return ""
        least = number(row["smallest_eigenvalue"], 3)
        return f"The matrix is not positive definite (smallest eigenvalue {least})."


def smoothed(matrix: pd.DataFrame) -> pd.DataFrame:
    """Return a nearby correlation matrix without eigenvalues below zero.

    Eigenvalues below 1e-10 are raised to it, and the matrix is scaled back to a diagonal of 1.
    No function of this package does so unasked.

    Parameters
    ----------
    matrix : DataFrame
        Correlations, items by items.

    Returns
    -------
    DataFrame
        The matrix itself where it was positive definite, or where a correlation is missing.

    References
    ----------
    Higham, N. J. (2002). Computing the nearest correlation matrix: a problem from finance. IMA
    Journal of Numerical Analysis, 22, 329-343 (its first step).

    Examples
    --------
    >>> import pandas as pd
    >>> r = pd.DataFrame([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    >>> smoothed(r).round(2).iloc[0].tolist()
    [1.0, 0.5, -0.5]
    """
    values = matrix.to_numpy(dtype=float)
    if not np.isfinite(values).all():
        return matrix.copy()
    roots, vectors = np.linalg.eigh(values)
    if roots[0] > NO_EIGENVALUE:
        return matrix.copy()
    raised = (vectors * np.maximum(roots, NO_EIGENVALUE)) @ vectors.T
    scale = np.sqrt(np.diag(raised))
    return pd.DataFrame(raised / np.outer(scale, scale), matrix.index, matrix.columns)


def square(
    pairs: pd.DataFrame, column: str, names: list[str], diagonal: float | np.ndarray
) -> pd.DataFrame:
    """Return a column of the pairs, which are in the order of the upper triangle, as a matrix."""
    upper = np.triu_indices(len(names), 1)
    values = np.zeros((len(names), len(names)))
    values[upper] = pairs[column]
    values += values.T
    np.fill_diagonal(values, diagonal)
    return pd.DataFrame(values, index=names, columns=names)


def with_names(pairs: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return the pairs, which are in the order of the upper triangle, with their items first."""
    first, second = np.triu_indices(len(names), 1)
    ends = {"item": [names[i] for i in first], "other_item": [names[i] for i in second]}
    return pd.concat([pd.DataFrame(ends), pairs], axis=1)


def fisher_interval(
    estimate: np.ndarray, std_error: np.ndarray, conf_level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return tanh(atanh(r) -+ z SE), with the standard error on the scale of atanh(r)."""
    with np.errstate(divide="ignore"):
        center = np.arctanh(estimate)
    reach = ndtri((1 + conf_level) / 2) * std_error
    return np.tanh(center - reach), np.tanh(center + reach)
