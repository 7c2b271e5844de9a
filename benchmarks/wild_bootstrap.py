"""99,999 wild draws, 10,000 rows in 50 clusters, beside pyfixest's `wildboottest` in one run.

pyfixest has to be installed where this runs (`pip install pyfixest wildboottest`); without it the
seconds here are printed alone. Its call gives a p; ours gives the confidence set as well, and
reads its formula each time. Enumerated p of 2,000 outcomes and Webb's are for simulations.
"""

import importlib.util
import statistics
import time

import numpy as np
import pandas as pd

from cvln_eval.inference.wild import wild_bootstrap, wild_p_values

N_DRAWS, ROWS, CLUSTERS, TIMES, LEAST_RATIO = 99_999, 10_000, 50, 5, 1
FORMULA = "change ~ visits + tenure + size"


def main() -> None:
    """Print a line for each kind of draws, then the many outcomes of a simulation."""
    table = clustered()
    peer = fitted_there(table)
    for draws in ("rademacher", "webb"):
        ours = median_seconds(lambda draws=draws: here(table, draws))
        line = f"{N_DRAWS:,} {draws} draws, {CLUSTERS} clusters: {ours:.3f} s"
        if peer is None:
            print(f"{line}; no pyfixest with wildboottest here, so nothing to compare with")
            continue
        there = median_seconds(lambda draws=draws: there_too(peer, draws))
        print(f"{line}; pyfixest {there:.3f} s; {there / ours:.1f} times as fast", end=" ")
        print(f"(limit {LEAST_RATIO})")
    for draws, n_draws in (("rademacher", 32), ("webb", 999)):
        seconds = median_seconds(lambda draws=draws, n_draws=n_draws: many(draws, n_draws))
        print(f"2,000 outcomes, 5 clusters, {n_draws} {draws} draws each: {seconds:.3f} s")


def clustered() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    codes = rng.integers(0, CLUSTERS, ROWS)
    values = rng.normal(size=(ROWS, 4)) + rng.normal(size=(CLUSTERS, 4))[codes]
    names = ["change", "visits", "tenure", "size"]
    return pd.DataFrame(values, columns=names).assign(team_id=codes)


def here(table: pd.DataFrame, draws: str) -> float:
    given = {"formula": FORMULA, "term": "visits", "draws": draws}
    return wild_bootstrap(table, n_draws=N_DRAWS, **given).p_value


def fitted_there(table: pd.DataFrame):
    if not all(importlib.util.find_spec(name) for name in ("pyfixest", "wildboottest")):
        return None
    import pyfixest

    return pyfixest.feols(FORMULA, table, vcov={"CRV1": "team_id"})


def there_too(fit, draws: str) -> float:
    found = fit.wildboottest(reps=N_DRAWS, param="visits", weights_type=draws, seed=1)
    return float(found["Pr(>|t|)"])


def many(draws: str, n_draws: int) -> np.ndarray:
    codes = np.repeat(np.arange(5), 8)
    x = np.column_stack([np.ones(40), codes < 2])
    outcomes = np.random.default_rng(1).normal(size=(40, 2000))
    return wild_p_values(outcomes, x, codes, 1, draws=draws, n_draws=n_draws)


def median_seconds(task) -> float:
    task()  # the first call loads libraries on both sides
    seconds = []
    for _ in range(TIMES):
        start = time.perf_counter()
        task()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
