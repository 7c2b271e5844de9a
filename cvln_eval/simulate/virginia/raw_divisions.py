"""Untidy files of the divisions and of the applications to the cohorts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cvln_eval.simulate.garbling import padded
from cvln_eval.simulate.planting import RawDraft, draft_of, pick
from cvln_eval.simulate.virginia.drafting import (
    TITLE,
    copy_rows,
    put_in,
    spoil,
    text_of,
)
from cvln_eval.simulate.virginia.truth import VirginiaTruth
from cvln_eval.simulate.virginia.world import DIVISIONS, PARTNER_TEAM

__all__ = ["DISTRICT", "application_drafts", "division_draft"]

DISTRICT = {team: name for team, name, _ in DIVISIONS}
KIND_LABELS = {
    "individual": "Individual leader",
    "division": "Division team",
    "joint": "Joint (two divisions)",
}


def division_draft(truth: VirginiaTruth, rng: np.random.Generator) -> RawDraft:
    """Return the file of the divisions."""
    teams = truth.tables["teams"]
    teams = teams[teams["team_id"] != PARTNER_TEAM]
    cells = pd.DataFrame(
        {
            "Code": teams["team_id"],
            "Division": teams["district"],
            "Region": teams["region"],
            "Enrolment": text_of(teams["enrolment"]),
            "First cohort": teams["cohort"],
        }
    )
    draft = draft_of(cells, file="divisions.csv", title=TITLE)
    return spoil(
        draft,
        "Enrolment",
        lambda cell: f"{int(cell):,}",
        n=5,
        kind="number with separators",
        rule="number_format",
        rng=rng,
    )


def application_drafts(truth: VirginiaTruth, rng: np.random.Generator) -> list[RawDraft]:
    """Return the lists of applications, a csv file and a workbook."""
    table = truth.tables["applications"]
    drafts = []
    for cohort, file in (("4.0", "applications_4.csv"), ("5.0", "applications_5.xlsx")):
        rows = table[table["cohort"] == cohort]
        cells = pd.DataFrame(
            {
                "No.": rows["application_id"],
                "Cohort": rows["cohort"],
                "Type": rows["kind"],
                "Division": rows["team_id"],
                "Second division": rows["partner_team_id"],
                "Accepted": rows["accepted"].map({True: "true", False: "false"}),
            }
        )
        if file.endswith("xlsx"):
            cells["Received by"] = "network office"
        draft = draft_of(cells, file=f"applications/{file}", title=TITLE)
        drafts.append(_application_defects(draft, rng))
    return drafts


def _application_defects(draft: RawDraft, rng: np.random.Generator) -> RawDraft:
    changes = (
        ("Type", KIND_LABELS.__getitem__, 8, "kind as a label", "label_to_value"),
        ("Division", DISTRICT.__getitem__, 5, "division by name", "label_to_value"),
        (
            "Accepted",
            lambda cell: {"true": "Yes", "false": "No"}[cell],
            10,
            "yes or no",
            "label_to_value",
        ),
        ("Type", lambda cell: padded(cell, rng=rng), 2, "blanks or case", "trimmed"),
    )
    for column, change, n, kind, rule in changes:
        draft = spoil(draft, column, change, n=n, kind=kind, rule=rule, rng=rng)
    labels = pick(draft, rng=rng, n=1)
    copies = copy_rows(draft, labels, name="copy")
    return put_in(draft, copies, after=labels, kind="row twice", rule="exact_duplicate", rng=rng)
