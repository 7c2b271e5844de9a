"""Families of tests, declared in one place, and the p values adjusted within each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.holm import holm_adjusted
from cvln_eval.measurement.matrix import numbers_of
from cvln_eval.measurement.tables import need_columns
from cvln_eval.results import Result, count, p_in_words

__all__ = ["AdjustedTests", "adjust_family", "benjamini_hochberg_adjusted"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AdjustedTests(Result):
    """Tests with their p values adjusted within families; see `adjust_family`.

    Attributes
    ----------
    tests : DataFrame
        The table given, with `family, n_tests, p_adjusted, adjusted_by` beside each row.
    adjusted_by : str
        Name of the method.
    """

    tests: pd.DataFrame
    adjusted_by: str

    def tidy(self) -> pd.DataFrame:
        """Return the rows given, each with its family and adjusted p value."""
        return self.tests.copy()

    def families(self) -> pd.DataFrame:
        """Return one row a family: tests, least p value, how many stand after adjustment."""
        rows = [
            {
                "family": family,
                "n_tests": int(part["n_tests"].iloc[0]),
                "n_not_known": int(part["p_adjusted"].isna().sum()),
                "n_below_05": int((part["p_adjusted"] < 0.05).sum()),
                "p_adjusted_min": part["p_adjusted"].min(),
                "adjusted_by": self.adjusted_by,
            }
            for family, part in self.tests.groupby("family", sort=False)
        ]
        return pd.DataFrame(rows)

    def glance(self) -> pd.DataFrame:
        """Return one row: families, tests, and how many stand after adjustment."""
        families = self.families()
        return pd.DataFrame(
            {
                "n_families": [len(families)],
                "n_tests": [int(families["n_tests"].sum())],
                "n_not_known": [int(families["n_not_known"].sum())],
                "n_below_05": [int(families["n_below_05"].sum())],
                "adjusted_by": [self.adjusted_by],
            }
        )

    def sentence(self) -> str:
        """Return for each family how many of its tests stand after adjustment."""
        return " ".join(self._of(row) for _, row in self.families().iterrows())

    def _of(self, row: pd.Series) -> str:
        tests = count(int(row["n_tests"]), "test")
        if not row["n_tests"]:
            return f"The family {row['family']!r} has no test with a p value."
        least = p_in_words(float(row["p_adjusted_min"]))
        left_out = int(row["n_not_known"])
        without = (
            f"; {count(left_out, 'test')} had no p value and is not counted" if left_out else ""
        )
        if left_out > 1:
            without = without.replace("is not", "are not")
        return (
            f"Of {tests} in the family {row['family']!r}, {row['n_below_05']} had p < .05 after "
            f"adjustment by {self.adjusted_by} (least adjusted {least}){without}."
        )


def adjust_family(
    table: pd.DataFrame,
    *,
    families: str | Mapping[str, Sequence[str]],
    by: str = "scale",
    p_value: str = "p_value",
    method: str = "holm",
) -> AdjustedTests:
    """Adjust the p values of tests within the families that were declared for them.

    Holm's method holds the chance of one false finding or more in a family below the level;
    Benjamini and Hochberg's holds the expected share of false findings among the findings, where
    tests are independent or depend positively. With p values in rising order, Benjamini and
    Hochberg's i-th of m becomes the least of m p_j / j over j from i up.

    Parameters
    ----------
    table : DataFrame
        One row a test, such as `paired_change(...).tests()`.
    families : str, or mapping of str to sequence of str
        The name of the one family that all rows belong to; or the values of the column `by` that
        each family is made of. Declare it once, before looking, and pass it wherever it is needed.
    by : str
        Column that the values of `families` stand in.
    p_value : str
        Column of the p values. A missing one stays missing and does not count as a test.
    method : {"holm", "bh"}
        Holm (1979), or Benjamini and Hochberg (1995).

    Returns
    -------
    AdjustedTests
        `tidy` has the rows given with `family, n_tests, p_adjusted, adjusted_by`; their order does
        not matter to the numbers. Tied p values stay tied. A family of one test keeps its p value.

    Raises
    ------
    ArgumentError
        If a column is absent, a p value lies outside of 0 to 1, a row belongs to no family or a
        value to two, a declared value is not in the table (a family from which tests were dropped
        is adjusted too little), or the method is unknown.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal
    of Statistics, 6, 65-70.
    Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the
    Royal Statistical Society B, 57, 289-300.

    Notes
    -----
    Agrees with `p.adjust` of R.

    Examples
    --------
    >>> tests = pd.DataFrame({"scale": ["trust", "voice", "data"], "p_value": [0.01, 0.04, 0.03]})
    >>> declared = {"climate": ["trust", "voice"], "practice": ["data"]}
    >>> adjust_family(tests, families=declared).tidy()["p_adjusted"].tolist()
    [0.02, 0.04, 0.03]
    """
    if method not in METHODS:
        raise ArgumentError("Unknown method", expected=shown(METHODS), seen=repr(method))
    one_family = isinstance(families, str)
    need_columns(table, [p_value] if one_family else [p_value, by], table="tests")
    p = pd.Series(
        numbers_of(table[p_value], what="P values", squared=False), index=range(len(table))
    )
    if ((p < 0) | (p > 1)).any():
        raise ArgumentError(
            "A p value lies between 0 and 1", seen=shown(p[(p < 0) | (p > 1)]), column=p_value
        )
    named, adjust = METHODS[method]
    family = pd.Series(
        [families] * len(table) if isinstance(families, str) else _belong(table[by], families),
        dtype="str",
    )
    groups = p.groupby(family, sort=False)
    tests = table.assign(
        family=family.to_numpy(),
        n_tests=groups.transform("count").astype("int64").to_numpy(),
        p_adjusted=groups.transform(adjust).to_numpy(),
        adjusted_by=named,
    )
    return AdjustedTests(tests, named)


def _belong(values: pd.Series, families: Mapping[str, Sequence[str]]) -> list[str]:
    listed = [(str(value), name) for name, members in families.items() for value in members]
    of, present = dict(listed), values.astype("str")
    lost = sorted(set(of) - set(present.dropna()))
    homeless = [value for value in present if value not in of]
    if len(of) < len(listed) or lost or homeless:
        raise ArgumentError(
            "Families and tests do not fit: each test belongs to one family, and each declared "
            "test is there",
            expected=shown(of) or "none",
            seen=f"not in the table: {shown(lost) or 'none'}; in no family: "
            f"{shown(homeless) or 'none'}; named twice: "
            f"{shown(v for v in of if sum(v == one for one, _ in listed) > 1) or 'none'}",
            todo="declare a family for exploratory tests too, and pass a table with all its tests",
        )
    return [of[value] for value in present]


def benjamini_hochberg_adjusted(p_values: pd.Series) -> pd.Series:
    """Return p values adjusted by Benjamini and Hochberg's method; a missing one stays missing.

    Parameters
    ----------
    p_values : Series
        One p value a test.

    Returns
    -------
    Series
        In the order given: in rising order, the i-th of m is the least of m p_j / j over j >= i.

    Examples
    --------
    >>> benjamini_hochberg_adjusted(pd.Series([0.04, 0.01, 0.5])).tolist()
    [0.06, 0.03, 0.5]
    """
    known = p_values.dropna().astype(float).sort_values(ascending=False)
    m = len(known)
    steps = np.minimum.accumulate(known.to_numpy() * m / np.arange(m, 0, -1))
    return pd.Series(steps, index=known.index).reindex(p_values.index)


METHODS = {
    "holm": ("Holm", holm_adjusted),
    "bh": ("Benjamini-Hochberg", benjamini_hochberg_adjusted),
}
