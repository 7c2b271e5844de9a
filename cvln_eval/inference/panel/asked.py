"""What is asked of a design, and whether the design can answer at all."""

from __future__ import annotations

import numpy as np

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.columns import term_in_words
from cvln_eval.inference.design import ClusterDesign

__all__ = ["named", "refusal", "refuse_draws", "term_position"]

# Residuals below this share of the outcome are rounding.
EXACT_FIT = 1e-12


def term_position(design: ClusterDesign, term: str) -> int:
    """Return the column of a term, 0 where no row is complete.

    Raises
    ------
    ArgumentError
        If the formula has no such term.
    """
    if not design.terms:  # without a complete row the formula has not been read
        return 0
    if term not in design.terms:
        raise ArgumentError(
            "The formula has no such term",
            expected=f"one of {shown(design.terms)}",
            seen=repr(term),
            todo="name the term as the formula makes it, or put it into the formula",
        )
    return design.terms.index(term)


def named(design: ClusterDesign, term: str) -> str:
    """Return a term as a sentence names it; a constant by itself is a mean."""
    if term != "Intercept":
        return term_in_words(term)
    return f"the mean of {design.outcome}" if len(design.terms) == 1 else "the constant"


def refuse_draws(n_draws: object) -> None:
    """Raise `ArgumentError` unless draws can be counted."""
    if not isinstance(n_draws, int | np.integer) or n_draws < 1:
        raise ArgumentError(
            "Draws are counted", expected="a whole number of 1 or more", seen=repr(n_draws)
        )


def refusal(design: ClusterDesign, *, outcome: bool = True) -> str:
    """Return why no method can answer, empty where some may; `outcome` asks of the outcome too."""
    n, k = design.x.shape
    if n == 0:
        return "no complete row"
    if design.n_clusters < 2:
        return "one cluster does not show how clusters differ"
    if n <= k:
        return "no more rows than coefficients"
    if np.linalg.matrix_rank(design.x / np.linalg.norm(design.x, axis=0).clip(1e-300)) < k:
        return "the regressors determine each other"
    return "the regression fits every row exactly" if outcome and _exact(design) else ""


def _exact(design: ClusterDesign) -> bool:
    basis = np.linalg.qr(design.x)[0]
    left = design.y - basis @ (basis.T @ design.y)
    return bool(np.linalg.norm(left) <= EXACT_FIT * np.linalg.norm(design.y))
