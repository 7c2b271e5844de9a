"""Who turns to whom."""

from cvln_eval.networks.degrees import Degrees, DegreeSummary, degree_summary, degrees

__all__ = ["DegreeSummary", "Degrees", "degree_summary", "degrees"]
