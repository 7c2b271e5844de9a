"""Modes of adult learning: what is offered, what is wanted more, and what changes practice."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.bootstrap import bootstrap, percentile_interval
from cvln_eval.measurement.contents.long_tables import refuse_repeated
from cvln_eval.measurement.matrix import item_matrix, refuse_level, refuse_out_of_range
from cvln_eval.measurement.resampled import LEAST_PEOPLE
from cvln_eval.measurement.tables import need_columns
from cvln_eval.results import Result, count, number, proportion

__all__ = ["QUADRANTS", "ImportancePerformance", "importance_performance"]

QUADRANTS = {
    "lever": "high impact, little offered",
    "keep": "high impact, much offered",
    "reconsider": "low impact, much offered",
    "leave": "low impact, little offered",
}
MEASURES = ("offered", "wanted", "impact")
Cut = Literal["mean", "scale_midpoint"] | tuple[float, float]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ImportancePerformance(Result):
    """Modes of learning by how much they are offered and change practice.

    Attributes
    ----------
    measures : DataFrame
        One row a mode and measure.
    placed : DataFrame
        One row a mode: its quadrant, and how sure that is.
    cut_offered, cut_impact : float
        The cut between little and much offered, and between low and high impact.
    method : str
        How the cuts were made.
    n_persons : int
        People in the table.
    n_not_offered : int
        Answers on the impact of a mode that the person was not offered, or did not say; left out.
    conf_level : float
        Level of the intervals.
    """

    measures: pd.DataFrame
    placed: pd.DataFrame
    cut_offered: float
    cut_impact: float
    method: str
    n_persons: int
    n_not_offered: int
    conf_level: float

    def tidy(self) -> pd.DataFrame:
        """Return one row a mode and measure (offered, wanted, impact) with its n and interval."""
        return self.measures.copy()

    def quadrants(self) -> pd.DataFrame:
        """Return one row a mode: its measures, its quadrant, and the share of draws in each."""
        return self.placed.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: people, modes, and the cuts with how they were made."""
        return pd.DataFrame(
            {
                "n_persons": [self.n_persons],
                "n_modes": [len(self.placed)],
                "cut_offered": [self.cut_offered],
                "cut_impact": [self.cut_impact],
                "method": [self.method],
                "n_levers": [int((self.placed["quadrant"] == "lever").sum())],
                "n_not_offered": [self.n_not_offered],
                "conf_level": [self.conf_level],
            }
        )

    def sentence(self) -> str:
        """Return the levers, each with its numbers and the share of draws that agree."""
        levers = self.placed[self.placed["quadrant"] == "lever"]
        cuts = (
            f"cuts at {proportion(self.cut_offered)} offered and impact "
            f"{number(self.cut_impact)} ({self.method})"
        )
        people = count(self.n_persons, "person", "people")
        if (self.placed["quadrant"] == "").all():
            return (
                f"Of {people}, no mode of learning can be placed: {self.placed['reason'].iloc[0]}."
            )
        if levers.empty:
            return f"Of {people}, with {cuts}, no mode of learning was a lever."
        said = "; ".join(
            f"{row['learning_mode']} (offered to {proportion(row['share_offered'])}, impact "
            f"{number(row['impact'])}, n = {int(row['n_impact'])}, "
            f"{_in_draws(row['share_lever'])})"
            for row in levers.to_dict("records")
        )
        return f"Of {people}, with {cuts}, modes with high impact and little offered were: {said}."


def _in_draws(share: float) -> str:
    if math.isnan(share):
        return f"fewer than {LEAST_PEOPLE}, so no share of draws"
    return f"a lever in {proportion(share)} of the draws"


