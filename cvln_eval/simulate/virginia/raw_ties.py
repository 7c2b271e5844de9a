"""Untidy lists of who works together with whom, one a wave in which it was asked."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cvln_eval.simulate.garbling import padded
from cvln_eval.simulate.planting import RawDraft, draft_of, expected_after, flag_cells, pick
from cvln_eval.simulate.virginia.collaboration import NETWORK_WAVES
from cvln_eval.simulate.virginia.drafting import (
    TITLE,
    copy_rows,
    filler_rows,
    put_in,
    spoil,
    text_of,
)
from cvln_eval.simulate.virginia.drafting_people import (
    flag_new_ids,
    flag_outsiders,
    names_for_ids,
)
from cvln_eval.simulate.virginia.identities import Identities
from cvln_eval.simulate.virginia.truth import VirginiaTruth

__all__ = ["tie_drafts"]

MODE_LABELS = {"face_to_face": "In person", "online": "By video or e-mail"}
STRANGER = "X-404"
OUTSIDE = {
    "4.0-spring": ("Lemuel Blatchford",),
    "5.0-fall": ("STATE-3", "Lemuel Blatchford"),
    "5.0-spring": ("STATE-3", "Henrietta Szymanski"),
}


def tie_drafts(
    truth: VirginiaTruth,
    identities: Identities,
    known_guests: dict[str, str],
    rng: np.random.Generator,
) -> tuple[list[RawDraft], pd.DataFrame]:
    """Return the lists of the three waves, and the ties that cleaning must make of them.

    Parameters
    ----------
    truth : VirginiaTruth
    identities : Identities
    known_guests : dict
        Name to id of people on no roster; those named here first are added.
    rng : Generator

    Returns
    -------
    drafts : list of RawDraft
    expected : DataFrame
        Self-nominations and people on no roster stay in; cleaning flags them.
    """
    parts = [_list(truth, identities, wave, known_guests, rng) for wave in NETWORK_WAVES]
    return [draft for draft, _ in parts], pd.concat([part for _, part in parts], ignore_index=True)


def _list(
    truth: VirginiaTruth,
    identities: Identities,
    wave: str,
    known_guests: dict[str, str],
    rng: np.random.Generator,
) -> tuple[RawDraft, pd.DataFrame]:
    """Return one wave's list, and its ties."""
    cohort, season = wave.split("-")
    ties = truth.tables["ties"]
    rows = ties[ties["wave"] == wave]
    ends = {
        header: rows[column].map(lambda person: identities.given(person, cohort))
        for header, column in (("From", "sender_id"), ("To", "receiver_id"))
    }
    plain = {
        "Works together on": rows["relation"],
        "How often": text_of(rows["strength"]),
        "Mainly": rows["mode"],
    }
    file = f"network/ties_{cohort[0]}_{season}.csv"
    encoding = "utf-8-sig" if cohort == "4.0" else "utf-8"
    draft = draft_of(pd.DataFrame(ends | plain), file=file, title=TITLE, encoding=encoding)
    draft = _with_extras(_spoiled(draft, rng), identities, wave, rng)
    draft = filler_rows(draft, rng=rng, repeat_header=cohort == "4.0")
    return _linked(draft, rows, identities, wave, known_guests, rng)


def _spoiled(draft: RawDraft, rng: np.random.Generator) -> RawDraft:
    changes = (
        ("Mainly", MODE_LABELS.__getitem__, 30, "mode as a label", "label_to_value"),
        ("Mainly", lambda cell: padded(cell, rng=rng), 4, "blanks", "trimmed"),
        ("Mainly", lambda _: "it depends", 2, "no label of the codebook", "unknown_label"),
        ("How often", lambda cell: f"{cell}x", 4, "number with a unit", "number_format"),
        ("Works together on", lambda cell: padded(cell, rng=rng), 4, "blanks", "trimmed"),
    )
    for column, change, n, kind, rule in changes:
        draft = spoil(draft, column, change, n=n, kind=kind, rule=rule, rng=rng)
    return draft


