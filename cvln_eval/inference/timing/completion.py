"""How long milestones take, with those that are still open counted as long as they were seen."""

from __future__ import annotations

import math
from functools import partial
from statistics import NormalDist

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.timing.grouping import grouped, jackknifed, need_times, resampled, within
from cvln_eval.inference.timing.lasting import CLUSTERS, LEFT_OUT, TimeToCompletion
from cvln_eval.inference.timing.life import (
    LifeTable,
    life_table,
    log_log_band,
    median_days,
    restricted_mean,
)
from cvln_eval.inference.timing.weighted import ClusterLives, cluster_lives, mean_open
from cvln_eval.resampling import generator

__all__ = ["TimeToCompletion", "common_horizon", "time_to_completion", "usable_times"]

INDEPENDENT = "Brookmeyer-Crowley, log-log, milestones independent"
GREENWOOD = "Greenwood, milestones independent"
NOT_HALF = "more than half were still open when last seen"
NO_BOUND = "the interval has no upper end: too many were still open"
COLUMNS = (
    "group",
    "quantity",
    "estimate",
    "std_error",
    "conf_low",
    "conf_high",
    "conf_level",
    "n",
    "n_reached",
    "n_open",
    "n_clusters",
    "n_draws",
    "method",
    "reason",
)


def time_to_completion(
    times: pd.DataFrame,
    *,
    by: str | None = None,
    tau: float | None = None,
    cluster: str = "cluster_id",
    conf_level: float = 0.95,
    n_draws: int = 1999,
    rng: int | np.random.Generator = 0,
) -> TimeToCompletion:
    """Return median and restricted mean of the time to completion, with open milestones censored.

    The share still open is Kaplan-Meier's S(t) = prod (1 - d_j / n_j) over days t_j <= t, with n_j
    at risk and d_j reached; its interval is pointwise, on the log-log scale with Greenwood's
    variance. The median is the first day with S <= 1/2 (midway where S is 1/2 between two days) and
    its interval the days whose interval holds 1/2. The restricted mean is the area under S up to
    tau: the days that a milestone was open, of the first tau.

    Parameters
    ----------
    times : DataFrame
        Of `milestone_times(...).tidy()`.
    by : str, optional
        Column of groups, such as `planned_by`.
    tau : float, optional
        Horizon in days; without it the longest that every group was watched.
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
    TimeToCompletion
        `tidy` has `group, quantity, estimate, std_error, conf_low, conf_high, conf_level, n,
        n_reached, n_open, n_clusters, n_draws, method, reason`: the median, the restricted mean by
        Greenwood's error, by the jackknife of whole clusters and by resampling them. The first two
        take milestones as independent, which those of one division are not; the others do not.
        Intervals of the restricted mean are cut at 0 and tau, beyond which it cannot be. The
        bootstrap's interval is too short with few clusters (see `compare_completion`).
        `curve` has the steps of S, `at_risk` the numbers under a figure. Where half are open at the
        end there is no median, where nothing was reached the restricted mean is tau without error;
        with fewer than five clusters nothing is resampled. A resample that is watched for less than
        tau goes on level. Milestones without a duration are left out and counted.

    Raises
    ------
    ArgumentError
        If a column is absent, no milestone has a duration, or tau is not above 0 or is later than
        some group was watched.

    References
    ----------
    Kaplan, E. L., & Meier, P. (1958). Nonparametric estimation from incomplete observations.
    Journal of the American Statistical Association, 53, 457-481.
    Brookmeyer, R., & Crowley, J. (1982). A confidence interval for the median survival time.
    Biometrics, 38, 29-41.
    Royston, P., & Parmar, M. K. B. (2013). Restricted mean survival time: an alternative to the
    hazard ratio. BMC Medical Research Methodology, 13, 152.

    Notes
    -----
    Agrees with `survival::survfit(conf.type = "log-log")` and its `print(rmean = tau)`.

    Examples
    --------
    >>> import pandas as pd
    >>> times = pd.DataFrame({"days": [10.0, 20, 30, 40, 50], "reached": [True] * 4 + [False],
    ...                       "reason": [""] * 5, "cluster_id": list("abcde")})
    >>> found = time_to_completion(times, n_draws=200)
    >>> found.tidy()[["quantity", "estimate"]].values.tolist()[:2]
    [['median', 30.0], ['restricted mean', 30.0]]
    """
    need_times(times, ["days", "reached", "reason"], cluster=cluster, by=by, conf_level=conf_level)
    kept = usable_times(times)
    groups = grouped(kept, by)
    horizon = common_horizon(groups, tau)
    streams = generator(rng).spawn(len(groups))
    parts, steps = [], []
    for (name, rows), stream in zip(groups.items(), streams, strict=True):
        lives = life_table(rows["days"].to_numpy(), rows["reached"].to_numpy(dtype=bool))
        of_clusters = cluster_lives(rows, cluster=cluster, horizon=horizon)
        drawn = _by_cluster(of_clusters, conf_level, n_draws, stream)
        found = [*_quantities(lives, horizon, conf_level), *drawn]
        sizes = _sizes(rows, cluster)
        parts += [{"group": name, **row, "conf_level": conf_level, **sizes} for row in found]
        steps.append(_steps(lives, name, conf_level))
    return TimeToCompletion(
        rows=pd.DataFrame(parts, columns=list(COLUMNS)),
        steps=pd.concat(steps, ignore_index=True),
        lasting={name: np.sort(rows["days"].to_numpy()) for name, rows in groups.items()},
        tau_days=horizon,
        n_left_out=len(times) - len(kept),
    )


