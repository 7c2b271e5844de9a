"""Every column that a result of this room returns is in the glossary, each with a sentence."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval import open_study
from cvln_eval.glossary import glossary
from cvln_eval.measurement import answer_table, response_range, scale_items
from cvln_eval.measurement.contents.communication import communication_plan
from cvln_eval.measurement.contents.consensus import values_consensus
from cvln_eval.measurement.contents.consensus_change import consensus_change
from cvln_eval.measurement.contents.cooccurrence import theme_cooccurrence
from cvln_eval.measurement.contents.modes import importance_performance
from cvln_eval.measurement.contents.practices import practice_consistency
from cvln_eval.measurement.contents.rubric import rubric_levels
from cvln_eval.measurement.contents.themes import theme_frequencies
from cvln_eval.measurement.contents.vision import vision_checklist

FEW = {"n_boot": 100}
LAST = "2011-spring"


@pytest.fixture(scope="module")
def results():
    """Return every result of the room, made from the bundled study."""
    study = open_study(".")
    ratings, themes, book = study.table("ratings"), study.table("themes"), study.codebook
    names = list(dict.fromkeys(ratings["criterion"]))
    vision = [name for name in names if name.startswith("vision_")]
    rubric = [n for n in names if n not in vision and not n.startswith("communication_")]

    def answers(items, wave=None):
        rows = study.table("responses")
        roster = study.table("memberships")
        return answer_table(rows, codebook=book, items=items, wave=wave, memberships=roster)

    values = {"items": scale_items(book, "values"), "response_range": (1, 7), **FEW}
    modes = {name: scale_items(book, name) for name in ("offered", "wanted", "impact")}
    groups = {f"grade {grade}": scale_items(book, f"cpl_grade_{grade}") for grade in (3, 9)}
    allowed = response_range(book, groups["grade 3"])
    return {
        "frequencies": theme_frequencies(themes, **FEW),
        "cooccurrence": theme_cooccurrence(themes),
        "consensus": values_consensus(answers("values", LAST), team="team_id", **values),
        "change": consensus_change(answers("values"), waves=("2008-fall", LAST), **values),
        "modes": importance_performance(answers("modes", LAST), **modes, **FEW),
        "rubric": rubric_levels(ratings, criteria=rubric),
        "vision": vision_checklist(ratings, criteria=vision),
        "plans": communication_plan(ratings),
        "practices": practice_consistency(
            answers("cpl", LAST), groups=groups, response_range=allowed, team="team_id"
        ),
    }


def frames(results):
    tables = [t for result in results.values() for t in (result.tidy(), result.glance())]
    tables += [results["frequencies"].coders(), results["modes"].quadrants()]
    tables += [results["consensus"].concordance(), results["consensus"].people()]
    tables += [results["rubric"].changes(), results["vision"].raters(), results["plans"].raters()]
    return [*tables, results["practices"].people(), results["practices"].by_team()]


def test_every_column_is_defined(results):
    returned = {column for frame in frames(results) for column in frame.columns}
    assert returned - set(glossary()["column"]) == set()


def test_no_result_is_empty_and_a_glance_is_one_row(results):
    assert all(len(frame) for frame in frames(results))
    assert {len(result.glance()) for result in results.values()} == {1}


def test_every_sentence_is_one_and_carries_numbers(results):
    for result in results.values():
        said = result.sentence()
        assert said.endswith(".")
        assert any(sign.isdigit() for sign in said)
        assert "nan" not in said


def test_a_number_that_is_missing_has_a_reason(results):
    for frame in frames(results):
        if "reason" in frame and "consistency" not in frame:
            bounds = [c for c in ("conf_low", "change", "p_value") if c in frame]
            missing = frame[bounds].isna().any(axis=1)
            assert (frame.loc[missing, "reason"] != "").all(), list(frame.columns)


def test_the_true_difference_of_the_groups_is_found(results):
    """Student work and shared lessons are more in place in the grade 3 group by 0.8 and 0.7."""
    table = results["practices"].tidy().set_index("practice")
    for item in ("cpl_g3_student_work", "cpl_g3_shared_lesson"):
        assert table.loc[item, "conf_low"] > 0
    assert results["practices"].glance()["n_persons"].item() == 37


def test_the_same_table_gives_the_same_page(results):
    again = theme_frequencies(open_study(".").table("themes"), **FEW)
    assert repr(again) == repr(results["frequencies"])
    assert isinstance(again.tidy(), pd.DataFrame)
    assert np.isfinite(again.tidy()["segments_share"]).all()