def _with_extras(
    draft: RawDraft, identities: Identities, wave: str, rng: np.random.Generator
) -> RawDraft:
    """Put in rows that repeat, contradict, name nobody, or come from people on no roster."""
    twice = pick(draft, rng=rng, n=4)
    copies = copy_rows(draft, twice, name="copy")
    draft = put_in(draft, copies, after=twice, kind="row twice", rule="exact_duplicate", rng=rng)
    otherwise = pick(draft, rng=rng, n=2)
    other = copy_rows(draft, otherwise, name="other")
    other["How often"] = [str(int(cell) % 4 + 1) for cell in other["How often"]]
    rule = "conflicting_duplicate"
    kind = "tie twice, told differently"
    draft = put_in(draft, other, after=otherwise, kind=kind, rule=rule, rng=rng)
    plain = ~draft.cells["From"].isin(identities.ids_5.values())
    free = pick(draft, rng=rng, n=12, where=plain & ~draft.cells["From"].duplicated())
    none = copy_rows(draft, free[:2], name="none", To="", **{"How often": "", "Mainly": ""})
    never = _unnamed(draft, free[2:4])
    selves = copy_rows(draft, free[4:7], name="self")
    selves["To"] = selves["From"]
    strange = copy_rows(draft, free[7:8], name="stranger", From=STRANGER)
    draft = put_in(draft, none, kind="nobody named", rule="not_a_tie", rng=rng)
    draft = put_in(draft, never, kind="named but never met", rule="not_a_tie", rng=rng)
    draft = put_in(draft, strange, kind="sender on no roster", rule="not_on_roster", rng=rng)
    outside = copy_rows(draft, free[8 : 8 + len(OUTSIDE[wave])], name="guest")
    outside["To"] = list(OUTSIDE[wave])
    # The last two kinds become records, so that the rows carry no defect, only their cells do.
    draft = put_in(draft, selves, kind="", rule="", rng=rng)
    return put_in(draft, outside, kind="", rule="", rng=rng)


def _unnamed(draft: RawDraft, labels: list[object]) -> pd.DataFrame:
    """Return rows that say of two leaders, who are otherwise not named together, "never"."""
    rows = copy_rows(draft, labels, name="never", **{"How often": "0"})
    named = set(zip(draft.cells["From"], draft.cells["To"], strict=True))
    people = [person for person in draft.cells["To"] if person]
    rows["To"] = [
        next(one for one in people if one != sender and (sender, one) not in named)
        for sender in rows["From"]
    ]
    return rows


def _linked(
    draft: RawDraft,
    rows: pd.DataFrame,
    identities: Identities,
    wave: str,
    known_guests: dict[str, str],
    rng: np.random.Generator,
) -> tuple[RawDraft, pd.DataFrame]:
    """Record what linking must do with both ends of each tie; return the draft and its ties."""
    known = {
        identities.given(person, wave[:3]): identities.expected(person, wave[:3])
        for person in identities.names
    }
    labels = draft.cells.index.astype("str")
    selves, guests = (draft.cells.index[labels.str.startswith(k)] for k in ("self", "guest"))
    draft = flag_cells(
        draft, column="To", labels=list(selves), kind="named themselves", rule="self_nomination"
    )
    # Cleaning takes up all senders before the receivers, and numbers whomever it does not know.
    known_guests.setdefault(STRANGER, STRANGER)
    draft, outside = flag_outsiders(draft, "To", list(guests), known_guests)
    ends = {column: draft.cells[column].map(known).dropna() for column in ("From", "To")}
    draft = names_for_ids(draft, "To", ends["To"].drop(selves), identities, n=10, rng=rng)
    for column, people in ends.items():
        draft = flag_new_ids(draft, column, people)
    more = draft.cells.loc[[*selves, *guests]]
    extra = pd.DataFrame(
        {
            "wave": wave,
            "relation": more["Works together on"],
            "sender_id": more["From"],
            "receiver_id": outside.reindex(more.index).fillna(more["To"]),
            "strength": more["How often"].astype(float),
            "mode": more["Mainly"],
        }
    )
    ties = expected_after(rows, draft, columns={"Mainly": "mode", "How often": "strength"})
    for column, header in (("sender_id", "From"), ("receiver_id", "To")):
        ties[column] = ends[header].reindex(ties.index)
    return draft, pd.concat([ties, extra])
