"""The committed tidy tables are those that cleaning makes of the raw files, to the byte."""

import shutil
from pathlib import Path

import pytest

from cvln_eval import open_study
from cvln_eval.clean import clean_study, write_cleaned

ROOT = Path(__file__).resolve().parents[2]


def everything(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("folder", [".", "studies/virginia"])
def test_cleaning_gives_the_committed_tables_again(folder, tmp_path):
    committed = ROOT / folder
    shutil.copy2(committed / "study.toml", tmp_path)
    shutil.copytree(committed / "codebook", tmp_path / "codebook")
    shutil.copytree(committed / "data" / "raw", tmp_path / "data" / "raw")
    study = open_study(tmp_path)
    write_cleaned(study, clean_study(study))
    ours, theirs = everything(study.processed_folder), everything(committed / "data" / "processed")
    assert list(ours) == list(theirs)
    assert [name for name in ours if ours[name] != theirs[name]] == []
