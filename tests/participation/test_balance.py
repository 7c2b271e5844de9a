"""Indexes of balance, by hand and at their limits."""

import math

import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.participation import blau_index, pielou_evenness, role_balance, shannon_entropy

ROSTER = pd.DataFrame(
    {
        "person_id": list("abcdefg"),
        "wave": ["y1"] * 7,
        "team_id": ["A", "A", "A", "A", "B", "B", "C"],
        "role": ["principal", "principal", "vice", "chief", "chief", "chief", None],
    }
)


def test_indexes_of_counts_2_1_1_by_hand():
    # p = 1/2, 1/4, 1/4: H = .5 ln 2 + .5 ln 4 = 1.5 ln 2; J = 1.5 ln 2 / ln 3; 1 - 6/16 = .625
    assert shannon_entropy([2, 1, 1]) == pytest.approx(1.5 * math.log(2))
    assert pielou_evenness([2, 1, 1]) == pytest.approx(1.5 * math.log(2) / math.log(3))
    assert blau_index([2, 1, 1]) == 0.625


def test_a_role_that_nobody_has_changes_no_index():
    assert pielou_evenness([3, 1, 0]) == pielou_evenness([3, 1])
    assert blau_index([3, 1, 0]) == blau_index([3, 1])


def test_k_equal_roles_are_perfectly_even():
    for k in range(2, 8):
        assert pielou_evenness([4] * k) == pytest.approx(1)
        assert blau_index([4] * k) == pytest.approx(1 - 1 / k)


def test_one_role_has_entropy_0_and_no_evenness():
    assert shannon_entropy([5]) == 0
    assert blau_index([5]) == 0
    assert math.isnan(pielou_evenness([5]))


def test_nobody_has_no_index():
    for index in (shannon_entropy, pielou_evenness, blau_index):
        assert math.isnan(index([]))
        assert math.isnan(index([0, 0]))


def test_a_negative_count_is_refused():
    with pytest.raises(ArgumentError, match=r"-1\.0"):
        blau_index([2, -1])


def test_each_unit_says_why_its_evenness_is_missing():
    balance = role_balance(ROSTER).tidy().set_index("team_id")
    assert balance["reason"].to_dict() == {"A": "", "B": "one role only", "C": "no role is known"}
    assert balance["n"].to_dict() == {"A": 4, "B": 2, "C": 0}
    assert balance["n_role_not_known"].to_dict() == {"A": 0, "B": 0, "C": 1}
    assert balance.loc["A", "blau"] == 0.625
    assert math.isnan(balance.loc["B", "evenness"])


def test_shares_of_roles_add_up_to_1_in_each_unit_with_roles():
    shares = role_balance(ROSTER).shares()
    assert shares.groupby("team_id")["share"].sum(min_count=1)[["A", "B"]].tolist() == [1, 1]
    assert shares[shares["team_id"] == "C"]["share"].isna().all()


def test_sessions_can_be_the_units():
    came = ROSTER.assign(session_id=["s1", "s2"] * 3 + ["s1"])
    balance = role_balance(came, within=["session_id"]).tidy()
    # s1: a principal, c vice, e chief, g unknown; s2: b principal, d chief, f chief
    assert balance["n"].tolist() == [3, 3]
    assert balance["n_roles"].tolist() == [3, 2]


def test_row_order_does_not_matter():
    pd.testing.assert_frame_equal(
        role_balance(ROSTER.iloc[::-1]).tidy(), role_balance(ROSTER).tidy()
    )


def test_no_rows_give_an_empty_result_and_a_reason():
    nothing = role_balance(ROSTER.iloc[:0])
    assert nothing.tidy().empty
    assert nothing.glance()["reason"].item() == "no unit has two roles"
    assert "not available" in nothing.sentence()


def test_a_missing_column_is_named():
    with pytest.raises(ArgumentError, match="'role'"):
        role_balance(ROSTER.drop(columns="role"))
    with pytest.raises(ArgumentError, match="No column names a unit"):
        role_balance(ROSTER, within=[])
