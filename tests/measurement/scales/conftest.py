"""Simulated answers and what R makes of them; see tests/reference/scales/make.R."""

from pathlib import Path

import pandas as pd
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "reference" / "scales"


@pytest.fixture(scope="session")
def five():
    """60 people, five items, nine answers missing."""
    return pd.read_csv(FOLDER / "five.csv")


@pytest.fixture(scope="session")
def nine():
    """300 people, nine items in three groups."""
    return pd.read_csv(FOLDER / "nine.csv")


@pytest.fixture(scope="session")
def expected():
    """R's value by topic and name."""
    table = pd.read_csv(FOLDER / "expected.csv", dtype={"name": str})
    return table.set_index(["topic", "name"])["value"].to_dict()


@pytest.fixture(scope="session")
def polychoric():
    """R's polychoric correlations of the first four of the nine items."""
    return pd.read_csv(FOLDER / "polychoric.csv", index_col=0).to_numpy()
