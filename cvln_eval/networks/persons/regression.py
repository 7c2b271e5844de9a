"""Regressions of a person's outcome on attributes and degrees, tested by permutation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.panel.asked import refuse_draws
from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.networks.persons.chances import Exchange
from cvln_eval.networks.persons.columns import named_terms, person_values, regressors
from cvln_eval.networks.persons.regressing import LeastSquares, least_squares, n_as_extreme
from cvln_eval.networks.persons.sample import Sample, block_codes
from cvln_eval.networks.persons.words import exchanged, no_networks, p_with_draws, where
from cvln_eval.resampling import Counted
from cvln_eval.results import Result, count, number, p_in_words

__all__ = ["PermutationRegression", "permutation_regression"]

MODEL, INTERCEPT = "model", "Intercept"
METHODS = {
    "freedman-lane": "residuals of the outcome on the other terms",
    "y": "outcomes",
}
NOT_TESTED = "an exchange of people leaves the mean as it is, and so cannot test the intercept"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class PermutationRegression(Result):
    """A regression of each network; see `permutation_regression`."""

    table: pd.DataFrame
    outcome: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a network and term; the row "model" tests all terms at once by F."""
        return self.table.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: networks, how many have a test, range of the share explained."""
        models = self.table[self.table["term"] == MODEL] if len(self.table) else self.table
        tested = models["p_value"].notna() if len(models) else pd.Series(dtype=bool)
        row = {
            "outcome": self.outcome,
            "n_networks": len(models),
            "n_tests": int(tested.sum()),
            "r_squared_min": models["r_squared"].min() if len(models) else math.nan,
            "r_squared_max": models["r_squared"].max() if len(models) else math.nan,
            "reason": "" if tested.any() else "no network allows the test",
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return share explained, F, and each coefficient with its p value."""
        if not len(self.table):
            return no_networks()
        keys = ["wave", "relation"]
        return " ".join(self._said(rows) for _, rows in self.table.groupby(keys, sort=False))

    def _said(self, rows: pd.DataFrame) -> str:
        model = rows[rows["term"] == MODEL].iloc[0]
        if math.isnan(model["p_value"]):
            return f"{where(model)}, {self.outcome} could not be regressed: {model['reason']}."
        terms = rows[~rows["term"].isin([MODEL, INTERCEPT])]
        each = "; ".join(
            f"{row['term']} b = {number(row['estimate'])}, {p_in_words(row['p_value'])}"
            for _, row in terms.iterrows()
        )
        f = f"F({len(terms)}, {model['df']:.0f}) = {number(model['statistic'])}"
        return (
            f"{where(model)}, the terms explained {number(model['r_squared'], 3)} of the variance "
            f"of {self.outcome} among {count(model['n'], 'person', 'people')}, {f} "
            f"({p_with_draws(model)}): {each} ({terms['method'].iloc[0]})."
        )


def permutation_regression(
    panel: NetworkPanel | Network,
    *,
    outcome: str,
    terms: str | Sequence[str],
    blocks: str | None = None,
    method: str = "freedman-lane",
    n_draws: int = 9999,
    rng: int | np.random.Generator = 0,
) -> PermutationRegression:
    """Regress an outcome of people on attributes and degrees, with tests by permutation.

    b = (X'X)^-1 X'y, with a constant or, with blocks, a constant for each block. For a coefficient
    Freedman and Lane exchange the residuals of y on the other terms, which keeps what those explain
    in place, and compare t; method "y", which UCINET has, exchanges y, whose test of one
    coefficient holds its level only where no other one matters. F of the whole model is tested by
    exchanging y.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Each network is a regression of its own.
    outcome : str
        Attribute of people made of numbers, or ``"out_degree"`` or ``"in_degree"``.
    terms : str or sequence of str
        Attributes or degrees; text becomes a column of 0 and 1 for each value but the first.
    blocks : str, optional
        Attribute within which people are exchanged, such as ``"team_id"``.
    method : {"freedman-lane", "y"}
        What is exchanged.
    n_draws : int
        Arrangements drawn where there are more than 200,000; otherwise each is taken once.
    rng : int or Generator
        Seed.

    Returns
    -------
    PermutationRegression
        A row for the intercept (without a test, and without blocks only), one for each column, and
        "model", whose `statistic` is F with the terms' number and `df` degrees of freedom.
        `std_error`, `statistic` and `df` are those of least squares, `p_value` is by permutation,
        two-sided, as in `permutation_t`. People of whom a value is not known are left out and
        counted. With too few people, terms that determine each other (also within blocks) or one
        outcome only, there is nothing, with the reason.

    Raises
    ------
    ArgumentError
        If an attribute is not there, the outcome is not made of numbers or is a term, or there is
        no such method.

    References
    ----------
    Anderson, M. J., & Robinson, J. (2001). Permutation tests for linear models. Australian & New
    Zealand Journal of Statistics, 43, 75-88.
    Carolan, B. V. (2014). Social network analysis and education (chapter 9, Figure 9.4). SAGE.
    Freedman, D., & Lane, D. (1983). A nonstochastic interpretation of reported significance levels.
    Journal of Business & Economic Statistics, 1, 292-298.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": list("abcdef"), "tenure": [1.0, 2, 3, 4, 5, 6],
    ...                        "trust": [1.0, 2, 4, 3, 5, 6]})
    >>> ends = np.array([], dtype=int)
    >>> network = Network("1", "advice", people, ends, ends, np.array([]), np.ones(6, dtype=bool))
    >>> found = permutation_regression(network, outcome="trust", terms="tenure").tidy()
    >>> found[["term", "estimate", "statistic", "p_value", "n_draws"]].round(3)
            term  estimate  statistic  p_value  n_draws
    0  Intercept     0.200      0.308      NaN        0
    1     tenure     0.943      5.659    0.017      720
    2      model       NaN     32.029    0.017      720
    """
    refuse_draws(n_draws)
    listed = named_terms(terms)
    _refuse(outcome, listed, method)
    rng = np.random.default_rng(rng)
    rows: list[dict[str, object]] = []
    for network in networks_of(panel):
        sample, names, x = _sample(network, outcome, listed, blocks)
        key = {"wave": network.wave, "relation": network.relation, "outcome": outcome}
        made = _rows(sample, names, x, blocks, method, n_draws, rng)
        rows += [key | row for row in made]
    return PermutationRegression(pd.DataFrame(rows), outcome)


