"""Every assignment that a design allowed, or some drawn from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.randomization.possible import MOST_LISTED, PossibleAssignments
from cvln_eval.inference.randomization.reading import read_assigned
from cvln_eval.inference.randomization.tails import MOST_ENUMERATED
from cvln_eval.inference.randomization.wording import counted, in_words
from cvln_eval.resampling import resample
from cvln_eval.results import Result, count

__all__ = ["Assignments", "assignments"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Assignments(Result):
    """Assignments of clusters; see `assignments`.

    Attributes
    ----------
    possible : PossibleAssignments
        The design.
    values : ndarray, shape (assignments, clusters)
        What each assignment gives each cluster: treatment, dose or start (None for never).
    enumerated : bool
        Whether these are all assignments, in lexicographic order; otherwise they are draws.
    """

    possible: PossibleAssignments
    values: np.ndarray
    enumerated: bool

    @property
    def n_assignments(self) -> int:
        """How many different assignments could have happened, exact."""
        return self.possible.n_assignments

    def tidy(self) -> pd.DataFrame:
        """Return one row an assignment and cluster."""
        number, n_clusters = self.values.shape
        return pd.DataFrame(
            {
                "assignment": np.repeat(np.arange(1, number + 1), n_clusters),
                "team_id": np.tile(np.array(self.possible.clusters, dtype=object), number),
                "assigned": self.values.ravel(),
            }
        )

    def glance(self) -> pd.DataFrame:
        """Return one row: how many assignments there are, and whether all are here."""
        return pd.DataFrame(
            {
                "n_clusters": [self.possible.n_clusters],
                "n_assignments": [counted(self.n_assignments)],
                "n_draws": [len(self.values)],
                "enumerated": [self.enumerated],
            }
        )

    def sentence(self) -> str:
        """Return how many assignments could have happened."""
        drawn = "" if self.enumerated else f", of which {len(self.values):,} were drawn"
        n_assignments = count(self.n_assignments, "assignment")
        return f"With {in_words(self.possible)}, {n_assignments} could have happened{drawn}."


def assignments(
    table: pd.DataFrame,
    *,
    treatment: str | None = None,
    cluster: str = "team_id",
    strata: str | None = None,
    pairs: str | None = None,
    start: str | None = None,
    wave: str = "wave",
    limit: int = MOST_ENUMERATED,
    n_draws: int = 9999,
    rng: int | np.random.Generator = 0,
) -> Assignments:
    """List the assignments of clusters that could have happened, or draw from them.

    The observed treatments are exchanged between clusters: within strata or pairs where the
    design has them, between all clusters otherwise. So the number treated (in each stratum), the
    doses or the starts are those observed. In a block of n clusters of which m_1, m_2, ... have
    the same treatment there are n! / (m_1! m_2! ...) assignments, and their number is the product
    of these over blocks.

    Parameters
    ----------
    table : DataFrame
        One row an observation, or one a cluster.
    treatment : str, optional
        Column of the treatment (0 and 1, or a dose), the same in all rows of a cluster.
    cluster : str
        Column of the unit that was assigned.
    strata : str, optional
        Column of the stratum within which clusters were assigned.
    pairs : str, optional
        Column of the pair of clusters, one of which was treated.
    start : str, optional
        In place of `treatment`: column of the first treated wave, missing for never.
    wave : str
        With `start`, column of the wave; waves are ordered by value.
    limit : int
        Up to so many assignments are listed, in lexicographic order (the first cluster counts
        most, the lowest treatment comes first); of more, some are drawn.
    n_draws : int
        How many are drawn, each independently and with equal chances.
    rng : int or Generator
        Seed of the draws.

    Returns
    -------
    Assignments
        Rows without outcome have no part in this: all clusters of the table count. One cluster, or
        clusters that are all treated alike, have one assignment. Starts that treat the same waves
        of the table (before the first one, or after the last and never) are the same start.

    Raises
    ------
    ArgumentError
        If a column is absent; a cluster, treatment, stratum or pair is missing or differs within a
        cluster; a pair has not two clusters treated differently; or `limit` is more than 2,000,000.

    References
    ----------
    Imbens, G. W., & Rubin, D. B. (2015). Causal inference for statistics, social, and biomedical
    sciences. Cambridge University Press, ch. 4 and 5.
    Athey, S., & Imbens, G. W. (2022). Design-based analysis in difference-in-differences settings
    with staggered adoption. Journal of Econometrics, 226, 62-79.

    Examples
    --------
    >>> import pandas as pd
    >>> teams = pd.DataFrame({"team_id": ["a", "b", "c"], "coached": [1, 0, 0]})
    >>> found = assignments(teams, treatment="coached")
    >>> found.n_assignments
    3
    >>> found.values
    array([[0., 0., 1.],
           [0., 1., 0.],
           [1., 0., 0.]])
    """
    if not isinstance(limit, int | np.integer) or not 0 <= limit <= MOST_LISTED:
        raise ArgumentError(
            "So many assignments cannot be listed",
            expected=f"a limit from 0 to {MOST_LISTED:,}",
            seen=repr(limit),
        )
    possible = read_assigned(
        table,
        treatment=treatment,
        cluster=cluster,
        strata=strata,
        pairs=pairs,
        start=start,
        wave=wave,
    ).possible
    enumerated = possible.n_assignments <= limit
    if enumerated:
        codes = possible.listed(0, possible.n_assignments)
    else:
        codes = resample(_drawn, n_draws, arrays=(possible,), rng=rng)
    return Assignments(possible, possible.labels[codes], enumerated)


def _drawn(size: int, stream: np.random.Generator, possible: PossibleAssignments) -> np.ndarray:
    return possible.drawn(size, stream)
