"""Simulated districts and test results of the CVLN study: five network, fifteen comparison."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pandas as pd

from cvln_eval.simulate.cvln_parameters import COMPARISON, EFFECTS, PARTNER, TEAMS

__all__ = ["simulate_outcomes", "simulate_teams"]

ENROLMENT = {
    "Almond Grove": 4180,
    "Cedar Flats": 3920,
    "Las Palmas": 6350,
    "Orchard Valley": 5870,
    "River Bend": 9740,
}
YEARS = (2008, 2009, 2010, 2011)
GRADES = {"elementary": (3, 4, 5, 6), "middle": (7, 8), "high": (9, 10, 11)}
SUPPRESSED_BELOW = 10


def simulate_teams(rng: np.random.Generator) -> pd.DataFrame:
    """Return the districts, the five of the network with about 30,000 students together.

    Parameters
    ----------
    rng : np.random.Generator

    Returns
    -------
    pd.DataFrame
        The tidy table `teams`, the coaches' team included.
    """
    enrolment = ENROLMENT | {
        team: int(10 * round(rng.lognormal(8.5, 0.35) / 10)) for team in COMPARISON
    }
    rows = [
        (team, f"{team} Unified", "network" if team in TEAMS else "comparison", students)
        for team, students in enrolment.items()
    ]
    frame = pd.DataFrame(rows, columns=["team_id", "district", "arm", "enrolment"])
    regions = ["north valley", "mid valley", "south valley"]
    frame["region"] = [regions[place % 3] for place in range(len(frame))]
    frame["cohort"] = frame["arm"].map({"network": "2008"})
    partner = {"team_id": PARTNER, "district": "Coaching team", "arm": "partner"}
    frame = pd.concat([frame, pd.DataFrame([partner])], ignore_index=True)
    frame["enrolment"] = frame["enrolment"].astype("Int64")
    return frame[["team_id", "district", "arm", "cohort", "region", "enrolment"]]


def simulate_outcomes(*, teams: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return test results by school, year, subject and grade, with the known network effect.

    Results of fewer than ten students are suppressed, as state files do.

    Parameters
    ----------
    teams : pd.DataFrame
        From `simulate_teams`.
    rng : np.random.Generator

    Returns
    -------
    pd.DataFrame
        The tidy table with the column `school_level`.
    """
    districts = teams[teams["arm"] != "partner"]
    schools = pd.concat([_schools(row, rng) for row in districts.itertuples()], ignore_index=True)
    parts = [
        _of_grade(schools, year, subject, grade)
        for year in YEARS
        for subject in ("ela", "math")
        for level in GRADES
        for grade in GRADES[level]
    ]
    frame = pd.concat(parts, ignore_index=True)
    frame = _scored(frame, rng)
    return frame.sort_values(["year", "team_id", "unit_id", "subject", "grade"], ignore_index=True)


def _schools(district: object, rng: np.random.Generator) -> pd.DataFrame:
    """Return a district's schools with the students of one grade; shares as in a K-12 district."""
    team, students = str(district.team_id), int(district.enrolment)  # type: ignore[attr-defined]
    prefix = {**TEAMS, **COMPARISON}[team]
    a_grade = students / 13
    counts = {"elementary": max(3, round(students / 950)), "middle": max(1, round(students / 4500))}
    counts["high"] = max(1, round(students / 7000))
    rows = []
    for level, count in counts.items():
        shares = rng.dirichlet(np.ones(count) * 12)
        if count > 5:  # one school in the hills, so small that some of its results are suppressed
            shares[-1] *= 0.12
        for place, share in enumerate(shares, start=1):
            unit = f"{prefix}-{level[0].upper()}{place}"
            rows.append((team, unit, level, max(6, a_grade * share)))
    frame = pd.DataFrame(rows, columns=["team_id", "unit_id", "school_level", "a_grade"])
    frame["school"] = EFFECTS["outcomes"]["sd_school"] * rng.normal(size=len(frame))
    frame["district"] = EFFECTS["outcomes"]["sd_district"] * rng.normal()
    for year in YEARS:
        frame[f"y{year}"] = EFFECTS["outcomes"]["sd_district_year"] * rng.normal()
    return frame


def _of_grade(schools: pd.DataFrame, year: int, subject: str, grade: int) -> pd.DataFrame:
    level = next(level for level, grades in GRADES.items() if grade in grades)
    here = schools[schools["school_level"] == level]
    shift = here["school"] + here["district"] + here[f"y{year}"]
    part = here[["unit_id", "team_id", "school_level", "a_grade"]].assign(shift=shift)
    return part.assign(year=year, subject=subject, grade=str(grade))


def _scored(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    given, n = EFFECTS["outcomes"], len(frame)
    frame["n_tested"] = rng.poisson(frame["a_grade"])
    effect = frame["year"].astype(str).map(given["network_effect"]).fillna(0.0)
    treated = frame["team_id"].isin(TEAMS)
    base = 338 - 1.5 * (frame["grade"].astype(int) - 3) + 4.0 * (frame["subject"] == "math")
    mean = base + frame["shift"] + given["trend_per_year"] * (frame["year"] - 2008)
    mean = mean + effect.where(treated, 0.0) + given["sd_cell"] * rng.normal(size=n)
    noise = given["sd_student"] / np.sqrt(np.maximum(frame["n_tested"], 1))
    frame["mean_score"] = (mean + noise * rng.normal(size=n)).round(1)
    frame["sd_score"] = (given["sd_student"] * (1 + 0.06 * rng.normal(size=n))).round(1)
    z = (frame["mean_score"] - given["cut_score"]) / frame["sd_score"]
    frame["share_proficient"] = [round(NormalDist().cdf(score), 3) for score in z]
    few = frame["n_tested"] < SUPPRESSED_BELOW
    frame.loc[few, ["mean_score", "sd_score", "share_proficient"]] = math.nan
    order = ["unit_id", "year", "subject", "grade", "team_id", "n_tested", "mean_score", "sd_score"]
    return frame[[*order, "share_proficient", "school_level"]]
