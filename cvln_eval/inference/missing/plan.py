"""Which variable is drawn from which, and which cells cannot be drawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cvln_eval.errors import shown
from cvln_eval.inference.missing.layout import Layout
from cvln_eval.results import count

__all__ = ["Plan", "Target", "make_plan"]

# The variance drawn from chi-square has a mean with three degrees of freedom or more.
SPARE = 3
NO_VALUE = "no value is known"


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """Missing values of one variable and what they are drawn from.

    Attributes
    ----------
    variable : int
        Its place among the variables.
    known, rows : ndarray of bool
        Persons with a value, and persons for whom one is drawn.
    sources : ndarray, shape (n_variables, n_predictors)
        Weight of each variable in each predictor: 1 for a variable, 1/k for a mean of k items.
    fixed : ndarray
        Predictors that are the same in every round: what is known of persons, coded teams.
    teams : ndarray or None
        Team of each person, for random intercepts.
    nearest : bool
        Whether an answer of a near donor is taken.
    """

    variable: int
    known: np.ndarray
    rows: np.ndarray
    sources: np.ndarray
    fixed: np.ndarray
    teams: np.ndarray | None
    nearest: bool


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """All that the chains need.

    Attributes
    ----------
    values : ndarray, shape (n_persons, n_variables)
        Known values, nan elsewhere.
    targets : tuple of Target
        In the order of a round: wave by wave, the fewest missing first.
    wanted : ndarray of bool
        Cells that are imputed; missing ones that are not serve only as a stepping stone.
    n_rounds : int
        Rounds through the targets.
    drawn : tuple of int
        Variables that have wanted cells.
    reasons : dict
        Variable to the reason why it, or a team of it, is not imputed.
    """

    values: np.ndarray
    targets: tuple[Target, ...]
    wanted: np.ndarray
    n_rounds: int
    drawn: tuple[int, ...]
    reasons: dict[int, str]


def make_plan(
    layout: Layout,
    *,
    families: Mapping[str, Sequence[str]],
    nearest: Collection[str],
    random_teams: bool,
    n_rounds: int,
) -> Plan:
    """Return what is drawn from what.

    A variable is drawn from the other columns of its family in the same wave, its family's mean in
    the other waves, the means of the other families in the same wave, what is known of the
    persons, and their teams. For persons without any of the wave's variables that come after it,
    these are left out as predictors: a silent wave is then drawn as one, first variable first, and
    the chain need not find it by small steps from one made-up value to the next.

    Parameters
    ----------
    layout : Layout
        The table as arrays.
    families : Mapping
        Name to columns: the items of a scale, or one column by itself.
    nearest : collection of str
        Columns whose values are taken from near donors.
    random_teams : bool
        Random team intercepts; one fixed coefficient a team otherwise.
    n_rounds : int
        Rounds through the variables.

    Returns
    -------
    Plan
        Variables with too few known values for their predictors are neither drawn nor used.
    """
    missing = np.isnan(layout.values)
    kept, reasons = _kept(layout, families, random_teams)
    wanted = missing & layout.on_roster() & kept
    if not random_teams:
        reasons |= _without_own_team(layout, wanted)
    targets: list[Target] = []
    for variable in _order(layout, kept) if wanted.any() else ():
        fixed = _fixed(layout, variable, random_teams)
        teams = layout.team_of(variable) if random_teams else None
        own = (fixed, teams, layout.variables[variable][0] in nearest)
        for rows, used in _parts(layout, variable, kept):
            sources = _sources(layout, families, variable, used)
            targets.append(Target(variable, ~missing[:, variable], rows, sources, *own))
    drawn = tuple(map(int, np.flatnonzero(wanted.any(axis=0))))
    return Plan(layout.values, tuple(targets), wanted, n_rounds, drawn, reasons)


def _order(layout: Layout, kept: np.ndarray) -> list[int]:
    """Return incomplete variables wave by wave, the fewest missing first."""
    n_missing = np.isnan(layout.values).sum(axis=0)
    drawn = np.flatnonzero(kept & (n_missing > 0))
    return sorted(map(int, drawn), key=lambda v: (v % len(layout.waves), n_missing[v], v))


def _parts(layout: Layout, variable: int, kept: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return persons without and with a later variable of the wave, and what serves them."""
    missing, n_waves = np.isnan(layout.values), len(layout.waves)
    order = _order(layout, kept)
    after = order[order.index(variable) + 1 :]
    later = [v for v in after if v % n_waves == variable % n_waves]
    silent = missing[:, later].all(axis=1)
    before = kept.copy()
    before[later] = False
    parts = [(missing[:, variable] & silent, before), (missing[:, variable] & ~silent, kept)]
    return [(rows, used) for rows, used in parts if rows.any()]


