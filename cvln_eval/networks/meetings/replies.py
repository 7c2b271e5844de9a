"""Who replies to whom in an online community, over windows of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.networks.meetings.posts import Community, community
from cvln_eval.networks.panel import Network, NetworkPanel, network_panel, panel_of
from cvln_eval.networks.panel.building import ON_NO_ROSTER
from cvln_eval.participation.rosters import NOT_KNOWN
from cvln_eval.study.definition import Wave

__all__ = ["reply_network"]

RELATION = "reply"
ENDS = ["wave", "sender_id", "receiver_id"]
TIES = ["wave", "relation", "sender_id", "receiver_id", "strength"]
UNKNOWN_ADDRESSEE = "whom the post answers is not known"
# Wave, first moment, first moment after; without moments the whole wave.
Window = tuple[str, pd.Timestamp | None, pd.Timestamp | None]
NO_WINDOW = "without a time, or in no wave"


def reply_network(
    activity: pd.DataFrame,
    memberships: pd.DataFrame,
    *,
    days: int | None = None,
    step_days: int | None = None,
    waves: Iterable[Wave | str] | None = None,
    people: pd.DataFrame | None = None,
) -> NetworkPanel:
    """Return the networks of who replied to whom, one a wave or one a moving window.

    The strength of a tie is the number of replies; a post that answers two people is a reply to
    each. Windows of `days` days begin at midnight of a wave's first day and every `step_days`
    days after it, until all its days are in one; so the last may reach beyond its end.

    Parameters
    ----------
    activity : DataFrame
        `activity_id`, `person_id`; whom a post answers by `reply_to_person_id` (one row for each
        person it answers) or by `reply_to_id`, the post that it answers; `occurred_at` for
        windows. The wave from a column `wave`, or from `waves` with dates.
    memberships : DataFrame
        The rosters: `wave`, `person_id`, `team_id`. Who is on a wave's roster is in all its
        windows, whether they wrote or not.
    days, step_days : int, optional
        Width of the windows and from the start of one to that of the next; side by side if only
        `days` is given, one window a wave without both. Windows that overlap share replies and
        are not independent.
    waves : iterable of Wave or str, optional
        Which waves, in their order, such as `study.waves`.
    people : DataFrame, optional
        More about each person, by `person_id`.

    Returns
    -------
    NetworkPanel
        Directed, relation "reply", its waves the windows. What is posted is on record, so that
        everybody counts as having answered and silence is no tie. Kept apart and counted: answers
        to oneself (`self_ties`); replies to or of people on no roster of the wave, to nobody
        known, without a time or in no wave (`outside_ties`, the last two under their wave, which
        is no window); `strength` says how many. Without windows every reply is in one of these or
        in a network, once.

    Raises
    ------
    ArgumentError
        If a column is absent, a post has two authors, stands twice or is in no wave, nobody in a
        reply is on a roster, ids differ by case alone, the widths are no whole numbers of 1 or
        more, a step skips days, or there is no time to lay windows over.

    Examples
    --------
    >>> activity = pd.DataFrame({"activity_id": ["p1", "p2", "p3"], "person_id": ["a", "b", "b"],
    ...                          "reply_to_id": [None, "p1", "p1"]})
    >>> memberships = pd.DataFrame({"wave": "1", "person_id": ["a", "b"], "team_id": "x"})
    >>> network = reply_network(activity, memberships).network(wave="1", relation="reply")
    >>> network.ids[network.sender].tolist(), network.strength.tolist()
    (['b'], [2.0])
    """
    _refuse_widths(days, step_days)
    found = community(activity, memberships, waves=waves, people=people)
    windows: dict[str, Window] = {wave: (wave, None, None) for wave in found.waves}
    if days is not None:
        windows = dict(_windows(found, days, step_days or days))
        _refuse_no_window(windows)
    parts = [_within(found, label, *window) for label, window in windows.items()]
    ties = pd.concat(parts, ignore_index=True) if parts else found.replies.iloc[:0]
    rosters = [
        found.roster[found.roster["wave"] == wave].assign(wave=label)
        for label, (wave, _, _) in windows.items()
    ]
    panel = _panel(_counted(ties), rosters, list(windows))
    return _with_reasons(panel, _counted(_without(found, windowed=days is not None)))


def _refuse_widths(days: object, step_days: object) -> None:
    for name, value in (("days", days), ("step_days", step_days)):
        whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if value is not None and (not whole or value < 1):  # type: ignore[operator]
            raise ArgumentError(
                f"{name} is a number of days", expected="a whole number from 1 up", seen=repr(value)
            )
    if step_days is not None and (days is None or step_days > days):  # type: ignore[operator]
        raise ArgumentError(
            "Windows would leave days out",
            expected="step_days no more than days",
            seen=f"days={days!r}, step_days={step_days!r}",
        )


def _refuse_no_window(windows: dict[str, Window]) -> None:
    if not windows:
        raise ArgumentError(
            "There is nothing to lay windows over",
            expected="posts with a time in a wave, or waves with dates",
            seen="none",
            todo="leave out `days` for one network a wave",
        )


def _windows(found: Community, days: int, step: int) -> Iterator[tuple[str, Window]]:
    """Yield label, wave, first moment and first moment after each window."""
    for wave in found.waves:
        if wave not in found.starts:
            continue
        first = found.starts[wave].normalize()
        span = (found.ends[wave].normalize() - first).days + 1
        for place in range(max(0, -(-(span - days) // step)) + 1):
            start = first + pd.Timedelta(days=place * step)
            end = start + pd.Timedelta(days=days)
            last = end - pd.Timedelta(days=1)
            yield f"{wave}: {start:%Y-%m-%d} to {last:%Y-%m-%d}", (wave, start, end)


def _within(
    found: Community, label: str, wave: str, start: pd.Timestamp | None, end: pd.Timestamp | None
) -> pd.DataFrame:
    own = found.replies[found.replies["wave"] == wave]
    if start is not None:
        own = own[(own["occurred_at"] >= start) & (own["occurred_at"] < end)]
    return own.assign(wave=label)


def _without(found: Community, *, windowed: bool) -> pd.DataFrame:
    placed = found.replies["wave"] != ""
    return found.replies[~placed | (windowed & found.replies["occurred_at"].isna())]


def _counted(replies: pd.DataFrame) -> pd.DataFrame:
    named = replies.rename(columns={"person_id": "sender_id"})
    counted = named.groupby(ENDS, sort=False).size().rename("strength").reset_index()
    return counted.assign(relation=RELATION, strength=counted["strength"].astype(float))


def _panel(ties: pd.DataFrame, rosters: list[pd.DataFrame], windows: list[str]) -> NetworkPanel:
    """Return the panel; windows without a reply have a network without ties."""
    listed = pd.concat(rosters, ignore_index=True) if rosters else pd.DataFrame()
    ends = _on_roster(ties, listed)
    if not ends.all(axis=1).any():
        _refuse_strangers(ties, ends, listed)
        # All are kept apart; `network_panel` has no answer where no tie is between its people.
        none = panel_of(
            _empty(label, roster) for label, roster in zip(windows, rosters, strict=True)
        )
        apart = ties[TIES].astype(dict.fromkeys(ENDS, "str")).assign(reason=ON_NO_ROSTER)
        return replace(none, outside_ties=apart)
    asked = listed[["wave", "person_id"]].assign(instrument=RELATION, responded=True)
    return network_panel(ties, listed, asked, waves=windows)


def _on_roster(ties: pd.DataFrame, roster: pd.DataFrame) -> pd.DataFrame:
    """Return of each end of each reply whether it is on a roster."""
    return ties[ENDS[1:]].isin(set(roster["person_id"]) if len(roster) else ())


def _refuse_strangers(ties: pd.DataFrame, ends: pd.DataFrame, roster: pd.DataFrame) -> None:
    if len(ties) and not ends.any(axis=None):
        raise ArgumentError(
            "Nobody who replied or was answered is on a roster",
            expected=f"ids such as {shown(roster['person_id'])}",
            seen=shown(ties["sender_id"]),
            todo="give both tables the same ids",
        )


def _empty(label: str, roster: pd.DataFrame) -> Network:
    none = np.empty(0, dtype=np.intp)
    people = roster.drop(columns="wave").sort_values("person_id", ignore_index=True)
    answered = np.ones(len(people), dtype=bool)
    return Network(label, RELATION, people, none, none, none.astype(float), answered)


def _with_reasons(panel: NetworkPanel, unplaced: pd.DataFrame) -> NetworkPanel:
    apart = panel.outside_ties
    unknown = apart["receiver_id"] == NOT_KNOWN
    apart = apart.assign(reason=apart["reason"].mask(unknown, UNKNOWN_ADDRESSEE))
    if len(unplaced):
        more = unplaced.assign(reason=NO_WINDOW)[list(apart.columns)]
        apart = pd.concat([apart, more], ignore_index=True) if len(apart) else more
    return replace(panel, outside_ties=apart.reset_index(drop=True))
