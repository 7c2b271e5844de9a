"""Tells how often tests and intervals for few clusters are right, and where each goes wrong.

Simulates data without any effect in designs of few clusters, puts every method of the panel to
them, and writes how often each rejects and how often its interval holds the truth. All data are
simulated. `python calibration/inference.py` writes `inference.csv` beside this file; the same
seeds give the same table.
"""

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from rich.progress import track

from cvln_eval.inference.panel import simulated_size

TABLE = Path(__file__).with_name("inference.csv")
DESIGNS = Path(__file__).with_name("inference_designs.csv")
FIRST = [
    "design",
    "method",
    "size",
    "size_mc_error",
    "worst",
    "coverage",
    "width_mean",
    "share_with_interval",
    "smallest_p",
]


@dataclass(frozen=True)
class Design:
    """Clusters in words, their sizes and doses, and the standard deviation in each."""

    words: str
    sizes: tuple[int, ...]
    dose: tuple[float, ...]
    icc: float
    scale: tuple[float, ...] | None
    formula: str
    term: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--out", type=Path, default=TABLE)
    chosen = parser.parse_args()
    calibrate(chosen.runs).to_csv(chosen.out, index=False, float_format="%.4f")


def calibrate(runs: int) -> pd.DataFrame:
    """Return one row a design and method, the worst design of each method marked."""
    every = designs()
    parts = [recover(design, runs) for design in track(every, description="designs", disable=None)]
    table = pd.concat(parts, ignore_index=True)
    worst = table.groupby("method")["size"].transform("max")
    table["worst"] = (table["size"] == worst) & (table["size"] > 0)
    return table[[*FIRST, *(name for name in table.columns if name not in FIRST)]]


def recover(design: Design, runs: int) -> pd.DataFrame:
    """Return how often each method rejects in one design where nothing has an effect."""
    data = rows_of(design)
    names = sorted(set(data["team_id"]))
    scale = dict(zip(names, design.scale or np.ones(len(names)), strict=True))
    found = simulated_size(
        data,
        formula=design.formula,
        term=design.term,
        icc=design.icc,
        scale=scale,
        n_simulated=runs,
        rng=2008,
    )
    known = {"design": design.words, "n_clusters": len(names), "n": len(data), "icc": design.icc}
    return found.tidy().assign(**known)


def rows_of(design: Design) -> pd.DataFrame:
    """Return the rows of a design; the outcome only says that there is one in every row."""
    codes = np.repeat(np.arange(len(design.sizes)), design.sizes)
    rng = np.random.default_rng(41)
    return pd.DataFrame(
        {
            "team_id": [f"team {code:02d}" for code in codes],
            "dose": np.array(design.dose, dtype=float)[codes],
            "tenure": rng.normal(size=len(codes)),
            "outcome": rng.normal(size=len(codes)),
        }
    )


def designs() -> list[Design]:
    """Return the designs of `inference_designs.csv`: clusters, their likeness, doses, spread."""
    rows = csv.DictReader(DESIGNS.read_text(encoding="utf-8").splitlines())
    return [
        Design(
            words=row["design"],
            sizes=tuple(map(int, numbers(row["sizes"]))),
            dose=numbers(row["dose"]),
            icc=float(row["icc"]),
            scale=numbers(row["scale"]) or None,
            formula=row["formula"],
            term=row["term"],
        )
        for row in rows
    ]


def numbers(text: str) -> tuple[float, ...]:
    """Return the numbers of a list such as "3*2 1", which is 3, 3 and 1."""
    found: list[float] = []
    for part in text.split():
        value, _, times = part.partition("*")
        found += [float(value)] * int(times or 1)
    return tuple(found)


if __name__ == "__main__":
    main()
