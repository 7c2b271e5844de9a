"""Untidy exports of the competency survey, one a wave, each with other headers and habits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from cvln_eval.simulate.garbling import padded, typo
from cvln_eval.simulate.planting import (
    LOSSY_RULES,
    RawDraft,
    draft_of,
    pick,
    rewrite,
)
from cvln_eval.simulate.virginia.competencies import ITEMS
from cvln_eval.simulate.virginia.drafting import (
    TITLE,
    cell_of,
    spoil,
    text_of,
)
from cvln_eval.simulate.virginia.drafting_people import flag_new_ids, next_guest, style_names
from cvln_eval.simulate.virginia.identities import Identities
from cvln_eval.simulate.virginia.raw_divisions import DISTRICT
from cvln_eval.simulate.virginia.survey_rows import STRANGERS, headers, with_extra_rows
from cvln_eval.simulate.virginia.truth import VirginiaTruth
from cvln_eval.simulate.virginia.world import PERIODS, WAVES

__all__ = ["survey_drafts"]

FILES = {
    "4.0-fall": "competencies_4_fall.csv",
    "4.0-spring": "competencies_4_spring.csv",
    "5.0-fall": "competencies_5_fall.csv",
    "5.0-spring": "competencies_5_spring.xlsx",
}
LABELS = {
    "1": "Strongly disagree",
    "2": "Disagree",
    "3": "Neither agree nor disagree",
    "4": "Agree",
    "5": "Strongly agree",
}
FIRST_DAY = {"fall": 25, "spring": 75}


def survey_drafts(
    truth: VirginiaTruth,
    identities: Identities,
    known_guests: dict[str, str],
    rng: np.random.Generator,
) -> tuple[list[RawDraft], pd.DataFrame]:
    """Return the exports of the four waves, and the responses that cleaning must make of them.

    Parameters
    ----------
    truth : VirginiaTruth
    identities : Identities
    known_guests : dict
        Name to id of people on no roster; people whom the survey meets first are added.
    rng : Generator

    Returns
    -------
    drafts : list of RawDraft
    expected : DataFrame
    """
    drafts, expected = [], []
    for wave in WAVES:
        answers = _answers(truth, wave)
        draft = _plain(answers, truth, identities, wave, rng)
        lost = _unclear(draft, identities, wave, rng)
        draft = _spoiled(with_extra_rows(draft, truth, identities, wave, lost, rng), wave, rng)
        draft = _named(draft, truth, identities, wave, lost, rng)
        known_guests.setdefault(STRANGERS[wave], next_guest(known_guests))
        drafts.append(draft)
        expected.append(_expected(draft, truth, identities, wave, lost))
    return drafts, pd.concat(expected, ignore_index=True)


def _answers(truth: VirginiaTruth, wave: str) -> pd.DataFrame:
    """Return one row a respondent with the answers as ticked, as text."""
    responses = truth.tables["responses"]
    rows = responses[responses["wave"] == wave]
    wide = rows.pivot_table(
        index="person_id", columns="item", values="raw_value", sort=False, dropna=False
    )
    return wide[list(ITEMS)].apply(text_of)


def _plain(
    answers: pd.DataFrame,
    truth: VirginiaTruth,
    identities: Identities,
    wave: str,
    rng: np.random.Generator,
) -> RawDraft:
    """Return the export as it should be, in the order of submission."""
    cohort, season = wave.split("-")
    start = pd.Timestamp(PERIODS[wave][0]) + pd.Timedelta(days=FIRST_DAY[season])
    seconds = np.sort(rng.integers(0, 40 * 86_400, len(answers)))
    order = rng.permutation(len(answers))
    rows = answers.iloc[order].rename(columns=headers(wave))
    people = pd.Series(rows.index, index=rows.index)
    stamps = (start + pd.to_timedelta(seconds, unit="s")).strftime("%Y-%m-%d %H:%M:%S")
    team = truth.rosters.on(wave).set_index("person_id")["team_id"]
    rows.insert(0, "Your division", team.reindex(rows.index))
    rows.insert(0, "Your name", people.map(lambda person: identities.written(person, cohort)))
    if cohort == "5.0":
        rows.insert(0, "Leader ID", people.map(lambda p: identities.given(p, cohort)))
        rows.insert(0, "Consent", "yes")
    rows.insert(0, "Timestamp", stamps)
    if cohort == "4.0":
        rows.insert(0, "Response ID", [f"R_{wave[4]}{k + 1:04d}" for k in range(len(rows))])
    delimiter = ";" if wave == "4.0-spring" else ","
    return draft_of(rows, file=f"surveys/{FILES[wave]}", title=TITLE, delimiter=delimiter)


def _unclear(
    draft: RawDraft, identities: Identities, wave: str, rng: np.random.Generator
) -> list[object]:
    """Draw the respondents whose name is misspelled beyond what cleaning may decide."""
    if wave != "4.0-fall":
        return []
    unique = ~draft.cells["Your name"].isin(identities.shared_names())
    return pick(draft, rng=rng, n=1, where=unique)


def _spoiled(draft: RawDraft, wave: str, rng: np.random.Generator) -> RawDraft:
    """Write some answers as labels, out of range, as codes for missing, or with blanks."""
    ways: list[tuple[Callable[[str], str], int, str, str]] = [
        (lambda _: "99", 6, "code for missing", "missing_code"),
        (lambda _: "N/A", 3, "code for missing", "missing_code"),
        (lambda _: "7", 3, "answer out of range", "out_of_range"),
        (lambda cell: f"{cell}{cell}", 3, "answer typed twice", "out_of_range"),
        (lambda _: "sometimes", 2, "no label of the codebook", "unknown_label"),
        (lambda cell: padded(cell, rng=rng), 8, "blanks", "trimmed"),
        (lambda cell: LABELS[cell].upper(), 6, "label in capitals", "trimmed"),
        (lambda cell: f"{cell} - {LABELS[cell]}", 6, "number and label", "label_to_value"),
        (lambda cell: f"{cell}.0", 4, "number with decimals", "number_format"),
        (LABELS.__getitem__, 120, "label in place of a number", "label_to_value"),
    ]
    single = _only_once(draft)
    names = list(headers(wave).values())
    for change, n, kind, rule in ways:
        draft = _over_items(draft, names, change, n, kind, rule, single, rng)
    if wave == "4.0-spring":
        change, kind = LABELS.__getitem__, "label in place of a number"
        for name in names:
            n = len(draft.cells)
            draft = spoil(
                draft, name, change, n=n, kind=kind, rule="label_to_value", rng=rng, where=single
            )
    return spoil(
        draft,
        "Your division",
        DISTRICT.__getitem__,
        n=15,
        kind="division by name",
        rule="label_to_value",
        rng=rng,
        where=single,
    )


def _only_once(draft: RawDraft) -> pd.Series:
    """Return the rows of respondents who stand in the file once, so that nothing else depends."""
    by = [name for name in ("Leader ID", "Your name", "Your division") if name in draft.cells]
    repeated = draft.cells[by].duplicated(keep=False)
    flagged = draft.cells.index.isin(draft.planted["label"].tolist())
    return ~repeated & ~flagged


def _over_items(
    draft: RawDraft,
    names: list[str],
    change: Callable[[str], str],
    n: int,
    kind: str,
    rule: str,
    where: pd.Series,
    rng: np.random.Generator,
) -> RawDraft:
    """Spoil `n` answers, spread over the items at random."""
    counts = rng.multinomial(n, np.full(len(names), 1 / len(names)))
    for name, count in zip(names, counts, strict=True):
        draft = spoil(draft, name, change, n=int(count), kind=kind, rule=rule, rng=rng, where=where)
    return draft


def _named(
    draft: RawDraft,
    truth: VirginiaTruth,
    identities: Identities,
    wave: str,
    lost: list[object],
    rng: np.random.Generator,
) -> RawDraft:
    """Record what linking must do: names linked in cohort 4.0, ids given anew in cohort 5.0."""
    cohort = wave.split("-")[0]
    raw = {label: typo(cell_of(draft, label, "Your name"), rng=rng) for label in lost}
    draft = rewrite(
        draft, column="Your name", raw=raw, kind="misspelled name, not decided", rule=""
    )
    people = _people_of_rows(draft, truth, identities, wave).drop(lost)
    if cohort == "4.0":
        return style_names(draft, "Your name", people, share=0.08, rng=rng)
    usable = people.isin(identities.names) & ~people.isin(identities.ids_5)
    free = pick(draft, rng=rng, n=6, column="Leader ID", where=usable)
    kind = "id left out"
    draft = rewrite(draft, column="Leader ID", raw=dict.fromkeys(free, ""), kind=kind, rule="")
    draft = flag_new_ids(draft, "Leader ID", people)
    empty_id = people.index[(draft.cells.loc[people.index, "Leader ID"] == "").to_numpy()]
    return style_names(draft, "Your name", people.loc[empty_id], share=0.3, rng=rng)


def _people_of_rows(
    draft: RawDraft, truth: VirginiaTruth, identities: Identities, wave: str
) -> pd.Series:
    """Return, for every row that names a leader, the id under which cleaning knows them.

    Rows put in are known by the id or name, and the division, that they were copied with.
    """
    cohort = wave.split("-")[0]
    roster = truth.rosters.on(wave)
    people = roster["person_id"]
    own = set(people)
    by_name, by_id = {}, {}
    for person, team in zip(people, roster["team_id"], strict=True):
        by_name[identities.written(person, cohort), team] = person
        by_id[identities.given(person, cohort)] = person
    found = {}
    for label, row in draft.cells.iterrows():
        at = (row["Your name"], row["Your division"])
        known = label if label in own else by_id.get(row.get("Leader ID", "")) or by_name.get(at)
        if known:
            found[label] = identities.expected(str(known), cohort)
    return pd.Series(found, dtype="str")


def _expected(
    draft: RawDraft,
    truth: VirginiaTruth,
    identities: Identities,
    wave: str,
    lost: list[object],
) -> pd.DataFrame:
    """Return the responses that must come of an export: as ticked, and keyed where it is known."""
    responses = truth.tables["responses"]
    rows = responses[(responses["wave"] == wave) & responses["value"].notna()]
    rows = rows[~rows["person_id"].isin(lost)].copy()
    at = pd.MultiIndex.from_arrays([rows["person_id"], rows["item"].map(headers(wave))])
    planted = draft.planted.set_index(["label", "column"])
    filled = planted.index[planted["rule"] == "filled_from_duplicate"]
    unknown = planted.index[planted["rule"].isin(LOSSY_RULES)]
    as_file = pd.Series([draft.cells.loc[one] for one in at], index=rows.index, dtype="str")
    rows["raw_value"] = as_file.where(~at.isin(filled), text_of(rows["raw_value"]))
    rows["value"] = rows["value"].where(~at.isin(unknown))
    rows["person_id"] = rows["person_id"].map(lambda p: identities.expected(p, wave[:3]))
    return rows
