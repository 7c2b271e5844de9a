"""The recoding of the large simulated study as a plain pandas script would do it.

It reads the same files and writes the same tables, and keeps no account: it cannot say which row
was dropped, which cell was changed, or why.
"""

import tomllib
from pathlib import Path

import pandas as pd


def recode(folder: Path) -> None:
    """Recode the study in a folder into `plain/`."""
    definition = tomllib.loads((folder / "study.toml").read_text(encoding="utf-8"))
    items = pd.read_csv(folder / "codebook" / "items.csv", dtype="str")
    labels = pd.read_csv(folder / "codebook" / "response_sets.csv", dtype="str")
    values = labels.set_index(labels["label"].str.lower())["value"].to_dict()
    rosters, answers, asked = [], [], []
    for wave in (entry["id"] for entry in definition["wave"]):
        roster = read_roster(folder, wave)
        survey = read_survey(folder, wave)
        rosters.append(roster)
        asked.append(respondents(roster, survey, wave))
        answers.append(responses(survey, items, values, wave))
    out = folder / "plain"
    out.mkdir(exist_ok=True)
    memberships = pd.concat(rosters)
    people = memberships[["person_id"]].drop_duplicates()
    write(people, out / "people.csv")
    write(memberships[["person_id", "wave", "team_id"]], out / "memberships.csv")
    write(pd.concat(asked), out / "respondents.csv")
    write(pd.concat(answers), out / "responses.csv")


def read_roster(folder, wave):
    roster = pd.read_csv(folder / "data" / "raw" / f"roster_{wave}.csv", dtype="str")
    roster["person_id"] = roster["person_id"].str.strip()
    roster["name"] = roster["name"].str.strip()
    return roster.assign(wave=wave).drop_duplicates("person_id")


def read_survey(folder, wave):
    survey = pd.read_csv(folder / "data" / "raw" / f"survey_{wave}.csv", dtype="str")
    survey["person_id"] = survey["person_id"].str.strip()
    survey["submitted_at"] = pd.to_datetime(survey["submitted_at"])
    return survey.sort_values("submitted_at").drop_duplicates("person_id", keep="last")


def respondents(roster, survey, wave):
    return pd.DataFrame(
        {
            "wave": wave,
            "instrument": "climate",
            "person_id": roster["person_id"],
            "responded": roster["person_id"].isin(survey["person_id"]),
        }
    )


def responses(survey, items, values, wave):
    long = survey.melt("person_id", list(items["item"]), "item", "raw_value").dropna()
    text = long["raw_value"].str.strip()
    value = pd.to_numeric(text.str.lower().map(values).fillna(text), errors="coerce")
    value = value.where(value.between(1, 5))
    reverse = set(items.loc[items["reverse"] == "yes", "item"])
    long["value"] = value.where(~long["item"].isin(reverse), 6 - value)
    return long.assign(wave=wave).sort_values(["person_id", "item"])


def write(frame, path):
    frame.to_csv(path, index=False)
