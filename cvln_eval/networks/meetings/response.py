"""Whether posts were answered, and how long that took."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.timing.life import life_table, log_log_band, median_days
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.networks.meetings.posts import Community, community
from cvln_eval.participation.rosters import ALL
from cvln_eval.results import Result, count, level_in_words, number, proportion
from cvln_eval.study.definition import Wave

__all__ = ["ResponseTimes", "response_times"]

RELATION = "reply"
BY_POST = "each reply names the post that it answers"
BY_PERSON = "a reply answers the last earlier post of its addressee in the discussion"
KAPLAN_MEIER = "Kaplan-Meier, open posts censored at the end of the wave"
INDEPENDENT = "Brookmeyer-Crowley, log-log, posts independent"
NOT_HALF = "more than half were still open when last seen"
NO_BOUND = "the interval has no upper end: too many were still open"
NO_POSTS = "there are no posts with a time"
SOON = {"share_answered_in_a_day": 24.0, "share_answered_in_a_week": 168.0}
MIDNIGHT = "times are of whole days"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ResponseTimes(Result):
    """Posts answered and the time to the first answer; see `response_times`.

    Attributes
    ----------
    rows : DataFrame
        One row a wave, sort of post and measure.
    posts : DataFrame
        One row a post with a time, in a wave: `hours_waited` until the first answer of somebody
        else, or until the end of the wave, and whether it was `answered`.
    conf_level : float
        Level of the intervals.
    n_left_out : int
        Posts without a time or in no wave.
    n_unlinked : int
        Replies to others of which no post is known that they answer.
    """

    rows: pd.DataFrame
    posts: pd.DataFrame
    conf_level: float
    n_left_out: int
    n_unlinked: int

    def tidy(self) -> pd.DataFrame:
        """Return one row a wave, sort of post and measure."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: posts, how many were answered, how many cannot be placed in time."""
        row = {
            "n_waves": self.posts["wave"].nunique(),
            "n_posts": len(self.posts),
            "n_posts_answered": int(self.posts["answered"].sum()),
            "n_left_out": self.n_left_out,
            "n_replies_unlinked": self.n_unlinked,
            "reason": "" if len(self.posts) else NO_POSTS,
        }
        return pd.DataFrame([row])

    def curve(self, *, action: str | None = None) -> pd.DataFrame:
        """Return the share still open over time: one row a wave and hour with a first answer.

        With an `action`, such as "post" where replies are never answered themselves, of those only.
        """
        posts = self.of(action)
        parts = [_steps(wave, part, self.conf_level) for wave, part in _waves(posts)]
        columns = ["wave", "relation", "hours_waited", "n_at_risk", "share_open"]
        empty = pd.DataFrame(columns=[*columns, "conf_low", "conf_high", "conf_level"])
        return pd.concat(parts, ignore_index=True) if parts else empty

    def of(self, action: str | None) -> pd.DataFrame:
        """Return the posts of an action, or all.

        Raises
        ------
        ArgumentError
            If there is none.
        """
        if action is None:
            return self.posts
        own = self.posts[self.posts["action"] == action]
        if own.empty:
            raise ArgumentError(
                "No post is of that action",
                expected=f"one of {shown(self.posts['action'].dropna()) or 'none'}",
                seen=repr(action),
            )
        return own.reset_index(drop=True)

    def sentence(self) -> str:
        """Return the sentence an author would paste, wave by wave."""
        if self.posts.empty:
            return f"Response times are not available: {NO_POSTS}."
        whole = self.rows[self.rows["group"] == ALL]
        return " ".join(_in_words(wave, part) for wave, part in _waves(whole))


