"""Every column that randomization returns is in the glossary."""

import pandas as pd

from cvln_eval.glossary import glossary
from cvln_eval.inference.randomization import assignments, randomization_test

TABLE = pd.DataFrame({"team_id": list("aabbccdd"), "treated": [1] * 4 + [0] * 4, "y": range(8)})
GIVEN = {"outcome": "y", "treatment": "treated"}


def returned():
    for result in (randomization_test(TABLE, **GIVEN), assignments(TABLE, treatment="treated")):
        yield from (result.tidy(), result.glance())


def test_every_column_is_defined():
    columns = {str(name) for frame in returned() for name in frame.columns}
    assert columns - set(glossary()["column"]) == set()


def test_printed_forms_carry_the_sentence_and_are_the_same_again():
    one, two = (randomization_test(TABLE, **GIVEN) for _ in range(2))
    assert one.sentence() in repr(one)
    assert repr(one) == repr(two)
    pd.testing.assert_frame_equal(one.tidy(), two.tidy())
    assert len(one.tidy()) == 1
