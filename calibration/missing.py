"""Tells what imputation does to a mean change with 41 people in five teams.

Simulates two waves of which the true change is known, takes a fifth of the later answers away and
compares complete cases with pooled imputations. The interval is that of the team means, t with as
many degrees of freedom as teams less one. All data are simulated. `python calibration/missing.py`
writes `missing.csv` beside this file; the same seeds give the same table.
"""

import argparse
from functools import cache, partial
from pathlib import Path

import numpy as np
import pandas as pd
from rich.progress import track
from scipy import stats

from cvln_eval.inference.missing import impute, pool

TABLE = Path(__file__).with_name("missing.csv")
TEAM = np.repeat(list("ABCDE"), (7, 7, 8, 8, 11))
CHANGE, STABILITY, MISSING, SLOPE = 0.3, 0.6, 0.2, 1.5
LOADING, CUTS = 0.8, (-1.5, -0.5, 0.5, 1.5)
ITEMS = [f"item_{i}" for i in range(1, 5)]
POPULATION = 400_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--out", type=Path, default=TABLE)
    chosen = parser.parse_args()
    calibrate(chosen.runs).to_csv(chosen.out, index=False, float_format="%.4f")


def calibrate(runs: int) -> pd.DataFrame:
    """Return one row a quantity, method and design: truth, mean estimate, coverage."""
    parts = [recover(make, truth, design, runs) for design, make, truth in designs()]
    return pd.concat(parts, ignore_index=True).assign(simulated=True)


def designs():
    """Yield design in words, a maker of data, and the truth of each quantity."""
    for icc, slope in ((0.1, 0.0), (0.1, SLOPE), (0.3, SLOPE)):
        why = "depending on baseline" if slope else "at random"
        words = f"41 people, 5 teams, ICC {icc:g}, 20% missing later {why}"
        truth = {"mean change": CHANGE, "later ICC": icc}
        yield f"{words}, scores", partial(scores, icc=icc, slope=slope), truth
    words = "41 people, 5 teams, ICC 0.1, 20% missing later depending on baseline"
    changed = {"mean change": truth_of_items()}
    yield f"{words}, four items from 1 to 5", partial(answers, icc=0.1, slope=SLOPE), changed


def scores(rng, *, icc, slope):
    """Return both waves, and the same with a fifth of the later scores gone."""
    rng = np.random.default_rng(rng)
    whole = two_waves(rng, icc).rename(columns={"trait": "score"})
    return whole, thinned(rng, whole, whole["score"], ["score"], slope)


def answers(rng, *, icc, slope):
    """Return both waves of four items, and the same with a fifth of the later waves gone."""
    rng = np.random.default_rng(rng)
    whole = with_items(rng, two_waves(rng, icc))
    return whole, thinned(rng, whole, whole[ITEMS].mean(axis=1), ITEMS, slope)


def two_waves(rng, icc, team=TEAM):
    """Return a trait with variance 1 and the ICC in each wave, and what is stable in both parts."""
    root = np.linalg.cholesky([[1, STABILITY], [STABILITY, 1]])
    names, code = np.unique(team, return_inverse=True)
    of_team = rng.standard_normal((len(names), 2)) @ root.T * icc**0.5
    of_person = rng.standard_normal((len(team), 2)) @ root.T * (1 - icc) ** 0.5
    trait = of_team[code] + of_person + [0, CHANGE]
    both = {"person_id": np.tile([f"P{i:02}" for i in range(len(team))], 2)}
    both |= {"team_id": np.tile(team, 2), "wave": np.repeat(["before", "after"], len(team))}
    return pd.DataFrame(both | {"trait": trait.T.ravel()})


def with_items(rng, table):
    error = rng.standard_normal((len(table), len(ITEMS))) * (1 - LOADING**2) ** 0.5
    values = np.digitize(LOADING * table[["trait"]].to_numpy() + error, CUTS) + 1.0
    return table.drop(columns="trait").assign(**dict(zip(ITEMS, values.T, strict=True)))


def thinned(rng, whole, baseline, columns, slope):
    """Take a fifth of the later values away, more of them where the baseline was low."""
    before = (whole["wave"] == "before").to_numpy()
    standard = stats.zscore(baseline[before].to_numpy())
    # A fifth on average, whatever the slope: a logit spread by the baseline has a flatter mean.
    chance = 1 / (1 + np.exp(slope * standard - level(slope)))
    gone = np.zeros(len(whole), dtype=bool)
    gone[~before] = rng.random(before.sum()) < chance
    return whole.assign(**{name: whole[name].mask(gone) for name in columns})


