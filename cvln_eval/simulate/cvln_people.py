"""Simulated leaders of the CVLN study: who is in which team in which year. Nobody here exists."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.simulate.cvln_parameters import PARTNER, TEAMS, WAVES, YEAR_OF

__all__ = ["ID_MADE", "LEADER_NAMES", "OUTSIDERS", "OUTSIDER_IDS", "CvlnPeople", "simulate_people"]

# Invented names; accents are there because files in another encoding must survive.
LEADER_NAMES = (
    "José Ibáñez",
    "Thao Vang",
    "Latoya Freeman",
    "Gurpreet Dhaliwal",
    "Hannah Lindqvist",
    "Renée Boudreaux",
    "Marcus Whitfield",
    "Pilar Domínguez",
    "Tomás Quiñones",
    "Aiko Murakami",
    "Deborah Kowalczyk",
    "Xochitl Barragán",
    "Samuel Okonkwo",
    "Zeynep Aydin",
    "Priya Raghunathan",
    "Wendell Stubbs",
    "Noemí Valdéz",
    "Khadija Warsame",
    "Brendan O'Rourke",
    "Lucía Echeverría",
    "Terrence Applewhite",
    "Mei-Ling Chou",
    "Ofelia Zamora",
    "Pao Xiong",
    "Garrett Hollingsworth",
    "Simone Duvalier",
    "Narek Petrosyan",
    "Ximena Arredondo",
    "Curtis Babineaux",
    "Anjali Mehrotra",
    "Rosalind Tuttle",
    "Efraín Gallardo",
    "Yolanda Peppers",
    "Dmitri Sokolov",
    "Concepción Urrutia",
    "Harold Jepson",
    "Nkechi Adeyemi",
    "Søren Bjerregaard",
    "Guadalupe Montoya",
    "Vanessa Crutchfield",
    "Manuel Figueroa",
    "Ingrid Schäfer",
    "Darnell Broussard",
    "Soledad Carranza",
    "Phillip Vandermeer",
    "Chia Moua",
)
SHARED_IN_TWO_TEAMS = "María García"
SHARED_IN_ONE_TEAM = "Kim Nguyen"
COACH_NAMES = (
    "Beatriz Peñaloza",
    "Clarence Hightower",
    "Joanna Fitzsimmons",
    "Raúl Escamilla",
    "Evelyn Nakagawa",
)
NETWORK_COACH = "Theodora Blackwell"
# People on no roster, and the ids that cleaning makes for them in the order in which they come.
OUTSIDERS = ("Winifred Castleberry", "Alonzo Buttars", "Fumiko Yoshizawa", "Régis Thibodeaux")
OUTSIDER_IDS = tuple(f"outsider-{place:03d}" for place in range(1, len(OUTSIDERS) + 1))
FIRST_ROLES = (
    "superintendent",
    "central_office_administrator",
    "central_office_administrator",
    "principal",
    "principal",
    "principal",
    "vice_principal",
)
# (team, role) of those who leave after year 1 and year 2, and of those who come in years 2 and 3.
LEAVERS = {
    1: (
        ("Almond Grove", "superintendent"),
        ("Cedar Flats", "principal"),
        ("Las Palmas", "vice_principal"),
    ),
    2: (
        ("Orchard Valley", "central_office_administrator"),
        ("Almond Grove", "principal"),
        ("River Bend", "principal"),
        ("Cedar Flats", "vice_principal"),
    ),
}
GROWTH = {
    2: (
        ("Orchard Valley", "vice_principal"),
        ("River Bend", "principal"),
        ("River Bend", "vice_principal"),
    ),
    3: (
        ("Las Palmas", "principal"),
        ("River Bend", "vice_principal"),
        ("River Bend", "central_office_administrator"),
    ),
}
# One who comes in year 3 gets the number of somebody who left; cleaning must make an id for them.
ID_GIVEN_AGAIN = ("Almond Grove", "principal", 3)
ID_MADE = "P0001"
LEVELS = {
    "superintendent": "central_office",
    "central_office_administrator": "central_office",
    "principal": "site",
    "vice_principal": "site",
    "coach": "external",
    "network_coach": "external",
}


@dataclass(frozen=True, slots=True, eq=False)
class CvlnPeople:
    """People and their places: one row a person, one row a person and wave.

    `people` carries `name`, `first_year`, `engagement` (a latent trait) beside the columns of the
    tidy table; `memberships` is the tidy table.
    """

    people: pd.DataFrame
    memberships: pd.DataFrame

    def names(self) -> dict[str, str]:
        """Return the name of each person."""
        return dict(zip(self.people["person_id"], self.people["name"], strict=True))

    def roster(self, wave: str, *, partner: bool = False) -> pd.DataFrame:
        """Return the memberships of one wave, of the network's teams or of the coaches."""
        here = self.memberships["wave"] == wave
        coaches = self.memberships["team_id"] == PARTNER
        return self.memberships[here & (coaches if partner else ~coaches)].reset_index(drop=True)


