"""What is committed of the bundled studies is what cleaning makes of their raw files today."""

import shutil

import pandas as pd
import pytest

from cvln_eval import clean_study, open_study, write_cleaned

BUNDLED = {"cvln": ".", "virginia": "studies/virginia"}


@pytest.fixture(params=sorted(BUNDLED), scope="module")
def bundled(request, tmp_path_factory):
    """Return the committed study, and a copy of it that has been cleaned anew."""
    from pathlib import Path

    folder = Path(__file__).parents[2] / BUNDLED[request.param]
    copy = tmp_path_factory.mktemp(request.param) / "study"
    shutil.copytree(folder / "codebook", copy / "codebook")
    shutil.copytree(folder / "data" / "raw", copy / "data" / "raw")
    shutil.copy(folder / "study.toml", copy)
    again = open_study(copy)
    write_cleaned(again, clean_study(again))
    return open_study(folder), again


def test_the_committed_tables_are_rebuilt_byte_for_byte(bundled):
    committed, again = bundled
    files = {path.name: path.read_bytes() for path in again.processed_folder.iterdir()}
    assert len(files) > 15
    assert {p.name: p.read_bytes() for p in committed.processed_folder.iterdir()} == files


def test_rows_in_are_rows_kept_merged_and_set_aside(bundled):
    ledger = bundled[0].ledger
    ledger.check()
    assert (ledger.balance()["n_unaccounted"] == 0).all()
    assert set(ledger.files["file"]) == {raw.source for raw in bundled[0].definition.raw}


def test_every_planted_defect_is_found_and_nothing_else_is_touched(bundled):
    """Defects without a rule are spellings that cleaning has to read and need not change."""
    study = bundled[0]
    path = study.path / "data" / "truth" / "defects.csv"
    planted = pd.read_csv(path, dtype="str", keep_default_na=False).query("rule != ''")
    cells = study.ledger.cells[["file", "row", "column", "rule"]]
    rows = study.ledger.rows.query("rule != 'kept'").assign(column="")
    found = pd.concat([cells, rows[["file", "row", "column", "rule"]]]).astype("str")
    wanted = set(planted[["file", "row", "column", "rule"]].itertuples(index=False, name=None))
    assert set(found.itertuples(index=False, name=None)) == wanted


def test_everything_bundled_says_that_it_is_simulated(bundled):
    study = bundled[0]
    assert study.simulated
    assert (study.processed_folder / "SIMULATED.txt").read_text().startswith("SIMULATED DATA")


def test_the_network_is_the_published_one():
    """Hauser (2011): five teams of 7 to 11 leaders, 41 in year three, five coaches and one more."""
    study = open_study(BUNDLED["cvln"])
    members = study.table("memberships")
    network = members[members["team_id"].isin(study.arm("network"))]
    last = network[network["wave"] == study.waves[-1].id]
    assert len(last) == 41
    sizes = network.groupby(["wave", "team_id"]).size()
    assert (sizes.min(), sizes.max(), len(study.arm("network"))) == (7, 11, 5)
    coaches = members[members["team_id"].isin(study.arm("partner"))]
    assert coaches["person_id"].nunique() == 6
    assert len(study.arm("comparison")) == 15
    students = study.table("teams").query("arm == 'network'")["enrolment"].sum()
    assert 27_000 <= students <= 33_000


def test_virginia_has_25_divisions_and_about_180_leaders():
    study = open_study(BUNDLED["virginia"])
    members = study.table("memberships")
    members = members[members["team_id"].isin(study.arm("network"))]
    assert members["team_id"].nunique() == 25
    assert 170 <= members[members["wave"] == study.waves[-1].id]["person_id"].nunique() <= 190
