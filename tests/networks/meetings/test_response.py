"""Answers linked to posts, waiting times censored at the end of the wave."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest
from test_replies import ACTIVITY, MEMBERS, TWO

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.meetings import response_times
from cvln_eval.study.definition import Wave

# Kaplan-Meier and its log-log band, read back from text with fifteen digits.
R_TOLERANCE = 1e-9
DAY = datetime.date


def test_waiting_by_hand():
    found = response_times(ACTIVITY, MEMBERS)
    posts = found.posts.set_index("activity_id")
    # p1: b after one hour; p2: c after four days and an hour; the wave ends with p7.
    assert posts["hours_waited"].loc[["p1", "p2"]].tolist() == [1, 97]
    assert posts["answered"].to_dict() == dict.fromkeys(posts.index, False) | {
        "p1": True,
        "p2": True,
    }
    assert posts.loc["p3", "hours_waited"] == 74
    assert posts.loc["p7", "hours_waited"] == 0
    # p8 has no time. Of six replies to others (p2 p3 p5 p6 p7 p8) p7's post is not there.
    glance = found.glance().iloc[0]
    assert glance[["n_posts", "n_posts_answered", "n_left_out", "n_replies_unlinked"]].tolist() == [
        7,
        2,
        1,
        1,
    ]


def test_measures_by_hand():
    rows = response_times(ACTIVITY, MEMBERS).tidy()
    assert rows.columns[:2].tolist() == ["wave", "relation"]
    whole = rows[rows["group"] == "all"].set_index("measure")
    assert whole.loc["share_answered", "estimate"] == pytest.approx(2 / 7)
    # Seven posts; p7 was watched for no time at all, so one of the seven at risk after 1 hour...
    # ... is p1 among six: 1/6 within a day; p2 is the last of two at 97 hours.
    assert whole.loc["share_answered_in_a_day", "estimate"] == pytest.approx(1 / 6)
    assert whole.loc["share_answered_in_a_week", "reason"] == "no post was watched for so long"
    assert np.isnan(whole.loc["share_answered_in_a_week", "estimate"])
    only = rows[rows["group"] == "post"].set_index("measure")
    assert only.loc["median_hours", "estimate"] == 1
    assert set(rows["group"]) == {"all", "post", "reply"}


def test_the_end_of_the_wave_censors():
    waves = [
        Wave("1", "One", DAY(2024, 1, 1), DAY(2024, 1, 4)),
        Wave("2", "Two", DAY(2024, 1, 5), DAY(2024, 1, 6)),
    ]
    found = response_times(ACTIVITY, TWO, waves=waves)
    posts = found.posts.set_index("activity_id")
    # c answered p2 in wave 2: open at the end of wave 1, 3 days and 15 hours later.
    assert not posts.loc["p2", "answered"]
    assert posts.loc["p2", "hours_waited"] == pytest.approx(87)
    assert posts.loc["p5", "wave"] == "2"


def test_without_links_a_reply_answers_the_addressees_last_post():
    activity = pd.DataFrame(
        [
            ("1", "a", "x", "2024-01-01", "d1"),
            ("2", "a", "x", "2024-01-02", "d1"),
            ("3", "b", "a", "2024-01-04", "d1"),
            ("4", "c", "a", "2024-01-03", "d2"),
            ("5", "c", "b", "2024-01-04", "d1"),
            ("6", "a", "a", "2024-01-05", "d1"),
            ("7", "c", "a", "2024-01-05", None),
        ],
        columns=["activity_id", "person_id", "reply_to_person_id", "occurred_at", "discussion_id"],
    )
    found = response_times(activity, MEMBERS)
    posts = found.posts.set_index("activity_id")
    # b answers a's second post, c answers b on the same day, a has no post in d2.
    assert posts.index[posts["answered"]].tolist() == ["2", "3"]
    assert posts["hours_waited"].loc[["2", "3"]].tolist() == [48, 0]
    assert found.glance()["n_replies_unlinked"].item() == 4
    method = found.tidy()["method"].iloc[0]
    assert "last earlier post of its addressee" in method
    assert "whole days" in method


def test_posts_of_one_moment_come_in_the_order_of_the_table():
    n = 60
    activity = pd.DataFrame(
        {
            "activity_id": [str(k) for k in range(n)],
            "person_id": ["a", "b"] * (n // 2),
            "reply_to_person_id": ["b", "a"] * (n // 2),
            "occurred_at": "2024-01-01",
            "discussion_id": "d1",
        }
    )
    posts = response_times(activity, MEMBERS).posts
    # Each answers the one before; nobody answers the last.
    assert posts["activity_id"].tolist() == activity["activity_id"].tolist()
    assert posts["answered"].tolist() == [True] * (n - 1) + [False]


def test_times_of_day_are_not_called_whole_days():
    assert "whole days" not in response_times(ACTIVITY, MEMBERS).tidy()["method"].iloc[0]


def test_an_answer_dated_before_its_post_comes_at_once():
    early = ACTIVITY.copy()
    early.loc[0, "occurred_at"] = "2024-01-02 08:00"
    posts = response_times(early, MEMBERS).posts.set_index("activity_id")
    assert posts.loc["p1", ["hours_waited", "answered"]].tolist() == [0, True]


def test_nothing_answered_has_no_median_and_no_error():
    found = response_times(ACTIVITY.iloc[[0, 3]], MEMBERS)
    rows = found.tidy().set_index(["group", "measure"])
    assert rows.loc[("all", "share_answered"), "estimate"] == 0
    assert (
        rows.loc[("all", "median_hours"), "reason"]
        == "more than half were still open when last seen"
    )
    assert rows.loc[("all", "share_answered_in_a_day"), "estimate"] == 0
    assert found.curve().empty
    assert "a median time is not available" in found.sentence()


def test_no_posts():
    found = response_times(ACTIVITY.iloc[:0], MEMBERS)
    assert found.tidy().empty
    assert found.glance()["reason"].item() == "there are no posts with a time"
    assert "not available" in found.sentence()
    assert found.curve().empty


def test_posts_without_a_link_and_without_a_discussion_are_refused():
    activity = pd.DataFrame({"activity_id": ["1"], "person_id": ["a"], "reply_to_person_id": ["b"]})
    with pytest.raises(ArgumentError, match="Nothing says which posts are answered"):
        response_times(activity, MEMBERS)
    with pytest.raises(ArgumentError, match="0"):
        response_times(ACTIVITY, MEMBERS, conf_level=0)


def test_words():
    text = response_times(ACTIVITY.iloc[:2], MEMBERS).sentence()
    assert text.startswith(
        "1: 50% of 2 posts were answered by somebody else, after a median of 1.0 hours"
    )


def test_times_are_those_of_survival(reference):
    # survfit(Surv(pmin(wait, seen), answered) ~ 1, conf.type = "log-log"), its median and shares.
    posts = reference("input_posts")
    start = pd.Timestamp("2024-01-01")
    hours = lambda column: start + pd.to_timedelta((column * 36000).round(), unit="s") / 10  # noqa: E731
    asked = pd.DataFrame({"activity_id": posts["activity_id"], "person_id": "a", "action": "post"})
    asked["occurred_at"] = hours(posts["hour"])
    later = posts[posts["answered"] == 1]
    given = pd.DataFrame({"activity_id": "r" + later["activity_id"], "person_id": "b"})
    given = given.assign(action="reply", reply_to_id=later["activity_id"])
    given["occurred_at"] = hours(later["hour"] + later["wait"])
    waves = [Wave("1", "One", DAY(2024, 1, 1), DAY(2024, 2, 9))]
    found = response_times(pd.concat([asked, given]), MEMBERS, waves=waves).tidy()
    ours = found[found["group"] == "post"].set_index("measure")
    theirs = reference("expected_times").set_index("measure")
    np.testing.assert_allclose(
        ours.loc[theirs.index, list(theirs)].astype(float), theirs, rtol=R_TOLERANCE
    )


def test_a_curve_of_posts_alone_leaves_replies_out():
    found = response_times(ACTIVITY, MEMBERS)
    rows = found.tidy().query("group == 'post' and measure == 'share_answered'")
    assert len(found.of("post")) == rows["n_posts"].item()
    assert found.curve(action="post")["hours_waited"].max() <= found.curve()["hours_waited"].max()
    assert found.curve(action="post")["n_at_risk"].max() < found.curve()["n_at_risk"].max()
    with pytest.raises(ArgumentError, match="'like'"):
        found.curve(action="like")
