"""The share of people at or above a cut, in two waves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.change.answers import (
    CLUSTERED,
    NAMED,
    TESTED,
    by_default,
    default_method,
)
from cvln_eval.inference.change.mcnemar import mcnemar_p, newcombe_interval, wilson_bounds
from cvln_eval.inference.change.means import clustered_mean, t_numbers
from cvln_eval.inference.change.occasions import NOBODY, Pairs, paired, read_scores, two_waves
from cvln_eval.inference.change.words import people_in_teams, with_sign
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.results import Result, level_in_words, p_in_words, proportion

__all__ = ["ShareChange", "share_change"]

BEFORE, AFTER, CHANGE = "share before", "share after", "change of the share"
MID_P, EXACT = "people independent, McNemar mid-p", "people independent, McNemar exact"
NULL = "crossing the cut upward and downward are equally likely"
NOBODY_CROSSED = "nobody crossed the cut"
COLUMNS = (
    *NAMED,
    "cut",
    "estimate",
    *TESTED,
    "n",
    "n_up",
    "n_down",
    "n_clusters",
    "n_left_out",
    "method",
    "null_hypothesis",
    "reason",
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ShareChange(Result):
    """Change of the share at or above a cut; see `share_change`.

    Attributes
    ----------
    rows : DataFrame
        One row a scale, quantity and method.
    default : str
        The method of the test that `tests` and the sentence use.
    """

    rows: pd.DataFrame
    default: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a scale, quantity and method."""
        return self.rows.copy()

    def tests(self) -> pd.DataFrame:
        """Return one row a scale: the change of its share by the default method."""
        return by_default(self.rows, CHANGE, self.default)

    def glance(self) -> pd.DataFrame:
        """Return one row: scales, the fewest people, tests without a p value."""
        tests = self.tests()
        return pd.DataFrame(
            {
                "from_wave": [tests["from_wave"].iloc[0]],
                "wave": [tests["wave"].iloc[0]],
                "n_scales": [len(tests)],
                "n_fewest": [int(tests["n"].min())],
                "n_not_known": [int(tests["p_value"].isna().sum())],
                "method": [self.default],
            }
        )

    def sentence(self) -> str:
        """Return both shares of each scale and their change."""
        return " ".join(self._of(row) for _, row in self.tests().iterrows())

    def _of(self, row: pd.Series) -> str:
        of = f"The share with {row['scale']} of {row['cut']:g} or more"
        waves = f"from {row['from_wave']} to {row['wave']}"
        own = self.rows[self.rows["scale"] == row["scale"]].set_index("quantity")["estimate"]
        if math.isnan(row["estimate"]):
            return f"{of} {waves} is not available: {row['reason']}."
        who = people_in_teams(int(row["n"]), row["n_clusters"])
        return (
            f"{of} was {proportion(own[BEFORE])} in {row['from_wave']} and "
            f"{proportion(own[AFTER])} in {row['wave']} of the {who} who answered in both waves "
            f"({row['n_up']} up, {row['n_down']} down; change {with_sign(100 * row['estimate'])} "
            f"percentage points, {_interval(row)})."
        )


def _interval(row: pd.Series) -> str:
    if math.isnan(row["conf_low"]):
        return f"no interval: {row['reason']}"
    low, high = (with_sign(100 * row[name]) for name in ("conf_low", "conf_high"))
    p = "" if math.isnan(row["p_value"]) else f", {p_in_words(row['p_value'])}"
    return f"{level_in_words(row['conf_level'])} CI [{low}, {high}]{p}; {row['method']}"


