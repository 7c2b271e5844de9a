"""CR2 with Satterthwaite df, 100,000 rows in 500 clusters and 10 coefficients, beside clubSandwich.

`python benchmarks/robust_cr2.py` makes the rows, times this package in a process of its own, so
that the peak of memory is its own, and, where Rscript with clubSandwich is there, clubSandwich on
the same rows in the same run. `--rows 5000 --clusters 50` is quicker.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
TERMS, RUNS, LEAST_RATIO, MOST_MEGABYTES = 9, 3, 50, 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--clusters", type=int, default=500)
    parser.add_argument("--only", type=Path, help="time this package on the rows of a folder")
    chosen = parser.parse_args()
    if chosen.only:
        print(json.dumps(measured(chosen.only)))
        return
    with tempfile.TemporaryDirectory(prefix="cvln-eval-bench-") as place:
        simulated(chosen.rows, chosen.clusters).to_csv(Path(place, "rows.csv"), index=False)
        compare(Path(place), f"CR2, {chosen.rows:,} rows, {chosen.clusters} clusters")


def compare(folder: Path, what: str) -> None:
    ours = last_line([sys.executable, __file__, "--only", str(folder)])
    show(what, ours["seconds"], "s", "")
    over = "  OVER" if ours["megabytes"] > MOST_MEGABYTES else ""
    show(f"{what}, peak memory", ours["megabytes"], "MB", f"limit {MOST_MEGABYTES} MB{over}")
    if shutil.which("Rscript") is None:
        print("clubSandwich is not measured: no Rscript")
        return
    theirs = last_line(["Rscript", str(HERE / "robust_cr2.R"), str(folder)])
    show("clubSandwich, the same", theirs["seconds"], "s", "")
    show("clubSandwich, peak memory", theirs["megabytes"], "MB", "")
    ratio = theirs["seconds"] / ours["seconds"]
    below = "  BELOW" if ratio < LEAST_RATIO else ""
    show("clubSandwich / cvln_eval", ratio, "x", f"limit {LEAST_RATIO} x{below}")
    pair = [pd.read_csv(folder / f"{name}.csv") for name in ("cvln_eval", "clubsandwich")]
    print(f"{'largest difference, relative':<52}{(pair[0] / pair[1] - 1).abs().max().max():>10.1e}")


def simulated(n_rows: int, n_clusters: int) -> pd.DataFrame:
    """Return rows of unequal clusters; one regressor in three is constant within clusters."""
    rng = np.random.default_rng(0)
    codes = np.sort(rng.choice(n_clusters, n_rows, p=rng.dirichlet(np.full(n_clusters, 8.0))))
    x = rng.normal(size=(n_rows, TERMS))
    x[:, ::3] = rng.normal(size=(n_clusters, TERMS))[codes, ::3]
    y = x.mean(axis=1) + rng.normal(size=n_clusters)[codes] + rng.normal(size=n_rows)
    table = pd.DataFrame(x, columns=[f"x{place}" for place in range(TERMS)])
    return table.assign(y=y, team_id=codes)


def measured(folder: Path) -> dict[str, float]:
    """Return the least seconds of some runs, from the table to the tidy rows, and peak memory."""
    from cvln_eval.inference.robust import cluster_robust

    table = pd.read_csv(folder / "rows.csv")
    formula = "y ~ " + " + ".join(name for name in table if name.startswith("x"))
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        found = cluster_robust(table, formula=formula).tidy()
        seconds.append(time.perf_counter() - start)
    found[["std_error", "df"]].to_csv(folder / "cvln_eval.csv", index=False)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "seconds": min(seconds),
        "megabytes": peak / (2**20 if sys.platform == "darwin" else 2**10),
    }


def last_line(command: list[str]) -> dict[str, float]:
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(ran.stdout.splitlines()[-1])


def show(what: str, value: float, unit: str, beside: str) -> None:
    print(f"{what:<52}{value:>10.2f} {unit:<3}{beside}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
