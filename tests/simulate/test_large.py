import pandas as pd

from cvln_eval import open_study
from cvln_eval.simulate import simulate_large


def test_a_large_study_has_the_size_asked_for_and_the_same_bytes_each_time(tmp_path):
    one = simulate_large(tmp_path / "one", n_teams=6, n_leaders=8, n_items=10, rng=3)
    two = simulate_large(tmp_path / "two", n_teams=6, n_leaders=8, n_items=10, rng=3)
    study = open_study(one)
    assert len(study.arm("network")) == 6
    assert len(study.definition.raw) == 8
    assert len(study.codebook.items) == 10
    assert sum(item.reverse for item in study.codebook.items) == 2
    for path in sorted(one.rglob("*.*")):
        assert path.read_bytes() == (two / path.relative_to(one)).read_bytes()


def test_rosters_of_a_large_study_turn_over_and_names_do_not_repeat(tmp_path):
    folder = simulate_large(tmp_path, n_teams=50, rng=1)
    rosters = [
        pd.read_csv(folder / "data" / "raw" / f"roster_{wave}.csv") for wave in range(2021, 2025)
    ]
    assert [len(roster) for roster in rosters] == [500] * 4
    everybody = pd.concat(rosters).drop_duplicates("person_id")
    assert not everybody["name"].duplicated().any()
    stay = rosters[0]["person_id"].isin(rosters[1]["person_id"]).mean()
    assert 0.8 < stay < 0.97


def test_answers_of_a_large_study_mix_numbers_labels_and_codes(tmp_path):
    folder = simulate_large(tmp_path, n_teams=50, rng=1)
    survey = pd.read_csv(folder / "data" / "raw" / "survey_2021.csv", dtype="str")
    cells = survey.filter(like="q").melt()["value"].value_counts(normalize=True)
    assert cells[["1", "2", "3", "4", "5"]].sum() > 0.9
    assert cells["Agree"] > 0
    assert 0.005 < cells["99"] < 0.02
    assert cells["8"] > 0
    assert survey.duplicated().any()
