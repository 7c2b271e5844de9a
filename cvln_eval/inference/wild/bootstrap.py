"""Wild cluster bootstrap tests of regression coefficients."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.design import ClusterDesign, cluster_design
from cvln_eval.inference.wild.confidence import confidence_set
from cvln_eval.inference.wild.drawing import Drawing
from cvln_eval.inference.wild.draws import wild_draws
from cvln_eval.inference.wild.joint import wild_test
from cvln_eval.inference.wild.result import WildBootstrap
from cvln_eval.inference.wild.treated import few_treated, warn_of_few_treated
from cvln_eval.inference.wild.wording import method_in_words, why_infinite
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.measurement.tables import names_in

__all__ = ["wild_bootstrap"]


def wild_bootstrap(
    table: pd.DataFrame,
    *,
    formula: str,
    term: str | Sequence[str],
    cluster: str = "team_id",
    weights: str | None = None,
    null_value: float | Sequence[float] = 0.0,
    draws: str = "rademacher",
    impose_null: bool = True,
    n_draws: int = 9999,
    conf_level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> WildBootstrap:
    """Test coefficients by a wild bootstrap of clusters, which keeps few clusters honest.

    Residuals u of the fit with the null imposed (else of the free fit) are multiplied by v_g,
    the same number for all rows of cluster g, and fitted anew; the statistic is
    t = (b - null value) / SE, or the Wald statistic, with the CR1 variance. The factor of CR1,
    G / (G - 1) (N - 1) / (N - k), is the same for the sample and its draws and cancels in p.

    Enumeration: where no more than `n_draws` vectors v exist (2^G, for Webb's 6^G), each is taken
    once, with its probability. boottest does so with Rademacher draws when the draws asked for
    exceed 2^G (Roodman et al. 2019); here the same holds for all three kinds, and for equality.

    Tie rule: draws with |t*| >= |t| count, where squares within a share of 1e-9 are ties. With the
    null imposed, v = (1, ..., 1) is the sample and v = (-1, ..., -1) its mirror image, so that two
    vectors always count: with G clusters p is never below 2 / 2^G, .0625 for five. Counting only
    |t*| > |t|, as boottest has since 2.0.6, would give 0 there, and without a tolerance rounding
    decides. Draws at random give p = (c + 1) / (n + 1), where boottest has c / n.

    Parameters
    ----------
    table : DataFrame
        One row an observation.
    formula : str
        Such as ``"change ~ coaching_visits"``; fixed effects as ``C(team_id)``.
    term : str or sequence of str
        Coefficient to test, named as the formula names it; several are tested jointly.
    cluster : str
        Column that names the cluster of each row.
    weights : str, optional
        Column with positive weights, for weighted least squares.
    null_value : float or sequence of float
        Value under the null hypothesis, one for all terms or one each.
    draws : {"rademacher", "webb", "mammen"}
        1 or -1; Webb's six points, plus and minus the roots of 3/2, 1 and 1/2; Mammen's two points.
    impose_null : bool
        Whether the null is imposed on the draws, as Cameron et al. (2008) and Roodman et al. (2019)
        advise. If not, no draw repeats the sample, p can be 0, and tests reject too often.
    n_draws : int
        Draws.
    conf_level : float
        Level of the confidence set.
    rng : int or Generator
        Seed of the draws.

    Returns
    -------
    WildBootstrap
        Rows with missing values are left out and counted. `smallest_p` is what p cannot be below
        with these draws and this design, whatever the outcome: 2 / 2^G (Rademacher), 6 / 6^G
        (Webb), about .7236^G (Mammen: .20 with five clusters), more where the sign of a cluster
        is of no account; with draws at random, (c + 1) / (n + 1) with the c that repeat the sample;
        0 for all vectors without the null. A large effect reaches it with Rademacher draws;
        Webb's come near it.

        The confidence set is all null values with p above 1 - `conf_level`, found by inverting the
        test. It need not have the estimate in its middle and can have gaps, see `pieces` (53 of
        2,400 sets of skewed designs with five to eight clusters); `conf_low` and `conf_high` are
        then the outermost ends. Gaps below a quarter of a standard error go unseen. Where p is
        never below 1 - `conf_level`, as with five clusters and Rademacher draws at 95%, the set is
        the whole line, with a reason: such data rule out no value. Several terms have no interval.

        Tests are nan with a reason where no row is complete, there is one cluster, the other terms
        determine a tested one, or scores do not vary between clusters (an outcome fitted
        without error, a treated and an untreated cluster alone, more terms than clusters allow).

    Raises
    ------
    ArgumentError
        If a column or term is not there, the formula cannot be read, draws or level are not known,
        or there are not as many null values as terms.

    Warns
    -----
    FewTreatedClustersWarning
        If a tested regressor has two values, one of them in three clusters or fewer: MacKinnon
        and Webb (2017, 2018) show failure with one and two treated clusters, however many the
        others are. Measured here, share of rejections at .05 where the null is true (10,000
        runs, clusters of 10 people or, where they are five, of 8, ICC .10):

        ========  =======  ============  =============  ============  =============
        clusters  treated  Rademacher    Rademacher     Webb          Webb
        ..        ..       null imposed  not imposed    null imposed  not imposed
        ========  =======  ============  =============  ============  =============
        20        1        .000          .654           .000          .655
        20        2        .001          .166           .000          .168
        20        3        .030          .098           .035          .100
        20        4        .063          .073           .066          .075
        20        10       .050          .051           .052          .052
        5         1        .000          .255           .010          .254
        5         2        .000          .032           .084          .041
        ========  =======  ============  =============  ============  =============

    References
    ----------
    Cameron, A. C., Gelbach, J. B., & Miller, D. L. (2008). Bootstrap-based improvements for
    inference with clustered errors. Review of Economics and Statistics, 90(3), 414-427.
    MacKinnon, J. G., & Webb, M. D. (2017). Wild bootstrap inference for wildly different cluster
    sizes. Journal of Applied Econometrics, 32(2), 233-254.
    MacKinnon, J. G., & Webb, M. D. (2018). The wild bootstrap for few (treated) clusters.
    Econometrics Journal, 21(2), 114-135.
    Roodman, D., MacKinnon, J. G., Nielsen, M. Ø., & Webb, M. D. (2019). Fast and wild: Bootstrap
    inference in Stata using boottest. Stata Journal, 19(1), 4-60.
    Webb, M. D. (2023). Reworking wild bootstrap-based inference for clustered errors. Canadian
    Journal of Economics, 56(3), 839-858.

    Examples
    --------
    >>> import pandas as pd
    >>> visits, change = [8, 8, 10, 11, 12, 13], [0.2, 0.4, 0.3, 0.7, 0.8, 0.6]
    >>> table = pd.DataFrame({"team_id": list("abcdef"), "visits": visits, "change": change})
    >>> found = wild_bootstrap(table, formula="change ~ visits", term="visits")
    >>> round(found.estimate, 3), found.p_value, found.smallest_p, found.n_draws
    (0.089, 0.03125, 0.03125, 64)
    """
    drawing = Drawing(draws, impose_null, n_draws, rng)
    refuse_level(conf_level)
    design = cluster_design(table, formula=formula, cluster=cluster, weights=weights)
    terms = tuple(names_in(term, argument="term"))
    null_values = _null_values(null_value, terms)
    numbers = _numbers(design, terms, null_values, drawing, conf_level)
    return WildBootstrap(
        outcome=design.outcome,
        terms=terms,
        conf_level=conf_level,
        null_value=null_values,
        n=len(design.y),
        n_clusters=design.n_clusters,
        n_left_out=design.n_left_out,
        method=method_in_words(
            drawing, "t" if len(terms) == 1 else "F", numbers.n_draws, enumerated=numbers.enumerated
        ),
        caution=_caution(design, terms),
        **numbers._asdict(),
    )


class _Numbers(NamedTuple):
    estimate: float = math.nan
    std_error: float = math.nan
    statistic: float = math.nan
    p_value: float = math.nan
    smallest_p: float = math.nan
    pieces: tuple[tuple[float, float], ...] = ()
    n_draws: int = 0
    enumerated: bool = False
    reason: str = ""


def _numbers(
    design: ClusterDesign,
    terms: tuple[str, ...],
    null_values: tuple[float, ...],
    drawing: Drawing,
    conf_level: float,
) -> _Numbers:
    if not len(design.y):  # what the terms are depends on values, and there are none
        return _Numbers(reason="no row is complete")
    positions = _positions(design, terms)
    if len(positions) == 1:
        return _of_one(design, positions[0], null_values[0], drawing, conf_level)
    return _of_several(design, positions, null_values, drawing)


def _of_one(
    design: ClusterDesign, position: int, null_value: float, drawing: Drawing, conf_level: float
) -> _Numbers:
    found = wild_draws(
        design,
        position,
        draws=drawing.draws,
        impose_null=drawing.impose_null,
        n_draws=drawing.n_draws,
        rng=drawing.rng,
    )
    if isinstance(found, str):
        return _Numbers(reason=found)
    pieces = tuple(
        (found.estimate + low * found.scale, found.estimate + high * found.scale)
        for low, high in confidence_set(found.p_curve, conf_level)
    )
    return _Numbers(
        estimate=found.estimate,
        std_error=found.std_error,
        statistic=(found.estimate - null_value) / found.std_error,
        p_value=found.p_value(null_value),
        smallest_p=found.smallest_p,
        pieces=pieces,
        n_draws=found.polynomials.shape[1],
        enumerated=found.chances is not None,
        reason=why_infinite(pieces, found.smallest_p, conf_level),
    )


def _of_several(
    design: ClusterDesign,
    positions: tuple[int, ...],
    null_values: tuple[float, ...],
    drawing: Drawing,
) -> _Numbers:
    found = wild_test(design, positions, np.array(null_values), drawing)
    if isinstance(found, str):
        return _Numbers(reason=found)
    return _Numbers(
        statistic=found.statistic,
        p_value=found.p_value,
        smallest_p=found.smallest_p,
        n_draws=found.n_draws,
        enumerated=found.enumerated,
        reason="several terms have no interval",
    )


def _positions(design: ClusterDesign, terms: tuple[str, ...]) -> tuple[int, ...]:
    absent = [term for term in terms if term not in design.terms]
    if absent or not terms or len(set(terms)) < len(terms):
        raise ArgumentError(
            "A term to test is not in the model, or is named twice",
            expected=f"one or more of {shown(design.terms)}",
            seen=shown(absent or terms) or "none",
        )
    return tuple(design.terms.index(term) for term in terms)


def _null_values(null_value: float | Sequence[float], terms: tuple[str, ...]) -> tuple[float, ...]:
    given = np.atleast_1d(np.asarray(null_value, dtype=float))
    if given.shape not in ((1,), (len(terms),)) or not np.isfinite(given).all():
        raise ArgumentError(
            "Each term has one value under the null hypothesis",
            expected=f"one finite number, or {len(terms)}",
            seen=repr(null_value),
        )
    return tuple(float(value) for value in np.broadcast_to(given, len(terms)))


def _caution(design: ClusterDesign, terms: tuple[str, ...]) -> str:
    said = []
    for term in terms if len(design.y) else ():
        least = few_treated(design.x[:, design.terms.index(term)], design.codes)
        if least is not None:
            said.append(warn_of_few_treated(least, term))
    return "; ".join(said)
