"""Make the reference values of the wild bootstrap with pyfixest and wildboottest (both MIT).

Run in an environment of their own: `pip install pyfixest==0.60.0 wildboottest==0.3.2`, then
`python make.py` in this folder.
"""

import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import pyfixest as pf

HERE = Path(__file__).resolve().parent
# 2^G < reps: all vectors of Rademacher weights are gone through
warnings.filterwarnings("ignore", message="2\\^G")


def five():
    rng = np.random.default_rng(20)
    codes = np.repeat(np.arange(5), [4, 7, 8, 10, 12])
    visits = np.array([6.0, 8, 9, 12, 14])[codes]
    tenure = rng.gamma(2, 3, len(codes)).round(1)
    network = np.isin(codes, [1, 3]).astype(int)
    noise = rng.normal(size=5)[codes] * 0.4 + rng.normal(size=len(codes))
    change = (0.15 * visits + 0.02 * tenure + 0.2 * network + noise).round(3)
    weight = rng.uniform(0.5, 2, len(codes)).round(2)
    columns = {"visits": visits, "tenure": tenure, "network": network}
    return pd.DataFrame({"team_id": codes, "change": change, **columns, "weight": weight})


def twelve():
    rng = np.random.default_rng(21)
    codes = np.repeat(np.arange(12), rng.integers(4, 15, 12))
    visits = rng.normal(size=12)[codes] + rng.normal(size=len(codes)) * 0.5
    tenure = rng.normal(size=len(codes))
    noise = rng.normal(size=12)[codes] * 0.5 + rng.normal(size=len(codes))
    change = 0.3 * visits + noise
    columns = {"change": change.round(3), "visits": visits.round(3), "tenure": tenure.round(3)}
    return pd.DataFrame({"team_id": codes, **columns})


CASES = [
    # name, table, formula, term
    ("five_visits", "five", "change ~ visits + tenure", "visits"),
    ("five_tenure", "five", "change ~ visits + tenure", "tenure"),
    ("five_network", "five", "change ~ network + tenure", "network"),
    ("five_teams", "five", "change ~ tenure + C(team_id)", "tenure"),
    ("twelve_visits", "twelve", "change ~ visits + tenure", "visits"),
    ("twelve_tenure", "twelve", "change ~ visits + tenure", "tenure"),
]


def main():
    tables = {"five": five(), "twelve": twelve()}
    for name, table in tables.items():
        table.to_csv(HERE / f"{name}.csv", index=False)
    drawn, p_values = [], []
    for name, table, formula, term in CASES:
        fit = pf.feols(formula, tables[table], vcov={"CRV1": "team_id"})
        for impose_null in (True, False):
            given = {"param": term, "impose_null": impose_null, "seed": 1}
            found, t = fit.wildboottest(reps=9999, return_bootstrapped_t_stats=True, **given)
            row = {"case": name, "impose_null": impose_null}
            everything = row | {"t": float(found["t value"]), "se": float(fit.se()[term])}
            p_values.append(everything | {"p_strict": float(found["Pr(>|t|)"]), "draws": len(t)})
            ranks = range(0, len(t), max(1, len(t) // 64))
            some = np.sort(np.abs(t))
            drawn += [row | {"rank": i, "t_star": some[i]} for i in ranks]
            for weights in ("webb", "mammen"):
                far = fit.wildboottest(reps=99999, weights_type=weights, **given)
                p_values[-1][weights] = float(far["Pr(>|t|)"])
    pd.DataFrame(p_values).to_csv(HERE / "expected.csv", index=False)
    pd.DataFrame(drawn).to_csv(HERE / "drawn.csv", index=False)
    names = ("pyfixest", "wildboottest", "numpy", "pandas")
    lines = [f"{name} {version(name)}\n" for name in names]
    (HERE / "session.txt").write_text("".join(lines))


if __name__ == "__main__":
    main()
