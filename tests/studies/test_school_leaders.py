"""The school leaders, from the published files to the book's table."""

import csv
import re

import numpy as np
import pytest

from cvln_eval.networks import degree_summary, degrees

NETWORKS = [(w, r) for w in ("1", "3") for r in ("collaboration", "confidential")]
# Half a unit in the second printed digit.
PRINTED = 0.005


RELATIONS = {"collab": "collaboration", "conf": "confidential"}
GROUPS = {"school": "site", "district": "central_office", "total": "all"}
QUANTITY = re.compile(r"(collab|conf)(\d) (out|in)-degree (mean|SD) (school|district|total)")


def table_9_1(real_data):
    """Return where each number of Carolan (2014), Table 9.1, stands here, and what it is."""
    path = real_data.parent / "reference" / "school_leaders_book.csv"
    if not path.is_file():
        pytest.skip("the published values are not on this machine")
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["source"].endswith("Table 9.1")]
    for row in rows:
        network, wave, direction, statistic, group = QUANTITY.match(row["quantity"]).groups()
        at = (f"{direction}_degree", GROUPS[group], statistic.lower())
        yield wave, RELATIONS[network], at, float(row["published"]), float(row["tolerance"])


def people_of(study, wave):
    members = study.table("memberships").query("wave == @wave")
    return members.merge(study.table("people"), on="person_id")


def summary(study, wave, relation, **options):
    counted = degrees(
        study.table("ties"),
        people_of(study, wave),
        wave=wave,
        relation=relation,
        threshold=3,
        self_ties=True,
    )
    table = degree_summary(counted, by="level", **options).tidy()
    return table.set_index(["direction", "group"])


def test_there_are_43_leaders_of_whom_18_are_of_the_district_office(school_leaders):
    people = school_leaders.table("people")
    assert len(people) == 43
    assert people["level"].value_counts().to_dict() == {"site": 25, "central_office": 18}
    for wave in ("1", "3"):
        assert len(people_of(school_leaders, wave)) == 43


def test_attributes_are_those_of_the_file(school_leaders):
    people = school_leaders.table("people").set_index("person_id")
    assert people.loc["13", ["efficacy", "trust"]].tolist() == pytest.approx([8.28, 5.13])
    assert people["male"].sum() == 19
    assert (people["efficacy"].between(1, 9) & people["trust"].between(1, 7)).all()


def test_there_are_four_networks_with_the_strengths_of_the_matrices(school_leaders):
    ties = school_leaders.table("ties")
    # Cells of 1, 2, 3 and 4 in each matrix.
    expected = {
        ("1", "collaboration"): [5, 3, 23, 51],
        ("1", "confidential"): [11, 11, 12, 13],
        ("3", "collaboration"): [520, 422, 211, 161],
        ("3", "confidential"): [392, 183, 81, 70],
    }
    seen = {
        at: [int((part["strength"] == value).sum()) for value in (1, 2, 3, 4)]
        for at, part in ties.groupby(["wave", "relation"])
    }
    assert seen == expected


def test_degrees_are_those_of_the_book(school_leaders, real_data):
    """The tolerance of a standard deviation is wider as one group of rows is printed with n."""
    compared, off = 0, []
    for wave, relation, (direction, group, statistic), published, tolerance in table_9_1(real_data):
        seen = summary(school_leaders, wave, relation).loc[(direction, group), statistic]
        compared += 1
        if abs(seen - published) > tolerance:
            off.append((wave, relation, direction, group, statistic, seen, published))
    assert (compared, off) == (48, [])


def test_the_one_group_of_rows_with_divisor_n_is_met_to_the_printed_digit(school_leaders):
    table = summary(school_leaders, "1", "collaboration", ddof=0)
    for group in ("site", "central_office"):
        assert table.loc[("out_degree", group), "sd"] == pytest.approx(0.94, abs=PRINTED)


@pytest.mark.parametrize(
    ("wave", "relation", "who"),
    [
        ("1", "collaboration", []),
        ("1", "confidential", []),
        ("3", "collaboration", [7, 14, 17, 19, 25, 28, 30, 40, 41, 42]),
        ("3", "confidential", [7, 14, 17, 19, 21, 28, 30, 41, 42]),
    ],
)
def test_self_nominations_are_kept_and_each_is_in_the_ledger(school_leaders, wave, relation, who):
    file = f"year-{wave}-{relation}-ties.xlsx"
    cells = school_leaders.ledger.cells
    cells = cells[(cells["rule"] == "self_nomination") & (cells["file"] == file)]
    # Without a header the first leader's row is row 1 and column 1.
    assert sorted(cells["row"]) == who
    assert cells["column"].tolist() == cells["row"].astype(str).tolist()
    ties = school_leaders.table("ties").query(
        "wave == @wave and relation == @relation and sender_id == receiver_id"
    )
    assert sorted(ties["sender_id"].astype(int)) == who


@pytest.mark.parametrize(
    ("wave", "relation", "who"),
    [
        ("1", "collaboration", [2, 13, 37]),
        ("1", "confidential", [1, 2, 3, 4, 13, 15, 17, 18, 23, 26, 33, 34, 37, 41]),
        ("3", "collaboration", []),
        ("3", "confidential", [1]),
    ],
)
def test_rows_of_zeros_are_kept_as_not_known_whether_answered(school_leaders, wave, relation, who):
    file = f"year-{wave}-{relation}-ties.xlsx"
    rows = school_leaders.ledger.rows
    rows = rows[rows["file"] == file]
    unknown = rows[rows["rule"] == "not_known_whether_answered"]
    assert sorted(unknown["row"]) == who
    assert set(unknown["disposition"]) <= {"kept"}
    answers = school_leaders.table("respondents").query("wave == @wave and instrument == @relation")
    assert len(answers) == 43
    missing = answers[answers["responded"].isna()]
    assert sorted(missing["person_id"].astype(int)) == who
    assert missing["reason"].notna().all()


def test_every_row_is_accounted_for_and_none_set_aside(school_leaders):
    balance = school_leaders.ledger.balance()
    assert balance["n_rows"].tolist() == [43] * 5
    assert balance["n_kept"].tolist() == [43] * 5
    assert np.all(balance["n_unaccounted"] == 0)
