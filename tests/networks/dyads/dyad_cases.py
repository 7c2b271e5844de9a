"""Networks made from dense matrices, and regressions by the textbook."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from cvln_eval.networks.panel import Network


def network_of(matrix, *, people=None, wave="1", relation="advice", answered=None, directed=True):
    """Return the network with these strengths; 0 is no tie."""
    matrix = np.asarray(matrix, dtype=float)
    n = len(matrix)
    if people is None:
        people = pd.DataFrame({"person_id": [f"p{place:02}" for place in range(n)]})
    cells = np.triu(matrix) if not directed else matrix
    sender, receiver = np.nonzero(cells)
    return Network(
        wave=wave,
        relation=relation,
        people=people,
        sender=sender,
        receiver=receiver,
        strength=cells[sender, receiver],
        answered=np.ones(n, dtype=bool) if answered is None else np.asarray(answered, dtype=bool),
        directed=directed,
        rule="sender" if directed else "either",
    )


def people_of(n, rng, sizes=None):
    """Return people of unequal teams, with a tenure."""
    team = rng.integers(0, 3, n) if sizes is None else np.repeat(np.arange(len(sizes)), sizes)
    return pd.DataFrame(
        {
            "person_id": [f"p{place:02}" for place in range(n)],
            "team_id": [f"t{one}" for one in team],
            "tenure_years": np.round(rng.exponential(6, n), 1),
        }
    )


def some_ties(n, rng, density=0.3):
    """Return a matrix of strengths 1 to 4, nobody tied to himself."""
    matrix = (rng.random((n, n)) < density) * rng.integers(1, 5, (n, n))
    np.fill_diagonal(matrix, 0)
    return matrix.astype(float)


def t_values(y, columns):
    """Return coefficients and t by the textbook, intercept first."""
    x = np.column_stack([np.ones(len(y)), *columns])
    inverse = np.linalg.inv(x.T @ x)
    b = inverse @ x.T @ y
    residual = y - x @ b
    variance = residual @ residual / (len(y) - x.shape[1])
    return b, b / np.sqrt(variance * np.diag(inverse))


def newton(x, y):
    """Return coefficients by 50 plain Newton steps."""
    b = np.zeros(x.shape[1])
    for _ in range(50):
        p = expit(x @ b)
        b = b + np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]), x.T @ (y - p))
    return b


def score(e, x, y):
    """Return Rao's score statistic of e by its definition, with the full information matrix."""
    p = expit(x @ newton(x, y))
    both = np.column_stack([x, e])
    information = both.T @ (both * (p * (1 - p))[:, None])
    return (e @ (y - p)) * np.sqrt(np.linalg.inv(information)[-1, -1])
