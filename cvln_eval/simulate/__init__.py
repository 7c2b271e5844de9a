"""Data-generating processes with known truth, and the untidy raw files made from them.

Everything these functions make is simulated: no person, school, district or outcome in it is real.
"""

from cvln_eval.simulate.cvln import simulate_cvln
from cvln_eval.simulate.factor_answers import simulate_factor_answers
from cvln_eval.simulate.large import simulate_large
from cvln_eval.simulate.rated import simulate_codings, simulate_ratings
from cvln_eval.simulate.studies import SimulatedStudy, write_study
from cvln_eval.simulate.team_answers import simulate_team_answers
from cvln_eval.simulate.virginia import simulate_virginia

__all__ = [
    "SimulatedStudy",
    "simulate_codings",
    "simulate_cvln",
    "simulate_factor_answers",
    "simulate_large",
    "simulate_ratings",
    "simulate_team_answers",
    "simulate_virginia",
    "write_study",
]
