"""What lies behind the items: correlations, factors, and whether they hold over waves."""

from cvln_eval.measurement.structure.cfa_factors import ConfirmatoryFactors, confirmatory_factors
from cvln_eval.measurement.structure.correlations import item_correlations
from cvln_eval.measurement.structure.factor_result import ExploratoryFactors
from cvln_eval.measurement.structure.factors import exploratory_factors
from cvln_eval.measurement.structure.invariance import MeasurementInvariance, measurement_invariance
from cvln_eval.measurement.structure.pairs import ItemCorrelations, smoothed
from cvln_eval.measurement.structure.parallel import ParallelAnalysis, parallel_analysis
from cvln_eval.measurement.structure.polychoric import polychoric_correlations

__all__ = [
    "ConfirmatoryFactors",
    "ExploratoryFactors",
    "ItemCorrelations",
    "MeasurementInvariance",
    "ParallelAnalysis",
    "confirmatory_factors",
    "exploratory_factors",
    "item_correlations",
    "measurement_invariance",
    "parallel_analysis",
    "polychoric_correlations",
    "smoothed",
]
