"""The result of `wild_bootstrap`."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from cvln_eval.inference.columns import term_in_words
from cvln_eval.results import Result, count, level_in_words, number, p_in_words

__all__ = ["WildBootstrap"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class WildBootstrap(Result):
    """A wild cluster bootstrap test; see `wild_bootstrap`.

    Attributes
    ----------
    outcome : str
        What stands left of the tilde.
    terms : tuple of str
        The terms tested, jointly where there are several.
    estimate, std_error : float
        Coefficient and CR1 standard error; nan for several terms.
    statistic : float
        (estimate - null value) / standard error; for several terms the Wald statistic with CR1
        divided by their number.
    p_value, smallest_p : float
        The p, and what it cannot be below with these draws and this design.
    pieces : tuple of pairs
        The confidence set, from left to right; more than one pair where it has gaps.
    conf_low, conf_high : float
        Its ends; infinite where it has none, nan where there is no set.
    conf_level : float
        Its level.
    null_value : tuple of float
        Value of each term under the null hypothesis.
    n, n_clusters, n_left_out : int
        Rows, clusters, rows left out because a value is missing.
    n_draws : int
        Vectors of weights gone through.
    enumerated : bool
        Whether these are all there are.
    method : str
        Weights, null and tie rule in words.
    reason : str
        Why a number cannot be had, or a bound is infinite; empty where all stand.
    caution : str
        What speaks against trusting the test; empty where nothing that was looked for does.
    """

    outcome: str
    terms: tuple[str, ...]
    estimate: float
    std_error: float
    statistic: float
    p_value: float
    smallest_p: float
    pieces: tuple[tuple[float, float], ...]
    conf_level: float
    null_value: tuple[float, ...]
    n: int
    n_clusters: int
    n_left_out: int
    n_draws: int
    enumerated: bool
    method: str
    reason: str
    caution: str

    @property
    def conf_low(self) -> float:
        """Lower end of the confidence set."""
        return self.pieces[0][0] if self.pieces else math.nan

    @property
    def conf_high(self) -> float:
        """Upper end of the confidence set."""
        return self.pieces[-1][1] if self.pieces else math.nan

    @property
    def null_hypothesis(self) -> str:
        """What the p tests, in words."""
        held = [f"{value:g}" for value in self.null_value]
        if len(self.terms) == 1:
            return f"the coefficient of {self.terms[0]} is {held[0]}"
        each = (f"{term} = {value}" for term, value in zip(self.terms, held, strict=True))
        return "the coefficients are " + " and ".join(each)

    def tidy(self) -> pd.DataFrame:
        """Return the test in one row."""
        row = {
            "term": ", ".join(self.terms),
            "estimate": self.estimate,
            "std_error": self.std_error,
            "statistic": self.statistic,
            "df1": len(self.terms),
            "p_value": self.p_value,
            "smallest_p": self.smallest_p,
            "conf_low": self.conf_low,
            "conf_high": self.conf_high,
            "method": self.method,
            "null_hypothesis": self.null_hypothesis,
            "n": self.n,
            "n_clusters": self.n_clusters,
            "reason": self.reason,
        }
        return pd.DataFrame([row])

    def glance(self) -> pd.DataFrame:
        """Return the test in one row, with its draws, who was left out, and cautions."""
        return self.tidy().assign(
            conf_level=self.conf_level,
            n_pieces=len(self.pieces),
            n_draws=self.n_draws,
            enumerated=self.enumerated,
            n_left_out=self.n_left_out,
            caution=self.caution,
        )

    def sentence(self) -> str:
        """Return coefficient or joint test with p, the lowest p there could be, and the set."""
        where = f"{count(self.n, 'row')} in {count(self.n_clusters, 'cluster')}"
        if math.isnan(self.p_value):
            tested = " and ".join(map(term_in_words, self.terms))
            return f"No test of {tested} on {self.outcome} ({where}): {self.reason}."
        parts = [
            f"{self._tested()} ({where}; {self.method}).",
            self._least_in_words(),
            self._set_in_words(),
            f"Caution: {self.caution}." if self.caution else "",
        ]
        return " ".join(part for part in parts if part)

    def _tested(self) -> str:
        p_value = p_in_words(self.p_value) if self.p_value else "p = 0 (no draw as extreme)"
        if len(self.terms) > 1:
            named = " and ".join(map(term_in_words, self.terms))
            joint = f"F = {number(self.statistic)}, {p_value}"
            return f"Joint test of {named} on {self.outcome}: {joint}"
        against = f" against {self.null_value[0]:g}" if self.null_value[0] else ""
        return (
            f"The coefficient of {term_in_words(self.terms[0])} on {self.outcome} was "
            f"{number(self.estimate)} (SE = {number(self.std_error)}), "
            f"t = {number(self.statistic)}{against}, {p_value}"
        )

    def _least_in_words(self) -> str:
        if not self.smallest_p:
            return ""
        return f"With these draws p cannot be below {_bound(self.smallest_p)} here."

    def _set_in_words(self) -> str:
        if not self.pieces:
            return ""
        level = level_in_words(self.conf_level)
        if self.pieces == ((-math.inf, math.inf),):
            return f"The {level} confidence set is the whole line: {self.reason}."
        pieces = " and ".join(f"[{_end(low)}, {_end(high)}]" for low, high in self.pieces)
        return f"{level} confidence set {pieces}."


def _end(value: float) -> str:
    return number(value) if math.isfinite(value) else "−∞" if value < 0 else "∞"


def _bound(smallest_p: float) -> str:
    text = f"{smallest_p:.4f}".rstrip("0").removeprefix("0")
    return text if smallest_p >= 0.0001 else f"{smallest_p:.1g}"
