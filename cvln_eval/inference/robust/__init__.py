"""Standard errors, tests and degrees of freedom that hold with few clusters."""

from cvln_eval.inference.robust.joint import JointTest
from cvln_eval.inference.robust.model import cluster_robust, cluster_robust_of
from cvln_eval.inference.robust.result import ClusterRobust
from cvln_eval.inference.robust.sandwich import Sandwich, sandwich, why_not

__all__ = [
    "ClusterRobust",
    "JointTest",
    "Sandwich",
    "cluster_robust",
    "cluster_robust_of",
    "sandwich",
    "why_not",
]