def _refuse(outcome: str, terms: Sequence[str], method: str) -> None:
    if outcome in terms:
        raise ArgumentError("The outcome is among the terms", seen=repr(outcome))
    if method not in METHODS:
        raise ArgumentError(
            "Unknown way to exchange people", expected="'freedman-lane' or 'y'", seen=repr(method)
        )


def _sample(
    network: Network, outcome: str, terms: Sequence[str], blocks: str | None
) -> tuple[Sample, list[str], np.ndarray]:
    y, block = person_values(network, outcome), block_codes(network, blocks)
    names, x = regressors(network, terms, ~np.isnan(y) & (block >= 0))
    rows = np.flatnonzero(~np.isnan(y) & (block >= 0) & ~np.isnan(x).any(axis=1))
    codes = np.unique(block[rows], return_inverse=True)[1]
    return Sample(rows, y[rows], codes, network.n - len(rows)), names, x[rows]


def _rows(
    sample: Sample,
    names: list[str],
    x: np.ndarray,
    blocks: str | None,
    method: str,
    n_draws: int,
    rng: np.random.Generator,
) -> list[dict[str, object]]:
    fit = least_squares(sample.y, x, sample.blocks) if sample.n else None
    reason = _reason(sample, fit)
    tests = [asdict(Counted())] * (len(names) + 1)
    if fit is not None and not reason:
        exchange = Exchange(np.arange(sample.n), sample.blocks, n_draws)
        extreme = n_as_extreme(fit, exchange, method, rng)
        tests = [asdict(exchange.chance(int(one))) for one in extreme]
    estimates = _estimates(names, None if reason else fit)
    words = [
        {
            "method": f"permutation test, {exchanged(METHODS[method], blocks)}",
            "null_hypothesis": f"the coefficient of {name} is 0",
            "reason": reason,
        }
        for name in names
    ]
    model = {
        "method": f"permutation test, {exchanged('outcomes', blocks)}",
        "null_hypothesis": "no term has to do with the outcome",
        "reason": reason,
    }
    shares = _shares(fit) if fit is not None and not reason else dict.fromkeys(SHARES, math.nan)
    people = shares | {"n": sample.n, "n_left_out": sample.n_left_out}
    made = zip(estimates, tests, [*words, model], strict=True)
    rows = [estimate | test | people | said for estimate, test, said in made]
    if blocks is None:
        first = _intercept(sample, x, None if reason else fit) | asdict(Counted()) | people
        rows = [first | {"method": "", "null_hypothesis": "", "reason": NOT_TESTED}, *rows]
    return rows


def _reason(sample: Sample, fit: LeastSquares | None) -> str:
    if sample.n == 0:
        return "of nobody are all values known"
    if fit is None:
        return "the terms determine each other, or one of them is constant"
    if fit.df < 1:
        return "there are no more people than coefficients"
    return "all have the same outcome" if not fit.y.any() else ""


SHARES = ("r_squared", "r_squared_adjusted")


def _shares(fit: LeastSquares) -> dict[str, object]:
    left = fit.rss / (fit.y @ fit.y)
    full = fit.df + len(fit.coefficients)
    return dict(zip(SHARES, (float(1 - left), float(1 - left * full / fit.df)), strict=True))


def _estimates(names: list[str], fit: LeastSquares | None) -> list[dict[str, object]]:
    """Return the estimate of each column, and F of all."""
    if fit is None:
        names_of = ("estimate", "std_error", "statistic", "df")
        blank: dict[str, object] = dict.fromkeys(names_of, math.nan)
        return [blank | {"term": name} for name in [*names, MODEL]]
    k = len(names)
    errors = fit.std_errors
    rows: list[dict[str, object]] = [
        _estimate(name, float(b), float(error), fit.df)
        for name, b, error in zip(names, fit.coefficients, errors, strict=True)
    ]
    explained = float(fit.y @ fit.y) - fit.rss
    f = explained / k / (fit.rss / fit.df) if fit.rss > 0 else math.nan
    return [
        *rows,
        {"term": MODEL, "estimate": math.nan, "std_error": math.nan}
        | {"statistic": f, "df": fit.df},
    ]


def _estimate(name: str, b: float, error: float, df: int) -> dict[str, object]:
    t = b / error if error > 0 else math.nan
    return {"term": name, "estimate": b, "std_error": error, "statistic": t, "df": df}


def _intercept(sample: Sample, x: np.ndarray, fit: LeastSquares | None) -> dict[str, object]:
    if fit is None:
        return {"term": INTERCEPT} | dict.fromkeys(
            ("estimate", "std_error", "statistic", "df"), math.nan
        )
    mean = x.mean(axis=0)
    b = float(sample.y.mean() - mean @ fit.coefficients)
    # The variance of the mean of y and that of what the coefficients take from it.
    spread = np.linalg.solve(fit.x.T @ fit.x, mean) @ mean
    error = math.sqrt(fit.rss / fit.df * (1 / sample.n + spread))
    return _estimate(INTERCEPT, b, error, fit.df)
