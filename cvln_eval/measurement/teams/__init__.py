"""Whether the members of a team agree enough to speak of the team."""

from cvln_eval.measurement.teams.aggregation import icc_aggregation
from cvln_eval.measurement.teams.aggregation_result import IccAggregation
from cvln_eval.measurement.teams.pseudo import pseudo_team_agreement
from cvln_eval.measurement.teams.pseudo_result import PseudoTeamAgreement
from cvln_eval.measurement.teams.table import team_agreement
from cvln_eval.measurement.teams.table_result import TeamAgreement
from cvln_eval.measurement.teams.within import within_group_agreement
from cvln_eval.measurement.teams.within_result import WithinGroupAgreement

__all__ = [
    "IccAggregation",
    "PseudoTeamAgreement",
    "TeamAgreement",
    "WithinGroupAgreement",
    "icc_aggregation",
    "pseudo_team_agreement",
    "team_agreement",
    "within_group_agreement",
]
