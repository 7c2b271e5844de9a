"""Small networks with all that can go wrong in them, and their figures."""

from functools import cache

import numpy as np
import pandas as pd

from cvln_eval import exhibits
from cvln_eval.networks.cohesion import degree_distribution, structure
from cvln_eval.networks.meetings import (
    affiliation,
    joint_sessions,
    participation_inequality,
    reply_network,
    response_times,
)
from cvln_eval.networks.panel import network_panel
from cvln_eval.networks.positions import brokerage, centrality
from cvln_eval.networks.waves import turnover

# Wave 1: X has a, b, c and Y has d, e. In wave 2 c has left, f joined Y and e did not answer.
ROSTERS = {"1": {"a": "X", "b": "X", "c": "X", "d": "Y", "e": "Y"},
           "2": {"a": "X", "b": "X", "d": "Y", "e": "Y", "f": "Y"}}  # fmt: skip
NAMED = {"1": ["ab", "ba", "ac", "de"], "2": ["ab", "ba", "ad", "da", "fd", "bf"]}


def rosters(waves=ROSTERS):
    rows = [(wave, *each) for wave, teams in waves.items() for each in teams.items()]
    return pd.DataFrame(rows, columns=["wave", "person_id", "team_id"])


def small_panel(named=NAMED, silent=(("2", "e"),), **more):
    ties = [(wave, "advice", *pair) for wave, pairs in named.items() for pair in pairs]
    columns = ["wave", "relation", "sender_id", "receiver_id"]
    asked = rosters().assign(instrument="advice", responded=True)
    keys = list(zip(asked["wave"], asked["person_id"], strict=True))
    asked["responded"] = [key not in silent for key in keys]
    return network_panel(pd.DataFrame(ties, columns=columns), rosters(), asked, **more)


def team_panel(n_teams=12, size=4, n_waves=2, name="Unified School District {}"):
    """Return a panel of many teams of one size with drawn ties, most of them within."""
    rng = np.random.default_rng(3)
    teams = np.repeat(np.arange(n_teams), size)
    ids = np.array([f"p{at:03}" for at in range(len(teams))])
    same = teams[:, None] == teams
    ties, members = [], []
    for wave in range(1, n_waves + 1):
        drawn = rng.random(same.shape) < np.where(same, 0.5, 0.02 * wave)
        np.fill_diagonal(drawn, 0)
        first, second = np.nonzero(drawn)
        ties.append(pd.DataFrame({"wave": str(wave), "sender_id": ids[first],
                                  "receiver_id": ids[second], "relation": "advice"}))  # fmt: skip
        named = [name.format(team + 1) for team in teams]
        members.append(pd.DataFrame({"wave": str(wave), "person_id": ids, "team_id": named}))
    return network_panel(pd.concat(ties), pd.concat(members))


def ranges(result, method="another chance"):
    """Return a range for each role and wave: half to twice what was counted."""
    rows = result.whole[["wave", "measure", "value"]]
    low, high = rows["value"] / 2, 2 * rows["value"] + 1
    return rows.assign(null_mean=rows["value"], null_low=low, null_high=high, method=method)


def in_degrees(panel):
    return centrality(panel).tidy().query("measure == 'in_degree'")


def online(waves=("1", "2")):
    """Return posts and replies of six people, alike in each wave, and their roster.

    In each a wrote three posts, b one reply and c two; b answers p1 after 12 hours, c p2 after 36.
    """
    rows = [("p1", "a", "2024-01-01 00:00", "post", None),
            ("p2", "a", "2024-01-02 00:00", "post", None),
            ("r1", "b", "2024-01-01 12:00", "reply", "p1"),
            ("r2", "c", "2024-01-03 12:00", "reply", "p2"),
            ("p3", "a", "2024-01-04 00:00", "post", None),
            ("r3", "c", "2024-01-04 06:00", "reply", "p1")]  # fmt: skip
    columns = ["activity_id", "person_id", "occurred_at", "action", "reply_to_id"]
    posts = pd.DataFrame(rows, columns=columns)
    parts = [
        posts.assign(
            wave=wave,
            activity_id=wave + posts["activity_id"],
            reply_to_id=wave + posts["reply_to_id"],
        )
        for wave in waves
    ]
    members = [(wave, person, "X") for wave in waves for person in "abcdef"]
    return pd.concat(parts), pd.DataFrame(members, columns=["wave", "person_id", "team_id"])


