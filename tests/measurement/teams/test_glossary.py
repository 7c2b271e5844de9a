"""Every column that agreement of teams returns is in the glossary."""

import numpy as np
import pandas as pd

from cvln_eval.glossary import glossary
from cvln_eval.measurement.teams import (
    icc_aggregation,
    pseudo_team_agreement,
    team_agreement,
    within_group_agreement,
)
from cvln_eval.study.codebook import Codebook, Item, Label

ANSWERS = pd.DataFrame({"team_id": list("AABB"), "t1": [4, 5, 2, 2], "t2": [4, 4, 1, 3]})
GIVEN = {"items": ["t1", "t2"], "response_range": (1, 5)}


def returned():
    labels = tuple(Label("agree", str(i), str(i), False) for i in range(1, 6))
    items = (Item("t1", "culture", "trust", False, "agree", "t1", "", {}),)
    people = pd.DataFrame({"wave": "y1", "person_id": np.arange(4).astype("str")})
    responses = people.assign(item="t1", value=ANSWERS["t1"])
    table = team_agreement(
        responses,
        codebook=Codebook((), items=items, labels=labels),
        memberships=people.assign(team_id=ANSWERS["team_id"]),
    )
    within = within_group_agreement(ANSWERS, **GIVEN, n_draws=0)
    mixed = icc_aggregation(ANSWERS, items=["t1", "t2"])
    pseudo = pseudo_team_agreement(ANSWERS, **GIVEN)
    yield from (within.summary(), table.teams())
    for result in (within, mixed, pseudo, table):
        yield from (result.tidy(), result.glance())


def test_every_column_is_defined():
    columns = {str(name) for frame in returned() for name in frame.columns}
    assert columns - set(glossary()["column"]) == set()


def test_printed_forms_carry_the_sentence():
    mixed = icc_aggregation(ANSWERS, items=["t1", "t2"])
    assert mixed.sentence() in repr(mixed)
