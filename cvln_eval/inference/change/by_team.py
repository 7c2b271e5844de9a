"""Mean change of each team, of the people who answered in both of two waves."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.inference.change.answers import CLUSTERED
from cvln_eval.inference.change.means import Mean, clustered_mean, independent_mean, t_numbers
from cvln_eval.inference.change.occasions import NOBODY, Pairs, paired, read_scores, two_waves
from cvln_eval.inference.change.words import with_sign
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.measurement.tables import need_columns
from cvln_eval.results import Result, count

__all__ = ["TeamChange", "change_by_team"]

ALL = "all"
OWN = "people of the team independent, paired t"
COLUMNS = (
    "scale",
    "from_wave",
    "wave",
    "team_id",
    "n",
    "mean_before",
    "mean_after",
    "change",
    "std_error",
    "df",
    "conf_low",
    "conf_high",
    "conf_level",
    "n_clusters",
    "method",
    "reason",
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class TeamChange(Result):
    """Mean change team by team; see `change_by_team`.

    Attributes
    ----------
    rows : DataFrame
        One row a scale and team, and one for all teams.
    """

    rows: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a scale and team, the last of a scale for all teams."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: scales, teams, the smallest team, teams without an interval."""
        teams = self.rows[self.rows["team_id"] != ALL]
        return pd.DataFrame(
            {
                "n_scales": [self.rows["scale"].nunique()],
                "n_teams": [teams["team_id"].nunique()],
                "n_fewest": [int(teams["n"].min()) if len(teams) else 0],
                "n_not_known": [int(teams["conf_low"].isna().sum())],
            }
        )

    def sentence(self) -> str:
        """Return, for each scale, how many teams rose and the range of their changes."""
        groups = self.rows.groupby("scale", sort=False)
        return " ".join(_of(part) for _, part in groups)


def _of(part: pd.DataFrame) -> str:
    every, teams = part.iloc[-1], part.iloc[:-1].sort_values("change", kind="stable")
    waves = f"from {every['from_wave']} to {every['wave']}"
    if teams.empty:
        return f"Change of {every['scale']} by team {waves} is not available: {every['reason']}."
    rose = int((teams["change"] > 0).sum())
    low, high = teams.iloc[0], teams.iloc[-1]
    if len(teams) == 1:
        return (
            f"Mean {every['scale']} of those who answered twice changed {waves} by {_named(low)}, "
            "the one team."
        )
    return (
        f"Mean {every['scale']} of those who answered twice rose {waves} in {rose} of "
        f"{count(len(teams), 'team')}; the changes run from {_named(low)} to {_named(high)}."
    )


def _named(row: pd.Series) -> str:
    return f"{with_sign(row['change'])} ({row['team_id']}, n = {row['n']})"


def change_by_team(
    table: pd.DataFrame,
    *,
    waves: tuple[str, str],
    outcome: str = "score",
    person: str = "person_id",
    wave: str = "wave",
    team: str = "team_id",
    conf_level: float = 0.95,
) -> TeamChange:
    """Return both means and the mean change of each team, over the same people.

    Within a team the interval is that of the paired t, for this team and these waves, its people
    independent; the row "all" has the CR2 error with teams as clusters, as `paired_change`.

    Parameters
    ----------
    table : DataFrame
        As in `paired_change`.
    waves : tuple of str
        The earlier and the later wave.
    outcome : str
        Column of the scores.
    person, wave : str
        Columns that say who, and when.
    team : str
        Column of the teams; who changed team counts in that of the earlier wave.
    conf_level : float
        Level of the intervals, of each team by itself.

    Returns
    -------
    TeamChange
        `tidy` has `scale, from_wave, wave, team_id, n, mean_before, mean_after, change, std_error,
        df, conf_low, conf_high, conf_level, n_clusters, method, reason`. A team of which nobody
        answered twice has no row; one person, or changes all alike, have a change but no
        interval, with the reason.

    Raises
    ------
    ArgumentError
        As `paired_change`.

    Examples
    --------
    >>> scores = pd.DataFrame({"person_id": list("pqrs") * 2, "wave": ["y1"] * 4 + ["y2"] * 4,
    ...                        "team_id": list("AABB") * 2, "score": [3, 4, 2, 3, 4, 4, 4, 4.0]})
    >>> found = change_by_team(scores, waves=("y1", "y2")).tidy()
    >>> found[["team_id", "n", "change"]].values.tolist()
    [['A', 2, 0.5], ['B', 2, 1.5], ['all', 4, 1.0]]
    """
    refuse_level(conf_level)
    need_columns(table, [team], table="scores")
    rows = read_scores(table, outcome=outcome, person=person, wave=wave, team=team)
    everyone = paired(rows, two_waves(rows, waves), teams=True)
    found = [row for pairs in everyone for row in _rows(pairs, conf_level)]
    return TeamChange(pd.DataFrame(found, columns=list(COLUMNS)))


def _rows(pairs: Pairs, conf_level: float) -> list[dict[str, object]]:
    names, codes = np.unique(np.asarray(pairs.teams, dtype="str"), return_inverse=True)
    everybody, clustered = np.ones(len(codes), dtype=bool), clustered_mean(pairs.changes, codes)
    return [
        _row(
            pairs, codes == at, str(name), independent_mean(pairs.changes[codes == at]), conf_level
        )
        for at, name in enumerate(names)
    ] + [_row(pairs, everybody, ALL, clustered, conf_level) | {"n_clusters": len(names)}]


def _row(
    pairs: Pairs, members: np.ndarray, name: str, mean: Mean, conf_level: float
) -> dict[str, object]:
    n = int(members.sum())
    return pairs.named() | {
        "team_id": name,
        "n": n,
        "mean_before": float(pairs.first[members].mean()) if n else math.nan,
        "mean_after": float(pairs.last[members].mean()) if n else math.nan,
        "change": mean.estimate,
        **t_numbers(mean, conf_level),
        "conf_level": conf_level,
        "n_clusters": 1,
        "method": CLUSTERED if name == ALL else OWN,
        "reason": mean.reason if n else NOBODY,
    }
