"""People in networks: what goes with their ties, and what they take over from each other."""

from cvln_eval.networks.persons.regression import PermutationRegression, permutation_regression
from cvln_eval.networks.persons.several_groups import PermutationAnova, permutation_anova
from cvln_eval.networks.persons.two_groups import PermutationT, permutation_t

__all__ = [
    "PermutationAnova",
    "PermutationRegression",
    "PermutationT",
    "permutation_anova",
    "permutation_regression",
    "permutation_t",
]
