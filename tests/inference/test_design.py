import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.design import cluster_design

TABLE = pd.DataFrame(
    {
        "change": [1.0, 2.0, np.nan, 4.0],
        "visits": [8, 8, 12, 12],
        "weight": [1.0, 2.0, 1.0, np.nan],
        "team_id": ["b", "b", "a", "a"],
    },
    index=[7, 7, 9, 3],
)


def test_clusters_are_sorted_and_rows_are_positions_in_the_table():
    design = cluster_design(TABLE, formula="change ~ visits", cluster="team_id")
    assert design.clusters == ("a", "b")
    assert design.codes.tolist() == [1, 1, 0]
    assert design.rows.tolist() == [0, 1, 3]
    assert design.terms == ("Intercept", "visits")
    assert (design.n_left_out, design.n_clusters) == (1, 2)
    np.testing.assert_array_equal(design.x, [[1, 8], [1, 8], [1, 12]])


def test_a_row_without_weight_is_left_out_too():
    design = cluster_design(TABLE, formula="change ~ 1", cluster="team_id", weights="weight")
    assert design.weights.tolist() == [1.0, 2.0]
    assert design.clusters == ("b",)
    assert design.n_left_out == 2


def test_a_formula_with_an_unknown_column_is_refused_with_the_columns():
    with pytest.raises(ArgumentError, match="visit_count"):
        cluster_design(TABLE, formula="change ~ visit_count", cluster="team_id")


@pytest.mark.parametrize("table", [TABLE.iloc[:0], TABLE.assign(change=np.nan)])
def test_without_a_complete_row_there_are_no_rows_and_no_terms(table):
    design = cluster_design(table, formula="change ~ visits", cluster="team_id", weights="weight")
    assert (design.outcome, design.terms, design.clusters) == ("change", (), ())
    assert (design.x.shape, design.n_left_out) == ((0, 0), len(table))


def test_a_row_that_lacks_what_the_formula_does_not_name_is_complete():
    table = TABLE.assign(change=[1.0, 2.0, 3.0, 4.0], note=np.nan)
    assert len(cluster_design(table, formula="change ~ 1", cluster="team_id").y) == 4


def test_a_formula_that_names_no_column_as_it_is_is_read():
    table = pd.DataFrame({"a b": [1.0, 2.0], "team_id": ["a", "b"]})
    assert len(cluster_design(table, formula="Q('a b') ~ 1", cluster="team_id").y) == 2


@pytest.mark.parametrize("weight", [np.inf, -1.0])
def test_a_weight_that_is_no_positive_number_is_refused(weight):
    with pytest.raises(ArgumentError, match=str(weight)):
        cluster_design(
            TABLE.assign(weight=[1, weight, 1, 1]),
            formula="change ~ 1",
            cluster="team_id",
            weights="weight",
        )


def test_a_weight_of_nought_is_refused():
    with pytest.raises(ArgumentError, match=r"above 0(?s:.)*0\.0"):
        cluster_design(
            TABLE.assign(weight=[1, 0, 1, 1]),
            formula="change ~ 1",
            cluster="team_id",
            weights="weight",
        )


def test_a_row_without_cluster_is_refused():
    with pytest.raises(ArgumentError, match="which cluster"):
        cluster_design(
            TABLE.assign(team_id=["a", None, "b", "b"]), formula="change ~ 1", cluster="team_id"
        )


@pytest.mark.parametrize(
    "values",
    [
        pd.array([1, 2, None, 4], dtype="Int64"),
        pd.array([1.0, 2.0, None, 4.0], dtype="Float64"),
        np.array([1, 2.0, None, 4], dtype=object),
        ["1", "2", None, "4"],
    ],
)
def test_an_outcome_of_numbers_may_have_any_dtype(values):
    design = cluster_design(TABLE.assign(change=values), formula="change ~ 1", cluster="team_id")
    assert (design.y.tolist(), design.n_left_out) == ([1.0, 2.0, 4.0], 1)


@pytest.mark.parametrize("dtype", ["bool", "boolean"])
def test_a_yes_or_no_is_an_outcome_of_0_and_1(dtype):
    table = TABLE.assign(change=pd.array([True, False, True, True], dtype=dtype))
    assert cluster_design(table, formula="change ~ 1", cluster="team_id").y.tolist() == [1, 0, 1, 1]


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "object"])
def test_a_regressor_of_numbers_may_have_any_dtype_and_a_missing_value(dtype):
    visits = pd.Series([8, 9, None, 12], index=TABLE.index).astype(dtype)
    table = TABLE.assign(change=[1.0, 2.0, 3.0, 4.0], visits=visits)
    design = cluster_design(table, formula="change ~ visits", cluster="team_id")
    assert design.terms == ("Intercept", "visits")
    assert design.x[:, 1].tolist() == [8, 9, 12]