def importance_performance(
    answers: pd.DataFrame,
    *,
    offered: Sequence[str],
    wanted: Sequence[str],
    impact: Sequence[str],
    labels: Sequence[str] | None = None,
    cut: Cut = "mean",
    response_range: tuple[float, float] | None = None,
    person: str = "person_id",
    conf_level: float = 0.95,
    n_boot: int = 2000,
    rng: int | np.random.Generator = 0,
) -> ImportancePerformance:
    """Place modes of learning by how much they are offered and how much they change practice.

    For each mode: the share of people who were offered it, the mean wish for more of it, and the
    mean impact among those who were offered it. A mode at or above a cut counts as much offered,
    or as of high impact: "lever" is high impact and little offered, "keep" high and much,
    "reconsider" low and much, "leave" low and little. Intervals are percentile intervals over
    people drawn with replacement; the share of draws in each quadrant says how sure the quadrant
    is. Cuts at the means are made anew in each draw. People count as independent; where they sit
    in a few teams, intervals are probably too narrow and shares of draws too far from one half.

    Parameters
    ----------
    answers : DataFrame
        One row a person of one wave.
    offered, wanted, impact : sequence of str
        Columns, one a mode, in the same order: 1 or 0, wish for more, impact.
    labels : sequence of str, optional
        Names of the modes; the columns of `offered` when left out.
    cut : {"mean", "scale_midpoint"} or tuple of float
        Means over the modes of share offered and of impact; one half and the middle of
        `response_range`; or two cuts, of share offered and of impact.
    response_range : tuple of float, optional
        Lowest and highest impact that the scale allows, for "scale_midpoint".
    person : str
        Column that says who answered.
    conf_level : float
        Level of the intervals.
    n_boot : int
        Resamples of people.
    rng : int or Generator
        Seed.

    Returns
    -------
    ImportancePerformance
        `tidy` has `learning_mode, measure, estimate, conf_low, conf_high, n, reason`;
        `quadrants()` has `learning_mode, share_offered, wanted, impact, n_offered, n_impact,
        quadrant, share_lever, share_keep, share_reconsider, share_leave, share_same, reason`.
        Missing answers are left out measure by measure. An impact that nobody who was offered the
        mode rated is nan with a reason, and so is the quadrant. Draws in which a mode has no
        impact are no part of its shares. With fewer than five answers there are neither
        interval nor shares of draws, and where all are alike there is no interval.

    Raises
    ------
    ArgumentError
        If the lists differ in length, a column is absent, an offer is neither 0 nor 1, a person
        stands twice, there is nobody, or the cut is not one of those above.

    References
    ----------
    Martilla, J. A., & James, J. C. (1977). Importance-performance analysis. Journal of Marketing,
    41(1), 77-79.

    Examples
    --------
    >>> said = pd.DataFrame({"person_id": list("abcd"), "o1": [1, 1, 1, 1], "o2": [1, 0, 0, 0],
    ...                      "w1": [1, 2, 1, 2], "w2": [5, 4, 5, 4], "i1": [1, 2, 2, 1],
    ...                      "i2": [5, None, None, None]})
    >>> found = importance_performance(said, offered=["o1", "o2"], wanted=["w1", "w2"],
    ...                                impact=["i1", "i2"], labels=["talks", "visits"], n_boot=99)
    >>> found.quadrants()["quadrant"].tolist()
    ['reconsider', 'lever']
    """
    refuse_level(conf_level)
    names = _names(offered, wanted, impact, labels)
    need_columns(answers, [person], table="answers")
    if answers.empty:
        raise ArgumentError("There is nobody who answered", expected="one row a person")
    refuse_repeated(answers, [person], what="person (of one wave)")
    parts = [item_matrix(answers, columns) for columns in (offered, wanted, impact)]
    refuse_out_of_range(answers, list(offered), (0, 1))
    _refuse_shares(parts[0], list(offered))
    if response_range is not None:
        refuse_out_of_range(answers, [*wanted, *impact], response_range)
    rule = _Cut.of(cut, response_range)
    n_dropped = int((np.isfinite(parts[2]) & (parts[0] != 1)).sum())
    parts[2] = np.where(parts[0] == 1, parts[2], np.nan)
    matrix, k = np.column_stack(parts), len(names)
    draws = bootstrap(lambda w: _means(w, matrix), len(matrix), n_boot=n_boot, rng=rng)
    estimate = _means(np.ones((1, len(matrix))), matrix)
    measures = _measures(names, matrix, estimate[0], draws, conf_level)
    placed = _placed(names, estimate, draws, rule)
    _close_few(placed, parts)
    placed.insert(4, "n_offered", np.nansum(parts[0], axis=0).astype(int))
    placed.insert(5, "n_impact", np.isfinite(parts[2]).sum(axis=0))
    x, y = rule.at(estimate[:, :k], estimate[:, 2 * k :])
    ends = (float(x[0, 0]), float(y[0, 0]), rule.method)
    return ImportancePerformance(measures, placed, *ends, len(matrix), n_dropped, conf_level)


def _close_few(placed: pd.DataFrame, parts: list[np.ndarray]) -> None:
    """Empty the shares of draws that rest on a few people, who are drawn again and again."""
    n_said, n_impact = np.isfinite(parts[0]).sum(axis=0), np.isfinite(parts[2]).sum(axis=0)
    few = (np.minimum(n_said, n_impact) < LEAST_PEOPLE) & (placed["quadrant"] != "")
    shares = [*(f"share_{name}" for name in QUADRANTS), "share_same"]
    placed.loc[few, shares] = math.nan
    placed.loc[few, "reason"] = "no shares of draws: fewer than five answers"
    placed.loc[n_said == 0, "reason"] = "nobody said whether it was offered"


def _names(
    offered: Sequence[str],
    wanted: Sequence[str],
    impact: Sequence[str],
    labels: Sequence[str] | None,
) -> list[str]:
    names = list(offered if labels is None else labels)
    sizes = [len(offered), len(wanted), len(impact), len(names)]
    if len(set(sizes)) > 1 or not names or len(set(names)) < len(names):
        raise ArgumentError(
            "Each mode has one column of each kind and one name",
            expected="offered, wanted, impact and labels of one length",
            seen=f"lengths {', '.join(str(size) for size in sizes)}; {shown(names)}",
        )
    return names


