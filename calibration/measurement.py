"""Tells how right the intervals of measurement are with 41 people in five teams.

Simulates data of which the truth is known, computes each interval many times and writes how often
it holds the truth. All data are simulated. `python calibration/measurement.py` writes
`measurement.csv` beside this file; the same seeds give the same table.
"""

import argparse
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from rich.progress import track

from cvln_eval import simulate
from cvln_eval.measurement import raters, scales, teams
from cvln_eval.measurement.scales.factors import one_factor

TABLE = Path(__file__).with_name("measurement.csv")
TEAMS = (7, 7, 8, 8, 11)
LOADINGS = (0.5, 0.6, 0.7, 0.8)
ITEMS = [f"item_{i}" for i in range(1, len(LOADINGS) + 1)]
LIKENESS = (0.0, 0.1, 0.3)
SHARES = (0.5, 0.3, 0.2)
AGREEMENTS = (0.4, 0.8)
SPREAD = {"sd_unit": 1.0, "sd_rater": 0.4, "sd_error": 0.7}
N_BOOT = 999
POPULATION = 400_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--out", type=Path, default=TABLE)
    chosen = parser.parse_args()
    calibrate(chosen.runs).to_csv(chosen.out, index=False, float_format="%.4f")


def calibrate(runs: int) -> pd.DataFrame:
    """Return one row a quantity, interval and design: truth, mean estimate, coverage."""
    parts = [
        recover(make, measures, truth, design, runs) for design, make, measures, truth in designs()
    ]
    return pd.concat(parts, ignore_index=True).assign(simulated=True)


def recover(make, measures, truth, design, runs) -> pd.DataFrame:
    """Return how the measures of one design do over all runs."""
    found = []
    for run in track(range(runs), description=design, disable=None):
        data = make(rng=[2008, run])
        found += [row for measure in measures for row in measure(data)]
    columns = ["quantity", "interval", "estimate", "conf_low", "conf_high"]
    table = pd.DataFrame(found, columns=columns)
    table["truth"] = table["quantity"].map(truth)
    return summary(table).assign(design=design, n_runs=runs)


def summary(table: pd.DataFrame) -> pd.DataFrame:
    table["held"] = table["truth"].between(table["conf_low"], table["conf_high"])
    table["with_interval"] = table["conf_low"].notna() & table["conf_high"].notna()
    table["width"] = table["conf_high"] - table["conf_low"]
    rows = []
    for (quantity, interval), some in table.groupby(["quantity", "interval"], sort=False):
        had = some[some["with_interval"]]
        if had.empty:  # a method that two raters do not allow
            continue
        rows.append(
            {
                "quantity": quantity,
                "interval": interval,
                "truth": some["truth"].iloc[0],
                "mean_estimate": some["estimate"].mean(),
                "bias": some["estimate"].mean() - some["truth"].iloc[0],
                "coverage": had["held"].mean(),
                "width_median": had["width"].median(),
                "share_with_interval": some["with_interval"].mean(),
            }
        )
    return pd.DataFrame(rows)


def designs():
    """Yield design in words, a maker of data, the measures, and the truth of each quantity."""
    for categories in (None, 5):
        for icc in LIKENESS:
            known = {"loadings": LOADINGS, "icc": icc, "categories": categories}
            make = partial(simulate.simulate_team_answers, team_sizes=TEAMS, **known)
            words = "continuous" if categories is None else f"{categories} categories"
            yield (
                f"41 people, 5 teams, factor ICC {icc:g}, {words}",
                make,
                (alphas, omegas, likeness),
                truth_of_answers(known),
            )
    for agreement in AGREEMENTS:
        for n_units in (20, 60):
            known = {"shares": SHARES, "agreement": agreement, "n_units": n_units, "n_raters": 2}
            names = ("Cohen's kappa", "Fleiss' kappa", "Krippendorff's alpha")
            yield (
                f"{n_units} units, 2 coders, 3 categories, agreement {agreement:g}",
                partial(simulate.simulate_codings, **known),
                (codings,),
                dict.fromkeys(names, agreement),
            )
    for n_raters in (2, 5):
        known = {"n_units": 20, "n_raters": n_raters, **SPREAD}
        truth = truth_of_ratings()
        make = partial(simulate.simulate_ratings, **known)
        yield f"20 units, {n_raters} raters", make, (ratings,), truth


def alphas(data):
    for interval in ("feldt", "jackknife", "bootstrap"):
        found = scales.cronbach_alpha(data, items=ITEMS, interval=interval, n_boot=N_BOOT)
        yield from rows(found.tidy().iloc[:1], ["alpha"], interval)


def omegas(data):
    for interval in ("jackknife", "bootstrap"):
        found = scales.mcdonald_omega(data, items=ITEMS, interval=interval, n_boot=N_BOOT)
        yield from rows(found.tidy(), ["omega total"], interval)


def likeness(data):
    found = teams.icc_aggregation(data, items=ITEMS).tidy()
    score = found[found["item"] == "scale score"]
    yield from rows(score, list(score["quantity"]), "F")


def codings(data):
    given = {"unit": "unit", "n_boot": N_BOOT}
    of = {
        "Cohen's kappa": raters.cohen_kappa(data, **given),
        "Fleiss' kappa": raters.fleiss_kappa(data, **given),
        "Krippendorff's alpha": raters.krippendorff_alpha(data, level="nominal", **given),
    }
    for name, found in of.items():
        table = found.tidy()
        for method, some in table.groupby("method", sort=False):
            yield from rows(some, [name], method)
        if table["method"].isna().any():
            yield from rows(table[table["method"].isna()], [name], "none")


def ratings(data):
    found = raters.intraclass_correlation(data, unit="unit").tidy()
    chosen = found[found["mcgraw_wong"].isin(["ICC(A,1)", "ICC(C,1)"])]
    yield from rows(chosen, list(chosen["mcgraw_wong"]), "F")


def rows(table, names, interval):
    values = table[["estimate", "conf_low", "conf_high"]].itertuples(index=False, name=None)
    for name, numbers in zip(names, values, strict=True):
        yield (name, interval, *numbers)


def truth_of_answers(known) -> dict[str, float]:
    """Return what a very large sample, two people a team, says of alpha, omega and the ICCs."""
    many = [2] * (POPULATION // 2)
    data = simulate.simulate_team_answers(team_sizes=many, rng=1, **known)[ITEMS].to_numpy()
    score = data.mean(axis=1)
    pairs = score.reshape(-1, 2) - score.mean()
    one = float(np.mean(pairs[:, 0] * pairs[:, 1]) / np.mean(pairs**2)) if known["icc"] else 0.0
    sizes = np.array(TEAMS)
    typical = (sizes.sum() - (sizes**2).sum() / sizes.sum()) / (len(sizes) - 1)
    return {
        "alpha": float(scales.alpha.alpha_from_covariance(np.cov(data.T))),
        "omega total": omega_of(np.corrcoef(data.T)),
        "ICC(1)": one,
        "ICC(2)": typical * one / (1 + (typical - 1) * one),
    }


def omega_of(r: np.ndarray) -> float:
    loadings = one_factor(r)
    return 1 - float((1 - loadings**2).sum() / r.sum())


def truth_of_ratings() -> dict[str, float]:
    unit, rater, error = (SPREAD[name] ** 2 for name in ("sd_unit", "sd_rater", "sd_error"))
    return {"ICC(A,1)": unit / (unit + rater + error), "ICC(C,1)": unit / (unit + error)}


if __name__ == "__main__":
    main()
