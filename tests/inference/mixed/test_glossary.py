"""Every column that mixed models return is in the glossary."""

from mixed_tables import three_levels

from cvln_eval.glossary import glossary
from cvln_eval.inference.mixed import likelihood_ratio_test, mixed_model


def test_every_column_is_defined():
    table = three_levels(seed=1)
    model = {"formula": "trust ~ time", "random": {"team_id": "1", "person_id": "1"}}
    found, empty = mixed_model(table, **model), mixed_model(table.head(0), **model)
    ratio = likelihood_ratio_test(found, smaller=None)
    results = [ratio, found.test("time"), found.variances(), empty.variances(), found, empty]
    frames = [frame for one in results for frame in (one.tidy(), one.glance())]
    frames += [found.random_effects()]
    columns = {column for frame in frames for column in frame.columns}
    assert columns - set(glossary()["column"]) == set()