def online_figures(common):
    both, many = online(), online([f"a long wave {at}" for at in range(1, 6)])
    windows = reply_network(*online(["1"]), days=1)
    asked = {"measures": ["density", "reciprocity_arcs"], "title": "A finding", "note": "A note."}
    named = {"A run": structure(windows), "Another": structure(reply_network(*both))}
    return {
        "lorenz": exhibits.plot_lorenz(participation_inequality(*both, n_draws=99), **common),
        "lorenz_single": exhibits.plot_lorenz(
            participation_inequality(*many, n_draws=99), width="single", **common
        ),
        "response": exhibits.plot_response_times(response_times(*both), action="post", **common),
        "response_single": exhibits.plot_response_times(
            response_times(*many), width="single", **common
        ),
        "measures": exhibits.plot_measures(named, **asked, **common),
        "measures_single": exhibits.plot_measures(
            structure(windows), width="single", **asked, **common
        ),
    }


# Four teams of two. Before, a (W) named c (X); after, b named d, c named b and a named e (Y) too.
BEFORE, AFTER = ["ac"], ["ac", "bd", "cb", "ae"]


def met_and_not(waves=("1", "2"), came="abcd", n_draws=99):
    """Return the change of ties among teams W, X, Y and Z, of which those who came met."""
    people = {"person_id": list("abcdefgh"), "team_id": list("WWXXYYZZ")}
    members = pd.concat([pd.DataFrame(people | {"wave": wave}) for wave in waves])
    named = [BEFORE, *[AFTER] * (len(waves) - 1)]
    ties = [(w, "advice", *pair) for w, pairs in zip(waves, named, strict=True) for pair in pairs]
    ties = pd.DataFrame(ties, columns=["wave", "relation", "sender_id", "receiver_id"])
    sessions = pd.DataFrame({"session_id": ["s"], "kind": "joint day", "wave": waves[1],
                             "status": "held", "held_on": ["2024-01-05"]})  # fmt: skip
    attendance = pd.DataFrame({"session_id": "s", "person_id": list(came)})
    found = affiliation(attendance, sessions, members)
    return joint_sessions(network_panel(ties, members), affiliation=found, n_draws=n_draws)


@cache
def network_figures(study):
    common = {"number": "1.1", "study": study}
    small, teams = small_panel(), team_panel()
    few, many = brokerage(small), brokerage(team_panel(5, 8, 4))
    two = {"ranges": ranges(many)}
    return {
        "sociograms": exhibits.plot_sociograms(small, **common),
        "sociograms_single": exhibits.plot_sociograms(small, width="single", **common),
        "sociograms_teams": exhibits.plot_sociograms(teams, **common),
        "sociograms_teams_single": exhibits.plot_sociograms(teams, width="single", **common),
        "blockmodel": exhibits.plot_blockmodel(small, **common),
        "blockmodel_single": exhibits.plot_blockmodel(teams, width="single", **common),
        "tie_flow": exhibits.plot_tie_flow(turnover(small), **common),
        "tie_flow_single": exhibits.plot_tie_flow(turnover(teams), width="single", **common),
        "sociograms_sizes": exhibits.plot_sociograms(small, sizes=in_degrees(small), **common),
        "brokerage": exhibits.plot_brokerage(many, **two, **common),
        "brokerage_single": exhibits.plot_brokerage(many, width="single", **two, **common),
        "brokerage_middle": exhibits.plot_brokerage(few, width="one_and_a_half", **common),
        "joint": exhibits.plot_joint_sessions(met_and_not(), **common),
        "joint_single": exhibits.plot_joint_sessions(met_and_not(), width="single", **common),
        "degrees": exhibits.plot_degrees(degree_distribution(small), **common),
        "degrees_single": exhibits.plot_degrees(
            degree_distribution(teams), measure="out_degree", width="single", **common
        ),
        **online_figures(common),
        "sociograms_five": exhibits.plot_sociograms(team_panel(5, 8, 4), **common),
    }
