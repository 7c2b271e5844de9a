"""Sentences print p values one way, that of APA."""

import re
from pathlib import Path

import pytest

from cvln_eval import measurement
from cvln_eval.results import p_in_words

# What a sentence would print by a format of its own: "p = {", "p < 0.001", "p {'< .001' ...".
OWN_WAY = re.compile(r"""\bp (= ?\{|< 0\.|\{)|["']?p < \.001["'] if""")


@pytest.mark.parametrize(
    ("p_value", "said"),
    [
        (0.0, "p < .001"),
        (0.00099, "p < .001"),
        (0.001, "p = .001"),
        (0.0314, "p = .031"),
        (0.5, "p = .500"),
        (1.0, "p = 1.000"),
        (float("nan"), "p not available"),
    ],
)
def test_p_has_no_zero_before_the_point_and_is_never_nought(p_value, said):
    assert p_in_words(p_value) == said


def test_no_sentence_prints_p_in_a_way_of_its_own():
    assert OWN_WAY.search("""f"p = {number(p, 3)}" """)
    modules = sorted(Path(measurement.__file__).parent.rglob("*.py"))
    assert len(modules) > 50
    assert [path.name for path in modules if OWN_WAY.search(path.read_text("utf-8"))] == []
