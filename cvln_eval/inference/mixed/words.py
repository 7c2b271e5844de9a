"""The sentence of a mixed model."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cvln_eval.inference.columns import term_in_words
from cvln_eval.inference.mixed.fit import Fit
from cvln_eval.inference.mixed.setup import MixedDesign
from cvln_eval.results import count, level_in_words, number, p_in_words

__all__ = ["model_sentence"]

CONSTANTS = ("Intercept", "const")
MOST_IN_SENTENCE = 5
# The share of a variable's standard deviation that a singular direction is shorter than.
NOUGHT = 1e-6


def model_sentence(
    rows: pd.DataFrame, glance: pd.Series, design: MixedDesign, fit: Fit | None
) -> str:
    """Return estimates, intervals and tests, the groups, and what the random part shows."""
    groups = ", ".join(f"{len(f.levels)} of {f.name}" for f in reversed(design.factors))
    size = f"In {count(len(design.y), 'row')} (groups: {groups})"
    if fit is None:
        return f"{size}, no mixed model of {design.outcome} is available: {glance['reason']}."
    told = rows[~rows["term"].isin(CONSTANTS)]
    told = rows if told.empty else told
    parts = [_told(row) for _, row in told.head(MOST_IN_SENTENCE).iterrows()]
    more = len(told) - len(parts)
    parts += [f"{count(more, 'more term')} in the table"] if more else []
    tests = f"{size}, for {design.outcome}: {'; '.join(parts)} ({glance['method']})."
    return " ".join([tests, *_cautions(design, fit)])


def _told(row: pd.Series) -> str:
    if row["reason"]:
        why = row["reason"].removeprefix(f"{row['term']}: ")
        return f"{term_in_words(row['term'])} not available ({why})"
    return (
        f"{term_in_words(row['term'])} b = {number(row['estimate'])} "
        f"({level_in_words(row['conf_level'])} CI "
        f"[{number(row['conf_low'])}, {number(row['conf_high'])}]), t({number(row['df'], 1)}) = "
        f"{number(row['statistic'])}, {p_in_words(row['p_value'])}"
    )


def _cautions(design: MixedDesign, fit: Fit) -> list[str]:
    cautions = []
    if not fit.optimum.converged:
        cautions.append("The search for the variances did not converge: do not use these numbers.")
    if fit.optimum.singular:
        cautions.append(_singular(design, fit))
    for low, high, crossing in design.crossings():
        if crossing:
            cautions.append(
                f"{crossing} of {len(next(f for f in design.factors if f.name == low).levels)} "
                f"{low} are in more than one {high} and count as one each."
            )
    return cautions


def _singular(design: MixedDesign, fit: Fit) -> str:
    """Say which variances are 0, and what that does to the tests."""
    none, tied = [], []
    for factor, root in zip(design.factors, fit.roots(), strict=True):
        small = np.linalg.norm(root, axis=1) < NOUGHT
        none += [
            f"{term_in_words(effect)} by {factor.name}"
            for effect in np.array(factor.effects)[small]
        ]
        if not small.any() and np.abs(np.diag(root)).min() < NOUGHT:
            tied.append(factor.name)
    found = [f"the variance of {', '.join(none)} is estimated at 0"] if none else []
    found += [f"the random effects of {', '.join(tied)} are perfectly correlated"] if tied else []
    said = f"The fit is singular: {' and '.join(found) or 'a covariance has no full rank'}"
    return f"{said}; tests then treat it as known, and few groups cannot show that it is."
