"""The result of `reliable_change`: shares of people up and down, and who they are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from cvln_eval.inference.change.words import people_in_teams
from cvln_eval.results import Result, level_in_words, number, proportion

__all__ = ["DOWN", "UP", "ReliableChange"]

UP, DOWN = "up", "down"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ReliableChange(Result):
    """Reliable change of people; see `reliable_change`.

    Attributes
    ----------
    rows : DataFrame
        One row a scale, verdict and method of the interval.
    changes : DataFrame
        One row a scale and person.
    default : str
        The method of the interval in the sentence.
    """

    rows: pd.DataFrame
    changes: pd.DataFrame
    default: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a scale, verdict and method of the interval."""
        return self.rows.copy()

    def people(self) -> pd.DataFrame:
        """Return one row a scale and person: both scores, change, index, verdict."""
        return self.changes.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: scales, people, and verdicts over all scales."""
        verdicts = self.changes["verdict"].value_counts()
        return pd.DataFrame(
            {
                "n_scales": [self.rows["scale"].nunique()],
                "n_persons": [self.changes["person_id"].nunique()],
                "n_up": [int(verdicts.get(UP, 0))],
                "n_down": [int(verdicts.get(DOWN, 0))],
                "n_not_known": [int(verdicts.get("", 0))],
                "conf_level": [self.rows["conf_level"].iloc[0]],
            }
        )

    def sentence(self) -> str:
        """Return, for each scale, the shares of people reliably up and down."""
        kept = self.rows[self.rows["method"] == self.default]
        groups = kept.groupby("scale", sort=False)
        return " ".join(
            _of({row["verdict"]: row for _, row in part.iterrows()}) for _, part in groups
        )


def _of(part: dict[str, pd.Series]) -> str:
    up, down = part[UP], part[DOWN]
    waves = f"from {up['from_wave']} to {up['wave']}"
    if math.isnan(up["share_of_pairs"]):
        return f"Reliable change of {up['scale']} {waves} is not available: {up['reason']}."
    who = people_in_teams(int(up["n_persons"]), up["n_clusters"])
    return (
        f"Of the {who} who answered {up['scale']} in both waves ({waves}), {_share(up)} rose and "
        f"{_share(down)} fell by more than the scale's error explains "
        f"({number(up['least_change'])} points at a reliability of {number(up['reliability'])}); "
        f"{up['method']}."
    )


def _share(row: pd.Series) -> str:
    said = f"{row['n']} ({proportion(row['share_of_pairs'])}"
    if math.isnan(row["conf_low"]):
        return f"{said}; no interval: {row['reason']})"
    bounds = f"[{proportion(row['conf_low'])}, {proportion(row['conf_high'])}]"
    return f"{said}, {level_in_words(row['conf_level'])} CI {bounds})"
