"""The matrices of an ordinary factor model and the values from which its maximum is sought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cvln_eval.measurement.structure.cfa_model import FactorModel, Matrices, model_of

__all__ = ["factor_model", "first_loadings", "start_moments"]

START_CORRELATION = 0.3
LEAST, MOST = 0.3, 0.9


def start_moments(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return means and pairwise covariances, good enough to start from; 0 and 1 where none."""
    table = pd.DataFrame(matrix)
    mean = table.mean().fillna(0).to_numpy()
    cov = table.cov(min_periods=2, ddof=0).fillna(0).to_numpy()
    flat = np.diag(cov) <= 0
    return mean, cov + np.diag(flat.astype(float))


def factor_model(
    factors: Mapping[str, Sequence[str]], mean: np.ndarray, cov: np.ndarray
) -> FactorModel:
    """Return the model in which factors of variance 1 correlate and residuals do not."""
    items = list(dict.fromkeys(item for listed in factors.values() for item in listed))
    place = {item: i for i, item in enumerate(items)}
    p, m = len(items), len(factors)
    base, labels = np.zeros((p, m)), np.full((p, m), "", dtype=object)
    for j, (factor, listed) in enumerate(factors.items()):
        at = [place[item] for item in listed]
        base[at, j] = first_loadings(cov[np.ix_(at, at)])
        labels[at, j] = [f"{factor} =~ {item}" for item in listed]
    between = np.where(np.eye(m) == 1, 1.0, START_CORRELATION)
    explained = np.einsum("ij,jk,ik->i", base, between, base)
    variances = np.diag(cov)
    left = np.diag(np.maximum(variances - explained, 0.1 * variances))
    start = Matrices(base, between, left, mean, np.zeros(m))
    own = np.full((p, p), "", dtype=object)
    np.fill_diagonal(own, [f"{item} ~~ {item}" for item in items])
    means = np.array([f"{item} ~ 1" for item in items], dtype=object)
    fixed = np.full(m, "", dtype=object)
    return model_of(start, Matrices(labels, _between(list(factors)), own, means, fixed))


def _between(factors: list[str]) -> np.ndarray:
    labels = np.full((len(factors), len(factors)), "", dtype=object)
    for j, one in enumerate(factors):
        for k, other in enumerate(factors[:j]):
            labels[j, k] = labels[k, j] = f"{other} ~~ {one}"
    return labels


def first_loadings(cov: np.ndarray) -> np.ndarray:
    """Return start loadings: the first principal component's, kept off 0 and off the whole."""
    scale = np.sqrt(np.diag(cov))
    if len(scale) == 1:
        return np.asarray(MOST * scale)
    values, vectors = np.linalg.eigh(cov / np.outer(scale, scale))
    share = vectors[:, -1] * np.sqrt(values[-1]) * np.sign(vectors[:, -1].sum() or 1.0)
    sign = np.where(share < 0, -1.0, 1.0)
    return np.asarray(sign * np.clip(np.abs(share), LEAST, MOST) * scale)
