"""Hours of work that reached milestones saved, with their uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.timing.averages import (
    COLUMNS,
    CR2,
    OF_A_MEAN,
    difference_row,
    mean_row,
)
from cvln_eval.inference.timing.grouping import (
    grouped,
    in_words,
    jackknifed,
    need_times,
    resampled,
    within,
)
from cvln_eval.inference.timing.lasting import CLUSTERS, LEFT_OUT
from cvln_eval.resampling import generator
from cvln_eval.results import Result, count, level_in_words, number

__all__ = ["HoursSaved", "hours_saved"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class HoursSaved(Result):
    """Hours saved by milestones that were reached; see `hours_saved`.

    Attributes
    ----------
    rows : DataFrame
        One row a group, quantity and method, and one for the difference of two groups.
    spread : DataFrame
        One row a group: how many said, how many said none, and how the hours are spread.
    """

    rows: pd.DataFrame
    spread: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a group, quantity and method, and one for the difference of two groups."""
        return self.rows.copy()

    def summary(self) -> pd.DataFrame:
        """Return one row a group: counts, zeros, missing hours, quartiles and skewness."""
        return self.spread.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: milestones reached, with and without hours."""
        totals = self.spread[["n_reached", "n", "n_missing", "n_zero_hours"]].sum()
        return pd.DataFrame([totals]).assign(conf_level=self.rows["conf_level"].iloc[0])

    def sentence(self) -> str:
        """Return mean and total of each group with their intervals."""
        return " ".join(self._of(row) for _, row in self.spread.iterrows())

    def _of(self, spread: pd.Series) -> str:
        own = self.rows[self.rows["group"] == spread["group"]]
        mean = own[(own["quantity"] == "mean") & (own["method"] == CR2)].iloc[0]
        total = own[(own["quantity"] == "total") & (own["method"] == LEFT_OUT)].iloc[0]
        missing = int(spread["n_missing"])
        if not spread["n"]:
            why = f"{count(missing, 'milestone')} reached, none with hours"
            return f"Hours saved, {spread['group']}, are not known: {why}."
        without = (
            f"; {count(missing, 'reached milestone')} without hours "
            f"{'is' if missing == 1 else 'are'} not in it"
            if missing
            else ""
        )
        return (
            f"Milestones reached, {in_words(spread['group'])} (n = {spread['n']}, "
            f"{count(mean['n_clusters'], 'cluster')}) saved {number(mean['estimate'], 1)} hours on "
            f"average ({_interval(mean)}), {number(total['estimate'], 0)} in all "
            f"({_interval(total)}{without})."
        )


def _interval(row: pd.Series) -> str:
    if row["reason"]:
        return f"no interval: {row['reason']}"
    bounds = f"[{number(row['conf_low'], 1)}, {number(row['conf_high'], 1)}]"
    return f"{level_in_words(row['conf_level'])} CI {bounds}"


def hours_saved(
    times: pd.DataFrame,
    *,
    by: str | None = None,
    hours: str = "hours_saved",
    cluster: str = "cluster_id",
    conf_level: float = 0.95,
    n_draws: int = 1999,
    rng: int | np.random.Generator = 0,
) -> HoursSaved:
    """Return mean and total of the hours that reached milestones saved, with divisions as clusters.

    The mean has a CR2 error with Satterthwaite's degrees of freedom, which supposes that means of
    clusters are about normal; hours are skew, so it stands beside the bias-corrected interval over
    resamples of whole clusters, which does not, but is too short with few of them. The total is of
    the hours that are known, its errors those of so many other clusters like these: by leaving out
    one at a time, and by resampling.

    Parameters
    ----------
    times : DataFrame
        Of `milestone_times(...).tidy()`.
    by : str, optional
        Column of groups; with two of them the difference of their means is a row of its own.
    hours : str
        Column of the hours.
    cluster : str
        Column of the clusters, by default divisions that plan together.
    conf_level : float
        Level of the intervals.
    n_draws : int
        Resamples of clusters.
    rng : int or Generator
        Seed.

    Returns
    -------
    HoursSaved
        `tidy` has `group, quantity, estimate, std_error, statistic, df, p_value, smallest_p,
        conf_low, conf_high, conf_level, n, n_clusters, n_draws, method, null_hypothesis, reason`;
        `summary` has the counts, quartiles and skewness. Milestones that were not reached saved
        nothing yet and do not count; reached ones without hours are counted as missing and are
        neither in the mean nor, as if 0, in the total: with many of them the total is too small,
        and where no hours are known there is neither. Intervals are cut at 0.
        Zero hours are hours. With one cluster or hours all alike there is no interval, and with
        fewer than five clusters nothing is resampled.

    Raises
    ------
    ArgumentError
        If a column is absent, hours are no numbers, or below 0.

    References
    ----------
    Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical
    Association, 82, 171-185.
    Bell, R. M., & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression
    with multi-stage samples. Survey Methodology, 28, 169-181.

    Notes
    -----
    The CR2 rows agree with `clubSandwich::coef_test` of ``lm(hours ~ 1)`` and ``lm(hours ~ pair)``.

    Examples
    --------
    >>> import pandas as pd
    >>> times = pd.DataFrame({"reached": [True] * 5 + [False], "cluster_id": list("aabbcc"),
    ...                       "hours_saved": [4.0, 6.0, 0.0, 2.0, None, None]})
    >>> found = hours_saved(times)
    >>> found.tidy()[["quantity", "estimate"]].values.tolist()
    [['mean', 3.0], ['mean', 3.0], ['total', 12.0], ['total', 12.0]]
    """
    need_times(times, ["reached", hours], cluster=cluster, by=by, conf_level=conf_level)
    kept = times[times["reached"].astype(bool)].reset_index(drop=True)
    kept = kept.assign(**{hours: _refuse_wrong(kept[hours])})
    groups = grouped(kept, by)
    known = {name: rows[hours].dropna() for name, rows in groups.items()}
    streams = generator(rng).spawn(len(groups))
    rows = []
    for (name, values), stream in zip(known.items(), streams, strict=True):
        of_rows = kept.loc[values.index, cluster]
        found = _resampled(values, of_rows, conf_level, n_draws, stream)
        mean = {"quantity": "mean", **within(mean_row(values, of_rows, conf_level), 0.0)}
        rows += [{"group": name, **row} for row in (mean, *found)]
    rows += difference_row(known, kept[cluster], conf_level=conf_level, noun="mean")
    table = pd.DataFrame(rows, columns=list(COLUMNS)).assign(conf_level=conf_level)
    spread = [{"group": name, **_spread(known[name], len(group))} for name, group in groups.items()]
    return HoursSaved(table, pd.DataFrame(spread))


def _refuse_wrong(column: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce")
    wrong = column[(numbers.isna() & column.notna()) | (numbers < 0) | np.isinf(numbers)]
    if len(wrong):
        raise ArgumentError(
            "Hours saved are numbers of 0 or more",
            expected="finite numbers, or nothing where they are not known",
            seen=shown(wrong),
            column=str(column.name),
        )
    return numbers.astype(float)


def _resampled(
    values: pd.Series,
    clusters: pd.Series,
    conf_level: float,
    n_draws: int,
    rng: np.random.Generator,
) -> list[dict[str, object]]:
    """Return mean and total over resamples of whole clusters, the total without each as well."""
    if values.empty:
        return _nothing()
    sums = values.groupby(clusters.astype(str)).agg(["sum", "size"]).to_numpy(dtype=float)
    statistic = partial(_mean_and_total, sums)
    told = {"null_hypothesis": "", "n": len(values), "n_clusters": len(sums)}
    _, total = jackknifed(statistic, len(sums), conf_level=conf_level)
    total = within(total, 0.0)
    bounds = {name: total.get(name, np.nan) for name in OF_A_MEAN if name != "reason"}
    found = resampled(statistic, len(sums), conf_level=conf_level, n_draws=n_draws, rng=rng)
    without = {"quantity": "total", **bounds, "reason": total["reason"], "method": LEFT_OUT}
    rows = [
        {"quantity": name, **one._asdict(), "method": CLUSTERS}
        for name, one in zip(("mean", "total"), found, strict=True)
    ]
    return [{"n_draws": 0, **row, **told} for row in (rows[0], without, rows[1])]


def _nothing() -> list[dict[str, object]]:
    """Return the rows of a group without hours: a total of 0 would look like one."""
    told = {"estimate": np.nan, "reason": "no value", "null_hypothesis": ""}
    kinds = (("mean", CLUSTERS), ("total", LEFT_OUT), ("total", CLUSTERS))
    sizes = {"n_draws": 0, "n": 0, "n_clusters": 0}
    return [{"quantity": name, "method": method, **told, **sizes} for name, method in kinds]


def _mean_and_total(sums: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return mean and total of each resample, of the sum and the number of each cluster."""
    total, n = (weights @ sums).T
    # A jackknife leaves a cluster out: its total is that of as many clusters as there are.
    scale = sums.shape[0] / weights.sum(axis=1) if len(sums) else np.ones(len(weights))
    mean = np.divide(total, n, out=np.full_like(total, np.nan), where=n > 0)
    return np.stack([mean, total * scale], axis=1)


def _spread(values: pd.Series, n_reached: int) -> dict[str, object]:
    quartiles = values.quantile([0.25, 0.5, 0.75]).to_numpy()
    varied = len(values) > 2 and float(np.ptp(values)) > 0
    return {
        "n_reached": n_reached,
        "n": len(values),
        "n_missing": n_reached - len(values),
        "n_zero_hours": int((values == 0).sum()),
        "mean": float(values.mean()),
        "sd": float(values.std(ddof=1)),
        "first_quartile": float(quartiles[0]),
        "median": float(quartiles[1]),
        "third_quartile": float(quartiles[2]),
        "skewness": float(stats.skew(values)) if varied else np.nan,
    }
