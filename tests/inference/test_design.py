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
