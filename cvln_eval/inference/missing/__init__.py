"""Who did not answer, and what that does to what is concluded."""

from cvln_eval.inference.missing.asked import everyone_asked
from cvln_eval.inference.missing.attrition import Attrition, attrition
from cvln_eval.inference.missing.delta import DeltaShift, delta_shift
from cvln_eval.inference.missing.imputations import Imputations
from cvln_eval.inference.missing.impute import impute
from cvln_eval.inference.missing.joint import PooledTest, pool_test
from cvln_eval.inference.missing.patterns import MissingPatterns, missing_patterns
from cvln_eval.inference.missing.pooling import Pooled, pool, pool_results

__all__ = [
    "Attrition",
    "DeltaShift",
    "Imputations",
    "MissingPatterns",
    "Pooled",
    "PooledTest",
    "attrition",
    "delta_shift",
    "everyone_asked",
    "impute",
    "missing_patterns",
    "pool",
    "pool_results",
    "pool_test",
]
