"""What lies behind the items: correlations, factors, and whether they hold over waves."""

from cvln_eval.measurement.structure.pairs import ItemCorrelations, smoothed
from cvln_eval.measurement.structure.polychoric import polychoric_correlations

__all__ = ["ItemCorrelations", "polychoric_correlations", "smoothed"]