def response_times(
    activity: pd.DataFrame,
    memberships: pd.DataFrame,
    *,
    waves: Iterable[Wave | str] | None = None,
    conf_level: float = 0.95,
) -> ResponseTimes:
    """Return the share of posts that somebody else answered, and the time to the first answer.

    A post that was not answered was watched until the end of its wave, no longer: the share still
    open after t hours is Kaplan-Meier's, the median the first time at which it is less than 1/2 (or
    midway through the time at which it is 1/2), and the share answered within a day or a week 1
    minus the share open then.

    Parameters
    ----------
    activity, memberships, waves : as in `reply_network`
        The tables, with `occurred_at`. Which post a reply answers is taken from `reply_to_id`;
        without it from `discussion_id` and `reply_to_person_id`: the last earlier post of its
        addressee in the discussion. Posts without a discussion then answer nothing.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    ResponseTimes
        `tidy` has `wave, relation, by, group, measure, estimate, conf_low, conf_high, conf_level,
        n_posts, n_posts_answered, convention, method, reason`, over all posts of the wave and of
        each `action`. An answer after the wave's end does not count, nor do answers of the
        author. The wave ends with its last day, or without dates with its last post. Posts of
        people off the roster count; the roster only says which waves there are. The share answered
        has no interval: it is of all posts. The interval of the median takes posts as independent,
        which those of one discussion are not, and is too narrow for that. Where fewer than half
        were answered there is no median, with a reason. Where times are of whole days only (all at
        midnight) the `method` says so. A reply dated before the post that it answers answers it at
        once.

    Raises
    ------
    ArgumentError
        As `reply_network`, or if nothing says which posts are answered.

    References
    ----------
    Kaplan, E. L., & Meier, P. (1958). Nonparametric estimation from incomplete observations.
    Journal of the American Statistical Association, 53, 457-481.

    Examples
    --------
    >>> activity = pd.DataFrame({
    ...     "activity_id": ["p1", "p2", "p3"], "person_id": ["a", "b", "a"],
    ...     "occurred_at": ["2024-01-01 08:00", "2024-01-01 11:00", "2024-01-02 08:00"],
    ...     "action": ["post", "reply", "post"], "reply_to_id": [None, "p1", None]})
    >>> memberships = pd.DataFrame({"wave": "1", "person_id": ["a", "b"], "team_id": "x"})
    >>> response_times(activity, memberships).posts[["hours_waited", "answered"]].values.tolist()
    [[3.0, True], [21.0, False], [0.0, False]]
    """
    refuse_level(conf_level)
    found = community(activity, memberships, waves=waves)
    replies = found.replies[found.replies["receiver_id"] != found.replies["person_id"]]
    answers, linked = _answers(found, replies)
    posts = _timed(found, answers)
    return ResponseTimes(
        rows=pd.DataFrame(_rows(posts, linked, conf_level), columns=COLUMNS),
        posts=posts,
        conf_level=conf_level,
        n_left_out=len(found.posts) - len(posts),
        n_unlinked=len(replies) - len(answers),
    )


COLUMNS = ["wave", "relation", "by", "group", "measure", "estimate", "conf_low", "conf_high"]
COLUMNS += ["conf_level", "n_posts", "n_posts_answered", "convention", "method", "reason"]


