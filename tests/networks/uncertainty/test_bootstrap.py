"""People drawn with replacement: against networks built draw by draw, by law, and failures."""

from __future__ import annotations

import numpy as np
import pytest
from joblib import parallel_config
from open_networks import network, random_network

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.cohesion import density, reciprocity
from cvln_eval.networks.mixing import ei_index, within_between
from cvln_eval.networks.mixing.grouping import grouped
from cvln_eval.networks.panel import panel_of
from cvln_eval.networks.uncertainty import drawing, vertex_bootstrap
from cvln_eval.networks.uncertainty.vertices import ALIKE, COPIES, FEW, NO_GROUPS, NO_VALUE

WHOLE = ["density", "reciprocity_arcs", "reciprocity_dyads"]
MIXED = ["E-I index", "density within groups", "density between groups", "difference in density"]
# The error of a standard error of B draws is its size / sqrt(2 B); the difference of two, 4,000
# draws each, is 1.6%. Four of these.
FOUR_ERRORS = 0.064
DRAWS = 4000


def table(one, **options):
    return vertex_bootstrap(one, **options).tidy().set_index("measure")


def as_published(one, stream):
    """Return density and reciprocities of one draw, its network built pair by pair."""
    matrix = one.matrix(valued=False)
    known = np.flatnonzero(one.answered)
    drawn = stream.integers(0, one.n, one.n)
    made = matrix[np.ix_(drawn, drawn)]
    for h in range(one.n):
        for k in range(h):
            if drawn[h] == drawn[k] and one.answered[drawn[h]]:
                i, j = stream.choice(known, 2, replace=False)
                made[h, k], made[k, h] = matrix[i, j], matrix[j, i]
    if not one.directed:
        made[np.ix_(~one.answered[drawn], np.arange(one.n) >= 0)] = np.nan
        made[:, ~one.answered[drawn]] = np.nan
    both = ~np.isnan(made) & ~np.isnan(made.T)
    arcs = (made == 1) & both
    returned = (arcs & arcs.T).sum()
    ties, pairs = np.nansum(made), (~np.isnan(made)).sum()
    if not pairs or not arcs.sum():
        return ties / pairs if pairs else np.nan, np.nan, np.nan
    return ties / pairs, returned / arcs.sum(), returned / 2 / (arcs.sum() - returned / 2)


@pytest.mark.parametrize("rule", ["sender", "either"])
def test_standard_errors_are_those_of_networks_built_pair_by_pair(rule):
    one = random_network(6, 12, rule, density=0.5, silent=0.3)
    assert 1 < one.answered.sum() < one.n
    stream = np.random.default_rng(5)
    built = np.array([as_published(one, stream) for _ in range(DRAWS)])
    found = table(one, n_draws=DRAWS, rng=3)["std_error"]
    for name, column in zip(WHOLE, built.T, strict=True):
        if one.directed or name == "density":
            assert found[name] == pytest.approx(np.nanstd(column, ddof=1), rel=FOUR_ERRORS), name
        else:
            assert np.isnan(found[name])


@pytest.mark.parametrize("rule", ["sender", "either", "both"])
def test_drawn_groups_are_those_of_the_people_drawn(rule):
    one = random_network(6, 12, rule, density=0.6, silent=0.3)
    groups = grouped(one, "team_id")
    drawn = drawing.drawn_mixing(1, np.random.default_rng(8), drawing.forms_of_groups(groups))[0]
    weights = np.random.default_rng(8).multinomial(one.n, np.full(one.n, 1 / one.n), size=1)[0]
    people = np.repeat(np.arange(one.n), weights)
    made = one.matrix(valued=False)[np.ix_(people, people)]
    same = np.equal.outer(groups.codes[people], groups.codes[people])
    inside, outside = np.nanmean(made[same]), np.nanmean(made[~same])
    external, internal = np.nansum(made[~same]), np.nansum(made[same])
    index = (external - internal) / (external + internal)
    assert drawn == pytest.approx([index, inside, outside, inside - outside])


