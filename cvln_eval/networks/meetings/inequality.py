"""How unequally people take part in an online community."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from cvln_eval.inference.panel.asked import refuse_draws
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.measurement.resampled import LEAST_PEOPLE, bca_intervals
from cvln_eval.networks.meetings.lorenz import lorenz_curve
from cvln_eval.networks.meetings.posts import Community, community
from cvln_eval.results import Result, count, level_in_words, number, proportion
from cvln_eval.study.definition import Wave

__all__ = ["ParticipationInequality", "participation_inequality"]

TOP = 0.1
MEASURES = {
    "gini": "Gini: mean difference between two people, drawn with replacement, over twice the mean",
    "share_of_top_tenth": "share of all that falls to the tenth of people with most",
    "share_with_none": "share of people with none",
}
WRITTEN, RECEIVED = "posts written", "replies received"
METHOD = "BCa bootstrap of people"
NOTHING = "there were none"
NO_SPREAD = "fewer than five people, or all resamples are alike"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ParticipationInequality(Result):
    """Inequality of posts written and replies received; see `participation_inequality`.

    Attributes
    ----------
    rows : DataFrame
        One row a wave, relation and measure.
    persons : DataFrame
        One row a person and wave: `n_posts`, `n_replies_received`.
    curves : DataFrame
        The Lorenz curve of each wave and relation; see `curve`.
    n_off_roster : int
        Posts of people on no roster of the wave, or in no wave.
    """

    rows: pd.DataFrame
    persons: pd.DataFrame
    curves: pd.DataFrame
    n_off_roster: int

    def tidy(self) -> pd.DataFrame:
        """Return one row a wave, relation and measure."""
        return self.rows.copy()

    def curve(self) -> pd.DataFrame:
        """Return Lorenz curves: what the people with fewest hold, at each twentieth of people.

        The bounds are the middle `conf_level` of resamples of the people, point by point.
        """
        return self.curves.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: waves, people, posts, and posts that belong to nobody on a roster."""
        row = {
            "n_waves": self.persons["wave"].nunique(),
            "n_persons": self.persons["person_id"].nunique(),
            "n_posts": int(self.persons["n_posts"].sum()),
            "n_replies_received": int(self.persons["n_replies_received"].sum()),
            "n_posts_off_roster": self.n_off_roster,
            "reason": "" if len(self.persons) else "no wave has a roster",
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return the sentence an author would paste, on posts written in each wave."""
        row = self.glance().iloc[0]
        if row["reason"]:
            return f"Inequality of participation is not available: {row['reason']}."
        own = self.rows[self.rows["relation"] == WRITTEN]
        return " ".join(_in_words(wave, part) for wave, part in own.groupby("wave", sort=False))


def participation_inequality(
    activity: pd.DataFrame,
    memberships: pd.DataFrame,
    *,
    waves: Iterable[Wave | str] | None = None,
    conf_level: float = 0.95,
    n_draws: int = 1999,
    rng: int | np.random.Generator = 0,
) -> ParticipationInequality:
    """Return how unequally the people of a roster wrote and were answered.

    With x_1 <= ... <= x_n the numbers of all n people on the wave's roster, those with none too,

        Gini = sum_i (2 i - n - 1) x_i / (n sum_i x_i),

    0 where all have the same and (n - 1) / n where one has everything; the share of the top tenth
    is that of the n / 10 people with most, a part of a person counting in part; and the share
    with none that of people with x = 0.

    Parameters
    ----------
    activity, memberships, waves : as in `reply_network`
        The tables, and which waves.
    conf_level : float
        Level of the intervals.
    n_draws : int
        Resamples.
    rng : int or Generator
        Seed.

    Returns
    -------
    ParticipationInequality
        `tidy` has `wave, relation, measure, estimate, conf_low, conf_high, conf_level, n, n_acts,
        n_draws, convention, method, reason`, the relation being "posts written" or "replies
        received" (from others; a reply to two people counts for each). Where there was nothing
        Gini and top share are nan with a reason. The roster is a census: the interval is about
        people like these, taken as independent, which people who talk to each other are not. It
        is too narrow with few people or long tails: with 41 people whose posts are negative
        binomial (mean 10, size 0.5), 95% intervals held the truth in 93% (Gini), 91% (top share)
        and 95% (share with none) of 1,000 samples.

    Raises
    ------
    ArgumentError
        As `reply_network`, or if the level is not between 0 and 1 or there are no draws.

    References
    ----------
    Dixon, P. M., Weiner, J., Mitchell-Olds, T., & Woodley, R. (1987). Bootstrapping the Gini
    coefficient of inequality. Ecology, 68, 1548-1551.

    Examples
    --------
    >>> activity = pd.DataFrame({"activity_id": list("123"), "person_id": ["a", "a", "b"]})
    >>> memberships = pd.DataFrame({"wave": "1", "person_id": list("abcd"), "team_id": "x"})
    >>> found = participation_inequality(activity, memberships)
    >>> found.tidy().set_index(["relation", "measure"])["estimate"]["posts written"].tolist()
    [0.5833333333333334, 0.26666666666666666, 0.5]
    """
    refuse_level(conf_level)
    refuse_draws(n_draws)
    found = community(activity, memberships, waves=waves)
    persons = _persons(found)
    streams = np.random.default_rng(rng).spawn(len(found.waves))
    rows, curves = [], []
    for wave, stream in zip(found.waves, streams, strict=True):
        own = persons[persons["wave"] == wave]
        columns = ((WRITTEN, "n_posts"), (RECEIVED, "n_replies_received"))
        for (relation, column), seeded in zip(columns, stream.spawn(2), strict=True):
            values = np.sort(own[column].to_numpy(dtype=float))
            key = {"wave": wave, "relation": relation}
            (band,) = seeded.spawn(1)
            rows += [key | row for row in _measured(values, conf_level, n_draws, seeded)]
            drawn = lorenz_curve(values, conf_level=conf_level, n_draws=n_draws, rng=band)
            curves.append(drawn.assign(**key))
    return ParticipationInequality(
        rows=pd.DataFrame(rows, columns=COLUMNS),
        persons=persons,
        curves=_together(curves),
        n_off_roster=len(found.posts) - int(persons["n_posts"].sum()),
    )


COLUMNS = ["wave", "relation", "measure", "estimate", "conf_low", "conf_high", "conf_level", "n"]
COLUMNS += ["n_acts", "n_draws", "convention", "method", "reason"]


CURVE = ["wave", "relation", "share_of_people", "share_of_acts", "conf_low", "conf_high"]
CURVE += ["conf_level"]


def _together(curves: list[pd.DataFrame]) -> pd.DataFrame:
    if not curves:
        return pd.DataFrame(columns=CURVE)
    return pd.concat(curves, ignore_index=True)[CURVE]


def _persons(found: Community) -> pd.DataFrame:
    """Return one row a person and wave, with what they wrote and how often others answered."""
    others = found.replies[found.replies["person_id"] != found.replies["receiver_id"]]
    key = ["wave", "person_id"]
    posts = found.posts.groupby(key).size().rename("n_posts")
    replies = others.groupby(["wave", "receiver_id"]).size().rename("n_replies_received")
    replies.index = replies.index.set_names(key)
    persons = found.roster[[*key, "team_id"]].join(posts, on=key).join(replies, on=key)
    counts = ["n_posts", "n_replies_received"]
    return persons.fillna(dict.fromkeys(counts, 0)).astype(dict.fromkeys(counts, int))


def _measured(
    values: np.ndarray, conf_level: float, n_draws: int, rng: np.random.Generator
) -> list[dict[str, object]]:
    n = len(values)
    found = np.full((3, len(MEASURES)), np.nan)
    if n:
        statistic = partial(inequality, values=values)
        found = bca_intervals(statistic, n, conf_level=conf_level, n_boot=n_draws, rng=rng)
    return [
        {
            "measure": measure,
            "estimate": found[0, place],
            "conf_low": found[1, place],
            "conf_high": found[2, place],
            "conf_level": conf_level,
            "n": n,
            "n_acts": int(values.sum()),
            "n_draws": n_draws if n >= LEAST_PEOPLE else 0,
            "convention": MEASURES[measure],
            "method": METHOD,
            "reason": _why(found[:, place]),
        }
        for place, measure in enumerate(MEASURES)
    ]


def _why(found: np.ndarray) -> str:
    if np.isnan(found[0]):
        return NOTHING
    return NO_SPREAD if np.isnan(found[1]) else ""


def inequality(weights: np.ndarray, *, values: np.ndarray) -> np.ndarray:
    """Return Gini, share of the top tenth and share with none, one row a set of weights.

    Parameters
    ----------
    weights : ndarray, shape (draws, n)
        How often each person counts.
    values : ndarray, shape (n,)
        Numbers of the people, rising.
    """
    people = weights.sum(axis=1)
    up_to = np.cumsum(weights, axis=1)
    total = weights @ values
    some = np.where(total > 0, total, np.nan)
    # A person who counts w times takes the ranks up_to - w + 1 to up_to.
    gini = (weights * (2 * up_to - weights - people[:, None])) @ values / (people * some)
    above = people[:, None] - up_to
    taken = np.clip(TOP * people[:, None] - above, 0.0, weights)
    return np.column_stack([gini, taken @ values / some, weights @ (values == 0) / people])


def _in_words(wave: object, part: pd.DataFrame) -> str:
    rows = {row["measure"]: row for row in part.to_dict("records")}
    gini = rows["gini"]
    people = count(int(gini["n"]), "person", "people")
    if np.isnan(gini["estimate"]):
        return f"{wave}: {people}, no posts."
    bounds = ""
    if not gini["reason"]:
        level = level_in_words(gini["conf_level"])
        bounds = f", {level} CI [{number(gini['conf_low'])}, {number(gini['conf_high'])}]"
    top, none = (rows[name]["estimate"] for name in ("share_of_top_tenth", "share_with_none"))
    posts = count(int(gini["n_acts"]), "post")
    return (
        f"{wave}: of {people}, {proportion(none)} wrote nothing and the tenth that wrote most "
        f"wrote {proportion(top)} of {posts} (Gini {number(gini['estimate'])}{bounds})."
    )
