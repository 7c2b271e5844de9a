"""Every column that this room returns is in the glossary."""

from cvln_eval.glossary import glossary
from cvln_eval.measurement.raters import (
    cohen_kappa,
    fleiss_kappa,
    intraclass_correlation,
    krippendorff_alpha,
    rater_agreement,
    rater_bias,
)


def test_every_column_is_defined(long):
    table = long([[1, 1], [1, 2], [2, 2], [3, 2]]).assign(criterion="roles")
    results = [
        cohen_kappa(table, unit="unit", n_boot=20),
        fleiss_kappa(table, unit="unit", n_boot=20),
        krippendorff_alpha(table, unit="unit", level="ordinal", n_boot=20),
        intraclass_correlation(table, unit="unit"),
        rater_agreement(table, unit="unit", level="interval", by="criterion", n_boot=20),
        rater_bias(table, unit="unit"),
    ]
    frames = [frame for result in results for frame in (result.tidy(), result.glance())]
    frames.append(results[-1].pairs())
    columns = {column for frame in frames for column in frame.columns}
    assert columns - set(glossary()["column"]) == set()
    assert all(len(result.glance()) == 1 for result in results)
