"""An online community as it is read: posts in waves, and whom each answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.tables import names_in, need_columns, refuse_missing
from cvln_eval.networks.panel.reading import refuse_ids_that_differ_by_case
from cvln_eval.participation.rosters import NOT_KNOWN, grouped_roster, wave_labels
from cvln_eval.study.definition import Wave

__all__ = ["Community", "community"]

LINKS = ("reply_to_person_id", "reply_to_id")
FIRST, LAST = pd.Timestamp("1700-01-01"), pd.Timestamp("2200-01-01")
KEPT = ("activity_id", "person_id", "occurred_at", "action", "discussion_id", "reply_to_id", "wave")


@dataclass(frozen=True, slots=True, eq=False)
class Community:
    """Posts, replies and rosters, ids as text.

    Attributes
    ----------
    posts : DataFrame
        One row a post, in order of time, those without a time last: `activity_id`, `person_id`,
        `occurred_at`, `action`, `discussion_id`, `reply_to_id`, `wave` ("" where it lies in none).
    replies : DataFrame
        One row a reply and person it answers: the same columns and `receiver_id`, "not known"
        where nobody is named and the post that is answered is not in the table.
    roster : DataFrame
        One row a person and wave.
    waves : tuple of str
        Their order.
    starts, ends : dict of str to Timestamp
        First and last moment of each wave that has one: its dates, or its first and last post.
    """

    posts: pd.DataFrame
    replies: pd.DataFrame
    roster: pd.DataFrame
    waves: tuple[str, ...]
    starts: dict[str, pd.Timestamp]
    ends: dict[str, pd.Timestamp]


def community(
    activity: pd.DataFrame,
    memberships: pd.DataFrame,
    *,
    waves: Iterable[Wave | str] | None = None,
    people: pd.DataFrame | None = None,
) -> Community:
    """Return an online community; the functions of this room say what the tables need.

    Raises
    ------
    ArgumentError
        If a column is absent, a post has no id or no author or two authors, an addressee of a post
        stands twice, ids differ by case alone, a time is no time or has a time zone, or nothing
        says which wave posts are of.
    """
    need_columns(activity, ["activity_id", "person_id"], table="activity")
    refuse_missing(activity, ["activity_id", "person_id"], what="post")
    need_columns(memberships, ["wave", "person_id", "team_id"], table="memberships")
    refuse_missing(memberships, ["person_id"], what="membership")
    listed = None if waves is None else names_in(waves, argument="waves")
    rows = pd.DataFrame({name: _text(activity, name) for name in (*KEPT, LINKS[0])})
    refuse_ids_that_differ_by_case(
        pd.concat(
            [rows["person_id"], rows[LINKS[0]].dropna(), memberships["person_id"].astype("str")]
        )
    )
    rows["occurred_at"] = _times(activity)
    names = _names(listed, memberships, rows["wave"])
    rows["wave"] = _waves(rows, listed, names)
    rows = rows.sort_values("occurred_at", kind="stable", ignore_index=True)
    _refuse_repeats(rows)
    posts = rows.drop_duplicates("activity_id", ignore_index=True)[list(KEPT)]
    starts, ends = _bounds(posts, listed)
    return Community(
        posts=posts,
        replies=_replies(rows, posts),
        roster=grouped_roster(memberships, people, waves=names),
        waves=tuple(names),
        starts=starts,
        ends=ends,
    )


def _text(activity: pd.DataFrame, name: str) -> pd.Series:
    if name not in activity:
        return pd.Series(pd.NA, index=range(len(activity)), dtype="str")
    return activity[name].astype("str").reset_index(drop=True)


def _times(activity: pd.DataFrame) -> pd.Series:
    if "occurred_at" not in activity:
        return pd.Series(pd.NaT, index=range(len(activity)), dtype="datetime64[us]")
    told = activity["occurred_at"].reset_index(drop=True)
    if pd.api.types.is_numeric_dtype(told) and told.notna().any():
        raise _unread(f"numbers such as {shown(told.dropna())}")
    try:
        times = pd.to_datetime(told, format="ISO8601")
    except (ValueError, TypeError) as error:
        raise _unread(str(error).split("\n")[0]) from None
    if times.dt.tz is not None:
        raise _unread(f"times of the zone {times.dt.tz}")
    return times.astype("datetime64[us]")


def _unread(seen: str) -> ArgumentError:
    return ArgumentError(
        "A time of a post cannot be read",
        expected="times as `study.table('activity')` has them, or such as 2024-01-31 13:30",
        seen=seen,
        column="occurred_at",
        todo="write them as the clock of the study showed them, without a time zone",
    )


def _names(waves: list[Wave | str] | None, memberships: pd.DataFrame, own: pd.Series) -> list[str]:
    if waves is not None:
        return list(wave_labels(waves))
    rostered = set(memberships["wave"].dropna().astype("str"))
    told = [wave for wave in dict.fromkeys(own.dropna()) if wave in rostered]
    return told + sorted(rostered - set(told))


def _waves(rows: pd.DataFrame, waves: list[Wave | str] | None, names: list[str]) -> pd.Series:
    """Return the wave of each post: as told, by the dates of the waves, or the only one."""
    if rows["wave"].notna().any() or rows.empty:
        return rows["wave"].where(rows["wave"].isin(names), "")
    dated = [wave for wave in waves or [] if isinstance(wave, Wave) and wave.starts_on]
    if dated:
        found = pd.Series("", index=rows.index, dtype="str")
        for wave in dated:
            start, end = _period(wave)
            found[(rows["occurred_at"] >= start) & (rows["occurred_at"] < end)] = wave.id
        return found
    if len(names) == 1:
        return pd.Series(names[0], index=rows.index, dtype="str")
    raise ArgumentError(
        "Nothing says which wave a post is of",
        expected="a column `wave` in the activity, or `waves` with dates",
        seen=f"waves {shown(names)}",
        todo="pass `waves=study.waves`",
    )


def _period(wave: Wave) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first moment of a wave and the first one after it; without dates none."""
    if wave.starts_on is None:
        return FIRST, FIRST
    if wave.ends_on is None:
        return pd.Timestamp(wave.starts_on), LAST
    return pd.Timestamp(wave.starts_on), pd.Timestamp(wave.ends_on) + pd.Timedelta(days=1)


