"""What a network is like as a whole: how dense, how mutual, how closed, how far apart."""

from cvln_eval.networks.cohesion.components import Components, components, isolates
from cvln_eval.networks.cohesion.degrees import DegreeDistribution, degree_distribution
from cvln_eval.networks.cohesion.distances import distances
from cvln_eval.networks.cohesion.dyads import density, dyad_census, reciprocity
from cvln_eval.networks.cohesion.krackhardt import krackhardt
from cvln_eval.networks.cohesion.result import Structure
from cvln_eval.networks.cohesion.triads import transitivity, triad_census
from cvln_eval.networks.cohesion.whole import structure

__all__ = [
    "Components",
    "DegreeDistribution",
    "Structure",
    "components",
    "degree_distribution",
    "density",
    "distances",
    "dyad_census",
    "isolates",
    "krackhardt",
    "reciprocity",
    "structure",
    "transitivity",
    "triad_census",
]
