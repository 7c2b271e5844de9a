"""The simulated Virginia study: its structure, its effects, its files, and cleaning them."""

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cvln_eval import open_study
from cvln_eval.clean import clean_study
from cvln_eval.errors import ArgumentError
from cvln_eval.simulate import simulate_virginia, write_study
from cvln_eval.simulate.virginia import VirginiaEffects
from cvln_eval.simulate.virginia.truth import simulate_truth
from cvln_eval.simulate.virginia.world import DIVISIONS, REGION_OF, WAVES
from cvln_eval.study.ledger import ledger_rules

BUNDLED = Path(__file__).resolve().parents[2] / "studies" / "virginia"
SEED = 2019
TABLES = (
    "people",
    "memberships",
    "teams",
    "sessions",
    "attendance",
    "coaching",
    "respondents",
    "responses",
    "ties",
    "milestones",
    "applications",
)
FILES = tuple(raw.source for raw in open_study(BUNDLED).definition.raw)
# Standard errors that an estimate pooled over the seeds below may be away from the truth.
TOLERANCE_SE = 4.0
POOLED_SEEDS = range(6)


@pytest.fixture(scope="module")
def simulated():
    return simulate_virginia(rng=SEED)


@pytest.fixture(scope="module")
def tables(simulated):
    return simulated.tables


@pytest.fixture(scope="module")
def folder(simulated, tmp_path_factory):
    return write_study(simulated, tmp_path_factory.mktemp("virginia"))


@pytest.fixture(scope="module")
def cleaned(folder):
    return clean_study(open_study(folder))


@pytest.fixture(scope="module")
def pooled():
    """True tables of several seeds, each with its number, to see effects through the noise."""
    parts = {}
    for seed in POOLED_SEEDS:
        truth = simulate_truth(VirginiaEffects(), rng=np.random.default_rng(seed))
        for name, table in truth.tables.items():
            parts.setdefault(name, []).append(table.assign(seed=seed))
    return {name: pd.concat(listed, ignore_index=True) for name, listed in parts.items()}


def leaders(tables, wave):
    members = tables["memberships"]
    return members[(members["wave"] == wave) & (members["team_id"] != "FAC")]


# Structure


def test_there_are_25_divisions_and_180_leaders_in_the_current_cohort(tables):
    now = leaders(tables, "5.0-fall")
    assert len(now) == now["person_id"].nunique() == 180
    assert sorted(now["team_id"].unique()) == sorted(team for team, _, _ in DIVISIONS)
    assert len(DIVISIONS) == 25
    assert leaders(tables, "4.0-fall")["team_id"].nunique() == 20


def test_every_key_is_unique_and_complete(simulated, folder):
    codebook = open_study(folder).codebook
    for tables in (simulated.tables, simulated.expected):
        for name, table in tables.items():
            key = table[codebook.key(name)]
            assert not key.duplicated().any(), name
            assert key.notna().all(axis=None), name


def test_leaders_return_from_cohort_to_cohort_and_some_leave_or_join_in_spring(tables):
    rosters = [set(leaders(tables, wave)["person_id"]) for wave in WAVES]
    before, now = rosters[0] | rosters[1], rosters[2]
    assert 60 < len(before & now) < 110
    for fall, spring in (rosters[:2], rosters[2:]):
        assert fall - spring
        assert spring - fall


def test_two_pairs_of_divisions_apply_jointly_and_only_in_cohort_5(tables):
    joint = tables["applications"].query("kind == 'joint'")
    assert joint["cohort"].tolist() == ["5.0", "5.0"]
    assert len({*joint["team_id"], *joint["partner_team_id"]}) == 4
    others = tables["applications"].query("kind != 'joint'")
    assert others["partner_team_id"].isna().all()
    assert set(others["kind"]) == {"individual", "division"}
    assert not tables["applications"]["accepted"].all()


