"""Which items are probably keyed the wrong way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import shown
from cvln_eval.measurement.bootstrap import bootstrap, percentile_interval
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.measurement.scales.covariance import correlations, covariances, keep_people
from cvln_eval.measurement.scales.items import item_rest
from cvln_eval.results import Result, count, level_in_words

__all__ = ["KeyCheck", "check_keys"]

AS_KEYED, WRONG, UNCLEAR, NOT_KNOWN = "as keyed", "probably wrong", "unclear", "not known"
# With fewer people, resamples repeat the same few and their intervals are too narrow to judge by.
LEAST_PERSONS = 10
# Sums of loadings this near to 0, as a share of their absolute sum, leave the direction open.
LEAST_LEANING = 0.1


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class KeyCheck(Result):
    """Verdict on the key of each item of a scale; see `check_keys`.

    Attributes
    ----------
    rows : DataFrame
        One row an item.
    n_persons : int
        People who answered any item.
    conf_level : float
        Level of the intervals.
    """

    rows: pd.DataFrame
    n_persons: int
    conf_level: float

    @property
    def wrong(self) -> list[str]:
        """The items that are probably keyed the wrong way."""
        return list(self.rows.loc[self.rows["verdict"] == WRONG, "item"])

    def tidy(self) -> pd.DataFrame:
        """Return one row an item: correlation with the others, interval, verdict."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: how many items are as keyed, probably wrong, unclear, not known."""
        verdicts = self.rows["verdict"]
        reasons = [reason for reason in self.rows["reason"].unique() if reason]
        return pd.DataFrame(
            {
                "n_persons": [self.n_persons],
                "n_items": [len(self.rows)],
                "n_as_keyed": [int((verdicts == AS_KEYED).sum())],
                "n_wrong": [int((verdicts == WRONG).sum())],
                "n_unclear": [int((verdicts == UNCLEAR).sum())],
                "n_not_known": [int((verdicts == NOT_KNOWN).sum())],
                "wrong_items": [", ".join(map(str, self.wrong))],
                "conf_level": [self.conf_level],
                "reason": ["; ".join(reasons)],
            }
        )

    def sentence(self) -> str:
        """Name the items that are probably keyed the wrong way, or say that none is."""
        row = self.glance().iloc[0]
        items, people = count(len(self.rows), "item"), count(self.n_persons, "person", "people")
        if row["n_not_known"] == len(self.rows):
            return f"The keys of {items} cannot be checked: {row['reason']}."
        unclear = self.rows.loc[self.rows["verdict"] == UNCLEAR, "item"]
        more = f"; of {shown(unclear)} it cannot be said" if len(unclear) else ""
        level = f"{level_in_words(self.conf_level)} bootstrap intervals over {people}"
        if not self.wrong:
            return f"None of {items} is probably keyed the wrong way ({level}){more}."
        verb = "is" if len(self.wrong) == 1 else "are"
        return (
            f"{shown(self.wrong)} of {items} {verb} probably keyed the wrong way ({level}){more}."
        )


