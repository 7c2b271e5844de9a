"""The change of a wave's mean: people who changed, and people who came and went."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.inference.change.jackknife import jackknife
from cvln_eval.inference.change.means import t_numbers
from cvln_eval.inference.change.roster import BOTH, JOINER, LEAVER, STAYER, each_roster
from cvln_eval.inference.change.words import interval, moved, with_sign
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.results import Result, count

__all__ = ["COMPONENTS", "Decomposition", "components", "decompose_change"]

TOTAL, WITHIN, ENTRY, EXIT, TURNOVER = (
    "change of the mean",
    "within people who answered twice",
    "entry",
    "exit",
    "response turnover",
)
COMPONENTS = (TOTAL, WITHIN, ENTRY, EXIT, TURNOVER)
# Below this the error is itself known from few degrees of freedom, and readers should be told.
FEW = 20
PERSONS, TEAMS = "jackknife over people", "jackknife over teams"
COLUMNS = (
    "scale",
    "from_wave",
    "wave",
    "quantity",
    "estimate",
    "std_error",
    "df",
    "conf_low",
    "conf_high",
    "conf_level",
    "n",
    "n_persons",
    "n_clusters",
    "method",
    "reason",
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Decomposition(Result):
    """The change of a mean in parts that add up; see `decompose_change`.

    Attributes
    ----------
    rows : DataFrame
        One row a scale, pair of waves, part and method.
    n_off_roster : int
        Scores of people who were not on the roster of their wave, left out.
    """

    rows: pd.DataFrame
    n_off_roster: int

    def tidy(self) -> pd.DataFrame:
        """Return one row a scale, pair of waves, part and method."""
        return self.rows.copy()

    def parts(self) -> pd.DataFrame:
        """Return one row a scale, pair of waves and part, with teams as clusters."""
        return self.rows[self.rows["method"] == TEAMS].reset_index(drop=True)

    def glance(self) -> pd.DataFrame:
        """Return one row: scales, waves, scores left out, parts that cannot be had."""
        rows = self.parts()
        return pd.DataFrame(
            {
                "n_scales": [rows["scale"].nunique()],
                "n_waves": [len(set(rows["from_wave"]) | set(rows["wave"]))],
                "n_not_on_roster": [self.n_off_roster],
                "n_not_known": [int(rows["estimate"].isna().sum())],
            }
        )

    def sentence(self) -> str:
        """Return, for each scale and pair of waves, the change of the mean and its parts."""
        groups = self.parts().groupby(["scale", "from_wave", "wave"], sort=False)
        parts = [_of({row["quantity"]: row for _, row in part.iterrows()}) for _, part in groups]
        if self.n_off_roster:
            parts.append(
                f"Left out: {count(self.n_off_roster, 'score')} of people on no roster of the wave."
            )
        return " ".join(parts)


def _of(part: dict[str, pd.Series]) -> str:
    total, within = part[TOTAL], part[WITHIN]
    waves = f"from {total['from_wave']} to {total['wave']}"
    if math.isnan(total["estimate"]):
        return f"The change of {total['scale']} {waves} is not available: {total['reason']}."
    change = f"The mean of {total['scale']} {moved(total['estimate'])} {waves}"
    size = f" ({with_sign(total['estimate'])}, {interval(total)})"
    if math.isnan(within["estimate"]):
        return f"{change}{size}; its parts are not available: {within['reason']}."
    others = ", ".join(f"{with_sign(part[name]['estimate'])} by {name}" for name in COMPONENTS[2:])
    return (
        f"{change}{size}: {with_sign(within['estimate'])} within the "
        f"{count(int(within['n']), 'person', 'people')} who answered twice ({interval(within)}), "
        f"{others}{_how(int(total['n_clusters']))}."
    )


def _how(n_teams: int) -> str:
    if n_teams < 2:
        return ""
    few = ", which are few" if n_teams < FEW else ""
    return f"; intervals by jackknife over {n_teams} teams{few}"


def decompose_change(
    table: pd.DataFrame,
    *,
    memberships: pd.DataFrame,
    waves: Sequence[str],
    outcome: str = "score",
    person: str = "person_id",
    wave: str = "wave",
    team: str = "team_id",
    conf_level: float = 0.95,
) -> Decomposition:
    """Split the change of a wave's mean into change within people, entry, exit and who answered.

    Of n_0 answers at the earlier wave with mean M_0, those of people who answered twice (S) have
    the mean S_0, of leavers (L) L_0, and of people on both rosters who answered only then (A) A_0;
    at the later wave M_1, n_1, S_1, J_1 of joiners (J), B_1 of those who answered only then (B).
    Then exactly

        M_1 - M_0 = (S_1 - S_0)  within people who answered twice
                  + n_J / n_1 (J_1 - S_1)  entry
                  - n_L / n_0 (L_0 - S_0)  exit
                  + n_B / n_1 (B_1 - S_1) - n_A / n_0 (A_0 - S_0)  response turnover.

    Entry, exit and turnover measure those who came and went against the stayers of the same wave,
    as Melitz and Polanec do for firms; with Foster, Haltiwanger and Krizan, who measure all against
    the mean of the earlier wave, newcomers to a culture that rises would count as lifting it.

    Parameters
    ----------
    table : DataFrame
        One row a person and wave (and scale), such as `score_scales(...).tidy()`.
    memberships : DataFrame
        The rosters, one row a person and wave.
    waves : sequence of str
        Two waves or more in their order; each is compared with the one before, and the changes of
        the mean add up over the pairs.
    outcome : str
        Column of the scores; a missing score is no answer.
    person, wave : str
        Columns of both tables that say who, and when.
    team : str
        Column of the memberships.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    Decomposition
        `tidy` has `scale, from_wave, wave, quantity, estimate, std_error, df, conf_low, conf_high,
        conf_level, n, n_persons, n_clusters, method, reason`, each part twice: with the jackknife
        that leaves out one person at a time, and one team at a time, t with one degree of freedom
        less than there are people or teams on whom the part rests. With few teams that error is
        itself uncertain. `n` counts the people of the part, `n_persons` all who answered. A part
        of nobody is exactly 0, without an interval. Where nobody answered twice there is no stayer
        to measure against and the parts are nan; where nobody answered in a wave, the change too;
        where leaving out one team leaves no stayer, there is no interval. Scores of people on no
        roster of the wave are left out and counted.

    Raises
    ------
    ArgumentError
        As `change_by_status`.

    References
    ----------
    Melitz, M. J., & Polanec, S. (2015). Dynamic Olley-Pakes productivity decomposition with entry
    and exit. RAND Journal of Economics, 46, 362-375, eq. 4.
    Foster, L., Haltiwanger, J., & Krizan, C. J. (2001). Aggregate productivity growth: Lessons from
    microeconomic evidence. In New developments in productivity analysis (pp. 303-372). Chicago.
    Efron, B., & Tibshirani, R. J. (1993). An introduction to the bootstrap. Chapman, eq. 11.5.

    Examples
    --------
    >>> scores = pd.DataFrame({"person_id": ["p", "q", "p", "r"], "wave": ["y1", "y1", "y2", "y2"],
    ...                        "score": [3, 2, 4, 5]})
    >>> rosters = scores.assign(team_id="A")
    >>> found = decompose_change(scores, memberships=rosters, waves=["y1", "y2"])
    >>> found.parts()["estimate"].tolist()  # 4.5 - 2.5; within p; r above p; q below p; no other
    [2.0, 1.0, 0.5, 0.5, 0.0]
    """
    refuse_level(conf_level)
    names = {"outcome": outcome, "person": person, "wave": wave, "team": team}
    pairs = each_roster(table, memberships, waves=waves, **names)
    rows = [named | row for named, people in pairs for row in _rows(people, conf_level)]
    off = sum(people.attrs["n_off_roster"] for _, people in pairs)
    return Decomposition(pd.DataFrame(rows, columns=list(COLUMNS)), off)


def _rows(people: pd.DataFrame, conf_level: float) -> list[dict[str, object]]:
    answered = people[people[["first", "last"]].notna().any(axis=1)]
    arrays = (answered["first"].to_numpy(), answered["last"].to_numpy(), _groups(answered))
    scale = float(np.nanmax(np.abs(arrays[:2]), initial=0.0))
    estimates = components(np.ones((1, len(answered))), *arrays)[0]
    sizes, involved = _sizes(arrays[2]), _involved(*arrays)
    units = {PERSONS: np.arange(len(answered)), TEAMS: _codes(answered["team_id"])}
    n_teams = answered["team_id"].nunique()
    same = {"conf_level": conf_level, "n_persons": len(answered), "n_clusters": n_teams}
    return [
        {"quantity": name, "n": size, "method": method, **same}
        | t_numbers(mean, conf_level)
        | {"estimate": mean.estimate, "reason": mean.reason}
        for method, codes in units.items()
        for name, size, mean in zip(
            COMPONENTS,
            sizes,
            jackknife(
                components,
                codes,
                estimates,
                sizes,
                involved,
                arrays=arrays,
                what=method,
                scale=scale,
            ),
            strict=True,
        )
    ]


def _codes(values: pd.Series) -> np.ndarray:
    return np.unique(values.to_numpy(dtype="str"), return_inverse=True)[1]


def _groups(people: pd.DataFrame) -> np.ndarray:
    """Return whether each person answered twice, joined, left, or was there and answered once."""
    stayed, twice = people["status"] == STAYER, people["answered"] == BOTH
    flags = [
        stayed & twice,
        people["status"] == JOINER,
        people["status"] == LEAVER,
        stayed & ~twice,
    ]
    return np.column_stack([flag.to_numpy() for flag in flags])


def _sizes(groups: np.ndarray) -> list[int]:
    return [len(groups), *groups.sum(axis=0).tolist()]


def _involved(first: np.ndarray, last: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return on whom each part rests: entry on the later wave, exit on the earlier."""
    everybody = np.ones(len(first), dtype=bool)
    parts = [everybody, groups[:, 0], np.isfinite(last), np.isfinite(first), everybody]
    return np.column_stack(parts)


