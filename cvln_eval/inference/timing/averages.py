"""Means of groups of milestones, and their difference, with divisions as clusters."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import stats

from cvln_eval.inference.robust import cluster_robust
from cvln_eval.inference.timing.grouping import NOT_KNOWN

__all__ = [
    "ANSWER",
    "COLUMNS",
    "CR2",
    "OF_A_MEAN",
    "difference_row",
    "mean_row",
    "on_logits",
    "sizes",
]

CR2 = "CR2, Satterthwaite df"
ANSWER = (
    "quantity",
    "estimate",
    "std_error",
    "statistic",
    "df",
    "p_value",
    "smallest_p",
    "conf_low",
    "conf_high",
    "conf_level",
    "n",
    "n_clusters",
    "n_draws",
    "method",
    "null_hypothesis",
    "reason",
)
COLUMNS = ("group", *ANSWER)
OF_A_MEAN = ("estimate", "std_error", "df", "conf_low", "conf_high", "reason")
OF_A_TEST = (*OF_A_MEAN, "statistic", "p_value", "smallest_p")


def sizes(values: pd.Series, clusters: pd.Series) -> dict[str, int]:
    """Return how many values there are, and in how many clusters."""
    return {"n": len(values), "n_clusters": clusters.nunique()}


def mean_row(values: pd.Series, clusters: pd.Series, conf_level: float) -> dict[str, object]:
    """Return the mean with its CR2 error; nan with a reason where it cannot be had."""
    told = {"method": CR2, "n_draws": 0, "null_hypothesis": "", **sizes(values, clusters)}
    if values.empty:
        nothing = dict.fromkeys(OF_A_MEAN, math.nan)
        return nothing | {"reason": "no value", **told}
    table = pd.DataFrame({"value": values.astype(float), "cluster": clusters})
    found = cluster_robust(table, formula="value ~ 1", cluster="cluster", conf_level=conf_level)
    row = found.tidy().iloc[0]
    if len(values) > 1 and not np.ptp(table["value"]):
        row = row.mask(row.index == "reason", "all values are alike")
    # The plain mean: of values that are all 1 a fit's differs from 1 in the last place.
    return {name: row[name] for name in OF_A_MEAN} | told | {"estimate": float(values.mean())}


def difference_row(
    groups: dict[str, pd.Series], clusters: pd.Series, *, conf_level: float, noun: str
) -> list[dict[str, object]]:
    """Return the second group's mean minus the first's, where there are two with values."""
    known = {name: values for name, values in groups.items() if name != NOT_KNOWN and len(values)}
    if len(known) != 2:
        return []
    (first, before), (second, after) = known.items()
    values = pd.concat([before, after]).astype(float)
    table = pd.DataFrame(
        {
            "value": values,
            "second": np.repeat([0.0, 1.0], [len(before), len(after)]),
            "cluster": clusters.loc[values.index],
        }
    )
    found = cluster_robust(
        table, formula="value ~ second", cluster="cluster", conf_level=conf_level
    )
    row = found.tidy().set_index("term").loc["second"]
    return [
        {name: row[name] for name in OF_A_TEST}
        | {
            "group": f"{second} - {first}",
            "quantity": f"difference of {noun}s",
            "method": CR2,
            "n_draws": 0,
            "null_hypothesis": f"both groups have the same {noun}",
            **sizes(values, table["cluster"]),
        }
    ]


def on_logits(row: dict[str, object], conf_level: float) -> dict[str, object]:
    """Return the row of a share with its interval on the logit scale, which stays within 0 and 1.

    The error of the logit is that of the share divided by p (1 - p).
    """
    share, error, df = (float(row[name]) for name in ("estimate", "std_error", "df"))  # type: ignore[arg-type]
    if row["reason"] or not 0 < share < 1:
        return row | {"conf_low": math.nan, "conf_high": math.nan}
    logit = math.log(share / (1 - share))
    reach = float(stats.t.ppf((1 + conf_level) / 2, df)) * error / (share * (1 - share))
    low, high = (1 / (1 + math.exp(-(logit + side * reach))) for side in (-1, 1))
    return row | {"conf_low": low, "conf_high": high, "method": f"{CR2}, logit interval"}
