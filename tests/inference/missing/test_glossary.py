"""Every column that the room returns is in the glossary, and every result speaks."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.glossary import glossary
from cvln_eval.inference.missing import (
    attrition,
    delta_shift,
    impute,
    missing_patterns,
    pool_results,
    pool_test,
)


def mean(table):
    return pd.DataFrame({"term": ["m"], "estimate": table["voice"].mean(), "std_error": 0.1})


@pytest.fixture(scope="module")
def results(waves, scales):
    many = impute(waves, columns=["voice"], scales=scales, n_imputations=2, n_rounds=4)
    return [
        missing_patterns(waves, columns=["voice", "trust_2"]),
        attrition(waves, columns=["voice"], baseline="y1", later="y3"),
        many,
        pool_results(many.each(mean)),
        delta_shift(many, analyse=mean, term="m", columns=["voice"], deltas=[1.0]),
        pool_test(np.arange(8.0).reshape(4, 2) % 3, np.tile(np.eye(2), (4, 1, 1))),
    ]


def test_every_column_is_defined(results, waves):
    patterns, gone, many = results[:3]
    tables = [table for result in results for table in (result.tidy(), result.glance())]
    tables += [patterns.patterns, patterns.rates, patterns.courses]
    tables += [gone.teams(), gone.arms(), gone.wwc(), gone.persons]
    columns = {str(column) for table in tables for column in table.columns}
    columns |= set(many.stacked()) - set(waves) - {"trust"}
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
