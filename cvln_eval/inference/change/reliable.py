"""Whether a person's change is more than the error of the scale."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.change.answers import CLUSTERED, default_method
from cvln_eval.inference.change.mcnemar import wilson_bounds
from cvln_eval.inference.change.means import clustered_mean, t_numbers
from cvln_eval.inference.change.occasions import NOBODY, Pairs, paired, read_scores, two_waves
from cvln_eval.inference.change.reliable_result import DOWN, UP, ReliableChange
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.measurement.scales.reliability import Reliability

__all__ = ["ReliableChange", "reliable_change"]

UNCHANGED = "unchanged"
DIRECTIONS = (UP, UNCHANGED, DOWN)
INDEPENDENT = "people independent, Wilson"
NO_SPREAD = "all scores of the earlier wave are alike, or there are fewer than two"
COLUMNS = (
    "scale",
    "from_wave",
    "wave",
    "verdict",
    "share_of_pairs",
    "conf_low",
    "conf_high",
    "conf_level",
    "n",
    "n_persons",
    "n_clusters",
    "n_left_out",
    "reliability",
    "sem",
    "least_change",
    "method",
    "reason",
)


def reliable_change(
    table: pd.DataFrame,
    *,
    waves: tuple[str, str],
    reliability: float | Reliability | Mapping[str, float | Reliability],
    outcome: str = "score",
    person: str = "person_id",
    wave: str = "wave",
    team: str | None = "team_id",
    conf_level: float = 0.95,
) -> ReliableChange:
    """Return who changed by more than the error of the scale: Jacobson and Truax's index.

    With the reliability r and s the standard deviation of all who answered in the earlier wave, the
    standard error of measurement is SEM = s sqrt(1 - r), that of a difference sqrt(2) SEM, and the
    index is the change divided by it. A change is reliable where the index is beyond the normal
    quantile, 1.96 at 95%: of people who did not change at all, one in twenty shows one by chance.

    Parameters
    ----------
    table : DataFrame
        As in `paired_change`.
    waves : tuple of str
        The earlier and the later wave.
    reliability : float, Reliability, or mapping of str to either
        A number from 0 to below 1, or what `cronbach_alpha` or `mcdonald_omega` returns; one for
        all scales or a scale each.
    outcome : str
        Column of the scores.
    person, wave : str
        Columns that say who, and when.
    team : str, optional
        Column of the teams; None for people as independent only.
    conf_level : float
        Level of the index and of the intervals of the shares.

    Returns
    -------
    ReliableChange
        `tidy` has `scale, from_wave, wave, verdict, share_of_pairs, conf_low, conf_high,
        conf_level, n, n_persons, n_clusters, n_left_out, reliability, sem, least_change, method,
        reason`, each verdict (up, unchanged, down) with Wilson's interval, people independent, and
        with teams as
        clusters (CR2, cut at 0 and 1); `people()` has `scale, person_id, team_id, score_before,
        score_after, change, change_index, verdict`. The intervals take the reliability as known.
        Who answered in one wave only is left out and counted. Where the scores of the earlier wave
        do not vary there is no index, with the reason; a share of 0 or 1 has no clustered interval.
        Scores at the top of the scale cannot rise: compare `item_distribution`.

    Raises
    ------
    ArgumentError
        As `paired_change`, or if a scale has no reliability or it is not from 0 to below 1.

    References
    ----------
    Jacobson, N. S., & Truax, P. (1991). Clinical significance: A statistical approach to defining
    meaningful change in psychotherapy research. Journal of Consulting and Clinical Psychology, 59,
    12-19, p. 14.

    Examples
    --------
    >>> scores = pd.DataFrame({"person_id": list("pqrs") * 2, "wave": ["y1"] * 4 + ["y2"] * 4,
    ...                        "score": [3, 4, 2, 3, 4, 4, 4, 3]})
    >>> found = reliable_change(scores, waves=("y1", "y2"), reliability=0.8, team=None)
    >>> found.people()["verdict"].tolist()  # SEM .816 sqrt(.2) = .365; 1.96 sqrt(2) .365 = 1.01
    ['unchanged', 'unchanged', 'up', 'unchanged']
    """
    refuse_level(conf_level)
    rows = read_scores(table, outcome=outcome, person=person, wave=wave, team=team)
    ends = two_waves(rows, waves)
    everyone = paired(rows, ends, teams=team is not None)
    known = _known(reliability, [pairs.scale for pairs in everyone])
    found, people = [], []
    for pairs in everyone:
        first = rows[(rows["scale"] == pairs.scale) & (rows["wave"] == ends[0])]["score"].dropna()
        index = _Index(first.to_numpy(dtype=float), known[pairs.scale], conf_level)
        people.append(index.people(pairs))
        found += _rows(pairs, index, people[-1]["verdict"].to_numpy(), conf_level)
    shares = pd.DataFrame(found, columns=list(COLUMNS))
    changes = pd.concat(people, ignore_index=True)
    return ReliableChange(shares, changes, default_method(team, INDEPENDENT))


def _known(
    reliability: float | Reliability | Mapping[str, float | Reliability], scales: list[str]
) -> dict[str, float]:
    given = reliability if isinstance(reliability, Mapping) else dict.fromkeys(scales, reliability)
    absent = [scale for scale in scales if scale not in given]
    if absent:
        raise ArgumentError(
            "A scale has no reliability", expected=shown(scales), seen=shown(absent)
        )
    return {scale: _number(given[scale]) for scale in scales}


def _number(given: float | Reliability) -> float:
    value = given.estimate if isinstance(given, Reliability) else given
    if not isinstance(value, float | int | np.number) or not 0 <= value < 1:
        raise ArgumentError(
            "A reliability is a number from 0 to below 1",
            expected="such as 0.85, or what `cronbach_alpha` returns",
            seen=repr(value),
        )
    return float(value)


class _Index:
    """The error of a scale in its earlier wave, and what it makes of a change."""

    def __init__(self, first: np.ndarray, reliability: float, conf_level: float) -> None:
        spread = float(first.std(ddof=1)) if len(first) > 1 and np.ptp(first) > 0 else math.nan
        self.reliability, self.sem = reliability, spread * math.sqrt(1 - reliability)
        self.quantile = float(stats.norm.ppf((1 + conf_level) / 2))

    @property
    def least_change(self) -> float:
        """The change beyond which the index is beyond its quantile."""
        return self.quantile * math.sqrt(2) * self.sem

    def people(self, pairs: Pairs) -> pd.DataFrame:
        """Return one row a person: scores, change, index and verdict."""
        index = pairs.changes / (math.sqrt(2) * self.sem)
        verdict = np.select([index > self.quantile, index < -self.quantile], [UP, DOWN], UNCHANGED)
        return pd.DataFrame(
            {
                "scale": pairs.scale,
                "person_id": pairs.persons,
                "team_id": "" if pairs.teams is None else pairs.teams,
                "score_before": pairs.first,
                "score_after": pairs.last,
                "change": pairs.changes,
                "change_index": index,
                "verdict": np.where(np.isnan(index), "", verdict),
            }
        )


def _rows(
    pairs: Pairs, index: _Index, verdicts: np.ndarray, conf_level: float
) -> list[dict[str, object]]:
    same = pairs.named() | {
        "conf_level": conf_level,
        "n_persons": len(verdicts),
        "n_clusters": math.nan if pairs.teams is None else len(np.unique(pairs.teams)),
        "n_left_out": pairs.n_left_out,
        "reliability": index.reliability,
        "sem": index.sem,
        "least_change": index.least_change,
    }
    missing = NOBODY if not len(verdicts) else (NO_SPREAD if math.isnan(index.sem) else "")
    return [
        same | {"verdict": verdict, "n": int((verdicts == verdict).sum())} | row
        for verdict in DIRECTIONS
        for row in _shares(pairs, (verdicts == verdict).astype(float), missing, conf_level)
    ]


def _shares(
    pairs: Pairs, has: np.ndarray, missing: str, conf_level: float
) -> list[dict[str, object]]:
    methods = [INDEPENDENT] + ([CLUSTERED] if pairs.teams is not None else [])
    if missing:
        return [{"share_of_pairs": math.nan, "method": name, "reason": missing} for name in methods]
    same = {"share_of_pairs": float(has.mean())}
    low, high = wilson_bounds(int(has.sum()), len(has), conf_level)
    rows = [{"conf_low": low, "conf_high": high, "method": INDEPENDENT, "reason": ""}]
    if pairs.teams is not None:
        codes = np.unique(pairs.teams, return_inverse=True)[1]
        mean = clustered_mean(has, codes, noun="verdicts")
        bounds = t_numbers(mean, conf_level)
        ends = {end: float(np.clip(bounds[end], 0.0, 1.0)) for end in ("conf_low", "conf_high")}
        rows.append(ends | {"method": CLUSTERED, "reason": mean.reason})
    return [same | row for row in rows]
