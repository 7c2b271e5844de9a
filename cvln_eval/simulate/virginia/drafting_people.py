"""Person cells of a raw file: names in place of ids, ids given anew, guests on no roster."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cvln_eval.simulate.garbling import last_first, plain_letters, titled
from cvln_eval.simulate.planting import RawDraft, flag_cells, pick, rewrite
from cvln_eval.simulate.virginia.drafting import cell_of
from cvln_eval.simulate.virginia.identities import Identities

__all__ = ["flag_new_ids", "flag_outsiders", "names_for_ids", "next_guest", "style_names"]

WAYS = (last_first, titled, plain_letters, str.upper)


def free_labels(draft: RawDraft, column: str, people: pd.Series) -> list[object]:
    """Return the rows of known people whose cell is filled and carries no defect yet.

    Rows that cleaning merges or sets aside are left out: the ledger says nothing of their cells.
    """
    planted = draft.planted
    unused = (planted["column"] == "") & ~planted["rule"].isin(("", "no_answers"))
    taken = set(planted.loc[unused | (planted["column"] == column), "label"])
    cells = draft.cells.loc[people.index, column]
    return [label for label, cell in cells.items() if cell and label not in taken]


def style_names(
    draft: RawDraft, column: str, people: pd.Series, *, share: float, rng: np.random.Generator
) -> RawDraft:
    """Write a share of the names in other ways, and record that each name is linked to its bearer.

    Parameters
    ----------
    draft : RawDraft
        A file that knows people by name only, in `column`.
    column : str
    people : Series
        Row label to the id under which cleaning knows the person.
    share : float
        Share of the names to write otherwise.
    rng : Generator

    Returns
    -------
    RawDraft
    """
    labels = free_labels(draft, column, people)
    raw: dict[object, str] = {}
    for label, chosen, way in zip(
        labels,
        rng.random(len(labels)) < share,
        rng.integers(len(WAYS), size=len(labels)),
        strict=True,
    ):
        name = cell_of(draft, label, column)
        if chosen and WAYS[way](name) != name:
            raw[label] = WAYS[way](name)
    wanted = people.astype("object")
    draft = rewrite(
        draft, column=column, raw=raw, kind="name otherwise", rule="linked_by_name", true=wanted
    )
    rest = [label for label in labels if label not in raw]
    return flag_cells(
        draft, column=column, labels=rest, kind="name only", rule="linked_by_name", true=wanted
    )


def names_for_ids(
    draft: RawDraft,
    column: str,
    people: pd.Series,
    identities: Identities,
    *,
    n: int,
    rng: np.random.Generator,
) -> RawDraft:
    """Write names, last name first in half of them, where the column holds ids."""
    shared = identities.shared_names()
    names = people.map(lambda person: identities.names.get(person, ""))
    changed = set(identities.ids_5) | set(identities.apart.values())
    usable = ~names.isin([*shared, ""]) & ~people.isin(changed)
    labels = pick(draft, rng=rng, n=n, column=column, where=usable)
    plain = names.loc[pd.Index(labels)]
    raw = {
        label: last_first(name) if k % 2 else name for k, (label, name) in enumerate(plain.items())
    }
    return rewrite(
        draft,
        column=column,
        raw=raw,
        kind="name in place of an id",
        rule="linked_by_name",
        true=people.astype("object"),
    )


def flag_new_ids(draft: RawDraft, column: str, people: pd.Series) -> RawDraft:
    """Record the ids that cleaning must change to the ids given before.

    Parameters
    ----------
    draft : RawDraft
    column : str
    people : Series
        Row label to the id under which cleaning knows the person.

    Returns
    -------
    RawDraft
    """
    labels = free_labels(draft, column, people)
    wanted = people.to_dict()
    changed = [label for label in labels if cell_of(draft, label, column) != wanted[label]]
    return flag_cells(
        draft,
        column=column,
        labels=changed,
        kind="id given anew in cohort 5.0",
        rule="id_changed",
        true=people.astype("object"),
    )


def next_guest(known: dict[str, str]) -> str:
    """Return the id that cleaning gives to the next person whom it knows by name only."""
    unnamed = sum(person.startswith("outsider-") for person in known.values())
    return f"outsider-{unnamed + 1:03d}"


def flag_outsiders(
    draft: RawDraft, column: str, labels: list[object], known: dict[str, str]
) -> tuple[RawDraft, pd.Series]:
    """Record people on no roster, and return the ids that cleaning makes for them.

    Parameters
    ----------
    draft : RawDraft
    column : str
    labels : list
        Rows that name them.
    known : dict
        Name to id of those in the files before; those who come first here are added to it.

    Returns
    -------
    draft : RawDraft
    people : Series
        Row label to id; a text without a digit counts as a name and gets a number in order of
        coming.
    """
    made = {}
    for label in (label for label in draft.cells.index if label in set(labels)):
        name = cell_of(draft, label, column)
        is_id = any(letter.isdigit() for letter in name)
        made[label] = known.setdefault(name, name if is_id else next_guest(known))
    draft = flag_cells(
        draft, column=column, labels=list(made), kind="on no roster", rule="outsider", true=made
    )
    return draft, pd.Series(made, dtype="object")
