from pathlib import Path

import pandas as pd
import pytest

FOLDER = Path(__file__).parents[2] / "reference" / "contents"


@pytest.fixture(scope="session")
def reference():
    """Return the input of a name, and R's values by what they are and where."""
    expected = pd.read_csv(FOLDER / "expected.csv").set_index(["what", "at"])["value"]

    def read(name):
        return pd.read_csv(FOLDER / f"{name}.csv"), expected

    return read
