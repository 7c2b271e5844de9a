"""Which teams a session was meant for."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.participation.rosters import need

__all__ = ["session_audience"]

RULES = ("host", "pair", "region")


def session_audience(
    sessions: pd.DataFrame, teams: pd.DataFrame, *, meant_for: Mapping[str, str]
) -> pd.DataFrame:
    """List the teams each session was meant for, by the kind of the session.

    Parameters
    ----------
    sessions, teams : DataFrame
        The study's tables.
    meant_for : mapping
        Kind of session to whom it was meant for: `host` (the team that hosts), `pair` (host and
        `partner_team_id`), `region` (all teams of the host's region), or an arm of teams. Kinds
        that are left out were meant for all.

    Returns
    -------
    DataFrame
        `session_id` and `team_id`, for `attendance_share(..., audience=)`. A session whose host
        or region is missing stands there with a missing team: nobody is known to be expected.

    Raises
    ------
    ArgumentError
        If a column is absent, or a kind or a rule is unknown.
    """
    need(sessions, ("session_id", "kind"), table="sessions")
    need(teams, ("team_id", "arm"), table="teams")
    kinds, arms = set(sessions["kind"].astype("str")), set(teams["arm"].astype("str"))
    if strange := sorted(set(meant_for) - kinds):
        raise ArgumentError("Unknown kind of session", expected=shown(kinds), seen=shown(strange))
    if strange := sorted(set(meant_for.values()) - arms - set(RULES)):
        raise ArgumentError(
            "Unknown audience", expected=shown([*RULES, *sorted(arms)]), seen=shown(strange)
        )
    parts = [
        _of_kind(sessions[sessions["kind"] == kind], teams, rule)
        for kind, rule in meant_for.items()
    ]
    empty = pd.DataFrame({"session_id": [], "team_id": []}, dtype="str")
    listed = pd.concat([empty, *parts], ignore_index=True).drop_duplicates()
    return listed.sort_values(["session_id", "team_id"], ignore_index=True)


def _of_kind(sessions: pd.DataFrame, teams: pd.DataFrame, rule: str) -> pd.DataFrame:
    own = sessions[["session_id"]].astype("str")
    known = teams.assign(team_id=teams["team_id"].astype("str"))
    if rule in RULES:
        need(sessions, ("host_team_id",), table="sessions")
        own = own.assign(team_id=sessions["host_team_id"].astype("str"))
    if rule == "pair":
        need(sessions, ("partner_team_id",), table="sessions")
        second = own.assign(team_id=sessions["partner_team_id"].astype("str"))
        return pd.concat([own, second[second["team_id"].notna()]])
    if rule == "region":
        need(teams, ("region",), table="teams")
        placed = known[["team_id", "region"]].dropna()
        host = own.merge(placed, on="team_id", how="left")[["session_id", "region"]]
        return host.merge(placed, on="region", how="left")[["session_id", "team_id"]]
    if rule == "host":
        return own
    return own.merge(known.loc[known["arm"] == rule, ["team_id"]], how="cross")
