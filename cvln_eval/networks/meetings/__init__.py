"""People who meet: at sessions, and in an online community."""

from cvln_eval.networks.meetings.affiliation import Affiliation, Crossing, affiliation
from cvln_eval.networks.meetings.co_attendance import CoAttendance, co_attendance
from cvln_eval.networks.meetings.expected import ExpectedCoAttendance, expected_co_attendance
from cvln_eval.networks.meetings.inequality import (
    ParticipationInequality,
    participation_inequality,
)
from cvln_eval.networks.meetings.joint import JointSessions, joint_sessions
from cvln_eval.networks.meetings.reach import Reach, reach
from cvln_eval.networks.meetings.replies import reply_network
from cvln_eval.networks.meetings.response import ResponseTimes, response_times

__all__ = [
    "Affiliation",
    "CoAttendance",
    "Crossing",
    "ExpectedCoAttendance",
    "JointSessions",
    "ParticipationInequality",
    "Reach",
    "ResponseTimes",
    "affiliation",
    "co_attendance",
    "expected_co_attendance",
    "joint_sessions",
    "participation_inequality",
    "reach",
    "reply_network",
    "response_times",
]
