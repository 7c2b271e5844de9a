"""Draw what is missing, many times, from what people answered elsewhere and from their team."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.missing.chains import potential_scale, run_chains
from cvln_eval.inference.missing.imputations import Imputations
from cvln_eval.inference.missing.layout import Layout, lay_out
from cvln_eval.inference.missing.plan import Plan, make_plan
from cvln_eval.inference.missing.pooling import refuse_few_imputations
from cvln_eval.measurement.matrix import refuse_out_of_range
from cvln_eval.measurement.tables import need_columns, refuse_missing

__all__ = ["impute"]

METHODS = {True: "answers of near donors", False: "Bayesian normal regression"}


def impute(
    table: pd.DataFrame,
    *,
    columns: Sequence[str] = (),
    scales: Mapping[str, Sequence[str]] | None = None,
    response_range: tuple[float, float] | None = None,
    predictors: Sequence[str] = (),
    person: str = "person_id",
    team: str = "team_id",
    wave: str | None = "wave",
    team_effects: Literal["fixed", "random"] = "random",
    also_off_roster: bool = False,
    n_imputations: int = 20,
    n_rounds: int = 20,
    rng: int | np.random.Generator = 0,
) -> Imputations:
    """TODO."""
    refuse_few_imputations(n_imputations)
    _refuse_choices(team_effects, n_rounds)
    of_scales = {name: list(items) for name, items in (scales or {}).items()}
    items = [item for members in of_scales.values() for item in members]
    _refuse_names(table, list(columns), of_scales)
    if response_range is not None:
        refuse_out_of_range(table, items, response_range)
    if also_off_roster:
        table = _every_wave(table, person, team, wave, predictors)
    named = {"person": person, "team": team, "wave": wave}
    layout = lay_out(table, columns=[*columns, *items], predictors=predictors, **named)
    plan = make_plan(
        layout,
        families={name: [name] for name in columns} | of_scales,
        nearest=items,
        random_teams=team_effects == "random",
        n_rounds=n_rounds,
    )
    cells, traces = run_chains(plan, n_imputations, rng)
    return Imputations(
        tables=tuple(_completed(table, layout, plan, drawn, of_scales) for drawn in cells),
        imputed=_shares(table, layout, plan, of_scales),
        variables=_described(layout, plan, cells, traces),
        n_rounds=n_rounds,
        team_effects=team_effects,
        **named,
    )


def _refuse_choices(team_effects: object, n_rounds: object) -> None:
    if team_effects not in ("fixed", "random"):
        raise ArgumentError(
            "Unknown team effects", expected="'fixed' or 'random'", seen=repr(team_effects)
        )
    if not isinstance(n_rounds, int | np.integer) or isinstance(n_rounds, bool) or n_rounds < 1:
        raise ArgumentError("Chains need rounds", expected="1 or more", seen=repr(n_rounds))


def _refuse_names(
    table: pd.DataFrame, columns: list[str], scales: Mapping[str, Sequence[str]]
) -> None:
    names = [*columns, *(item for items in scales.values() for item in items)]
    twice = [name for name in names if names.count(name) > 1]
    if twice or not names:
        raise ArgumentError(
            "Name what to impute, each column once", seen=shown(twice) if twice else "no column"
        )
    there = [scale for scale in scales if scale in table or scale in names]
    if there:
        raise ArgumentError(
            "The score of a scale would take the place of a column",
            expected="a table of items, without their scores",
            seen=shown(there),
            todo="drop the column; the score is computed from the completed items",
        )


def _every_wave(
    table: pd.DataFrame, person: str, team: str, wave: str | None, predictors: Sequence[str]
) -> pd.DataFrame:
    """Add a row for every wave that a person was not asked in, empty but for what is known."""
    if wave is None:
        return table
    need_columns(table, [person, team, wave, *predictors], table="persons and waves")
    refuse_missing(table, [person, wave], what="person or wave")
    pairs = pd.MultiIndex.from_product([table[person].unique(), table[wave].unique()])
    absent = pairs.difference(pd.MultiIndex.from_frame(table[[person, wave]]), sort=False)
    added = absent.to_frame(index=False, name=[person, wave])
    order = {name: place for place, name in enumerate(table[wave].unique())}
    known = table.assign(_place=table[wave].map(order)).sort_values("_place")
    # The team of the last wave before, or of the first one after.
    for name in (team, *predictors):
        last = [_last(known[known[person] == p], order[w], name) for p, w in absent]
        added[name] = pd.Series(last, dtype=table[name].dtype)
    return pd.concat([table, added], ignore_index=True)


def _last(rows: pd.DataFrame, place: int, name: str) -> object:
    before = rows[rows["_place"] < place]
    return before[name].iloc[-1] if len(before) else rows[name].iloc[0]


def _completed(
    table: pd.DataFrame,
    layout: Layout,
    plan: Plan,
    drawn: np.ndarray,
    scales: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    values = layout.values.copy()
    values[plan.wanted] = drawn
    rows, changed = layout.long(values), layout.long(plan.wanted).any(axis=0)
    # A column in which nothing is imputed stays as it was received.
    new = {name: rows[:, i] for i, name in enumerate(layout.columns) if changed[i]}
    at = {name: i for i, name in enumerate(layout.columns)}
    scores = {
        scale: rows[:, [at[item] for item in items]].mean(axis=1) for scale, items in scales.items()
    }
    return table.assign(**new, **scores)


def _shares(
    table: pd.DataFrame, layout: Layout, plan: Plan, scales: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    flags = pd.DataFrame(
        layout.long(plan.wanted).astype(float), columns=list(layout.columns), index=table.index
    )
    return flags.assign(**{name: flags[list(items)].mean(axis=1) for name, items in scales.items()})


def _described(layout: Layout, plan: Plan, cells: np.ndarray, traces: np.ndarray) -> pd.DataFrame:
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
