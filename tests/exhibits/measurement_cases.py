"""Small results of measurement with all that can go wrong in them, and their figures."""

from dataclasses import dataclass
from functools import cache

import pandas as pd

from cvln_eval import exhibits
from cvln_eval.measurement.contents.cooccurrence import theme_cooccurrence
from cvln_eval.measurement.contents.modes import importance_performance
from cvln_eval.measurement.contents.rubric import rubric_levels
from cvln_eval.measurement.scales import item_distribution, scale_reliability
from cvln_eval.measurement.teams import team_agreement
from cvln_eval.results import Result
from cvln_eval.study.codebook import Codebook, Item, Label


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Given(Result):
    """A result that is its table."""

    frame: pd.DataFrame
    words: str = "A finding."

    def tidy(self):
        return self.frame

    def sentence(self):
        return self.words


def item(name, text, *, scale="trust", reverse=False, answers="agree5"):
    return Item(name, "culture", scale, reverse, answers, text, "written for a test", {})


CODEBOOK = Codebook(
    columns=(),
    items=(
        item("trust_1", "I can tell colleagues in this team about a mistake of mine."),
        item("trust_2", "I weigh my words in this team.", reverse=True),
        item("trust_3", "We assume good intentions when we disagree."),
        item("offered", "Was this offered?", scale="modes", answers="yes_no"),
    ),
    labels=(
        *(Label("agree5", words, str(at + 1), False) for at, words in enumerate(
            ["Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree"])),
        Label("agree5", "Prefer not to say", "", True),
        Label("yes_no", "Yes", "1", False),
        Label("yes_no", "No", "0", False),
    ),
)  # fmt: skip


def distribution(counts, *, lowest=1, missing=0):
    """Return the result of as many answers of each kind; `missing` people answered nothing."""
    people = max(map(sum, counts.values())) + missing
    answers = {
        name: [at + lowest for at, n in enumerate(given) for _ in range(n)]
        for name, given in counts.items()
    }
    table = pd.DataFrame({name: pd.Series(v, range(len(v)), float) for name, v in answers.items()})
    limits = (lowest, lowest + len(next(iter(counts.values()))) - 1)
    return item_distribution(
        table.reindex(range(people)), items=list(counts), response_range=limits
    )


def analysis(rows):
    """Return a stand-in from item, mean, correlation with its interval, floor and ceiling."""
    columns = ["item", "mean", "item_rest_r", "conf_low", "conf_high"]
    frame = pd.DataFrame(rows, columns=[*columns, "floor_share", "ceiling_share", "reason"])
    return Given(frame.assign(n=37))


def agreement(responses, members):
    return team_agreement(
        responses, codebook=CODEBOOK, memberships=members, scales=["trust"], n_draws=50
    )


def answers():
    """Two waves of three teams: in y1 teams differ, in y2 all answers of all items are alike."""
    rows = [
        (wave, f"p{person}", f"trust_{at}", float(value) if wave == "y1" else 4.0)
        for wave in ("y1", "y2")
        for person, given in enumerate([444, 543, 454, 212, 121, 223, 333])
        for at, value in enumerate(str(given), start=1)
    ]
    return pd.DataFrame(rows, columns=["wave", "person_id", "item", "value"])


def members():
    """Three teams, of which C has one member and so no agreement."""
    people = pd.DataFrame({"person_id": [f"p{at}" for at in range(7)], "team_id": list("AAABBBC")})
    return people.merge(pd.DataFrame({"wave": ["y1", "y2"]}), how="cross")


def codings():
    """Time and trust always together, data apart from both, family in every segment."""
    marks = {"time": "11110000", "trust": "11110000", "data": "00001111", "family": "11111111"}
    return pd.DataFrame(
        [
            (f"s{at}", "one", theme, mark == "1")
            for theme, line in marks.items()
            for at, mark in enumerate(line)
        ],
        columns=["segment_id", "coder_id", "theme", "applied"],
    )


def modes():
    """Three modes: one offered to all, one to few, and one to nobody, so without impact."""
    rows = [(f"p{at}", 1, int(at < 6), 0, 1 + at % 2, 4, 5, 2, 4.0 + at % 2, 1) for at in range(12)]
    said = pd.DataFrame(rows, columns=["person_id", *"abcdefghi"]).astype({"h": float})
    said.loc[said["b"] == 0, "h"] = None
    said.loc[::3, "g"] = 3
    return importance_performance(
        said, offered=list("abc"), wanted=list("def"), impact=list("ghi"), n_boot=200,
        labels=["workshop", "peer_visit", "action_research"],
    )  # fmt: skip


