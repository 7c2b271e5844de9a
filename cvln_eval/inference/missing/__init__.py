"""Who did not answer, and what that does to what is concluded."""

from cvln_eval.inference.missing.imputations import Imputations
from cvln_eval.inference.missing.impute import impute
from cvln_eval.inference.missing.joint import PooledTest, pool_test
from cvln_eval.inference.missing.pooling import Pooled, pool, pool_results

__all__ = ["Imputations", "Pooled", "PooledTest", "impute", "pool", "pool_results", "pool_test"]