def _answers(found: Community, replies: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return post and time of each answer of somebody else, and how they were linked."""
    if found.posts["reply_to_id"].notna().any() or replies.empty:
        direct = replies[replies["reply_to_id"].isin(found.posts["activity_id"])]
        return direct[["reply_to_id", "occurred_at"]].set_axis(
            ["activity_id", "at"], axis=1
        ), BY_POST
    if found.posts["discussion_id"].isna().all():
        raise ArgumentError(
            "Nothing says which posts are answered",
            expected="`reply_to_id`, or `discussion_id` with `reply_to_person_id`",
            seen="neither",
        )
    return _by_addressee(found.posts, replies), BY_PERSON


def _by_addressee(posts: pd.DataFrame, replies: pd.DataFrame) -> pd.DataFrame:
    order = pd.Series(np.arange(len(posts)), index=posts["activity_id"])
    key = ["discussion_id", "who"]
    mine = posts.assign(place=np.arange(len(posts)), who=posts["person_id"])
    theirs = replies.assign(
        place=order.loc[replies["activity_id"]].to_numpy(), who=replies["receiver_id"]
    )
    linked = pd.merge_asof(
        theirs.dropna(subset=["discussion_id"]).sort_values("place")[
            [*key, "place", "occurred_at"]
        ],
        mine.dropna(subset=["discussion_id"])[[*key, "place", "activity_id"]],
        on="place",
        by=key,
    )
    linked = linked.dropna(subset=["activity_id"])
    return linked[["activity_id", "occurred_at"]].set_axis(["activity_id", "at"], axis=1)


def _timed(found: Community, answers: pd.DataFrame) -> pd.DataFrame:
    """Return the posts with a time, in a wave, with hours until an answer or the wave's end."""
    placed = found.posts["occurred_at"].notna() & (found.posts["wave"] != "")
    posts = found.posts[placed].reset_index(drop=True)
    first = answers.groupby("activity_id")["at"].min()
    answered_at = _matched(first, posts["activity_id"])
    ends = _matched(pd.Series(found.ends), posts["wave"])
    answered = answered_at.notna() & (answered_at <= ends)
    waited = answered_at.where(answered, ends) - posts["occurred_at"]
    hours = (waited.dt.total_seconds() / 3600).clip(lower=0.0)
    own = ["wave", "activity_id", "person_id", "action", "occurred_at"]
    return posts[own].assign(hours_waited=hours, answered=answered)


def _matched(times: pd.Series, keys: pd.Series) -> pd.Series:
    # Not `map`, which makes floats of no times at all.
    return times.astype("datetime64[us]").reindex(pd.Index(keys)).reset_index(drop=True)


def _waves(table: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    return [(str(wave), part) for wave, part in table.groupby("wave", sort=False)]


def _rows(posts: pd.DataFrame, linked: str, conf_level: float) -> list[dict[str, object]]:
    rows = []
    for wave, part in _waves(posts):
        groups = [(ALL, ALL, part)]
        groups += [("action", str(one), own) for one, own in part.groupby("action", observed=True)]
        whole_days = bool((part["occurred_at"] == part["occurred_at"].dt.normalize()).all())
        method = f"{linked}; {MIDNIGHT}" if whole_days else linked
        for by, group, own in groups:
            key = {"wave": wave, "relation": RELATION, "by": by, "group": group}
            sizes = {"n_posts": len(own), "n_posts_answered": int(own["answered"].sum())}
            found = _measured(own, conf_level)
            rows += [
                key | row | sizes | {"conf_level": conf_level, "method": method} for row in found
            ]
    return rows


def _measured(posts: pd.DataFrame, conf_level: float) -> list[dict[str, object]]:
    table = life_table(posts["hours_waited"].to_numpy(), posts["answered"].to_numpy(dtype=bool))
    low, high = log_log_band(table, conf_level)
    rows: list[dict[str, object]] = [
        {
            "measure": "share_answered",
            "estimate": posts["answered"].mean(),
            "convention": "share of posts that somebody else answered before the wave ended",
        }
    ]
    for measure, hours in SOON.items():
        place = int(np.searchsorted(table.days, hours, side="right")) - 1
        inside = place >= 0
        watched = hours <= table.last
        rows.append(
            {
                "measure": measure,
                "estimate": (1 - table.share_open[place] if inside else 0.0)
                if watched
                else math.nan,
                "conf_low": 1 - high[place] if inside and watched else math.nan,
                "conf_high": 1 - low[place] if inside and watched else math.nan,
                "convention": KAPLAN_MEIER,
                "reason": "" if watched else "no post was watched for so long",
            }
        )
    median = median_days(table, table.share_open)
    bounds = median_days(table, low), median_days(table, high)
    open_end = NO_BOUND if math.isnan(bounds[1]) else ""
    rows.append(
        {
            "measure": "median_hours",
            "estimate": median,
            "conf_low": bounds[0],
            "conf_high": bounds[1],
            "convention": f"{KAPLAN_MEIER}; {INDEPENDENT}",
            "reason": NOT_HALF if math.isnan(median) else open_end,
        }
    )
    return [{"conf_low": math.nan, "conf_high": math.nan, "reason": ""} | row for row in rows]


def _steps(wave: str, posts: pd.DataFrame, conf_level: float) -> pd.DataFrame:
    table = life_table(posts["hours_waited"].to_numpy(), posts["answered"].to_numpy(dtype=bool))
    low, high = log_log_band(table, conf_level)
    return pd.DataFrame(
        {
            "wave": wave,
            "relation": RELATION,
            "hours_waited": table.days,
            "n_at_risk": table.at_risk,
            "share_open": table.share_open,
            "conf_low": low,
            "conf_high": high,
            "conf_level": conf_level,
        }
    )


def _in_words(wave: str, part: pd.DataFrame) -> str:
    rows = {row["measure"]: row for row in part.to_dict("records")}
    share, median = rows["share_answered"], rows["median_hours"]
    was = "was" if share["n_posts"] == 1 else "were"
    text = (
        f"{wave}: {proportion(share['estimate'])} of {count(int(share['n_posts']), 'post')} {was} "
        "answered by somebody else"
    )
    if math.isnan(median["estimate"]):
        return f"{text}; a median time is not available: {median['reason']}."
    return f"{text}, after a median of {number(median['estimate'], 1)} hours{_bounds(median)}."


def _bounds(median: dict[Hashable, Any]) -> str:
    """Return the interval of a median, which may have no upper end, or none at all."""
    if math.isnan(median["conf_low"]):
        return ""
    high = "no end" if math.isnan(median["conf_high"]) else number(median["conf_high"], 1)
    level = level_in_words(median["conf_level"])
    return f", {level} CI [{number(median['conf_low'], 1)}, {high}]"
