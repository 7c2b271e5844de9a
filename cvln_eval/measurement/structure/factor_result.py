"""What an exploratory factor analysis comes back as."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import shown
from cvln_eval.results import Result, count, number, p_in_words, proportion

__all__ = ["ExploratoryFactors"]

METHOD_WORDS = {"minres": "minimum residuals", "ml": "maximum likelihood", "pa": "principal axes"}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ExploratoryFactors(Result):
    """Loadings of items on common factors; see `exploratory_factors`.

    Attributes
    ----------
    loadings : DataFrame
        Items by factors, F1 the one that explains most; the pattern where factors correlate.
    communalities : DataFrame
        One row an item: `communality`, `uniqueness`, `heywood`.
    factor_correlations : DataFrame
        Factors by factors.
    residuals : DataFrame
        Correlations less those that the factors imply, items by items.
    fit : dict
        Root mean square residual, and the test where there is one.
    needed : tuple of int and str
        People that the rule asks for, and the case of the rule.
    method, rotation, kind, missing : str
        As asked for.
    n, n_persons, n_left_out : int
        People of the pair that the fewest answered, people who count, people who do not.
    reason : str
        Why there are no factors; empty where there are.
    """

    loadings: pd.DataFrame
    communalities: pd.DataFrame
    factor_correlations: pd.DataFrame
    residuals: pd.DataFrame
    fit: dict[str, float | str]
    needed: tuple[int, str]
    method: str
    rotation: str
    kind: str
    missing: str
    n: int
    n_persons: int
    n_left_out: int
    reason: str

    def tidy(self) -> pd.DataFrame:
        """Return one row an item and factor."""
        n_items, n_factors = self.loadings.shape
        rows = pd.DataFrame(
            {
                "item": np.repeat(self.loadings.index.to_numpy(), n_factors),
                "factor": np.tile(self.loadings.columns.to_numpy(), n_items),
                "loading": self.loadings.to_numpy().ravel(),
            }
        )
        rows = rows.merge(self.communalities, on="item", validate="many_to_one")
        return rows.assign(n=self.n, reason=self.reason)

    def glance(self) -> pd.DataFrame:
        """Return one row: fit, people and how many it takes, and what to beware of."""
        row = {
            "n_factors": self.loadings.shape[1],
            "n_items": len(self.loadings),
            "n": self.n,
            "n_persons": self.n_persons,
            "n_left_out": self.n_left_out,
            "share_explained": self.communalities["communality"].mean(skipna=False),
            "communality_min": self.communalities["communality"].min(),
            "communality_max": self.communalities["communality"].max(),
            **self.fit,
            "null_hypothesis": "the factors reproduce the correlations of the population",
            "n_needed": self.needed[0],
            "needed_rule": f"MacCallum et al. (1999): {self.needed[1]}",
            "n_heywood": int(self.communalities["heywood"].sum()),
            "method": f"{self.method}, {self.rotation}, {self.kind}",
            "missing": self.missing,
            "warning": "; ".join(self._warnings()),
            "reason": self.reason,
        }
        return pd.DataFrame([row])

    def _warnings(self) -> list[str]:
        heywood = self.communalities.loc[self.communalities["heywood"], "item"]
        needed, case = self.needed
        few = f"n = {self.n} is below the {needed} people this takes ({case})"
        at_bound = f"the uniqueness of {shown(heywood)} is at its bound (Heywood case)"
        return [few] * (self.n < needed) + [at_bound] * (len(heywood) > 0)

    def sentence(self) -> str:
        """Return what was fitted, how much it explains, how well, and what to beware of."""
        row = self.glance().iloc[0]
        what = (
            f"{count(row['n_factors'], 'factor')} ({METHOD_WORDS[self.method]}, rotation "
            f"{self.rotation}, {self.kind} correlations, missing answers {self.missing}) of "
            f"{count(row['n_items'], 'item')} from n = {self.n}"
        )
        if self.reason:
            takes = f"About {self.needed[0]} people are needed ({self.needed[1]})."
            verb = "is" if row["n_factors"] == 1 else "are"
            return f"{what} {verb} not available: {self.reason}. {takes}"
        beware = "".join(f" Beware: {text}." for text in self._warnings())
        return (
            f"{what} explained {proportion(row['share_explained'])} of the variance, "
            f"communalities {number(row['communality_min'])} to {number(row['communality_max'])}; "
            f"RMSR = {number(row['rmsr'], 3)}{self._test_said()}.{self._between_said()}{beware}"
        )

    def _test_said(self) -> str:
        fit = {name: value for name, value in self.fit.items() if isinstance(value, float)}
        if np.isnan(fit["statistic"]):
            return ""
        return (
            f", χ²({fit['df']:.0f}) = {number(fit['statistic'])}, {p_in_words(fit['p_value'])}, "
            f"RMSEA = {number(fit['rmsea'], 3)}, TLI = {number(fit['tli'], 3)}"
        )

    def _between_said(self) -> str:
        if self.rotation != "oblimin":
            return ""
        values = self.factor_correlations.to_numpy()
        between = values[np.triu_indices(len(values), 1)]
        low, high = (number(at) for at in (between.min(), between.max()))
        return f" Factors correlate {low if low == high else f'{low} to {high}'}."