def _refuse_repeats(rows: pd.DataFrame) -> None:
    authors = rows.groupby("activity_id")["person_id"].nunique()
    if (authors > 1).any():
        raise ArgumentError("A post has two authors", seen=shown(authors.index[authors > 1]))
    twice = rows.duplicated(["activity_id", LINKS[0]])
    if twice.any():
        raise ArgumentError(
            "A post stands twice",
            expected="one row a post, or one a post and person it answers",
            seen=shown(rows.loc[twice, "activity_id"]),
        )


def _replies(rows: pd.DataFrame, posts: pd.DataFrame) -> pd.DataFrame:
    author = pd.Series(posts["person_id"].to_numpy(), index=posts["activity_id"])
    of_post = rows["reply_to_id"].map(author)
    answers = rows[LINKS[0]].notna() | rows["reply_to_id"].notna() | rows["action"].eq("reply")
    receiver = rows[LINKS[0]].fillna(of_post).fillna(NOT_KNOWN)
    kept = rows.assign(receiver_id=receiver)[answers.fillna(False).to_numpy(dtype=bool)]
    return kept[[*KEPT, "receiver_id"]].reset_index(drop=True)


def _bounds(
    posts: pd.DataFrame, waves: list[Wave | str] | None
) -> tuple[dict[str, pd.Timestamp], dict[str, pd.Timestamp]]:
    seen = posts[posts["occurred_at"].notna() & (posts["wave"] != "")]
    times = seen.groupby("wave")["occurred_at"]
    starts = {str(wave): pd.Timestamp(time) for wave, time in times.min().items()}
    ends = {str(wave): pd.Timestamp(time) for wave, time in times.max().items()}
    for wave in waves or []:
        if isinstance(wave, Wave) and wave.starts_on and wave.ends_on:
            starts[wave.id], after = _period(wave)
            ends[wave.id] = after - pd.Timedelta(microseconds=1)
    return starts, ends
