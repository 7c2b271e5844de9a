"""The real studies, fetched and cleaned once a session in a copy."""

import shutil
from pathlib import Path

import pytest

from cvln_eval import open_study
from cvln_eval.clean import clean_study, write_cleaned
from cvln_eval.read import fetch_study

STUDIES = Path(__file__).resolve().parents[2] / "studies"


def cleaned(name, folder, real_data):
    copy = shutil.copytree(STUDIES / name, folder, ignore=shutil.ignore_patterns("data"))
    study = open_study(copy)
    fetch_study(study, source=real_data / name)
    write_cleaned(study, clean_study(study))
    return open_study(copy)


@pytest.fixture(scope="session")
def school_leaders(tmp_path_factory, real_data):
    """43 leaders, four networks."""
    return cleaned("school_leaders", tmp_path_factory.mktemp("s") / "school_leaders", real_data)


@pytest.fixture(scope="session")
def online_educators(tmp_path_factory, real_data):
    """Two runs of one course."""
    return cleaned("online_educators", tmp_path_factory.mktemp("o") / "online_educators", real_data)