def _kept(
    layout: Layout, families: Mapping[str, Sequence[str]], random_teams: bool
) -> tuple[np.ndarray, dict[int, str]]:
    """Set aside, one after the other, the variables that cannot be drawn."""
    missing = np.isnan(layout.values)
    n_known = (~missing).sum(axis=0)
    kept = n_known > 0
    empty = ~kept & layout.on_roster().any(axis=0)
    reasons = dict.fromkeys(map(int, np.flatnonzero(empty)), NO_VALUE)
    while True:
        drawn = np.flatnonzero(kept & missing.any(axis=0))
        needed = {int(v): _n_needed(layout, families, int(v), kept, random_teams) for v in drawn}
        short = [v for v in needed if n_known[v] < needed[v]]
        if not short:
            return kept, reasons
        worst = min(short, key=lambda v: n_known[v] - needed[v])
        kept[worst] = False
        reasons[worst] = (
            f"{count(int(n_known[worst]), 'known value')}, "
            f"{needed[worst]} needed for its predictors"
        )


def _n_needed(
    layout: Layout,
    families: Mapping[str, Sequence[str]],
    variable: int,
    kept: np.ndarray,
    random_teams: bool,
) -> int:
    varying = _sources(layout, families, variable, kept).shape[1]
    return int(1 + varying + _fixed(layout, variable, random_teams).shape[1] + SPARE)


def _sources(
    layout: Layout, families: Mapping[str, Sequence[str]], variable: int, kept: np.ndarray
) -> np.ndarray:
    """Return one column a predictor: its weights on the variables."""
    column, wave = layout.variables[variable]
    groups: list[list[tuple[str, str]]] = []
    for members in families.values():
        if column in members:
            groups += [[(other, wave)] for other in members if other != column]
            groups += [[(c, at) for c in members] for at in layout.waves if at != wave]
        else:
            groups.append([(c, wave) for c in members])
    return _means_of(layout, groups, kept)


def _means_of(layout: Layout, groups: list[list[tuple[str, str]]], kept: np.ndarray) -> np.ndarray:
    place = {name: i for i, name in enumerate(layout.variables)}
    weights = []
    for group in groups:
        members = [place[name] for name in group if kept[place[name]]]
        if members:
            weight = np.zeros(len(place))
            weight[members] = 1 / len(members)
            weights.append(weight)
    return np.array(weights).T if weights else np.empty((len(place), 0))


def _fixed(layout: Layout, variable: int, random_teams: bool) -> np.ndarray:
    """Return what is known of persons and, for fixed teams, their codes."""
    if random_teams:
        return layout.known
    team = layout.team_of(variable)
    known = ~np.isnan(layout.values[:, variable])
    had = np.unique(team[known])
    # Coded to add up to nought: a team without a value stands at the mean of the teams.
    codes = (team[:, None] == had[:-1]).astype(float) - (team[:, None] == had[-1:])
    return np.column_stack([layout.known, codes])


def _without_own_team(layout: Layout, wanted: np.ndarray) -> dict[int, str]:
    """Unmark cells of teams without any value of the variable; return why, a variable."""
    reasons = {}
    for variable in np.flatnonzero(wanted.any(axis=0)):
        team, cells = layout.team_of(int(variable)), wanted[:, variable]
        had = np.unique(team[~np.isnan(layout.values[:, variable])])
        lost = cells & ~np.isin(team, had)
        if lost.any():
            wanted[lost, variable] = False
            names = shown(layout.teams[code] for code in np.unique(team[lost]))
            reasons[int(variable)] = (
                f"no value is known in {names}, whose fixed effect cannot be had; "
                "team_effects='random' can"
            )
    return reasons