def usable_times(times: pd.DataFrame) -> pd.DataFrame:
    """Return the milestones that have a duration, or raise `ArgumentError` if there is none."""
    kept = times[(times["reason"] == "") & times["days"].notna()]
    if kept.empty:
        raise ArgumentError(
            "No milestone has a duration",
            expected="rows with `days` and an empty `reason`",
            seen=f"{len(times)} rows, none of them usable",
        )
    return kept


def common_horizon(groups: dict[str, pd.DataFrame], tau: float | None) -> float:
    """Return the horizon of restricted means: within what every group was watched for."""
    watched = {name: float(rows["days"].max()) for name, rows in groups.items()}
    shortest = min(watched.values())
    if tau is None:
        return shortest
    if not 0 < tau <= shortest:
        raise ArgumentError(
            "The horizon has to lie within what every group was watched for",
            expected=f"tau above 0 and up to {shortest:g} days",
            seen=repr(tau),
        )
    return float(tau)


def _sizes(rows: pd.DataFrame, cluster: str) -> dict[str, int]:
    reached = int(rows["reached"].sum())
    n_clusters = rows[cluster].nunique()
    return {
        "n": len(rows),
        "n_reached": reached,
        "n_open": len(rows) - reached,
        "n_clusters": n_clusters,
    }


def _by_cluster(
    lives: ClusterLives, conf_level: float, n_draws: int, rng: np.random.Generator
) -> list[dict[str, object]]:
    """Return the restricted mean by leaving out clusters, and by resampling them."""
    statistic = partial(mean_open, lives)
    n = lives.n_clusters
    (without,) = jackknifed(statistic, n, conf_level=conf_level)
    without = within(without, 0.0, float(lives.widths.sum()))
    (drawn,) = resampled(statistic, n, conf_level=conf_level, n_draws=n_draws, rng=rng)
    return [
        {"quantity": "restricted mean", "n_draws": 0, **without, "method": LEFT_OUT},
        {"quantity": "restricted mean", **drawn._asdict(), "method": CLUSTERS},
    ]


def _quantities(lives: LifeTable, horizon: float, conf_level: float) -> list[dict[str, object]]:
    low, high = log_log_band(lives, conf_level)
    median = median_days(lives, lives.share_open)
    bounds = median_days(lives, low), median_days(lives, high)
    open_end = NO_BOUND if math.isnan(bounds[1]) else ""
    mean, error = restricted_mean(lives, horizon)
    reach = NormalDist().inv_cdf((1 + conf_level) / 2) * error
    still = "" if error > 0 else "nothing was reached before the horizon"
    return [
        {
            "quantity": "median",
            "estimate": median,
            "std_error": math.nan,
            "conf_low": bounds[0],
            "conf_high": bounds[1],
            "n_draws": 0,
            "method": INDEPENDENT,
            "reason": NOT_HALF if math.isnan(median) else open_end,
        },
        {
            "quantity": "restricted mean",
            "estimate": mean,
            "std_error": math.nan if still else error,
            "conf_low": math.nan if still else max(0.0, mean - reach),
            "conf_high": math.nan if still else min(horizon, mean + reach),
            "n_draws": 0,
            "method": GREENWOOD,
            "reason": still,
        },
    ]


def _steps(lives: LifeTable, group: str, conf_level: float) -> pd.DataFrame:
    low, high = log_log_band(lives, conf_level)
    return pd.DataFrame(
        {
            "group": group,
            "days": lives.days,
            "n_at_risk": lives.at_risk,
            "n_reached": lives.done,
            "share_open": lives.share_open,
            "conf_low": low,
            "conf_high": high,
            "conf_level": conf_level,
        }
    )
