"""Every column that comes back is in the glossary."""

from __future__ import annotations

import pandas as pd
import pytest

from cvln_eval.glossary import glossary
from cvln_eval.networks.dyads import (
    lagged,
    logistic_qap,
    mrqap,
    qap_correlation,
    same,
    selection,
)


def test_every_column_is_defined(nine):
    terms = [same("team_id")]
    correlated = qap_correlation(nine, n_draws=9)
    frames = [correlated.tidy(), correlated.glance(), correlated.null_distribution()]
    for found in (
        mrqap(nine, relation="advice", terms=terms, n_draws=9),
        logistic_qap(nine, relation="advice", terms=terms, n_draws=9),
        lagged(nine, relation="advice", n_draws=9),
        selection(nine, relation="advice", terms=terms, n_draws=9),
    ):
        frames += [found.tidy(), found.fits(), found.glance(), found.null_distribution()]
    columns = {column for frame in frames for column in frame.columns}
    assert columns - set(glossary()["column"]) == set()


@pytest.mark.parametrize("make", [mrqap, logistic_qap])
def test_a_row_of_all_is_one_row(nine, make):
    found = make(nine, relation="advice", terms=[same("team_id")], n_draws=9)
    assert found.glance()[["n_networks", "n_terms", "n_draws"]].iloc[0].tolist() == [2, 1, 9]
    assert len(found.tidy()) == 4
    assert isinstance(found.fits(), pd.DataFrame)
    assert found._repr_html_().startswith("<p>")
