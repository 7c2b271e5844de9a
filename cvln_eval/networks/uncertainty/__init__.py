"""How far a network could be from what is known of it: non-response, and chance of who is in it."""

from cvln_eval.networks.uncertainty.bounds import NonResponseBounds, non_response_bounds
from cvln_eval.networks.uncertainty.vertices import VertexBootstrap, vertex_bootstrap

__all__ = ["NonResponseBounds", "VertexBootstrap", "non_response_bounds", "vertex_bootstrap"]
