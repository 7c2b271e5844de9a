"""The randomization test of a treatment assigned to clusters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Literal

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.randomization.evidence import Evidence, gathered
from cvln_eval.inference.randomization.reading import read_assigned
from cvln_eval.inference.randomization.result import RandomizationTest
from cvln_eval.inference.randomization.rows import Rows, complete_rows
from cvln_eval.inference.randomization.wording import is_binary
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.measurement.tables import names_in, need_columns

__all__ = ["Statistic", "randomization_test", "refuse_options"]

Statistic = Literal["t", "difference"]


def randomization_test(
    table: pd.DataFrame,
    *,
    outcome: str,
    treatment: str | None = None,
    cluster: str = "team_id",
    strata: str | None = None,
    pairs: str | None = None,
    start: str | None = None,
    wave: str = "wave",
    controls: Sequence[str] = (),
    statistic: Statistic = "t",
    null_value: float = 0.0,
    n_draws: int = 9999,
    conf_level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> RandomizationTest:
    """Test a treatment of clusters against the other assignments that its design allowed.

    Under the null hypothesis that the treatment adds tau0 to the outcome of every row (of a dose:
    tau0 a unit), what is left of the outcome without it, y - tau0 d, is the same whatever had been
    assigned. The statistic T of every possible assignment can then be computed, and with A of them

        p = #{a : |T_a| >= |T|} / A,

    the observed assignment being one of the A. Where A is above 200,000 (and above `n_draws`), n
    assignments are drawn from the design and p = (c + 1) / (n + 1) with c of them as extreme.
    Statistics that differ by less than 1e-9 of their size are tied, and ties count as extreme.

    The slope b is that of weighted least squares of the outcome on the exposure, blocks (strata or
    pairs) and controls, where a row weighs one over the rows of its cluster, so that each cluster
    counts the same: without blocks and controls it is the difference between the mean of the
    treated clusters' means and that of the others, and with strata the mean of these differences
    weighted by m1 m0 / (m1 + m0), m1 and m0 the stratum's clusters treated and not. With starts it
    is that of two-way fixed effects, each cluster in each wave counting the same.

    "t" divides it by a cluster-robust standard error: HC2 at the level of clusters,
    V = sum_g l_g^2 e_g^2 / (1 - h_g) / (sum_g l_g d_g)^2, with l what blocks and controls leave of
    the exposure, e the cluster means of the residuals, h the leverages. This is Neyman's s1^2 / m1
    + s0^2 / m0 (Welch's t) in a complete design and the paired t's in pairs; unlike CR1 it is not
    too small on average with few clusters, and it does not assume that treated and untreated
    clusters differ among themselves alike. With starts it is CR1, whose factor G / (G - 1) no p
    value depends on.

    "difference" takes b sqrt(sum_g l_g d_g), which orders assignments as b does where the second
    factor is constant (always, unless there are controls or starts), as the correlation with a dose
    does, and as the partial correlation does otherwise.

    What is exact: p, for any outcome, sample and cluster sizes, with either statistic and whatever
    the controls, as a test of a constant effect, provided that the assignments that are exchanged
    here were equally likely; for a dose that nobody assigned, that its doses could as well have
    fallen to the other clusters. Controls must not be affected by the treatment; they are held by
    regression, of the outcome and of each exposure, and a wrong regression costs power only. What
    is asymptotic: that "t" also holds its level where the effect differs between clusters and is
    tau0 on average, which needs many clusters; the plain difference need not even then.

    Parameters
    ----------
    table : DataFrame
        One row an observation.
    outcome : str
        Column of the outcome.
    treatment : str, optional
        Column of the treatment: 0 and 1, or a dose, the same in all rows of a cluster.
    cluster : str
        Column of the unit that was assigned.
    strata : str, optional
        Column of the stratum within which clusters were assigned.
    pairs : str, optional
        Column of the pair of clusters, one of which was treated (or had the higher dose).
    start : str, optional
        In place of `treatment`: column of the first treated wave, missing for never. A row is
        treated when its wave is the start or later; starts are exchanged between clusters. In a
        table of one wave, clusters that have started are compared with the others.
    wave : str
        With `start`, column of the wave; waves are ordered by value.
    controls : sequence of str
        Columns of numbers to be held, measured before the treatment.
    statistic : str
        "t" or "difference".
    null_value : float
        Effect under the null.
    n_draws : int
        Assignments to draw where there are too many to go through all.
    conf_level : float
        Level of the interval.
    rng : int or Generator
        Seed of the draws.

    Returns
    -------
    RandomizationTest
        The interval holds the constant effects with p above 1 - `conf_level`: with "difference"
        exactly; with "t", whose p need not fall steadily, from the one to the other of the farthest
        such effects within 1e5 standard errors.

        `smallest_p` is the share of assignments whose statistic has the size of the observed one
        for every outcome: the observed one itself and, where swapping is a possible assignment, its
        mirror image. With 2 of 5 clusters treated it is 1/10, with 3 of 6 it is 2/20, with K pairs
        2/2^K; with draws 1 / (n + 1). Some outcome attains it. Where it is above 1 - `conf_level`
        every effect is in the interval, which is then the whole line, with the reason and the
        interval of the highest level that has bounds, `attainable_conf_level` = 1 - `smallest_p`.

        Rows without outcome or control are left out and counted; a cluster that loses all its rows
        is left out by name, and with it the other one of its pair; what could have been assigned is
        then what the remaining clusters could have exchanged, which assumes that loss did not
        depend on treatment. Strata that were treated alike say nothing. No rows, one cluster, or
        clusters all treated alike give nan with a reason, and so does "t" where one cluster alone
        sets the slope (a single treated one), as its standard error is then that of the others:
        the difference can still be tested. A treatment that fits exactly has an infinite t; an
        outcome without variance p = 1. An assignment of which the controls leave nothing has a
        statistic of 0.

    Raises
    ------
    ArgumentError
        If a column is absent or not a number where one is needed; a cluster, treatment, stratum or
        pair is missing; a treatment, start, stratum or pair differs within a cluster; a pair has
        not two clusters treated differently; or an argument is out of its range.

    References
    ----------
    Rosenbaum, P. R. (2002). Covariance adjustment in randomized experiments and observational
    studies. Statistical Science, 17, 286-327.
    Imbens, G. W., & Rubin, D. B. (2015). Causal inference for statistics, social, and biomedical
    sciences. Cambridge University Press, ch. 5.
    Wu, J., & Ding, P. (2021). Randomization tests for weak null hypotheses in randomized
    experiments. Journal of the American Statistical Association, 116, 1898-1913.
    MacKinnon, J. G., & Webb, M. D. (2020). Randomization inference for difference-in-differences
    with few treated clusters. Journal of Econometrics, 218, 435-450.
    Young, A. (2019). Channeling Fisher: Randomization tests and the statistical insignificance of
    seemingly significant experimental results. Quarterly Journal of Economics, 134, 557-598.
    Athey, S., & Imbens, G. W. (2022). Design-based analysis in difference-in-differences settings
    with staggered adoption. Journal of Econometrics, 226, 62-79.
    Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical
    Applications in Genetics and Molecular Biology, 9, article 39.

    Notes
    -----
    Agrees with `scipy.stats.permutation_test` of the cluster means (complete and paired designs),
    and with `combn` and `t.test` in R.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame(
    ...     {"team_id": list("aabbccddee"), "coached": [1] * 4 + [0] * 6,
    ...      "change": [3, 5, 2, 4, 1, 0, 2, 1, 0, 1]})
    >>> found = randomization_test(table, outcome="change", treatment="coached")
    >>> found.tidy()[["estimate", "statistic", "p_value", "smallest_p"]].round(3)
       estimate  statistic  p_value  smallest_p
    0     2.667      4.438      0.1         0.1
    >>> found.conf_low, found.conf_high, round(found.attainable_conf_level, 2)
    (-inf, inf, 0.9)
    """
    refuse_level(conf_level)
    refuse_options(statistic, null_value, n_draws)
    held = names_in(controls, argument="controls")
    need_columns(table, [outcome, *held], table="observations")
    assigned = read_assigned(
        table,
        treatment=treatment,
        cluster=cluster,
        strata=strata,
        pairs=pairs,
        start=start,
        wave=wave,
    )
    rows = complete_rows(table, assigned, outcome=outcome, controls=held, paired=pairs is not None)
    evidence = gathered(
        rows,
        studentised=statistic == "t",
        null_value=null_value,
        n_draws=n_draws,
        conf_level=conf_level,
        rng=rng,
    )
    waves = assigned.exposure.shape[1] > 1
    error = "difference" if statistic != "t" else "t with CR1" if waves else "t with HC2"
    term = str(start if treatment is None else treatment)
    return RandomizationTest(
        **asdict(evidence),
        term=term,
        outcome=outcome,
        possible=rows.assigned.possible,
        null_value=null_value,
        conf_level=conf_level,
        n=len(rows.outcome),
        n_left_out=rows.n_left_out,
        clusters_left_out=rows.clusters_left_out,
        method=f"{_way(evidence)}randomization test, {error}",
        null_hypothesis=f"{_dose(rows, term)} adds {null_value:.6g} to {outcome} in every row",
    )


def _way(evidence: Evidence) -> str:
    if not evidence.n_draws:
        return ""
    return "exact " if evidence.enumerated else "Monte Carlo "


def _dose(rows: Rows, term: str) -> str:
    labels = rows.assigned.possible.labels
    if labels.dtype == object:
        return f"treatment from {term} on"
    return term if is_binary(rows.assigned.possible) else f"a unit of {term}"


def refuse_options(statistic: object, null_value: object, n_draws: object) -> None:
    """Raise `ArgumentError` unless statistic, effect under the null and draws can be used."""
    if statistic not in ("t", "difference"):
        raise ArgumentError(
            "There is no such statistic", expected="'t' or 'difference'", seen=repr(statistic)
        )
    if not isinstance(null_value, float | int | np.number) or not math.isfinite(null_value):
        raise ArgumentError(
            "An effect under the null is a number",
            expected="a finite number",
            seen=repr(null_value),
        )
    if not isinstance(n_draws, int | np.integer) or n_draws < 1:
        raise ArgumentError(
            "Draws are counted", expected="a whole number of 1 or more", seen=repr(n_draws)
        )
