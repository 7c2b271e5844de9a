"""Shifting imputed values: by hand, tipping points, failures."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.missing import delta_shift, impute


def change(table):
    """Mean change of scores with a fixed error, so that bounds can be had by hand."""
    wide = table.set_index(["wave", "person_id"])["score"]
    each = (wide["y2"] - wide["y1"]).dropna()
    return pd.DataFrame({"term": ["change"], "estimate": each.mean(), "std_error": 0.1, "df": 1e9})


@pytest.fixture(scope="module")
def many():
    rng = np.random.default_rng(2)
    one = {"person_id": range(20), "team_id": np.repeat([*"ABCD"], 5)}
    before = rng.standard_normal(20)
    after = before + 0.5 + 0.01 * rng.standard_normal(20)
    after[:4] = np.nan
    parts = [
        pd.DataFrame(one | {"wave": w, "score": s}) for w, s in (("y1", before), ("y2", after))
    ]
    return impute(
        pd.concat(parts, ignore_index=True), columns=["score"], n_imputations=4, n_rounds=2
    )


def shifted(many, deltas, **given):
    return delta_shift(
        many, analyse=change, term="change", columns=["score"], deltas=deltas, **given
    )


def test_a_fifth_of_the_values_moves_the_mean_by_a_fifth_of_delta(many):
    rows = shifted(many, [-1.0, 2.0]).tidy().set_index("delta")
    assert rows.index.tolist() == [-1, 0, 2]
    at = rows["estimate"]
    assert at[-1.0] - at[0.0] == pytest.approx(-0.2)
    assert at[2.0] - at[0.0] == pytest.approx(0.4)
    assert at[0.0] == pytest.approx(0.5, abs=0.02)
    assert rows["std_error"].to_numpy() == pytest.approx(rows["std_error"].iloc[0])


def test_the_tipping_point_is_the_nearest_delta_that_changes_the_conclusion(many):
    found = shifted(many, np.linspace(-3, 3, 25))
    rows = found.tidy()
    # Low bound .5 + .2 delta - 1.96 * .1 passes nought at about -1.52: -1.75 on the grid.
    row = found.glance().iloc[0]
    assert row["tipping_low"] == -1.75
    assert np.isnan(row["tipping_high"])
    assert row["conclusion"] == "above 0"
    said = dict(zip(rows["delta"], rows["conclusion"], strict=True))
    assert (said[-1.75], said[-1.5]) == ("not told apart from 0", "above 0")
    assert "changes once imputed values are shifted by -1.75" in found.sentence()
    assert "(4 values shifted)" in found.sentence()


def test_a_grid_that_changes_nothing_says_so(many):
    found = shifted(many, [-0.5, 0.5])
    assert "does not change when imputed values are shifted by -0.50 to 0.50" in found.sentence()
    assert found.glance()[["tipping_low", "tipping_high"]].isna().all(axis=None)


def test_conclusions_are_about_the_null_value(many):
    rows = shifted(many, [-9.0, 9.0], null_value=0.5).tidy()
    assert rows["conclusion"].tolist() == ["below 0.5", "not told apart from 0.5", "above 0.5"]
    assert set(rows["null_hypothesis"]) == {"change is 0.5"}


def test_only_the_named_waves_are_shifted(many):
    assert shifted(many, [1.0], waves=["y1"]).tidy()["estimate"].diff().iloc[1] == 0
    assert shifted(many, [1.0], waves=["y2"]).tidy()["estimate"].diff().iloc[1] == pytest.approx(
        0.2
    )
    found = shifted(many, [1.0], waves=["y1"])
    assert found.sentence().startswith("Nothing was imputed in what was to be shifted")


def test_a_score_moves_by_the_share_of_its_items_and_items_stay(waves, scales):
    few = impute(waves, columns=["voice"], scales=scales, n_imputations=2, n_rounds=2)

    def mean(table):
        assert set(table["trust_2"]) <= {1, 2, 3, 4, 5}
        return pd.DataFrame({"term": ["m"], "estimate": table["trust"].mean(), "std_error": 0.1})

    rows = delta_shift(few, analyse=mean, term="m", columns=["trust"], deltas=[1.0]).tidy()
    share = waves[scales["trust"]].isna().to_numpy().mean()
    assert rows["estimate"].diff().iloc[1] == pytest.approx(share)


def test_what_was_imputed_is_not_changed_by_asking(many):
    before = many.tables[0].copy()
    shifted(many, [5.0])
    pd.testing.assert_frame_equal(many.tables[0], before)


def test_an_analysis_without_result_is_no_tipping_point(many):
    def broken(table):
        return change(table).assign(std_error=np.nan if table["score"].max() > 50 else 0.1)

    found = delta_shift(many, analyse=broken, term="change", columns=["score"], deltas=[100.0])
    assert found.tidy()["conclusion"].tolist() == ["above 0", "not available"]
    assert np.isnan(found.glance()["tipping_high"].iloc[0])
    none = delta_shift(
        many,
        analyse=lambda t: change(t).assign(std_error=np.nan),
        term="change",
        columns=["score"],
        deltas=[1.0],
    )
    assert none.sentence().startswith("change is not available under the imputation model: no est")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"columns": ["joy"]}, "'joy'"),
        ({"columns": []}, "no column"),
        ({"term": "slope"}, "'slope'"),
        ({"waves": ["y7"]}, "'y7'"),
        ({"deltas": [np.inf]}, "inf"),
    ],
)
def test_what_cannot_be_shifted_is_refused(many, given, words):
    usual = {"analyse": change, "term": "change", "columns": ["score"], "deltas": [1.0]}
    with pytest.raises(ArgumentError, match=words):
        delta_shift(many, **(usual | given))


def test_an_analysis_without_any_term_is_told(many):
    with pytest.raises(ArgumentError, match="but it estimated none"):
        delta_shift(
            many,
            analyse=lambda t: change(t).head(0),
            term="change",
            columns=["score"],
            deltas=[1.0],
        )
