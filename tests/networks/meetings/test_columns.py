"""Every column that this room returns is in the glossary; results print without a clock."""

from __future__ import annotations

import pytest
from test_joint import TIES, meetings, members
from test_reach import CHAIN
from test_replies import ACTIVITY, MEMBERS

from cvln_eval.glossary import glossary
from cvln_eval.networks.meetings import (
    co_attendance,
    expected_co_attendance,
    joint_sessions,
    participation_inequality,
    reach,
    response_times,
)
from cvln_eval.networks.panel import network_panel


@pytest.fixture
def results(met):
    """One of each."""
    joint = meetings({("s1", "2"): ["w1", "x1"]})
    return [
        met,
        co_attendance(met),
        expected_co_attendance(met, n_draws=9),
        joint_sessions(network_panel(TIES, members()), affiliation=joint),
        participation_inequality(ACTIVITY, MEMBERS, n_draws=9),
        response_times(ACTIVITY, MEMBERS),
        reach(CHAIN, facilitators=["a"]),
    ]


def test_every_column_is_defined(results, met):
    frames = [frame for one in results for frame in (one.tidy(), one.glance())]
    frames += [met.cells, met.off_roster, met.crossing("1").people, met.crossing("1").sessions]
    frames += [results[3].pairs, results[4].persons, results[5].posts, results[5].curve()]
    frames += [results[4].curve(), results[6].people]
    columns = {column for frame in frames for column in frame.columns}
    assert columns - set(glossary()["column"]) == set()


def test_rows_say_wave_and_relation_first_and_a_glance_is_one_row(results):
    for one in results:
        assert one.tidy().columns[:2].tolist() == ["wave", "relation"]
        assert len(one.glance()) == 1
        assert one.sentence().endswith(".")
        assert repr(one) == repr(one)
