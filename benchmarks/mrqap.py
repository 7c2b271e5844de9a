"""MRQAP and logistic QAP, 3 terms, 1,000 permutations, 120 people, beside sna in one run.

It needs R with sna: `python benchmarks/mrqap.py`. sna fits anew after each permutation, so that
its seconds are those of a few permutations, times the number.
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

from cvln_eval.networks.dyads import logistic_qap, mrqap
from cvln_eval.networks.panel import Network

HERE = Path(__file__).resolve().parent
PEOPLE, TERMS, N_DRAWS, TIMES, REPEATS = 120, 3, 1000, (60, 20), 7
LEAST = {"linear": 500, "logistic": 100}


def main() -> None:
    """Make a network, time both, compare their numbers, print the ratios."""
    if shutil.which("Rscript") is None:
        sys.exit("R is not installed: nothing to compare with")
    y, terms = simulated()
    network, given = network_of(y), {f"x{k + 1}": term for k, term in enumerate(terms)}
    in_r = seconds_in_r(y, terms)
    linear = mrqap(network, terms=given, n_draws=9).tidy()["statistic"]
    np.testing.assert_allclose(linear[1:], in_r["t"][1:], rtol=1e-8)
    logistic = logistic_qap(network, terms=given, n_draws=9).tidy()["estimate"]
    np.testing.assert_allclose(logistic, in_r["b"], rtol=1e-4)
    for name, function in (("linear", mrqap), ("logistic", logistic_qap)):
        ours = seconds_here(function, network, given)
        theirs = N_DRAWS * in_r[name]
        print(
            f"{name:<9}{ours:7.3f} s; sna {theirs:6.1f} s; {theirs / ours:5.0f} times as fast "
            f"(limit {LEAST[name]})"
        )


def simulated() -> tuple[np.ndarray, np.ndarray]:
    """Return ties of strengths 1 to 4 and terms, one of them a network too."""
    rng = np.random.default_rng(1)
    size = (PEOPLE, PEOPLE)
    terms = rng.normal(size=(TERMS, *size)).round(3)
    terms[0] = rng.random(size) < 0.1
    y = (rng.random(size) < 0.08 + 0.1 * terms[0]) * rng.integers(1, 5, size)
    for matrix in (y, *terms):
        np.fill_diagonal(matrix, 0)
    return y, terms


def network_of(y: np.ndarray) -> Network:
    people = pd.DataFrame({"person_id": [f"p{place:03}" for place in range(PEOPLE)]})
    sender, receiver = np.nonzero(y)
    strength = y[sender, receiver].astype(float)
    return Network("1", "advice", people, sender, receiver, strength, np.ones(PEOPLE, dtype=bool))


def seconds_here(function, network: Network, terms: dict[str, np.ndarray]) -> float:
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        function(network, terms=terms, n_draws=N_DRAWS)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def seconds_in_r(y: np.ndarray, terms: np.ndarray) -> dict:
    with tempfile.TemporaryDirectory(prefix="cvln-eval-bench-") as place:
        for name, matrix in (("y", y), *((f"x{k + 1}", term) for k, term in enumerate(terms))):
            np.savetxt(Path(place, f"{name}.csv"), matrix, delimiter=",", fmt="%.10g")
        command = ["Rscript", str(HERE / "mrqap.R"), place, *map(str, TIMES)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
