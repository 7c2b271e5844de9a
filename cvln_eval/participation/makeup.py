"""How large the teams are and who is in them, wave by wave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.participation.rosters import ALL, as_text, grouped_roster, wave_labels
from cvln_eval.results import Result, count
from cvln_eval.study.definition import Wave

__all__ = ["TeamMakeup", "team_makeup"]

MAKEUP_COLUMNS = ("wave", "team_id", "by", "group", "n", "n_team", "share")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class TeamMakeup(Result):
    """Size and make-up of the teams; see `team_makeup`.

    Attributes
    ----------
    waves : mapping
        Id to label of the waves, in order.
    makeup : DataFrame
        One row a wave, team, way of grouping and group; the network as a whole is team "all".
    """

    waves: Mapping[str, str]
    makeup: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a wave, team, way of grouping and group."""
        return self.makeup.copy()

    def sizes(self) -> pd.DataFrame:
        """Return the size of each team in each wave."""
        sizes = self.makeup[["wave", "team_id", "n_team"]].drop_duplicates(["wave", "team_id"])
        return sizes.reset_index(drop=True)

    def glance(self) -> pd.DataFrame:
        """Return one row: teams, waves, the smallest and the largest team, first and last size."""
        sizes = self.sizes()
        teams = sizes[(sizes["team_id"] != ALL) & (sizes["n_team"] > 0)]
        whole = sizes[sizes["team_id"] == ALL]["n_team"].tolist() or [0]
        return pd.DataFrame(
            {
                "n": [whole[-1]],
                "n_waves": [len(self.waves)],
                "n_teams": [teams["team_id"].nunique()],
                "n_first": [whole[0]],
                "n_last": [whole[-1]],
                "size_min": [int(teams["n_team"].min()) if len(teams) else 0],
                "size_max": [int(teams["n_team"].max()) if len(teams) else 0],
                "reason": ["" if len(teams) else "the roster is empty"],
            }
        )

    def sentence(self) -> str:
        """Return the sizes of the teams and of the network at the first and the last wave."""
        row = self.glance().iloc[0]
        if row["reason"]:
            return f"The make-up of the teams is not available: {row['reason']}."
        labels = list(self.waves.values())
        first, last = labels[0], labels[-1]
        return (
            f"The network's {count(int(row['n_teams']), 'team')} had {row['size_min']} to "
            f"{row['size_max']} members each and went from {count(int(row['n_first']), 'leader')} "
            f"in all ({first}) to {row['n_last']} ({last})."
        )


def team_makeup(
    memberships: pd.DataFrame,
    *,
    waves: Iterable[Wave | str],
    people: pd.DataFrame | None = None,
    by: Sequence[str] | None = None,
) -> TeamMakeup:
    """Count the members of each team and wave, by level, role or another group.

    Parameters
    ----------
    memberships : DataFrame
        The study's memberships; other waves than those named are left out.
    waves : iterable of Wave or str
        The waves in order.
    people : DataFrame, optional
        The study's people, for groups such as `level`.
    by : sequence of str, optional
        Columns to group by; by default `level` and `role` where they are there. A missing group
        counts as "not known".

    Returns
    -------
    TeamMakeup
        Every team has every group in every wave, with 0 where nobody is. The share in a team
        that had no members in a wave is nan. An empty table gives an empty result and a reason.

    Raises
    ------
    ArgumentError
        If a column is absent, a wave has no roster, or a person stands twice on one roster.
    """
    labels = wave_labels(waves)
    roster = grouped_roster(memberships, people, waves=labels)
    groups = [name for name in ("level", "role") if name in roster] if by is None else list(by)
    absent = [name for name in groups if name not in roster.columns]
    if absent or not groups:
        raise ArgumentError(
            "Cannot group the roster",
            expected=f"by = columns among {shown(roster.columns)}",
            seen=shown(absent) or "no group",
        )
    parts = [_counted(roster, name, list(labels)) for name in groups]
    return TeamMakeup(labels, pd.concat(parts, ignore_index=True)[list(MAKEUP_COLUMNS)])


def _counted(roster: pd.DataFrame, by: str, waves: list[str]) -> pd.DataFrame:
    """Count one way of grouping over the full grid of waves, teams and groups."""
    plain = pd.DataFrame(
        {
            "wave": roster["wave"],
            "team_id": as_text(roster["team_id"]),
            "group": as_text(roster[by]),
        }
    )
    both = pd.concat([plain, plain.assign(team_id=ALL)], ignore_index=True)
    teams = sorted(set(plain["team_id"]))
    grid = pd.MultiIndex.from_product(
        [waves if len(plain) else [], [*teams, ALL], sorted(set(plain["group"]))],
        names=["wave", "team_id", "group"],
    )
    n = both.groupby(grid.names).size().reindex(grid, fill_value=0).rename("n").reset_index()
    n["n_team"] = n.groupby(["wave", "team_id"])["n"].transform("sum")
    return n.assign(by=by, share=n["n"] / n["n_team"].where(n["n_team"] > 0))
