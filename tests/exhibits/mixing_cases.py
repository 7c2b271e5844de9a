"""Small networks of teams with all that can go wrong in them, and the figures of their groups."""

from functools import cache

import numpy as np
import pandas as pd

from cvln_eval import exhibits
from cvln_eval.networks.dyads import mrqap, qap_correlation, same
from cvln_eval.networks.mixing import ei_index, mixing_matrix, within_between
from cvln_eval.networks.panel import Network, panel_of
from cvln_eval.networks.persons import permutation_t

NAMED = ("Almond Grove", "Cedar Flats", "Las Palmas", "Orchard Valley", "River Bend")
LONG = (
    "Northern Valley Consolidated School District",
    "Saint Elizabeth and Mary County Public Schools",
    "Lakeside",
    "Upper Cumberland River District",
    "West",
)
WAVES = ("2008-fall", "2009-spring", "2010-spring", "2011-spring")


def network(ties, groups, *, answered=None, wave="y1", relation="advice"):
    """Return a directed network of people a, b, ... of these groups; ties such as "ab ba"."""
    ids = [chr(ord("a") + place) for place in range(len(groups))]
    ends = sorted((ids.index(tie[0]), ids.index(tie[1])) for tie in ties.split())
    sender, receiver = np.array(ends, dtype=np.intp).reshape(-1, 2).T
    people = pd.DataFrame({"person_id": ids, "team_id": list(groups)})
    known = np.ones(len(ids), bool) if answered is None else np.array(answered, dtype=bool)
    return Network(wave, relation, people, sender, receiver, np.ones(len(sender)), known)


def teams(n, names, *, waves=WAVES, relations=("advice",), silent=0.1, seed=1):
    """Return random networks, denser within teams, of which a share did not answer."""
    rng = np.random.default_rng(seed)
    team = np.array([names[at % len(names)] for at in range(n)])
    people = pd.DataFrame({"person_id": [f"p{at:03d}" for at in range(n)], "team_id": team})
    found = []
    for relation in relations:
        for wave in waves:
            answered = rng.random(n) >= silent
            chance = np.where(np.equal.outer(team, team), 0.5, 0.08)
            tied = (rng.random((n, n)) < chance) & ~np.eye(n, dtype=bool) & answered[:, None]
            ends = np.nonzero(tied)
            found.append(Network(wave, relation, people, *ends, np.ones(len(ends[0])), answered))
    return panel_of(found)


def twelve():
    return teams(60, [f"team {at}" for at in range(1, 13)], waves=WAVES[:2])


def with_a_wave_of_nothing():
    """Return three waves, in the second of which nobody has a tie and one team did not answer."""
    groups = "xxxyyyzz"
    return panel_of(
        [
            network("ab ba bc de ed ad gh hg ca", groups, wave="y1"),
            network("", groups, wave="y2", answered=[1, 1, 1, 1, 1, 1, 0, 0]),
            network("ab ac bc de ed ef gh be", groups, wave="y3"),
        ]
    )


@cache
def mixing_results():
    five, many = teams(25, NAMED), twelve()
    long, gap = teams(25, LONG), with_a_wave_of_nothing()
    several = teams(25, list("ABC"), waves=WAVES[:2], relations=("advice", "confide"))
    one = teams(25, list("ABC"), waves=WAVES[:1]).network(wave=WAVES[0], relation="advice")
    noise = np.random.default_rng(3).normal(size=(one.n, one.n))
    terms = {"same team": same("team_id"), "a term that means nothing at all": noise}
    constant = {"constant": np.ones((one.n, one.n))}
    return {
        "blocks": mixing_matrix(five),
        "blocks_many": mixing_matrix(many),
        "blocks_long": mixing_matrix(long),
        "blocks_gap": mixing_matrix(gap),
        "ei": ei_index(five, n_draws=199),
        "ei_many": ei_index(many, n_draws=99),
        "ei_long": ei_index(long, n_draws=99),
        "ei_gap": ei_index(gap, n_draws=199),
        "within": within_between(five, n_draws=199),
        "within_several": within_between(several, n_draws=99),
        "within_gap": within_between(gap, n_draws=199),
        "qap": qap_correlation(one, terms={**terms, **constant}, n_draws=199),
        "qap_one": qap_correlation(one, terms={"same team": same("team_id")}, n_draws=199),
        "mrqap": mrqap(one, terms=terms, n_draws=199),
        "two_groups": permutation_t(
            teams(25, list("AB"), waves=WAVES[:2]), outcome="out_degree", by="team_id", n_draws=199
        ),
    }


def mixing_figures(study):
    r = mixing_results()
    common = {"number": "1.1", "study": study}
    narrow = {"width": "single", **common}
    middle = {"width": "one_and_a_half", **common}
    return {
        "blocks": exhibits.plot_block_densities(r["blocks"], **common),
        "blocks_single": exhibits.plot_block_densities(r["blocks"], **narrow),
        "blocks_many": exhibits.plot_block_densities(r["blocks_many"], **narrow),
        "blocks_long": exhibits.plot_block_densities(r["blocks_long"], **common),
        "blocks_long_single": exhibits.plot_block_densities(r["blocks_long"], **narrow),
        "blocks_gap": exhibits.plot_block_densities(r["blocks_gap"], **middle),
        "ei": exhibits.plot_ei_trajectory(r["ei"], **common),
        "ei_single": exhibits.plot_ei_trajectory(r["ei"], **narrow),
        "ei_many": exhibits.plot_ei_trajectory(r["ei_many"], **common),
        "ei_long": exhibits.plot_ei_trajectory(r["ei_long"], **narrow),
        "ei_gap": exhibits.plot_ei_trajectory(r["ei_gap"], **middle),
        "within": exhibits.plot_within_between(r["within"], **narrow),
        "within_several": exhibits.plot_within_between(r["within_several"], **common),
        "within_gap": exhibits.plot_within_between(r["within_gap"], **middle),
        "null": exhibits.plot_permutation_null(r["qap"], **common),
        "null_one": exhibits.plot_permutation_null(r["qap_one"], **narrow),
        "null_regression": exhibits.plot_permutation_null(r["mrqap"], **middle),
        "null_groups": exhibits.plot_permutation_null(r["two_groups"], **middle),
    }