def components(
    weights: np.ndarray, first: np.ndarray, last: np.ndarray, groups: np.ndarray
) -> np.ndarray:
    """Return the parts of `COMPONENTS`, one row a row of weights over people.

    A group without weight contributes 0; without stayers the parts are nan.
    """
    before, after = np.isfinite(first), np.isfinite(last)
    first, last = np.where(before, first, 0.0), np.where(after, last, 0.0)
    twice, joined, left, once = groups.T
    with np.errstate(invalid="ignore", divide="ignore"):
        n_0, n_1, n_s = weights @ before, weights @ after, weights @ twice
        s_0, s_1 = weights @ (twice * first) / n_s, weights @ (twice * last) / n_s

        def against(who: np.ndarray, y: np.ndarray, there: np.ndarray, s: np.ndarray) -> np.ndarray:
            members = who & there
            return np.asarray(weights @ (members * y) - (weights @ members) * s)

        total = weights @ last / n_1 - weights @ first / n_0
        entry = against(joined, last, after, s_1) / n_1
        exit_ = -against(left, first, before, s_0) / n_0
        turnover = against(once, last, after, s_1) / n_1 - against(once, first, before, s_0) / n_0
    # Adding 0 takes the sign off a nought.
    return np.column_stack([total, s_1 - s_0, entry, exit_, turnover]) + 0.0
