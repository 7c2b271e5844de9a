"""What is known of each person: an attribute, or how many ties they have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.matrix import numbers_of
from cvln_eval.measurement.tables import names_in
from cvln_eval.networks.panel import Network

__all__ = ["DEGREES", "named_terms", "person_values", "regressors"]

DEGREES = ("out_degree", "in_degree")


def person_values(network: Network, name: str) -> np.ndarray:
    """Return a number a person, nan where it is not known.

    It is the column of `people`, or, where there is none of that name, `out_degree` (people named;
    nan for who did not answer) or `in_degree` (people who named them, of those who answered). In
    an undirected network both are the number of ties, nan for who did not answer.

    Raises
    ------
    ArgumentError
        If there is no such column, or a value of it is no finite number.
    """
    if isinstance(name, str) and name in network.people:
        return numbers_of(network.people[name], what=f"Values of {name}")
    if isinstance(name, str) and name in DEGREES:
        return _degree(network, name)
    raise ArgumentError(
        "People have no such attribute",
        expected=shown([*DEGREES, *network.people.columns.drop("person_id")]),
        seen=repr(name),
        todo="put it into the table of people, or, if it changes, into that of memberships",
    )


def _degree(network: Network, name: str) -> np.ndarray:
    ends = network.arcs()[DEGREES.index(name)]
    counted = np.bincount(ends, minlength=network.n).astype(float)
    asked = int(network.answered.sum()) - network.answered
    lacking = asked == 0 if network.directed and name == "in_degree" else ~network.answered
    counted[lacking] = np.nan
    return counted


def named_terms(terms: str | Sequence[str]) -> tuple[str, ...]:
    """Return the terms of a regression, each once, one at least.

    Raises
    ------
    ArgumentError
        If there is none or one stands twice.
    """
    listed = tuple(names_in(terms, argument="terms"))
    if not listed or len(set(listed)) < len(listed):
        raise ArgumentError(
            "A regression needs terms, each once",
            expected="names of attributes, `out_degree` or `in_degree`",
            seen=shown(listed) or "none",
        )
    return listed


def regressors(
    network: Network, terms: Sequence[str], usable: np.ndarray
) -> tuple[list[str], np.ndarray]:
    """Return the names of the columns and the columns, shape (n, k), nan what is not known.

    Text makes a column of 0 and 1 for each of its values but the first in their order, named
    ``level: site``; which values there are is told by the people who are `usable`.
    """
    names: list[str] = []
    columns: list[np.ndarray] = []
    for term in terms:
        if term in network.people and _is_text(network.people[term]):
            made = _indicators(network, term, usable)
        else:
            made = {term: person_values(network, term)}
        names += made
        columns += made.values()
    return names, np.column_stack(columns) if columns else np.empty((network.n, 0))


def _is_text(column: pd.Series) -> bool:
    return not pd.api.types.is_numeric_dtype(column) and bool(column.notna().any())


def _indicators(network: Network, term: str, usable: np.ndarray) -> dict[str, np.ndarray]:
    codes, names = network.groups(term)
    known = np.where(codes < 0, np.nan, codes)
    there = [code for code in range(len(names)) if np.any(codes[usable] == code)]
    made = {f"{term}: {names[code]}": np.where(codes < 0, np.nan, codes == code) for code in there}
    # Of one value there is no contrast: the column of ones says so where terms are looked at.
    return dict(list(made.items())[1:]) or {term: np.where(np.isnan(known), np.nan, 1.0)}