@cache
def level(slope):
    """Return the intercept at which a logit with this slope on a normal baseline means a fifth."""
    normal = stats.norm.ppf((np.arange(2000) + 0.5) / 2000)
    grid = np.linspace(-4, 0, 4001)
    means = np.array([np.mean(1 / (1 + np.exp(slope * normal - at))) for at in grid])
    return float(grid[np.argmin(np.abs(means - MISSING))])


def truth_of_items():
    """Return the change of the mean of items in a very large sample."""
    table = with_items(np.random.default_rng(1), two_waves(np.random.default_rng(2), 0.1, large()))
    means = table.groupby("wave")[ITEMS].mean().mean(axis=1)
    return float(means["after"] - means["before"])


def large():
    return np.repeat(np.arange(POPULATION // 2), 2)


def recover(make, truth, design, runs):
    """Return how each method does over all runs of a design."""
    found = []
    for run in track(range(runs), description=design, disable=None):
        whole, thin = make(rng=[2008, run])
        found += methods(whole, thin)
    columns = ["quantity", "interval", "estimate", "conf_low", "conf_high"]
    table = pd.DataFrame(found, columns=columns)
    table = table[table["quantity"].isin(truth)]
    table["truth"] = table["quantity"].map(truth)
    return summary(table).assign(design=design, n_runs=runs)


def methods(whole, thin):
    """Yield quantity, method, estimate and interval."""
    of_items = "item_1" in whole
    given = {"scales": {"score": ITEMS}} if of_items else {"columns": ["score"]}
    for name, table in (("nothing missing", whole), ("complete cases", thin)):
        scored = table.assign(score=table[ITEMS].mean(axis=1)) if of_items else table
        yield from rows(name, pooled([scored, scored]), [scored])
    for effects in ("fixed", "random"):
        # Only one wave has missing values, and all of it: a single round is a draw.
        many = impute(thin, **given, team_effects=effects, n_rounds=1, rng=0)
        found = pooled(many.tables)
        yield from rows(f"imputed, {effects} teams", found, many.tables)
        yield ("mean change", f"imputed, {effects} teams, t(4)", *as_if_complete(found))


def rows(name, found, tables):
    values = found[["estimate", "conf_low", "conf_high"]]
    yield ("mean change", name, *values)
    yield "later ICC", name, np.mean([later_icc(table) for table in tables]), np.nan, np.nan


def pooled(tables):
    """Return the pooled row of the mean change; two equal tables give their own interval."""
    estimates, variances, df = np.array([change(table) for table in tables]).T
    return pool(estimates, variances, df_complete=df.mean()).tidy().iloc[0]


def as_if_complete(row):
    """Return the pooled estimate and its interval with the degrees of freedom of complete data."""
    half = stats.t.ppf(0.975, row["df_complete"]) * row["std_error"]
    return row["estimate"], row["estimate"] - half, row["estimate"] + half


def change(table):
    """Return the mean over teams of their mean changes, its variance and degrees of freedom."""
    before, after = table["score"].to_numpy().reshape(2, -1)
    means, _, _ = of_teams(after - before)
    return means.mean(), means.var(ddof=1) / len(means), len(means) - 1.0


def later_icc(table):
    """Return ICC(1) of the later wave by analysis of variance."""
    means, sizes, squares = of_teams(table["score"].to_numpy().reshape(2, -1)[1])
    n, g = sizes.sum(), len(sizes)
    typical = (n - (sizes**2).sum() / n) / (g - 1)
    within = squares.sum() / (n - g)
    between = (sizes * (means - (sizes * means).sum() / n) ** 2).sum() / (g - 1)
    return (between - within) / (between + (typical - 1) * within)


def of_teams(values):
    """Return mean, size and sum of squares of the teams that have a value."""
    there = ~np.isnan(values)
    code = np.unique(TEAM[there], return_inverse=True)[1]
    sizes = np.bincount(code)
    means = np.bincount(code, values[there]) / sizes
    return means, sizes, np.bincount(code, (values[there] - means[code]) ** 2)


def summary(table):
    table = table.assign(
        held=table["truth"].between(table["conf_low"], table["conf_high"]),
        with_interval=table["conf_low"].notna() & table["conf_high"].notna(),
        width=table["conf_high"] - table["conf_low"],
    )
    found = []
    for (quantity, interval), some in table.groupby(["quantity", "interval"], sort=False):
        had = some[some["with_interval"]]
        truth = some["truth"].iloc[0]
        found.append(
            {
                "quantity": quantity,
                "interval": interval,
                "truth": truth,
                "mean_estimate": some["estimate"].mean(),
                "bias": some["estimate"].mean() - truth,
                "coverage": had["held"].mean(),
                "width_median": had["width"].median(),
                "share_with_interval": some["with_interval"].mean(),
            }
        )
    return pd.DataFrame(found)


if __name__ == "__main__":
    main()
