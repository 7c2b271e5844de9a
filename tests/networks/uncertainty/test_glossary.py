"""Every column that uncertainty returns is in the glossary."""

from __future__ import annotations

from open_networks import network

from cvln_eval.glossary import glossary
from cvln_eval.networks.panel import panel_of
from cvln_eval.networks.uncertainty import non_response_bounds, vertex_bootstrap


def results():
    panel = panel_of([network("ab ba cd", "xxyy"), network("ab", "xxy", wave="2")])
    return [non_response_bounds(panel), vertex_bootstrap(panel, by="team_id", n_draws=20)]


def test_every_column_is_defined():
    columns = {
        str(name) for one in results() for frame in (one.tidy(), one.glance()) for name in frame
    }
    assert columns - set(glossary()["column"]) == set()


def test_wave_and_relation_come_first_and_printed_forms_are_the_same_again():
    for one, two in zip(results(), results(), strict=True):
        assert one.tidy().columns[:2].tolist() == ["wave", "relation"]
        assert repr(one) == repr(two)
        assert one.sentence() in repr(one)


def test_a_panel_without_networks_has_the_columns():
    panel = panel_of([network("ab", "xx")]).only(waves=[])
    for one in (non_response_bounds(panel), vertex_bootstrap(panel)):
        assert one.tidy().empty
        assert one.sentence() == "There are no networks."
        assert one.glance()["reason"].item() == "there are no networks"
