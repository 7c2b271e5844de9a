"""Every column that mixing returns is in the glossary."""

from __future__ import annotations

from mixing_networks import two_waves

from cvln_eval.glossary import glossary
from cvln_eval.networks.mixing import (
    assortativity,
    bridges,
    ei_index,
    mixing_matrix,
    within_between,
)


def returned():
    panel = two_waves()
    tested = [f(panel, n_draws=9) for f in (ei_index, within_between, assortativity)]
    found = [*tested, mixing_matrix(panel), bridges(panel)]
    for result in found:
        yield from (result.tidy(), result.glance())
    yield from (tested[0].persons(), found[-1].pairs(), found[-1].whole())


def test_every_column_is_defined():
    columns = {str(name) for frame in returned() for name in frame.columns}
    assert columns - set(glossary()["column"]) == set()


def test_wave_and_relation_come_first_and_printed_forms_are_the_same_again():
    panel = two_waves()
    for function in (ei_index, within_between, assortativity, mixing_matrix, bridges):
        one, two = function(panel), function(panel)
        assert one.tidy().columns[:2].tolist() == ["wave", "relation"]
        assert repr(one) == repr(two)
        assert one.sentence() in repr(one)
