"""One runner for all bootstraps, permutations and simulations."""

from cvln_eval.resampling.runner import CHUNK, resample

__all__ = ["CHUNK", "resample"]