def share_change(
    table: pd.DataFrame,
    *,
    waves: tuple[str, str],
    cut: float | Mapping[str, float],
    outcome: str = "score",
    person: str = "person_id",
    wave: str = "wave",
    team: str | None = "team_id",
    conf_level: float = 0.95,
) -> ShareChange:
    """Compare the share of people at or above a cut in two waves, among those who answered both.

    Each wave's share has Wilson's interval. Their difference has, with people independent,
    Newcombe's interval by squares (method 10) and McNemar's test, exact and mid-p, of those who
    crossed the cut; with teams as clusters, the mean of +1 (up), -1 (down) and 0 with the CR2 error
    and Satterthwaite's degrees of freedom, its interval cut at -1 and 1. Newcombe's interval is no
    inversion of McNemar's test: near the level one may include 0 where the other rejects.

    Parameters
    ----------
    table : DataFrame
        As in `paired_change`.
    waves : tuple of str
        The earlier and the later wave.
    cut : float, or mapping of str to float
        Least score that counts, for all scales or a scale each.
    outcome : str
        Column of the scores.
    person, wave : str
        Columns that say who, and when.
    team : str, optional
        Column of the teams; None for people as independent only.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    ShareChange
        `tidy` has `scale, quantity, from_wave, wave, cut, estimate, std_error, statistic, df,
        p_value, smallest_p, conf_low, conf_high, conf_level, n, n_up, n_down, n_clusters,
        n_left_out, method, null_hypothesis, reason`. With m people who crossed, no exact p is
        below 2 / 2^m and no mid-p below half of that (`smallest_p`). Where nobody crossed there is
        no test, and where all went the same way, or there is one team, no clustered error. A score
        equal to the cut counts as above it.

    Raises
    ------
    ArgumentError
        As `paired_change`, or if a scale has no cut.

    References
    ----------
    Newcombe, R. G. (1998). Improved confidence intervals for the difference between binomial
    proportions based on paired data. Statistics in Medicine, 17, 2635-2650.
    Fagerland, M. W., Lydersen, S., & Laake, P. (2013). The McNemar test for binary matched-pairs
    data. BMC Medical Research Methodology, 13, 91.

    Notes
    -----
    The exact p agrees with `binom.test` of those who crossed, which is the exact McNemar test.

    Examples
    --------
    >>> scores = pd.DataFrame({"person_id": list("pqrs") * 2, "wave": ["y1"] * 4 + ["y2"] * 4,
    ...                        "score": [3, 4, 2, 3, 4, 4, 4, 3]})
    >>> rows = share_change(scores, waves=("y1", "y2"), cut=4, team=None).tidy()
    >>> rows["estimate"].tolist()
    [0.25, 0.75, 0.5, 0.5]
    """
    refuse_level(conf_level)
    rows = read_scores(table, outcome=outcome, person=person, wave=wave, team=team)
    everyone = paired(rows, two_waves(rows, waves), teams=team is not None)
    cuts = _cuts(cut, [pairs.scale for pairs in everyone])
    found = [row for pairs in everyone for row in _rows(pairs, cuts[pairs.scale], conf_level)]
    return ShareChange(pd.DataFrame(found, columns=list(COLUMNS)), default_method(team, MID_P))


def _cuts(cut: float | Mapping[str, float], scales: list[str]) -> dict[str, float]:
    if not isinstance(cut, Mapping):
        return dict.fromkeys(scales, float(cut))
    absent = [scale for scale in scales if scale not in cut]
    if absent:
        raise ArgumentError("A scale has no cut", expected=shown(scales), seen=shown(absent))
    return {scale: float(cut[scale]) for scale in scales}


def _rows(pairs: Pairs, cut: float, conf_level: float) -> list[dict[str, object]]:
    before, after = pairs.first >= cut, pairs.last >= cut
    up, down = int((after & ~before).sum()), int((before & ~after).sum())
    n, both = len(before), int((before & after).sum())
    same = pairs.named() | {
        "cut": cut,
        "conf_level": conf_level,
        "n": n,
        "n_up": up,
        "n_down": down,
        "n_clusters": math.nan if pairs.teams is None else len(np.unique(pairs.teams)),
        "n_left_out": pairs.n_left_out,
    }
    rows = [
        _share(BEFORE, both + down, n, conf_level),
        _share(AFTER, both + up, n, conf_level),
        *_changes(both, up, down, n, conf_level),
        *_clustered(pairs, after.astype(float) - before, conf_level),
    ]
    return [same | row for row in rows]


def _share(quantity: str, count: int, n: int, conf_level: float) -> dict[str, object]:
    low, high = wilson_bounds(count, n, conf_level)
    return {
        "quantity": quantity,
        "estimate": count / n if n else math.nan,
        "conf_low": low,
        "conf_high": high,
        "method": "people independent, Wilson",
        "null_hypothesis": "",
        "reason": "" if n else NOBODY,
    }


def _changes(both: int, up: int, down: int, n: int, conf_level: float) -> list[dict[str, object]]:
    low, high = newcombe_interval(both, up, down, n - both - up - down, conf_level)
    exact, mid = mcnemar_p(up, down)
    smallest = min(1.0, math.ldexp(1.0, 1 - up - down)) if up + down else math.nan
    same = {
        "quantity": CHANGE,
        "estimate": (up - down) / n if n else math.nan,
        "conf_low": low,
        "conf_high": high,
        "null_hypothesis": NULL,
        "reason": "" if up + down else (f"no test: {NOBODY_CROSSED}" if n else NOBODY),
    }
    return [
        same | {"p_value": mid, "smallest_p": smallest / 2, "method": MID_P},
        same | {"p_value": exact, "smallest_p": smallest, "method": EXACT},
    ]


def _clustered(pairs: Pairs, crossed: np.ndarray, conf_level: float) -> list[dict[str, object]]:
    if pairs.teams is None:
        return []
    mean = clustered_mean(crossed, np.unique(pairs.teams, return_inverse=True)[1])
    found = t_numbers(mean, conf_level)
    bounds = {name: float(np.clip(found[name], -1.0, 1.0)) for name in ("conf_low", "conf_high")}
    row = {"quantity": CHANGE, "estimate": mean.estimate, "smallest_p": 0.0, "method": CLUSTERED}
    reason = mean.reason if len(crossed) else NOBODY
    return [row | found | bounds | {"null_hypothesis": "the share is the same", "reason": reason}]
