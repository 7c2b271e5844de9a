"""The values that a notebook holds as printed are those of the reference file."""

import csv
from pathlib import Path

import pytest

STUDY = Path(__file__).resolve().parents[2] / "studies" / "school_leaders"
PUBLISHED = STUDY / "published" / "carolan_2014.csv"


def by_place(rows, place, value):
    """Return the numbers of each table and figure, sorted."""
    found = {}
    for row in rows:
        found.setdefault(place(row), []).append(float(row[value]))
    return {name: sorted(numbers) for name, numbers in found.items()}


def read(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_published_values_are_those_of_the_reference_file(real_data):
    reference = real_data.parent / "reference" / "school_leaders_book.csv"
    if not reference.is_file():
        pytest.skip("the published values are not on this machine")
    # "Carolan 2014 ch.9 Fig 9.2 (UCINET, 10,000 perms)" is Figure 9.2.
    there = by_place(
        read(reference),
        lambda row: " ".join(row["source"].replace("Fig ", "Figure ").split()[3:5]),
        "published",
    )
    assert by_place(read(PUBLISHED), lambda row: row["table"], "printed") == there
    assert sum(map(len, there.values())) == 80


def test_each_published_value_stands_once():
    rows = read(PUBLISHED)
    assert len({(row["table"], row["quantity"]) for row in rows}) == len(rows) == 80
