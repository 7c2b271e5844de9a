"""What people say and raters see: themes, values, modes of learning, rubric, plans, practices."""

from cvln_eval.measurement.contents.communication import CommunicationPlans, communication_plan
from cvln_eval.measurement.contents.consensus import ValuesConsensus, values_consensus
from cvln_eval.measurement.contents.consensus_change import ConsensusChange, consensus_change
from cvln_eval.measurement.contents.cooccurrence import ThemeCooccurrence, theme_cooccurrence
from cvln_eval.measurement.contents.modes import ImportancePerformance, importance_performance
from cvln_eval.measurement.contents.practices import PracticeConsistency, practice_consistency
from cvln_eval.measurement.contents.rubric import RubricLevels, rubric_levels
from cvln_eval.measurement.contents.themes import ThemeFrequencies, theme_frequencies
from cvln_eval.measurement.contents.vision import VisionChecklist, vision_checklist

__all__ = [
    "CommunicationPlans",
    "ConsensusChange",
    "ImportancePerformance",
    "PracticeConsistency",
    "RubricLevels",
    "ThemeCooccurrence",
    "ThemeFrequencies",
    "ValuesConsensus",
    "VisionChecklist",
    "communication_plan",
    "consensus_change",
    "importance_performance",
    "practice_consistency",
    "rubric_levels",
    "theme_cooccurrence",
    "theme_frequencies",
    "values_consensus",
    "vision_checklist",
]