@pytest.mark.parametrize("rule", ["sender", "either", "both"])
def test_estimates_are_those_of_the_other_rooms(rule):
    one = random_network(6, 12, rule, density=0.6, silent=0.3)
    found = table(one, by="team_id", n_draws=10)["estimate"]
    values = {
        **density(one).tidy().set_index("measure")["value"],
        **reciprocity(one).tidy().set_index("measure")["value"],
        **within_between(one, n_draws=1).tidy().set_index("measure")["estimate"],
        "E-I index": ei_index(one, n_draws=1).tidy()["estimate"].iloc[0],
    }
    for name in [*WHOLE, *MIXED]:
        assert found[name] == pytest.approx(values[name], nan_ok=True), name


def test_interval_is_normal_and_cut_at_what_the_measure_can_be():
    row = table(random_network(1, 12, "sender"), n_draws=300, conf_level=0.9).loc["density"]
    # The 95th percentile of the normal distribution.
    reach = 1.6448536269514722 * row["std_error"]
    assert row["conf_high"] - row["estimate"] == pytest.approx(reach)
    wide = table(network("ab ba cd ac", "xxyy"), by="team_id", n_draws=300)
    assert wide.loc["reciprocity_arcs", "conf_high"] == 1
    assert wide.loc["density between groups", "conf_low"] == 0
    assert wide.loc["E-I index", "conf_low"] == -1


def test_more_alike_people_have_a_smaller_error():
    alike = network("ab bc cd de ef fa", "xxxyyy")
    star = network("ab ac ad ae af ba", "xxxyyy")
    errors = [table(one, n_draws=2000).loc["density", "std_error"] for one in (alike, star)]
    assert errors[0] < errors[1]


def test_two_processes_draw_what_one_draws():
    one = random_network(9, 10, "sender")
    alone = table(one, by="team_id", n_draws=600, rng=4)
    with parallel_config("loky", n_jobs=2):
        together = table(one, by="team_id", n_draws=600, rng=4)
    assert alone.equals(together)


def test_measures_that_mean_nothing_have_the_reason():
    one = network("ab ba cd", "xxyy")
    found = table(one, measures=["isolates", "diameter", "E-I index", "density"], n_draws=50)
    assert found.index.tolist() == ["isolates", "diameter", "E-I index", "density"]
    assert found.loc["diameter", "reason"] == COPIES
    assert found.loc["E-I index", "reason"] == NO_GROUPS
    assert found["std_error"].isna().tolist() == [True, True, True, False]


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (network("", "xy"), ALIKE),
        (network("ab ba", "xx"), ALIKE),
        (network("ab", "xx", answered=[1, 0]), FEW),
        (network("", "x"), FEW),
        (network("", ""), FEW),
        (network("", "xxy", answered=[0, 0, 0]), FEW),
    ],
)
def test_no_standard_error_where_there_can_be_none(one, reason):
    found = table(one, by="team_id", n_draws=30)
    assert found.loc["density", "reason"] == reason
    assert found["std_error"].isna().all()
    assert found["conf_low"].isna().all()
    assert (found["reason"] != "").all()


def test_one_group_has_no_density_between():
    found = table(network("ab bc", "xxx"), by="team_id", n_draws=50)
    assert found.loc["density between groups", "reason"] == NO_VALUE
    assert found.loc["density within groups", "reason"] == ""


def test_ties_without_direction_have_no_reciprocity():
    found = table(random_network(2, 8, "both"), n_draws=20)
    assert found.loc["reciprocity_arcs", "reason"] == "ties have no direction"


def test_sentences():
    one = network("ab ba cd", "xxyy")
    found = vertex_bootstrap(panel_of([one]), measures=["density", "isolates"], n_draws=100)
    assert found.sentence().startswith("In advice in 1, density was 0.25, SE = ")
    assert "95% CI [0.00, " in found.sentence()
    assert found.sentence().endswith("and then are none.")
    assert found.glance().loc[0, ["n_networks", "n_measures", "n_not_available"]].tolist() == [
        1,
        2,
        1,
    ]


def test_failures():
    one = network("ab", "xx")
    with pytest.raises(ArgumentError, match="'closeness'"):
        vertex_bootstrap(one, measures=["closeness"])
    with pytest.raises(ArgumentError, match="none"):
        vertex_bootstrap(one, measures=[])
    with pytest.raises(ArgumentError, match="`n_draws`"):
        vertex_bootstrap(one, n_draws=1)
    with pytest.raises(ArgumentError, match="'district'"):
        vertex_bootstrap(one, by="district")
    with pytest.raises(ArgumentError, match="confidence level"):
        vertex_bootstrap(one, conf_level=1.5)
