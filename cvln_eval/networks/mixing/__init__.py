"""Ties within groups and between them: who mixes with whom, and who joins two worlds."""

from cvln_eval.networks.mixing.assortative import Assortativity, assortativity
from cvln_eval.networks.mixing.bridging import Bridges, bridges
from cvln_eval.networks.mixing.densities import WithinBetween, within_between
from cvln_eval.networks.mixing.external import EIIndex, ei_index
from cvln_eval.networks.mixing.matrix import MixingMatrix, mixing_matrix

__all__ = [
    "Assortativity",
    "Bridges",
    "EIIndex",
    "MixingMatrix",
    "WithinBetween",
    "assortativity",
    "bridges",
    "ei_index",
    "mixing_matrix",
    "within_between",
]