def simulate_people(rng: np.random.Generator) -> CvlnPeople:
    """Return the simulated leaders and coaches with their memberships in the four waves.

    Parameters
    ----------
    rng : np.random.Generator

    Returns
    -------
    CvlnPeople
        48 leaders, of whom 35, 38 and 41 are members in the three years, and six coaches.
    """
    people = pd.concat([_leaders(rng), _coaches()], ignore_index=True)
    people["level"] = people["role"].map(LEVELS)
    people["tenure_years"] = np.round(1 + rng.gamma(2.0, 3.5, len(people)))
    odds = [0.62, 0.23, 0.15]
    people["degree"] = rng.choice(["masters", "doctorate", "credential"], len(people), p=odds)
    partner = people["team_id"] == PARTNER
    people.loc[partner, ["tenure_years", "degree"]] = None  # the coaches' roster does not ask
    people["engagement"] = rng.normal(size=len(people))
    return CvlnPeople(people, _memberships(people, rng))


def _leaders(rng: np.random.Generator) -> pd.DataFrame:
    rows = [(team, role, 1, 3) for team in TEAMS for role in FIRST_ROLES]
    for year in (2, 3):
        for team, role in LEAVERS[year - 1]:
            left = next(
                place for place, row in enumerate(rows) if row[:2] == (team, role) and row[3] == 3
            )
            rows[left] = (*rows[left][:3], year - 1)
            rows.append((team, role, year, 3))
        rows += [(team, role, year, 3) for team, role in GROWTH[year]]
    frame = pd.DataFrame(rows, columns=["team_id", "role", "first_year", "last_year"])
    frame["person_id"] = [f"P{1001 + place}" for place in range(len(frame))]
    frame.loc[_place(frame, *ID_GIVEN_AGAIN), "person_id"] = ID_MADE
    frame["name"] = _placed_names(frame, rng)
    return _with_sites(frame)


def _placed_names(frame: pd.DataFrame, rng: np.random.Generator) -> list[str]:
    """Give out the names; two pairs of people share one, in two teams and within one team."""
    twins = [
        _place(frame, "Almond Grove", "central_office_administrator", 1),
        _place(frame, "Las Palmas", "principal", 1),
        _place(frame, "River Bend", "central_office_administrator", 1),
        _place(frame, "River Bend", "principal", 2),
    ]
    names = dict.fromkeys(twins[:2], SHARED_IN_TWO_TEAMS)
    names |= dict.fromkeys(twins[2:], SHARED_IN_ONE_TEAM)
    others = [place for place in range(len(frame)) if place not in names]
    drawn = rng.permutation(np.array(LEADER_NAMES, dtype=object))[: len(others)]
    names |= dict(zip(others, drawn, strict=True))
    return [names[place] for place in range(len(frame))]


def _place(frame: pd.DataFrame, team: str, role: str, year: int) -> int:
    stays = (frame["last_year"] == 3) & (frame["first_year"] == year)
    return int(frame.index[stays & (frame["team_id"] == team) & (frame["role"] == role)][0])


def _with_sites(frame: pd.DataFrame) -> pd.DataFrame:
    """Give site leaders a school: principals one each, vice-principals the large schools."""
    sites: list[str | None] = []
    counts: dict[tuple[str, str], int] = {}
    for team, role in zip(frame["team_id"], frame["role"], strict=True):
        at = (team, role)
        counts[at] = counts.get(at, 0) + 1
        kind = {"principal": "E", "vice_principal": "H"}.get(role)
        number = 1 + (counts[at] - 1) % (5 if kind == "E" else 1)
        sites.append(f"{TEAMS[team]}-{kind}{number}" if kind else None)
    return frame.assign(site_id=pd.Series(sites, index=frame.index, dtype="object"))


def _coaches() -> pd.DataFrame:
    names = [*COACH_NAMES, NETWORK_COACH]
    return pd.DataFrame(
        {
            "team_id": PARTNER,
            "role": ["coach"] * len(COACH_NAMES) + ["network_coach"],
            "first_year": 1,
            "last_year": 3,
            "person_id": [f"C{place:02d}" for place in range(1, len(names) + 1)],
            "name": names,
            "site_id": None,
        }
    )


def _memberships(people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    starts = {1: "2008-08-01", 2: "2009-08-03", 3: "2010-08-02"}
    shift = pd.to_timedelta(rng.integers(0, 30, len(people)), unit="D")
    joined = pd.to_datetime(people["first_year"].map(starts)) + shift
    left = pd.to_datetime(people["last_year"].map({1: "2009-06-19", 2: "2010-06-18"}))
    parts = []
    for wave in WAVES:
        year = YEAR_OF[wave]
        here = (people["first_year"] <= year) & (people["last_year"] >= year)
        part = people.loc[here, ["person_id", "team_id", "role", "site_id"]]
        part = part.assign(
            joined_on=joined[here], left_on=left[here].where(people["last_year"] == year)
        )
        part.insert(1, "wave", wave)
        parts.append(part.sort_values(["team_id", "person_id"]))
    return pd.concat(parts, ignore_index=True)
