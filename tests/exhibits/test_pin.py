"""Prose and data cannot part."""

import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import pin


def test_a_number_is_compared_as_the_prose_rounds_it():
    assert pin(41, 41) == "41"
    assert pin(0.6666, 0.67) == "0.67"
    assert pin(0.5, "0.50") == "0.50"
    assert pin(9132.0, "9,132") == "9,132"
    assert pin(0.256, "26%") == "26%"
    assert pin(0.2561, "25.6%") == "25.6%"
    assert pin(-3, -3) == "-3"
    assert repr(pin(0.256, "26%")) == "26%"


@pytest.mark.parametrize(
    ("seen", "written"), [(42, 41), (0.674, "0.68"), (0.24, "26%"), (float("nan"), 0)]
)
def test_a_number_that_the_data_no_longer_give_stops_the_notebook(seen, written):
    with pytest.raises(ArgumentError, match="disagree"):
        pin(seen, written)


@pytest.mark.parametrize(("seen", "written"), [(0.5, "half"), ("A", 1)])
def test_what_is_no_number_cannot_be_pinned(seen, written):
    with pytest.raises(ArgumentError, match="no number"):
        pin(seen, written)
