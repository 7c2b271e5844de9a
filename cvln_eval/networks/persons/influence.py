"""Whether people resemble those they turn to: network autocorrelation models."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.measurement.tables import names_in
from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.networks.persons.autocorrelation import (
    Autocorrelated,
    Weighted,
    autocorrelated,
    weighted,
)
from cvln_eval.networks.persons.columns import person_values, regressors
from cvln_eval.networks.persons.words import interval, no_networks, where
from cvln_eval.results import Result, count, number, p_in_words

__all__ = ["Influence", "influence"]

MODELS = {
    "lag": "outcome on the weighted mean of those named, maximum likelihood",
    "disturbance": "disturbance on the weighted mean of those named, maximum likelihood",
}
RHO = "rho"
ALONE = "names nobody"
NUMBERS = ("estimate", "std_error", "statistic", "df", "p_value", "conf_low", "conf_high")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Influence(Result):
    """Network autocorrelation of an outcome in each network; see `influence`."""

    table: pd.DataFrame
    fits: pd.DataFrame
    outcome: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a network and term, `rho` first."""
        return self.table.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: networks, how many were fitted, and the range of rho."""
        rho = self.table.loc[self.table["term"] == RHO, "estimate"]
        row = {
            "outcome": self.outcome,
            "n_networks": len(rho),
            "n_converged": int(rho.notna().sum()),
            "estimate_min": rho.min(),
            "estimate_max": rho.max(),
            "log_likelihood": self.fits["log_likelihood"].sum(min_count=1),
            "reason": "" if rho.notna().any() else "no network could be fitted",
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return rho of each network, and what it does not tell."""
        rows = self.table[self.table["term"] == RHO]
        said = [self._said(row) for _, row in rows.iterrows()]
        if rows["estimate"].notna().any():
            said.append(
                "People may resemble whom they turn to because they took over from them, because "
                "they chose them for it, or because both share circumstances."
            )
        return " ".join(said) or no_networks()

    def _said(self, row: pd.Series) -> str:
        if math.isnan(row["estimate"]):
            return f"{where(row)}, rho of {self.outcome} is not available: {row['reason']}."
        return (
            f"{where(row)}, the autocorrelation of {self.outcome} of "
            f"{count(row['n'], 'person', 'people')} with that of those they turned to was "
            f"rho = {number(row['estimate'])}, {interval(row)}, "
            f"likelihood ratio chi2(1) = {number(row['statistic'])}, {p_in_words(row['p_value'])}."
        )


def influence(
    panel: NetworkPanel | Network,
    *,
    outcome: str,
    terms: str | Sequence[str] = (),
    model: str = "lag",
    conf_level: float = 0.95,
) -> Influence:
    """Fit a network autocorrelation model by maximum likelihood: who resembles whom they turn to.

    Lag (effects) model: y = rho W y + X b + e. Disturbance model: y = X b + u, u = rho W u + e.
    e is normal with one variance; W has the strengths of the ties that a person sends, divided by
    their sum (`panel.binary()` makes all weights of a person equal), and a row of 0 for who names
    nobody; in the lag model such people have a mean of their own, the term "names nobody", because
    a lag of 0 would stand for contacts whose outcome is 0.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Each network is fitted by itself.
    outcome : str
        Attribute of people made of numbers.
    terms : str or sequence of str
        Attributes in X beside the constant; text becomes a column of 0 and 1 for each value but
        the first.
    model : {"lag", "disturbance"}
        Where the autocorrelation is.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    Influence
        `rho` with the likelihood ratio test of rho = 0 and the interval that it gives (its ends are
        -1 and 1 at most, where rho is looked for), then the constant and the terms with z tests.
        Standard errors are from the expected information. People who did not answer or of whom
        a value is not known are left out, counted, and are nobody's contact. Ties without a
        strength count as 1. Where nobody names anybody, terms determine each other, people are no
        more than parameters, nothing is left of the outcome, or the likelihood rises up to -1 or 1
        (as in a network where everybody names everybody), there is nothing, with the reason.

    Raises
    ------
    ArgumentError
        If an attribute is not there or no number, or there is no such model.

    Notes
    -----
    Rho is estimated too low on average, the more so the denser the network (Mizruchi & Neuman,
    2008): with 60 people who name 4 each and no terms, a rho of .4 came out as .29, and with 41
    people in five teams a rho of 0 as -.10, where the test at .05 rejected in 14 (lag) and 13
    (disturbance) of 200 simulated networks. People of one district that share circumstances look
    as if they influenced each other. A single wave tells influence from selection in no way: see
    `influence_over_waves`. The time grows with the cube of the people.

    Agrees with `spatialreg::lagsarlm`, `errorsarlm` (estimates and standard errors) and `sna::lnam`
    (estimates), given the same terms.

    References
    ----------
    Doreian, P. (1981). Estimating linear models with spatially distributed data. Sociological
    Methodology, 12, 359-388.
    Leenders, R. T. A. J. (2002). Modeling social influence through network autocorrelation. Social
    Networks, 24, 21-47.
    Mizruchi, M. S., & Neuman, E. J. (2008). The effect of density on the level of bias in the
    network autocorrelation model. Social Networks, 30, 190-200.
    Ord, K. (1975). Estimation methods for models of spatial interaction. Journal of the American
    Statistical Association, 70, 120-126.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": list("abcdef"), "trust": [1.0, 2, 2, 4, 5, 4]})
    >>> ends = np.array([[0, 1, 2, 3, 4, 5], [1, 2, 1, 4, 5, 3]])
    >>> network = Network("1", "advice", people, *ends, np.ones(6), np.ones(6, dtype=bool))
    >>> influence(network, outcome="trust").tidy()[["term", "estimate", "conf_low"]].round(2)
            term  estimate  conf_low
    0        rho      0.68      0.11
    1  Intercept      0.83     -0.20
    """
    refuse_level(conf_level)
    if model not in MODELS:
        raise ArgumentError("Unknown model", expected="'lag' or 'disturbance'", seen=repr(model))
    listed = tuple(names_in(terms, argument="terms"))
    if outcome in listed:
        raise ArgumentError("The outcome is among the terms", seen=repr(outcome))
    rows: list[dict[str, object]] = []
    fits: list[dict[str, object]] = []
    for network in networks_of(panel):
        names, given = _given(network, outcome, listed, model)
        reason = _reason(given)
        fit = None if reason else autocorrelated(given, conf_level=conf_level)
        fit, reason = _kept(fit, reason)
        key = {"wave": network.wave, "relation": network.relation, "outcome": outcome}
        people = {"n": len(given.y), "n_left_out": network.n - len(given.y)}
        likelihood = math.nan if fit is None else fit.log_likelihood
        fits.append(key | people | {"log_likelihood": likelihood, "reason": reason})
        rows += [
            key | row | people | _words(row, model, reason) for row in _rows(names, fit, conf_level)
        ]
    columns = ["wave", "relation", "outcome", "term", *NUMBERS, "conf_level", "n", "n_left_out"]
    columns += ["method", "null_hypothesis", "reason"]
    fitted = pd.DataFrame(
        fits, columns=["wave", "relation", "outcome", "n", "n_left_out", "log_likelihood", "reason"]
    )
    return Influence(pd.DataFrame(rows, columns=columns), fitted, outcome)


