"""Polychoric correlations of 25 items with 6 categories and 2,800 people, beside psych's.

`python benchmarks/measurement_polychoric.py` simulates the answers, times this package, and, where
Rscript with psych is there, psych on the same file in the same run.
"""

import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from cvln_eval.measurement.structure import polychoric_correlations

HERE = Path(__file__).resolve().parent
N_PERSONS, N_ITEMS, RUNS = 2800, 25, 5
CUTS = [-1.2, -0.6, 0.0, 0.5, 1.1]


def answers(rng: int = 0) -> pd.DataFrame:
    draws = np.random.default_rng(rng)
    traits = np.repeat(draws.normal(size=(N_PERSONS, 5)), N_ITEMS // 5, axis=1)
    values = np.digitize(traits + draws.normal(size=traits.shape), np.array(CUTS) * 2**0.5)
    return pd.DataFrame(values, columns=[f"q{place}" for place in range(1, N_ITEMS + 1)])


def own(table: pd.DataFrame) -> tuple[float, np.ndarray]:
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        found = polychoric_correlations(table, items=list(table))
        seconds.append(time.perf_counter() - start)
    return min(seconds), found.matrix.to_numpy()


def psych(table: pd.DataFrame, folder: Path) -> tuple[float, np.ndarray]:
    table.to_csv(folder / "answers.csv", index=False)
    script = [shutil.which("Rscript"), str(HERE / "measurement_polychoric.R"), str(folder)]
    ran = subprocess.run(script, stdout=subprocess.PIPE, text=True, check=True)
    matrix = pd.read_csv(folder / "psych.csv").to_numpy()
    return json.loads(ran.stdout.splitlines()[-1])["seconds"], matrix


def main() -> None:
    table = answers()
    seconds, matrix = own(table)
    print(f"{'polychoric, 25 items, 2,800 people':<44}{seconds:>10.3f} s")
    if shutil.which("Rscript") is None:
        print("psych is not measured: no Rscript")
        return
    with tempfile.TemporaryDirectory(prefix="cvln-eval-bench-") as place:
        theirs, expected = psych(table, Path(place))
    print(f"{'psych::polychoric, the same':<44}{theirs:>10.3f} s")
    ratio = seconds / theirs
    print(f"{'cvln_eval / psych':<44}{ratio:>10.3f} x  limit 1 x{'' if ratio <= 1 else '  OVER'}")
    print(f"{'largest difference':<44}{np.abs(matrix - expected).max():>10.1e}")


if __name__ == "__main__":
    main()
