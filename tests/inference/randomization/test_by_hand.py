"""Five teams, two treated: every number by hand."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.inference.randomization import randomization_test

# Means of the teams: a 5, b 3, c 1, d 2, e 0; a and d are treated.
TABLE = pd.DataFrame(
    {
        "team_id": list("aabbbccdee"),
        "treated": [1, 1, 0, 0, 0, 0, 0, 1, 0, 0],
        "change": [4.0, 6, 2, 3, 4, 1, 1, 2, -1, 1],
    }
)
# Two treated: mean of these two minus mean of the other three.
DIFFERENCES = {
    "ab": 4 - 1,
    "ac": 3 - 5 / 3,
    "ad": 3.5 - 4 / 3,
    "ae": 2.5 - 2,
    "bc": 2 - 7 / 3,
    "bd": 2.5 - 2,
    "be": 1.5 - 8 / 3,
    "cd": 1.5 - 8 / 3,
    "ce": 0.5 - 10 / 3,
    "de": 1 - 3,
}


def test_the_estimate_is_the_difference_of_means_of_team_means():
    found = randomization_test(TABLE, outcome="change", treatment="treated")
    assert found.estimate == pytest.approx(3.5 - 4 / 3)
    # a and d: variance 4.5, half of it; b, c, e: variance 7/3, a third of it
    assert found.std_error == pytest.approx(np.sqrt(4.5 / 2 + 7 / 9))
    assert found.statistic == pytest.approx((3.5 - 4 / 3) / np.sqrt(4.5 / 2 + 7 / 9))
    assert (found.n, found.n_assignments, found.n_draws) == (10, 10, 10)


def test_p_of_the_difference_is_the_share_of_the_ten():
    found = randomization_test(TABLE, outcome="change", treatment="treated", statistic="difference")
    # 13/6 is reached by ab (3), ad itself, and ce (-17/6)
    extreme = [name for name, value in DIFFERENCES.items() if abs(value) >= 13 / 6 - 1e-9]
    assert extreme == ["ab", "ad", "ce"]
    assert found.p_value == pytest.approx(0.3)
    assert found.smallest_p == pytest.approx(0.1)
    assert found.statistic == found.estimate
    assert np.isnan(found.std_error)


@pytest.mark.parametrize(("treated", "tied"), [("bd", 3), ("ae", 3), ("be", 6), ("cd", 6)])
def test_ties_count_as_extreme(treated, tied):
    # |d|: ab 3, ce 17/6, ad 13/6, de 2, ac 4/3, be and cd 7/6, ae and bd 1/2, bc 1/3
    table = TABLE.assign(treated=TABLE["team_id"].isin(list(treated)).astype(int))
    found = randomization_test(table, outcome="change", treatment="treated", statistic="difference")
    order = sorted((abs(value) for value in DIFFERENCES.values()), reverse=True)
    expected = sum(value >= abs(DIFFERENCES[treated]) - 1e-9 for value in order)
    assert found.p_value == pytest.approx(expected / 10)
    assert expected == {3: 9, 6: 7}[tied]


def test_t_orders_the_ten_by_welch():
    found = randomization_test(TABLE, outcome="change", treatment="treated")
    means = pd.Series({"a": 5.0, "b": 3, "c": 1, "d": 2, "e": 0})
    every = {}
    for pair in DIFFERENCES:
        on, off = means[list(pair)], means.drop(list(pair))
        every[pair] = abs(on.mean() - off.mean()) / np.sqrt(on.var() / 2 + off.var() / 3)
    extreme = [pair for pair in every if every[pair] >= every["ad"] - 1e-9]
    assert found.p_value == pytest.approx(len(extreme) / 10)


def test_the_interval_is_bounded_by_break_points():
    found = randomization_test(
        TABLE, outcome="change", treatment="treated", statistic="difference", conf_level=0.9
    )
    # Take tau off a and d, so that ad differs by 13/6 - tau. The others, with the part of a and d
    # that their difference takes off (one of the two: 1/2 - 1/3; none: -2/3):
    parts = {
        pair: (value, {2: 1.0, 1: 1 / 6, 0: -2 / 3}[len(set(pair) & set("ad"))])
        for pair, value in DIFFERENCES.items()
        if pair != "ad"
    }
    # |value - part tau| = |13/6 - tau| at two values of tau each, on both sides of 13/6; p falls
    # to 1/10 beyond the farthest.
    ends = [
        sorted([(13 / 6 - v) / (1 - part), (13 / 6 + v) / (1 + part)]) for v, part in parts.values()
    ]
    assert found.conf_low == pytest.approx(min(low for low, _ in ends))
    assert found.conf_high == pytest.approx(max(high for _, high in ends))
    assert found.reason == ""


def test_an_interval_that_the_design_cannot_bound_is_the_whole_line_and_says_so():
    found = randomization_test(TABLE, outcome="change", treatment="treated")
    assert (found.conf_low, found.conf_high) == (-np.inf, np.inf)
    assert found.attainable_conf_level == pytest.approx(0.9)
    narrower = randomization_test(TABLE, outcome="change", treatment="treated", conf_level=0.9)
    shown = f"the 90% interval is [{narrower.conf_low:.2f}, {narrower.conf_high:.2f}]"
    assert found.reason == (
        f"no p below .100 was possible, so that every effect is in a 95% interval; {shown}"
    )


def test_the_sentence_claims_no_more_than_the_evidence():
    found = randomization_test(TABLE, outcome="change", treatment="treated")
    assert found.sentence() == (
        "Over all 10 assignments that could have happened (2 of 5 clusters treated, 10 rows), the "
        "estimate for treated on change was 2.17, t = 1.25, p = .400; " + found.reason + ". This "
        "does not show that there is no effect."
    )
    assert found.null_hypothesis == "treated adds 0 to change in every row"
    assert found.method == "exact randomization test, t with HC2"


@pytest.mark.parametrize(
    ("treated", "n_assignments", "smallest"),
    [
        ([1, 1, 0, 0, 0], 10, 1 / 10),
        ([1, 1, 1, 0, 0, 0], 20, 2 / 20),
        ([1, 1, 0, 0], 6, 2 / 6),
        ([1, 1, 1, 0, 0], 10, 1 / 10),
    ],
)
@pytest.mark.parametrize("statistic", ["t", "difference"])
def test_the_least_p_counts_the_mirror_image_where_it_could_have_happened(
    treated, n_assignments, smallest, statistic
):
    table = pd.DataFrame({"team_id": range(len(treated)), "treated": treated})
    # An outcome with the treatment all but alone in it attains the least p.
    noise = 0.01 * np.array([1, -1, 2, 0.5, -0.7, 0.3])[: len(treated)]
    found = randomization_test(
        table.assign(y=3 * table["treated"] + noise),
        outcome="y", treatment="treated", statistic=statistic,
    )  # fmt: skip
    assert found.n_assignments == n_assignments
    assert found.smallest_p == pytest.approx(smallest)
    assert found.p_value == pytest.approx(smallest)


def test_pairs_attain_two_of_two_to_the_number_of_pairs():
    table = pd.DataFrame({"team_id": list("abcdefgh"), "pair": list("ppqqrrss")})
    table["treated"] = [1, 0, 0, 1, 1, 0, 1, 0]
    table["y"] = [5.0, 1, 2, 7, 4, 1, 9, 3]
    found = randomization_test(table, outcome="y", treatment="treated", pairs="pair")
    # Differences 4, 5, 3, 6: mean 4.5, variance 5/3, so t = 4.5 / sqrt(5/12)
    assert found.estimate == pytest.approx(4.5)
    assert found.std_error == pytest.approx(np.sqrt(5 / 12))
    assert found.p_value == found.smallest_p == pytest.approx(2 / 16)


def test_doses_that_mirror_each_other_double_the_least_p():
    outcome = {"outcome": "y", "treatment": "dose"}
    table = pd.DataFrame({"team_id": range(4), "y": [1.0, 2.1, 2.9, 4.2]})
    even = randomization_test(table.assign(dose=[1, 2, 3, 4]), **outcome)
    odd = randomization_test(table.assign(dose=[1, 2, 3, 5]), **outcome)
    assert (even.smallest_p, odd.smallest_p) == (pytest.approx(2 / 24), pytest.approx(1 / 24))
    assert even.p_value == pytest.approx(2 / 24)
    assert even.null_hypothesis == "a unit of dose adds 0 to y in every row"


@pytest.mark.parametrize("statistic", ["t", "difference"])
@pytest.mark.parametrize("treated", ["ab", "de"])
@pytest.mark.parametrize("factor", [1.0, 7.3, 1 / 3])
def test_no_difference_has_p_one_although_rounding_makes_one(statistic, treated, factor):
    # ab and de differ from the others by 0, but for the last digit
    table = pd.DataFrame({"team_id": list("abcde"), "y": np.array([0.1, 0.5, 0.3, 0.2, 0.4])})
    table = table.assign(
        y=factor * table["y"], treated=table["team_id"].isin(list(treated)).astype(int)
    )
    found = randomization_test(table, outcome="y", treatment="treated", statistic=statistic)
    assert found.p_value == 1
