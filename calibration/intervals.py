"""Tells how right intervals of standardised change and of a share of teams are, with five teams.

Simulates two waves of 41 people of which the truth is known, computes the intervals of d_z and d_av
with people independent and with teams as clusters, and the profile interval of the intraclass
correlation of the later wave. All data are simulated. `python calibration/intervals.py` writes
`intervals.csv` beside this file; the same seeds give the same table.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from rich.progress import track

from cvln_eval.inference.change import paired_change
from cvln_eval.inference.mixed import mixed_model

TABLE = Path(__file__).with_name("intervals.csv")
SIZES = (7, 7, 8, 8, 11)
CHANGE, STABILITY = 0.3, 0.6
LIKENESS = (0.0, 0.1, 0.3)
STANDARDISED = ("d_z", "d_av")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--out", type=Path, default=TABLE)
    chosen = parser.parse_args()
    calibrate(chosen.runs).to_csv(chosen.out, index=False, float_format="%.4f")


def calibrate(runs: int) -> pd.DataFrame:
    """Return one row a quantity, interval and design: truth, mean estimate, coverage."""
    parts = [recover(icc, runs) for icc in LIKENESS]
    return pd.concat(parts, ignore_index=True).assign(simulated=True)


def recover(icc: float, runs: int) -> pd.DataFrame:
    """Return how each interval does over all runs of a design."""
    design = f"41 people, 5 teams, ICC {icc:g}"
    found = []
    for run in track(range(runs), description=design, disable=None):
        table = two_waves(np.random.default_rng([2008, run]), icc)
        found += [*changes(table), *likeness(table)]
    return summary(pd.concat(found), truths(icc)).assign(design=design, n_runs=runs)


def truths(icc: float) -> dict[str, float]:
    """Return what is true: both waves have variance 1, and the change 2 (1 - STABILITY)."""
    return {"d_z": CHANGE / (2 * (1 - STABILITY)) ** 0.5, "d_av": CHANGE, "ICC of teams": icc}


def two_waves(rng: np.random.Generator, icc: float) -> pd.DataFrame:
    """Return scores with variance 1 and the ICC in each wave, as stable in teams as in people."""
    root = np.linalg.cholesky([[1, STABILITY], [STABILITY, 1]])
    team = np.repeat(np.arange(len(SIZES)), SIZES)
    of_team = rng.standard_normal((len(SIZES), 2)) @ root.T * icc**0.5
    of_person = rng.standard_normal((len(team), 2)) @ root.T * (1 - icc) ** 0.5
    both = of_team[team] + of_person + [0, CHANGE]
    known = {"person_id": np.tile(np.arange(len(team)), 2), "team_id": np.tile(team, 2)}
    waves = np.repeat(["before", "after"], len(team))
    return pd.DataFrame({**known, "wave": waves, "score": both.T.ravel()})


def changes(table: pd.DataFrame):
    """Yield the standardised changes; an interval is of the uncorrected d."""
    rows = paired_change(table, waves=("before", "after")).tidy()
    rows = rows[rows["quantity"].isin(STANDARDISED)]
    yield rows.assign(interval=rows["method"].str.partition(";")[0])


def likeness(table: pd.DataFrame):
    """Yield the share of teams in the variance of the later wave."""
    after = table[table["wave"] == "after"]
    model = mixed_model(after, formula="score ~ 1", random={"team_id": "1"})
    rows = model.variances().tidy()
    rows = rows[rows["quantity"] == "icc"]
    yield rows.assign(quantity="ICC of teams", interval=rows["method"])


def summary(rows: pd.DataFrame, truth: dict[str, float]) -> pd.DataFrame:
    rows = rows.assign(
        truth=rows["quantity"].map(truth), width=rows["conf_high"] - rows["conf_low"]
    )
    rows["with_interval"] = rows["width"].notna()
    inside = rows["truth"].between(rows["conf_low"], rows["conf_high"]).astype(float)
    rows["held"] = inside.where(rows["with_interval"])
    found = rows.groupby(["quantity", "interval", "truth"], sort=False).agg(
        mean_estimate=("estimate", "mean"),
        coverage=("held", "mean"),
        width_median=("width", "median"),
        share_with_interval=("with_interval", "mean"),
    )
    found = found.reset_index()
    found.insert(4, "bias", found["mean_estimate"] - found["truth"])
    return found


if __name__ == "__main__":
    main()
