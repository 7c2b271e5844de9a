"""How long what was planned takes, how much of it is reached in time, and what it saves."""

from cvln_eval.inference.timing.compared import CompletionComparison
from cvln_eval.inference.timing.comparing import compare_completion
from cvln_eval.inference.timing.completion import time_to_completion
from cvln_eval.inference.timing.hours import HoursSaved, hours_saved
from cvln_eval.inference.timing.lasting import TimeToCompletion
from cvln_eval.inference.timing.punctual import OnTime, on_time_share
from cvln_eval.inference.timing.times import MilestoneTimes, milestone_times

__all__ = [
    "CompletionComparison",
    "HoursSaved",
    "MilestoneTimes",
    "OnTime",
    "TimeToCompletion",
    "compare_completion",
    "hours_saved",
    "milestone_times",
    "on_time_share",
    "time_to_completion",
]
