"""Linear mixed models by profiled deviance, with degrees of freedom that know the design."""

from cvln_eval.inference.mixed.one_way import OneWay, one_way_reml

__all__ = ["OneWay", "one_way_reml"]
