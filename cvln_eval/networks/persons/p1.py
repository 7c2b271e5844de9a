"""The p1 model: choice, reciprocity, who names many and who is named by many."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.networks.persons.p1_arcs import OpenArcs, open_arcs
from cvln_eval.networks.persons.p1_fit import P1Fit, p1_fit
from cvln_eval.networks.persons.words import interval, no_networks, where
from cvln_eval.results import Result, count, number, p_in_words

__all__ = ["P1", "p1"]

THETA, RHO, ALPHA, BETA = "theta", "rho", "alpha", "beta"
NO_RHO = "reciprocity is 0"
NO_MAXIMUM = "the likelihood has no maximum, it rises as parameters grow"
NO_OPEN = "no arc is open: everybody names all or nobody"
NO_MUTUAL = "no pair that could be mutual is"
NO_SINGLE = "every pair that could be mutual is mutual or empty"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class P1(Result):
    """The p1 model of each network; see `p1`."""

    table: pd.DataFrame
    fits: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a parameter: theta and rho, then alpha and beta of each person."""
        return self.table.copy()

    def networks(self) -> pd.DataFrame:
        """Return one row a network: people, ties, log-likelihood, and whether it has a maximum."""
        return self.fits.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: networks, and how many have a maximum of the likelihood."""
        row = {
            "n_networks": len(self.fits),
            "n_converged": int(self.fits["converged"].sum()),
            "log_likelihood": self.fits["log_likelihood"].sum(min_count=1),
            "reason": "" if self.fits["converged"].any() else "no network could be fitted",
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return theta and rho of each network."""
        if not len(self.fits):
            return no_networks()
        keys = ["wave", "relation"]
        return " ".join(self._said(rows) for _, rows in self.table.groupby(keys, sort=False))

    def _said(self, rows: pd.DataFrame) -> str:
        theta, rho = (rows[rows["term"] == term].iloc[0] for term in (THETA, RHO))
        if math.isnan(rho["estimate"]):
            return f"{where(rho)}, the p1 model could not be fitted: {rho['reason']}."
        return (
            f"{where(rho)}, given how many each of {count(rho['n'], 'person', 'people')} named and "
            f"was named by, reciprocity was rho = {number(rho['estimate'])}, {interval(rho)}, "
            f"likelihood ratio chi2(1) = {number(rho['statistic'])}, {p_in_words(rho['p_value'])} "
            f"(theta = {number(theta['estimate'])})."
        )


def p1(panel: NetworkPanel | Network, *, conf_level: float = 0.95) -> P1:
    """Fit the p1 model of Holland and Leinhardt to each network by direct maximum likelihood.

    log P(x) = rho m + theta x++ + sum_i alpha_i x_i+ + sum_j beta_j x_+j - log k, with m the mutual
    pairs: dyads are independent, the odds of an arc from i to j are exp(theta + alpha_i + beta_j),
    and exp(rho) times that where the arc back is there. Alphas sum to 0 over the people who have a
    finite one, and so do betas; theta is relative to these.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Directed; each network is fitted by itself. Strengths are not looked at.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    P1
        One row a parameter; alpha and beta carry the `person_id`. Standard errors and intervals
        (estimate and normal quantiles) come from the information at the maximum; rho is tested by
        the likelihood ratio against the model without reciprocity. The model is that of the pairs
        known both ways: people who did not answer are left out, with what others said of them.
        Who named nobody (all) has an alpha of minus (plus) infinity, and who was named by nobody
        (all) such a beta: these are nan with the reason, what they make certain is no part of the
        likelihood, and theta and rho are the estimates in that limit. Without a mutual pair, or
        without a pair tied one way only, rho has no finite value and nothing is estimated.

    Raises
    ------
    ArgumentError
        If a network is undirected.

    Notes
    -----
    The p1 model takes pairs to be independent once expansiveness and attractiveness are told. Where
    triads close, as they do among leaders, its standard errors are too small. Where it holds, the
    test of rho at .05 rejected in 12 of 200 simulated networks of 36 people without reciprocity.

    References
    ----------
    Fienberg, S. E., & Wasserman, S. (1981). Categorical data analysis of single sociometric
    relations. Sociological Methodology, 12, 156-192.
    Holland, P. W., & Leinhardt, S. (1981). An exponential family of probability distributions for
    directed graphs. Journal of the American Statistical Association, 76, 33-50, equation 9.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": list("abcde")})
    >>> ends = np.array([[0, 0, 1, 1, 2, 2, 3, 4, 4], [1, 4, 0, 2, 1, 3, 4, 0, 2]])
    >>> network = Network("1", "advice", people, *ends, np.ones(9), np.ones(5, dtype=bool))
    >>> p1(network).tidy()[["term", "estimate"]].head(2).round(3)
        term  estimate
    0  theta    -0.889
    1    rho     1.416
    """
    refuse_level(conf_level)
    rows: list[dict[str, object]] = []
    fits: list[dict[str, object]] = []
    for network in networks_of(panel):
        _refuse_undirected(network)
        known = network.among(network.ids[network.answered])
        found = open_arcs(known.adjacency().toarray())
        key = {"wave": network.wave, "relation": network.relation}
        people = {
            "n": known.n,
            "n_ties": known.n_ties,
            "n_left_out": network.n - known.n,
        }
        reason = _reason(found)
        fit = None if reason else p1_fit(found)
        if fit is not None and not fit.converged:
            fit, reason = None, NO_MAXIMUM
        likelihood = math.nan if fit is None else fit.log_likelihood
        fitted = {"log_likelihood": likelihood, "converged": fit is not None, "reason": reason}
        fits.append(key | people | fitted)
        made = [*_whole(found, fit, reason), *_persons(known, found, fit, reason)]
        rows += [key | _with_interval(row, conf_level) | people for row in made]
    return P1(_ordered(rows), pd.DataFrame(fits, columns=list(FITS)))


