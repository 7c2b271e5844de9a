"""Small results of measurement with all that can go wrong in them, and their figures."""

from dataclasses import dataclass

import pandas as pd

from cvln_eval import exhibits
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


def item(name, text, *, reverse=False, answers="agree5"):
    return Item(name, "culture", "trust", reverse, answers, text, "written for a test", {})


CODEBOOK = Codebook(
    columns=(),
    items=(
        item("trust_1", "I can tell colleagues in this team about a mistake of mine."),
        item("trust_2", "I weigh my words in this team.", reverse=True),
        item("trust_3", "We assume good intentions when we disagree."),
        item("offered", "Was this offered?", answers="yes_no"),
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
    """Return a stand-in from how often each answer to each item was given."""
    rows = []
    for name, given in counts.items():
        answered = sum(given)
        for at, n in enumerate(given):
            share = n / answered if answered else float("nan")
            rows.append((name, float(at + lowest), n, share, answered, missing))
    columns = ["item", "category", "n", "share", "n_answered", "n_missing"]
    return Given(pd.DataFrame(rows, columns=columns))


def analysis(rows):
    """Return a stand-in from item, mean, correlation with its interval, floor and ceiling."""
    columns = ["item", "mean", "item_rest_r", "conf_low", "conf_high"]
    frame = pd.DataFrame(rows, columns=[*columns, "floor_share", "ceiling_share", "reason"])
    return Given(frame.assign(n=37))


FIVE = {"trust_1": (0, 1, 2, 5, 2), "trust_2": (0, 4, 0, 2, 0), "trust_3": (0, 0, 0, 0, 0)}
ITEMS = [
    ("trust_1", 3.5, 0.62, 0.4, 0.8, 0.0, 0.1, ""),
    ("trust_2", 3.5, 0.60, 0.4, 0.8, 0.0, 0.2, ""),
    ("trust_3", 3.6, 0.20, -0.1, 0.5, 0.3, 0.0, ""),
    ("voice_1", 3.6, -0.4, -0.6, -0.1, 0.4, 0.4, ""),
    ("voice_2", 5.0, float("nan"), float("nan"), float("nan"), 0.0, 1.0, "all answers alike"),
]


def measurement_figures(study):
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
    }
