"""What an evaluation with few districts could show: power, least change, districts needed."""

from cvln_eval.inference.planning.plan import Plan
from cvln_eval.inference.planning.power import Power, power
from cvln_eval.inference.planning.search import districts_needed, minimum_detectable_change
from cvln_eval.inference.planning.searched import DistrictsNeeded, MinimumDetectableChange

__all__ = [
    "DistrictsNeeded",
    "MinimumDetectableChange",
    "Plan",
    "Power",
    "districts_needed",
    "minimum_detectable_change",
    "power",
]
