"""Scale scores: the mean of the answered items, and by name how each was had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.answers import KEY, answer_table, response_range, scale_items
from cvln_eval.measurement.matrix import item_matrix
from cvln_eval.measurement.tables import need_columns
from cvln_eval.results import Result, count
from cvln_eval.study.codebook import Codebook

__all__ = ["ScaleScores", "chosen_scales", "scale_answers", "scale_score", "score_scales"]

COMPLETE, PERSON_MEAN, NOT_SCORED = "complete", "person mean", "not scored"
SCORE_COLUMNS = ("scale", "score", "n_items", "n_answered", "method", "reason")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ScaleScores(Result):
    """Scores of people on scales; see `score_scales`.

    Attributes
    ----------
    scores : DataFrame
        One row a person, wave and scale.
    min_share : float
        Share of the items that had to be answered.
    """

    scores: pd.DataFrame
    min_share: float

    def tidy(self) -> pd.DataFrame:
        """Return one row a person, wave and scale: score, items answered, how it was had."""
        return self.scores.copy()

    def summary(self) -> pd.DataFrame:
        """Return one row a scale and wave: how many were scored and how, mean and sd."""
        by = [name for name in ("scale", "wave") if name in self.scores]
        # Scales and waves keep the order in which they stand in the scores.
        rows = [
            dict(zip(by, key, strict=True)) | _counted(part)
            for key, part in self.scores.groupby(by, sort=False)
        ]
        return pd.DataFrame(rows)

    def glance(self) -> pd.DataFrame:
        """Return one row: scores had, and how many of them from some of the items only."""
        n_scales = self.scores["scale"].nunique()
        return pd.DataFrame(
            [{"n_scales": n_scales, "min_share": self.min_share} | _counted(self.scores)]
        ).drop(columns=["mean", "sd"])

    def sentence(self) -> str:
        """Return how many scores there are and how many rest on some of the items."""
        row = {k: int(value) for k, value in _counted(self.scores).items() if k[0] == "n"}
        scales = count(self.scores["scale"].nunique(), "scale")
        return (
            f"Of {count(row['n_persons'], 'score')} asked for on {scales}, {row['n']:,} could be "
            f"had: {row['n_complete']:,} from all items, {row['n_person_mean']:,} from the mean of "
            f"the items answered; {row['n_not_scored']:,} with answers to fewer than "
            f"{100 * self.min_share:g}% of the items were not scored."
        )


def _counted(part: pd.DataFrame) -> dict[str, float]:
    scored = part["score"].dropna()
    return {
        "n_persons": len(part),
        "n": len(scored),
        "n_complete": int((part["method"] == COMPLETE).sum()),
        "n_person_mean": int((part["method"] == PERSON_MEAN).sum()),
        "n_not_scored": int((part["method"] == NOT_SCORED).sum()),
        "mean": float(scored.mean()),
        "sd": float(scored.std()),
    }


def score_scales(
    responses: pd.DataFrame,
    *,
    codebook: Codebook,
    scales: Sequence[str] | None = None,
    min_share: float = 0.5,
) -> ScaleScores:
    """Score each person on each scale as the mean of the items that they answered.

    A person who answered at least `min_share` of the items gets the mean of those answered. That
    is to put the person's own mean in the place of the missing answers, and `method` says so.

    Parameters
    ----------
    responses : DataFrame
        The study's table: `wave`, `person_id`, `item`, `value` (keyed).
    codebook : Codebook
        The study's codebook.
    scales : sequence of str, optional
        Scales of the codebook; all of which an item was asked when left out.
    min_share : float
        Least share of a scale's items that has to be answered, above 0 and at most 1.

    Returns
    -------
    ScaleScores
        `method` is "complete", "person mean" or "not scored"; the last comes with a score of nan
        and a reason. An item that was not asked in a wave counts as not answered. People with no
        row for any item of a scale in a wave have no row here.

    Raises
    ------
    ArgumentError
        If a scale is not in the codebook or was never asked, its items do not share one range of
        answers, an answer lies outside of it or was given twice, or the share is not one.

    References
    ----------
    Schafer, J. L., & Graham, J. W. (2002). Missing data: Our view of the state of the art.
    Psychological Methods, 7, 147-177.

    Notes
    -----
    Where a score is had, it agrees with `psych::scoreItems(keys, x, impute = "none")`.
    """
    scored = [
        scale_score(
            scale_answers(responses, codebook, scale),
            items=scale_items(codebook, scale),
            scale=scale,
            min_share=min_share,
        ).scores
        for scale in chosen_scales(responses, codebook, scales)
    ]
    return ScaleScores(pd.concat(scored, ignore_index=True), min_share)


def chosen_scales(
    responses: pd.DataFrame, codebook: Codebook, scales: Sequence[str] | None
) -> list[str]:
    """Return the scales named, or all of which an item was asked, in the codebook's order."""
    need_columns(responses, (*KEY, "value"), table="responses")
    if scales is not None:
        named = [scales] if isinstance(scales, str) else list(scales)
    else:
        asked = set(responses["item"])
        named = list(dict.fromkeys(i.scale for i in codebook.items if i.item in asked))
    if not named or len(set(named)) < len(named):
        raise ArgumentError(
            "No scale to take, or one named twice",
            expected="scales of the codebook with answers, each once",
            seen=shown(named) or "none",
        )
    return named


