"""What a treatment of clusters shows, judged by the other assignments its design allowed.

A randomization test exchanges what was assigned between the units that it was assigned to, and no
more: the number of clusters treated, in each stratum or pair, stays as it was. Software that draws
the treatment of each cluster anew (`ritest(cluster=)` of pyfixest 0.60 does) tests another design:
with 2 of 5 clusters treated, assignments with 0, 1, 3, 4 or 5 treated ones come in, and p values
fall below 1/10, the least that the 10 assignments with 2 treated ones allow. `permutation_test` of
diff-diff 3.13 keeps the number of units treated, for a difference of two periods.
"""

from cvln_eval.inference.randomization.assigning import Assignments, assignments
from cvln_eval.inference.randomization.many import randomization_p_values
from cvln_eval.inference.randomization.result import RandomizationTest
from cvln_eval.inference.randomization.testing import randomization_test

__all__ = [
    "Assignments",
    "RandomizationTest",
    "assignments",
    "randomization_p_values",
    "randomization_test",
]
