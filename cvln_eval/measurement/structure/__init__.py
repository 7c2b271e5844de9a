"""What lies behind the items: correlations, factors, and whether they hold over waves."""

from cvln_eval.measurement.structure.cfa_factors import ConfirmatoryFactors, confirmatory_factors

__all__: list[str] = ["ConfirmatoryFactors", "confirmatory_factors"]