def scale_answers(responses: pd.DataFrame, codebook: Codebook, scale: str) -> pd.DataFrame:
    """Return the answers to a scale with a column for each of its items, also those not asked."""
    items = scale_items(codebook, scale)
    response_range(codebook, items)
    asked = set(responses["item"])
    known = [name for name in items if name in asked] or items
    answers = answer_table(responses, codebook=codebook, items=known)
    return answers.reindex(columns=["wave", "person_id", *items])


def scale_score(
    answers: pd.DataFrame, *, items: Sequence[str], scale: str = "scale", min_share: float = 0.5
) -> ScaleScores:
    """Score each row of a table as the mean of the items answered, where enough of them are.

    Parameters
    ----------
    answers : DataFrame
        One row a person (and wave), one column an item, values keyed.
    items : sequence of str
        Columns of the items.
    scale : str
        Name of the scale in the result.
    min_share : float
        Least share of the items that has to be answered, above 0 and at most 1.

    Returns
    -------
    ScaleScores
        As `score_scales`, in the order of the rows given; of the other columns, `wave`,
        `person_id` and `team_id` are kept where they are.

    Raises
    ------
    ArgumentError
        If an item is no column or not a number, or the share is not one.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"person_id": ["p", "q"], "a": [4, None], "b": [5, 2.0]})
    >>> scale_score(answers, items=["a", "b"]).tidy()[["person_id", "score", "method"]]
      person_id  score       method
    0         p    4.5     complete
    1         q    2.0  person mean
    """
    if not 0 < min_share <= 1:
        raise ArgumentError(
            "A share of items lies above 0 and up to 1", expected="0.5", seen=repr(min_share)
        )
    values = item_matrix(answers, items)
    n_items, given = values.shape[1], np.isfinite(values)
    n_answered = given.sum(axis=1)
    # 0.56 * 25 comes out above 14 by rounding, and 14 of 25 are enough.
    enough = n_answered >= min_share * n_items - 1e-9
    mean = np.where(given, values, 0.0).sum(axis=1) / np.where(enough, n_answered, np.nan)
    method = np.where(n_answered == n_items, COMPLETE, np.where(enough, PERSON_MEAN, NOT_SCORED))
    ids = [name for name in ("wave", "person_id", "team_id") if name in answers]
    columns = dict(zip(SCORE_COLUMNS, (scale, mean, n_items, n_answered, method, ""), strict=True))
    scores = answers[ids].assign(**columns).reset_index(drop=True)
    short = f" of {count(n_items, 'item')} answered, below a share of {min_share:g}"
    scores.loc[~enough, "reason"] = [f"{n}{short}" for n in n_answered[~enough]]
    return ScaleScores(scores, min_share)
