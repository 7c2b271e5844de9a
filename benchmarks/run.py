"""Measure speed and memory on this machine and print them beside their limits."""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
STUDY_PARTS = ("study.toml", "codebook", "data", "notebooks", "studies/virginia")
IMPORTS = 7


def main() -> None:
    """Make the data, run each measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teams", type=int, default=1000, help="teams of the large study")
    parser.add_argument("--without-ten-times", action="store_true", help="leave out the longest")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cvln-eval-bench-") as place:
        for row in measures(Path(place), chosen.teams, ten_times=not chosen.without_ten_times):
            show(*row)


def measures(place: Path, teams: int, *, ten_times: bool):
    """Yield (what, value, unit, limit) as each is measured."""
    alone, house = imports("import pandas"), imports("import cvln_eval")
    opened = imports("import cvln_eval, pandas; cvln_eval.open_study; cvln_eval.Ledger")
    yield "import cvln_eval / import pandas", house / alone, "x", 1.15
    yield "the same, names used and pandas with it", opened / alone, "x", 1.15
    yield "make evaluate, set-up left out", run("evaluate", bundled(place))["seconds"], "s", 90
    study = simulated(place / "large", teams)
    plain, clean = run("plain", study), run("clean", study)
    yield f"clean, {teams:,} teams", clean["seconds"], "s", 10
    yield f"clean, {teams:,} teams, peak memory", clean["megabytes"], "MB", 1024
    yield "plain pandas, same recoding", plain["seconds"], "s", None
    yield "clean / plain pandas", clean["seconds"] / plain["seconds"], "x", 5
    if ten_times:
        larger = run("clean", simulated(place / "larger", 10 * teams))
        yield f"clean, {10 * teams:,} teams", larger["seconds"], "s", None
        yield f"clean, {10 * teams:,} teams, peak memory", larger["megabytes"], "MB", None
        yield "ten times the rows, times the time", larger["seconds"] / clean["seconds"], "x", 12


def imports(code: str) -> float:
    """Return the median seconds of a fresh Python that runs one line of imports."""
    seconds = []
    for _ in range(IMPORTS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def run(task: str, folder: Path) -> dict[str, float]:
    """Run a task in a process of its own and return what it says."""
    command = [sys.executable, str(HERE / "task.py"), task, str(folder)]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(ran.stdout.splitlines()[-1])


def bundled(place: Path) -> Path:
    """Copy the bundled study, so that nothing of the checkout is written to."""
    for part in STUDY_PARTS:
        source, target = ROOT / part, place / "bundled" / part
        if source.is_dir():
            shutil.copytree(source, target)
        elif source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return place / "bundled"


def simulated(folder: Path, teams: int) -> Path:
    """Write the large simulated study."""
    from cvln_eval.simulate import simulate_large

    simulate_large(folder, n_teams=teams, rng=1)
    return folder


def show(what: str, value: float, unit: str, limit: float | None) -> None:
    """Print one measure."""
    beside = "" if limit is None else f"limit {limit:g} {unit}{'' if value <= limit else '  OVER'}"
    print(f"{what:<44}{value:>10.2f} {unit:<3}{beside}", flush=True)


if __name__ == "__main__":
    main()
