"""Every column that the room returns is in the glossary."""

import pandas as pd
import pytest

from cvln_eval.glossary import glossary
from cvln_eval.measurement.scales import (
    check_keys,
    cronbach_alpha,
    item_analysis,
    item_distribution,
    mcdonald_omega,
    ordinal_alpha,
    scale_reliability,
    scale_score,
)
from cvln_eval.study.codebook import Codebook, Item, Label

ITEMS = ["a1", "a2", "a3", "a4", "a5"]


@pytest.fixture(scope="module")
def results(five):
    few = {"items": ITEMS, "n_boot": 5}
    bounded = {"items": ITEMS, "response_range": (1, 5)}
    return [
        scale_score(five.assign(wave="y1", person_id="p", team_id="t"), items=ITEMS),
        cronbach_alpha(five, items=ITEMS),
        mcdonald_omega(five, **few),
        ordinal_alpha(five, **few),
        item_analysis(five, **bounded),
        item_distribution(five, **bounded),
        check_keys(five, **few),
        reliability_of(five),
    ]


def reliability_of(five):
    codebook = Codebook(
        (),
        items=tuple(Item(name, "i", "s", False, "r", name, "", {}) for name in ITEMS),
        labels=tuple(Label("r", str(i), str(i), False) for i in range(1, 6)),
    )
    people = five.assign(wave="y1", person_id=[str(i) for i in range(len(five))])
    long = people.melt(id_vars=["wave", "person_id"], var_name="item")
    return scale_reliability(long, codebook=codebook, n_boot=5)


def test_every_column_is_defined(results):
    tables = [table for result in results for table in (result.tidy(), result.glance())]
    tables += [results[0].summary(), results[2].loadings()]
    columns = {str(column) for table in tables for column in table.columns}
    assert columns - set(glossary()["column"]) == set()


def test_every_result_speaks_and_shows_itself(results):
    for result in results:
        assert result.sentence().endswith(".")
        assert "nan" not in result.sentence()
        assert type(result).__name__ in repr(result)
        assert len(result.glance()) == 1


def test_a_result_cannot_be_changed_from_outside(results):
    for result in results:
        before, taken = result.tidy(), result.tidy()
        taken.insert(0, "added", 1)
        pd.testing.assert_frame_equal(result.tidy(), before)