@pytest.mark.parametrize(("late", "rows"), [([True, False, None, True], 3), ([True, False] * 2, 4)])
def test_a_regressor_of_nullable_booleans_is_read_as_one_of_booleans(late, rows):
    table = TABLE.assign(change=[1.0, 2.0, 3.0, 4.0], late=pd.array(late, dtype="boolean"))
    design = cluster_design(table, formula="change ~ late", cluster="team_id")
    assert design.terms == ("Intercept", "late[T.True]")
    assert len(design.y) == rows


@pytest.mark.parametrize("wrong", ["a", pd.Timestamp("2020-01-01"), 1 + 1j])
def test_an_outcome_that_is_not_made_of_numbers_is_refused(wrong):
    with pytest.raises(ArgumentError, match=r"Values of change(?s:.)*Seen: "):
        cluster_design(TABLE.assign(change=wrong), formula="change ~ 1", cluster="team_id")


def test_an_infinite_value_is_refused_with_its_column_and_row():
    with pytest.raises(ArgumentError, match=r"column visits(?s:.)*positions 1, from 0"):
        cluster_design(
            TABLE.assign(visits=[1, -np.inf, 2, 3]), formula="change ~ visits", cluster="team_id"
        )
    with pytest.raises(ArgumentError, match=r"change(?s:.)*inf"):
        cluster_design(TABLE.assign(change=np.inf), formula="change ~ visits", cluster="team_id")
    with pytest.raises(ArgumentError, match=r"infinite(?s:.)*1 / visits"):
        cluster_design(
            TABLE.assign(visits=[0.0, 1, 2, 3]), formula="I(1 / visits) ~ 1", cluster="team_id"
        )


@pytest.mark.parametrize(("first", "other"), [(1, "1"), (1, 1.0)])
def test_clusters_whose_names_do_not_tell_them_apart_are_refused(first, other):
    ids = np.array([first, other, 2, 2], dtype=object)
    with pytest.raises(ArgumentError, match=rf"{first!r} \((?s:.)*{other!r} \("):
        cluster_design(TABLE.assign(team_id=ids), formula="change ~ 1", cluster="team_id")


def test_ids_of_several_types_that_can_be_told_apart_are_clusters():
    ids = np.array([1, "x", 2.5, 2.5], dtype=object)
    design = cluster_design(TABLE.assign(team_id=ids), formula="change ~ 1", cluster="team_id")
    assert design.clusters == ("1", "2.5", "x")


def test_a_level_that_only_rows_left_out_have_is_no_term():
    table = pd.DataFrame(
        {
            "change": [1.0, 2.0, 4.0, np.nan],
            "arm": pd.Categorical(["b", "c", "b", "a"]),
            "team_id": ["a", "b", "c", "c"],
        }
    )
    whole = cluster_design(table, formula="change ~ arm", cluster="team_id")
    complete = cluster_design(table.dropna(), formula="change ~ arm", cluster="team_id")
    texts = cluster_design(table.astype({"arm": str}), formula="change ~ arm", cluster="team_id")
    for design in (whole, complete, texts):
        assert design.terms == ("Intercept", "arm[T.c]")
        np.testing.assert_array_equal(design.x, [[1, 0], [1, 1], [1, 0]])


@pytest.mark.parametrize("formula", ["Q('my change') ~ visits", "change ~ C(visits)", "change-1"])
def test_no_complete_row_and_no_formula_are_told_apart(formula):
    table = TABLE.rename(columns={"change": "my change"}).assign(change=1.0)
    table = table.assign(**{"my change": np.nan, "visits": np.nan})
    if "~" in formula:
        assert cluster_design(table, formula=formula, cluster="team_id").terms == ()
    else:
        with pytest.raises(ArgumentError, match="change-1"):
            cluster_design(table, formula=formula, cluster="team_id")


def test_a_column_that_is_there_twice_is_refused():
    twice = pd.concat([TABLE, TABLE[["change"]]], axis=1)
    with pytest.raises(ArgumentError, match=r"a column twice(?s:.)*'change'"):
        cluster_design(twice, formula="change ~ 1", cluster="team_id")


def test_the_outcome_has_the_name_of_its_column():
    table = TABLE.rename(columns={"change": "my change"})
    design = cluster_design(table, formula="Q('my change') ~ 1", cluster="team_id")
    assert design.outcome == "my change"


def test_weights_may_be_nullable_and_texts_are_refused():
    table = TABLE.astype({"weight": "Float64"})
    design = cluster_design(table, formula="change ~ 1", cluster="team_id", weights="weight")
    assert design.weights.tolist() == [1.0, 2.0]
    with pytest.raises(ArgumentError, match=r"values of weight(?s:.)*'heavy'"):
        cluster_design(
            TABLE.assign(weight="heavy"), formula="change ~ 1", cluster="team_id", weights="weight"
        )


@pytest.mark.parametrize("formula", ["~ visits", "", None, " ~ 1"])
def test_a_formula_without_outcome_is_refused(formula):
    with pytest.raises(ArgumentError, match="no formula"):
        cluster_design(TABLE, formula=formula, cluster="team_id")
