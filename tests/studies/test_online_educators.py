"""Two runs of an online course, from unlike files to one schema."""

import csv

import pytest

from cvln_eval.networks.meetings import participation_inequality, reach, reply_network

RUNS = {"spring-2013": "dlt1", "fall-2013": "dlt2"}


def raw(study, file):
    with (study.raw_folder / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_445_and_492_people_take_part_and_nobody_is_in_both_runs(online_educators):
    members = online_educators.table("memberships")
    assert members["wave"].value_counts().to_dict() == {"fall-2013": 492, "spring-2013": 445}
    assert members["person_id"].is_unique
    assert len(online_educators.table("people")) == 445 + 492
    assert len(online_educators.table("outsiders")) == 0


@pytest.mark.parametrize(
    ("run", "n", "copies", "more"), [("spring-2013", 2529, 2, 18), ("fall-2013", 2584, 0, 35)]
)
def test_each_row_is_a_post_and_a_person_it_answers_or_a_copy(
    online_educators, run, n, copies, more
):
    rows = rows_of(online_educators, edges(run))
    assert rows["row"].tolist() == list(range(2, n + 2))
    other = rows[rows["disposition"] != "kept"]
    assert other["rule"].tolist() == ["exact_duplicate"] * copies
    assert other["into_row"].notna().all()
    kept = online_educators.table("activity").query("wave == @run")
    assert len(kept) == n - copies
    assert kept["activity_id"].duplicated().sum() == more


def rows_of(study, file):
    rows = study.ledger.rows
    return rows[rows["file"] == file]


def edges(run):
    return f"{RUNS[run]}-edges.csv"


def test_a_copy_has_the_number_of_the_post_that_counts(online_educators):
    for run, number in (("spring-2013", "Comment ID"), ("fall-2013", "CommentID")):
        cells = raw(online_educators, edges(run))
        rows = rows_of(online_educators, edges(run))
        for aside in rows[rows["disposition"] != "kept"].itertuples():
            # Row 2 of the file is the first after the header.
            assert cells[aside.row - 2][number] == cells[aside.into_row - 2][number]


def test_a_post_has_one_number_over_the_runs_and_one_row_a_person_it_answers(online_educators):
    activity = online_educators.table("activity")
    assert not activity.duplicated(["activity_id", "reply_to_person_id"]).any()
    assert (activity.groupby("activity_id")[["person_id", "wave"]].nunique() == 1).all(axis=None)
    assert activity["activity_id"].str.startswith(("s13-", "f13-")).all()


def test_senders_and_addressees_are_those_of_the_files(online_educators):
    activity = online_educators.table("activity")
    for run, prefix, number, addressee in (
        ("spring-2013", "s13-", "Comment ID", "Receiver"),
        ("fall-2013", "f13-", "CommentID", "Reciever"),
    ):
        names = (number, "Sender", addressee)
        rows = {
            tuple(prefix + row[name] for name in names) for row in raw(online_educators, edges(run))
        }
        own = activity[activity["wave"] == run]
        kept = own[["activity_id", "person_id", "reply_to_person_id"]]
        assert set(kept.itertuples(index=False, name=None)) == rows


@pytest.mark.parametrize(("run", "n", "own"), [("spring-2013", 2527, 86), ("fall-2013", 2584, 25)])
def test_every_record_is_a_reply_in_the_network_or_to_oneself(online_educators, run, n, own):
    panel = reply_network(online_educators.table("activity"), online_educators.table("memberships"))
    inside = panel.network(wave=run, relation="reply").strength.sum()
    to_oneself = panel.self_ties.query("wave == @run")["strength"].sum()
    assert (inside, to_oneself) == (n - own, own)
    assert panel.outside_ties.empty


def test_a_post_that_answers_two_people_is_one_post(online_educators):
    found = participation_inequality(
        online_educators.table("activity"), online_educators.table("memberships"), n_draws=20
    )
    posts = found.persons.groupby("wave")["n_posts"].sum()
    assert posts.to_dict() == {"spring-2013": 2509, "fall-2013": 2549}


def test_two_facilitators_a_run_are_in_contact_with_more_than_half(online_educators):
    members = online_educators.table("memberships")
    panel = reply_network(online_educators.table("activity"), members)
    found = reach(panel, facilitators=members.loc[members["facilitator"].eq(True), "person_id"])
    rows = found.tidy().set_index(["wave", "measure"])
    assert rows["n_facilitators"].unique().tolist() == [2]
    assert (rows.xs("direct either way", level="measure")["value"] > 0.5).all()


def test_line_breaks_inside_text_survive(online_educators):
    prompts = online_educators.table("activity")["prompt"].dropna()
    broken = prompts[prompts.str.contains("\r", regex=False)]
    # Three forums have a prompt of two paragraphs; trailing breaks count as blanks and go.
    assert broken.nunique() == 3
    assert len(broken) == 121
    assert broken.str.contains("<br/>\r\r", regex=False).all()


def test_days_are_read_month_first_and_times_kept_where_there_are_any(online_educators):
    activity = online_educators.table("activity")
    days = activity.groupby("wave")["occurred_at"].agg(["min", "max"]).astype(str)
    assert days.loc["spring-2013"].tolist() == ["2013-04-04 16:32:00", "2013-06-16 17:12:00"]
    assert days.loc["fall-2013"].str[:10].tolist() == ["2013-09-27", "2014-01-01"]
    assert activity["occurred_at"].notna().all()


def test_swapped_columns_of_experience_mean_the_same_in_both_runs(online_educators):
    people = online_educators.table("people")
    fall = people[people["person_id"].str.startswith("f13-")]
    bounds = fall.groupby("experience_group")["experience_years"].agg(["min", "max"])
    assert bounds.loc["up_to_10_years"].tolist() == [0, 10]
    assert bounds.loc["11_to_20_years"].tolist() == [11, 20]
    assert bounds.loc["over_20_years"].tolist() == [21, 48]
    spring = people[people["person_id"].str.startswith("s13-")]
    assert spring["experience_years"].isna().all()
    agreeing = spring[spring["experience_group"] == "over_20_years"]["experience_band"]
    assert agreeing.unique().tolist() == ["20+"]


def test_roles_have_the_same_names_in_both_runs(online_educators):
    members = online_educators.table("memberships")
    roles = {run: set(part["role"].dropna()) for run, part in members.groupby("wave")}
    either = {"school_administrator", "district_administrator", "administrator"}
    either |= {"consultant", "project_management"}
    assert roles["spring-2013"] ^ roles["fall-2013"] == either
    counts = members.groupby(["wave", "role"]).size()
    assert counts["spring-2013"]["school_administrator"] == 46
    assert counts["fall-2013"]["administrator"] == 21
    assert counts["spring-2013"]["operations"] == 1


def test_na_is_a_country_and_null_is_missing(online_educators):
    people = online_educators.table("people").set_index("person_id")
    assert (people["country"] == "NA").sum() == 2
    assert people.loc["s13-439", ["country", "region", "gender"]].isna().all()
    members = online_educators.table("memberships")
    ungrouped = members[members["discussion_group"].isna()]["person_id"]
    assert sorted(ungrouped) == ["f13-42", "s13-439"]


def test_missing_discussions_are_the_four_that_excel_could_not_find(online_educators):
    activity = online_educators.table("activity")
    assert activity["discussion_id"].isna().sum() == 4
    found = activity["discussion_id"].dropna()
    assert found.str.fullmatch(r"[sf]13-\d+").all()
    cells = online_educators.ledger.cells.query("raw_value == '#N/A'")
    assert cells["rule"].tolist() == ["missing_code"] * 4


def test_what_cannot_be_true_is_set_to_missing_and_listed(online_educators):
    cells = online_educators.ledger.cells
    listed = cells[cells["rule"].isin(["out_of_range", "unknown_label"])]
    assert listed[["file", "row", "raw_value"]].to_numpy().tolist() == [
        ["dlt1-nodes.csv", 434, "curriculum"],
        ["dlt2-nodes.csv", 353, "120"],
    ]
