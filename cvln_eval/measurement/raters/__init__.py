"""Whether two or more raters or coders say the same."""

from cvln_eval.measurement.raters.agreement import Agreement
from cvln_eval.measurement.raters.bias import RaterBias, rater_bias
from cvln_eval.measurement.raters.cohen import cohen_kappa
from cvln_eval.measurement.raters.compare import RaterAgreement, rater_agreement
from cvln_eval.measurement.raters.icc import IntraclassCorrelation, intraclass_correlation
from cvln_eval.measurement.raters.kappas import (
    brennan_prediger,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
)
from cvln_eval.measurement.raters.krippendorff import krippendorff_alpha

__all__ = [
    "Agreement",
    "IntraclassCorrelation",
    "RaterAgreement",
    "RaterBias",
    "brennan_prediger",
    "cohen_kappa",
    "conger_kappa",
    "fleiss_kappa",
    "gwet_ac",
    "intraclass_correlation",
    "krippendorff_alpha",
    "rater_agreement",
    "rater_bias",
]
