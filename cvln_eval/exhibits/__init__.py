"""Numbered figures and tables; drawing and formatting only.

Each `plot_*` takes a result and returns an `Exhibit`; `exhibit_table` takes a frame. What they
draw prints as text with a digest of the data, so that a rerun that differs can be seen.
"""

from cvln_eval.exhibits.agreement_forest import plot_agreement_forest
from cvln_eval.exhibits.block_densities import plot_block_densities
from cvln_eval.exhibits.blockmodel import plot_blockmodel
from cvln_eval.exhibits.brokerage import plot_brokerage
from cvln_eval.exhibits.cluster_panel import plot_few_cluster_panel
from cvln_eval.exhibits.completion import plot_time_to_completion
from cvln_eval.exhibits.cooccurrence import plot_cooccurrence
from cvln_eval.exhibits.degree_bars import plot_degrees
from cvln_eval.exhibits.delta import plot_delta_shift
from cvln_eval.exhibits.digest import data_digest
from cvln_eval.exhibits.dose_lines import plot_dose_response
from cvln_eval.exhibits.dumbbells import plot_change_dumbbells
from cvln_eval.exhibits.ei_trajectory import plot_ei_trajectory
from cvln_eval.exhibits.exhibit import Exhibit
from cvln_eval.exhibits.flows import plot_growth, plot_roster_flow
from cvln_eval.exhibits.heatmaps import plot_attendance
from cvln_eval.exhibits.importance import plot_importance_performance
from cvln_eval.exhibits.invariance import plot_invariance
from cvln_eval.exhibits.item_map import plot_item_map
from cvln_eval.exhibits.joint_change import plot_joint_sessions
from cvln_eval.exhibits.ledger import plot_cells_by_rule, plot_ledger
from cvln_eval.exhibits.left_out import plot_leave_one_out
from cvln_eval.exhibits.likert import plot_likert
from cvln_eval.exhibits.lorenz import plot_lorenz
from cvln_eval.exhibits.measures import plot_measures
from cvln_eval.exhibits.permutation_null import plot_permutation_null
from cvln_eval.exhibits.pinning import pin
from cvln_eval.exhibits.power_curves import plot_power
from cvln_eval.exhibits.reliability import plot_reliability
from cvln_eval.exhibits.response_times import plot_response_times
from cvln_eval.exhibits.rosters import plot_role_balance, plot_team_makeup
from cvln_eval.exhibits.rubric import plot_rubric
from cvln_eval.exhibits.sessions import plot_coaching_dose, plot_returning, plot_sessions_held
from cvln_eval.exhibits.sizes import plot_size
from cvln_eval.exhibits.slopes import plot_paired_slopes
from cvln_eval.exhibits.sociograms import plot_sociograms
from cvln_eval.exhibits.tables import exhibit_table
from cvln_eval.exhibits.tie_flow import plot_tie_flow
from cvln_eval.exhibits.turnover import plot_change_by_status
from cvln_eval.exhibits.within_between import plot_within_between

__all__ = [
    "Exhibit",
    "data_digest",
    "exhibit_table",
    "pin",
    "plot_agreement_forest",
    "plot_attendance",
    "plot_block_densities",
    "plot_blockmodel",
    "plot_brokerage",
    "plot_cells_by_rule",
    "plot_change_by_status",
    "plot_change_dumbbells",
    "plot_coaching_dose",
    "plot_cooccurrence",
    "plot_degrees",
    "plot_delta_shift",
    "plot_dose_response",
    "plot_ei_trajectory",
    "plot_few_cluster_panel",
    "plot_growth",
    "plot_importance_performance",
    "plot_invariance",
    "plot_item_map",
    "plot_joint_sessions",
    "plot_leave_one_out",
    "plot_ledger",
    "plot_likert",
    "plot_lorenz",
    "plot_measures",
    "plot_paired_slopes",
    "plot_permutation_null",
    "plot_power",
    "plot_reliability",
    "plot_response_times",
    "plot_returning",
    "plot_role_balance",
    "plot_roster_flow",
    "plot_rubric",
    "plot_sessions_held",
    "plot_size",
    "plot_sociograms",
    "plot_team_makeup",
    "plot_tie_flow",
    "plot_time_to_completion",
    "plot_within_between",
]
