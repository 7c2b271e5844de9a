"""What goes with a tie: correlation and regression of networks, pair by pair.

Pairs that share a person are not independent, so that no test here counts them as if they were: p
values come from permutations of people, and standard errors allow for shared people.
"""

from cvln_eval.networks.dyads.correlation import QapCorrelation, qap_correlation
from cvln_eval.networks.dyads.lagging import lagged
from cvln_eval.networks.dyads.regression import logistic_qap, mrqap
from cvln_eval.networks.dyads.result import DyadRegression
from cvln_eval.networks.dyads.selecting import selection
from cvln_eval.networks.dyads.terms import difference, receiver, same, sender, tie

__all__ = [
    "DyadRegression",
    "QapCorrelation",
    "difference",
    "lagged",
    "logistic_qap",
    "mrqap",
    "qap_correlation",
    "receiver",
    "same",
    "selection",
    "sender",
    "tie",
]
