"""Networks to and from other programs, with who did not answer kept."""

from cvln_eval.networks.exchange.adjacency import read_adjacency, write_adjacency
from cvln_eval.networks.exchange.dl_reading import read_dl
from cvln_eval.networks.exchange.dl_writing import write_dl
from cvln_eval.networks.exchange.edge_lists import read_edge_list, write_edge_list
from cvln_eval.networks.exchange.ergm import write_ergm
from cvln_eval.networks.exchange.graphml import read_graphml, write_graphml
from cvln_eval.networks.exchange.graphs import from_networkx, to_networkx
from cvln_eval.networks.exchange.siena import SienaData, siena_data
from cvln_eval.networks.exchange.siena_files import write_siena

__all__ = [
    "SienaData",
    "from_networkx",
    "read_adjacency",
    "read_dl",
    "read_edge_list",
    "read_graphml",
    "siena_data",
    "to_networkx",
    "write_adjacency",
    "write_dl",
    "write_edge_list",
    "write_ergm",
    "write_graphml",
    "write_siena",
]
