"""What statsmodels and pyfixest call CRV3, on the unweighted models of data.csv.

Run in this folder, in an environment of its own: python make_crv3.py
(pip install pyfixest==0.60.0 statsmodels==0.15.0)
"""

from importlib.metadata import version
from pathlib import Path

import pandas as pd
import pyfixest
from statsmodels.formula.api import ols

MODELS = {"five": "y ~ treated + x", "twelve": "y ~ treated + x + z + hours + coach"}


def main() -> None:
    data = pd.read_csv("data.csv")
    rows = []
    for design, formula in MODELS.items():
        table = data[data["design"] == design].reset_index(drop=True)
        groups = {"groups": pd.factorize(table["team_id"])[0]}
        crv3 = ols(formula, table).fit(cov_type="cluster-crv3", cov_kwds=groups).bse
        about_mean = ols(formula, table).fit(cov_type="cluster-jk", cov_kwds=groups).bse
        theirs = pyfixest.feols(formula, table, vcov={"CRV3": "team_id"}).se()
        columns = {"statsmodels": crv3, "statsmodels_jk": about_mean, "pyfixest": theirs}
        found = pd.DataFrame(columns).rename_axis("term").reset_index()
        rows.append(found.assign(design=design, formula=formula, n=len(table)))
    pd.concat(rows).to_csv("crv3.csv", index=False)
    versions = [f"{name} {version(name)}" for name in ("pyfixest", "statsmodels")]
    Path("session_crv3.txt").write_text("\n".join(versions) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
