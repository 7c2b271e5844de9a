"""The published boundaries of low attrition: their table, what lies behind it, and verdicts."""

from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.optimize import brentq

from cvln_eval.inference.missing import attrition
from cvln_eval.inference.missing.boundaries import BOUNDARIES, highest_differential, judged

# Correlations of staying with the outcome in either arm (Deke & Chiang, 2017, Evaluation Review
# 41, 130-154), and the bias from which a boundary is drawn: .05 standard deviations, rounded.
LIKENESS = {"optimistic": (0.075**0.5, 0.05**0.5), "cautious": (0.2**0.5, 0.15**0.5)}
BIAS = 0.055
# Percentage points: how far the table is from that model, which is no more than a second decimal
# of the correlations makes.
NEAR = 0.15
# Percent overall below which one arm would have to lose less than nobody.
LEAST = 8


@pytest.fixture(scope="module")
def table():
    with files("cvln_eval.inference.missing").joinpath("wwc_attrition.csv").open() as text:
        return pd.read_csv(text, index_col="overall")


def shift(stayed, likeness):
    """Return how far the mean outcome of those who stayed is from that of all, in SDs."""
    return likeness * stats.norm.pdf(stats.norm.isf(stayed)) / stayed


def bias(overall, differential, likeness):
    """Return the bias where the arm that lost more is the one that makes it larger."""
    more, fewer = 1 - overall - differential / 2, 1 - overall + differential / 2
    first, second = likeness
    ways = [shift(more, first) - shift(fewer, second), shift(more, second) - shift(fewer, first)]
    return max(map(abs, ways))


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_the_table_is_what_its_model_gives(table, boundary):
    known = table[boundary].dropna()
    for overall, published in known.loc[LEAST:].items():
        low = bias(overall / 100, 1e-9, LIKENESS[boundary])
        if low >= BIAS:
            assert published <= NEAR
            continue
        found = brentq(
            lambda d, at=overall: bias(at / 100, d, LIKENESS[boundary]) - BIAS, 1e-9, 0.15
        )
        assert published == pytest.approx(100 * found, abs=NEAR), overall


def test_the_table_is_whole_and_smooth(table):
    assert list(table.index) == list(range(66))
    assert list(table["cautious"].dropna().index) == list(range(58))
    assert (table["cautious"].dropna() < table["optimistic"].loc[:57]).all()
    assert table.diff().abs().max().max() <= 0.3 + 1e-9


@pytest.mark.parametrize(
    ("overall", "cautious", "optimistic"),
    [
        (0.0, 0.057, 0.10),
        (0.10, 0.063, 0.109),
        (0.20, 0.054, 0.10),
        (0.29, 0.043, 0.084),  # 28.999999999999996 percent
        (0.205, 0.053, 0.099),  # the stricter of 20 and 21
        (0.58, np.nan, 0.019),
        (0.575, np.nan, 0.019),
        (0.66, np.nan, np.nan),
        (np.nan, np.nan, np.nan),
    ],
)
def test_values_of_the_handbook(overall, cautious, optimistic):
    found = [highest_differential(overall, boundary) for boundary in BOUNDARIES]
    assert found == pytest.approx([cautious, optimistic], nan_ok=True)


def test_on_the_boundary_is_low_and_beyond_it_high():
    assert judged(0.1, 0.163 - 0.1, "")["verdict"].tolist() == ["low", "low"]
    assert judged(0.1, 0.064, "")["verdict"].tolist() == ["high", "low"]
    assert judged(0.1, 0.11, "")["verdict"].tolist() == ["high", "high"]
    assert judged(0.7, 0.0, "")["verdict"].tolist() == ["high", "high"]


def people(arms, without):
    """Return a hundred people an arm at baseline, and later all but so many of each."""
    before = pd.DataFrame({"arm": np.repeat(list(arms), 100), "wave": "y1"})
    before = before.assign(person_id=range(len(before)), team_id=np.arange(len(before)) % 10)
    before["trust"] = np.sin(np.arange(len(before)))
    place = before.groupby("arm").cumcount()
    left = place < before["arm"].map(dict(zip(arms, without, strict=True)))
    return pd.concat([before, before[~left].assign(wave="y2")], ignore_index=True)


def verdicts(table, **more):
    found = attrition(table, columns=["trust"], baseline="y1", later="y2", **more)
    return found.wwc()


def test_two_arms_are_judged_by_hand():
    # 8 and 16 of 100: 12 percent overall, 8 points apart; 6.2 and 10.9 are the boundaries.
    rows = verdicts(people("xy", (8, 16)), arm="arm").set_index("boundary")
    assert rows["verdict"].to_dict() == {"cautious": "high", "optimistic": "low"}
    assert rows["attrition_rate"].tolist() == [0.12, 0.12]
    assert rows["differential_attrition"].tolist() == pytest.approx([0.08, 0.08])
    assert rows["differential_highest"].tolist() == [0.062, 0.109]
    assert (rows["reason"] == "").all()


@pytest.mark.parametrize(
    ("arms", "given", "reason"),
    [("xy", {}, "there are no two arms"), ("xyz", {"arm": "arm"}, "there are 3 arms, and not two")],
)
def test_without_two_arms_there_is_no_verdict(arms, given, reason):
    rows = verdicts(people(arms, (5,) * len(arms)), **given)
    assert rows["verdict"].tolist() == ["", ""]
    assert rows["differential_highest"].isna().all()
    assert rows["reason"].str.startswith(reason).all()
