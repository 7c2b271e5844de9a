"""Two groups of people compared by exchanging who is in which."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from cvln_eval.inference.panel.asked import refuse_draws
from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.networks.persons.chances import Exchange
from cvln_eval.networks.persons.comparing import arranged, extreme_among
from cvln_eval.networks.persons.grouping import Grouped, grouped, only_two
from cvln_eval.networks.persons.words import exchanged, no_networks, p_with_draws, where
from cvln_eval.resampling import Counted
from cvln_eval.results import Result, count, number

__all__ = ["PermutationT", "permutation_t"]

NO_TEST = ("estimate", "std_error", "statistic", "df", "p_greater", "p_less")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class PermutationT(Result):
    """Two groups compared in each network; see `permutation_t`.

    Attributes
    ----------
    table : DataFrame
        One row a network.
    outcome, by : str
        What was compared in which groups.
    draws : DataFrame
        `wave`, `relation`, `term`, `draw`, `statistic`: the difference each arrangement gave.
    """

    table: pd.DataFrame
    outcome: str
    by: str
    draws: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a network: the difference and its p values."""
        return self.table.copy()

    def null_distribution(self) -> pd.DataFrame:
        """Return one row a network and arrangement: the difference it gave."""
        return self.draws.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: networks, how many have a test, and the least p there."""
        tested = self.table["p_value"].notna()
        row = {
            "outcome": self.outcome,
            "by": self.by,
            "n_networks": len(self.table),
            "n_tests": int(tested.sum()),
            "p_value_min": self.table["p_value"].min(),
            "reason": "" if tested.any() else "no network allows the test",
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return the difference, the people and the p value of each network."""
        said = [self._said(row) for _, row in self.table.iterrows()]
        return " ".join(said) or no_networks()

    def _said(self, row: pd.Series) -> str:
        if math.isnan(row["p_value"]):
            return f"{where(row)}, {self.by} could not be tested: {row['reason']}."
        return (
            f"{where(row)}, the difference in {self.outcome} ({row['term']}) was "
            f"{number(row['estimate'])} among {count(row['n'], 'person', 'people')} "
            f"({row['method']}; two-sided {p_with_draws(row)})."
        )