def test_each_accepted_individual_is_one_leader_of_a_division_without_a_team(tables):
    accepted = tables["applications"].query("kind == 'individual' and accepted")
    for cohort, rows in accepted.groupby("cohort"):
        sizes = leaders(tables, f"{cohort}-fall").groupby("team_id").size()
        assert rows.groupby("team_id").size().to_dict() == sizes[rows["team_id"].unique()].to_dict()


def test_a_session_that_was_not_held_has_no_day_and_nobody_attended(tables):
    sessions = tables["sessions"]
    held = sessions["status"] == "held"
    assert sessions.loc[held, "held_on"].notna().all()
    assert sessions.loc[~held, "held_on"].isna().all()
    assert set(tables["attendance"]["session_id"]) <= set(sessions.loc[held, "session_id"])
    assert {"held", "postponed", "cancelled"} == set(sessions["status"])


def test_only_leaders_on_the_roster_of_the_day_attend(tables):
    rows = tables["attendance"].merge(tables["sessions"][["session_id", "wave"]], on="session_id")
    on_roster = set(map(tuple, tables["memberships"][["person_id", "wave"]].to_numpy()))
    assert set(map(tuple, rows[["person_id", "wave"]].to_numpy())) <= on_roster


def test_joint_sessions_bring_together_exactly_their_two_divisions(tables):
    joint = tables["sessions"].query("kind == 'joint_work_session' and status == 'held'")
    rows = tables["attendance"].merge(joint, on="session_id")
    rows = rows.merge(tables["memberships"], on=["person_id", "wave"])
    assert len(joint) > 5
    for _, session in rows.groupby("session_id"):
        first = session.iloc[0]
        assert set(session["team_id"]) == {first["host_team_id"], first["partner_team_id"]}


def test_a_tie_joins_two_divisions_and_has_a_mode(tables):
    team = tables["memberships"].set_index(["wave", "person_id"])["team_id"]
    ties = tables["ties"]
    sender, receiver = (
        team.loc[list(zip(ties["wave"], ties[end], strict=True))].to_numpy()
        for end in ("sender_id", "receiver_id")
    )
    assert (sender != receiver).all()
    assert set(ties["relation"]) == {"shared_initiative", "coaching_community", "events"}
    assert set(ties["mode"]) == {"face_to_face", "online"}


def test_an_open_milestone_has_neither_a_day_nor_hours(tables):
    milestones = tables["milestones"]
    open_ones = milestones["done_on"].isna()
    assert 0.05 < open_ones.mean() < 0.5
    assert (milestones["hours_saved"].isna() == open_ones).all()
    done = milestones[~open_ones]
    assert (done["done_on"] > done["started_on"]).all()
    assert (milestones["due_on"] > milestones["started_on"]).all()


def test_everybody_on_a_roster_is_asked_and_nobody_else(tables):
    asked = tables["respondents"].query("instrument == 'competencies'")
    for wave in WAVES:
        on_wave = set(asked.loc[asked["wave"] == wave, "person_id"])
        assert on_wave == set(leaders(tables, wave)["person_id"])


def test_late_joiners_have_no_answer_in_fall(tables):
    fall, spring = (set(leaders(tables, f"5.0-{season}")["person_id"]) for season in WAVES_OF_YEAR)
    answered = tables["responses"].query("wave == '5.0-fall'")["person_id"]
    assert spring - fall
    assert not set(answered) & (spring - fall)


WAVES_OF_YEAR = ("fall", "spring")


def test_keying_turns_the_reversed_items_and_no_others(tables):
    answers = tables["responses"].dropna()
    reverse = answers["item"].isin(("collaboration_3", "inquiry_3"))
    assert (
        answers["value"] == answers["raw_value"].where(~reverse, 6 - answers["raw_value"])
    ).all()
    assert answers["value"].isin(range(1, 6)).all()


# Effects


