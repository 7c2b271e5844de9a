"""Which cluster-robust variances there are, the factor of each and the words that tell it."""

from __future__ import annotations

import math

from cvln_eval.errors import ArgumentError, shown

__all__ = ["CONVENTIONS", "factor", "refuse_kind"]

CONVENTIONS = {
    "CR0": "CR0: residuals as they are, no factor (Liang and Zeger)",
    "CR1": "CR1: CR0 times G / (G - 1)",
    "CR1S": (
        "CR1S: CR0 times G / (G - 1) (N - 1) / (N - k), the default of Stata and statsmodels; "
        "k counts every effect, absorbed ones too"
    ),
    "CR2": (
        "CR2: residuals adjusted so that the variance is unbiased where rows are independent "
        "and of one variance (Bell and McCaffrey; Pustejovsky and Tipton), as clubSandwich does "
        "for lm, with and without weights"
    ),
    "CR3": (
        "CR3 as clubSandwich has it: residuals times (I - H)^-1, no factor. For the numbers that "
        "others call CRV3, multiply standard errors by sqrt((G - 1) / G) for statsmodels, and by "
        "sqrt(G / (G - 1) (N - 1) / (N - k)) for pyfixest"
    ),
    "jackknife": (
        "Jackknife over clusters: (G - 1) / G times the squares of the estimates without one "
        "cluster about their mean (CV3J of MacKinnon, Nielsen and Webb); about the estimate of "
        "all rows they would give CR3 times (G - 1) / G"
    ),
}


def refuse_kind(kind: str) -> None:
    """Raise `ArgumentError` unless there is a variance of this name."""
    if kind not in CONVENTIONS:
        raise ArgumentError(
            "No cluster-robust variance of this kind",
            expected=", ".join(CONVENTIONS),
            seen=shown([kind]),
            todo="write 'CR3' or 'jackknife' for what other packages call CRV3",
        )


def factor(kind: str, n: int, n_clusters: int, rank: int) -> float:
    """Return what the sum of squares of the clusters' scores is multiplied by."""
    if n_clusters < 2:
        return math.nan
    few = n_clusters / (n_clusters - 1)
    if kind == "CR1":
        return few
    if kind == "CR1S":
        return few * (n - 1) / (n - rank) if n > rank else math.nan
    return 1 / few if kind == "jackknife" else 1.0
