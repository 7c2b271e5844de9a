"""Several groups of people compared by exchanging who is in which: analysis of variance."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from cvln_eval.inference.panel.asked import refuse_draws
from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.networks.persons.comparing import n_as_extreme
from cvln_eval.networks.persons.grouping import Grouped, grouped
from cvln_eval.networks.persons.words import exchanged, no_networks, p_with_draws, where
from cvln_eval.resampling import Counted
from cvln_eval.results import Result, number

__all__ = ["PermutationAnova", "permutation_anova"]

RESIDUAL, TOTAL = "residual", "total"
PART = "a part of the table, not a test"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class PermutationAnova(Result):
    """Groups compared in each network; see `permutation_anova`."""

    table: pd.DataFrame
    means: pd.DataFrame
    outcome: str
    by: str

    def tidy(self) -> pd.DataFrame:
        """Return three rows a network: what the groups explain, what is left, and the total."""
        return self.table.copy()

    def groups(self) -> pd.DataFrame:
        """Return one row a network and group: people and mean outcome."""
        return self.means.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: networks, how many have a test, and the least p there."""
        tested = self.table["p_value"].notna()
        row = {
            "outcome": self.outcome,
            "by": self.by,
            "n_networks": len(self.table) // 3,
            "n_tests": int(tested.sum()),
            "p_value_min": self.table["p_value"].min(),
            "reason": "" if tested.any() else "no network allows the test",
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return F, the share explained and the p value of each network."""
        networks = [self.table.iloc[at : at + 2] for at in range(0, len(self.table), 3)]
        return " ".join(self._said(*(row for _, row in of.iterrows())) for of in networks) or (
            no_networks()
        )

    def _said(self, row: pd.Series, left: pd.Series) -> str:
        if math.isnan(row["p_value"]):
            return f"{where(row)}, {self.by} could not be tested: {row['reason']}."
        f = number(row["statistic"])
        return (
            f"{where(row)}, {self.by} explained {number(row['eta_squared'], 3)} of the variance of "
            f"{self.outcome}, F({row['df']:.0f}, {left['df']:.0f}) = {f} "
            f"({row['method']}; {p_with_draws(row)})."
        )


def permutation_anova(
    panel: NetworkPanel | Network,
    *,
    outcome: str,
    by: str = "team_id",
    blocks: str | None = None,
    n_draws: int = 9999,
    rng: int | np.random.Generator = 0,
) -> PermutationAnova:
    """Compare groups of people by exchanging who is in which group.

    F = (SS between / df between) / (SS within / df within), with eta squared = SS between / SS
    total. Groups are exchanged between all people, or within blocks, whose means are then taken
    out of the outcome and of the groups. F orders arrangements as SS between does.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Each network is tested by itself.
    outcome : str
        Attribute of people made of numbers, or ``"out_degree"`` or ``"in_degree"``.
    by : str
        Attribute with two groups or more.
    blocks : str, optional
        Attribute within which people are exchanged.
    n_draws : int
        Arrangements drawn where there are more than 200,000; otherwise each is taken once.
    rng : int or Generator
        Seed.

    Returns
    -------
    PermutationAnova
        Rows `by`, "residual" and "total" with `sum_of_squares`, `df` and `mean_square`; the first
        has F, `eta_squared` and the p value, as in `permutation_t`. With nobody, one group, groups
        that are not compared within blocks, or one outcome only, there is no test, with the
        reason; with as many groups as people there is no F.

    Raises
    ------
    ArgumentError
        If an attribute is not there, or the outcome is not made of finite numbers.

    References
    ----------
    Carolan, B. V. (2014). Social network analysis and education (chapter 9, Figure 9.3). SAGE.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": list("abcdef"), "team_id": list("xxyyzz"),
    ...                        "trust": [1.0, 2, 4, 3, 5, 6]})
    >>> ends = np.array([], dtype=int)
    >>> network = Network("1", "advice", people, ends, ends, np.array([]), np.ones(6, dtype=bool))
    >>> found = permutation_anova(network, outcome="trust").tidy()
    >>> found[["term", "sum_of_squares", "df", "statistic", "p_value"]].round(3)
           term  sum_of_squares  df  statistic  p_value
    0   team_id            16.0   2       16.0    0.067
    1  residual             1.5   3        NaN      NaN
    2     total            17.5   5        NaN      NaN
    """
    refuse_draws(n_draws)
    rng = np.random.default_rng(rng)
    tests: list[dict[str, object]] = []
    means: list[dict[str, object]] = []
    for network in networks_of(panel):
        found = grouped(network, outcome=outcome, by=by, blocks=blocks)
        key = {"wave": network.wave, "relation": network.relation, "outcome": outcome}
        tested = _tested(found, by, blocks, n_draws, rng)
        tests += [key | row | one for row, one in zip(_squares(found, by), tested, strict=True)]
        means += [key | {"by": by} | row for row in _means(found)]
    columns = ["wave", "relation", "outcome", "by", "group", "n", "mean"]
    return PermutationAnova(pd.DataFrame(tests), pd.DataFrame(means, columns=columns), outcome, by)


def _means(found: Grouped) -> list[dict[str, object]]:
    rows = zip(found.names, found.sizes, found.means, strict=True)
    return [{"group": name, "n": int(n), "mean": float(mean)} for name, n, mean in rows]


def _squares(found: Grouped, by: str) -> list[dict[str, object]]:
    """Return the analysis of variance: what the groups explain, what is left, the total."""
    comparison, df, left = found.comparison, found.comparison.df_between, found.df_residual()
    between, total = math.nan, comparison.ss_total if found.sample.n else math.nan
    if df:
        between = float(comparison.ss_between(found.codes[None, :])[0])
    squares = (between, max(total - between, 0.0) if df else math.nan, total)
    dfs = (df, left, df + left)
    mean = [of / by_df if by_df > 0 else math.nan for of, by_df in zip(squares, dfs, strict=True)]
    rows: list[dict[str, object]] = [
        {"term": term, "sum_of_squares": of, "df": by_df, "mean_square": each}
        | {"statistic": math.nan, "eta_squared": math.nan}
        for term, of, by_df, each in zip((by, RESIDUAL, TOTAL), squares, dfs, mean, strict=True)
    ]
    rows[0]["statistic"] = mean[0] / mean[1] if mean[1] > 0 else math.nan
    rows[0]["eta_squared"] = between / total if total > 0 else math.nan
    return rows


def _tested(
    found: Grouped, by: str, blocks: str | None, n_draws: int, rng: np.random.Generator
) -> list[dict[str, object]]:
    """Return the test, and for the other rows of the table that they have none."""
    reason = found.reason()
    tested = asdict(Counted())
    if not reason:
        exchange = found.exchange(n_draws)
        tested = asdict(exchange.chance(int(n_as_extreme(found.comparison, exchange, rng)[0])))
    people = {"n": found.sample.n, "n_left_out": found.sample.n_left_out}
    words = {
        "method": f"permutation test, {exchanged('groups', blocks)}",
        "null_hypothesis": f"the outcome is distributed alike in all groups of {by}"
        + (f" within {blocks}" if blocks else ""),
        "reason": reason,
    }
    none = asdict(Counted()) | people | {"method": "", "null_hypothesis": "", "reason": PART}
    return [tested | people | words, none, none]
