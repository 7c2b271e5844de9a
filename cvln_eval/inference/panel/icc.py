"""How alike people of one cluster are taken to be in simulated data."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.design import ClusterDesign
from cvln_eval.inference.mixed.one_way import one_way_reml

__all__ = ["LEAST_ICC", "Likeness", "likeness"]

# Few clusters cannot show that people of one cluster are no more alike than others; simulated
# without any likeness, methods that ignore clusters would look right.
LEAST_ICC = 0.05


@dataclass(frozen=True, slots=True)
class Likeness:
    """Intraclass correlation of the residuals.

    Attributes
    ----------
    estimate : float
        Estimate from the table, nan where the value was given or none can be had.
    used : float
        Value that is simulated.
    """

    estimate: float
    used: float

    def in_words(self) -> str:
        """Return the value with where it comes from."""
        used = f"ICC {_share(self.used)}"
        if math.isnan(self.estimate):
            return used
        if self.estimate < self.used:
            return f"{used}, taken in place of the estimate {_share(self.estimate)}"
        return f"{used} as estimated"


def likeness(design: ClusterDesign, icc: float | None, refused: str = "") -> Likeness:
    """Return the given value, or the estimate from the residuals, but at least `LEAST_ICC`.

    Where the design is `refused` there are no residuals to estimate it from.
    """
    if icc is not None:
        if not isinstance(icc, float | int | np.number) or not 0 <= icc <= 1:
            raise ArgumentError("The ICC is a share", expected="0 to 1", seen=repr(icc))
        return Likeness(math.nan, float(icc))
    estimate = math.nan if refused else _estimate(design)
    return Likeness(estimate, LEAST_ICC if math.isnan(estimate) else max(estimate, LEAST_ICC))


def _estimate(design: ClusterDesign) -> float:
    """Return the REML share of the residual variance that lies between clusters."""
    fit = one_way_reml(design.y, design.x, design.codes)
    between, within = float(fit.variance_between[0]), float(fit.variance_residual[0])
    return between / (between + within) if between + within > 0 else math.nan


def _share(value: float) -> str:
    return f"{value:.2f}".removeprefix("0")
