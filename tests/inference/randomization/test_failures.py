"""What is refused, what is left out, and what cannot be had."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.randomization import assignments, randomization_test

TABLE = pd.DataFrame(
    {
        "team_id": list("aabbccddee"),
        "treated": [1, 1, 1, 1, 0, 0, 0, 0, 0, 0],
        "y": [3.0, 5, 2, 4, 1, 0, 2, 1, 0, 1],
        "x": [0.0, 1, 0, 1, 0, 1, 0, 1, 0, 1],
    }
)
GIVEN = {"outcome": "y", "treatment": "treated"}


def test_a_treatment_that_varies_within_a_cluster_is_refused_with_the_cluster():
    table = TABLE.assign(treated=[1, 1, 1, 0, 0, 0, 0, 1, 0, 0])
    with pytest.raises(ArgumentError, match=r"several in 'b', 'd'(?s:.)*start="):
        randomization_test(table, **GIVEN)


def test_a_pair_without_one_treated_is_refused_with_its_clusters():
    table = TABLE[TABLE["team_id"] != "e"].assign(pair=list("ppppqqqq"))
    with pytest.raises(ArgumentError, match="'a', 'b', 'c', 'd'"):
        randomization_test(table, **GIVEN, pairs="pair")
    with pytest.raises(ArgumentError, match="other pairs, of 'c', 'd', 'e'"):
        randomization_test(
            TABLE.assign(treated=[1, 1, *[0] * 8], pair=list("ppppqqqqqq")), **GIVEN, pairs="pair"
        )


def test_a_pair_of_three_is_refused_though_all_doses_differ():
    table = pd.DataFrame({"team_id": list("abcde"), "treated": [1, 2, 3, 1, 2], "y": range(5)})
    with pytest.raises(ArgumentError, match="other pairs, of 'a', 'b', 'c'"):
        randomization_test(table.assign(pair=list("pppqq")), **GIVEN, pairs="pair")


@pytest.mark.parametrize("role", ["strata", "pairs"])
def test_a_missing_stratum_is_refused(role):
    table = TABLE.assign(block=[None, "x", *["x"] * 8])
    with pytest.raises(ArgumentError, match="none in rows of 'a'"):
        randomization_test(table, **GIVEN, **{role: "block"})


def test_a_stratum_that_varies_within_a_cluster_is_refused():
    table = TABLE.assign(block=list("xxxyyyyyyy"))
    with pytest.raises(ArgumentError, match="several in 'b'"):
        assignments(table, treatment="treated", strata="block")


def test_a_missing_treatment_or_cluster_is_refused():
    with pytest.raises(ArgumentError, match="none in rows of 'c'"):
        randomization_test(TABLE.assign(treated=[1, 1, 1, 1, np.nan, *[0.0] * 5]), **GIVEN)
    with pytest.raises(ArgumentError, match="which cluster"):
        randomization_test(TABLE.assign(team_id=[None, *TABLE["team_id"][1:]]), **GIVEN)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"statistic": "median"}, "'median'"),
        ({"conf_level": 95}, "95"),
        ({"null_value": np.inf}, "inf"),
        ({"null_value": "0"}, "'0'"),
        ({"n_draws": 99.5}, "99.5"),
        ({"controls": ["age"]}, "'age'"),
        ({"outcome": "z"}, "'z'"),
        ({"start": "x"}, "exclude each other"),
        ({"treatment": None}, "Nothing was assigned"),
        ({"strata": "x", "pairs": "x"}, "exclude each other"),
        ({"treatment": "team_id"}, "'a', 'b', 'c'"),
        ({"outcome": "team_id"}, "'a', 'b', 'c'"),
        ({"wave": "nowhere", "start": "x", "treatment": None}, "'nowhere'"),
    ],
)
def test_an_argument_out_of_range_is_refused(more, message):
    with pytest.raises(ArgumentError, match=message):
        randomization_test(TABLE, **{**GIVEN, **more})


def test_draws_that_are_no_number_are_refused():
    many = pd.DataFrame({"team_id": range(40), "treated": [0, 1] * 20, "y": np.arange(40.0)})
    with pytest.raises(ArgumentError, match="whole number of 1 or more"):
        randomization_test(many, **GIVEN, n_draws=0)


def test_rows_without_outcome_or_control_are_left_out_and_counted():
    table = TABLE.copy()
    table.loc[[1, 4], "y"] = np.nan
    table.loc[9, "x"] = np.nan
    found = randomization_test(table, **GIVEN, controls=["x"])
    kept = randomization_test(table.drop(index=[1, 4, 9]), **GIVEN, controls=["x"])
    assert (found.n, found.n_left_out, found.clusters_left_out) == (7, 3, ())
    assert found.p_value == kept.p_value
    assert found.statistic == pytest.approx(kept.statistic)
    assert "7 rows; 3 rows left out" in found.sentence()


def test_a_cluster_that_loses_all_rows_is_left_out_by_name():
    table = TABLE.copy()
    table.loc[table["team_id"] == "d", "y"] = np.nan
    found = randomization_test(table, **GIVEN)
    assert found.clusters_left_out == ("d",)
    assert (found.possible.n_clusters, found.n_assignments) == (4, 6)
    assert "2 rows left out, with them all of d" in found.sentence()
    assert found.glance()["n_clusters_left_out"].item() == 1
    kept = randomization_test(table[table["team_id"] != "d"], **GIVEN)
    assert found.p_value == kept.p_value


def test_a_pair_goes_when_one_of_it_goes():
    table = TABLE.assign(
        team_id=list("aabbccddef"), pair=list("ppqqppqqrr"), treated=[1, 1, 0, 0, 0, 0, 1, 1, 0, 1]
    )
    table.loc[table["team_id"] == "e", "y"] = np.nan
    found = randomization_test(table, **GIVEN, pairs="pair")
    assert found.clusters_left_out == ("e", "f")
    assert (found.n, found.n_left_out, found.n_assignments) == (8, 2, 4)


NOTHING = {
    "one cluster": (TABLE[:2], "1 cluster with outcome"),
    "all treated": (TABLE.assign(treated=1), "treated alike"),
    "none treated": (TABLE.assign(treated=0), "treated alike"),
    "no rows": (TABLE[:0], "0 clusters with outcome"),
    "no outcome": (TABLE.assign(y=np.nan), "0 clusters with outcome"),
}


@pytest.mark.parametrize("case", NOTHING)
@pytest.mark.parametrize("statistic", ["t", "difference"])
def test_nothing_to_exchange_is_nan_with_a_reason(case, statistic):
    table, reason = NOTHING[case]
    found = randomization_test(table, **GIVEN, statistic=statistic)
    row = found.tidy().iloc[0]
    assert row[["estimate", "p_value", "smallest_p", "conf_low"]].isna().all()
    assert reason in row["reason"]
    assert reason in found.sentence()
    assert "not available" in found.sentence()
    assert found.method.startswith("randomization test")


def test_strata_treated_alike_leave_nothing():
    found = randomization_test(TABLE.assign(s=TABLE["treated"]), **GIVEN, strata="s")
    assert "all clusters of a block were treated alike" in found.reason


def test_a_control_that_is_the_treatment_leaves_nothing_to_compare():
    found = randomization_test(TABLE.assign(x=TABLE["treated"] * 2.0 + 1), **GIVEN, controls=["x"])
    assert np.isnan(found.estimate)
    assert "leave nothing of the treatment" in found.reason


def test_one_treated_cluster_has_no_t_but_a_difference():
    table = TABLE.assign(treated=[1, 1, *[0] * 8])
    by_t = randomization_test(table, **GIVEN)
    assert "one cluster alone sets the slope" in by_t.reason
    assert np.isnan(by_t.p_value)
    assert by_t.estimate == pytest.approx(4 - 11 / 8)
    found = randomization_test(table, **GIVEN, statistic="difference")
    assert found.p_value == found.smallest_p == pytest.approx(1 / 5)


def test_one_pair_is_no_evidence():
    table = TABLE[TABLE["team_id"].isin(["a", "c"])].assign(pair="p")
    assert "alone" in randomization_test(table, **GIVEN, pairs="pair").reason
    found = randomization_test(table, **GIVEN, pairs="pair", statistic="difference")
    assert found.p_value == found.smallest_p == 1
    assert (found.conf_low, found.conf_high) == (-np.inf, np.inf)


@pytest.mark.parametrize("statistic", ["t", "difference"])
def test_an_outcome_without_variance_has_p_one(statistic):
    found = randomization_test(TABLE.assign(y=3.1), **GIVEN, statistic=statistic, conf_level=0.9)
    assert (found.estimate, found.p_value) == (pytest.approx(0), 1)
    assert found.conf_low == pytest.approx(0, abs=1e-12)
    assert found.conf_high == pytest.approx(0, abs=1e-12)


def test_a_stratum_treated_alike_says_nothing_but_stays():
    extra = pd.DataFrame({"team_id": ["f", "g"], "treated": 0, "y": [100.0, -3], "x": 0.0})
    table = pd.concat([TABLE, extra], ignore_index=True)
    table["s"] = np.where(table["team_id"] > "e", "far", "near")
    found = randomization_test(table, **GIVEN, strata="s")
    alone = randomization_test(TABLE, **GIVEN)
    assert found.estimate == pytest.approx(alone.estimate)
    assert found.std_error == pytest.approx(alone.std_error)
    assert (found.p_value, found.n_assignments) == (alone.p_value, 10)


def test_an_assignment_that_controls_use_up_counts_as_nought():
    # x is 1 in c and d only: had these been treated, x would leave nothing of the treatment.
    table = TABLE.assign(x=TABLE["team_id"].isin(["c", "d"]).astype(float))
    found = randomization_test(table, **GIVEN, controls=["x"], statistic="difference")
    y, x = np.array([4, 3, 0.5, 1.5, 0.5]), np.array([0, 0, 1, 1, 0])
    held = np.column_stack([np.ones(5), x])
    sizes = []
    for row in assignments(table, treatment="treated").values:
        left = row - held @ np.linalg.lstsq(held, row)[0]
        length = np.sqrt(left @ left)
        sizes.append(abs(left @ y) / length if length > 1e-9 else 0.0)
    assert sizes.count(0.0) == 1
    assert found.p_value == pytest.approx(np.mean(np.array(sizes) >= sizes[9] - 1e-9))
    assert found.p_value < 1


def test_the_t_of_an_assignment_that_controls_use_up_is_nought():
    table = pd.DataFrame({"team_id": list("abcdef"), "treated": [1, 1, 0, 0, 0, 0]})
    table = table.assign(x=[0.0, 0, 1, 1, 0, 0], y=[2.0, 3.5, 1, 2.2, 0.4, 1.9])
    found = randomization_test(table, **GIVEN, controls=["x"])
    every = assignments(table, treatment="treated").values
    sizes = [abs(_t(row, table["x"].to_numpy(), table["y"].to_numpy())) for row in every]
    assert sizes.count(0.0) == 1
    assert found.p_value == pytest.approx(np.mean(np.array(sizes) >= sizes[14] - 1e-9))
    assert sizes[14] == pytest.approx(abs(found.statistic))
    assert found.p_value < 1


def _t(treated, x, y):
    """Return the t of HC2, 0 without contrast; clusters of leverage 1 have no residual to count."""
    design = np.column_stack([treated, np.ones(6), x])
    if np.linalg.matrix_rank(design) < 3:
        return 0.0
    pinv = np.linalg.pinv(design)
    beta, room = pinv @ y, 1 - np.diag(design @ pinv)
    residuals = (y - design @ beta)[room > 1e-9] / np.sqrt(room[room > 1e-9])
    return beta[0] / np.sqrt((pinv[0][room > 1e-9] ** 2) @ residuals**2)


def test_clusters_that_share_a_name_are_refused():
    table = TABLE.assign(team_id=np.array([1, 1, "1", "1", 2, 2, 3, 3, 4, 4], dtype=object))
    with pytest.raises(ArgumentError, match="names of clusters"):
        randomization_test(table, **GIVEN)


def test_columns_may_have_numbers_for_names():
    table = TABLE.set_axis([3, 0, 1, 2], axis=1)
    found = randomization_test(table, outcome=1, treatment=0, cluster=3, controls=[2])
    theirs = randomization_test(TABLE, **GIVEN, controls=["x"])
    assert found.p_value == theirs.p_value
    assert found.term == "0"
    with pytest.raises(ArgumentError, match="several in 'a'"):
        randomization_test(table, outcome=1, treatment=2, cluster=3)
    with pytest.raises(ArgumentError, match="several in 'b'"):
        randomization_test(
            TABLE.assign(block=list("xxxyyyyyyy")).rename(columns={"block": 0}), **GIVEN, strata=0
        )


def test_an_infinite_t_is_told_in_words():
    found = randomization_test(TABLE.assign(y=2.0 * TABLE["treated"]), **GIVEN)
    assert "an infinite t" in found.sentence()
    assert "inf," not in found.sentence()


@pytest.mark.parametrize("starts", [["1", 1], [1, "2"]])
def test_waves_that_have_no_order_are_refused(starts):
    table = TABLE.assign(wave=np.array([starts[0], starts[1]] * 5, dtype=object), start=1)
    with pytest.raises(ArgumentError, match="wave"):
        randomization_test(table, outcome="y", start="start")
