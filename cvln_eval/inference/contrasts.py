"""Weighted sums of coefficients, read and named alike by all models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from cvln_eval.errors import ArgumentError, shown

__all__ = ["contrast_name", "contrast_weights", "refuse_no_numbers"]


def contrast_name(weights: Mapping[str, float]) -> str:
    """Return a weighted sum of terms as it is written.

    Examples
    --------
    >>> contrast_name({"b": 1, "c": -1, "d": 0, "e": 0.5})
    'b - c + 0.5 e'
    """
    name = " + ".join(_part(term, weight) for term, weight in weights.items() if weight)
    return name.replace("+ -", "- ")


def _part(term: str, weight: float) -> str:
    if abs(weight) == 1:
        return term if weight > 0 else f"-{term}"
    return f"{weight:g} {term}"


def contrast_weights(weights: Mapping[str, float], terms: Sequence[str]) -> np.ndarray:
    """Return the weight of each term of a model, shape (k,).

    Raises
    ------
    ArgumentError
        If a weight is of another term, or none is other than 0.
    """
    strange = [name for name in weights if name not in terms]
    contrast = np.array([float(weights.get(term, 0.0)) for term in terms])
    if strange or not contrast.any():
        raise ArgumentError(
            "A contrast or a test is of terms of the model",
            expected=shown(terms),
            seen=shown(strange) or ("no term" if not weights else "weights of 0"),
        )
    return contrast


def refuse_no_numbers(weights: object, null_value: object) -> None:
    """Raise `ArgumentError` unless all weights, and the value under the null, are finite."""
    given = weights.values() if isinstance(weights, Mapping) else [weights]
    wrong = [one for one in (*given, null_value) if not _is_finite(one)]
    if wrong:
        raise ArgumentError(
            "A contrast has a weight for each of its terms, and a value under the null",
            expected="finite numbers, such as {'b': 1, 'c': -1}",
            seen=shown(wrong),
        )


def _is_finite(value: object) -> bool:
    return isinstance(value, float | int | np.number) and bool(np.isfinite(value))