def ratings():
    """Two teams, two criteria, three waves; one level has one rater and one has no score."""
    rows = [
        ("y1", "A", "roles", "x", 1),
        ("y1", "A", "roles", "y", 2),
        ("y3", "A", "roles", "x", 4),
        ("y3", "A", "roles", "y", 4),
        ("y1", "A", "time", "x", 2),
        ("y3", "A", "time", "x", None),
        ("y2", "A", "roles", "x", 3),
        ("y1", "B", "roles", "x", 3),
        ("y3", "B", "roles", "x", 2),
        ("y3", "B", "roles", "y", 3),
    ]
    return pd.DataFrame(rows, columns=["wave", "team_id", "criterion", "rater_id", "score"])


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Steps(Given):
    """Models of measurement invariance as a table with a verdict."""

    verdict: str = "means may be compared only with item_3 freed"


def steps():
    """Four models, of which scalar does not hold, and one that could not be fitted."""
    rows = [
        ("configural", "", 1.0, 0.0, 0.0, 0.03, 0.63, None, True, ""),
        ("metric", "", 0.99, 0.02, 0.0, 0.04, 0.5, 0.726, True, ""),
        ("scalar", "", 0.85, 0.09, 0.07, 0.12, 0.0, 0.00001, False, ""),
        ("partial scalar", "item_3, item_4", 0.99, 0.01, 0.0, 0.03, 0.6, 0.127, True, ""),
        ("strict", "", None, None, None, None, None, None, False, "it did not converge"),
    ]
    columns = ["step", "freed", "cfi", "rmsea", "rmsea_low", "rmsea_high", "p_value_corrected"]
    columns += ["p_value_change_corrected", "holds", "reason"]
    return Steps(pd.DataFrame(rows, columns=columns).assign(n=400))


FIVE = {"trust_1": (0, 1, 2, 5, 2), "trust_2": (0, 4, 0, 2, 0), "trust_3": (0, 0, 0, 0, 0)}
ITEMS = [
    ("trust_1", 3.5, 0.62, 0.4, 0.8, 0.0, 0.1, ""),
    ("trust_2", 3.5, 0.60, 0.4, 0.8, 0.0, 0.2, ""),
    ("trust_3", 3.6, 0.20, -0.1, 0.5, 0.3, 0.0, ""),
    ("voice_1", 3.6, -0.4, -0.6, -0.1, 0.4, 0.4, ""),
    ("voice_2", 5.0, float("nan"), float("nan"), float("nan"), 0.0, 1.0, "all answers alike"),
]


@cache
def measurement_results():
    return {
        "agreement": agreement(answers(), members()),
        "reliability": scale_reliability(answers(), codebook=CODEBOOK, scales=["trust"], n_boot=50),
        "themes": theme_cooccurrence(codings()),
        "modes": modes(),
        "rubric": rubric_levels(ratings(), criteria=["roles", "time"], waves=["y1", "y2", "y3"]),
    }


def measurement_figures(study):
    r = measurement_results()
    common = {"number": "1.1", "study": study}
    two = {"y1": distribution(FIVE, missing=2), "y2": distribution(FIVE)}
    narrow = {"width": "single", **common}
    return {
        "likert": exhibits.plot_likert(distribution(FIVE), **common),
        "likert_aside": exhibits.plot_likert(two, neutral="aside", **common),
        "likert_dropped": exhibits.plot_likert(two, neutral="dropped", sort="mean", **narrow),
        "likert_two": exhibits.plot_likert(distribution({"offered": (3, 5)}, lowest=0), **narrow),
        "items": exhibits.plot_item_map(analysis(ITEMS), **common),
        "items_wide": exhibits.plot_item_map(
            {"trust": analysis(ITEMS[:3]), "voice": analysis(ITEMS[3:])}, width="double", **common
        ),
        "agreement": exhibits.plot_agreement_forest(r["agreement"], **common),
        "reliability": exhibits.plot_reliability(r["reliability"], **common),
        "reliability_single": exhibits.plot_reliability(r["reliability"], **narrow),
        "themes": exhibits.plot_cooccurrence(r["themes"], **common),
        "themes_single": exhibits.plot_cooccurrence(r["themes"], **narrow),
        "modes": exhibits.plot_importance_performance(r["modes"], **common),
        "modes_single": exhibits.plot_importance_performance(r["modes"], **narrow),
        "rubric": exhibits.plot_rubric(r["rubric"], **common),
        "rubric_single": exhibits.plot_rubric(r["rubric"], **narrow),
        "invariance": exhibits.plot_invariance(steps(), **common),
        "invariance_single": exhibits.plot_invariance(steps(), **narrow),
    }
