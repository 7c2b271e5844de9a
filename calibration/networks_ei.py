"""Tells how often tests of ties within teams reject where nobody prefers their own team.

Simulates networks of 41 people in five unequal teams, puts the permutation tests of `ei_index` and
`assortativity` to them, and beside them two that are often done: permuting teams over everybody
whoever answered, and a chi-square test of ties, which takes pairs for independent. All data are
simulated. `python calibration/networks_ei.py` writes `networks_ei.csv` beside this file; the same
seeds give the same table.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from rich.progress import track
from scipy import stats

from cvln_eval.networks.mixing import nominal
from cvln_eval.networks.mixing.indices import drawn_indices
from cvln_eval.networks.mixing.permuting import permutation_tail
from cvln_eval.networks.panel import Network, symmetrised

TABLE = Path(__file__).with_name("networks_ei.csv")
SIZES = (4, 7, 8, 9, 13)
TEAM = np.repeat(np.arange(5), SIZES)
PEOPLE = pd.DataFrame({"person_id": [f"p{i:02d}" for i in range(41)], "team_id": list(TEAM)})
ONCE = np.where(np.tri(41), np.nan, 0.0)
LEVEL, DENSITY = 0.05, 0.12
# With 399 draws p can be .05 exactly.
N_DRAWS = 399
FEW_ANSWER = (0.5, 0.5, 0.5, 0.5, 1.0)


@dataclass(frozen=True)
class Design:
    """How ties come about, in words and numbers.

    `spread` is that of people's own tendencies to name and to be named (on the log scale), `mutual`
    the share of ties that are answered, `responses` the share of each team that answers, `sends`
    and `named` by how much more each team's people name, or are named, `own` how much more likely
    ties are in a team; `null_holds` whether teams are as if drawn by lot.
    """

    words: str
    null_holds: bool = True
    spread: float = 0.0
    mutual: float = 0.0
    responses: tuple[float, ...] = (1.0,) * 5
    sends: tuple[float, ...] = (1.0,) * 5
    named: tuple[float, ...] = (1.0,) * 5
    own: float = 1.0
    rule: str = "sender"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--out", type=Path, default=TABLE)
    chosen = parser.parse_args()
    calibrate(chosen.runs).to_csv(chosen.out, index=False, float_format="%.4f")


def calibrate(runs: int) -> pd.DataFrame:
    """Return one row a design and test: how often it rejects at the level .05."""
    parts = [rejections(design, runs) for design in designs()]
    return pd.concat(parts, ignore_index=True).assign(
        level=LEVEL, n_runs=runs, n_draws=N_DRAWS, simulated=True
    )


def designs() -> list[Design]:
    """Return the designs, those without a null last."""
    uneven = {"spread": 0.7, "mutual": 0.4}
    return [
        Design("all pairs alike"),
        Design("people differ, ties are answered", **uneven),
        Design(
            "people differ, half answer but in the largest team", **uneven, responses=FEW_ANSWER
        ),
        Design(
            "people differ, half answer but in the largest team, undirected by either",
            **uneven,
            responses=FEW_ANSWER,
            rule="either",
        ),
        Design("the largest team names thrice as often", False, sends=(1, 1, 1, 1, 3)),
        Design(
            "the largest team names and is named twice as often",
            False,
            sends=(1, 1, 1, 1, 2),
            named=(1, 1, 1, 1, 2),
        ),
        Design("ties in teams twice as likely", False, **uneven, own=2.0),
    ]


def rejections(design: Design, runs: int) -> pd.DataFrame:
    """Return how often each test rejects in networks of one design."""
    found = [
        p_values(simulated(design, np.random.default_rng([41, run])), run)
        for run in track(range(runs), description=design.words, transient=True)
    ]
    share = (pd.DataFrame(found) <= LEVEL + 1e-12).mean()
    return pd.DataFrame(
        {
            "design": design.words,
            "null_holds": design.null_holds,
            "method": share.index,
            "share_rejected": share.to_numpy(),
            "mc_error": np.sqrt(share * (1 - share) / runs).to_numpy(),
        }
    )


def simulated(design: Design, rng: np.random.Generator) -> Network:
    """Return one network of a design, those who do not answer without ties sent."""
    n = len(TEAM)
    own = np.exp(rng.normal(0, design.spread, (2, n)) - design.spread**2 / 2)
    sends, named = np.array([design.sends, design.named], dtype=float)[:, TEAM] * own
    same = np.equal.outer(TEAM, TEAM)
    chance = np.outer(sends, named) * np.where(same, design.own, 1.0)
    np.fill_diagonal(chance, 0)
    tied = rng.random((n, n)) < np.minimum(DENSITY * chance, 0.9)
    tied |= tied.T & (rng.random((n, n)) < design.mutual)
    answered = rng.random(n) < np.array(design.responses)[TEAM]
    sender, receiver = np.nonzero(tied & answered[:, None])
    network = Network(
        wave="1",
        relation="advice",
        people=PEOPLE,
        sender=sender,
        receiver=receiver,
        strength=np.ones(len(sender)),
        answered=answered,
    )
    if design.rule == "sender":
        return network
    return symmetrised(network, rule=design.rule).answerable()


def p_values(network: Network, seed: int) -> dict[str, float]:
    """Return the p value of each test."""
    # A pair without a direction counts once.
    matrix = network.matrix() + (0 if network.directed else ONCE)
    pairs, tied, same = ~np.isnan(matrix), matrix == 1, np.equal.outer(TEAM, TEAM)
    cells = [[(tied & own).sum(), (pairs & ~tied & own).sum()] for own in (same, ~same)]
    arcs = np.array(network.arcs()[:2])
    found = {
        "E-I index, permuted among those who answered": p_of_ei(arcs, network.answered, seed),
        "assortativity, permuted among those who answered": p_of_r(arcs, network.answered, seed),
        "chi-square of ties": stats.chi2_contingency(np.array(cells), correction=False).pvalue,
    }
    if network.answered.all():
        return found
    everybody = np.ones_like(network.answered)
    return found | {"E-I index, permuted over everybody": p_of_ei(arcs, everybody, seed)}


def p_of_ei(arcs: np.ndarray, answered: np.ndarray, seed: int) -> float:
    """Return the p value of `ei_index`, without its tables, which take most of the time."""
    ends = np.bincount(arcs.ravel(), minlength=len(TEAM))
    drawn = drawn_indices(N_DRAWS, np.random.default_rng(seed), TEAM, answered, arcs, ends, 5)
    external = (TEAM[arcs[0]] != TEAM[arcs[1]]).mean()
    return float(permutation_tail(2 * external - 1, drawn[:, 0], conf_level=0.95)["p_value"])


def p_of_r(arcs: np.ndarray, answered: np.ndarray, seed: int) -> float:
    """Return the p value of `assortativity`."""
    drawn = nominal.drawn(N_DRAWS, np.random.default_rng(seed), TEAM, answered, arcs)
    seen = nominal.coefficient(TEAM, arcs)
    return float(permutation_tail(seen, drawn, conf_level=0.95)["p_value"])


if __name__ == "__main__":
    main()
