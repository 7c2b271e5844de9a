"""Exact randomization tests of 20 clusters, ten treated, beside scipy's permutation test.

`python benchmarks/randomization_exact.py` runs each task in a process of its own, because its peak
memory above that of the imports is told as well, and gives the least of five processor times. Both
go through all 184,756 assignments in the same run. scipy gets the cluster means and gives p;
`randomization_test` gets the rows and gives p and the interval.
"""

import json
import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd
from scipy import stats

from cvln_eval.inference.randomization import randomization_p_values, randomization_test

CLUSTERS, TREATED, ROWS, LIMIT, RUNS = 20, 10, 40, 1.0, 2000
REPEATS = 5


def rows() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"team_id": np.repeat(np.arange(CLUSTERS), ROWS)})
    table["treated"] = (table["team_id"] < TREATED).astype(int)
    level = 0.35 * rng.normal(size=CLUSTERS)[table["team_id"]]
    return table.assign(y=0.3 * table["treated"] + level + rng.normal(size=len(table)))


def ours(statistic: str) -> float:
    found = randomization_test(rows(), outcome="y", treatment="treated", statistic=statistic)
    assert found.enumerated
    return found.p_value


def scipys(statistic) -> float:
    means = rows().groupby("team_id")["y"].mean().to_numpy()
    groups = (means[:TREATED], means[TREATED:])
    given = {"vectorized": True, "n_resamples": np.inf, "alternative": "greater", "batch": 20_000}
    return stats.permutation_test(groups, statistic, **given).pvalue


def welch(x, y, axis):
    return np.abs(stats.ttest_ind(x, y, axis=axis, equal_var=False).statistic)


def difference(x, y, axis):
    return np.abs(np.mean(x, axis=axis) - np.mean(y, axis=axis))


def simulated(n_clusters: int, n_treated: int) -> float:
    """Return the mean p of 2,000 simulated outcomes."""
    rng = np.random.default_rng(2)
    clusters = np.arange(n_clusters)
    outcomes = rng.normal(size=(n_clusters, RUNS))
    exposure = (clusters < n_treated).astype(int)
    return float(randomization_p_values(outcomes, exposure=exposure, clusters=clusters).mean())


TASKS = {
    "t": lambda: ours("t"),
    "difference": lambda: ours("difference"),
    "scipy t": lambda: scipys(welch),
    "scipy difference": lambda: scipys(difference),
    "2 of 5": lambda: simulated(5, 2),
    "6 of 12": lambda: simulated(12, 6),
}


def alone(task: str) -> None:
    before, seconds = peak(), []
    for _ in range(REPEATS):
        start = time.process_time()
        p_value = TASKS[task]()
        seconds.append(time.process_time() - start)
    print(json.dumps({"seconds": min(seconds), "megabytes": peak() - before, "p": p_value}))


def peak() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (2**20 if sys.platform == "darwin" else 2**10)


def measured(task: str) -> dict[str, float]:
    command = [sys.executable, __file__, task]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def main() -> None:
    """Print a line a statistic, with scipy's beside it, and one for simulated outcomes."""
    for name in ("t", "difference"):
        own, peer = measured(name), measured(f"scipy {name}")
        np.testing.assert_allclose(own["p"], peer["p"])
        limit = f"limit {LIMIT:g} s{'' if own['seconds'] <= LIMIT else '  OVER'}"
        print(
            f"184,756 assignments, {name:<11}{own['seconds']:6.2f} s {own['megabytes']:5.0f} MB "
            f"({limit}); scipy {peer['seconds']:6.2f} s {peer['megabytes']:5.0f} MB; "
            f"{peer['seconds'] / own['seconds']:.1f} times as fast"
        )
    for name in ("2 of 5", "6 of 12"):
        found = measured(name)
        print(f"{RUNS:,} outcomes, {name} treated, t: {found['seconds']:.2f} s (limit 1 s)")


if __name__ == "__main__":
    alone(sys.argv[1]) if len(sys.argv) > 1 else main()
