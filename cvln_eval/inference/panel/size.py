"""How often each method rejects a true null hypothesis in one design, by simulation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.columns import term_in_words
from cvln_eval.inference.design import cluster_design
from cvln_eval.inference.panel.asked import refusal, term_position
from cvln_eval.inference.panel.icc import Likeness, likeness
from cvln_eval.inference.panel.rates import no_sizes, sizes_of
from cvln_eval.inference.panel.words import share_in_words
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.results import Result, count, proportion

__all__ = ["SimulatedSize", "simulated_size"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SimulatedSize(Result):
    """Rejections of a true null hypothesis in simulated data; see `simulated_size`.

    Attributes
    ----------
    term : str
        The coefficient that is nought in the simulated data.
    sizes : DataFrame
        One row a method.
    icc : Likeness
        How alike people of one cluster are in the simulated data.
    n, n_clusters, n_left_out, n_draws : int
        Rows and clusters of the design, rows left out, and simulated data sets.
    conf_level : float
        Level of the intervals; tests reject at 1 minus it.
    reason : str
        Why nothing can be simulated; empty where it can.
    """

    term: str
    sizes: pd.DataFrame
    icc: Likeness
    n: int
    n_clusters: int
    n_left_out: int
    n_draws: int
    conf_level: float
    reason: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a method: its size, and how its interval does."""
        return self.sizes.copy()

    def glance(self) -> pd.DataFrame:
        """Return the design and the simulation in one row."""
        row = {
            "term": self.term,
            "icc": self.icc.used,
            "icc_estimate": self.icc.estimate,
            "n": self.n,
            "n_clusters": self.n_clusters,
            "n_left_out": self.n_left_out,
            "n_draws": self.n_draws,
            "conf_level": self.conf_level,
            "simulated": True,
            "reason": self.reason,
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return what share of true null hypotheses the methods reject in this design."""
        if self.reason:
            return f"Nothing was simulated: {self.reason}."
        had = self.sizes[self.sizes["reason"] == ""]
        listed = ", ".join(
            f"{proportion(size, 1)} ({method})"
            for method, size in zip(had["method"], had["size"], strict=True)
        )
        return (
            f"Simulated, not observed: in {count(self.n_draws, 'data set')} of this design "
            f"({count(self.n, 'row')} in {count(self.n_clusters, 'cluster')}, "
            f"{self.icc.in_words()}) where {_coefficient(self.term)} is 0, tests at the level "
            f"{share_in_words(1 - self.conf_level)} rejected in {listed}."
        )


def _coefficient(term: str) -> str:
    return "the constant" if term == "Intercept" else f"the coefficient of {term_in_words(term)}"


def simulated_size(
    table: pd.DataFrame,
    *,
    formula: str,
    term: str,
    cluster: str = "team_id",
    icc: float | None = None,
    scale: float | Mapping[str, float] = 1.0,
    n_simulated: int = 2000,
    conf_level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> SimulatedSize:
    """Simulate how often each method of the panel rejects a true null hypothesis in this design.

    Rows, clusters and regressors are those of the table; the outcome is simulated as
    y = scale_g (sqrt(icc) u_g + sqrt(1 - icc) e_i), u of the cluster and e of the person standard
    normal. No regressor has an effect. The size is the share of data sets with p at or below
    1 - conf_level; its simulation error is sqrt(size (1 - size) / n_simulated).

    Parameters
    ----------
    table : DataFrame
        One row an observation.
    formula : str
        Such as ``"change ~ treated"``.
    term : str
        Coefficient that is tested, as the formula names it; ``"Intercept"`` for the mean.
    cluster : str
        Column that names the cluster of each row.
    icc : float, optional
        Share of the variance between clusters; without it that of the table's residuals, but .05
        at least, because few clusters cannot show that there is none.
    scale : float or mapping
        Standard deviation of the simulated outcome, for all or by the name of the cluster.
    n_simulated : int
        Simulated data sets.
    conf_level : float
        Level of the intervals; tests reject at 1 minus it.
    rng : int or Generator
        Seed.

    Returns
    -------
    SimulatedSize
        `tidy` has `size`, its simulation error, the coverage and mean width of the interval and
        the share of data sets with a bounded interval. Tests whose interval is what they do not
        reject cover the truth when they do not reject it; their widths are not simulated. Rows
        with missing values are left out and counted. A method that the design does not allow has
        nan and the reason; with one cluster, no more rows than regressors or regressors that
        determine each other, no method has a size.

    Raises
    ------
    ArgumentError
        If the term is not in the formula, the icc or a scale is out of range, or
        `cluster_design` refuses the table.

    Notes
    -----
    Wild weights and assignments are taken all where they are at most 1,023, and otherwise drawn,
    1,023 for each data set; the panel itself takes more.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"team_id": list("aabbccddee"), "change": range(10)})
    >>> table["treated"] = table["team_id"].isin(["a", "b"]).astype(int)
    >>> found = simulated_size(
    ...     table, formula="change ~ treated", term="treated", icc=0.1, n_simulated=500
    ... )
    >>> sizes = found.tidy().set_index("method")["size"]
    >>> print(sizes.loc[["clustered z test", "t test of cluster means"]].round(2).to_string())
    method
    clustered z test           0.22
    t test of cluster means    0.07
    """
    refuse_level(conf_level)
    design = cluster_design(table, formula=formula, cluster=cluster)
    place = term_position(design, term)
    why = refusal(design, outcome=False)
    alike = likeness(design, icc, refusal(design))
    spread = _scale(scale, design.clusters)
    sizes = no_sizes(why)
    if not why:
        sizes = sizes_of(design, place, alike.used, spread, n_simulated, conf_level, rng)
    return SimulatedSize(
        term=term,
        sizes=sizes,
        icc=alike,
        n=len(design.y),
        n_clusters=design.n_clusters,
        n_left_out=design.n_left_out,
        n_draws=0 if why else n_simulated,
        conf_level=conf_level,
        reason=why,
    )


def _scale(scale: float | Mapping[str, float], clusters: tuple[str, ...]) -> np.ndarray:
    """Return the standard deviation of each cluster."""
    if isinstance(scale, Mapping):
        absent = [name for name in clusters if name not in scale]
        if absent:
            raise ArgumentError(
                "A cluster has no scale", expected=shown(clusters), seen=f"none of {shown(absent)}"
            )
        given = [scale[name] for name in clusters]
    else:
        given = [scale] * len(clusters)
    wrong = [one for one in given if not isinstance(one, float | int | np.number)]
    wrong = wrong or [one for one in given if not 0 < one < math.inf]
    if wrong:
        raise ArgumentError(
            "A scale is a standard deviation",
            expected="numbers above 0",
            seen=shown(wrong),
        )
    return np.array(given, dtype=float)
