"""Which assignments pyfixest and diff-diff draw: run by hand, in an environment that has both.

Ten clusters, two treated: 45 assignments could have happened, and each gives a difference of its
own. Writes peers.csv: the number of different statistics and, of these, how many are among the 45.
Run with pyfixest 0.60.0 and diff-diff 3.13.0; with some seeds pyfixest stops, when a draw treats no
cluster or all.
"""

from itertools import combinations

import diff_diff
import numpy as np
import pandas as pd
import pyfixest

LEVELS = np.array([0.1, 1.3, 2.9, 3.7, 5.3, 7.1, 11.9, 13.3, 17.7, 19.1]) ** 1.1
DIGITS = 6


def possible() -> set[float]:
    every = np.arange(10)
    pairs = [np.isin(every, pair) for pair in combinations(range(10), 2)]
    return {round(float(LEVELS[on].mean() - LEVELS[~on].mean()), DIGITS) for on in pairs}


def of_pyfixest() -> np.ndarray:
    # Every cluster has two rows, so that a difference of means is one of means of cluster means.
    table = pd.DataFrame({"cluster": np.repeat(np.arange(10), 2), "y": np.repeat(LEVELS, 2)})
    table["treated"] = (table["cluster"] < 2).astype(float)
    fit = pyfixest.feols("y ~ treated", table, vcov={"CRV1": "cluster"})
    given = {"resampvar": "treated", "cluster": "cluster", "reps": 300}
    fit.ritest(
        **given, rng=np.random.default_rng(2), choose_algorithm="slow", store_ritest_statistics=True
    )
    return fit._ritest_statistics


def of_diff_diff() -> np.ndarray:
    table = pd.DataFrame({"unit": np.tile(np.arange(10), 2), "post": np.repeat([0, 1], 10)})
    # No change but that of the second wave; a little noise, so that standard errors exist.
    table["y"] = np.concatenate([np.zeros(10), LEVELS])
    table["treated"] = (table["unit"] < 2).astype(int)
    given = {"outcome": "y", "treatment": "treated", "post": "post", "unit": "unit"}
    return diff_diff.permutation_test(
        table, **given, n_permutations=300, seed=1
    ).permutation_distribution


def main() -> None:
    allowed, rows = possible(), []
    for name, found in (("pyfixest", of_pyfixest()), ("diff-diff", of_diff_diff())):
        different = {round(float(value), DIGITS) for value in found}
        rows.append((name, len(found), len(different), len(different & allowed)))
    columns = ["package", "n_draws", "n_different", "n_possible"]
    pd.DataFrame(rows, columns=columns).to_csv("peers.csv", index=False)


if __name__ == "__main__":
    main()
