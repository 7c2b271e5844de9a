"""The other untidy files of the simulated CVLN study: districts, ratings, themes, posts, tests."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cvln_eval.simulate.cvln_naming import DISTRICT_LABELS, Naming, untidy_teams, with_origin
from cvln_eval.simulate.cvln_parameters import PARTNER, TEAMS
from cvln_eval.simulate.cvln_ratings import COMMUNICATION, RUBRIC, THEMES, VISION
from cvln_eval.simulate.garbling import always, other_case, thousands
from cvln_eval.simulate.planting import RawDraft, draft_of, pick, rewrite
from cvln_eval.simulate.routine import (
    blank_rows,
    copy_rows,
    free_cells,
    plant_some,
    redate,
    repeat_header,
    serial_dates,
    text_cells,
)
from cvln_eval.simulate.writing import SIMULATED

__all__ = [
    "untidy_activity",
    "untidy_outcomes",
    "untidy_ratings",
    "untidy_teams_table",
    "untidy_themes",
]

POSTS = (
    "Has anyone tried this with a ninth-grade group?",
    "We did, and it worked.\nAsk me for the protocol.",
    'Our board calls it "the plan".',
    "Thank you!",
    "Señora Ruiz, a parent, asked for the same; we\nwill try in May.",
)
OUTCOMES = {
    "unit_id": "School",
    "team_id": "District",
    "school_level": "Level",
    "year": "Year",
    "subject": "Test",
    "grade": "Grade",
    "n_tested": "Students tested",
    "mean_score": "Mean scale score",
    "sd_score": "SD",
    "share_proficient": "Proficient or above",
}


def untidy_teams_table(teams: pd.DataFrame, *, rng: np.random.Generator) -> RawDraft:
    """Return the draft of the list of districts; enrolments have commas."""
    headers = {
        "team_id": "Short name",
        "district": "District",
        "cohort": "Cohort",
        "region": "Region",
        "enrolment": "Enrolment",
    }
    cells = with_origin(text_cells(teams[list(headers)]).rename(columns=headers))
    draft = draft_of(cells, file="districts.csv")
    raw = {label: thousands(int(n)) for label, n in free_cells(draft, "Enrolment").items()}
    kind, rule = "thousands_separator", "number_format"
    draft = rewrite(draft, column="Enrolment", raw=raw, kind=kind, rule=rule)
    partner = draft.cells["Short name"] == PARTNER
    labels = dict.fromkeys(draft.cells.index[partner], DISTRICT_LABELS[PARTNER][0])
    return rewrite(
        draft, column="Short name", raw=labels, kind="team_spelling", rule="label_to_value"
    )


def untidy_ratings(
    naming: Naming, *, ratings: pd.DataFrame, rng: np.random.Generator
) -> list[RawDraft]:
    """Return the drafts of the rubric, one column a criterion, and of the communication plans.

    Row labels of the rubric are `wave|team|rater`; those of the plans are of the true ratings.
    """
    graded = ratings[~ratings["criterion"].isin(COMMUNICATION)]
    keys = ["wave", "team_id", "rater_id"]
    wide = graded.pivot_table(index=keys, columns="criterion", values="score").reset_index()
    wide.index = pd.Index(["|".join(row) for row in wide[keys].itertuples(index=False)])
    criteria = [*RUBRIC, *VISION]
    cells = text_cells(wide[[*keys, *criteria]])
    headers = [rating_header(criterion) for criterion in criteria]
    cells.columns = pd.Index(["Round", "District", "Rated by", *headers])
    streams = rng.spawn(2)
    draft = draft_of(with_origin(cells), file="rubric_ratings.csv", encoding="utf-8-sig")
    draft = _scores_wrong(draft, headers, streams[0])
    draft = untidy_teams(draft, "District", rng=streams[0], n_case=2)

    plans = _plans(naming, ratings[ratings["criterion"].isin(COMMUNICATION)], streams[1])
    return [naming.write(draft, "Rated by"), plans]


def rating_header(criterion: str) -> str:
    """Return the header of a criterion in the rubric's file."""
    return criterion.replace("_", " ").capitalize()


def _scores_wrong(draft: RawDraft, headers: list[str], rng: np.random.Generator) -> RawDraft:
    for n, raw, kind, rule in (
        (2, "44", "out_of_range", "out_of_range"),
        (2, "N/A", "missing_code", "missing_code"),
        (1, "good", "not_a_number", "not_a_number"),
    ):
        for column in rng.choice(headers, n):
            draft = plant_some(draft, str(column), always(raw), rng=rng, n=1, kind=kind, rule=rule)
    for column in rng.choice(headers, 3):
        draft = plant_some(
            draft,
            str(column),
            lambda text: f"{text},0",
            rng=rng,
            n=1,
            kind="decimal_comma",
            rule="number_format",
        )
    return draft


def _plans(naming: Naming, ratings: pd.DataFrame, rng: np.random.Generator) -> RawDraft:
    headers = {
        "wave": "Round",
        "team_id": "District",
        "criterion": "Measure",
        "rater_id": "Counted by",
        "score": "Count",
    }
    cells = with_origin(text_cells(ratings[list(headers)]).rename(columns=headers))
    draft = draft_of(cells, file="communication_plans.csv")
    twice = pick(draft, rng=rng, n=1)
    draft = copy_rows(draft, twice, before=[None])
    draft = untidy_teams(draft, "District", rng=rng)
    return naming.write(draft, "Counted by")


