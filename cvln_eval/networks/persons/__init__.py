"""People in networks: what goes with their ties, and what they take over from each other."""

from cvln_eval.networks.persons.exposure import Exposure, exposure
from cvln_eval.networks.persons.influence import Influence, influence
from cvln_eval.networks.persons.over_waves import InfluenceOverWaves, influence_over_waves
from cvln_eval.networks.persons.p1 import P1, p1
from cvln_eval.networks.persons.regression import PermutationRegression, permutation_regression
from cvln_eval.networks.persons.several_groups import PermutationAnova, permutation_anova
from cvln_eval.networks.persons.two_groups import PermutationT, permutation_t

__all__ = [
    "P1",
    "Exposure",
    "Influence",
    "InfluenceOverWaves",
    "PermutationAnova",
    "PermutationRegression",
    "PermutationT",
    "exposure",
    "influence",
    "influence_over_waves",
    "p1",
    "permutation_anova",
    "permutation_regression",
    "permutation_t",
]
