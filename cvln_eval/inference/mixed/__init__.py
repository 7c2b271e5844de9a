"""Linear mixed models by profiled deviance, with degrees of freedom that know the design."""

from cvln_eval.inference.mixed.fit import NotConvergedWarning
from cvln_eval.inference.mixed.joint import FixedEffectsTest
from cvln_eval.inference.mixed.model import mixed_model
from cvln_eval.inference.mixed.one_way import OneWay, one_way_reml
from cvln_eval.inference.mixed.ratio import LikelihoodRatio, likelihood_ratio_test
from cvln_eval.inference.mixed.result import MixedModel
from cvln_eval.inference.mixed.variances import VarianceComponents

__all__ = [
    "FixedEffectsTest",
    "LikelihoodRatio",
    "MixedModel",
    "NotConvergedWarning",
    "OneWay",
    "VarianceComponents",
    "likelihood_ratio_test",
    "mixed_model",
    "one_way_reml",
]
