"""A mixed model of 50,000 rows and three levels beside lme4, lmerTest and statsmodels' MixedLM.

It needs R with lmerTest: `python benchmarks/mixed_three_levels.py`. Ours gives Satterthwaite's
degrees of freedom at each fit, so that it stands beside `lmer` alone and beside `lmerTest` with its
summary. MixedLM builds dense matrices a team, cannot correlate intercept and slope of a person
there, and gives no degrees of freedom; both get as many teams as it can do within a minute. All
are CPU seconds of one thread, so that what else the machine does hardly counts.
"""

import json
import shutil
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from statsmodels.formula.api import mixedlm
from threadpoolctl import threadpool_limits

from cvln_eval.inference.mixed import mixed_model

HERE = Path(__file__).resolve().parent
WITHIN = 60.0
REPEATS = 3
MODEL = {"formula": "trust ~ time + hours", "random": {"team_id": "1", "person_id": "1 + time"}}


def main() -> None:
    """Make the data, time all, print the ratios."""
    panel = simulated(500)
    ours, found = timed(lambda: mixed_model(panel, **MODEL))
    if shutil.which("Rscript") is None:
        print("R is not installed: nothing to compare with")
    else:
        beside_r(panel, ours, found)
    slow, seconds, least = mixed_lm()
    quick, same = timed(lambda: mixed_model(slow, **MODEL))
    assert same.glance()["log_likelihood"].item() > least - 0.01
    show(f"{len(slow):,} rows / MixedLM", quick, seconds)


def beside_r(panel: pd.DataFrame, ours: float, found) -> None:
    with tempfile.TemporaryDirectory(prefix="cvln-eval-bench-") as place:
        panel.to_csv(Path(place, "panel.csv"), index=False)
        script = ["Rscript", str(HERE / "mixed_three_levels.R"), place]
        ran = subprocess.run(script, capture_output=True, text=True, check=True)
    in_r = json.loads(ran.stdout)
    row = found.tidy().set_index("term").loc["time"]
    deviance = -2 * found.glance()["log_likelihood"].item()
    assert deviance < in_r["deviance"] + 1e-5
    np.testing.assert_allclose(row["estimate"], in_r["estimate"], rtol=1e-6)
    np.testing.assert_allclose(row["df"], in_r["df"], rtol=1e-3)
    show("50,000 rows, with degrees of freedom / lmer without", ours, in_r["lme4"])
    show("50,000 rows, with degrees of freedom / lmerTest", ours, in_r["tested"])


def simulated(teams: int) -> pd.DataFrame:
    """Return five waves of twenty people a team."""
    rng = np.random.default_rng(0)
    people = 20 * teams
    person, time_ = np.repeat(np.arange(people), 5), np.tile(np.arange(5.0), people)
    hours = rng.gamma(2, 2, 5 * people)
    slope = 0.2 + rng.normal(0, 0.2, people)[person]
    trust = 3 + slope * time_ + 0.05 * hours + rng.normal(0, 0.6, people)[person]
    trust += rng.normal(0, 0.4, teams)[person // 20] + rng.normal(0, 0.7, 5 * people)
    names = {"team_id": person // 20, "person_id": person}
    return pd.DataFrame({**names, "time": time_, "hours": hours, "trust": trust})


def mixed_lm() -> tuple[pd.DataFrame, float, float]:
    """Return the largest panel that MixedLM fits within a minute, its seconds and likelihood."""
    done = (simulated(4), 0.0, 0.0)
    for teams in (4, 8, 16, 32, 64, 128, 256, 500):
        panel = simulated(teams)
        start = time.process_time()
        fit = people_in_teams(panel)
        seconds = time.process_time() - start
        if seconds > WITHIN:
            break
        done = (panel, seconds, float(fit.llf))
        if 3 * seconds > WITHIN:
            break
    return done


def people_in_teams(panel: pd.DataFrame):
    """Fit the model with statsmodels: people are variance components of their team."""
    components = {"person": "0 + C(person_id)", "slope": "0 + C(person_id):time"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return mixedlm(
            "trust ~ time + hours", panel, groups="team_id", re_formula="1", vc_formula=components
        ).fit()


def timed(task):
    seconds = []
    for _ in range(REPEATS):
        start = time.process_time()
        found = task()
        seconds.append(time.process_time() - start)
    return min(seconds), found


def show(what: str, ours: float, theirs: float) -> None:
    print(f"{what:55}{ours:8.2f} s{theirs:9.2f} s{theirs / ours:9.1f} x", flush=True)


if __name__ == "__main__":
    with threadpool_limits(limits=1):
        main()
