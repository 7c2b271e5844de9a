"""Drawn values put back into tables, and what there is to know of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cvln_eval.inference.missing.chains import potential_scale
from cvln_eval.inference.missing.layout import Layout
from cvln_eval.inference.missing.plan import Plan

__all__ = ["completed", "describe", "imputed_shares"]

METHODS = {True: "answers of near donors", False: "Bayesian normal regression"}


def completed(
    table: pd.DataFrame,
    layout: Layout,
    plan: Plan,
    drawn: np.ndarray,
    scales: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    """Return the table with the drawn values of one imputation, and the scores of scales."""
    values = layout.values.copy()
    values[plan.wanted] = drawn
    rows = layout.long(values)
    changed = np.asarray(layout.long(plan.wanted).any(axis=0))
    # A column in which nothing is imputed stays as it was received.
    new = {name: rows[:, i] for i, name in enumerate(layout.columns) if changed[i]}
    at = {name: i for i, name in enumerate(layout.columns)}
    scores = {
        scale: rows[:, [at[item] for item in items]].mean(axis=1) for scale, items in scales.items()
    }
    return table.assign(**new, **scores)


def imputed_shares(
    table: pd.DataFrame, layout: Layout, plan: Plan, scales: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Return the share of each cell that is imputed; of a score, the share of its items."""
    flags = pd.DataFrame(
        layout.long(plan.wanted).astype(float), columns=list(layout.columns), index=table.index
    )
    return flags.assign(**{name: flags[list(items)].mean(axis=1) for name, items in scales.items()})


def describe(layout: Layout, plan: Plan, cells: np.ndarray, traces: np.ndarray) -> pd.DataFrame:
    """Return one row a column and wave: what was missing, what was drawn, agreement of chains."""
    r_hat = dict(zip(plan.drawn, potential_scale(traces), strict=True))
    of_cell = np.nonzero(plan.wanted)[1]
    asked = layout.on_roster()
    rows = [
        _row(layout, plan, place, asked[:, place])
        | _drawn(cells[:, of_cell == place], r_hat.get(place, np.full(2, math.nan)))
        | {"reason": plan.reasons.get(place, "")}
        for place in range(len(layout.variables))
    ]
    return pd.DataFrame(rows)


def _row(layout: Layout, plan: Plan, place: int, asked: np.ndarray) -> dict[str, object]:
    variable, wave = layout.variables[place]
    values = layout.values[:, place]
    known, wanted = values[~np.isnan(values)], plan.wanted[:, place]
    nearest = next((t.nearest for t in plan.targets if t.variable == place), None)
    same = len(known) and np.ptp(known) == 0 and wanted.any()
    return {
        "variable": variable,
        "wave": wave,
        "n": int(asked.sum()),
        "n_missing": int((asked & np.isnan(values)).sum()),
        "n_imputed": int(wanted.sum()),
        "imputed_share": float(wanted.sum() / asked.sum()),
        "method": METHODS[nearest] if nearest is not None and wanted.any() else "",
        "mean_known": float(known.mean()) if len(known) else math.nan,
        "sd_known": float(known.std(ddof=1)) if len(known) > 1 else math.nan,
        "note": f"every known value is {known[0]:g}: drawn without uncertainty" if same else "",
    }


def _drawn(cells: np.ndarray, r_hat: np.ndarray) -> dict[str, object]:
    """Return moments of a variable's imputed values and the agreement of its chains."""
    there = cells.size > 0
    return {
        "mean_imputed": float(cells.mean()) if there else math.nan,
        "sd_imputed": float(cells.std(ddof=1)) if there else math.nan,
        "r_hat_mean": float(r_hat[0]) if there else math.nan,
        "r_hat_sd": float(r_hat[1]) if there else math.nan,
    }
