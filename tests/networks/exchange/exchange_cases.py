"""Networks drawn at random, what it means that two are one, and a panel that has everything."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from cvln_eval.networks.panel import Network, NetworkPanel, network_panel

__all__ = ["networks", "panel_in_waves", "the_same"]

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


# Wave 1 has a, b, c, d (c gave no answer, d was not asked about advice); d leaves, e comes.
MEMBERSHIPS = pd.DataFrame(
    {
        "wave": ["1"] * 4 + ["2"] * 4 + ["3"] * 4,
        "person_id": list("abcd") + list("abce") + list("acde"),
        "team_id": ["x", "x", "y", "y"] * 2 + ["x", "y", "y", "y"],
        "tenure_years": [1.5, 7.0, 3.0, 0.0, 2.5, 8.0, 4.0, 2.0, 3.5, 5.0, 1.0, None],
    }
)
TIES = pd.DataFrame(
    [
        ("1", "advice", "a", "b", 3.0),
        ("1", "advice", "b", "a", 1.0),
        ("1", "advice", "b", "c", 2.0),
        ("2", "advice", "a", "c", 1.0),
        ("2", "advice", "c", "a", 1.0),
        ("2", "advice", "c", "e", 4.0),
        ("3", "advice", "d", "e", 2.0),
        ("3", "advice", "e", "c", 1.0),
    ],
    columns=["wave", "relation", "sender_id", "receiver_id", "strength"],
)
RESPONDENTS = pd.DataFrame(
    {
        "wave": ["1"] * 3 + ["2"] * 4 + ["3"] * 4,
        "instrument": "advice",
        "person_id": list("abc") + list("abce") + list("acde"),
        "responded": [True, True, False, True, True, True, False, False, True, True, True],
    }
)


def panel_in_waves() -> NetworkPanel:
    """Return the panel."""
    return network_panel(TIES, MEMBERSHIPS, RESPONDENTS)
