"""Density, reciprocity and the dyad census."""

from __future__ import annotations

import numpy as np

from cvln_eval.networks.cohesion.answering import among_answered
from cvln_eval.networks.cohesion.census import dyad_counts
from cvln_eval.networks.cohesion.result import NO_DIRECTION, Quantity, Structure, measured
from cvln_eval.networks.panel import Network, NetworkPanel

__all__ = ["densities_of", "density", "dyad_census", "dyads_of", "reciprocities_of", "reciprocity"]


def density(panel: NetworkPanel | Network) -> Structure:
    """Return the share of pairs that are tied, over the pairs that could be answered.

    `density` = ties / pairs, `valued_density` = sum of strengths / pairs.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Ties without a direction count once, as their pairs do.

    Returns
    -------
    Structure
        A pair counts if it would be known whichever way it had turned out: where its sender
        answered, of undirected ties where both did. (By the rule "either" a tie with somebody who
        did not answer is known only because it is one; it is left out.) Ties without a strength
        are left out of the valued density, from both its parts. A network of no or one person,
        or in which nobody answered, has nan with the reason; one without ties has 0.

    Raises
    ------
    ArgumentError
        If it is neither a panel nor a network.

    References
    ----------
    Wasserman, S., & Faust, K. (1994). Social network analysis, pp. 101, 129, 143. Cambridge
    University Press. Agrees with `sna::gden` and, valued, `sna::gden(ignore.eval=FALSE)`.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c"]})
    >>> network = Network("1", "advice", people, sender=np.array([0, 1]),
    ...                   receiver=np.array([1, 2]), strength=np.array([3.0, 1.0]),
    ...                   answered=np.array([True, True, False]))
    >>> density(network).tidy()[["measure", "value", "numerator", "denominator"]]
              measure  value  numerator  denominator
    0         density    0.5        2.0          4.0
    1  valued_density    1.0        4.0          4.0
    """
    return measured(panel, densities_of, headline=("density",))


def densities_of(network: Network) -> dict[str, Quantity]:
    """Return density and valued density of one network."""
    told = network.answerable()
    strength, pairs = told.strength, told.n_dyads()
    without = int(np.isnan(strength).sum())
    return {
        "density": (len(strength), pairs),
        "valued_density": (float(np.nansum(strength)), pairs - without),
    }


def reciprocity(panel: NetworkPanel | Network) -> Structure:
    """Return how far ties are mutual, by the three conventions that go by that name.

    With M mutual, A asymmetric and N null dyads: `reciprocity_arcs` = 2M / (2M + A), the share of
    arcs that are returned; `reciprocity_dyads` = M / (M + A), the share of tied dyads that are
    mutual; `symmetry` = (M + N) / (M + A + N), which is high in every sparse network.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Networks with directed ties.

    Returns
    -------
    Structure
        Over dyads both of whose ends answered. Without such arcs the first two are nan with the
        reason, as all three are if ties have no direction or fewer than two people answered.

    Raises
    ------
    ArgumentError
        If it is neither a panel nor a network.

    References
    ----------
    Wasserman, S., & Faust, K. (1994). Social network analysis, pp. 514-519. Cambridge University
    Press. Agrees with `sna::grecip` (`measure="edgewise"`, `"dyadic.nonnull"` and `"dyadic"`) and
    `igraph::reciprocity` (`mode="default"` and `"ratio"`).

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c"]})
    >>> network = Network("1", "advice", people, sender=np.array([0, 1, 1]),
    ...                   receiver=np.array([1, 0, 2]), strength=np.ones(3),
    ...                   answered=np.ones(3, dtype=bool))
    >>> print(reciprocity(network).sentence())
    The network of advice in wave 1 had arc reciprocity 0.67 (2 / 3 arcs) and dyad reciprocity \
0.50 (1 / 2 tied dyads).
    """
    return measured(panel, reciprocities_of, headline=("reciprocity_arcs", "reciprocity_dyads"))


def reciprocities_of(network: Network) -> dict[str, Quantity]:
    """Return the three reciprocities of one network."""
    if not network.directed:
        return dict.fromkeys(("reciprocity_arcs", "reciprocity_dyads", "symmetry"), NO_DIRECTION)
    mutual, asymmetric, null = dyad_counts(among_answered(network))
    return {
        "reciprocity_arcs": (2 * mutual, 2 * mutual + asymmetric),
        "reciprocity_dyads": (mutual, mutual + asymmetric),
        "symmetry": (mutual + null, mutual + asymmetric + null),
    }


def dyad_census(panel: NetworkPanel | Network) -> Structure:
    """Count the pairs of people that are tied both ways, one way, or not.

    Parameters
    ----------
    panel : NetworkPanel or Network
        An undirected tie counts as mutual.

    Returns
    -------
    Structure
        Over pairs who both answered; `dyads_not_known` counts the others, so that the four add up
        to n(n - 1) / 2. Networks in which nobody answered have nan with the reason.

    Raises
    ------
    ArgumentError
        If it is neither a panel nor a network.

    References
    ----------
    Holland, P. W., & Leinhardt, S. (1970). A method for detecting structure in sociometric data.
    American Journal of Sociology, 76, 492-513. Agrees with `sna::dyad.census`.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c", "d"]})
    >>> network = Network("1", "advice", people, sender=np.array([0, 1, 1]),
    ...                   receiver=np.array([1, 0, 2]), strength=np.ones(3),
    ...                   answered=np.array([True, True, True, False]))
    >>> dyad_census(network).tidy().set_index("measure")["value"].to_dict()
    {'dyads_mutual': 1.0, 'dyads_asymmetric': 1.0, 'dyads_null': 1.0, 'dyads_not_known': 3.0}
    """
    return measured(panel, dyads_of, headline=("dyads_mutual", "dyads_asymmetric", "dyads_null"))


def dyads_of(network: Network) -> dict[str, Quantity]:
    """Return the dyad census of one network."""
    mutual, asymmetric, null = dyad_counts(among_answered(network))
    pairs = network.n * (network.n - 1) // 2
    return {
        "dyads_mutual": mutual,
        "dyads_asymmetric": asymmetric,
        "dyads_null": null,
        "dyads_not_known": pairs - mutual - asymmetric - null,
    }
