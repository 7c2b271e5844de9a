"""Arguments of the wrong kind are refused with what was expected and seen, in every room."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from cvln_eval import inference
from cvln_eval.errors import ArgumentError
from cvln_eval.resampling import generator

CODES = np.repeat(np.arange(6), 12)
TABLE = pd.DataFrame(
    {
        "team_id": np.array(list("abcdef"))[CODES],
        "person_id": [f"p{place // 2}" for place in range(72)],
        "wave": ["y1", "y2"] * 36,
        "treated": (CODES < 3).astype(int),
        "hours": np.arange(72.0) % 7,
        "score": np.sin(np.arange(72.0)),
    }
)
ROSTER = TABLE[["person_id", "wave", "team_id"]]
FORMULA = {"formula": "score ~ treated"}
CALLS = {
    "few_cluster_panel": {**FORMULA, "term": "treated", "n_draws": 9, "n_simulated": 5},
    "simulated_size": {**FORMULA, "term": "treated", "n_simulated": 5},
    "cluster_robust": FORMULA,
    "wild_bootstrap": {**FORMULA, "term": "treated"},
    "randomization_test": {"outcome": "score", "treatment": "treated", "n_draws": 9},
    "mixed_model": {**FORMULA, "random": {"team_id": "1"}},
    "dose_response": {"outcome": "score", "dose": "hours", "n_draws": 9, "n_simulated": 5},
    "lagged": {"column": "hours", "by": "person_id", "waves": ["y1", "y2"]},
    "paired_change": {"waves": ("y1", "y2")},
    "change_by_team": {"waves": ("y1", "y2")},
    "decompose_change": {"waves": ("y1", "y2"), "memberships": ROSTER},
    "reliable_change": {"waves": ("y1", "y2"), "reliability": 0.8},
    "missing_patterns": {"columns": ["score"]},
    "impute": {"columns": ["score"], "n_imputations": 2},
}


def call(name, **changed):
    return getattr(inference, name)(TABLE, **{**CALLS[name], **changed})


@pytest.mark.parametrize(
    ("name", "argument", "wrong"),
    [
        ("randomization_test", "controls", None),
        ("dose_response", "controls", None),
        ("dose_response", "controls", 3),
        ("cluster_robust", "absorb", None),
        ("cluster_robust", "absorb", [["team_id"]]),
        ("wild_bootstrap", "term", None),
        ("lagged", "waves", None),
        ("paired_change", "waves", None),
        ("decompose_change", "waves", None),
        ("missing_patterns", "columns", None),
        ("impute", "columns", None),
        ("impute", "predictors", None),
    ],
)
def test_what_names_columns_or_terms_is_refused_by_its_own_name(name, argument, wrong):
    with pytest.raises(ArgumentError, match=rf"(?:{argument}|items)= takes names") as caught:
        call(name, **{argument: wrong})
    assert repr(wrong) in str(caught.value)


@pytest.mark.parametrize("name", ["cluster_robust", "mixed_model"])
def test_a_joint_test_of_no_terms_is_refused(name):
    with pytest.raises(ArgumentError, match=r"terms= takes names(?s:.)*None"):
        call(name).test(None)


@pytest.mark.parametrize("wrong", ["a", None, -1, 1.5])
def test_what_is_no_seed_is_refused(wrong):
    with pytest.raises(ArgumentError, match="rng=(?s:.)*" + repr(wrong).replace(".", r"\.")):
        generator(wrong)


@pytest.mark.parametrize(
    "name", ["few_cluster_panel", "simulated_size", "wild_bootstrap", "dose_response", "impute"]
)
def test_every_room_asks_the_same_of_a_seed(name):
    with pytest.raises(ArgumentError, match="Chance comes from a seed"):
        call(name, rng="a")


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("few_cluster_panel", "cluster"),
        ("randomization_test", "outcome"),
        ("paired_change", "person"),
        ("missing_patterns", "team"),
    ],
)
@pytest.mark.parametrize("wrong", [["team_id"], TABLE])
def test_a_column_is_named_and_not_passed(name, argument, wrong):
    with pytest.raises(ArgumentError, match=type(wrong).__name__):
        call(name, **{argument: wrong})


@pytest.mark.parametrize(
    ("name", "argument", "wrong", "said"),
    [
        ("wild_bootstrap", "n_draws", "a", "Draws are counted(?s:.)*'a'"),
        ("mixed_model", "random", 3.7, "grouping factor(?s:.)*3.7"),
        ("reliable_change", "reliability", "a", "reliability is a number(?s:.)*'a'"),
        ("change_by_team", "team", None, "lacks a column(?s:.)*None"),
    ],
)
def test_other_wrong_kinds_are_refused_with_what_was_seen(name, argument, wrong, said):
    with pytest.raises(ArgumentError, match=said):
        call(name, **{argument: wrong})


@pytest.mark.parametrize("wrong", [TABLE[["team_id"]], None, "team_id"])
def test_clusters_of_a_fitted_model_are_one_name_a_row(wrong):
    fitted = smf.ols("score ~ treated", TABLE).fit()
    with pytest.raises(ArgumentError, match=f"one name a row(?s:.)*{type(wrong).__name__}"):
        inference.cluster_robust_of(fitted, clusters=wrong)


def alike(column, values):
    """Return the table with two names of a column as 1 and "1"."""
    written = {values[0]: 1, values[1]: "1"}
    return TABLE.assign(**{column: [written.get(one, one) for one in TABLE[column]]}).astype(
        {column: object}
    )


@pytest.mark.parametrize(
    "name",
    ["paired_change", "change_by_team", "decompose_change", "missing_patterns", "impute"],
)
@pytest.mark.parametrize(
    ("column", "values", "what"),
    [("person_id", ("p0", "p8"), "persons"), ("team_id", ("a", "b"), "teams")],
)
def test_names_that_are_alike_once_written_out_are_not_merged(name, column, values, what):
    data = alike(column, values)
    more = CALLS[name]
    if name == "decompose_change":
        more = {**more, "memberships": data[["person_id", "wave", "team_id"]]}
    with pytest.raises(ArgumentError, match=rf"names of {what}(?s:.)*\b1 \(int\)"):
        getattr(inference, name)(data, **more)


def test_clusters_of_milestones_are_not_merged():
    times = pd.DataFrame(
        {"cluster_id": [1, "1", "2"], "days": [3.0, 4.0, 5.0], "reached": True, "reason": ""}
    )
    with pytest.raises(ArgumentError, match="names of clusters"):
        inference.time_to_completion(times, n_draws=9)


@pytest.mark.parametrize("name", sorted(set(CALLS) - {"lagged", "missing_patterns"}))
def test_scores_too_large_to_be_squared_are_refused_and_do_not_overflow(name):
    for scale, said in ((1e200, "large"), (1e-200, "small")):
        table = TABLE.assign(score=scale * TABLE["score"])
        with pytest.raises(ArgumentError, match=rf"alues of .*score.* too {said} to be squared"):
            getattr(inference, name)(table, **CALLS[name])


def test_a_regressor_too_large_to_be_squared_is_refused():
    table = TABLE.assign(hours=1e200 * TABLE["hours"])
    with pytest.raises(ArgumentError, match="Values of hours are too large"):
        inference.cluster_robust(table, formula="score ~ hours")
