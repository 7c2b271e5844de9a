"""Every column that robust results return is in the glossary."""

from cvln_eval.glossary import glossary
from cvln_eval.inference.robust import cluster_robust


def test_every_column_is_defined(designs):
    model = cluster_robust(designs["five"], formula="y ~ treated + x")
    joint, contrast = model.test(["treated", "x"]), model.contrast({"x": 2})
    frames = [part for one in (model, joint, contrast) for part in (one.tidy(), one.glance())]
    columns = {str(name) for frame in frames for name in frame.columns}
    assert columns - set(glossary()["column"]) == set()
    assert {"term", "smallest_p", "n_clusters", "convention", "warning", "reason"} <= columns
