"""Small networks with all that can go wrong in them, and their figures."""

from functools import cache

import numpy as np
import pandas as pd

from cvln_eval import exhibits
from cvln_eval.networks.meetings import affiliation, joint_sessions
from cvln_eval.networks.panel import network_panel
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


def met_panel(n_teams=6, size=3, relations=("advice", "shared_initiative"), seed=4):
    """Return a panel of two waves, and who came to the days of pairs of teams, all but one."""
    rng = np.random.default_rng(seed)
    teams = [f"T{at:02}" for at in range(n_teams) for _ in range(size)]
    ids = [f"p{at:03}" for at in range(len(teams))]
    members = pd.concat(
        [pd.DataFrame({"wave": w, "person_id": ids, "team_id": teams}) for w in ("1", "2")]
    )
    ties = [
        {"wave": w, "relation": r, "sender_id": i, "receiver_id": j}
        for w in ("1", "2") for r in relations for i in ids for j in ids
        if i != j and rng.random() < 0.2
    ]  # fmt: skip
    days = pd.DataFrame({"session_id": [f"s{at}" for at in range(0, n_teams - 2, 2)]})
    days = days.assign(kind="joint", mode="online", wave="2", status="held", held_on="2024-01-05")
    came = [
        {"session_id": f"s{at}", "person_id": person}
        for at in range(0, n_teams - 2, 2) for person in ids[at * size : (at + 2) * size]
    ]  # fmt: skip
    days["held_on"] = pd.to_datetime(days["held_on"])
    met = affiliation(pd.DataFrame(came, columns=["session_id", "person_id"]), days, members)
    return network_panel(pd.DataFrame(ties), members), met


def joint(**more):
    panel, met = met_panel(**more)
    return joint_sessions(panel, affiliation=met, n_draws=99)


@cache
def network_figures(study):
    common = {"number": "1.1", "study": study}
    small, teams = small_panel(), team_panel()
    return {
        "sociograms": exhibits.plot_sociograms(small, **common),
        "sociograms_single": exhibits.plot_sociograms(small, width="single", **common),
        "sociograms_teams": exhibits.plot_sociograms(teams, **common),
        "sociograms_teams_single": exhibits.plot_sociograms(teams, width="single", **common),
        "blockmodel": exhibits.plot_blockmodel(small, **common),
        "blockmodel_single": exhibits.plot_blockmodel(teams, width="single", **common),
        "tie_flow": exhibits.plot_tie_flow(turnover(small), **common),
        "tie_flow_single": exhibits.plot_tie_flow(turnover(teams), width="single", **common),
        "joint": exhibits.plot_joint_sessions(joint(), **common),
        "joint_single": exhibits.plot_joint_sessions(joint(), width="single", **common),
        "joint_many": exhibits.plot_joint_sessions(joint(n_teams=20), **common),
        "joint_nobody_met": exhibits.plot_joint_sessions(joint(n_teams=2), **common),
        "sociograms_five": exhibits.plot_sociograms(team_panel(5, 8, 4), **common),
    }
