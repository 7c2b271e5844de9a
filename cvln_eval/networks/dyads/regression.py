"""Regressions of ties whose tests let people change places."""

from __future__ import annotations

import numpy as np

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.networks.dyads.fitted import METHODS, regressions
from cvln_eval.networks.dyads.result import DyadRegression
from cvln_eval.networks.dyads.terms import Terms, named_terms, outcomes
from cvln_eval.networks.panel import Network, NetworkPanel

__all__ = ["logistic_qap", "mrqap"]


def mrqap(
    panel: NetworkPanel | Network,
    *,
    terms: Terms,
    method: str = "dsp",
    wave: str | None = None,
    relation: str | None = None,
    pooled: bool = False,
    blocks: str | None = None,
    n_draws: int = 4999,
    conf_level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> DyadRegression:
    """Regress the strengths of ties on other properties of pairs, tested by permutations of people.

    y_ij = a + sum_k b_k x_kij + e_ij by least squares over ordered pairs (of an undirected network
    unordered ones) of which outcome and all terms are known. Pairs that share a person are not
    independent, so that the t of a term, |t| = |b| / s.e. as if they were, is compared with the t
    after people changed places. By double semi-partialling (`method="dsp"`) **the residuals of the
    term** on intercept and other terms change places, rows and columns alike; outcome and other
    terms stay. By `method="y"` the outcome changes places.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Whose networks are explained, each by a regression of its own unless `pooled`; terms are
        looked up in all of it.
    terms : list, or mapping of names
        Terms: `same("team_id")`, `difference("tenure_years")`, `sender("x")`, `receiver("x")`,
        `tie("advice", wave="2009-spring")`, the name of a relation for its ties in the same wave,
        and in a mapping matrices (arrays in the order of `network.ids`, or DataFrames whose rows
        and columns carry ids). Each label says the wave that the term is of.
    method : {"dsp", "y"}
        What changes places. "y" tests that no term matters: of a single term it rejected up to 8%
        of true null hypotheses at the level .05 in simulations with skewed values, "dsp" 4% to 5%
        throughout (`calibration/networks_mrqap.csv`).
    wave, relation : str, optional
        Which networks are explained, while the whole panel is there for terms; all if not given.
    pooled : bool
        One regression of all these networks, each with its own intercept. A person takes the same
        other person's place in all networks, and only somebody's who is in the same networks:
        networks of different people are permuted each within itself.
    blocks : str, optional
        Attribute of people, such as `team_id`, within which they change places. Who has none
        stays.
    n_draws : int
        Permutations; if there are no more than that, each is taken once and p is exact.
    conf_level : float
        Level of the intervals of the estimates, and of `p_low` and `p_high`.
    rng : int or Generator
        Seed.

    Returns
    -------
    DyadRegression
        `tidy` has one row a network and coefficient. `p_value` is two-sided, (c + 1) / (n + 1) for
        c of n permutations with an |t| at least as large (within 1e-9), and c / n where all are
        `enumerated`; `smallest_p` is the least that can come out, `p_low` and `p_high` are Clopper
        and Pearson's interval for the share of all permutations. Permutations that leave no t (what
        is moved falls together with other terms) count as at least as large. `std_error` and its
        interval allow pairs that share a person to be correlated (Aronow, Samii & Assenova, 2015),
        which takes many people: with 41 the 95% interval missed the truth in 4% to 11%, of terms
        that are one person's attribute in up to 14%.
        `vif` is 1 / (1 - R^2) of the term on the others, `standardised` the estimate in standard
        deviations. Coefficients that are a sum of those before them, networks whose pairs all have
        the same outcome, and networks of too few pairs have nan and a `reason`; so has the test of
        a term that exchanging people leaves as it is: `same("team_id")` within teams. The intercept
        is not tested: exchanging people leaves the mean as it is.

        Pairs with an unknown outcome or term are left out. Where that takes whole rows or columns
        (people who did not answer or have no attribute), people change places with people of whom
        as much is known. Where it does not, a term moves from all pairs of which the terms are
        known, whatever is known of the outcome; terms not known that come to known places count as
        0 residuals. With a term unknown of a tenth of all pairs at random the test so rejected .07
        of true null hypotheses at the level .05, of half of them .10 (400 simulated networks of 41
        people). `fits` has R^2 within networks.

    Raises
    ------
    ArgumentError
        If a term cannot be looked up or has a direction where ties have none, `method` is unknown,
        or there is no such network.

    References
    ----------
    Dekker, D., Krackhardt, D., & Snijders, T. A. B. (2007). Sensitivity of MRQAP tests to
    collinearity and autocorrelation conditions. Psychometrika, 72(4), 563-581, section 3.
    Krackhardt, D. (1988). Predicting with networks: nonparametric multiple regression analysis of
    dyadic data. Social Networks, 10, 359-381.

    Notes
    -----
    Estimates and t agree with `sna::netlm(nullhyp = "qapspp")`, whose p can be 0 and which tests
    the intercept by moving a column of ones about.

    Examples
    --------
    >>> import pandas as pd
    >>> from cvln_eval.networks.dyads import same
    >>> people = pd.DataFrame({"person_id": list("abcd"), "team_id": list("xxyy")})
    >>> network = Network("1", "advice", people, sender=np.array([0, 0, 1, 2]),
    ...                   receiver=np.array([1, 2, 0, 3]), strength=np.array([3.0, 1.0, 2.0, 4.0]),
    ...                   answered=np.ones(4, dtype=bool))
    >>> found = mrqap(network, terms=[same("team_id")]).tidy()
    >>> found[["term", "estimate", "p_value", "n_draws"]].round(3).values.tolist()[1]
    ['same team_id (1)', 2.125, 0.333, 24]
    """
    if method not in METHODS[:2]:
        raise ArgumentError("Unknown permutation", expected=shown(METHODS[:2]), seen=repr(method))
    return regressions(
        outcomes(panel, wave, relation),
        named_terms(terms),
        method=method,
        pooled=pooled,
        blocks=blocks,
        n_draws=n_draws,
        conf_level=conf_level,
        rng=rng,
    )


def logistic_qap(
    panel: NetworkPanel | Network,
    *,
    terms: Terms,
    wave: str | None = None,
    relation: str | None = None,
    pooled: bool = False,
    blocks: str | None = None,
    n_draws: int = 4999,
    conf_level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> DyadRegression:
    """Regress whether there is a tie on properties of pairs, tested by permutations of people.

    logit P(tie_ij) = a + sum_k b_k x_kij by maximum likelihood over known pairs. The residuals of a
    term on the other terms (least squares) change places, rows and columns alike, and each time
    Rao's score test of the term says how much it would add: U / sqrt(V) with U = sum e (y - p),
    V = e'We - e'WX (X'WX)^-1 X'We, p and W = diag(p (1 - p)) from the regression on the other terms
    alone. That regression stays as it is when people change places, so that nothing is fitted
    anew, and a test exists where the term itself tells ties from no ties and its estimate has no
    bound.

    Parameters
    ----------
    panel, terms, wave, relation, pooled, blocks, n_draws, conf_level, rng
        As in `mrqap`; each tie counts as 1, whatever its strength.

    Returns
    -------
    DyadRegression
        As `mrqap`, with `odds_ratio` and its interval. `statistic` is the score statistic.
        Where terms tell all pairs with a tie from those without (or a term does that among the
        pairs for which it is not 0), estimates are nan with a reason.

    Raises
    ------
    ArgumentError
        As `mrqap`.

    References
    ----------
    Dekker, D., Krackhardt, D., & Snijders, T. A. B. (2007). Psychometrika, 72(4), 563-581.
    Rao, C. R. (1948). Large sample tests of statistical hypotheses concerning several parameters.
    Proceedings of the Cambridge Philosophical Society, 44, 50-57.

    Notes
    -----
    Estimates agree with `sna::netlogit`, which fits anew after each permutation and compares Wald's
    z; p agree as far as both tests do.

    Examples
    --------
    >>> import pandas as pd
    >>> from cvln_eval.networks.dyads import same
    >>> people = pd.DataFrame({"person_id": list("abcd"), "team_id": list("xxyy")})
    >>> network = Network("1", "advice", people, sender=np.array([0, 0, 1, 2]),
    ...                   receiver=np.array([1, 2, 0, 3]), strength=np.ones(4),
    ...                   answered=np.ones(4, dtype=bool))
    >>> found = logistic_qap(network, terms=[same("team_id")]).tidy()
    >>> round(found.loc[1, "odds_ratio"].item(), 6)  # (3 / 1) / (1 / 7)
    21.0
    """
    return regressions(
        outcomes(panel, wave, relation),
        named_terms(terms),
        method="logistic",
        pooled=pooled,
        blocks=blocks,
        n_draws=n_draws,
        conf_level=conf_level,
        rng=rng,
    )
