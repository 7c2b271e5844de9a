"""Small networks with all that can go wrong in them, and their figures."""

from functools import cache

import numpy as np
import pandas as pd

from cvln_eval import exhibits
from cvln_eval.networks.cohesion import degree_distribution
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
        "degrees": exhibits.plot_degrees(degree_distribution(small), **common),
        "degrees_single": exhibits.plot_degrees(
            degree_distribution(teams), measure="out_degree", width="single", **common
        ),
        "sociograms_five": exhibits.plot_sociograms(team_panel(5, 8, 4), **common),
    }
