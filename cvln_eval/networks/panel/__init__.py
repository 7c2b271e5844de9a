"""Networks in waves: who was there, who answered, who named whom."""

from cvln_eval.networks.panel.building import network_panel
from cvln_eval.networks.panel.network import Network
from cvln_eval.networks.panel.panel import NetworkPanel, networks_of, panel_of
from cvln_eval.networks.panel.symmetric import symmetrised

__all__ = ["Network", "NetworkPanel", "network_panel", "networks_of", "panel_of", "symmetrised"]
