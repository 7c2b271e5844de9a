"""Measure Krippendorff's alpha with 2,000 resamples of 500 units by 4 coders on this machine."""

import time

import numpy as np
import pandas as pd

from cvln_eval.measurement.raters import krippendorff_alpha

UNITS, CODERS, DRAWS, LIMIT = 500, 4, 2000, 2.0


def ratings() -> pd.DataFrame:
    """Return ratings from 1 to 5 that agree more often than not, one in ten missing."""
    rng = np.random.default_rng(1)
    true = rng.integers(1, 6, size=(UNITS, 1))
    scores = np.clip(true + rng.choice([-1, 0, 1], p=[0.2, 0.6, 0.2], size=(UNITS, CODERS)), 1, 5)
    table = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(UNITS), CODERS),
            "rater_id": np.tile([f"c{place}" for place in range(CODERS)], UNITS),
            "score": scores.ravel(),
        }
    )
    return table[rng.random(len(table)) > 0.1]


def main() -> None:
    """Print one line a level of measurement; the limit holds for the ordinal one."""
    table = ratings()
    for level in ("nominal", "ordinal", "interval", "ratio"):
        start = time.perf_counter()
        krippendorff_alpha(table, unit="unit", level=level, n_boot=DRAWS)
        seconds = time.perf_counter() - start
        limit = f"limit {LIMIT:g} s{'' if seconds <= LIMIT else '  OVER'}"
        what = f"Krippendorff's alpha, {level}, {DRAWS:,} draws"
        print(f"{what:<44}{seconds:>10.2f} s  {limit if level == 'ordinal' else ''}".rstrip())


if __name__ == "__main__":
    main()
