"""How many planned sessions were held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.participation.intervals import share_with_interval
from cvln_eval.participation.rosters import ALL, as_text, need
from cvln_eval.results import Result, count, level_in_words, proportion

__all__ = ["SessionsHeld", "sessions_held"]

STATUSES = ("held", "postponed", "cancelled", "planned")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SessionsHeld(Result):
    """Planned against held; see `sessions_held`.

    Attributes
    ----------
    counts : DataFrame
        One row a group, with the Wilson interval of the share held.
    """

    counts: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a group."""
        return self.counts.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row for all sessions."""
        return self.counts[self.counts["by"] == ALL].reset_index(drop=True)

    def sentence(self) -> str:
        """Return the share held in all and in each group."""
        row = self.glance().iloc[0]
        if row["reason"]:
            return f"The share of sessions held is not available: {row['reason']}."
        groups = self.counts[(self.counts["by"] != ALL) & (self.counts["n"] > 0)]
        parts = [
            f"{str(row['group']).replace('_', ' ')} {row['n_held']} of {row['n']}"
            for row in groups.to_dict("records")
        ]
        level = level_in_words(row["conf_level"])
        bounds = f"{level} CI [{proportion(row['conf_low'])}, {proportion(row['conf_high'])}]"
        detail = f": {'; '.join(parts)}" if parts else ""
        return (
            f"Of {count(int(row['n']), 'session')} whose fate is known, {row['n_held']} "
            f"({proportion(row['share_held'])}, {bounds}) were held{detail}."
        )


def sessions_held(
    sessions: pd.DataFrame, *, by: str | Sequence[str] = "kind", conf_level: float = 0.95
) -> SessionsHeld:
    """Count sessions held, postponed and cancelled, with the share held.

    The share is of sessions whose fate is known: one that is still planned is counted beside
    them, in `n_planned`, and not in `n`.

    Parameters
    ----------
    sessions : DataFrame
        The study's sessions.
    by : str or sequence of str
        Columns to group by, each on its own: `kind`, `mode`, `wave`. A missing group counts as
        "not known".
    conf_level : float
        Level of the Wilson interval.

    Returns
    -------
    SessionsHeld
        A group without any session whose fate is known has a share of nan, with a reason. The
        interval treats sessions as independent; those of one host, or of one week of snow, are
        not, and then it is too narrow.

    Raises
    ------
    ArgumentError
        If a column is absent or a status is none of held, postponed, cancelled, planned.
    """
    groups = [by] if isinstance(by, str) else list(by)
    need(sessions, ["session_id", "status", *groups], table="sessions")
    status = sessions["status"].astype("str")
    strange = sorted(set(status[~status.isin(STATUSES)].fillna("missing")))
    if strange:
        raise ArgumentError(
            "Unknown status of a session", expected=shown(STATUSES), seen=shown(strange)
        )
    parts = [pd.DataFrame({"by": ALL, "group": ALL, "status": status})]
    parts += [
        pd.DataFrame({"by": name, "group": as_text(sessions[name]), "status": status})
        for name in groups
    ]
    counted = [_counted(part, at, groups) for at, part in enumerate(parts)]
    return SessionsHeld(_with_share(pd.concat(counted, ignore_index=True), conf_level))


def _counted(part: pd.DataFrame, at: int, groups: list[str]) -> pd.DataFrame:
    """Count the statuses of each group; the whole keeps its row of zeros in an empty table."""
    table = pd.crosstab(part["group"], part["status"])
    table = table.reindex(columns=list(STATUSES), fill_value=0)
    if at == 0:
        table = table.reindex([ALL], fill_value=0)
    table.columns = pd.Index([f"n_{status}" for status in STATUSES])
    return table.rename_axis("group").reset_index().assign(by=[ALL, *groups][at])


def _with_share(counts: pd.DataFrame, conf_level: float) -> pd.DataFrame:
    counts["n"] = counts[["n_held", "n_postponed", "n_cancelled"]].sum(axis=1)
    share = share_with_interval(
        counts["n_held"], counts["n"], share="share_held", conf_level=conf_level
    )
    counts = counts.join(share).assign(conf_level=conf_level)
    counts["reason"] = ["" if n else "no session whose fate is known" for n in counts["n"]]
    wanted = ["by", "group", "n", "n_held", "n_postponed", "n_cancelled", "n_planned"]
    return counts[[*wanted, "share_held", "conf_low", "conf_high", "conf_level", "reason"]]