FITS = (
    *("wave", "relation", "n", "n_ties", "n_left_out", "log_likelihood", "converged", "reason"),
)
COLUMNS = (
    *("wave", "relation", "term", "person_id", "estimate", "std_error", "statistic", "df"),
    *("p_value", "conf_low", "conf_high", "conf_level", "n", "n_ties", "n_left_out"),
    *("method", "null_hypothesis", "reason"),
)


def _ordered(rows: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _refuse_undirected(network: Network) -> None:
    if not network.directed:
        raise ArgumentError(
            "The p1 model is one of directed networks",
            expected="who named whom",
            seen=f"undirected {network.relation!r} in wave {network.wave!r}",
        )


def _reason(found: OpenArcs) -> str:
    """Return why there is no rho; empty where there may be one."""
    if not len(found.arcs):
        return "nobody answered"
    if not found.is_open.any():
        return NO_OPEN
    # Of an open arc whose reverse is there, certain or not: whether some are there and some not.
    back = found.arcs.T == 1
    returned = found.is_open & back & (found.is_open.T | found.certain_back)
    if not (returned & (found.arcs == 1)).any():
        return NO_MUTUAL
    return "" if (returned & (found.arcs == 0)).any() else NO_SINGLE


def _whole(found: OpenArcs, fit: P1Fit | None, reason: str) -> list[dict[str, object]]:
    blank = _blank("", reason)
    if fit is None:
        return [{"term": THETA} | blank, {"term": RHO} | blank | {"null_hypothesis": NO_RHO}]
    errors = np.sqrt(np.diag(fit.covariance)[:2])
    without = p1_fit(found, reciprocity=False)
    ratio = max(2 * (fit.log_likelihood - without.log_likelihood), 0.0)
    tested = {
        "statistic": ratio,
        "df": 1.0,
        "p_value": float(stats.chi2.sf(ratio, 1)),
        "null_hypothesis": NO_RHO,
    }
    return [
        {"term": THETA} | blank | {"estimate": fit.theta, "std_error": float(errors[0])},
        {"term": RHO} | blank | {"estimate": fit.rho, "std_error": float(errors[1])} | tested,
    ]


def _blank(person_id: str, reason: str) -> dict[str, object]:
    names = ("estimate", "std_error", "statistic", "df", "p_value")
    numbers: dict[str, object] = dict.fromkeys(names, math.nan)
    words: dict[str, object] = {
        "method": "direct maximum likelihood",
        "null_hypothesis": "",
        "reason": reason,
    }
    return numbers | words | {"person_id": person_id}


def _persons(
    known: Network, found: OpenArcs, fit: P1Fit | None, reason: str
) -> list[dict[str, object]]:
    """Return alpha and beta of each person."""
    rows = []
    n_others = known.n - 1
    ends = ((ALPHA, found.senders, 1, "named"), (BETA, found.receivers, 0, "was named by"))
    at = 2
    for term, active, axis, did in ends:
        degrees = found.arcs.sum(axis=axis)
        for person, name in enumerate(known.ids):
            row = {"term": term} | _blank(str(name), reason)
            if fit is None:
                pass
            elif active[person]:
                estimate = (fit.alpha if term == ALPHA else fit.beta)[person]
                error = math.sqrt(fit.covariance[at, at])
                row |= {"estimate": float(estimate), "std_error": error}
                at += 1
            else:
                row["reason"] = _certain(did, int(degrees[person]), n_others)
            rows.append(row)
    return rows


def _certain(did: str, degree: int, n_others: int) -> str:
    whom = "nobody" if degree == 0 else "everybody" if degree == n_others else "all who could be"
    return f"infinite: {did} {whom}"


def _with_interval(row: dict[str, object], conf_level: float) -> dict[str, object]:
    estimate, error = np.array([row["estimate"], row["std_error"]], dtype=float)
    reach = stats.norm.isf((1 - conf_level) / 2) * error
    bounds = {"conf_low": float(estimate - reach), "conf_high": float(estimate + reach)}
    return row | bounds | {"conf_level": conf_level}