def _refuse_shares(matrix: np.ndarray, offered: list[str]) -> None:
    wrong = np.isfinite(matrix) & ~np.isin(matrix, (0, 1))
    if wrong.any():
        at = [offered[column] for column in np.flatnonzero(wrong.any(axis=0))]
        raise ArgumentError(
            "Something is offered or it is not",
            expected="1 or 0",
            seen=f"{shown(f'{value:g}' for value in matrix[wrong])} in {shown(at)}",
        )


@dataclass(frozen=True, slots=True)
class _Cut:
    method: str
    given: tuple[float, float] | None

    @classmethod
    def of(cls, cut: Cut, response_range: tuple[float, float] | None) -> _Cut:
        if cut == "mean":
            return cls("means over the modes", None)
        if cut == "scale_midpoint" and response_range is not None:
            return cls("one half and the middle of the scale", (0.5, sum(response_range) / 2))
        if isinstance(cut, tuple) and len(cut) == 2 and np.isfinite(cut).all():
            return cls("as given", (float(cut[0]), float(cut[1])))
        raise ArgumentError(
            "No such cut",
            expected='"mean", "scale_midpoint" with response_range, or two numbers',
            seen=repr(cut),
        )

    def at(self, share: np.ndarray, impact: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return both cuts, one row a draw."""
        if self.given is not None:
            ones = np.ones((len(share), 1))
            return self.given[0] * ones, self.given[1] * ones
        return _row_means(share), _row_means(impact)


def _row_means(values: np.ndarray) -> np.ndarray:
    known = np.isfinite(values)
    n = known.sum(axis=1, keepdims=True)
    total = np.where(known, values, 0.0).sum(axis=1, keepdims=True)
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)


def _means(weights: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    n = weights @ np.isfinite(matrix).astype(float)
    total = weights @ np.nan_to_num(matrix)
    return np.where(n > 0, total / np.where(n > 0, n, 1.0), np.nan)


def _measures(
    names: list[str],
    matrix: np.ndarray,
    estimate: np.ndarray,
    draws: np.ndarray,
    conf_level: float,
) -> pd.DataFrame:
    low, high = percentile_interval(draws, conf_level=conf_level)
    n = np.isfinite(matrix).sum(axis=0)
    filled = np.where(np.isfinite(matrix), matrix, estimate)
    alike = np.ptp(np.nan_to_num(filled), axis=0) == 0
    shut = alike | (n < LEAST_PEOPLE)
    table = pd.DataFrame(
        {
            "learning_mode": np.tile(names, len(MEASURES)),
            "measure": np.repeat(MEASURES, len(names)),
            "estimate": estimate,
            "conf_low": np.where(shut, np.nan, low),
            "conf_high": np.where(shut, np.nan, high),
            "n": n,
            "reason": [_reason(int(m), bool(a)) for m, a in zip(n, alike, strict=True)],
        }
    )
    order = table.index.to_numpy().reshape(len(MEASURES), -1).T.ravel()
    return table.loc[order].reset_index(drop=True)


def _reason(n: int, alike: bool) -> str:
    if n == 0:
        return "nobody answered"
    if n < LEAST_PEOPLE:
        return "no interval: fewer than five answers"
    return "no interval: all answers are alike" if alike else ""


def _placed(names: list[str], estimate: np.ndarray, draws: np.ndarray, rule: _Cut) -> pd.DataFrame:
    k = len(names)
    here = _quadrant(estimate, k, rule)[0]
    of_draws = _quadrant(draws, k, rule)
    known = (of_draws != "").sum(axis=0)
    table = pd.DataFrame({"learning_mode": names})
    for place, name in enumerate(("share_offered", "wanted", "impact")):
        table[name] = estimate[0, place * k : (place + 1) * k]
    table["quadrant"] = here
    for name in QUADRANTS:
        table[f"share_{name}"] = _share((of_draws == name).sum(axis=0), known)
    table["share_same"] = [
        float(row[f"share_{row['quadrant']}"]) if row["quadrant"] else math.nan
        for row in table.to_dict("records")
    ]
    unknown = "nobody who was offered it rated its impact"
    table["reason"] = np.where(table["quadrant"] == "", unknown, "")
    return table


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


def _quadrant(values: np.ndarray, k: int, rule: _Cut) -> np.ndarray:
    """Return the name of each mode's quadrant in each row, "" where a measure is missing."""
    share, impact = values[:, :k], values[:, 2 * k :]
    x, y = rule.at(share, impact)
    # A mean of equal shares can miss them by rounding; that must not decide on which side they are.
    much, high = share >= x - 1e-12, impact >= y - 1e-12
    conditions = [high & ~much, high & much, ~high & much, ~high & ~much]
    names = np.select(conditions, list(QUADRANTS), "")
    return np.where(np.isfinite(share) & np.isfinite(impact), names, "")
