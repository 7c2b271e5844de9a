"""Positions of people in a network, and how far a network has a centre."""

from cvln_eval.networks.positions.brokerage import Brokerage, brokerage
from cvln_eval.networks.positions.brokerage_chance import BrokerageChance, brokerage_chance
from cvln_eval.networks.positions.centrality import Centrality, centrality
from cvln_eval.networks.positions.centralization import Centralization, centralization
from cvln_eval.networks.positions.constraint import StructuralHoles, constraint
from cvln_eval.networks.positions.core_periphery import CorePeriphery, core_periphery
from cvln_eval.networks.positions.k_components import Embeddedness, k_components

__all__ = [
    "Brokerage",
    "BrokerageChance",
    "Centrality",
    "Centralization",
    "CorePeriphery",
    "Embeddedness",
    "StructuralHoles",
    "brokerage",
    "brokerage_chance",
    "centrality",
    "centralization",
    "constraint",
    "core_periphery",
    "k_components",
]
