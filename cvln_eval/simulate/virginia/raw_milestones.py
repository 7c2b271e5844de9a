"""Untidy lists of the milestones of the implementation plans."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cvln_eval.simulate.planting import RawDraft, draft_of, pick
from cvln_eval.simulate.virginia.drafting import (
    TITLE,
    copy_rows,
    filler_rows,
    put_in,
    spoil,
    spoil_dates,
    text_of,
)
from cvln_eval.simulate.virginia.raw_divisions import DISTRICT
from cvln_eval.simulate.virginia.truth import VirginiaTruth

__all__ = ["milestone_drafts"]

WORK = (
    "shared unit plans",
    "coaching calendar",
    "data protocol",
    "family survey",
    "walkthrough form",
)


def milestone_drafts(truth: VirginiaTruth, rng: np.random.Generator) -> list[RawDraft]:
    """Return the list of each cohort: a csv file with bars and a workbook."""
    table = truth.tables["milestones"]
    first = table["started_on"] < pd.Timestamp("2024-07-01")
    old = draft_of(
        _cells(table[first]), file="milestones/milestones_4.csv", title=TITLE, delimiter="|"
    )
    new = draft_of(
        _cells(table[~first]),
        file="milestones/milestones_5.xlsx",
        title=(*TITLE, "Implementation plans, cohort 5.0"),
        typed=("Started", "Due", "Done", "Hours saved"),
    )
    return [_untidy(draft, rng) for draft in (old, new)]


def _cells(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "No.": table["milestone_id"],
            "Division": table["team_id"],
            "Partner division": table["partner_team_id"],
            "What": [WORK[k % len(WORK)] for k in range(len(table))],
            "Started": text_of(table["started_on"]),
            "Due": text_of(table["due_on"]),
            "Done": text_of(table["done_on"]),
            "Hours saved": text_of(table["hours_saved"]),
        }
    )


def _untidy(draft: RawDraft, rng: np.random.Generator) -> RawDraft:
    for column in ("Started", "Due", "Done"):
        draft = spoil_dates(draft, column, n=2, rng=rng)
    changes = (
        ("Hours saved", lambda cell: f"{cell} hrs", 5, "number with a unit", "number_format"),
        ("Hours saved", lambda cell: f"-{cell}", 2, "negative hours", "out_of_range"),
        ("Hours saved", lambda _: "9999", 1, "hours out of range", "out_of_range"),
        ("Hours saved", lambda _: "a lot", 2, "words in place of hours", "not_a_number"),
        ("Hours saved", lambda _: "#VALUE!", 2, "error of the spreadsheet", "missing_code"),
        ("Done", lambda _: "before Easter", 1, "words in place of a day", "not_a_date"),
        ("Division", DISTRICT.__getitem__, 10, "division by name", "label_to_value"),
        ("Partner division", DISTRICT.__getitem__, 5, "division by name", "label_to_value"),
        ("Partner division", str.lower, 2, "division in small letters", "trimmed"),
    )
    for column, change, n, kind, rule in changes:
        draft = spoil(draft, column, change, n=n, kind=kind, rule=rule, rng=rng)
    twice = pick(draft, rng=rng, n=2)
    copies = copy_rows(draft, twice, name="copy")
    draft = put_in(draft, copies, after=twice, kind="row twice", rule="exact_duplicate", rng=rng)
    nameless = copy_rows(draft, twice[:1], name="nameless", **{"No.": ""})
    draft = put_in(draft, nameless, kind="number left out", rule="missing_key", rng=rng)
    return filler_rows(draft, rng=rng, repeat_header=False)
