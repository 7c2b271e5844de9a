from pathlib import Path

import pandas as pd
import pytest

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "robust"


@pytest.fixture(scope="session")
def reference():
    """Return a reference table by name."""
    return {path.stem: pd.read_csv(path) for path in REFERENCE.glob("*.csv")}


@pytest.fixture(scope="session")
def designs(reference):
    """Return the table of each design of the references."""
    data = reference["data"]
    data = data.assign(team_wave=data["team_id"] + data["wave"])
    return {name: table.reset_index(drop=True) for name, table in data.groupby("design")}
