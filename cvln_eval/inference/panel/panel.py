"""Every defensible answer for few clusters, side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.inference.design import cluster_design
from cvln_eval.inference.panel.asked import named, refusal, refuse_draws, term_position
from cvln_eval.inference.panel.icc import Likeness, likeness
from cvln_eval.inference.panel.judged import changing_clusters, judged, verdict_of
from cvln_eval.inference.panel.kinds import OLS
from cvln_eval.inference.panel.omitted import OMITTED, omitted_answers, reference_method
from cvln_eval.inference.panel.rates import no_sizes, sizes_of
from cvln_eval.inference.panel.rows import Question, answers_of, no_answers
from cvln_eval.inference.panel.words import in_words
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.resampling import generator
from cvln_eval.results import Result

__all__ = ["FewClusterPanel", "few_cluster_panel"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class FewClusterPanel(Result):
    """What few clusters can show of one coefficient; see `few_cluster_panel`.

    Attributes
    ----------
    outcome, term, named : str
        What stands left of the tilde, the coefficient, and the coefficient in words.
    rows : DataFrame
        One row a method.
    omitted : DataFrame
        One row a cluster left out, and first none.
    icc : Likeness
        How alike people of one cluster are in the simulated data.
    n, n_clusters, n_left_out : int
        Rows, clusters, and rows left out because a value is missing.
    n_simulated : int
        Simulated data sets behind each size.
    conf_level : float
        Level of the intervals; tests reject at 1 minus it.
    reason : str
        Why there is no answer at all; empty where there is.
    """

    outcome: str
    term: str
    named: str
    rows: pd.DataFrame
    omitted: pd.DataFrame
    icc: Likeness
    n: int
    n_clusters: int
    n_left_out: int
    n_simulated: int
    conf_level: float
    reason: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a method; what is not defensible is marked, and shown all the same."""
        return self.rows.copy()

    @property
    def least_squares(self) -> float:
        """The estimate of ordinary least squares."""
        return float(self.rows.loc[self.rows["method"] == OLS, "estimate"].iloc[0])

    def leave_one_out(self) -> pd.DataFrame:
        """Return the answer without each cluster in turn, first with all of them.

        By the method in which each cluster counts once, where the design allows it.
        """
        return self.omitted.copy()

    def glance(self) -> pd.DataFrame:
        """Return what the defensible methods say together, in one row."""
        verdict = verdict_of(self.rows, self.conf_level)
        turns, crosses = changing_clusters(self.omitted, self.conf_level)
        row = {
            "term": self.term,
            "estimate": self.least_squares,
            "verdict": verdict.words,
            "n_defensible": len(verdict.defensible),
            "n_able": len(verdict.able),
            "n_rejecting": len(verdict.rejecting),
            "p_value_min": verdict.able["p_value"].min(),
            "p_value_max": verdict.able["p_value"].max(),
            "conf_low": verdict.able["conf_low"].min(),
            "conf_high": verdict.able["conf_high"].max(),
            "conf_level": self.conf_level,
            "n_changing": len(turns) + len(crosses),
            "icc": self.icc.used,
            "icc_estimate": self.icc.estimate,
            "n": self.n,
            "n_clusters": self.n_clusters,
            "n_left_out": self.n_left_out,
            "n_draws": self.n_simulated,
            "null_hypothesis": f"{self.term} = 0",
            "reason": self.reason,
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return what can, and what cannot, be concluded."""
        if self.reason:
            return f"Nothing can be concluded about {self.named}: {self.reason}."
        return in_words(self)


def few_cluster_panel(
    table: pd.DataFrame,
    *,
    formula: str,
    term: str,
    cluster: str = "team_id",
    icc: float | None = None,
    n_draws: int = 9999,
    n_simulated: int = 2000,
    conf_level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> FewClusterPanel:
    """Put one coefficient to every method that few clusters allow, and each method to this design.

    The methods: CR2 with Satterthwaite df, the jackknife over clusters with t(G - 1), the t test of
    cluster means (of slopes by cluster, where the term varies within clusters), wild bootstraps
    with Rademacher and Webb weights, the randomization test of the term's values over clusters, and
    the mixed model with Satterthwaite df. Beside them stand, marked as not defensible, what
    software gives unless it is told otherwise: least squares, clustered and mixed-model z tests,
    CR1 with t(G - 1). The size of each is simulated for the clusters, sizes and regressors of this
    table (see `simulated_size`). Defensible is a method that was made for few clusters, has an
    answer here, and rejects a true null hypothesis at most 1.5 times as often as it should
    (Bradley, 1978).

    Parameters
    ----------
    table : DataFrame
        One row an observation.
    formula : str
        Such as ``"change ~ treated"``, ``"change ~ coaching_visits + tenure"`` or ``"change ~ 1"``.
    term : str
        Coefficient asked about, as the formula names it; ``"Intercept"`` for a mean change.
    cluster : str
        Column that names the cluster of each row.
    icc : float, optional
        Share of the variance between clusters in the simulated data; without it that of the
        table's residuals, but .05 at least, because few clusters cannot show that there is none.
    n_draws : int
        Random weights and assignments, where not all of them are taken.
    n_simulated : int
        Simulated data sets.
    conf_level : float
        Level of the intervals; tests reject at 1 minus it.
    rng : int or Generator
        Seed.

    Returns
    -------
    FewClusterPanel
        `tidy` has one row a method; `leave_one_out` the answer without each cluster; `glance` the
        `verdict`. Rows with a missing value are left out and counted. A method that the design
        does not allow has nan and the reason. With no complete row, one cluster, no more rows than
        coefficients, regressors that determine each other or an outcome without residual, no
        method has an answer. Where ties make two assignments or draws alike, they count against
        the null hypothesis.

    Raises
    ------
    ArgumentError
        If the term is not in the formula, the icc is no share, or `cluster_design` refuses the
        table.

    Notes
    -----
    Sizes are simulated with clusters that spread alike. Where the treated clusters are few and
    spread more than the others, most methods reject too often (`calibration/inference.csv`: two
    treated of ten with thrice the spread, t test of cluster means .31, randomization test .17, CR2
    .06, and CR2 .19 where these two are large as well); `simulated_size` with a `scale` for each
    cluster tells how much in a given design.

    A p value is not evidence where the method could not have given a small one: see `smallest_p`.
    With two of five clusters treated the randomization test cannot give less than .10 and the
    wild bootstrap with Rademacher weights not less than .0625.

    References
    ----------
    Bell, R. M., & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression
    with multi-stage samples. Survey Methodology, 28, 169-181.
    Bradley, J. V. (1978). Robustness? British Journal of Mathematical and Statistical Psychology,
    31, 144-152.
    Cameron, A. C., & Miller, D. L. (2015). A practitioner's guide to cluster-robust inference.
    Journal of Human Resources, 50, 317-372.
    Donald, S. G., & Lang, K. (2007). Inference with difference-in-differences and other panel data.
    Review of Economics and Statistics, 89, 221-233.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> rng = np.random.default_rng(2)
    >>> table = pd.DataFrame({"team_id": np.repeat(list("abcde"), [7, 7, 8, 8, 11])})
    >>> table["treated"] = table["team_id"].isin(["a", "b"]).astype(int)
    >>> table["change"] = 0.5 * table["treated"] + rng.normal(size=41)
    >>> found = few_cluster_panel(
    ...     table, formula="change ~ treated", term="treated", n_draws=999, n_simulated=500
    ... )
    >>> found.glance().loc[0, ["verdict", "n_defensible", "n_able"]].to_dict()
    {'verdict': 'not against the null', 'n_defensible': 7, 'n_able': 5}
    """
    refuse_level(conf_level)
    refuse_draws(n_draws)
    design = cluster_design(table, formula=formula, cluster=cluster)
    place = term_position(design, term)
    why = refusal(design)
    alike = likeness(design, icc, why)
    chance = generator(rng)
    if why:
        answers, sizes, omitted = (
            no_answers(why),
            no_sizes(why),
            pd.DataFrame(columns=list(OMITTED)),
        )
    else:
        # Sizes first: with the same seed they are those of `simulated_size`.
        sizes = sizes_of(
            design, place, alike.used, np.ones(design.n_clusters), n_simulated, conf_level, chance
        )
        answers = answers_of(Question(design, place, conf_level, n_draws, chance))
        method = reference_method(design, place)
        omitted = omitted_answers(design, place, method=method, conf_level=conf_level)
    rows = judged(
        answers, sizes, n=len(design.y), n_clusters=design.n_clusters, conf_level=conf_level
    )
    return FewClusterPanel(
        outcome=design.outcome,
        term=term,
        named=named(design, term),
        rows=rows,
        omitted=omitted,
        icc=alike,
        n=len(design.y),
        n_clusters=design.n_clusters,
        n_left_out=design.n_left_out,
        n_simulated=0 if why else n_simulated,
        conf_level=conf_level,
        reason=why,
    )
