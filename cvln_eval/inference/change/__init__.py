"""Change between waves: of people who stayed, of a roster that turned over, and of families."""

from cvln_eval.inference.change.by_team import TeamChange, change_by_team
from cvln_eval.inference.change.decompose import Decomposition, decompose_change
from cvln_eval.inference.change.families import AdjustedTests, adjust_family
from cvln_eval.inference.change.occasions import with_teams
from cvln_eval.inference.change.paired import PairedChange, paired_change
from cvln_eval.inference.change.ranks import RankChange, rank_change
from cvln_eval.inference.change.reliable import ReliableChange, reliable_change
from cvln_eval.inference.change.shares import ShareChange, share_change
from cvln_eval.inference.change.status import ChangeByStatus, change_by_status

__all__ = [
    "AdjustedTests",
    "ChangeByStatus",
    "Decomposition",
    "PairedChange",
    "RankChange",
    "ReliableChange",
    "ShareChange",
    "TeamChange",
    "adjust_family",
    "change_by_status",
    "change_by_team",
    "decompose_change",
    "paired_change",
    "rank_change",
    "reliable_change",
    "share_change",
    "with_teams",
]
