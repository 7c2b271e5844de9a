"""The fixed facts of the simulated Virginia study: divisions, regions, periods, names."""

from __future__ import annotations

import csv
from datetime import date
from importlib.resources import files

__all__ = [
    "COHORTS",
    "COHORT_OF_WAVE",
    "DIVISIONS",
    "FACILITATORS",
    "INDIVIDUAL_ONLY",
    "JOINT_APPLICATIONS",
    "NEW_DIVISIONS",
    "PAIRS",
    "PARTNER_TEAM",
    "PERIODS",
    "REGION_OF",
    "TEAMS",
    "WAVES",
    "name_parts",
]

COHORTS = ("4.0", "5.0")
# The years are made up; a cohort runs from September to June.
PERIODS = {
    "4.0-fall": (date(2023, 9, 1), date(2024, 1, 31)),
    "4.0-spring": (date(2024, 2, 1), date(2024, 6, 30)),
    "5.0-fall": (date(2024, 9, 1), date(2025, 1, 31)),
    "5.0-spring": (date(2025, 2, 1), date(2025, 6, 30)),
}
WAVES = tuple(PERIODS)
COHORT_OF_WAVE = {wave: wave.split("-")[0] for wave in WAVES}

# No division of this name exists; region and enrolment are invented with them.
DIVISIONS = (
    ("V01", "Alder Creek County", "Valley"),
    ("V02", "Ashlin County", "Piedmont"),
    ("V03", "Bellhaven City", "Tidewater"),
    ("V04", "Birch Hollow County", "Highlands"),
    ("V05", "Briar Fork County", "Southside"),
    ("V06", "Cardinal Point City", "Tidewater"),
    ("V07", "Cedar Run County", "Valley"),
    ("V08", "Dogwood Gap County", "Highlands"),
    ("V09", "Elkmont County", "Highlands"),
    ("V10", "Fairwater City", "Tidewater"),
    ("V11", "Fernley County", "Piedmont"),
    ("V12", "Foxmill County", "Piedmont"),
    ("V13", "Glenrock County", "Highlands"),
    ("V14", "Harrow Bay City", "Tidewater"),
    ("V15", "Hickory Bend County", "Southside"),
    ("V16", "Ironbridge City", "Southside"),
    ("V17", "Juniper Ridge County", "Valley"),
    ("V18", "Kestrel County", "Piedmont"),
    ("V19", "Larkspur County", "Southside"),
    ("V20", "Marlow Springs City", "Valley"),
    ("V21", "Millstone County", "Highlands"),
    ("V22", "Osprey Sound City", "Tidewater"),
    ("V23", "Pinewater County", "Southside"),
    ("V24", "Quarry Hill County", "Piedmont"),
    ("V25", "Ravenfield City", "Valley"),
)
TEAMS = tuple(team for team, _, _ in DIVISIONS)
REGION_OF = {team: region for team, _, region in DIVISIONS}
PARTNER_TEAM = "FAC"

# Divisions new in 5.0, and divisions that take part only through leaders who applied alone.
NEW_DIVISIONS = ("V04", "V11", "V15", "V20", "V24")
INDIVIDUAL_ONLY = {
    "4.0": {"V09": 1, "V12": 3, "V25": 2},
    "5.0": {"V09": 2, "V15": 1, "V24": 3, "V25": 3},
}
JOINT_APPLICATIONS = (("V06", "V14"), ("V17", "V21"))
# Pairs of divisions that plan milestones and joint sessions together, the joint applicants first.
PAIRS = {
    "4.0": (("V01", "V07"), ("V03", "V10"), ("V05", "V23"), ("V02", "V18"), ("V08", "V21")),
    "5.0": (
        *JOINT_APPLICATIONS,
        ("V01", "V02"),
        ("V03", "V22"),
        ("V04", "V08"),
        ("V05", "V16"),
        ("V07", "V13"),
        ("V10", "V19"),
        ("V11", "V18"),
        ("V12", "V20"),
        ("V16", "V23"),
        ("V02", "V13"),
    ),
}

FACILITATORS = (
    ("F01", "Rosalind Achterberg", "Tidewater"),
    ("F02", "Desmond Okonjo", "Piedmont"),
    ("F03", "Yvette Lindqvist", "Southside"),
    ("F04", "Barnaby Castellanos", "Valley"),
    ("F05", "Philippa Nakagawa", "Highlands"),
)


def name_parts(part: str) -> tuple[str, ...]:
    """Return the first or last names that leaders are named from (`part`: first or last)."""
    text = files("cvln_eval.simulate.virginia").joinpath("names.csv").read_text(encoding="utf-8")
    return tuple(row["name"] for row in csv.DictReader(text.splitlines()) if row["part"] == part)
