"""Invariance by law, by recovery of what was planted, and where it cannot be had."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.glossary import glossary
from cvln_eval.measurement.structure import measurement_invariance
from cvln_eval.measurement.structure.cfa_indices import persons_needed
from cvln_eval.measurement.structure.invariance_steps import design_of, fits_well
from cvln_eval.measurement.structure.invariance_verdict import LEVELS, verdict_of
from cvln_eval.simulate import simulate_factor_answers

ITEMS = [f"item_{i}" for i in range(1, 6)]
LOADINGS = [0.8, 0.7, 0.7, 0.6, 0.5]
WAVES = ("a", "b", "c")
SAME = 1e-5


def answers(n=400, seed=1, **given):
    return simulate_factor_answers(
        n_persons=n, loadings=LOADINGS, waves=WAVES, mean_change=0.2, rng=seed, **given
    )


def invariance(table, **given):
    return measurement_invariance(table, **{"items": ITEMS, "scale": "trust", **given})


@pytest.fixture(scope="module")
def plain():
    return invariance(answers())


@pytest.fixture(scope="module")
def shifted():
    return invariance(answers(intercept_shift={("item_3", "b"): 0.4, ("item_3", "c"): 0.4}))


def test_invariant_answers_are_found_so_and_the_change_of_the_mean_is_recovered(plain):
    assert plain.level == "scalar"
    assert plain.verdict == "means of trust may be compared over waves"
    means = plain.means()
    assert means["estimate"].iloc[0] == 0
    assert (abs(means["estimate"] - [0, 0.2, 0.4])[1:] < 3 * means["std_error"][1:]).all()
    assert means["reason"].iloc[0].startswith("fixed at 0")


def test_degrees_of_freedom_by_hand(plain):
    # 15 items: 15 means + 120 covariances = 135. Configural: 15 loadings, 15 intercepts, 15
    # residuals, 5 x 3 residual and 3 factor covariances = 63. Each later step: 2 x 5 fewer for
    # equality, 2 more for variances (metric), then for means (scalar).
    rows = plain.tidy()
    assert rows["n_free"].tolist() == [63, 55, 47]
    assert rows["df"].tolist() == [72, 80, 88]
    assert rows["df_change"].tolist()[1:] == [8, 8]


def test_the_correction_is_bartletts_for_the_model_and_the_difference(plain):
    # (400 - 1 - (2 * 15 + 4 * 3 + 5) / 6) / 400
    by_hand = (399 - 47 / 6) / 400
    rows = plain.tidy()
    for name in ("statistic", "statistic_change"):
        ratio = (rows[f"{name}_corrected"] / rows[name]).dropna()
        assert np.allclose(ratio, by_hand)


def test_a_shifted_intercept_is_named_and_the_means_are_recovered_without_it(shifted):
    assert shifted.level == "partial scalar"
    assert shifted.verdict == "means of trust may be compared over waves only with item_3 freed"
    means = shifted.means().iloc[1:]
    assert (abs(means["estimate"] - [0.2, 0.4]) < 3 * means["std_error"]).all()
    search = shifted.search()
    assert search.loc[search["statistic"].idxmax(), "item"] == "item_3"
    assert "item_3 freed" in shifted.sentence()


def test_an_accepted_step_is_one_that_the_corrected_test_does_not_reject(shifted):
    rows = shifted.tidy().set_index("step")
    assert rows["holds"].to_dict() == {
        "configural": True,
        "metric": True,
        "scalar": False,
        "partial scalar": True,
    }
    assert rows.loc["scalar", "p_value_change_corrected"] < 0.025
    assert not rows.loc["scalar", "holds_by_cfi"]
    assert rows.loc["partial scalar", "compared_with"] == "metric"


def test_a_shifted_loading_is_named_and_its_intercept_is_freed_as_well():
    found = invariance(answers(loading_shift={("item_2", "c"): -0.5}, categories=5))
    assert found.tidy()["step"].tolist() == [
        "configural",
        "metric",
        "partial metric",
        "partial scalar",
    ]
    assert set(found.tidy()["freed"][2:]) == {"item_2"}


def test_when_most_intercepts_differ_no_means_are_given():
    moved = {(f"item_{i}", "c"): 0.2 * i for i in range(1, 6)}
    found = invariance(answers(intercept_shift=moved))
    assert found.level == "metric"
    assert "its means may not" in found.verdict
    assert found.means()["estimate"].isna().all()
    assert (found.means()["reason"] == found.verdict).all()
    # Of 5 items 3 stay equal, so 2 are freed at most.
    assert found.search()["search_round"].max() == 2


def test_half_of_the_items_equal_is_not_more_than_half():
    moved = {("item_1", "c"): 0.6, ("item_2", "c"): -0.6}
    table = answers(n=600, intercept_shift=moved)
    # Of 4 items 3 stay equal: freeing both that were moved would leave two against two.
    found = invariance(table, items=ITEMS[:4])
    assert found.search()["search_round"].max() == 1
    assert found.level == "metric"
    # Of 5 items 3 stay equal with the same two freed.
    assert invariance(table).level == "partial scalar"


def test_as_many_people_as_it_takes_are_enough():
    step = SimpleNamespace(holds=True, equal=SimpleNamespace(step="scalar"), rows=[{"freed": ""}])
    found = [verdict_of([step], scale="trust", n=n, n_needed=300, reason="")[0] for n in (299, 300)]
    assert found == ["not shown", "scalar"]


def test_when_most_loadings_differ_nothing_is_compared():
    moved = {
        (f"item_{i}", "c"): shift
        for i, shift in zip(range(1, 6), (-0.7, 0.3, -0.5, 0.5, 0.9), strict=True)
    }
    found = invariance(answers(loading_shift=moved))
    assert found.level == "configural"
    assert "neither means nor relations" in found.verdict
    assert "scalar" not in " ".join(found.tidy()["step"])


def test_two_factors_a_wave_are_refused_at_the_first_step():
    one, other = answers(), answers(seed=2)
    found = invariance(one.assign(item_4=other["item_4"], item_5=other["item_5"]))
    assert found.level == "none"
    assert len(found.tidy()) == 1


def test_120_people_show_nothing_though_nothing_speaks_against_it():
    found = invariance(answers(n=120))
    assert found.level == "not shown"
    assert "not shown with 120 people" in found.verdict
    assert "about 315" in found.verdict
    assert (found.means()["warning"] == found.verdict).all()
    assert found.means()["estimate"].notna().all()


def test_41_people_are_told_what_it_would_take():
    found = invariance(answers(n=41))
    assert found.level == "cannot be estimated"
    row = found.glance().iloc[0]
    assert row["reason"] == "41 people are too few for 63 free parameters"
    assert row["n_needed"] == persons_needed(n_free=63, df=72) == 315
    assert "315" in found.sentence()
    assert found.tidy()["statistic"].isna().all()
    assert found.means()["estimate"].isna().all()


def test_units_of_the_items_and_order_of_people_change_no_test(shifted):
    moved = answers(intercept_shift={("item_3", "b"): 0.4, ("item_3", "c"): 0.4})
    moved["item_1"] = moved["item_1"] * 1000 - 1e5
    other = invariance(moved.sample(frac=1, random_state=0), waves=WAVES)
    ours, theirs = shifted.tidy(), other.tidy()
    for name in ("statistic", "cfi", "rmsea", "srmr"):
        assert np.allclose(ours[name], theirs[name], rtol=0, atol=1e-4)
    assert np.allclose(shifted.means()["estimate"], other.means()["estimate"], atol=SAME)


def test_names_of_items_and_of_columns_are_free(plain):
    names = dict(zip(ITEMS, "vwxyz", strict=True))
    table = answers().rename(columns={**names, "wave": "year", "person_id": "leader"})
    other = measurement_invariance(table, items=list("vwxyz"), person="leader", wave="year")
    assert np.allclose(other.tidy()["statistic"], plain.tidy()["statistic"])
    assert other.verdict == "means of the scale may be compared over waves"


def test_people_who_miss_waves_are_used_and_counted(plain):
    table = answers()
    late = table["person_id"].isin(table["person_id"].unique()[:60]) & (table["wave"] == "a")
    fewer = table[~late]
    blank = table.assign(**{name: table[name].mask(late) for name in ITEMS})
    one, other = invariance(fewer, waves=WAVES), invariance(blank)
    assert one.glance()[["n", "n_complete"]].iloc[0].tolist() == [400, 340]
    assert one.means()["n"].tolist() == [340, 400, 400]
    assert np.allclose(one.tidy()["statistic"], other.tidy()["statistic"])
    assert one.level == "scalar"


def test_people_without_any_answer_are_left_out_and_counted(plain):
    table = answers()
    empty = pd.DataFrame({"wave": ["a", "b"], "person_id": ["x", "x"]})
    other = invariance(pd.concat([table, empty], ignore_index=True))
    assert other.glance()["n_left_out"].item() == 1
    assert other.glance()["n"].item() == 400
    assert np.allclose(other.tidy()["statistic"], plain.tidy()["statistic"])


def test_an_item_that_says_nothing_in_a_wave_is_named():
    table = answers()
    first = table["wave"] == "b"
    alike = invariance(table.assign(item_2=table["item_2"].mask(first, 3.0)))
    assert alike.glance()["reason"].item() == "everybody who answered item_2 at b answered alike"
    absent = invariance(table.assign(item_2=table["item_2"].mask(first)))
    assert absent.glance()["reason"].item() == "nobody answered item_2 at b"
    assert absent.level == "cannot be estimated"


def test_waves_without_anybody_in_common_cannot_be_compared():
    table = answers()
    number = table["person_id"].str[1:].astype(int)
    apart = table[(number <= 200) == (table["wave"] == "a")]
    found = invariance(apart, waves=WAVES)
    assert found.glance()["reason"].item() == "nobody answered both item_1 at a and item_1 at b"


def test_an_improper_configural_model_is_no_ground_to_stand_on():
    # Two weak items beside a strong one: the seed is one whose maximum has a negative variance,
    # though chi-square rejects nothing.
    weak = simulate_factor_answers(n_persons=100, loadings=[0.9, 0.5, 0.4], waves=("a", "b"), rng=0)
    found = measurement_invariance(weak, items=ITEMS[:3])
    assert found.tidy()["p_value_corrected"].item() > 0.05
    assert found.level == "cannot be estimated"
    assert (
        found.glance()["reason"]
        .item()
        .startswith("in the configural model a residual variance is negative (-0.")
    )
    assert found.means()["estimate"].isna().all()


def test_the_steps_share_one_error_rate_of_5_percent():
    # The seed is one whose scalar step has a p between .025 and .05: not rejected by .05 / 2.
    near = simulate_factor_answers(
        n_persons=400, loadings=[0.8, 0.7, 0.7, 0.6], waves=("a", "b"), rng=10
    )
    scalar = measurement_invariance(near, items=ITEMS[:4]).tidy().iloc[-1]
    assert scalar["step"] == "scalar"
    assert 0.025 < scalar["p_value_change_corrected"] < 0.05
    assert scalar["holds"]
    matrix = near.pivot(index="person_id", columns="wave", values=ITEMS[:3]).to_numpy()  # noqa: PD010
    for strict, n_tests in ((False, 2), (True, 3)):
        design = design_of(matrix, items=ITEMS[:3], waves=("a", "b"), strict=strict)
        assert design.n_tests == n_tests


@pytest.mark.parametrize("seed", range(20, 26))
def test_the_planted_item_is_named_whatever_the_seed(seed):
    found = invariance(answers(seed=seed, intercept_shift={("item_2", "b"): 0.5}))
    assert "item_2" in found.glance()["freed"].item()


def test_with_an_item_freed_nothing_else_speaks_against_it():
    found = invariance(answers(n=200, intercept_shift={("item_3", "c"): 0.6}))
    assert found.level == "not shown"
    assert "only with item_3 freed" in found.verdict
    assert "nothing else speaks against it" in found.verdict


def test_the_configural_model_is_judged_by_test_or_by_both_indices():
    well = {"p_value_corrected": 0.001, "cfi": 0.951, "rmsea": 0.059}
    assert fits_well(well)
    assert not fits_well(well | {"cfi": 0.949})
    assert not fits_well(well | {"rmsea": 0.061})
    assert fits_well({"p_value_corrected": 0.06, "cfi": 0.5, "rmsea": 0.2})


def test_enough_people_and_a_reason_do_not_ask_for_more_people():
    level, verdict = verdict_of([], scale="trust", n=500, n_needed=315, reason="no maximum")
    assert level == "cannot be estimated"
    assert "would take" not in verdict
    assert level in LEVELS


def test_what_cannot_be_asked_is_refused():
    table = answers(n=50)
    with pytest.raises(ArgumentError, match="'d'"):
        invariance(table, waves=["a", "d"])
    with pytest.raises(ArgumentError, match="at least 2"):
        invariance(table, waves=["a"])
    with pytest.raises(ArgumentError, match="at least 3"):
        measurement_invariance(table, items=ITEMS[:2])
    with pytest.raises(ArgumentError, match="'year'"):
        invariance(table, wave="year")
    with pytest.raises(ArgumentError, match="a p01"):
        invariance(pd.concat([table, table.iloc[:1]], ignore_index=True))
    with pytest.raises(ArgumentError, match="rows 3"):
        invariance(table.assign(person_id=table["person_id"].mask(table.index == 3)))
    with pytest.raises(ArgumentError, match="95"):
        invariance(table, conf_level=95)


def test_every_column_is_in_the_glossary(shifted):
    frames = [shifted.tidy(), shifted.glance(), shifted.search(), shifted.means()]
    columns = {name for frame in frames for name in frame}
    assert columns - set(glossary()["column"]) == set()


def test_a_search_that_rounding_stops_at_the_top_has_found_it():
    # In these answers the gradient of the metric model stays at 1.1e-7, the last decimals of the
    # likelihood being noise.
    waves = ("1", "2", "3")
    known = {"n_persons": 400, "loadings": [0.7] * 5, "waves": waves, "mean_change": 0.2}
    answers = simulate_factor_answers(**known, categories=5, rng=1038)
    items = ["item_1", "item_2", "item_3", "item_4", "item_5"]
    assert measurement_invariance(answers, items=items).level == "scalar"


def test_a_search_that_stops_on_a_slope_says_so(monkeypatch):
    from cvln_eval.measurement.structure import cfa_fit

    monkeypatch.setattr(cfa_fit, "MAX_STEPS", 1)
    known = {"n_persons": 200, "loadings": [0.7] * 4, "waves": ("1", "2")}
    found = measurement_invariance(
        simulate_factor_answers(**known, rng=1), items=["item_1", "item_2", "item_3", "item_4"]
    )
    assert found.level == "cannot be estimated"
    assert "no maximum was found in 1 step" in found.sentence()
