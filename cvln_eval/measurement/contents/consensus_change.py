"""Whether consensus grew from one wave to another, among all and among those who stayed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.contents.dispersion import (
    centred_ranks,
    weighted_consensus,
    weighted_w,
)
from cvln_eval.measurement.contents.long_tables import refuse_repeated
from cvln_eval.measurement.matrix import item_matrix, refuse_level, refuse_out_of_range
from cvln_eval.measurement.resampled import LEAST_PEOPLE, bca_intervals
from cvln_eval.measurement.tables import need_columns
from cvln_eval.resampling import generator
from cvln_eval.results import Result, count, level_in_words, number

__all__ = ["ConsensusChange", "consensus_change"]

MEAN_OF_ALL = "mean of all values"
ORDER = "order of the values"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ConsensusChange(Result):
    """Change of consensus between two waves; see `consensus_change`.

    Attributes
    ----------
    changes : DataFrame
        One row a group of people and value.
    stayers : tuple of str
        Who answered in both waves.
    from_wave, wave : str
        The two waves.
    conf_level : float
        Level of the intervals.
    """

    changes: pd.DataFrame
    stayers: tuple[str, ...]
    from_wave: str
    wave: str
    conf_level: float

    def tidy(self) -> pd.DataFrame:
        """Return one row a group (all, stayers), measure and value."""
        return self.changes.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: the waves, the people in each, and those in both."""
        all_ = self._mean_of("all")
        return pd.DataFrame(
            {
                "from_wave": [self.from_wave],
                "wave": [self.wave],
                "n_before": [int(all_["n_before"])],
                "n": [int(all_["n"])],
                "n_stayers": [len(self.stayers)],
                "conf_level": [self.conf_level],
            }
        )

    def sentence(self) -> str:
        """Return the change of the mean consensus, of all and of those who stayed."""
        said = [_in_words(self._mean_of(name), self.conf_level) for name in ("all", "stayers")]
        stayers = count(len(self.stayers), "person", "people")
        return (
            f"From {self.from_wave} to {self.wave}, the mean consensus over the values "
            f"{said[0]}; among the {stayers} who answered in both waves it {said[1]}."
        )

    def _mean_of(self, among: str) -> pd.Series:
        rows = self.changes[self.changes["item"] == MEAN_OF_ALL]
        return rows[rows["among"] == among].iloc[0]


def _in_words(row: pd.Series, conf_level: float) -> str:
    if math.isnan(row["change"]):
        return f"is not available ({row['reason']})"
    if math.isnan(row["conf_low"]):
        ends = f"{number(row['estimate_before'])} to {number(row['estimate'])}"
        return f"went from {ends} ({row['reason']})"
    return (
        f"went from {number(row['estimate_before'])} to {number(row['estimate'])} (change "
        f"{row['change']:+z.2f}, {level_in_words(conf_level)} CI [{number(row['conf_low'])}, "
        f"{number(row['conf_high'])}])"
    )


def consensus_change(
    answers: pd.DataFrame,
    *,
    items: Sequence[str],
    response_range: tuple[float, float],
    waves: tuple[str, str],
    person: str = "person_id",
    wave: str = "wave",
    conf_level: float = 0.95,
    n_boot: int = 2000,
    rng: int | np.random.Generator = 0,
) -> ConsensusChange:
    """Compare consensus on values in two waves, for everybody and for those who were there twice.

    The measures are those of `values_consensus`: consensus per value, its mean over the values,
    and Kendall's W over people who rated every value. The interval is bias-corrected and
    accelerated, over people drawn with replacement, a person with both of their waves, so that
    answers of one person stay together. "all" mixes change with who came and left; "stayers" does
    not.

    Parameters
    ----------
    answers : DataFrame
        One row a person and wave, one column a value.
    items : sequence of str
        The columns of the values, at least two.
    response_range : tuple of float
        Lowest and highest answer that the scale allows.
    waves : tuple of str
        The earlier and the later wave.
    person, wave : str
        Columns that say who answered, and when.
    conf_level : float
        Level of the intervals.
    n_boot : int
        Resamples of people.
    rng : int or Generator
        Seed.

    Returns
    -------
    ConsensusChange
        `tidy` has `among, measure, item, from_wave, wave, n_before, n, estimate_before, estimate,
        change, conf_low, conf_high, reason`. Missing answers are left out value by value, for
        stayers too; a group with fewer than two people in a wave has nan with a reason, and so
        has the mean of all values where one of them has fewer than two answers. With fewer than
        five people in a wave there is no interval.

    Raises
    ------
    ArgumentError
        If a wave does not occur, a value is not a column, an answer is outside the range, or a
        person stands twice in a wave.

    Examples
    --------
    >>> said = pd.DataFrame({"wave": ["a"] * 3 + ["b"] * 3, "person_id": list("xyz") * 2,
    ...                      "trust": [1, 4, 7, 5, 6, 5], "data": [2, 7, 1, 4, 4, 5]})
    >>> change = consensus_change(said, items=["trust", "data"], response_range=(1, 7),
    ...                           waves=("a", "b"), n_boot=50)
    >>> bool((change.tidy().query("measure == 'consensus'")["change"] > 0).all())
    True
    """
    refuse_level(conf_level)
    need_columns(answers, [person, wave], table="answers")
    item_matrix(answers, items, at_least=2)
    refuse_out_of_range(answers, items, response_range)
    refuse_repeated(answers, [wave, person], what="wave and person")
    before, after = _two_waves(answers, list(items), waves, person, wave)
    stayers = before.index.intersection(after.index)
    groups = {"all": before.index.union(after.index), "stayers": stayers}
    streams = generator(rng).spawn(len(groups))
    parts = []
    for (name, who), stream in zip(groups.items(), streams, strict=True):
        pair = [part.reindex(who).to_numpy() for part in (before, after)]
        part = _changes(pair, list(items), response_range, conf_level, n_boot, stream)
        part.insert(0, "among", name)
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    table.insert(3, "from_wave", waves[0])
    table.insert(4, "wave", waves[1])
    return ConsensusChange(table, tuple(stayers), *waves, conf_level)


