"""Every defensible answer for few clusters, side by side, and how often each errs."""

from cvln_eval.inference.panel.panel import FewClusterPanel, few_cluster_panel
from cvln_eval.inference.panel.size import SimulatedSize, simulated_size

__all__ = ["FewClusterPanel", "SimulatedSize", "few_cluster_panel", "simulated_size"]
