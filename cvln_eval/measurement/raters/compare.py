"""All suitable coefficients of agreement side by side, for everything or by criterion."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.raters.beyond import agreement_beyond_chance, named, without_estimate
from cvln_eval.measurement.raters.chance import (
    brennan_prediger_chance,
    conger_chance,
    fleiss_chance,
    gwet_chance,
    no_chance,
)
from cvln_eval.measurement.raters.cohen import cohen_of
from cvln_eval.measurement.raters.icc import icc_of
from cvln_eval.measurement.raters.krippendorff import LEVELS, PAIRABLE, alpha_of
from cvln_eval.measurement.raters.ratings import (
    RatingMatrix,
    named_columns,
    rating_matrix,
    why_no_agreement,
)
from cvln_eval.measurement.tables import need_columns
from cvln_eval.results import Result, count, level_in_words, number, proportion

__all__ = ["RaterAgreement", "rater_agreement"]

WEIGHTS_OF = {
    "nominal": "none",
    "ordinal": "ordinal",
    "interval": "quadratic",
    "ratio": "quadratic",
}
CHANCES = {
    "Fleiss' kappa": fleiss_chance,
    "Conger's kappa": conger_chance,
    "Brennan and Prediger's coefficient": brennan_prediger_chance,
}
SHARED = ("estimate", "std_error", "conf_low", "conf_high", "conf_level", "method")
COLUMNS = (
    "coefficient",
    "weights",
    *SHARED,
    "agreement_observed",
    "agreement_expected",
    "n_units",
    "n_units_left_out",
    "n_raters",
    "n_raters_left_out",
    "n_ratings",
    "missing",
    "reason",
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RaterAgreement(Result):
    """Coefficients of agreement side by side; see `rater_agreement`.

    Attributes
    ----------
    by : tuple of str
        Columns that name a group; none for everything together.
    level : str
        Level of measurement.
    table : DataFrame
        One row a group and coefficient.
    """

    by: tuple[str, ...]
    level: str
    table: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a group and coefficient."""
        return self.table.copy()

    def _alphas(self) -> pd.DataFrame:
        return self.table[self.table["coefficient"] == f"Krippendorff's alpha ({self.level})"]

    def glance(self) -> pd.DataFrame:
        """Return one row: how many groups, and the lowest and highest Krippendorff's alpha."""
        alphas = self._alphas()
        found = alphas["estimate"]
        return pd.DataFrame(
            {
                "coefficient": alphas["coefficient"].iloc[:1].tolist(),
                "n_groups": [len(alphas)],
                "n_groups_without": [int(found.isna().sum())],
                "estimate_min": [float(found.min())],
                "estimate_max": [float(found.max())],
                "n_ratings": [int(alphas["n_ratings"].sum())],
                "reason": ["" if found.notna().any() else alphas["reason"].iloc[0]],
            }
        )

    def sentence(self) -> str:
        """Return Krippendorff's alpha, and its range over the groups where there are groups."""
        row = self.glance().iloc[0]
        if row["reason"]:
            return f"{row['coefficient']} is not available: {row['reason']}."
        return self._of_groups(row) if self.by else self._of_all()

    def _of_all(self) -> str:
        alpha, share = self._alphas().iloc[0], self.table.iloc[0]
        interval = f"[{number(alpha['conf_low'])}, {number(alpha['conf_high'])}]"
        interval = f"{level_in_words(alpha['conf_level'])} CI {interval}"
        if alpha["reason"]:
            interval = f"no interval: {alpha['reason']}"
        return (
            f"{count(int(alpha['n_raters']), 'rater')} of {count(int(alpha['n_units']), 'unit')} "
            f"said the same in {proportion(share['estimate'])} of pairs; {alpha['coefficient']} "
            f"was {number(alpha['estimate'])}, {interval}."
        )

    def _of_groups(self, row: pd.Series) -> str:
        alphas = self._alphas().dropna(subset="estimate").sort_values("estimate", kind="stable")
        low, high = alphas.iloc[0], alphas.iloc[-1]
        without = int(row["n_groups_without"])
        left = f"; {count(without, 'group')} had none" if without else ""
        return (
            f"Over {count(int(row['n_groups']), 'group')} ({', '.join(self.by)}), "
            f"{row['coefficient']} ran from {number(low['estimate'])} ({self._name(low)}, "
            f"{count(int(low['n_units']), 'unit')}) to {number(high['estimate'])} "
            f"({self._name(high)}, {count(int(high['n_units']), 'unit')}){left}."
        )

    def _name(self, row: pd.Series) -> str:
        return ", ".join(str(row[name]) for name in self.by)