def check_keys(
    answers: pd.DataFrame,
    *,
    items: Sequence[str],
    conf_level: float = 0.90,
    n_boot: int = 2000,
    rng: int | np.random.Generator = 0,
) -> KeyCheck:
    """Name the items of a scale that are probably keyed the wrong way.

    The first principal component of the correlations, pointing where its loadings sum to more
    than 0, tells which way most of the items point. Each item is then correlated with the sum of
    the others, those with a negative loading reversed; each resample does both anew. An item is
    "probably wrong" where the whole percentile interval of this correlation, over resampled
    people, lies below 0; "unclear" where the correlation is negative and the interval reaches
    above 0; "as keyed" otherwise.

    Parameters
    ----------
    answers : DataFrame
        One row a person, one column an item, values as they are keyed now.
    items : sequence of str
        Columns of the items of one scale, at least three to tell anything.
    conf_level : float
        Level of the intervals. The question has one side: the upper bound of a 90% interval is
        exceeded by the truth one time in twenty.
    n_boot : int
        Resamples of people.
    rng : int or Generator
        Seed of the resamples.

    Returns
    -------
    KeyCheck
        `estimate` is the item-rest correlation. Covariances are over the people who
        answered both items; `n` counts the answers to the item. Verdicts are "not known" with a
        reason where there are fewer than three items (two that disagree do not tell which of
        them is wrong), fewer than ten people, an item without answers or with answers all alike,
        or loadings of both signs that balance.

    Raises
    ------
    ArgumentError
        If an item is no column, is named twice or is the only one, answers are not finite
        numbers, a person has several rows, or the level is not one.

    Notes
    -----
    Simulated with 41 people, five categories and one item of 3, 4 or 6 reversed, it was named in
    82% to 88% of samples where items loaded .55 to .6 on their factor, and one item of 3, 4 or 10
    in 55% to 66% where they loaded .45; another item was named beside it in at most 5%, and any
    item of a well keyed scale in at most 2%. Items that have next to nothing in common point
    nowhere: of ten unrelated ones, some are named in 14% of samples, so see alpha first. If half
    of the items are keyed the wrong way, it cannot be told which half.

    References
    ----------
    Revelle, W. (2009). An introduction to psychometric theory with applications in R, ch. 7.
    Efron, B., & Tibshirani, R. J. (1993). An introduction to the bootstrap, ch. 13.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> answers = pd.DataFrame(rng.normal(size=(41, 4)) + rng.normal(size=(41, 1)))
    >>> answers.columns = ["a", "b", "c", "d"]
    >>> check_keys(answers.assign(c=-answers["c"]), items=["a", "b", "c", "d"]).wrong
    ['c']
    """
    refuse_level(conf_level)
    kept = keep_people(answers, items, "pairwise")
    reason = kept.reason() or _too_few(len(kept.items), kept.n_persons)
    n = np.isfinite(kept.values).sum(axis=0)
    if reason:
        nothing = np.full(len(kept.items), np.nan)
        rows = _rows(kept.items, nothing, (nothing, nothing), n, reason)
        return KeyCheck(rows, kept.n_persons, conf_level)
    estimate, component = _item_rests(kept.values, kept.once)
    draws = bootstrap(
        lambda w: _item_rests(kept.values, w, along=component[0])[0],
        kept.n_persons,
        n_boot=n_boot,
        rng=rng,
    )
    bounds = percentile_interval(draws, conf_level=conf_level)
    rows = _rows(kept.items, estimate[0], bounds, n, _balanced(component[0]))
    return KeyCheck(rows, kept.n_persons, conf_level)


def _too_few(n_items: int, n_persons: int) -> str:
    if n_items < 3:
        return "two items do not tell which of them is wrong"
    return "" if n_persons >= LEAST_PERSONS else f"{n_persons} people, {LEAST_PERSONS} needed"


def _balanced(loading: np.ndarray) -> str:
    leaning = abs(loading.sum()) / np.abs(loading).sum()
    return "loadings of both signs balance" if leaning < LEAST_LEANING else ""


def _item_rests(
    values: np.ndarray, weights: np.ndarray, along: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return correlations with the others, each brought in line, and the component that does so.

    Each draw has a component of its own, pointing `along` a given one, so that the intervals
    carry the doubt about the direction of the other items too.
    """
    c = covariances(values, weights)
    component = _first_component(correlations(c), along)
    sign = np.where(component < 0, -1.0, 1.0)
    r: np.ndarray = item_rest(c * sign[..., :, None] * sign[..., None, :]) * sign
    return np.where(np.isfinite(component), r, np.nan), component


def _first_component(r: np.ndarray, along: np.ndarray | None) -> np.ndarray:
    """Return the vector of the first component, which sums to over 0 or points along another."""
    usable = np.isfinite(r).all(axis=(-2, -1))
    vector = np.linalg.eigh(np.where(usable[:, None, None], r, np.eye(r.shape[-1])))[1][..., -1]
    towards = vector.sum(axis=-1) if along is None else vector @ along
    vector = vector * np.where(towards < 0, -1, 1)[:, None]
    return np.where(usable[:, None], vector, np.nan)


def _rows(
    items: tuple[str, ...],
    estimate: np.ndarray,
    bounds: tuple[np.ndarray, np.ndarray],
    n: np.ndarray,
    reason: str,
) -> pd.DataFrame:
    low, high = bounds
    verdict = np.where(estimate >= 0, AS_KEYED, np.where(high < 0, WRONG, UNCLEAR))
    return pd.DataFrame(
        {
            "item": list(items),
            "estimate": estimate,
            "conf_low": low,
            "conf_high": high,
            "n": n,
            "verdict": NOT_KNOWN if reason else verdict,
            "reason": reason,
        }
    )
