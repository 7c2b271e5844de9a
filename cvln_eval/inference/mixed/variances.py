"""Standard deviations, variances, correlations and intraclass correlations of a mixed model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.inference.mixed.fit import Fit
from cvln_eval.inference.mixed.profiles import profile_interval
from cvln_eval.inference.mixed.targets import Target, targets
from cvln_eval.results import Result, count, level_in_words, number

__all__ = ["VarianceComponents", "variance_components"]

COLUMNS = (
    "grouping",
    "effect",
    "quantity",
    "estimate",
    "conf_low",
    "conf_high",
    "conf_level",
    "n_groups",
    "method",
    "reason",
)
# With fewer groups, an interval of their variance rests on very little.
FEW_GROUPS = 10


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class VarianceComponents(Result):
    """The random part of a mixed model; see `MixedModel.variances`.

    Attributes
    ----------
    rows : DataFrame
        One row a quantity.
    n : int
        Rows of the model.
    singular : bool
        Whether a variance is estimated at 0 or a correlation at -1 or 1.
    """

    rows: pd.DataFrame
    n: int
    singular: bool

    def tidy(self) -> pd.DataFrame:
        """Return one row a quantity of the random part."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: the sizes, and whether the fit is singular."""
        reasons = dict.fromkeys(reason for reason in self.rows["reason"] if reason)
        shown = {"n": [self.n], "singular": [self.singular], "reason": ["; ".join(reasons)]}
        return pd.DataFrame(shown)

    def sentence(self) -> str:
        """Return the intraclass correlations with their intervals, and how few groups they have."""
        shares = self.rows[(self.rows["quantity"] == "icc") & (self.rows["reason"] == "")]
        if shares.empty:
            reasons = "; ".join(dict.fromkeys(reason for reason in self.rows["reason"] if reason))
            return f"No intraclass correlation is available: {reasons or 'no random intercept'}."
        parts = [
            f"{row['grouping']} {number(row['estimate'])} ({level_in_words(row['conf_level'])} CI "
            f"[{number(row['conf_low'])}, {number(row['conf_high'])}], "
            f"{count(row['n_groups'], 'group')})"
            for _, row in shares.iterrows()
        ]
        few = shares.loc[shares["n_groups"] < FEW_GROUPS, "grouping"]
        caution = f" The share of {', '.join(few)} rests on few groups." if len(few) else ""
        return f"Share of the variance: {'; '.join(parts)}; {count(self.n, 'row')}.{caution}"


def variance_components(
    fit: Fit | None, *, reason: str, conf_level: float, n: int
) -> VarianceComponents:
    """Return all quantities of the random part, with profile-likelihood intervals."""
    if fit is None:
        empty = {**dict.fromkeys(COLUMNS[3:6], np.nan), "grouping": "", "effect": ""}
        row = {**empty, "quantity": "", "conf_level": conf_level, "n_groups": 0, "method": ""}
        return VarianceComponents(pd.DataFrame([{**row, "reason": reason}])[[*COLUMNS]], n, False)
    rows = []
    for target in targets(fit):
        row = _row(fit, target, conf_level)
        rows.append(row)
        if target.quantity == "sd":
            rows.append(_squared(row))
    return VarianceComponents(pd.DataFrame(rows)[[*COLUMNS]], n, fit.optimum.singular)


def _row(fit: Fit, target: Target, conf_level: float) -> dict[str, object]:
    low, high = profile_interval(fit, target, conf_level)
    groups = len(fit.design.factors[target.place].levels) if target.place >= 0 else 0
    missing = np.isnan(target.estimate)
    return {
        "grouping": target.grouping,
        "effect": target.effect,
        "quantity": target.quantity,
        "estimate": target.estimate,
        "conf_low": low,
        "conf_high": high,
        "conf_level": conf_level,
        "n_groups": groups,
        "method": f"{'REML' if fit.criterion.reml else 'ML'}, profile likelihood",
        "reason": "a variance is estimated at 0" if missing else "",
    }


def _squared(row: dict[str, object]) -> dict[str, object]:
    numbers = ("estimate", "conf_low", "conf_high")
    squares = {name: float(row[name]) ** 2 for name in numbers}  # type: ignore[arg-type]
    return {**row, **squares, "quantity": "variance"}
