"""How the four survey tools of the simulated CVLN study export: files, headers, labels."""

from __future__ import annotations

from dataclasses import dataclass

from cvln_eval.simulate.cvln_surveys import FIELDED, PRACTICES_ASKED, cvln_items
from cvln_eval.simulate.writing import SIMULATED

__all__ = ["LABELS", "LAYOUTS", "MISSING", "Layout", "headers_of", "survey_headers"]

LABELS: dict[str, dict[str, str]] = {
    "agree5": dict(
        zip(
            "12345",
            (
                "Strongly disagree",
                "Disagree",
                "Neither agree nor disagree",
                "Agree",
                "Strongly agree",
            ),
            strict=True,
        )
    ),
    "extent5": dict(
        zip(
            "12345",
            ("Not at all", "A little", "Somewhat", "Quite a bit", "To a great extent"),
            strict=True,
        )
    ),
    "yes_no": {"0": "No", "1": "Yes"},
    "importance7": {"1": "Not important at all", "7": "Most important"},
}
MISSING = {
    "agree5": ("99", "N/A", "Prefer not to say"),
    "extent5": ("99", "N/A"),
    "yes_no": ("99",),
    "importance7": ("99",),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How one survey tool exports: its file and the headers of what is not an answer."""

    file: str
    time: str
    team: str
    name: str = ""
    id: str = ""
    encoding: str = "utf-8"
    delimiter: str = ","
    labels_only: bool = False
    title: tuple[str, ...] = ()

    @property
    def person(self) -> str:
        """Column that says who answered."""
        return self.name or self.id


LAYOUTS = {
    "2008-fall": Layout("survey_2008-fall.csv", "Timestamp", "District", "Name", "Employee ID"),
    "2009-spring": Layout(
        "survey_2009-spring.csv",
        "Completed",
        "District team",
        "Your name",
        encoding="cp1252",
        delimiter=";",
    ),
    "2010-spring": Layout(
        "survey_2010-spring.csv",
        "Timestamp",
        "Which district do you work in?",
        "Your name",
        "Employee number (only if somebody has your name)",
        encoding="utf-8-sig",
        labels_only=True,
    ),
    "2011-spring": Layout(
        "survey_2011-spring.xlsx",
        "Submitted",
        "Team",
        id="Who are you? (name or ID)",
        title=("Network survey, spring 2011", SIMULATED),
    ),
}


def survey_headers(wave: str) -> dict[str, str]:
    """Return the header of each item in one wave's export."""
    return headers_of(wave, practices=False) | headers_of(wave, practices=True)


def headers_of(wave: str, *, practices: bool) -> dict[str, str]:
    """Return the headers of the items on practices of learning groups, or of all others."""
    items = cvln_items()
    fielded = items[items["instrument"].isin(FIELDED[wave])]
    of_groups = fielded["instrument"] == PRACTICES_ASKED
    return dict(fielded.loc[of_groups == practices, f"name_{wave}"])
