"""The simulated answers have the truth that was asked for."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.simulate import simulate_factor_answers

N = 20_000
NEAR = 0.03  # about four standard errors of a correlation or a mean with 20,000 people
ITEMS = ["item_1", "item_2"]


def beside(table):
    wide = table.pivot(index="person_id", columns="wave", values=ITEMS)  # noqa: PD010
    return wide.set_axis([f"{item}_{wave}" for item, wave in wide.columns], axis=1)


def test_moments_are_those_of_the_formula():
    table = simulate_factor_answers(
        n_persons=N,
        loadings=[0.8, 0.6],
        waves=("a", "b"),
        factor_correlation=0.5,
        residual_correlation=0.25,
        mean_change=0.3,
        intercept_shift={("item_2", "b"): 0.4},
        rng=1,
    )
    wide = beside(table)
    r, mean = wide.corr(), wide.mean()
    assert r.loc["item_1_a", "item_2_a"] == pytest.approx(0.8 * 0.6, abs=NEAR)
    # Same item: .64 * .5 by the factor + .36 * .25 by the residual; other items: .48 * .5.
    assert r.loc["item_1_a", "item_1_b"] == pytest.approx(0.41, abs=NEAR)
    assert r.loc["item_1_a", "item_2_b"] == pytest.approx(0.24, abs=NEAR)
    assert mean["item_1_b"] == pytest.approx(0.8 * 0.3, abs=NEAR)
    assert mean["item_2_b"] == pytest.approx(0.6 * 0.3 + 0.4, abs=NEAR)
    assert np.allclose(wide[["item_1_a", "item_2_a"]].var(), 1, atol=NEAR)


def test_a_shifted_loading_shifts_the_correlation():
    table = simulate_factor_answers(
        n_persons=N, loadings=[0.8, 0.6], loading_shift={("item_2", "1"): -0.6}, rng=1
    )
    assert abs(table[ITEMS].corr().iloc[0, 1]) < NEAR


def test_five_categories_run_from_1_to_5_and_are_cut_about_0():
    table = simulate_factor_answers(n_persons=N, loadings=[0.8, 0.6], categories=5, rng=2)
    assert sorted(table["item_1"].unique()) == [1, 2, 3, 4, 5]
    # P(-.5 < z < .5) = .3829
    assert (table["item_1"] == 3).mean() == pytest.approx(0.3829, abs=NEAR)


def test_the_same_seed_gives_the_same_answers_and_says_that_they_are_simulated():
    one, other = (
        simulate_factor_answers(n_persons=5, loadings=[0.5], waves=("a", "b"), rng=3)
        for _ in range(2)
    )
    pd.testing.assert_frame_equal(one, other)
    assert one.attrs["simulated"] is True
    assert one["wave"].tolist() == ["a"] * 5 + ["b"] * 5
    assert one["person_id"].tolist()[:2] == ["p1", "p2"]


def test_what_is_simulated_still_says_so_when_read_from_a_file(tmp_path):
    table = simulate_factor_answers(n_persons=5, loadings=[0.5, 0.4], waves=("a", "b"), rng=3)
    assert list(table) == ["wave", "person_id", *ITEMS, "simulated"]
    table.to_csv(tmp_path / "answers.csv", index=False)
    read = pd.read_csv(tmp_path / "answers.csv")
    assert read["simulated"].eq(True).tolist() == [True] * 10


def test_what_cannot_be_simulated_is_refused():
    with pytest.raises(ArgumentError, match=r"1\.2"):
        simulate_factor_answers(n_persons=5, loadings=[1.2])
    with pytest.raises(ArgumentError, match="nan"):
        simulate_factor_answers(n_persons=5, loadings=[np.nan])
    with pytest.raises(ArgumentError, match="0 people"):
        simulate_factor_answers(n_persons=0, loadings=[0.5])
    with pytest.raises(ArgumentError, match="waves none"):
        simulate_factor_answers(n_persons=5, loadings=[0.5], waves=())
    with pytest.raises(ArgumentError, match="each wave once"):
        simulate_factor_answers(n_persons=5, loadings=[0.5], waves=("a", "a"))
    with pytest.raises(ArgumentError, match="none"):
        simulate_factor_answers(n_persons=5, loadings=[])
    with pytest.raises(ArgumentError, match=r"-0\.1"):
        simulate_factor_answers(n_persons=5, loadings=[0.5], factor_correlation=-0.1)
    with pytest.raises(ArgumentError, match="item_9"):
        simulate_factor_answers(n_persons=5, loadings=[0.5], intercept_shift={("item_9", "1"): 1.0})
    with pytest.raises(ArgumentError, match="1"):
        simulate_factor_answers(n_persons=5, loadings=[0.5], categories=1)