def _given(
    network: Network, outcome: str, terms: Sequence[str], model: str
) -> tuple[list[str], Weighted]:
    y = person_values(network, outcome)
    usable = ~np.isnan(y) & network.answered
    names, x = regressors(network, terms, usable)
    usable &= ~np.isnan(x).any(axis=1)
    x = np.column_stack([np.ones(network.n), x])[usable]
    weights = network.adjacency(valued=True).toarray()[np.ix_(usable, usable)]
    alone = ~weights.any(axis=1)
    if model == "lag" and alone.any() and not alone.all():
        # Else a lag of 0 would stand for contacts with an outcome of 0, and rho would depend on
        # where the scale of the outcome begins.
        names, x = [*names, ALONE], np.column_stack([x, alone])
    return ["Intercept", *names], weighted(y[usable], x, weights, model=model)


def _reason(given: Weighted) -> str:
    n, k = given.x.shape
    if n == 0:
        return "of nobody are all values known"
    if n <= k + 2:
        return "there are no more people than parameters"
    if not given.weights.any():
        return "nobody names anybody whose values are known"
    length = np.sqrt((given.x**2).sum(axis=0))
    if not (length > 0).all() or np.linalg.matrix_rank(given.x / length) < k:
        return "the terms determine each other, or one of them is constant"
    return "all have the same outcome" if np.ptp(given.y) == 0 else ""


def _kept(fit: Autocorrelated | None, reason: str) -> tuple[Autocorrelated | None, str]:
    if reason:
        return None, reason
    if fit is None:
        return None, "the terms leave nothing of the outcome"
    if fit.at_edge:
        return None, f"the likelihood rises up to rho = {math.copysign(1, fit.rho):.0f}"
    return fit, ""


def _rows(
    names: list[str], fit: Autocorrelated | None, conf_level: float
) -> list[dict[str, object]]:
    if fit is None:
        blank: dict[str, object] = dict.fromkeys(NUMBERS, math.nan)
        return [blank | {"term": name, "conf_level": conf_level} for name in [RHO, *names]]
    numbers = (fit.rho, fit.std_errors[0], fit.ratio, 1.0, stats.chi2.sf(fit.ratio, 1))
    reach = stats.norm.isf((1 - conf_level) / 2)
    rows = [_row(RHO, (*numbers, fit.rho_low, fit.rho_high), conf_level)]
    for name, b, error in zip(names, fit.beta, fit.std_errors[1:], strict=True):
        z = b / error
        p_value, bounds = 2 * stats.norm.sf(abs(z)), (b - reach * error, b + reach * error)
        rows.append(_row(name, (b, error, z, math.nan, p_value, *bounds), conf_level))
    return rows


def _row(term: str, numbers: Sequence[float], conf_level: float) -> dict[str, object]:
    row: dict[str, object] = dict(zip(NUMBERS, map(float, numbers), strict=True))
    return row | {"term": term, "conf_level": conf_level}


def _words(row: dict[str, object], model: str, reason: str) -> dict[str, object]:
    test = "likelihood ratio" if row["term"] == RHO else "z test"
    return {
        "method": f"{MODELS[model]}; {test}",
        "null_hypothesis": f"{row['term']} = 0",
        "reason": reason,
    }
