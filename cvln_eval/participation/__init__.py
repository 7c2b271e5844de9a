"""Who takes part: rosters, flows, attendance, coaching dose, sessions held.

Each function takes the study's tables and returns a result; none knows a file or an axis.
"""

from cvln_eval.participation.attendance import AttendanceShare, attendance_share
from cvln_eval.participation.audience import session_audience
from cvln_eval.participation.balance import (
    RoleBalance,
    blau_index,
    pielou_evenness,
    role_balance,
    shannon_entropy,
)
from cvln_eval.participation.dose import CoachingDose, coaching_dose
from cvln_eval.participation.flow import RosterFlow, roster_flow
from cvln_eval.participation.held import SessionsHeld, sessions_held
from cvln_eval.participation.intervals import wilson_interval
from cvln_eval.participation.makeup import TeamMakeup, team_makeup
from cvln_eval.participation.returning import (
    Applications,
    ReturningLeaders,
    applications_by_cohort,
    returning_leaders,
)

__all__ = [
    "Applications",
    "AttendanceShare",
    "CoachingDose",
    "ReturningLeaders",
    "RoleBalance",
    "RosterFlow",
    "SessionsHeld",
    "TeamMakeup",
    "applications_by_cohort",
    "attendance_share",
    "blau_index",
    "coaching_dose",
    "pielou_evenness",
    "returning_leaders",
    "role_balance",
    "roster_flow",
    "session_audience",
    "sessions_held",
    "shannon_entropy",
    "team_makeup",
    "wilson_interval",
]
