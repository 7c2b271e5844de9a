"""The answer without each of the clusters in turn, as one district may make the result."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cvln_eval.inference.design import ClusterDesign
from cvln_eval.inference.panel.kinds import CR2, MEANS, SLOPES, method_of
from cvln_eval.inference.panel.rows import answer_of

__all__ = ["OMITTED", "omitted_answers", "reference_method"]

OMITTED = (
    "left_out",
    "method",
    "estimate",
    "std_error",
    "df",
    "p_value",
    "conf_low",
    "conf_high",
    "reason",
    "n",
    "n_clusters",
)


def reference_method(design: ClusterDesign, term: int) -> str:
    """Return the method in which each cluster counts once; CR2 where the design allows none."""
    for name in (MEANS, SLOPES):
        method = method_of(name, design.x, design.codes, design.terms, term)
        if not getattr(method, "reason", ""):
            return name
    return CR2


def omitted_answers(
    design: ClusterDesign, term: int, *, method: str, conf_level: float
) -> pd.DataFrame:
    """Return one row a cluster left out, and first the answer with all of them."""
    places = [-1, *range(design.n_clusters)]
    rows = [_without(design, term, place, method, conf_level) for place in places]
    return pd.DataFrame(rows, columns=list(OMITTED))


def _without(
    design: ClusterDesign, term: int, place: int, method: str, conf_level: float
) -> dict[str, object]:
    kept = design.codes != place
    x, y = design.x[kept], design.y[kept]
    codes = np.unique(design.codes[kept], return_inverse=True)[1]
    row = {
        "left_out": "none" if place < 0 else design.clusters[place],
        "method": method,
        "n": len(y),
        "n_clusters": len(np.unique(codes)),
    }
    # Controls that only the omitted cluster moves go with it; the term itself must remain.
    own = _without_idle(x, term)
    if own is None:
        return {**dict.fromkeys(OMITTED, math.nan), **row, "reason": _IDLE}
    x, position = own
    terms = tuple(map(str, range(x.shape[1])))
    asked = method_of(method, x, codes, terms, position)
    return {**row, **answer_of(asked, y, conf_level)}


_IDLE = "without this cluster the term cannot be estimated"


def _without_idle(x: np.ndarray, term: int) -> tuple[np.ndarray, int] | None:
    """Return independent columns with the term last, None where the others determine it."""
    order = [*(place for place in range(x.shape[1]) if place != term), term]
    if np.linalg.matrix_rank(x) == len(order):
        return x[:, order], len(order) - 1
    kept: list[np.ndarray] = []
    for place in order:
        tried = np.column_stack([*kept, x[:, place]])
        if np.linalg.matrix_rank(tried) == tried.shape[1]:
            kept.append(x[:, place])
        elif place == term:
            return None
    return np.column_stack(kept), len(kept) - 1
