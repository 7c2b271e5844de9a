"""Tells how often regressions of ties reject where the tested term has nothing to do with them.

Simulates networks of 41 leaders in five unequal teams whose senders and receivers differ, so that
pairs that share a person go together, and puts permutation tests, the t and z that take pairs for
independent, and intervals robust to shared people to them. All data are simulated. `python
calibration/networks_mrqap.py` writes `networks_mrqap.csv` beside this file; the same seeds give the
same table.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from rich.progress import track

from cvln_eval.networks.dyads.cells import Cells, cells_of
from cvln_eval.networks.dyads.estimates import estimates
from cvln_eval.networks.dyads.exchange import Exchange, exchange_of
from cvln_eval.networks.dyads.kinds import Given, Setting
from cvln_eval.networks.dyads.parts import Model, model_of, outcome_part, score_part, term_part
from cvln_eval.networks.dyads.projecting import Moving
from cvln_eval.networks.dyads.testing import P_COLUMNS, p_values, permuted
from cvln_eval.networks.panel import Network

TABLE = Path(__file__).with_name("networks_mrqap.csv")
TEAMS = (3, 5, 8, 11, 14)
N, N_DRAWS, LEVEL = sum(TEAMS), 99, 0.05
TEAM = np.repeat(np.arange(len(TEAMS)), TEAMS)
SAME = (TEAM[:, None] == TEAM).astype(float)
PERSONS = pd.DataFrame({"person_id": [f"p{place:02}" for place in range(N)]})


@dataclass(frozen=True)
class Design:
    """How outcome, tested term and control come about.

    `shared` is the share of variance that lies between senders, and again between receivers, of
    outcome and term; `with_control` the correlation of the term with the control, which has an
    effect.
    """

    words: str
    shared: float = 0.0
    with_control: float = 0.0
    skewed: bool = False
    ties: bool = False
    silent: int = 0
    n_waves: int = 1
    team: bool = False


DESIGNS = (
    Design("pairs independent"),
    Design("senders and receivers differ", 0.3),
    Design("the same, term correlated .7 with a control", 0.3, 0.7),
    Design("the same, skewed", 0.3, 0.7, skewed=True),
    Design("the same, 8 of 41 did not answer", 0.3, 0.7, silent=8),
    Design("senders and receivers differ, two waves pooled", 0.3, 0.7, n_waves=2),
    Design("same team, unequal teams, senders and receivers differ", 0.3, 0.0, team=True),
    Design("ties or none, senders and receivers differ", 0.3, 0.7, ties=True),
    Design("same team, ties or none", 0.3, 0.0, ties=True, team=True),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--out", type=Path, default=TABLE)
    chosen = parser.parse_args()
    calibrate(chosen.runs).to_csv(chosen.out, index=False, float_format="%.4f")


def calibrate(runs: int) -> pd.DataFrame:
    """Return one row a design and method."""
    return pd.concat([size_of(design, runs) for design in DESIGNS], ignore_index=True)


def size_of(design: Design, runs: int) -> pd.DataFrame:
    """Return how often each method rejects at the level .05."""
    each = track(range(runs), description=design.words, disable=None)
    rejected = pd.DataFrame([rejections(design, run) for run in each])
    size = rejected.mean()
    known = {"design": design.words, "n": N, "n_networks": design.n_waves, "runs": runs}
    error = np.sqrt(size * (1 - size) / runs)
    table = pd.DataFrame({"method": size.index, "size": size, "size_mc_error": error})
    return table.assign(**known).reset_index(drop=True)


def rejections(design: Design, run: int) -> dict[str, bool]:
    """Return what each method says of the tested term in one simulated study.

    These are the functions behind `mrqap` and `logistic_qap`, without the tables that they return.
    """
    rng = np.random.default_rng([41, run])
    cells = simulated(design, rng)
    exchange = exchange_of(cells)
    model = model_of(cells, is_logistic=design.ties, keeps_known=exchange.keeps_known)
    column = model.n_layers
    part = score_part(model, column) if design.ties else term_part(model, column)
    p, statistic = tested(cells, exchange, part, run)
    found = {
        ("logistic QAP" if design.ties else "MRQAP") + ", double semi-partialling": p <= LEVEL,
        ("z" if design.ties else "t") + ", pairs taken for independent": abs(statistic) > 1.96,
        "interval robust to shared people": outside(model, column),
    }
    if not design.ties:
        moved, _ = tested(cells, exchange, outcome_part(model, [column]), run)
        found["MRQAP, y-permutation"] = moved <= LEVEL
    return found


def tested(cells: Cells, exchange: Exchange, part: Moving | None, run: int) -> tuple[float, float]:
    """Return p and statistic of one term."""
    if part is None:
        return np.nan, np.nan
    found = permuted(cells, exchange, (part,), n_draws=N_DRAWS, rng=run)
    row = p_values(found, 0.95)[0]
    return row[P_COLUMNS.index("p_value")], row[P_COLUMNS.index("statistic")]


def outside(model: Model, column: int) -> bool:
    """Return whether the interval robust to shared people lies on one side of 0."""
    table = estimates(model, is_linear=True, conf_level=1 - LEVEL).loc[column]
    return bool(table["conf_low"] > 0 or table["conf_high"] < 0)


def simulated(design: Design, rng: np.random.Generator) -> Cells:
    """Return the cells of networks without an effect of the first term."""
    control = pairs(design, rng)
    mixed = design.with_control
    term = SAME if design.team else mixed * control + np.sqrt(1 - mixed**2) * pairs(design, rng)
    people = effects(rng)
    waves = [network(design, control, people, wave, rng) for wave in range(design.n_waves)]
    settings = [Setting(one, one, one.wave) for one in waves]
    terms = {"term": Given("term", term), "control": Given("control", control)}
    return cells_of(settings, terms, valued=True, blocks=None)


def effects(rng: np.random.Generator) -> np.ndarray:
    return rng.normal(size=(N, 1)) + rng.normal(size=N)


def pairs(design: Design, rng: np.random.Generator) -> np.ndarray:
    """Return a value a pair, of variance 1 unless skewed."""
    value = np.sqrt(design.shared) * effects(rng)
    value = value + np.sqrt(1 - 2 * design.shared) * rng.normal(size=(N, N))
    return np.exp(value) if design.skewed else value


def network(
    design: Design, control: np.ndarray, people: np.ndarray, wave: int, rng: np.random.Generator
) -> Network:
    own = np.sqrt(design.shared) * people
    y = 0.3 * control + own + np.sqrt(1 - 2 * design.shared) * rng.normal(size=(N, N))
    if design.ties:
        y = (y > 1).astype(float)
    elif design.skewed:
        y = np.exp(y)
    np.fill_diagonal(y, 0)
    answered = rng.permutation(N) >= design.silent
    y[~answered] = 0
    sender, receiver = np.nonzero(y)
    strength = y[sender, receiver]
    return Network(f"{wave}", "advice", PERSONS, sender, receiver, strength, answered)


if __name__ == "__main__":
    main()
