"""People who meet: at sessions, and in an online community."""

from cvln_eval.networks.meetings.affiliation import Affiliation, Crossing, affiliation
from cvln_eval.networks.meetings.co_attendance import CoAttendance, co_attendance
from cvln_eval.networks.meetings.expected import ExpectedCoAttendance, expected_co_attendance
from cvln_eval.networks.meetings.joint import JointSessions, joint_sessions

__all__ = [
    "Affiliation",
    "CoAttendance",
    "Crossing",
    "ExpectedCoAttendance",
    "JointSessions",
    "affiliation",
    "co_attendance",
    "expected_co_attendance",
    "joint_sessions",
]
