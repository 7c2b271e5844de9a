"""Rows put into the exports of the competency survey: sent again, empty, from strangers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cvln_eval.simulate.planting import (
    RawDraft,
    flag_rows,
    pick,
    rewrite,
)
from cvln_eval.simulate.virginia.competencies import ITEMS
from cvln_eval.simulate.virginia.drafting import (
    cell_of,
    copy_rows,
    filler_rows,
    put_in,
)
from cvln_eval.simulate.virginia.identities import Identities
from cvln_eval.simulate.virginia.truth import VirginiaTruth

__all__ = ["STRANGERS", "headers", "with_extra_rows"]

HEADERS_5 = (
    "Vision: two sentences",
    "Vision: connect",
    "Vision: revisit",
    "Collab: plan",
    "Collab: share",
    "Collab: alone (R)",
    "Inquiry: question",
    "Inquiry: small scale",
    "Inquiry: rarely (R)",
    "Capacity: room",
    "Capacity: feedback",
    "Capacity: time",
)
STRANGERS = {
    "4.0-fall": "Ferdinand Quackenbush",
    "4.0-spring": "Ottoline Vandermeer",
    "5.0-fall": "Guinevere Pappadopoulos",
    "5.0-spring": "Cornelius Zabriskie",
}


def headers(wave: str) -> dict[str, str]:
    """Return the header of each item in the export of a wave."""
    numbered = [f"Q{k + 1}" for k in range(len(ITEMS))]
    return dict(zip(ITEMS, HEADERS_5 if wave.startswith("5.0") else numbered, strict=True))


def with_extra_rows(
    draft: RawDraft,
    truth: VirginiaTruth,
    identities: Identities,
    wave: str,
    lost: list[object],
    rng: np.random.Generator,
) -> RawDraft:
    """Put in second submissions, copies, strangers, and people who sent an empty form."""
    draft = flag_rows(
        draft,
        labels=lost,
        kind="misspelled name, not decided",
        rule="unresolved_person",
        note="the row waits in people_to_review.csv",
    )
    twice = pick(draft, rng=rng, n=2)
    copies = copy_rows(draft, twice, name="copy")
    kind = "form sent twice at once"
    draft = put_in(draft, copies, after=twice, kind=kind, rule="exact_duplicate", rng=rng)
    draft = _sent_again(
        draft, wave, [label for label in draft.cells.index if label not in twice], rng
    )
    answered = list(draft.cells.index)
    stranger = copy_rows(draft, answered[:1], name="stranger", **{"Your name": STRANGERS[wave]})
    empty = copy_rows(
        draft, answered[1:2], name="empty", **dict.fromkeys(headers(wave).values(), "")
    )
    silent = _silent(truth, identities, wave, answered)
    empty["Your name"], empty["Your division"] = silent["name"], silent["team_id"]
    keyless = copy_rows(draft, answered[2:3], name="keyless", **{"Your name": ""})
    for extra in (stranger, empty, keyless):
        if "Leader ID" in extra:
            extra["Leader ID"] = ""
    draft = put_in(draft, stranger, kind="on no roster", rule="not_on_roster", rng=rng)
    draft = put_in(draft, empty, kind="form without answers", rule="no_answers", rng=rng)
    draft = put_in(draft, keyless, kind="form names nobody", rule="missing_key", rng=rng)
    return filler_rows(draft, rng=rng, repeat_header=wave == "4.0-fall")


def _silent(
    truth: VirginiaTruth, identities: Identities, wave: str, answered: list[object]
) -> pd.Series:
    """Return somebody on the roster who has not answered and is easily known by name."""
    roster = truth.rosters.on(wave)
    plain = ~roster["person_id"].isin([*answered, *identities.ids_5])
    return roster[plain & ~roster["name"].isin(identities.shared_names())].iloc[0]


def _sent_again(
    draft: RawDraft, wave: str, free: list[object], rng: np.random.Generator
) -> RawDraft:
    """Put in earlier submissions, which differ in one answer and fill a gap of the later one."""
    names = list(headers(wave).values())
    full = (draft.cells[names] != "").all(axis=1) & draft.cells.index.isin(free)
    for k, label in enumerate(pick(draft, rng=rng, n=3, where=full)):
        changed, gap = (names[int(at)] for at in rng.choice(len(names), 2, replace=False))
        sent = pd.Timestamp(cell_of(draft, label, "Timestamp")) - pd.Timedelta(hours=30)
        early = copy_rows(draft, [label], name=f"early {k}")
        early["Timestamp"] = sent.strftime("%Y-%m-%d %H:%M:%S")
        kind = "form sent again"
        draft = put_in(draft, early, kind=kind, rule="duplicate_submission", rng=rng)
        at = early.index[0]
        other = str(int(cell_of(draft, label, changed)) % 5 + 1)
        draft = rewrite(
            draft,
            column=changed,
            raw={at: other},
            kind="answer changed later",
            rule="superseded",
        )
        draft = rewrite(
            draft,
            column=gap,
            raw={label: ""},
            kind="answer only in the earlier form",
            rule="filled_from_duplicate",
        )
    return draft
