"""Bad tables are refused by name; numbers that cannot be had are nan with a reason."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.raters import (
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    intraclass_correlation,
    krippendorff_alpha,
    rater_agreement,
    rater_bias,
)

NO = np.nan
FEW = 20
KAPPAS = [cohen_kappa, fleiss_kappa, conger_kappa, brennan_prediger, gwet_ac]


def alpha(table, **more):
    return krippendorff_alpha(table, level="ordinal", **more)


COEFFICIENTS = [*KAPPAS, alpha]


def only(result):
    """No estimate, no interval and no error, and one reason on every row."""
    table = result.tidy()
    assert table[["estimate", "std_error", "conf_low", "conf_high"]].isna().all(axis=None)
    assert len(set(table["reason"])) == 1
    assert result.sentence().endswith(f"is not available: {table['reason'][0]}.")
    return table["reason"][0]


@pytest.mark.parametrize("function", COEFFICIENTS)
@pytest.mark.parametrize(
    ("matrix", "reason"),
    [
        ([[1], [2], [2]], "one rater only, A"),
        ([[1, NO], [2, NO]], "one rater only, A"),
        ([[1, NO], [NO, 2]], "no unit has two ratings"),
        ([[NO, NO], [NO, NO]], "no ratings"),
    ],
)
def test_too_few_ratings(long, function, matrix, reason):
    assert only(function(long(matrix).astype({"score": float}), unit="unit", n_boot=FEW)) == reason


@pytest.mark.parametrize("function", COEFFICIENTS)
def test_a_table_without_rows(long, function):
    assert only(function(long([[1.0, 2.0]]).iloc[:0], unit="unit", n_boot=FEW)) == "no ratings"


@pytest.mark.parametrize("function", COEFFICIENTS)
def test_a_rater_without_ratings_is_counted(long, function):
    matrix = [[1, 1, NO], [1, 2, NO], [2, 2, NO], [2, 2, NO]]
    row = function(long(matrix), unit="unit", n_boot=FEW).tidy().iloc[0]
    assert (row["n_raters"], row["n_raters_left_out"]) == (2, 1)
    assert np.isfinite(row["estimate"])


@pytest.mark.parametrize("function", COEFFICIENTS)
def test_one_category_only(long, function):
    reason = only(function(long([[3, 3], [3, 3], [3, 3]]), unit="unit", n_boot=FEW))
    assert "only one category was used" in reason or "no two ratings differ" in reason


def test_one_category_of_several_is_agreement_where_chance_does_not_look_at_use(long):
    table = long([[3, 3], [3, 3], [3, 3]])
    for function in (gwet_ac, brennan_prediger):
        assert function(table, unit="unit", categories=[1, 2, 3], n_boot=FEW).estimate == 1
    for function in (cohen_kappa, fleiss_kappa, conger_kappa):
        only(function(table, unit="unit", categories=[1, 2, 3], n_boot=FEW))


@pytest.mark.parametrize("function", COEFFICIENTS)
def test_perfect_agreement_is_1_without_an_interval(long, function):
    found = function(long([[1, 1], [2, 2], [2, 2], [3, 3]]), unit="unit", n_boot=FEW)
    assert found.estimate == pytest.approx(1)
    table = found.tidy()
    assert table[["std_error", "conf_low", "conf_high"]].isna().all(axis=None)
    assert "do not differ in agreement" in table["reason"][0]
    assert (table["reason"] != "").all()
    assert "1.00 (no interval: the units do not differ" in found.sentence()


@pytest.mark.parametrize("function", COEFFICIENTS)
def test_one_unit_has_no_interval(long, function):
    table = function(long([[1, 2]]), unit="unit", n_boot=FEW).tidy()
    assert np.isfinite(table["estimate"]).all()
    assert table[["std_error", "conf_low"]].isna().all(axis=None)
    assert (table["reason"] != "").all()


@pytest.mark.parametrize("function", [fleiss_kappa, conger_kappa, gwet_ac, alpha])
def test_perfect_agreement_of_three_raters(long, function):
    table = function(long([[1, 1, 1], [2, 2, 2], [3, 3, 3]]), unit="unit", n_boot=FEW).tidy()
    assert table["estimate"].to_list() == pytest.approx([1] * len(table))
    assert set(table["reason"]) == {
        "the units do not differ in agreement, so its uncertainty cannot be estimated"
    }


@pytest.mark.parametrize("function", [fleiss_kappa, conger_kappa, gwet_ac, alpha])
def test_other_raters_need_three_who_can_be_left_out(long, function):
    two = function(long([[1, 1], [1, 2], [2, 2]]), unit="unit", n_boot=FEW).tidy().iloc[-1]
    assert np.isnan(two["std_error"])
    assert two["reason"] == "fewer than three raters tell nothing of others"
    # Without A nobody shares a unit with anybody.
    hub = [[1, 1, NO], [1, 2, NO], [2, NO, 2], [2, NO, 1]]
    row = function(long(hub), unit="unit", n_boot=FEW).tidy().iloc[-1]
    assert row["reason"] == "without one of the raters there is no coefficient"


@pytest.mark.parametrize("function", COEFFICIENTS)
def test_a_bootstrap_over_fewer_than_five_units_has_no_interval(long, function):
    five = [[1, 1], [1, 2], [2, 2], [3, 3], [3, 2]]
    method = "bootstrap over units, percentile"
    for n, known in ((4, False), (5, True)):
        table = function(long(five[:n]), unit="unit", n_boot=200).tidy().set_index("method")
        row = table.loc[method]
        assert row[["std_error", "conf_low", "conf_high"]].notna().to_list() == [known] * 3
        assert row["reason"] == (
            "" if known else "fewer than five units make too few different resamples"
        )
        assert np.isfinite(row["estimate"])


def test_units_with_one_rating_do_not_count_towards_the_five(long):
    pairs = [[1, 1], [1, 2], [2, 2], [3, 3]]
    table = alpha(long([*pairs, [2, NO], [NO, 3]]), unit="unit", n_boot=200).tidy()
    assert table["n_units"][0] == 4
    assert table["reason"][0] == "fewer than five units make too few different resamples"


def test_without_an_error_over_units_there_is_none_over_raters(long):
    table = alpha(long([[1, 1, 2], [2, 2, 2], [1, 2, 1]]), unit="unit", n_boot=200).tidy()
    assert table[["std_error", "conf_low", "conf_high"]].isna().all(axis=None)
    assert set(table["reason"]) == {"fewer than five units make too few different resamples"}


def test_fleiss_test_needs_as_many_ratings_for_every_unit(long):
    row = fleiss_kappa(long([[1, 1, 2], [2, 2, NO], [1, 2, 1]]), unit="unit", n_boot=FEW).glance()
    assert np.isnan(row["statistic"][0])
    assert "as many ratings for every unit" in row["reason"][0]
    row = fleiss_kappa(long([[1, 2], [2, 2]]), unit="unit", weights="linear", n_boot=FEW).glance()
    assert np.isnan(row["p_value"][0])


@pytest.mark.parametrize(
    ("matrix", "reason"),
    [
        ([[1.0], [2.0]], "one rater only, A"),
        ([[1, 2]], "one unit only"),
        ([[1, NO], [NO, 2]], "no unit has two ratings"),
        ([[2, 2], [2, 2]], "all scores are the same"),
        ([[1, 2], [NO, 3]], "too few ratings to tell units, raters and residual apart"),
        ([[1, 2, NO], [2, 3, 4], [3, NO, 5]], "units and raters explain every score"),
    ],
)
def test_correlations_that_cannot_be_had(long, matrix, reason):
    found = intraclass_correlation(long(matrix), unit="unit")
    assert reason in found.reason
    assert found.tidy()["estimate"].isna().all()
    assert (found.tidy()["reason"] == found.reason).all()
    assert found.glance()["reason"][0] == found.reason
    assert f"not available: {found.reason}" in found.sentence()


@pytest.mark.parametrize("hole", [2.0, NO])
def test_perfectly_agreeing_raters_correlate_1_without_an_interval(long, hole):
    matrix = [[1, 1, 1], [2, 2, hole], [4, 4, 4], [3, 3, 3]]
    table = intraclass_correlation(long(matrix), unit="unit").tidy()
    assert table["estimate"].to_list() == pytest.approx([1] * 6)
    assert table[["conf_low", "conf_high", "statistic"]].isna().all(axis=None)
    assert (table["reason"] != "").all()
    said = intraclass_correlation(long(matrix), unit="unit").sentence()
    assert "ICC(2,1) = 1.00, without an interval, for a single rating" in said


def test_the_sentence_tells_that_units_had_fewer_ratings_than_there_are_raters(long):
    ring = [[1, 1, None], [None, 2, 3], [4, None, 4], [2, 2, None], [None, 3, 3], [1, None, 2]]
    said = intraclass_correlation(long(ring), unit="unit").sentence()
    assert "for the mean of 3 raters, while a unit had 2.0 on average (REML" in said
    full = intraclass_correlation(long([[1, 2], [2, 2], [4, 5]]), unit="unit").sentence()
    assert "on average" not in full


def test_raters_a_constant_apart_are_consistent_and_do_not_agree(long):
    table = intraclass_correlation(long([[1, 2], [2, 3], [4, 5]]), unit="unit").tidy()
    table = table.set_index("coefficient")
    assert table.loc["ICC(3,1)", "estimate"] == pytest.approx(1)
    assert table.loc["ICC(2,1)", "estimate"] < 0.9
    assert table.loc[["ICC(2,1)", "ICC(3,1)"], "conf_low"].isna().all()
    assert np.isfinite(table.loc["ICC(1,1)", "conf_low"])


def test_a_correlation_over_a_variance_that_is_not_above_0_is_none(long):
    # B = J = 0 and E = 1 (in points): ICC(2,1) has B + E + 2 (J - E) / 2 = 0 below, ICC(2,k)
    # B + (J - E) / 2 = -1/2, which would make it 2.
    table = intraclass_correlation(long([[1, 2], [2, 1]]), unit="unit").tidy()
    table = table.set_index("coefficient")
    assert table.loc["ICC(1,1)", "estimate"] == pytest.approx(-1)
    lost = table.loc[["ICC(2,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)"]]
    assert lost["estimate"].isna().all()
    assert set(lost["reason"]) == {"the estimated variance of the scores is not above 0"}


def test_a_bound_too_low_for_the_mean_of_raters_is_none(long):
    table = intraclass_correlation(long([[1, 5], [2, 1]]), unit="unit").tidy()
    table = table.set_index("coefficient")
    assert table.loc["ICC(2,1)", "conf_low"] < -1
    assert np.isnan(table.loc["ICC(2,k)", "conf_low"])
    assert table.loc["ICC(2,k)", "reason"].startswith("the lower bound of single ratings is too")


def test_no_two_raters_share_a_unit(long):
    found = rater_bias(long([[1, NO], [NO, 2]]), unit="unit")
    assert found.tidy()["reason"].unique() == ["no unit in common"]
    assert found.sentence().endswith("not available: no unit has two ratings.")
    alone = rater_bias(long([[1.0], [2.0]]), unit="unit")
    assert alone.pairs().empty
    assert "other_rater_id" in alone.pairs()


def test_differences_that_are_all_the_same_have_no_interval(long):
    pair = rater_bias(long([[2, 1], [3, 2], [5, 4]]), unit="unit").pairs().iloc[0]
    assert pair["estimate"] == 1
    assert np.isnan(pair["conf_low"])
    assert pair["reason"] == "the differences are all the same"
    one = rater_bias(long([[2, 1]]), unit="unit").pairs().iloc[0]
    assert one["reason"] == "one unit in common"


def test_side_by_side_each_coefficient_has_its_own_reason(long):
    five = [[1, 1, 2], [2, 2, 2], [1, 2, 1], [1, 1, 1], [2, 1, 2]]
    table = rater_agreement(long(five), unit="unit", level="interval")
    reasons = table.tidy().set_index("coefficient")["reason"]
    assert reasons["Cohen's kappa (quadratic weights)"] == (
        "Cohen's kappa compares two raters; there are 3"
    )
    assert (reasons.drop("Cohen's kappa (quadratic weights)") == "").all()
    alone = rater_agreement(long([[1], [2]]), unit="unit", level="ordinal", n_boot=FEW)
    assert alone.tidy()["reason"].unique() == ["one rater only, A"]
    assert alone.sentence().endswith("not available: one rater only, A.")


# ---- refused


@pytest.fixture
def table(long):
    return long([[1, 1], [1, 2], [2, 2], [3, 2]])


def test_a_column_that_is_not_there(table):
    with pytest.raises(ArgumentError, match="'team'"):
        fleiss_kappa(table, unit="team")
    with pytest.raises(ArgumentError, match="'coder_id'"):
        fleiss_kappa(table, unit="unit", rater="coder_id")
    with pytest.raises(ArgumentError, match="at least one column that names a unit"):
        fleiss_kappa(table, unit=[])
    with pytest.raises(ArgumentError, match="'criterion'"):
        rater_agreement(table, unit="unit", level="nominal", by="criterion")
    with pytest.raises(ArgumentError, match="columns of their own"):
        fleiss_kappa(table, unit=["unit", "rater_id"])


def test_a_unit_rated_twice_by_one_rater(table):
    with pytest.raises(ArgumentError, match="'u001, B'"):
        gwet_ac(pd.concat([table, table.iloc[[3]]]), unit="unit")


def test_a_rating_of_nobody(table):
    nameless = table.assign(rater_id=table["rater_id"].where(table.index != 5))
    with pytest.raises(ArgumentError, match="none in rows with index 5"):
        conger_kappa(nameless, unit="unit")
    with pytest.raises(ArgumentError, match="'criterion'"):
        rater_agreement(table.assign(criterion=None), unit="unit", level="nominal", by="criterion")


def test_a_rating_in_none_of_the_categories_names_unit_and_rater(table):
    with pytest.raises(ArgumentError, match=r"'3 \(u003, A\)'") as refused:
        krippendorff_alpha(table, unit="unit", level="ordinal", categories=[1, 2])
    assert "Expected: 1, 2" in str(refused.value)
    words = table.assign(score=table["score"].map({1: "no", 2: "yes", 3: "perhaps"}))
    with pytest.raises(ArgumentError, match=r"'perhaps \(u003, A\)'"):
        cohen_kappa(words, unit="unit", categories=["no", "yes"])


def test_categories_given_wrongly(table):
    with pytest.raises(ArgumentError, match="each once"):
        gwet_ac(table, unit="unit", categories=[1, 2, 3, 3])
    with pytest.raises(ArgumentError, match="'low'"):
        gwet_ac(table, unit="unit", categories=["low", "high"])


def test_words_where_an_order_or_numbers_are_needed(table):
    words = table.assign(score=table["score"].map({1: "no", 2: "yes", 3: "perhaps"}))
    with pytest.raises(ArgumentError, match="no order of their own"):
        cohen_kappa(words, unit="unit", weights="linear")
    with pytest.raises(ArgumentError, match="no order of their own"):
        krippendorff_alpha(words, unit="unit", level="ordinal")
    with pytest.raises(ArgumentError, match="must be numbers"):
        krippendorff_alpha(words, unit="unit", level="interval")
    with pytest.raises(ArgumentError, match="'perhaps'"):
        intraclass_correlation(words, unit="unit")
    with pytest.raises(ArgumentError, match="'perhaps'"):
        rater_bias(words, unit="unit")


def test_infinite_and_negative_numbers(table):
    with pytest.raises(ArgumentError, match="inf"):
        intraclass_correlation(table.assign(score=np.inf), unit="unit")
    with pytest.raises(ArgumentError, match=r"-2\.0"):
        krippendorff_alpha(table.assign(score=table["score"] - 3), unit="unit", level="ratio")


def test_more_than_two_raters_for_cohen(long):
    with pytest.raises(ArgumentError, match="'A', 'B', 'C'"):
        cohen_kappa(long([[1, 1, 2], [2, 2, 2]]), unit="unit")


def test_options_that_are_none(table):
    with pytest.raises(ArgumentError, match="'cubic'"):
        cohen_kappa(table, unit="unit", weights="cubic")
    with pytest.raises(ArgumentError, match="'metric'"):
        krippendorff_alpha(table, unit="unit", level="metric")
    with pytest.raises(ArgumentError, match="'metric'"):
        rater_agreement(table, unit="unit", level="metric")
    for function in (intraclass_correlation, rater_bias, fleiss_kappa, alpha):
        with pytest.raises(ArgumentError, match="confidence level"):
            function(table, unit="unit", conf_level=95)


@pytest.mark.parametrize("dtype", ["object", "category", "Int64", "float64"])
def test_numbers_are_numbers_whatever_they_are_kept_in(table, dtype):
    kept = table.assign(score=table["score"].astype(dtype))
    for drop in ([], [3]):
        given = kept.assign(score=kept["score"].where(~kept.index.isin(drop)))
        plain = table.assign(score=table["score"].where(~table.index.isin(drop)))
        assert alpha(given, unit="unit", n_boot=FEW).estimate == pytest.approx(
            alpha(plain, unit="unit", n_boot=FEW).estimate
        )
        pd.testing.assert_frame_equal(
            rater_bias(given, unit="unit").tidy(), rater_bias(plain, unit="unit").tidy()
        )


def test_an_ordered_column_brings_its_order(table):
    order = ["low", "mid", "high", "top"]
    words = table["score"].map({1: "low", 2: "mid", 3: "high"})
    kept = table.assign(score=pd.Categorical(words, categories=order, ordered=True))
    told = table.assign(score=words)
    found = gwet_ac(kept, unit="unit", weights="ordinal", n_boot=FEW)
    listed = gwet_ac(told, unit="unit", weights="ordinal", categories=order, n_boot=FEW)
    assert found.estimate == listed.estimate
    assert found.tidy()["n_categories"].tolist() == [4] * len(found.tidy())
    loose = table.assign(score=pd.Categorical(words, categories=order))
    with pytest.raises(ArgumentError, match="no order of their own"):
        gwet_ac(loose, unit="unit", weights="ordinal")


def test_columns_need_not_be_named_by_words(table):
    numbered = table.rename(columns={"unit": 0})
    assert fleiss_kappa(numbered, unit=0, n_boot=FEW).estimate == pytest.approx(
        fleiss_kappa(table, unit="unit", n_boot=FEW).estimate
    )


def test_categories_that_are_no_list(table):
    for wrong in (5, "123"):
        with pytest.raises(ArgumentError, match=r"Categories are listed[\s\S]*" + str(wrong)):
            gwet_ac(table, unit="unit", categories=wrong)


def test_an_infinite_rating_names_unit_and_rater(table):
    infinite = table.assign(score=table["score"].astype(float).where(table.index != 0, np.inf))
    row = table.iloc[0]
    with pytest.raises(ArgumentError, match=rf"inf \({row['unit']}, {row['rater_id']}\)"):
        rater_bias(infinite, unit="unit")


def test_percent_agreement_has_no_chance_and_is_that_of_pairs(long):
    # Pairs agree in 2 of 4 units; the fifth has one rating and tells nothing.
    table = long([[1, 1], [2, 2], [1, 2], [2, 1], [1, NO]])
    row = rater_agreement(table, unit="unit", level="nominal", n_boot=FEW).tidy().iloc[0]
    assert row["estimate"] == 0.5
    assert np.isnan(row["agreement_expected"])
    assert (row["n_units"], row["n_units_left_out"]) == (4, 1)
    assert row["missing"] == "units with two ratings or more"
    assert row["std_error"] == pytest.approx(np.sqrt(4 * 0.25 / (4 * 3)))


def test_sentences_without_an_interval_say_why(long):
    perfect = long([[1, 1], [2, 2], [3, 3]])
    said = rater_agreement(perfect, unit="unit", level="ordinal", n_boot=FEW).sentence()
    assert "was 1.00, no interval: the units do not differ in agreement" in said
    assert rater_bias(perfect, unit="unit").sentence() == (
        "Among 2 raters, none rated above the others."
    )
    assert rater_bias(perfect, unit="unit").glance()["most_lenient"].item() == ""
    apart = rater_bias(long([[1, 2], [2, 3], [3, 4]]), unit="unit").sentence()
    assert "(no interval: the differences are all the same)" in apart
    opposite = intraclass_correlation(long([[1, 2], [2, 1]]), unit="unit").sentence()
    assert "not available (ICC(2,1): the estimated variance" in opposite