def untidy_themes(themes: pd.DataFrame, *, rng: np.random.Generator) -> RawDraft:
    """Return the draft of the coded brainstorm, one column a theme.

    Row labels are `segment|coder`.
    """
    keys = ["segment_id", "coder_id"]
    wide = themes.pivot_table(index=keys, columns="theme", values="applied", aggfunc="first")
    wide = wide.reset_index()
    wide.index = pd.Index(["|".join(row) for row in wide[keys].itertuples(index=False)])
    cells = text_cells(wide[[*keys, *THEMES]].astype(dict.fromkeys(THEMES, bool)))
    cells.columns = pd.Index(["Segment", "Coder", *THEMES])
    cells.insert(
        2, "What was said", [f"Idea {place + 1},\nas written" for place in range(len(cells))]
    )
    draft = draft_of(with_origin(cells), file="brainstorm_themes.csv")
    for theme in THEMES:
        some = draft.cells["Coder"] == "coder_2"
        draft = plant_some(
            draft,
            theme,
            lambda text: {"true": "yes", "false": "no"}[text],
            rng=rng,
            n=4,
            kind="yes_no",
            rule="label_to_value",
            where=some,
        )
    draft = plant_some(
        draft, "Segment", lambda text: f"{text} ", rng=rng, n=2, kind="padded", rule="trimmed"
    )
    return blank_rows(draft, rng=rng, n=1)


def untidy_activity(
    naming: Naming, *, activity: pd.DataFrame, rng: np.random.Generator
) -> list[RawDraft]:
    """Return the drafts of the online community's two exports.

    Row labels are those of the true activity.
    """
    headers = {
        "activity_id": "Post ID",
        "person_id": "Author",
        "occurred_at": "When",
        "action": "Type",
        "reply_to_id": "In reply to",
    }
    last = activity["occurred_at"] >= pd.Timestamp("2010-07-01")
    streams, drafts = rng.spawn(2), []
    for part, stream in zip((activity[~last], activity[last]), streams, strict=True):
        cells = text_cells(part[list(headers)]).rename(columns=headers)
        cells["When"] = part["occurred_at"].dt.strftime("%Y-%m-%d %H:%M")
        cells["Text"] = [POSTS[place] for place in stream.integers(0, len(POSTS), len(cells))]
        drafts.append(cells)
    return [
        _first_export(naming, drafts[0], streams[0]),
        _last_export(naming, drafts[1], streams[1]),
    ]


def _first_export(naming: Naming, cells: pd.DataFrame, rng: np.random.Generator) -> RawDraft:
    draft = draft_of(with_origin(cells), file="online_community_2008-10.csv")
    twice = pick(draft, rng=rng, n=3)
    draft = copy_rows(draft, twice, before=[None] * 3)
    draft = plant_some(
        draft,
        "Type",
        lambda text: other_case(text, rng=rng),
        rng=rng,
        n=4,
        kind="other_case",
        rule="trimmed",
    )
    draft = redate(draft, "When", ("mdy", "iso"), rng=rng)
    draft = repeat_header(draft, rng=rng)
    return naming.write(draft, "Author")


def _last_export(naming: Naming, cells: pd.DataFrame, rng: np.random.Generator) -> RawDraft:
    title = ("Export of the online community 2010-11", SIMULATED)
    draft = draft_of(cells, file="online_community_2010-11.xlsx", title=title, typed=("When",))
    draft = serial_dates(draft, "When", rng=rng, n=8)
    return naming.write_new_ids(draft, "Author")


def untidy_outcomes(outcomes: pd.DataFrame, *, rng: np.random.Generator) -> list[RawDraft]:
    """Return the drafts of the test results: a csv of three years and a workbook of the last.

    Row labels are those of the true outcomes.
    """
    cells = text_cells(outcomes[list(OUTCOMES)]).rename(columns=OUTCOMES)
    last = outcomes["year"] == 2011
    streams = rng.spawn(2)
    first = draft_of(with_origin(cells[~last]), file="test_results_2008-10.csv")
    first = _results_wrong(first, streams[0])
    title = ("Test results, spring 2011", SIMULATED)
    typed = ("Year", "Grade", "Students tested", "Mean scale score", "SD", "Proficient or above")
    second = draft_of(cells[last], file="test_results_2011.xlsx", title=title, typed=typed)
    return [first, _results_wrong(second, streams[1])]


def _results_wrong(draft: RawDraft, rng: np.random.Generator) -> RawDraft:
    for name in ("mean_score", "sd_score", "share_proficient"):
        column = OUTCOMES[name]
        few = draft.cells.index[(draft.cells[column] == "").to_numpy()]
        draft = rewrite(
            draft,
            column=column,
            raw=dict.fromkeys(few, "*"),
            kind="suppressed",
            rule="missing_code",
        )
    share = OUTCOMES["share_proficient"]
    for column, n, change, kind, rule in (
        (share, 6, lambda text: f"{float(text) * 100:.1f}%", "percent", "number_format"),
        (share, 1, lambda text: "1.7", "out_of_range", "out_of_range"),
        (OUTCOMES["n_tested"], 1, lambda text: f"-{text}", "out_of_range", "out_of_range"),
        (OUTCOMES["mean_score"], 1, lambda text: "n.a.", "not_a_number", "not_a_number"),
    ):
        draft = plant_some(draft, column, change, rng=rng, n=n, kind=kind, rule=rule)
    twice = pick(draft, rng=rng, n=2)
    draft = copy_rows(draft, twice, before=[None] * 2)
    of_network = draft.cells[OUTCOMES["team_id"]].isin(list(TEAMS))
    some = pick(draft, rng=rng, n=40, column=OUTCOMES["team_id"], where=of_network)
    raw = {
        label: DISTRICT_LABELS[draft.cells[OUTCOMES["team_id"]][label]][1 + place % 2]
        for place, label in enumerate(some)
    }
    return rewrite(
        draft,
        column=OUTCOMES["team_id"],
        raw=raw,
        kind="team_spelling",
        rule="label_to_value",
    )
