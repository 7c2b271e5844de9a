"""What one mixed model has more than another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.mixed.alias import independent_columns
from cvln_eval.inference.mixed.setup import MixedDesign

__all__ = ["Difference", "difference"]


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """Parameters that the larger of two models has more.

    Attributes
    ----------
    df : int
        Their number.
    on_boundary : bool
        Whether they are the variance of one random effect, with its covariances.
    null_hypothesis : str
        What the smaller model says, in words.
    """

    df: int
    on_boundary: bool
    null_hypothesis: str


def difference(small: MixedDesign, large: MixedDesign) -> Difference:
    """Return what the larger model has more, or refuse a smaller one that is no part of it."""
    terms = _more_terms(small, large)
    more = _more_effects(small, large)
    entries = _triangle(large) - _triangle(small)
    if terms + entries == 0:
        raise ArgumentError(
            "The larger model has nothing that the smaller has not",
            expected="a smaller model that leaves out terms or random effects",
            seen=f"terms {shown(small.terms)} in both",
        )
    absent = [name for name in large.terms if name not in small.terms]
    words = [f"{name} = 0" for name in absent] if terms else []
    words += [f"the variance of {effect} by {factor} is 0" for factor, effect in more]
    return Difference(terms + entries, terms == 0 and len(more) == 1, " and ".join(words))


def _more_terms(small: MixedDesign, large: MixedDesign) -> int:
    both = np.column_stack([large.x, small.x])
    if independent_columns(both)[large.x.shape[1] :].any():
        raise ArgumentError(
            "The smaller model is no part of the larger",
            expected=f"terms among {shown(large.terms)}",
            seen=shown(small.terms),
        )
    return int(independent_columns(large.x).sum() - independent_columns(small.x).sum())


def _more_effects(small: MixedDesign, large: MixedDesign) -> list[tuple[str, str]]:
    less, more = (
        [(factor.name, effect) for factor in design.factors for effect in factor.effects]
        for design in (small, large)
    )
    if strange := [
        f"{effect} by {factor}" for factor, effect in less if (factor, effect) not in more
    ]:
        raise ArgumentError(
            "The smaller model is no part of the larger",
            expected=f"random effects among {shown(f'{e} by {f}' for f, e in more)}",
            seen=shown(strange),
        )
    return [pair for pair in more if pair not in less]


def _triangle(design: MixedDesign) -> int:
    return sum(factor.width * (factor.width + 1) // 2 for factor in design.factors)
