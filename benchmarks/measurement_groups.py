"""Agreement of 5,000 teams beside multilevel, in one run.

It needs R with multilevel: `python benchmarks/measurement_groups.py`. As `within_group_agreement`
gives rwg(j) and both deviations at once, it stands beside `rwg.j` and `ad.m` twice; the grouping,
variances and index alone stand beside `rwg.j`. multilevel takes its ICCs from `aov`, whose model
matrix has a column a team: 5,000 teams would need hours, so that both sides get 1,000.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from cvln_eval.measurement.teams import icc_aggregation, within_group_agreement
from cvln_eval.measurement.teams.grouped import team_answers, team_variances
from cvln_eval.measurement.teams.indexes import rwg_j_truncated

HERE = Path(__file__).resolve().parent
ITEMS = [f"t{i}" for i in range(1, 6)]
REPEATS = 7


def main() -> None:
    """Make the data, time both, print the ratios."""
    if shutil.which("Rscript") is None:
        sys.exit("R is not installed: nothing to compare with")
    many = simulated(5000)
    few = many[many["team_id"] < "g1000"]
    with tempfile.TemporaryDirectory(prefix="cvln-eval-bench-") as place:
        many.to_csv(Path(place, "many.csv"), index=False)
        few.to_csv(Path(place, "few.csv"), index=False)
        script = ["Rscript", str(HERE / "measurement_groups.R"), place]
        ran = subprocess.run(script, capture_output=True, text=True, check=True)
        in_r = json.loads(ran.stdout)
        expected = pd.read_csv(Path(place, "rwg_j.csv"))
    found = agreement(many).teams
    ours = icc_aggregation(few, items=ITEMS).glance()["icc_2"].item()
    np.testing.assert_allclose(found["rwg_j_truncated"], expected["rwg.j"], atol=1e-9)
    np.testing.assert_allclose(ours, in_r["icc_2"], rtol=1e-6)
    within = median_seconds(lambda: agreement(many))
    mixed = median_seconds(lambda: icc_aggregation(few, items=ITEMS))
    index = median_seconds(lambda: only_rwg_j(many))
    show("rwg(j) of 5,000 teams / rwg.j", index, in_r["rwg_j"])
    show("rwg(j) and AD of 5,000 teams / rwg.j, ad.m twice", within, both(in_r))
    show("ICCs of the score and 5 items, 1,000 teams / score, aov", mixed, in_r["icc"])
    alone = median_seconds(lambda: icc_aggregation(many, items=ITEMS))
    print(f"{'ICCs of the score and 5 items, 5,000 teams':55}{1000 * alone:9.1f} ms")


def simulated(teams: int) -> pd.DataFrame:
    """Return answers of teams of 5 to 15 people to five items."""
    rng = np.random.default_rng(0)
    sizes = rng.integers(5, 16, teams)
    level = np.repeat(rng.normal(3.5, 0.4, teams), sizes)[:, None]
    answers = np.clip(np.round(level + rng.normal(0, 0.9, (sizes.sum(), 5))), 1, 5)
    names = np.repeat([f"g{i:04}" for i in range(teams)], sizes)
    return pd.DataFrame(answers, columns=ITEMS).assign(team_id=names)


def agreement(answers: pd.DataFrame):
    return within_group_agreement(
        answers, items=ITEMS, response_range=(1, 5), null="uniform", n_draws=0
    )


def only_rwg_j(answers: pd.DataFrame) -> np.ndarray:
    grouped = team_answers(answers, ITEMS, "team_id")
    variance = team_variances(grouped.values, grouped.sizes).mean(axis=1)
    return rwg_j_truncated(variance / 2, len(ITEMS))


def both(in_r: dict[str, float]) -> float:
    return in_r["rwg_j"] + in_r["deviations"]


def median_seconds(task) -> float:
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        task()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def show(what: str, ours: float, in_r: float) -> None:
    print(f"{what:55}{1000 * ours:9.1f} ms{in_r:9.2f} s{in_r / ours:9.0f} x")


if __name__ == "__main__":
    main()
