"""Tells how often tests and intervals for few clusters are right, and where each goes wrong.

Simulates data without any effect in designs of few clusters, puts every method of the panel to
them, and writes how often each rejects and how often its interval holds the truth. All data are
simulated. `python calibration/inference.py` writes `inference.csv` beside this file; the same
seeds give the same table.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from rich.progress import track

from cvln_eval.inference.panel import simulated_size

TABLE = Path(__file__).with_name("inference.csv")
CVLN = (7, 7, 8, 8, 11)
UNLIKE = (4, 4, 4, 4, 60)
VISITS = (4, 9, 6, 12, 7)
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
    icc: float = 0.1
    scale: tuple[float, ...] | None = None
    formula: str = "outcome ~ dose"
    term: str = "dose"


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


def treated(number: int, of: int) -> tuple[float, ...]:
    """Return which clusters are treated: the first ones."""
    return tuple(float(place < number) for place in range(of))


def designs() -> list[Design]:
    """Return the designs: number, sizes and likeness of clusters, share treated, spread."""
    two, one = treated(2, 5), treated(1, 5)
    mean = {"formula": "outcome ~ 1", "term": "Intercept"}
    tenure = {"formula": "outcome ~ tenure + dose", "term": "tenure"}
    control = {"formula": "outcome ~ dose + tenure", "term": "dose"}
    return [
        Design("2 of 5 treated, 40 each, ICC .10", (40,) * 5, two),
        *(
            Design(f"2 of 5 treated, 7 to 11 each, ICC {icc:.2f}", CVLN, two, icc)
            for icc in (0.0, 0.05, 0.1, 0.3)
        ),
        Design("2 of 5 treated, 40 each, ICC .30", (40,) * 5, two, 0.3),
        Design("2 of 5 treated, 7 to 11 each, a control", CVLN, two, **control),
        Design("1 of 5 treated, 7 to 11 each", CVLN, one),
        Design("1 of 5 treated, 40 each, ICC .30", (40,) * 5, one, 0.3),
        Design("1 of 20 treated, 8 each", (8,) * 20, treated(1, 20)),
        Design(
            "1 of 25 treated, 7 each, thrice the spread",
            (7,) * 25,
            treated(1, 25),
            0.1,
            (3.0,) + (1.0,) * 24,
        ),
        Design("3 of 6 treated, 8 each", (8,) * 6, treated(3, 6)),
        Design("2 of 10 treated, 8 each", (8,) * 10, treated(2, 10)),
        Design("10 of 20 treated, 8 each", (8,) * 20, treated(10, 20)),
        Design("5 of 25 treated, 7 each", (7,) * 25, treated(5, 25)),
        Design("2 of 5 treated, large cluster not treated", UNLIKE, two),
        Design("2 of 5 treated, large cluster treated", UNLIKE[::-1], two),
        Design("2 of 5 treated, large cluster treated, ICC .30", UNLIKE[::-1], two, 0.3),
        Design("2 of 5 treated, thrice the spread there", (20,) * 5, two, 0.1, (3, 3, 1, 1, 1)),
        Design("2 of 5 treated, a third of the spread there", (20,) * 5, two, 0.1, (1, 1, 3, 3, 3)),
        Design(
            "2 of 5 treated, thrice the spread in one of them", (20,) * 5, two, 0.1, (3, 1, 1, 1, 1)
        ),
        Design(
            "2 of 10 treated, thrice the spread there",
            (20,) * 10,
            treated(2, 10),
            0.1,
            (3.0,) * 2 + (1.0,) * 8,
        ),
        Design(
            "2 of 10 treated, large and thrice the spread there",
            (60,) * 2 + (6,) * 8,
            treated(2, 10),
            0.1,
            (3.0,) * 2 + (1.0,) * 8,
        ),
        Design("dose in 5 clusters, 7 to 11 each", CVLN, VISITS),
        Design("dose in 5 clusters, one far above", CVLN, (1, 2, 3, 4, 20)),
        Design(
            "dose in 5 clusters, one far above with thrice the spread",
            (20,) * 5,
            (1, 2, 3, 4, 20),
            0.1,
            (1, 1, 1, 1, 3),
        ),
        Design("mean of 5 clusters, 7 to 11 each", CVLN, VISITS, **mean),
        Design("mean of 5 clusters, 40 each, ICC .30", (40,) * 5, VISITS, 0.3, **mean),
        Design("mean of 5 clusters, one large", UNLIKE, VISITS, **mean),
        Design("mean of 5 clusters, one large, ICC .30", UNLIKE, VISITS, 0.3, **mean),
        Design(
            "mean of 5 clusters, thrice the spread in one",
            (20,) * 5,
            VISITS,
            0.1,
            (3, 1, 1, 1, 1),
            **mean,
        ),
        Design("mean of 3 clusters, 8 each", (8,) * 3, VISITS[:3], **mean),
        Design("tenure within 5 clusters, 7 to 11 each", CVLN, two, **tenure),
        Design("tenure within 5 clusters, one large", UNLIKE, two, 0.3, **tenure),
        Design(
            "tenure within 5 clusters, thrice the spread in one",
            CVLN,
            two,
            0.1,
            (3, 1, 1, 1, 1),
            **tenure,
        ),
        Design("tenure within 20 clusters, 8 each", (8,) * 20, treated(10, 20), **tenure),
    ]


if __name__ == "__main__":
    main()
