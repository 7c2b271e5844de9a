"""Networks drawn at random, and what it means that two are one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st

from cvln_eval.networks.panel import Network, symmetrised

NAMES = [
    "P1",
    "p 2",
    "o'Neil",
    "Ünal",
    "=SUM",
    "7",
    "007",
    "x,y",
    "data:",
    "a;b",
    "NA",
    "-",
    "łódź|",
]


def the_same(one: Network, other: Network, *, attributes: bool = False) -> None:
    """Fail where two networks differ in anything that a file should keep."""
    assert (one.wave, one.relation, one.directed) == (other.wave, other.relation, other.directed)
    assert one.ids.tolist() == other.ids.tolist()
    for name in ("sender", "receiver", "answered"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist(), name
    np.testing.assert_array_equal(one.strength, other.strength)
    if attributes:
        pd.testing.assert_frame_equal(
            one.people, other.people, check_dtype=False, check_column_type=False
        )


@st.composite
def networks(draw: st.DrawFn, *, strengths: tuple[float, ...] = (1.0, 2.5)) -> Network:
    """Return directed networks of people with odd names, some of whom did not answer."""
    ids = sorted(draw(st.lists(st.sampled_from(NAMES), max_size=6, unique=True)))
    n = len(ids)
    levels = st.sampled_from((0.0, 0.0, *strengths))
    cells = np.array(draw(st.lists(levels, min_size=n * n, max_size=n * n))).reshape(n, n)
    answered = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)), dtype=bool)
    cells[~answered] = 0
    np.fill_diagonal(cells, 0)
    sender, receiver = np.nonzero(cells)
    people = pd.DataFrame(
        {
            "person_id": pd.Series(ids, dtype="str"),
            "team_id": pd.Series([["x", "y"][i % 2] for i in range(n)], dtype="str"),
            "tenure_years": np.arange(n) / 2,
        }
    )
    return Network("2", "advice", people, sender, receiver, cells[sender, receiver], answered)


def without_attributes(network: Network) -> Network:
    """Return the network whose people are ids alone."""
    return replace(network, people=network.people[["person_id"]])


@pytest.fixture
def three() -> Network:
    """Return a -> b (3), a -> c (1), b -> a (2); c did not answer."""
    people = pd.DataFrame({"person_id": ["a", "b", "c"], "team_id": ["x", "x", "y"]})
    ends = np.array([0, 0, 1]), np.array([1, 2, 0])
    return Network(
        "1", "advice", people, *ends, np.array([3.0, 1, 2]), np.array([True, True, False])
    )


@pytest.fixture
def nobody() -> Network:
    """Return a network of no people."""
    none = np.empty(0, dtype=np.intp)
    people = pd.DataFrame({"person_id": pd.Series([], dtype="str")})
    return Network("1", "advice", people, none, none, np.empty(0), np.empty(0, dtype=bool))


__all__ = ["networks", "symmetrised", "the_same", "without_attributes"]
