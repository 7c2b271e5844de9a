"""Change in answers of two or more ordered categories, with clusters."""

from cvln_eval.inference.gee.model import ordinal_gee
from cvln_eval.inference.gee.result import OrdinalGee

__all__ = ["OrdinalGee", "ordinal_gee"]
