"""What becomes of ties from wave to wave, among those of whom it is known."""

from cvln_eval.networks.waves.change import TieChange, tie_change
from cvln_eval.networks.waves.closure import Closure, closure
from cvln_eval.networks.waves.early import EarlyCohesion, early_cohesion
from cvln_eval.networks.waves.growth import DensityGrowth, density_growth
from cvln_eval.networks.waves.order import WithinBeforeBetween, within_before_between
from cvln_eval.networks.waves.reciprocation import Reciprocation, reciprocation
from cvln_eval.networks.waves.stability import Stability, stability
from cvln_eval.networks.waves.turnover import Turnover, turnover

__all__ = [
    "Closure",
    "DensityGrowth",
    "EarlyCohesion",
    "Reciprocation",
    "Stability",
    "TieChange",
    "Turnover",
    "WithinBeforeBetween",
    "closure",
    "density_growth",
    "early_cohesion",
    "reciprocation",
    "stability",
    "tie_change",
    "turnover",
    "within_before_between",
]
