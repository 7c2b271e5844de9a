"""Every column that this room returns is in the glossary."""

import pandas as pd

from cvln_eval.glossary import glossary
from cvln_eval.inference.change import (
    adjust_family,
    change_by_status,
    change_by_team,
    decompose_change,
    paired_change,
    rank_change,
    reliable_change,
    share_change,
    with_teams,
)

WAVES = ("y1", "y2")


def returned(table):
    rosters = table[["person_id", "wave", "team_id"]]
    paired = paired_change(table, waves=WAVES)
    reliable = reliable_change(table, waves=WAVES, reliability=0.8)
    adjusted = adjust_family(paired.tests(), families="climate")
    given = {"memberships": rosters, "waves": WAVES}
    results = [
        paired,
        rank_change(table, waves=WAVES),
        share_change(table, waves=WAVES, cut=3),
        reliable,
        change_by_team(table, waves=WAVES),
        change_by_status(table, **given),
        decompose_change(table, **given),
        adjusted,
    ]
    yield from (paired.summary(), reliable.people(), adjusted.families())
    yield with_teams(table.drop(columns="team_id"), memberships=rosters)
    for result in results:
        yield from (result.tidy(), result.glance())


def test_every_column_is_defined(scores):
    table = scores([3, 4, 2, 3, None], [4, 4, 4, 2, 3], list("AABBB"))
    columns = {str(name) for frame in returned(table) for name in frame.columns}
    assert columns - set(glossary()["column"]) == set()


def test_printed_forms_carry_the_sentence(scores):
    found = paired_change(scores([3, 4, 2], [4, 4, 4], list("AAB")), waves=WAVES)
    assert found.sentence() in repr(found)
    assert isinstance(found.glance(), pd.DataFrame)
