"""The result of `within_group_agreement`: teams one by one, and what they come to."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from cvln_eval.measurement.teams.verdicts import ENOUGH
from cvln_eval.results import Result, count, level_in_words, number, proportion

__all__ = ["WithinGroupAgreement"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class WithinGroupAgreement(Result):
    """Agreement within each team; see `within_group_agreement`.

    Attributes
    ----------
    teams : DataFrame
        One row a team and null.
    nulls : tuple of str
        The null distributions, in the order asked for; `sentence` and `glance` speak of the first.
    truncate : bool
        Whether summaries count rwg(j) below 0 as 0.
    conf_level : float
        Level of the interval for the mean over teams.
    n_draws : int
        Simulated teams behind each p.
    n_without_team, n_incomplete : int
        People left out because they have no team; because an answer is missing.
    null_hypothesis : str
        What the p-values test.
    """

    teams: pd.DataFrame
    nulls: tuple[str, ...]
    truncate: bool
    conf_level: float
    n_draws: int
    n_without_team: int
    n_incomplete: int
    null_hypothesis: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a team and null: n, rwg(j) as it is and cut at 0, p, AD, reason."""
        return self.teams.copy()

    def summary(self) -> pd.DataFrame:
        """Return one row a null: mean with interval, median, least, and share of at least .70."""
        rows = [self._summary(name) for name in self.nulls]
        return pd.DataFrame(rows).reset_index(drop=True)

    def glance(self) -> pd.DataFrame:
        """Return one row: the summary for the first null, deviations, and who was left out."""
        first = self.teams[self.teams["null"] == self.nulls[0]]
        deviations = first[["ad_mean", "ad_median"]].astype(float).median()
        return (
            self.summary()
            .head(1)
            .assign(
                n_items=first["n_items"].iloc[0] if len(first) else 0,
                ad_mean=deviations["ad_mean"],
                ad_median=deviations["ad_median"],
                ad_bound=first["ad_bound"].iloc[0] if len(first) else math.nan,
                n_draws=self.n_draws,
                n_without_team=self.n_without_team,
                n_incomplete=self.n_incomplete,
                missing="people who answered every item",
                null_hypothesis=self.null_hypothesis,
            )
        )

    def sentence(self) -> str:
        """Return the median over teams under each null, and the median deviation."""
        whole, summary = self.glance().iloc[0], self.summary()
        if math.isnan(whole["rwg_j_median"]):
            return f"Agreement within teams is not available: {whole['reason']}."
        name = "rwg" if whole["n_items"] == 1 else "rwg(j)"
        medians = [
            f"{number(value)} against the {_in_words(null)} null"
            for null, value in zip(self.nulls, summary["rwg_j_median"], strict=True)
        ]
        return (
            f"In {count(int(whole['n_teams']), 'team')} with {whole['n']:,} people, median {name} "
            f"{'(cut at 0) ' if self.truncate else ''}was {', '.join(medians)}; "
            f"{proportion(whole['share_over_70'])} of teams reached .70 against the "
            f"{_in_words(self.nulls[0])} null ({self._mean(whole)}). Median average deviation "
            f"from the mean was "
            f"{number(whole['ad_mean'])} points (bound {number(whole['ad_bound'])})."
        )

    def _mean(self, row: pd.Series) -> str:
        if math.isnan(row["rwg_j_mean"]):
            return f"no mean: {row['reason']}"
        if math.isnan(row["conf_low"]):
            return f"mean {number(row['rwg_j_mean'])}, no interval: {row['reason']}"
        interval = f"[{number(row['conf_low'])}, {number(row['conf_high'])}]"
        return f"mean {number(row['rwg_j_mean'])}, {level_in_words(self.conf_level)} CI {interval}"

    def _summary(self, null: str) -> dict[str, object]:
        of_null = self.teams[self.teams["null"] == null]
        usable = of_null[of_null["variance_ratio"].notna()]
        column = "rwg_j_truncated" if self.truncate else "rwg_j"
        # A team whose rwg(j) has no value disagrees most of all; leaving it out would flatter.
        values = usable[column].fillna(-np.inf).to_numpy(dtype=float)
        low, high = _interval(values, self.conf_level)
        return {
            "null": null,
            "null_variance": of_null["null_variance"].iloc[0] if len(of_null) else math.nan,
            "n": int(usable["n"].sum()),
            "n_teams": len(usable),
            "n_teams_left_out": len(of_null) - len(usable),
            "n_exceeding_null": int((usable["variance_ratio"] > 1).sum()),
            "rwg_j_mean": _finite(values.mean() if len(values) else math.nan),
            "conf_low": low,
            "conf_high": high,
            "conf_level": self.conf_level,
            "rwg_j_median": _finite(np.median(values) if len(values) else math.nan),
            "rwg_j_min": _finite(values.min(initial=math.inf)),
            "share_over_70": float(np.mean(values >= ENOUGH)) if len(values) else math.nan,
            "truncated": self.truncate,
            "reason": _why_no_summary(of_null, values),
        }


def _in_words(null: str) -> str:
    return null.replace("_", " ")


def _interval(values: np.ndarray, conf_level: float) -> tuple[float, float]:
    n = len(values)
    if n < 2 or not np.isfinite(values).all():
        return math.nan, math.nan
    half = stats.t.ppf((1 + conf_level) / 2, n - 1) * values.std(ddof=1) / math.sqrt(n)
    return float(values.mean() - half), float(min(values.mean() + half, 1.0))


def _finite(value: float) -> float:
    return float(value) if math.isfinite(value) else math.nan


def _why_no_summary(of_null: pd.DataFrame, values: np.ndarray) -> str:
    if not len(of_null):
        return "no person has a team"
    if not len(values):
        return str(of_null["reason"].iloc[0])
    broken = int(np.isneginf(values).sum())
    if broken:
        return f"{count(broken, 'team')} too far above the null for rwg(j) to have a value"
    return "one team has no interval" if len(values) == 1 else ""
