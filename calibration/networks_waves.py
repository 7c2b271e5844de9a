"""Tells how often tests of change between waves reject where groups or likeness have no part in it.

Simulates panels of 41 leaders in five unequal teams, whose ties may be denser within teams and who
may differ in how many they name, and puts the growth of densities, the order of new ties, and the
selection of people who are alike to them. All data are simulated. `python
calibration/networks_waves.py` writes `networks_waves.csv` beside this file; the same seeds give the
same table.
"""

import argparse
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from rich.progress import track
from scipy.special import expit, logit

from cvln_eval.networks import (
    Network,
    NetworkPanel,
    density_growth,
    panel_of,
    same,
    selection,
    tie,
    within_before_between,
)

TABLE = Path(__file__).with_name("networks_waves.csv")
TEAMS = (3, 5, 8, 11, 14)
N, N_DRAWS, LEVEL = sum(TEAMS), 199, 0.05
TEAM = np.repeat(np.arange(len(TEAMS)), TEAMS)
TOGETHER = TEAM[:, None] == TEAM
PEOPLE = pd.DataFrame(
    {"person_id": [f"p{place:02}" for place in range(N)], "team_id": [f"t{team}" for team in TEAM]}
)


@dataclass(frozen=True)
class Design:
    """Densities within and between teams, and how people differ (standard deviation of a logit)."""

    words: str
    within: float = 0.15
    between: float = 0.15
    spread: float = 0.0
    silent: float = 0.0
    liked: float = 0.0


TWICE = (
    Design("ties alike within and between teams"),
    Design("density .40 within teams, .05 between", 0.4, 0.05),
    Design("density .60 within teams, .015 between", 0.6, 0.015),
    Design("density .40 within teams, .05 between, people differ", 0.4, 0.05, 0.7),
)
CHOICES = (
    Design("people alike", 0.25, 0.1),
    Design("people differ", 0.25, 0.1, 0.7),
    Design("people differ, 15% do not answer", 0.25, 0.1, 0.7, 0.15),
    Design("people differ, likeness made the first wave's ties", 0.25, 0.1, 0.7, 0.0, 1.2),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--out", type=Path, default=TABLE)
    chosen = parser.parse_args()
    calibrate(chosen.runs).to_csv(chosen.out, index=False, float_format="%.4f")


def calibrate(runs: int) -> pd.DataFrame:
    """Return one row a design and method."""
    studies = [(growth, TWICE), (order, TWICE), (chosen_pairs, CHOICES)]
    tables = [size_of(study, design, runs) for study, designs in studies for design in designs]
    return pd.concat(tables, ignore_index=True)


def size_of(study, design: Design, runs: int) -> pd.DataFrame:
    """Return how often each method rejects at the level .05."""
    each = track(range(runs), description=design.words, disable=None)
    rejected = pd.DataFrame([study(design, run) for run in each]).astype(float)
    size = rejected.mean()
    error = np.sqrt(size * (1 - size) / runs)
    table = pd.DataFrame({"method": size.index, "size": size, "size_mc_error": error})
    return table.assign(design=design.words, n=N, runs=runs).reset_index(drop=True)


def growth(design: Design, run: int) -> dict[str, bool]:
    """Return whether growth within and between teams is told apart, where there is none."""
    rng = np.random.default_rng([1, run])
    chance = expit(logit(np.where(TOGETHER, design.within, design.between)) + people(design, rng))
    first = rng.random((N, N)) < chance
    again = np.where(rng.random((N, N)) < 0.6, first, rng.random((N, N)) < chance)
    panel = panel_of([network(first, "1"), network(again, "2")])
    p = density_growth(panel, n_draws=N_DRAWS, rng=run).tidy()["p_value"].iloc[-1]
    return {"growth within minus between": p <= LEVEL}


def order(design: Design, run: int) -> dict[str, bool]:
    """Return whether times within and between teams are told apart, where ties form alike."""
    rng = np.random.default_rng([2, run])
    chance = expit(logit(np.where(TOGETHER, design.within, design.between)) + people(design, rng))
    # Some people are late with all their ties, if they differ.
    late = expit(rng.normal(0, design.spread, (N, 1)))
    when = np.where(rng.random((N, N)) < chance, 1 + rng.binomial(2, late, (N, N)), 9)
    panel = panel_of([network(when <= wave, str(wave)) for wave in range(4)])
    p = within_before_between(panel, n_draws=N_DRAWS, rng=run).tidy()["p_value"].iloc[-1]
    return {"order of new ties": p <= LEVEL}


def chosen_pairs(design: Design, run: int) -> dict[str, bool]:
    """Return whether likeness of no account is found, and whether its interval misses 0."""
    rng = np.random.default_rng([3, run])
    kind = rng.integers(0, 3, N)
    active = people(design, rng) + people(design, rng).T
    base = logit(np.where(TOGETHER, design.within, design.between)) + active
    first = rng.random((N, N)) < expit(base + design.liked * (kind[:, None] == kind))
    np.fill_diagonal(first, False)
    forms, lasts = base - 0.5 + 0.8 * first.T, 0.2 + 0.5 * active + 0.8 * first.T
    second = rng.random((N, N)) < expit(np.where(first, lasts, forms))
    known = PEOPLE.assign(kind=[f"k{one}" for one in kind])
    made = partial(network, people=known, silent=design.silent, rng=rng)
    panel = panel_of([made(first, "1"), made(second, "2")])
    return told(panel, run)


def told(panel: NetworkPanel, run: int) -> dict[str, bool]:
    terms = [same("kind"), same("team_id"), tie("advice", reverse=True)]
    table = selection(panel, relation="advice", terms=terms, n_draws=N_DRAWS, rng=run).tidy()
    rows = table[table["term"] == "same kind (1)"].set_index("process")
    missed = (rows["conf_low"] > 0) | (rows["conf_high"] < 0)
    return {
        f"logistic QAP, {process}": row <= LEVEL for process, row in rows["p_value"].items()
    } | {f"interval robust to shared people, {process}": row for process, row in missed.items()}


def people(design: Design, rng: np.random.Generator) -> np.ndarray:
    return rng.normal(0, design.spread, (N, 1))


def network(
    tied: np.ndarray,
    wave: str,
    people: pd.DataFrame = PEOPLE,
    silent: float = 0.0,
    rng: np.random.Generator | None = None,
) -> Network:
    answered = np.ones(N, dtype=bool) if rng is None else rng.random(N) >= silent
    sender, receiver = np.nonzero(tied & ~np.eye(N, dtype=bool) & answered[:, None])
    return Network(wave, "advice", people, sender, receiver, np.ones(len(sender)), answered)


if __name__ == "__main__":
    main()
