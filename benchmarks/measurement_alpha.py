"""10,000 bootstrap alphas of 2,800 people and five items, beside a loop of psych::alpha in R."""

import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from cvln_eval.measurement.scales import cronbach_alpha

HERE = Path(__file__).resolve().parent
N_BOOT, PEOPLE, TIMES, LEAST_RATIO = 10_000, 2_800, 20, 100
ITEMS = ["a1", "a2", "a3", "a4", "a5"]


def main() -> None:
    """Print one line: seconds here, seconds in R, their ratio and its limit."""
    answers = likert()
    ours = statistics.median(seconds_here(answers) for _ in range(5))
    line = f"{N_BOOT:,} bootstrap alphas ({PEOPLE:,} x {len(ITEMS)}): {ours:.2f} s"
    if shutil.which("Rscript") is None:
        print(f"{line}; no Rscript here, so nothing to compare with")
        return
    theirs = N_BOOT * seconds_in_r(answers)
    print(
        f"{line}; psych::alpha {theirs:.0f} s, extrapolated from {TIMES}; "
        f"{theirs / ours:.0f} times as fast (limit {LEAST_RATIO})"
    )


def likert() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    values = 0.7 * rng.normal(size=(PEOPLE, 1)) + 0.7 * rng.normal(size=(PEOPLE, len(ITEMS)))
    return pd.DataFrame(np.digitize(values, [-1.8, -1, -0.3, 0.3, 1]) + 1, columns=ITEMS)


def seconds_here(answers: pd.DataFrame) -> float:
    start = time.perf_counter()
    cronbach_alpha(answers, items=ITEMS, interval="bootstrap", n_boot=N_BOOT)
    return time.perf_counter() - start


def seconds_in_r(answers: pd.DataFrame) -> float:
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "answers.csv"
        answers.to_csv(file, index=False)
        command = ["Rscript", str(HERE / "measurement_alpha.R"), str(file), str(TIMES)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout)


if __name__ == "__main__":
    main()
