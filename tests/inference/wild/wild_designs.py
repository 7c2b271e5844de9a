"""Small tables with clusters, and the wild bootstrap as its definition says it, row by row."""

import itertools

import numpy as np
import pandas as pd

VALUES = {
    "rademacher": {1.0: 1 / 2, -1.0: 1 / 2},
    "webb": {s * np.sqrt(v): 1 / 6 for s in (1, -1) for v in (0.5, 1, 1.5)},
    "mammen": {
        (1 - np.sqrt(5)) / 2: (np.sqrt(5) + 1) / (2 * np.sqrt(5)),
        (1 + np.sqrt(5)) / 2: (np.sqrt(5) - 1) / (2 * np.sqrt(5)),
    },
}


def clustered(sizes=(4, 6, 8, 9, 10), seed=0, effect=0.0):
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(len(sizes)), sizes)
    visits = rng.normal(size=len(sizes))[codes]
    tenure = rng.normal(size=len(codes))
    change = effect * visits + rng.normal(size=len(sizes))[codes] + rng.normal(size=len(codes))
    columns = {"change": change, "visits": visits, "tenure": tenure}
    weight = rng.integers(1, 4, len(codes))
    return pd.DataFrame({"team_id": [f"t{i}" for i in codes], **columns, "weight": weight})


def statistic(y, x, codes, tested, null, weights):
    """Return the Wald statistic with CR0, from the full sandwich of a fit row by row."""
    inverse = np.linalg.inv(x.T @ (weights[:, None] * x))
    b = inverse @ x.T @ (weights * y)
    u = weights * (y - x @ b)
    meat = sum(np.outer(s, s) for g in set(codes) for s in [x[codes == g].T @ u[codes == g]])
    v = (inverse @ meat @ inverse)[np.ix_(tested, tested)]
    d = b[tested] - null
    return d @ np.linalg.solve(v, d)


def by_definition(y, x, codes, tested, *, null, draws, impose_null, weights=None):
    """Return p by fitting every draw anew: each vector of weights once, with its probability."""
    w = np.ones(len(y)) if weights is None else weights
    null = np.broadcast_to(null, len(tested)).astype(float)
    others = [i for i in range(x.shape[1]) if i not in tested]
    root = np.sqrt(w)
    held = x[:, tested] @ null
    kept = x[:, others] if impose_null else x
    start = y - held if impose_null else y
    b = np.linalg.lstsq(root[:, None] * kept, root * start, rcond=None)[0]
    fitted = kept @ b + (held if impose_null else 0)
    target = null if impose_null else b[tested]
    observed = statistic(y, x, codes, tested, null, w)
    p, points = 0.0, VALUES[draws]
    for v in itertools.product(points, repeat=len(set(codes))):
        drawn = fitted + np.array(v)[codes] * (y - fitted)
        if statistic(drawn, x, codes, tested, target, w) >= observed * (1 - 1e-9):
            p += np.prod([points[value] for value in v])
    return p
