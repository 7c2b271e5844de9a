"""Baselines of those without a later answer beside those of the others."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cvln_eval.inference.missing.firth import firth_slope
from cvln_eval.inference.robust import cluster_robust

__all__ = ["STANDARDISED", "compare_baselines"]

DIFFERENCE, STANDARDISED, ODDS = "difference", "standardised difference", "odds ratio"
FIRTH = "Firth's penalised likelihood; teams are not in it"
NUMBERS = ("estimate", "std_error", "statistic", "df", "p_value", "conf_low", "conf_high")


def compare_baselines(
    name: str, values: np.ndarray, persons: pd.DataFrame, conf_level: float
) -> list[dict[str, object]]:
    """Compare the baseline of those without a later answer with that of the others.

    Parameters
    ----------
    name : str
        The column.
    values : ndarray
        Its values at baseline, one a person, nan where there is none.
    persons : DataFrame
        `team_id` and `state` of each person.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    list of dict
        Rows of the difference, the standardised difference and the odds ratio.
    """
    there = ~np.isnan(values)
    without = (persons["state"] != "answered").to_numpy()[there]
    value, team = values[there], persons["team_id"].to_numpy()[there]
    groups = value[~without], value[without]
    same: dict[str, object] = {
        "n": len(value),
        "n_with": len(groups[0]),
        "n_without": len(groups[1]),
        "n_left_out": int((~there).sum()),
        "n_clusters": len(set(team)),
        "mean_with": float(groups[0].mean()) if len(groups[0]) else math.nan,
        "mean_without": float(groups[1].mean()) if len(groups[1]) else math.nan,
        "conf_level": conf_level,
    }
    reason = _why_not(*groups)
    if reason:
        none: dict[str, object] = dict.fromkeys(NUMBERS, math.nan)
        none |= {"method": "", "reason": reason}
        return [
            {"variable": name, "quantity": kind} | none | same
            for kind in (DIFFERENCE, STANDARDISED, ODDS)
        ]
    raw, standard = _differences(value, without, team, _spread(*groups), conf_level)
    odds = _odds(value, without, conf_level)
    of = {DIFFERENCE: raw, STANDARDISED: standard, ODDS: odds}
    return [{"variable": name, "quantity": kind} | row | same for kind, row in of.items()]


def _why_not(with_: np.ndarray, without: np.ndarray) -> str:
    if not len(without):
        return "nobody with a baseline value is without a later answer"
    if not len(with_):
        return "nobody with a baseline value has a later answer"
    if np.ptp(np.concatenate([with_, without])) == 0:
        return "all baseline values are the same"
    return ""


def _spread(with_: np.ndarray, without: np.ndarray) -> float:
    """Return the pooled standard deviation divided by Hedges' correction."""
    df = len(with_) + len(without) - 2
    if df < 2:
        return math.nan
    squares = sum(((part - part.mean()) ** 2).sum() for part in (with_, without))
    return float(np.sqrt(squares / df)) / (1 - 3 / (4 * df - 1))


def _differences(
    value: np.ndarray, without: np.ndarray, team: np.ndarray, spread: float, conf_level: float
) -> tuple[dict[str, object], dict[str, object]]:
    rows = pd.DataFrame({"value": value, "without": without.astype(float), "team_id": team})
    fitted = cluster_robust(rows, formula="value ~ without", conf_level=conf_level)
    found = fitted.tidy().set_index("term").loc["without"]
    raw: dict[str, object] = {name: found[name] for name in (*NUMBERS, "reason")}
    raw |= {"method": fitted.method}
    if not spread > 0:
        why = "the values do not vary within the groups" if spread == 0 else "too few people"
        return raw, raw | dict.fromkeys(NUMBERS, math.nan) | {"reason": why}
    scaled = {n: found[n] / spread for n in ("estimate", "std_error", "conf_low", "conf_high")}
    return raw, raw | scaled


def _odds(value: np.ndarray, without: np.ndarray, conf_level: float) -> dict[str, object]:
    z = (value - value.mean()) / value.std(ddof=1)
    slope = firth_slope(without.astype(float), z, conf_level)
    return {
        "estimate": math.exp(slope.estimate),
        "std_error": math.nan,
        "statistic": slope.statistic,
        "df": 1.0,
        "p_value": slope.p_value,
        "conf_low": math.exp(slope.low),
        "conf_high": math.exp(slope.high),
        "method": FIRTH,
        "reason": "",
    }
