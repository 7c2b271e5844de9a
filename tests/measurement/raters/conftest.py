"""Ratings as a matrix, which is easier to read, made into the long table that functions take."""

import numpy as np
import pandas as pd
import pytest


def as_long(matrix, raters=None):
    """One row a rating, nan kept; units u0, u1, ..., raters A, B, ... unless named."""
    cells = np.asarray(matrix, dtype=object)
    names = raters or [chr(65 + place) for place in range(cells.shape[1])]
    return pd.DataFrame(
        {
            "unit": np.repeat([f"u{place:03d}" for place in range(len(cells))], cells.shape[1]),
            "rater_id": np.tile(names, len(cells)),
            "score": pd.Series(cells.ravel()).infer_objects(),
        }
    )


@pytest.fixture(scope="session")
def long():
    return as_long