def rater_agreement(
    ratings: pd.DataFrame,
    *,
    unit: str | Sequence[str],
    rater: str = "rater_id",
    score: str = "score",
    level: str,
    by: str | Sequence[str] = (),
    categories: Sequence[object] | None = None,
    conf_level: float = 0.95,
    n_boot: int = 2000,
    rng: int | np.random.Generator = 0,
) -> RaterAgreement:
    """Put the coefficients of agreement that suit the level of measurement side by side.

    Percent agreement, Cohen's, Fleiss' and Conger's kappa, Brennan and Prediger's coefficient,
    Gwet's AC and Krippendorff's alpha: unweighted for nominal ratings, with ordinal weights for
    ordinal and quadratic weights for interval and ratio ones; for the latter two, single-rating
    intraclass correlations beside them. Each row is what the coefficient's own function says
    first: Gwet's linearisation, Cohen's large-sample error, Krippendorff's bootstrap over units.

    Parameters
    ----------
    ratings : DataFrame
        One row a rating; the study's `ratings` or `themes`, or any table of that shape.
    unit : str or sequence of str
        Column or columns that name what was rated.
    rater, score : str
        Columns of who rated and of the rating.
    level : {"nominal", "ordinal", "interval", "ratio"}
        What the ratings measure.
    by : str or sequence of str
        Columns that name groups to be looked at one by one, such as "criterion" or "theme".
    categories : sequence, optional
        All categories in their order; those seen in the group when left out, which changes
        Brennan and Prediger's and Gwet's coefficients from group to group.
    conf_level : float
        Level of the intervals.
    n_boot : int
        Resamples of units.
    rng : int or Generator
        Seed of the resamples; with an int, each group and coefficient uses the same.

    Returns
    -------
    RaterAgreement
        One row a group and coefficient, in the order of the text above. Percent agreement is that
        of units with two ratings or more, and has nothing to say of chance, so that its
        `agreement_expected` is nan; correlations have no
        agreement observed either. Cohen's kappa is nan with a reason where there are not two
        raters. Missing ratings, one rater, one category and perfect agreement are treated as the
        coefficients' own functions say.

    Raises
    ------
    ArgumentError
        If there is no such level, the table has no rows or lacks a column, a group is not named,
        or the ratings cannot be used, as the coefficients' own functions say.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame(
    ...     {
    ...         "team_id": [1, 2, 3, 4] * 2,
    ...         "rater_id": ["a"] * 4 + ["b"] * 4,
    ...         "score": [1, 2, 3, 3, 1, 2, 3, 4],
    ...     }
    ... )
    >>> found = rater_agreement(table, unit="team_id", level="ordinal", n_boot=200)
    >>> found.tidy()["estimate"].round(2).tolist()
    [0.75, 0.84, 0.84, 0.84, 0.87, 0.88, 0.91]
    """
    if level not in LEVELS:
        raise ArgumentError("No such level", expected=shown(LEVELS), seen=repr(level))
    groups = tuple(named_columns(by))
    numeric = level in ("interval", "ratio")
    rows = []
    for keys, part in _parts(ratings, groups):
        matrix = rating_matrix(
            part,
            unit=unit,
            rater=rater,
            score=score,
            categories=categories,
            ordered=level != "nominal",
            numeric=numeric,
        )
        table = _side_by_side(matrix, level, conf_level=conf_level, n_boot=n_boot, rng=rng)
        rows.append(table.assign(**keys)[[*groups, *COLUMNS]])
    return RaterAgreement(groups, level, pd.concat(rows, ignore_index=True))


def _parts(
    ratings: pd.DataFrame, groups: tuple[str, ...]
) -> Iterator[tuple[dict[str, Any], pd.DataFrame]]:
    need_columns(ratings, groups, table="ratings")
    unnamed = [name for name in groups if ratings[name].isna().any()]
    if unnamed or ratings.empty:
        raise ArgumentError(
            "There is no group to look at" if ratings.empty else "A rating is in no group",
            expected=f"rows with a value of {shown(groups)}" if groups else "rows",
            seen=f"missing values of {shown(unnamed)}" if unnamed else "an empty table",
        )
    if not groups:
        yield {}, ratings
        return
    for values, part in ratings.groupby(list(groups), sort=True, observed=True):
        yield dict(zip(groups, values, strict=True)), part


def _side_by_side(
    matrix: RatingMatrix,
    level: str,
    *,
    conf_level: float,
    n_boot: int,
    rng: int | np.random.Generator,
) -> pd.DataFrame:
    weights = WEIGHTS_OF[level]
    ac = "Gwet's AC1" if weights == "none" else named("Gwet's AC2", weights)
    chances = [("Percent agreement", "none", no_chance, _with_pairs(matrix))]
    chances += [(named(name, weights), weights, chance, matrix) for name, chance in CHANCES.items()]
    chances += [(ac, weights, gwet_chance, matrix)]
    found = [
        agreement_beyond_chance(
            part,
            chance,
            coefficient=name,
            weights=used,
            conf_level=conf_level,
            n_boot=n_boot,
            rng=rng,
        )
        for name, used, chance, part in chances
    ]
    # Without chance in its formula, 0 is what it is computed with and not what anybody expects.
    found[0] = replace(found[0], agreement_expected=math.nan, missing=PAIRABLE)
    if len(matrix.raters) > 2:
        why = f"Cohen's kappa compares two raters; there are {len(matrix.raters)}"
        cohen = without_estimate(matrix, named("Cohen's kappa", weights), weights, conf_level, why)
    else:
        cohen = cohen_of(matrix, weights=weights, conf_level=conf_level, n_boot=n_boot, rng=rng)
    alpha = alpha_of(matrix, level=level, conf_level=conf_level, n_boot=n_boot, rng=rng)
    frames = [one.tidy().iloc[:1] for one in (found[0], cohen, *found[1:], alpha)]
    if level in ("interval", "ratio"):
        frames.append(_correlations(matrix, conf_level))
    return pd.concat(frames, ignore_index=True)


def _with_pairs(matrix: RatingMatrix) -> RatingMatrix:
    """Return the units with a pair of ratings, where there are such units.

    The use of the categories does not matter here, and Gwet's error would take units without a
    pair for units without agreement.
    """
    if why_no_agreement(matrix):
        return matrix
    return matrix.of_units(matrix.rated.sum(axis=1) > 1)


def _correlations(matrix: RatingMatrix, conf_level: float) -> pd.DataFrame:
    """Return the intraclass correlations of single ratings in the columns of the others."""
    single = icc_of(matrix, conf_level=conf_level).tidy().iloc[:3]
    absent = single["estimate"].isna() | single["conf_low"].isna()
    return single.assign(
        weights="quadratic",
        agreement_observed=np.nan,
        agreement_expected=np.nan,
        # What the correlation says of its F test has no place here.
        reason=single["reason"].where(absent, ""),
    )