def _two_waves(
    answers: pd.DataFrame, items: list[str], waves: tuple[str, str], person: str, wave: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    present = set(answers[wave].astype("str"))
    if len(waves) != 2 or waves[0] == waves[1] or not present.issuperset(waves):
        raise ArgumentError(
            "Two different waves of the table are compared",
            expected=shown(sorted(present)),
            seen=shown(waves),
        )
    first, last = (answers[answers[wave].astype("str") == one] for one in waves)
    return (
        first.set_index(first[person].astype("str"))[items].astype(float),
        last.set_index(last[person].astype("str"))[items].astype(float),
    )


def _changes(
    pair: list[np.ndarray],
    items: list[str],
    response_range: tuple[float, float],
    conf_level: float,
    n_boot: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    waves = [_Wave(part, response_range) for part in pair]
    sizes = np.array([one.sizes() for one in waves])
    n, width = len(pair[0]), len(items) + 2
    found, each = np.full((3, width), np.nan), np.full((2, width), np.nan)
    if n:
        found = bca_intervals(
            lambda w: waves[1].measures(w) - waves[0].measures(w),
            n,
            conf_level=conf_level,
            n_boot=n_boot,
            rng=rng,
        )
        each = np.vstack([one.measures(np.ones((1, n)))[0] for one in waves])
    # One answer alone has a consensus of 1, which would enter the mean of all values.
    fewest, behind = sizes.min(axis=0), sizes.copy()
    behind[:, -2] = sizes[:, :-2].min(axis=1)
    each = np.where(behind > 1, each, np.nan)
    found = np.where(np.isfinite(each).all(axis=0), found, np.nan)
    found[1:, behind.min(axis=0) < LEAST_PEOPLE] = np.nan
    return pd.DataFrame(
        {
            "measure": ["consensus"] * (len(items) + 1) + ["kendall_w"],
            "item": [*items, MEAN_OF_ALL, ORDER],
            "n_before": sizes[0],
            "n": sizes[1],
            "estimate_before": each[0],
            "estimate": each[1],
            "change": found[0],
            "conf_low": found[1],
            "conf_high": found[2],
            "reason": [
                _reason(*one) for one in zip(fewest, behind.min(axis=0), *found[:2], strict=True)
            ],
        }
    )


def _reason(n: int, behind: int, change: float, low: float) -> str:
    if n < 2:
        return "fewer than two people in a wave"
    if math.isnan(change):
        return "a value has fewer than two answers, or nobody orders the values"
    if behind < LEAST_PEOPLE:
        return "no interval: fewer than five people in a wave"
    return "no interval: all draws are alike" if math.isnan(low) else ""


class _Wave:
    """The answers of one wave, over the people of both waves: nan for who was not there."""

    def __init__(self, matrix: np.ndarray, response_range: tuple[float, float]) -> None:
        self.matrix, self.response_range = matrix, response_range
        self.complete = np.isfinite(matrix).all(axis=1)
        self.ranks = centred_ranks(np.where(self.complete[:, None], matrix, 0.0))

    def measures(self, weights: np.ndarray) -> np.ndarray:
        """Return consensus of each value, their mean, and W, one row a draw."""
        each = weighted_consensus(weights, self.matrix, response_range=self.response_range)
        order = weighted_w(weights * self.complete, self.ranks)
        return np.column_stack([each, each.mean(axis=1), order])

    def sizes(self) -> list[int]:
        """Return the people behind each of the measures."""
        known = np.isfinite(self.matrix)
        everything = [int(known.any(axis=1).sum()), int(self.complete.sum())]
        return [*known.sum(axis=0).tolist(), *everything]
