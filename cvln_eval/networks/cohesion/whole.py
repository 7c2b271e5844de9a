"""All measures of a network as a whole, in one table."""

from __future__ import annotations

from cvln_eval.networks.cohesion.components import components_of, isolates_of
from cvln_eval.networks.cohesion.degrees import degrees_of
from cvln_eval.networks.cohesion.distances import distances_of
from cvln_eval.networks.cohesion.dyads import densities_of, dyads_of, reciprocities_of
from cvln_eval.networks.cohesion.krackhardt import krackhardt_of
from cvln_eval.networks.cohesion.result import Quantity, Structure, measured
from cvln_eval.networks.cohesion.triads import transitivities_of, triads_of
from cvln_eval.networks.panel import Network, NetworkPanel

__all__ = ["structure"]

PARTS = (
    densities_of,
    degrees_of,
    isolates_of,
    reciprocities_of,
    dyads_of,
    transitivities_of,
    triads_of,
    components_of,
    distances_of,
    krackhardt_of,
)


def structure(panel: NetworkPanel | Network) -> Structure:
    """Return all measures of whole networks in one table.

    They are those of `density`, `degree_distribution` (means and standard deviations),
    `isolates`, `reciprocity`, `dyad_census`, `transitivity`, `triad_census`, `components`,
    `distances` and `krackhardt`, each as its function defines it.

    Parameters
    ----------
    panel : NetworkPanel or Network
        The networks.

    Returns
    -------
    Structure
        One row a network and measure, in `convention` how it is defined and what becomes of
        people who did not answer, in `reason` why there is no value where there is none.

    Raises
    ------
    ArgumentError
        If it is neither a panel nor a network.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c"]})
    >>> network = Network("1", "advice", people, sender=np.array([0, 1]),
    ...                   receiver=np.array([1, 2]), strength=np.ones(2),
    ...                   answered=np.ones(3, dtype=bool))
    >>> found = structure(network)
    >>> found.tidy().set_index("measure")["value"].round(2)[["density", "diameter"]].to_dict()
    {'density': 0.33, 'diameter': 2.0}
    """
    return measured(
        panel, _all, headline=("density", "reciprocity_arcs", "transitivity", "mean_distance")
    )


def _all(network: Network) -> dict[str, Quantity]:
    found: dict[str, Quantity] = {}
    for part in PARTS:
        found |= part(network)
    return found