def test_face_to_face_sessions_are_held_where_virtual_ones_are_postponed(pooled):
    effects = VirginiaEffects()
    drawn = pooled["sessions"].query("kind != 'convening'")  # convenings are always held
    for mode, truth in (
        ("face_to_face", effects.held_face_to_face),
        ("hybrid", effects.held_hybrid),
        ("virtual", effects.held_virtual),
    ):
        held = drawn.loc[drawn["mode"] == mode, "status"] == "held"
        error = np.sqrt(truth * (1 - truth) / len(held))
        assert abs(held.mean() - truth) < TOLERANCE_SE * error, mode


def test_pairs_reach_their_milestones_sooner_and_save_more_hours(pooled):
    effects = VirginiaEffects()
    rows = pooled["milestones"]
    closes = pd.to_datetime(np.where(rows["started_on"] < "2024-07-01", "2024-06-30", "2025-06-30"))
    # With the Weibull shape known, events over summed powers of time estimate the hazard.
    days = (
        rows["done_on"].fillna(pd.Series(closes)) - rows["started_on"]
    ).dt.days ** effects.weibull_shape
    pair, done = rows["partner_team_id"].notna(), rows["done_on"].notna()
    hazard = [done[group].sum() / days[group].sum() for group in (pair, ~pair)]
    error = np.sqrt(1 / done[pair].sum() + 1 / done[~pair].sum())
    ratio = np.log(hazard[0] / hazard[1])
    assert abs(ratio - np.log(effects.pair_hazard_ratio)) < TOLERANCE_SE * error
    for group, truth in ((pair, effects.hours_saved_pair), (~pair, effects.hours_saved_alone)):
        logs = np.log(rows.loc[group, "hours_saved"].dropna())
        assert abs(logs.mean() - np.log(truth)) < TOLERANCE_SE * logs.std() / np.sqrt(len(logs))


def test_scales_grow_in_the_order_of_their_effects_and_capacity_does_not(pooled):
    answers = pooled["responses"].assign(
        scale=lambda t: t["item"].str[:-2], season=lambda t: t["wave"].str[4:]
    )
    # Leaders of cohort 5.0 alone, so that fall and spring hold the same share of returning ones.
    now = answers[answers["wave"].str.startswith("5.0")]
    means = now.groupby(["scale", "season"])["value"].mean()
    growth = means.xs("spring", level="season") - means.xs("fall", level="season")
    assert growth.sort_values().index.tolist() == ["capacity", "vision", "inquiry", "collaboration"]
    assert abs(growth["capacity"]) < 0.08 < growth["vision"]


def test_divisions_of_a_joint_session_share_more_initiatives_afterwards(pooled):
    counts = dict.fromkeys(("5.0-fall", "5.0-spring"), 0)
    totals = dict(counts)
    for seed in POOLED_SEEDS:
        of_seed = {name: table[table["seed"] == seed] for name, table in pooled.items()}
        joint = of_seed["sessions"].query("kind == 'joint_work_session' and status == 'held'")
        pairs = {frozenset(p) for p in joint[["host_team_id", "partner_team_id"]].to_numpy()}
        team = of_seed["memberships"].set_index(["wave", "person_id"])["team_id"].to_dict()
        ties = of_seed["ties"].query("relation == 'shared_initiative'")
        for wave, sender, receiver in ties[["wave", "sender_id", "receiver_id"]].to_numpy():
            if wave in counts:
                ends = frozenset((team[wave, sender], team[wave, receiver]))
                counts[wave] += ends in pairs
                totals[wave] += 1
    share = {wave: counts[wave] / totals[wave] for wave in counts}
    assert share["5.0-spring"] > 1.5 * share["5.0-fall"]


def test_ties_over_regions_are_kept_up_online(pooled):
    team = pooled["memberships"].set_index(["seed", "wave", "person_id"])["team_id"].to_dict()
    ties = pooled["ties"]
    region = [
        [REGION_OF[team[key]] for key in zip(ties["seed"], ties["wave"], ties[end], strict=True)]
        for end in ("sender_id", "receiver_id")
    ]
    near = np.array(region[0]) == np.array(region[1])
    online = (ties["mode"] == "online").to_numpy()
    effects = VirginiaEffects()
    for group, truth in (
        (near, effects.tie_online_within_region),
        (~near, effects.tie_online_over_regions),
    ):
        error = np.sqrt(truth * (1 - truth) / group.sum())
        assert abs(online[group].mean() - truth) < TOLERANCE_SE * error


