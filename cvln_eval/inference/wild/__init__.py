"""Wild bootstrap of clusters: tests and confidence sets where clusters are few."""

from cvln_eval.inference.wild.bootstrap import wild_bootstrap
from cvln_eval.inference.wild.draws import WildDraws, wild_draws
from cvln_eval.inference.wild.outcomes import wild_p_values
from cvln_eval.inference.wild.result import WildBootstrap
from cvln_eval.inference.wild.treated import FewTreatedClustersWarning

__all__ = [
    "FewTreatedClustersWarning",
    "WildBootstrap",
    "WildDraws",
    "wild_bootstrap",
    "wild_draws",
    "wild_p_values",
]
