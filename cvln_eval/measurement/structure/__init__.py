"""What lies behind the items: correlations, factors, and whether they hold over waves."""

from cvln_eval.measurement.structure.cfa_factors import ConfirmatoryFactors, confirmatory_factors
from cvln_eval.measurement.structure.invariance import (
    MeasurementInvariance,
    measurement_invariance,
)

__all__ = [
    "ConfirmatoryFactors",
    "MeasurementInvariance",
    "confirmatory_factors",
    "measurement_invariance",
]
