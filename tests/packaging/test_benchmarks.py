"""The plain script that cleaning is measured against does the same recoding."""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from cvln_eval import open_study
from cvln_eval.clean import clean_study

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    from cvln_eval.simulate import simulate_large

    folder = tmp_path_factory.mktemp("large")
    simulate_large(folder, n_teams=12, rng=2)
    spec = importlib.util.spec_from_file_location("plain", ROOT / "benchmarks" / "plain_pandas.py")
    plain = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(plain)
    plain.recode(folder)
    return folder / "plain", clean_study(open_study(folder)).tables


@pytest.mark.parametrize("table", ["memberships", "respondents", "responses"])
def test_the_plain_script_makes_the_same_records(both, table):
    folder, cleaned = both
    plain = pd.read_csv(folder / f"{table}.csv", dtype={"wave": "str", "person_id": "str"})
    columns = [name for name in plain if name in cleaned[table] and name != "raw_value"]
    keys = [name for name in columns if name not in ("value", "responded")]
    ours = cleaned[table][columns].sort_values(keys, ignore_index=True)
    theirs = plain[columns].sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(theirs, ours, check_dtype=False)