def test_an_effect_that_is_set_to_nothing_is_gone():
    sure = VirginiaEffects(held_face_to_face=1.0, held_hybrid=1.0, held_virtual=1.0)
    study = simulate_virginia(rng=SEED, effects=sure)
    assert (study.tables["sessions"]["status"] == "held").all()
    assert study.effects["sessions"]["held_virtual"]["value"] == 1.0
    assert "session_not_held" not in set(study.defects["rule"])


@pytest.mark.parametrize(("name", "value"), [("held_virtual", 1.2), ("return_share", 0.0)])
def test_an_effect_that_cannot_be_simulated_is_refused(name, value):
    with pytest.raises(ArgumentError, match=name):
        VirginiaEffects(**{name: value})


# Files


def file_bytes(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_truth_and_another_seed_another():
    first, again, other = (
        simulate_truth(VirginiaEffects(), rng=np.random.default_rng(seed)).tables
        for seed in (SEED, SEED, SEED + 1)
    )
    for name, table in first.items():
        pd.testing.assert_frame_equal(table, again[name])
        assert not table.equals(other[name]), name


def test_the_bundled_study_is_the_one_of_the_default_seed_byte_for_byte(folder):
    # Made in another process, so that this also holds the same seed to the same bytes.
    made = file_bytes(folder)
    assert {name: (BUNDLED / name).read_bytes() for name in made} == made
    in_raw = {path.name for path in (BUNDLED / "data" / "raw").rglob("*") if path.is_file()}
    assert in_raw == {Path(name).name for name in made if name.startswith("data/raw/")}


def test_the_raw_files_are_small(folder):
    raw = [path.stat().st_size for path in (folder / "data" / "raw").rglob("*") if path.is_file()]
    assert sum(raw) < 2_000_000


def test_every_file_says_that_it_is_simulated(simulated, folder):
    assert open_study(folder).simulated
    for draft in simulated.drafts:
        assert grid(folder, draft)[0][0].startswith("Simulated data")


def grid(folder, draft):
    """All cells of a raw file as text, read without the package's own reader."""
    path = folder / "data" / "raw" / draft.file
    if path.suffix == ".xlsx":
        from openpyxl import load_workbook

        book = load_workbook(path)
        sheet = book[draft.sheet] if draft.sheet else book.worksheets[0]
        return [[shown(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    text = path.read_bytes().decode(draft.encoding)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=draft.delimiter))


def shown(cell):
    if cell is None:
        return ""
    return f"{cell:%Y-%m-%d}" if hasattr(cell, "year") else str(cell)


def test_every_planted_defect_stands_in_its_cell(simulated, folder):
    defects = simulated.defects
    for draft in simulated.drafts:
        cells = grid(folder, draft)
        header = cells[draft.first_row - 2]
        here = defects[(defects["file"] == draft.source) & (defects["column"] != "")]
        for row, column, raw in here[["row", "column", "raw_value"]].to_numpy():
            assert cells[row - 1][header.index(column)] == raw, (draft.source, row, column)


def test_defects_are_of_many_kinds_and_each_rule_is_one_of_the_ledger(simulated):
    planted = set(simulated.defects["rule"]) - {""}
    assert planted <= set(ledger_rules())
    assert planted >= {
        "blank_row",
        "conflicting_duplicate",
        "date_format",
        "duplicate_submission",
        "exact_duplicate",
        "excel_serial_date",
        "filled_from_duplicate",
        "id_changed",
        "label_to_value",
        "linked_by_name",
        "linked_by_review",
        "missing_code",
        "missing_key",
        "name_variant",
        "no_answers",
        "not_a_date",
        "not_a_number",
        "not_a_tie",
        "not_on_roster",
        "number_format",
        "out_of_range",
        "outsider",
        "repeated_header",
        "self_nomination",
        "session_not_held",
        "superseded",
        "trimmed",
        "unknown_label",
        "unknown_reference",
        "unresolved_person",
    }


# Cleaning


def located(frame):
    return set(map(tuple, frame[["file", "row", "column", "rule"]].astype({"row": int}).to_numpy()))


@pytest.mark.parametrize("source", FILES)
def test_the_ledger_names_every_changed_cell_that_was_planted_and_no_other(
    source, simulated, cleaned
):
    defects, cells = simulated.defects, cleaned.ledger.cells
    planted = defects[(defects["column"] != "") & (defects["rule"] != "")]
    planted, found = (one[one["file"] == source] for one in (planted, cells))
    assert located(found) == located(planted)


def test_every_file_is_compared(simulated, cleaned):
    files = {draft.source for draft in simulated.drafts}
    assert files == set(cleaned.ledger.files["file"]) == set(FILES)


def test_the_ledger_gives_the_raw_cell_and_its_true_value(simulated, cleaned):
    both = simulated.defects.merge(
        cleaned.ledger.cells.astype({"row": int}),
        on=["file", "row", "column", "rule"],
        suffixes=("", "_ledger"),
    )
    assert len(both) > 4000
    assert (both["raw_value"] == both["raw_value_ledger"]).all()
    lossy = ("missing_code", "out_of_range", "unknown_label", "not_a_number", "not_a_date")
    lost = both["rule"].isin(lossy)
    assert (both.loc[~lost, "true_value"] == both.loc[~lost, "clean_value"]).all()
    assert (both.loc[lost, "clean_value"] == "").all()


def test_the_ledger_sets_aside_or_merges_every_row_that_was_planted_and_no_other(
    simulated, cleaned
):
    defects = simulated.defects
    planted = defects[(defects["column"] == "") & (defects["rule"] != "")]
    rows = cleaned.ledger.rows
    found = rows[rows["rule"] != "kept"].assign(column="")
    assert located(found) == located(planted)


@pytest.mark.parametrize("table", TABLES)
def test_cleaning_gives_the_table_that_it_must_give(table, simulated, cleaned, folder):
    key = open_study(folder).codebook.key(table)
    expected, found = simulated.expected[table], cleaned.tables[table]
    columns = [name for name in found if name in expected]
    pd.testing.assert_frame_equal(
        as_text(found[columns], key), as_text(expected[columns], key), check_like=True
    )


def test_every_table_is_compared(simulated, cleaned):
    assert set(TABLES) == set(simulated.expected) == set(cleaned.tables)


def as_text(frame, key):
    """A table as text by its key, so that types of missing values and of numbers do not matter."""
    text = pd.DataFrame({name: [as_cell(value) for value in frame[name]] for name in frame})
    return text.sort_values(key, ignore_index=True)


def as_cell(value):
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    return f"{value:g}" if isinstance(value, int | float | np.number) else str(value)


def test_a_leader_whom_nobody_has_decided_on_is_kept_apart_and_put_up_for_review(
    simulated, cleaned
):
    apart = set(simulated.expected["people"]["person_id"]) - set(
        simulated.tables["people"]["person_id"]
    )
    rosters = cleaned.review[cleaned.review["file"].str.startswith("rosters/")]
    assert len(apart) == 1
    assert set(rosters["given_id"]) == apart


def test_namesakes_of_two_divisions_stay_two_people(simulated, cleaned):
    roster = next(d for d in simulated.drafts if d.file.endswith("cohort4_spring.csv")).cells
    shared = roster[roster["Leader"].duplicated(keep=False)]
    assert shared["Leader"].nunique() == 2
    members = cleaned.tables["memberships"].query("wave == '4.0-spring'")
    assert set(shared.index) <= set(members["person_id"])
