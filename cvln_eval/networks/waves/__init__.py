"""What becomes of ties from wave to wave, among those of whom it is known."""

from cvln_eval.networks.waves.change import TieChange, tie_change
from cvln_eval.networks.waves.closure import Closure, closure
from cvln_eval.networks.waves.reciprocation import Reciprocation, reciprocation
from cvln_eval.networks.waves.stability import Stability, stability
from cvln_eval.networks.waves.turnover import Turnover, turnover

__all__ = [
    "Closure",
    "Reciprocation",
    "Stability",
    "TieChange",
    "Turnover",
    "closure",
    "reciprocation",
    "stability",
    "tie_change",
    "turnover",
]