def permutation_t(
    panel: NetworkPanel | Network,
    *,
    outcome: str,
    by: str,
    blocks: str | None = None,
    n_draws: int = 9999,
    rng: int | np.random.Generator = 0,
) -> PermutationT:
    """Compare two groups of people by exchanging who is in which group.

    The estimate is the mean of the second group minus that of the first, in the order of their
    names; with blocks it is the coefficient of least squares with a constant for each block. Groups
    are exchanged between all people, or within blocks, so that their sizes stay. The pooled t puts
    arrangements in the order of the difference, so that its p value is the same.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Each network is tested by itself.
    outcome : str
        Attribute of people made of numbers, or ``"out_degree"`` or ``"in_degree"``.
    by : str
        Attribute with two groups, such as ``"level"``.
    blocks : str, optional
        Attribute within which people are exchanged, such as ``"team_id"``: of people whose teams
        differ in outcome as well as in group, others are not exchangeable.
    n_draws : int
        Arrangements drawn where there are more than 200,000; otherwise each is taken once.
    rng : int or Generator
        Seed.

    Returns
    -------
    PermutationT
        `estimate`, `std_error`, `statistic` and `df` are those of least squares; `p_value` is
        two-sided, `p_greater` (`p_less`) the share of arrangements whose difference is at least (at
        most) the observed one; `p_low` and `p_high` bound what drawing leaves open of `p_value`
        (Clopper and Pearson, 95%). A drawn p is (c + 1) / (n_draws + 1), ties counted up to 1e-9.
        People whose outcome, group or block is not known are left out and counted; so is who did
        not answer, if the outcome is `out_degree`. `in_degree` counts namings by those who
        answered, of whom there is one more to name somebody who did not. With nobody, one group,
        three, nobody to be exchanged within blocks or one outcome only, there is no test, with the
        reason.

    Raises
    ------
    ArgumentError
        If an attribute is not there, or the outcome is not made of finite numbers.

    Notes
    -----
    The null hypothesis is that the outcomes of both groups come from one distribution. Where groups
    differ in size and in spread, equal means alone do not make the test hold its level. Ties make
    degrees depend on each other; the test conditions on the degrees and asks only who has them.

    References
    ----------
    Carolan, B. V. (2014). Social network analysis and education (chapter 9, Figure 9.2). SAGE.
    Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical
    Applications in Genetics and Molecular Biology, 9(1), article 39.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": list("abcdef"), "level": list("xxxyyy"),
    ...                        "trust": [1.0, 2, 4, 3, 5, 6]})
    >>> ends = np.array([], dtype=int)
    >>> network = Network("1", "advice", people, ends, ends, np.array([]), np.ones(6, dtype=bool))
    >>> found = permutation_t(network, outcome="trust", by="level").tidy()
    >>> found[["term", "p_value", "p_greater", "n_draws"]]
            term  p_value  p_greater  n_draws
    0  y minus x      0.2        0.1       20
    """
    refuse_draws(n_draws)
    rng = np.random.default_rng(rng)
    rows: list[dict[str, object]] = []
    draws: list[pd.DataFrame] = []
    for network in networks_of(panel):
        found = grouped(network, outcome=outcome, by=by, blocks=blocks)
        key = {"wave": network.wave, "relation": network.relation}
        exchange = found.exchange(n_draws)
        moved = np.empty((0, 2)) if only_two(found) else arranged(found.comparison, exchange, rng)
        rows.append(key | {"outcome": outcome} | _row(found, exchange, moved, blocks))
        draws.append(_differences(key | {"term": rows[-1]["term"]}, found, moved))
    columns = ["wave", "relation", "term", "draw", "statistic"]
    drawn = pd.concat(draws, ignore_index=True) if draws else pd.DataFrame(columns=columns)
    return PermutationT(pd.DataFrame(rows), outcome, by, drawn)


def _differences(key: dict[str, object], found: Grouped, moved: np.ndarray) -> pd.DataFrame:
    """Return the difference that each arrangement gave."""
    differences = moved[:, 1] / found.comparison.spread[-1, -1] if len(moved) else moved[:, 1]
    numbers = {"draw": np.arange(1, len(moved) + 1), "statistic": differences}
    return pd.DataFrame(key | numbers)


def _row(
    found: Grouped, exchange: Exchange, moved: np.ndarray, blocks: str | None
) -> dict[str, object]:
    reason = only_two(found)
    known = dict.fromkeys(NO_TEST, math.nan) | asdict(Counted())
    if len(found.names) == 2 and found.comparison.df_between:
        known |= _least_squares(found)
    if not reason:
        extreme = extreme_among(moved, found.comparison, exchange)
        all_of_it, greater, less = (exchange.chance(int(among)) for among in extreme)
        known |= {"p_greater": greater.p_value, "p_less": less.p_value} | asdict(all_of_it)
    return {
        "term": " minus ".join(reversed(found.names)) if len(found.names) == 2 else "",
        **known,
        "n": found.sample.n,
        "n_left_out": found.sample.n_left_out,
        "method": f"permutation test, {exchanged('groups', blocks)}",
        "null_hypothesis": "the outcome is distributed alike in both groups"
        + (f" within {blocks}" if blocks else ""),
        "reason": reason,
    }


def _least_squares(found: Grouped) -> dict[str, object]:
    comparison, df = found.comparison, found.df_residual()
    spread = comparison.spread[-1, -1]
    estimate = comparison.sums(found.codes[None, :])[0, -1] / spread
    left = comparison.ss_total - estimate**2 * spread
    error = math.sqrt(max(left, 0.0) / df / spread) if df else math.nan
    return {
        "estimate": float(estimate),
        "std_error": error,
        "statistic": float(estimate / error) if error > 0 else math.nan,
        "df": df,
    }
