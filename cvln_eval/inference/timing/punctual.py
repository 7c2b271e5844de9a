"""Which share of milestones was reached by the day it was due."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cvln_eval.inference.timing.averages import COLUMNS, difference_row, mean_row, on_logits
from cvln_eval.inference.timing.grouping import grouped, in_words, need_times
from cvln_eval.results import Result, count, level_in_words, proportion

__all__ = ["OnTime", "on_time_share"]

LATE = "every one was late: there is no spread to judge the share by"
ALL_ON_TIME = "every one was on time: there is no spread to judge the share by"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class OnTime(Result):
    """Share of milestones reached on time; see `on_time_share`.

    Attributes
    ----------
    rows : DataFrame
        One row a group, and one for the difference of two.
    counts : DataFrame
        One row a group: on time, late, and not known.
    """

    rows: pd.DataFrame
    counts: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a group, and one for the difference of two."""
        return self.rows.copy()

    def summary(self) -> pd.DataFrame:
        """Return one row a group: milestones on time, late, and those of which it is not known."""
        return self.counts.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: milestones on time, late and not known."""
        totals = self.counts[["n", "n_on_time", "n_late", "n_not_known"]].sum()
        return pd.DataFrame([totals]).assign(conf_level=self.rows["conf_level"].iloc[0])

    def sentence(self) -> str:
        """Return the share of each group with its interval."""
        return " ".join(self._of(row) for _, row in self.counts.iterrows())

    def _of(self, counted: pd.Series) -> str:
        row = self.rows[self.rows["group"] == counted["group"]].iloc[0]
        bounds = (
            f"no interval: {row['reason']}"
            if row["reason"]
            else f"{level_in_words(row['conf_level'])} CI [{proportion(row['conf_low'])}, "
            f"{proportion(row['conf_high'])}], {count(row['n_clusters'], 'cluster')}"
        )
        unknown = int(counted["n_not_known"])
        return (
            f"Milestones, {in_words(counted['group'])}: {proportion(row['estimate'])} on time "
            f"({counted['n_on_time']} of {counted['n']}; {bounds})"
            f"{f'; of {unknown:,} it is not known' if unknown else ''}."
        )


def on_time_share(
    times: pd.DataFrame,
    *,
    by: str | None = None,
    cluster: str = "cluster_id",
    conf_level: float = 0.95,
) -> OnTime:
    """Return the share of milestones reached by the day due, with divisions as clusters.

    The share is the mean of 0 and 1 over milestones whose day due is over, or that were reached
    before; its error is CR2 with Satterthwaite's degrees of freedom, and its interval is that of
    the logit, brought back.

    Parameters
    ----------
    times : DataFrame
        Of `milestone_times(...).tidy()`.
    by : str, optional
        Column of groups; with two of them their difference is a row of its own.
    cluster : str
        Column of the clusters, by default divisions that plan together.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    OnTime
        `tidy` has `group, quantity, estimate, std_error, statistic, df, p_value, smallest_p,
        conf_low, conf_high, conf_level, n, n_clusters, method, null_hypothesis, reason`; `summary`
        counts those on time, late and not known. With one cluster, or where all are on time or all
        late, there is a share without interval.

    Raises
    ------
    ArgumentError
        If a column is absent or a cluster is missing.

    Notes
    -----
    Agrees with `clubSandwich::coef_test` of ``lm(on_time ~ 1)`` and ``lm(on_time ~ pair)``.

    Examples
    --------
    >>> import pandas as pd
    >>> times = pd.DataFrame({"on_time": [True, False, True, True, None, True],
    ...                       "cluster_id": list("aabbcc")})
    >>> on_time_share(times).tidy()[["estimate", "n"]].values.tolist()
    [[0.8, 5.0]]
    """
    need_times(times, ["on_time"], cluster=cluster, by=by, conf_level=conf_level)
    kept = times.reset_index(drop=True)
    known = {name: rows["on_time"].dropna() for name, rows in grouped(kept, by).items()}
    rows = [
        {"group": name, "quantity": "share on time"}
        | _with_reason(
            on_logits(mean_row(one, kept.loc[one.index, cluster], conf_level), conf_level)
        )
        for name, one in known.items()
    ]
    rows += difference_row(known, kept[cluster], conf_level=conf_level, noun="share")
    table = pd.DataFrame(rows, columns=list(COLUMNS)).drop(columns="n_draws")
    counts = [
        {
            "group": name,
            "n": len(known[name]),
            "n_on_time": int(known[name].astype(bool).sum()),
            "n_late": int((~known[name].astype(bool)).sum()),
            "n_not_known": len(rows) - len(known[name]),
        }
        for name, rows in grouped(kept, by).items()
    ]
    return OnTime(table.assign(conf_level=conf_level), pd.DataFrame(counts))


def _with_reason(row: dict[str, object]) -> dict[str, object]:
    if row["estimate"] in (0.0, 1.0):
        return row | {"reason": ALL_ON_TIME if row["estimate"] == 1.0 else LATE}
    return row
