"""The simulated Virginia study: divisions, leaders, sessions, ties, plans and competencies.

The structure follows what is published of the Virginia Leads Innovation Network: about 180 leaders
of 25 divisions in the current cohort, who apply alone, as a division or as two divisions together.
Everything else is simulated: no division, leader or outcome in it is real.
"""

from __future__ import annotations

from cvln_eval.simulate.virginia.effects import VirginiaEffects
from cvln_eval.simulate.virginia.simulation import simulate_virginia

__all__ = ["VirginiaEffects", "simulate_virginia"]
