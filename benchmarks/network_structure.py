"""All measures of a network of 1,000 people and 20,000 ties beside sna and igraph, and a large one.

`python benchmarks/network_structure.py` makes two networks, with hubs as real ones have, times this
package in a process of its own each, so that the peaks of memory are their own, and, where Rscript
with sna and igraph is there, these on the same ties in the same run. `--small 200 --large 2000` is
quicker. Measures of people and groups (positions, mixing, cores, without the draws of their tests)
are timed after those that R has too, and added to them: `all`.
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
MEAN_DEGREE, RUNS = 20, 3
MOST_SECONDS = {"small": 2, "large": 10}
MOST_OF_ALL = {"small": 5, "large": 30}
GROUP = 40
LOCAL = ("density", "reciprocity", "transitivity", "dyad_census", "components")
# Without their draws: one, the least that they take.
OF_GROUPS = {"mixing_matrix": {}, "bridges": {}, "brokerage": {}, "ei_index": {"n_draws": 1}}
OF_PEOPLE = {
    **OF_GROUPS,
    "within_between": {"n_draws": 1},
    "assortativity": {"n_draws": 1},
    "centrality": {},
    "centralization": {},
    "constraint": {},
    "k_components": {},
    "core_periphery": {"n_draws": 0},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1_000, help="people; all measures")
    parser.add_argument("--large", type=int, default=20_000, help="people; the local measures")
    parser.add_argument("--only", type=Path, help="time this package on the ties of a folder")
    parser.add_argument("--which", choices=tuple(MOST_SECONDS), default="small")
    chosen = parser.parse_args()
    if chosen.only:
        print(json.dumps(measured(chosen.only, chosen.which)))
        return
    for which in MOST_SECONDS:
        n = getattr(chosen, which)
        with tempfile.TemporaryDirectory(prefix="cvln-eval-bench-") as place:
            simulated(n).to_csv(Path(place, "ties.csv"), index=False)
            compare(Path(place), which, f"{n:,} people, {n * MEAN_DEGREE:,} ties")


def compare(folder: Path, which: str, what: str) -> None:
    ours = last_line([sys.executable, __file__, "--which", which, "--only", str(folder)])
    most = MOST_SECONDS[which]
    over = "  OVER" if ours["seconds"] > most else ""
    show(f"{what}, {which}", ours["seconds"], "s", f"limit {most} s{over}")
    show(f"{what}, memory beyond the ties", ours["megabytes"], "MB", "")
    most = MOST_OF_ALL[which]
    over = "  OVER" if ours["all"] > most else ""
    show(f"{what}, all", ours["all"], "s", f"limit {most} s{over}")
    if shutil.which("Rscript") is None:
        print("sna and igraph are not measured: no Rscript")
        return
    command = ["Rscript", str(HERE / "network_structure.R"), str(folder), which]
    for name, theirs in last_line(command).items():
        show(f"{name}, the same", theirs, "s", "")
        show(f"{name} / cvln_eval", theirs / ours["seconds"], "x", "")
    pair = [
        pd.read_csv(folder / f"{name}.csv", index_col="measure")["value"]
        for name in ("cvln_eval", "r")
    ]
    shared = pair[1].index
    difference = (pair[0][shared] - pair[1]).abs() / pair[1].abs().clip(lower=1)
    print(
        f"{'largest difference of ' + str(len(shared)) + ' measures':<52}{difference.max():>10.1e}"
    )


def simulated(n: int) -> pd.DataFrame:
    """Return ties among people of whom some are named far more often than others."""
    rng = np.random.default_rng(0)
    pull = rng.pareto(3.0, n) + 0.2
    ties = np.empty(0, dtype=np.int64)
    while len(ties) < n * MEAN_DEGREE:
        sender = rng.integers(0, n, n * MEAN_DEGREE)
        receiver = rng.choice(n, n * MEAN_DEGREE, p=pull / pull.sum())
        ties = np.union1d(ties, (sender * n + receiver)[sender != receiver])
    kept = np.sort(rng.choice(ties, n * MEAN_DEGREE, replace=False))
    return pd.DataFrame({"sender": kept // n, "receiver": kept % n}).assign(n=n)


def measured(folder: Path, which: str) -> dict[str, float]:
    """Return the least seconds of some runs, from the network to the tidy rows, and its memory."""
    from cvln_eval import networks
    from cvln_eval.networks import cohesion
    from cvln_eval.networks.panel import Network

    ties = pd.read_csv(folder / "ties.csv")
    n = int(ties["n"].iloc[0])
    people = pd.DataFrame({"person_id": [f"p{place:06d}" for place in range(n)]})
    people["team_id"] = [f"t{place // GROUP:04d}" for place in range(n)]
    sender, receiver = ties["sender"].to_numpy(), ties["receiver"].to_numpy()
    everybody = np.ones(n, dtype=bool)
    network = Network("1", "x", people, sender, receiver, np.ones(len(ties)), everybody)
    before, seconds = peak(), []
    for _ in range(RUNS):
        start = time.perf_counter()
        if which == "small":
            found = cohesion.structure(network).tidy()
        else:
            found = pd.concat(getattr(cohesion, name)(network).tidy() for name in LOCAL)
            cohesion.degree_distribution(network)
        seconds.append(time.perf_counter() - start)
    found[["measure", "value"]].to_csv(folder / "cvln_eval.csv", index=False)
    memory, start = peak() - before, time.perf_counter()
    for name, options in (OF_PEOPLE if which == "small" else OF_GROUPS).items():
        getattr(networks, name)(network, **options)
    rest = time.perf_counter() - start
    return {"seconds": min(seconds), "megabytes": memory, "all": min(seconds) + rest}


def peak() -> float:
    """Return the largest memory so far, in megabytes."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (2**20 if sys.platform == "darwin" else 2**10)


def last_line(command: list[str]) -> dict[str, float]:
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(ran.stdout.splitlines()[-1])


def show(what: str, value: float, unit: str, beside: str) -> None:
    print(f"{what:<52}{value:>10.2f} {unit:<3}{beside}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
