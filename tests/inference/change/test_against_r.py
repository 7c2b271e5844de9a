"""Change beside R 4.2 (stats, metafor, clubSandwich); see tests/reference/change/make.R."""

import math

import numpy as np
import pandas as pd
import pytest

from cvln_eval.inference.change import adjust_family, paired_change, rank_change, share_change
from cvln_eval.inference.change.paired import CLUSTERED, INDEPENDENT, TEAM_MEANS
from cvln_eval.inference.change.standardised import hedges_correction

WAVES = ("y1", "y2")
EXACT = 1e-12  # the same closed forms in floating point; R prints 15 digits
TAILS = 1e-8  # two implementations of the distribution functions of t and noncentral t
SCALES = ("fine", "coarse", "many")


@pytest.fixture(scope="module")
def table(reference):
    pairs = reference("pairs.csv")
    keys = ["scale", "person_id", "team_id"]
    ends = [pairs[[*keys, end]].rename(columns={end: "score"}) for end in ("first", "last")]
    return pd.concat([part.assign(wave=w) for part, w in zip(ends, WAVES, strict=True)])


@pytest.fixture(scope="module")
def expected(reference):
    return reference("expected.csv").set_index(["scale", "label"])["value"]


@pytest.fixture(scope="module")
def paired(table):
    return paired_change(table, waves=WAVES).tidy()


def row(tidy, scale, **having):
    kept = tidy[tidy["scale"] == scale]
    for column, value in having.items():
        kept = kept[kept[column] == value]
    assert len(kept) == 1
    return kept.iloc[0]


def alone(tidy):
    """The rows that take people as independent."""
    return tidy[tidy["method"].str.startswith("people independent")]


def agree(found, expected, scale, labels, tolerance):
    for column, label in labels.items():
        assert found[column] == pytest.approx(expected[scale, label], rel=tolerance), label


@pytest.mark.parametrize("scale", SCALES)
def test_the_paired_t(paired, expected, scale):
    """R: `t.test(y, x, paired = TRUE)`."""
    found = row(paired, scale, method=INDEPENDENT)
    agree(found, expected, scale, {"n": "n", "estimate": "change", "statistic": "t"}, EXACT)
    agree(found, expected, scale, {"p_value": "p", "conf_low": "low", "conf_high": "high"}, TAILS)


@pytest.mark.parametrize("scale", SCALES)
def test_teams_as_clusters(paired, expected, scale):
    """R: `coef_test` and `conf_int` of `lm(change ~ 1)`, `vcovCR(type = "CR2")`, Satterthwaite."""
    found = row(paired, scale, method=CLUSTERED)
    agree(found, expected, scale, {"estimate": "change", "std_error": "cr2_se"}, 1e-11)
    labels = {"df": "cr2_df", "p_value": "cr2_p", "conf_low": "cr2_low", "conf_high": "cr2_high"}
    agree(found, expected, scale, labels, TAILS)


@pytest.mark.parametrize("scale", SCALES)
def test_means_of_teams(paired, expected, scale):
    """R: `t.test(tapply(change, team, mean))`."""
    found = row(paired, scale, method=TEAM_MEANS)
    labels = {"estimate": "means", "p_value": "means_p"}
    labels |= {"conf_low": "means_low", "conf_high": "means_high"}
    agree(found, expected, scale, labels, TAILS)


@pytest.mark.parametrize("scale", SCALES)
def test_d_z_and_its_noncentral_interval(paired, expected, scale):
    """R: `escalc("SMCC", ...)$yi`; `pt(t, n - 1, ncp)` solved for its tails by `uniroot`."""
    found = row(alone(paired), scale, quantity="d_z")
    agree(found, expected, scale, {"estimate": "smcc"}, 1e-11)
    agree(found, expected, scale, {"conf_low": "nct_low", "conf_high": "nct_high"}, 1e-6)


@pytest.mark.parametrize("scale", SCALES)
def test_d_first(paired, expected, scale):
    """R: `escalc("SMCR", ...)$yi` and `escalc("SMCRH", ...)$vi`.

    metafor 3.8 puts the corrected d into the variance and multiplies all by J^2 a second time;
    ours is the variance of the uncorrected d. Undone here, both come from Bonett's formula.
    """
    found = row(alone(paired), scale, quantity="d_first")
    agree(found, expected, scale, {"estimate": "smcr"}, 1e-11)
    n = found["n"]
    j, d = hedges_correction(n - 1), found["uncorrected"]
    as_metafor = j**2 * (found["std_error"] ** 2 - (1 - j**2) * d**2 / (2 * (n - 1)))
    assert as_metafor == pytest.approx(expected[scale, "smcrh_v"], rel=1e-10)


def test_signed_ranks_without_ties(table, expected):
    """R: `wilcox.test(change, exact = TRUE, conf.int = TRUE)`."""
    found = rank_change(table, waves=WAVES).tidy()
    first = row(found[found["method"].str.startswith("people")], "fine", quantity="typical change")
    assert "exact" in first["method"]
    labels = {"statistic": "V", "p_value": "V_p", "estimate": "hl"}
    agree(first, expected, "fine", labels | {"conf_low": "hl_low", "conf_high": "hl_high"}, 1e-9)


def test_signed_ranks_of_many_with_ties(table, expected):
    """R: `wilcox.test(change)`, which is normal with ties and drops changes of 0."""
    found = rank_change(table, waves=WAVES).tidy()
    many = row(found[found["method"].str.startswith("people")], "many", quantity="typical change")
    assert "normal" in many["method"]
    agree(many, expected, "many", {"statistic": "V", "p_value": "V_p"}, 1e-10)


@pytest.mark.parametrize("scale", SCALES)
def test_signs(table, expected, scale):
    """R: `binom.test(up, moved)`."""
    found = rank_change(table, waves=WAVES).tidy()
    part = found[found["method"].str.startswith("people")]
    signs = row(part, scale, quantity="share of changes that rose")
    assert signs["n_up"] == expected[scale, "up"]
    assert signs["n_up"] + signs["n_down"] == expected[scale, "moved"]
    labels = {"p_value": "sign_p", "conf_low": "sign_low", "conf_high": "sign_high"}
    agree(signs, expected, scale, labels, 1e-9)


@pytest.mark.parametrize("scale", SCALES)
def test_exact_mcnemar(table, expected, scale):
    """R: `binom.test(up, up + down)` of those who crossed the cut."""
    found = row(
        share_change(table, waves=WAVES, cut=3.5).tidy(),
        scale,
        method="people independent, McNemar exact",
    )
    agree(found, expected, scale, {"n_up": "n_up", "n_down": "n_down"}, EXACT)
    agree(found, expected, scale, {"p_value": "mcnemar_p"}, 1e-9)


@pytest.mark.parametrize("method", ["holm", "bh"])
def test_adjusted_p_values(reference, method):
    """R: `p.adjust(p, "holm")` and `p.adjust(p, "BH")`, a missing p among them."""
    table = reference("adjusted.csv")
    found = adjust_family(table, families="all", p_value="p", method=method).tidy()
    assert found["p_adjusted"].to_numpy() == pytest.approx(
        table[method].to_numpy(), rel=EXACT, nan_ok=True
    )
    assert set(found["n_tests"]) == {7}
    assert math.isnan(found["p_adjusted"].iloc[4])
    assert np.isfinite(found["p_adjusted"]).sum() == 7
