"""Tells how often intervals from people drawn with replacement hold the truth of a network.

Simulates networks of 41 people in five unequal teams, puts `vertex_bootstrap` to them, and counts
how often its 95% intervals hold what the measure is on average over such networks if everybody
answers. All data are simulated. `python calibration/networks_bootstrap.py` writes
`networks_bootstrap.csv` beside this file; the same seeds give the same table.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from rich.progress import track

from cvln_eval.networks.panel import Network
from cvln_eval.networks.uncertainty import vertex_bootstrap

TABLE = Path(__file__).with_name("networks_bootstrap.csv")
SIZES = (4, 7, 8, 9, 13)
TEAM = np.repeat(np.arange(5), SIZES)
PEOPLE = pd.DataFrame({"person_id": [f"p{i:02d}" for i in range(41)], "team_id": list(TEAM)})
DENSITY, OWN, N_DRAWS = 0.1, 3.0, 400
MEASURES = ("density", "reciprocity_arcs", "E-I index", "density within groups")


@dataclass(frozen=True)
class Design:
    """How ties come about, in words and numbers.

    `people` and `teams` are the spread, on the log scale, of how much people and teams name and are
    named; `mutual` is the share of ties that are answered, `responses` that of people who answer.
    """

    words: str
    people: float = 0.0
    teams: float = 0.0
    mutual: float = 0.0
    responses: float = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--out", type=Path, default=TABLE)
    chosen = parser.parse_args()
    calibrate(chosen.runs).to_csv(chosen.out, index=False, float_format="%.4f")


def calibrate(runs: int) -> pd.DataFrame:
    """Return one row a design and measure: truth, bias, coverage and error."""
    parts = [covered(design, runs) for design in designs()]
    return pd.concat(parts, ignore_index=True).assign(
        conf_level=0.95, n_runs=runs, n_draws=N_DRAWS, simulated=True
    )


def designs() -> list[Design]:
    """Return the designs; ties within teams are three times as likely in all of them."""
    return [
        Design("people alike"),
        Design("people differ, ties are answered", people=0.6, mutual=0.4),
        Design(
            "people differ, ties are answered, seven of ten answer",
            people=0.6,
            mutual=0.4,
            responses=0.7,
        ),
        Design("teams differ too", people=0.6, teams=0.4, mutual=0.4),
    ]


def covered(design: Design, runs: int) -> pd.DataFrame:
    """Return how often the intervals of networks of one design hold the truth."""
    truth = truths(design, 10 * runs)
    found = pd.concat(
        [
            intervals(design, run)
            for run in track(range(runs), description=design.words, transient=True)
        ]
    )
    known = truth[found["measure"]].to_numpy()
    found["held"] = (found["conf_low"] <= known) & (known <= found["conf_high"])
    groups = found.groupby("measure", sort=False)
    table = pd.DataFrame({"design": design.words, "truth": truth[list(MEASURES)]})
    table["bias"] = groups["estimate"].mean() - table["truth"]
    table["coverage"] = groups["held"].mean()
    table["mc_error"] = np.sqrt(table["coverage"] * (1 - table["coverage"]) / runs)
    table["sd_estimate"] = groups["estimate"].std()
    table["mean_std_error"] = groups["std_error"].mean()
    return table.rename_axis("measure").reset_index()


def intervals(design: Design, run: int) -> pd.DataFrame:
    """Return estimates and intervals of one network."""
    network = simulated(design, np.random.default_rng([41, run]), responses=design.responses)
    found = vertex_bootstrap(network, measures=MEASURES, by="team_id", n_draws=N_DRAWS, rng=run)
    return found.tidy()


def truths(design: Design, runs: int) -> pd.Series:
    """Return the mean of each measure over networks in which everybody answers."""
    found = [simulated(design, np.random.default_rng([42, run])) for run in range(runs)]
    return pd.DataFrame([measured(network) for network in found]).mean()


def measured(network: Network) -> dict[str, float]:
    """Return the measures of a network, without the functions' tables, which take most of the time.

    The test of this table holds them together.
    """
    tied = network.matrix() == 1
    same = np.equal.outer(TEAM, TEAM)
    ties, inside = tied.sum(), (tied & same).sum()
    values = (
        ties / (41 * 40),
        (tied & tied.T).sum() / ties,
        (ties - 2 * inside) / ties,
        inside / (same.sum() - 41),
    )
    return dict(zip(MEASURES, values, strict=True))


def simulated(design: Design, rng: np.random.Generator, *, responses: float = 1.0) -> Network:
    """Return one network of a design, those who do not answer without ties sent."""
    n = len(TEAM)
    own = np.exp(rng.normal(0, design.people, (2, n)) - design.people**2 / 2)
    own *= np.exp(rng.normal(0, design.teams, (2, 5)) - design.teams**2 / 2)[:, TEAM]
    chance = np.outer(*own) * np.where(np.equal.outer(TEAM, TEAM), OWN, 0.6)
    np.fill_diagonal(chance, 0)
    tied = rng.random((n, n)) < np.minimum(DENSITY * chance, 0.9)
    tied |= tied.T & (rng.random((n, n)) < design.mutual)
    answered = rng.random(n) < responses
    sender, receiver = np.nonzero(tied & answered[:, None])
    return Network("1", "advice", PEOPLE, sender, receiver, np.ones(len(sender)), answered)


if __name__ == "__main__":
    main()
