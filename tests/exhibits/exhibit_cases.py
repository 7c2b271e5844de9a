"""A study of two teams and two waves, small enough to check by eye, and all its figures."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import pandas as pd
from inference_cases import inference_figures
from measurement_cases import measurement_figures
from mixing_cases import mixing_figures
from network_cases import network_figures

from cvln_eval import exhibits, participation
from cvln_eval.study.definition import Wave
from cvln_eval.study.ledger import LEDGER_COLUMNS, Ledger


@dataclass(frozen=True)
class SmallStudy:
    name: str = "A small study"
    simulated: bool = True


STUDY = SmallStudy()
WAVES = (
    Wave("y1", "Fall 2008", date(2008, 9, 1), date(2009, 6, 30)),
    Wave("y2", "Spring 2010", date(2009, 7, 1), date(2010, 6, 30)),
)
MEMBERS = pd.DataFrame(
    [
        ("a", "y1", "A", "chief"), ("b", "y1", "A", "vice"), ("c", "y1", "B", "vice"),
        ("a", "y2", "A", "chief"), ("d", "y2", "A", "vice"), ("c", "y2", "B", "vice"),
        ("e", "y2", "B", "vice"),
    ],
    columns=["person_id", "wave", "team_id", "role"],
)  # fmt: skip
PEOPLE = pd.DataFrame(
    {"person_id": list("abcde"), "level": ["central_office", "site", "site", "site", "site"]}
)
SESSIONS = pd.DataFrame(
    {
        "session_id": ["s1", "s2", "s3"],
        "kind": ["institute", "institute", "follow_up"],
        "mode": ["face_to_face", "virtual", "virtual"],
        "status": ["held", "held", "postponed"],
        "wave": ["y1", "y2", None],
        "held_on": pd.to_datetime(["2008-10-01", "2009-10-01", None]),
        "hours": [6.0, 6.0, 2.0],
    }
)
CAME = pd.DataFrame({"session_id": ["s1", "s1", "s2"], "person_id": ["a", "c", "d"], "hours": 6.0})
VISITS = pd.DataFrame(
    {
        "visit_id": ["v1", "v2", "v3"],
        "team_id": ["A", "A", "B"],
        "held_on": pd.to_datetime(["2008-10-01", "2009-10-01", "2009-11-01"]),
        "minutes": [60.0, None, 90.0],
    }
)
APPLIED = pd.DataFrame(
    {"application_id": ["1", "2"], "cohort": ["4", "5"], "kind": ["division", "joint"],
     "accepted": [True, True]}
)  # fmt: skip


@cache
def results():
    return {
        "flow": participation.roster_flow(MEMBERS, waves=WAVES, people=PEOPLE),
        "makeup": participation.team_makeup(MEMBERS, waves=WAVES, people=PEOPLE),
        "balance": participation.role_balance(MEMBERS),
        "attendance": participation.attendance_share(CAME, SESSIONS, MEMBERS, people=PEOPLE),
        "dose": participation.coaching_dose(VISITS, MEMBERS, waves=WAVES),
        "held": participation.sessions_held(SESSIONS, by=["kind", "mode"]),
        "returning": participation.returning_leaders(MEMBERS, cohorts=["y1", "y2"]),
        "applications": participation.applications_by_cohort(APPLIED),
    }


def ledger():
    tables = {name: pd.DataFrame(columns=list(cols)) for name, cols in LEDGER_COLUMNS.items()}
    tables["files"] = pd.DataFrame(
        {"file": ["roster.csv", "log.csv"], "n_rows": [7, 4], "n_kept": [7, 2],
         "n_merged": [0, 1], "n_set_aside": [0, 1]}
    )  # fmt: skip
    tables["cells"] = pd.DataFrame({"rule": ["date_format"] * 12 + ["out_of_range"]})
    return Ledger(**tables)


@cache
def figures(study=STUDY):
    r, common = results(), {"number": "1.1", "study": study}
    return {
        "makeup": exhibits.plot_team_makeup(r["makeup"], **common),
        "makeup_single": exhibits.plot_team_makeup(
            r["makeup"], width="single", by="role", **common
        ),
        "flow": exhibits.plot_roster_flow(r["flow"], **common),
        "flow_all": exhibits.plot_roster_flow(r["flow"], by="all", width="single", **common),
        "growth": exhibits.plot_growth(r["flow"], **common),
        "balance": exhibits.plot_role_balance(r["balance"], **common),
        "attendance": exhibits.plot_attendance(r["attendance"], **common),
        "persons": exhibits.plot_attendance(r["attendance"], rows="person_id", **common),
        "dose": exhibits.plot_coaching_dose(r["dose"], **common),
        "held": exhibits.plot_sessions_held(r["held"], **common),
        "returning": exhibits.plot_returning(r["returning"], **common),
        "ledger": exhibits.plot_ledger(ledger(), **common),
        "cells": exhibits.plot_cells_by_rule(ledger(), **common),
        **measurement_figures(study),
        **inference_figures(study),
        **mixing_figures(study),
        **network_figures(study),
    }
