"""How the files of the simulated CVLN study call people and districts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.simulate.cvln_parameters import COMPARISON, PARTNER, TEAMS
from cvln_eval.simulate.cvln_people import ID_MADE, CvlnPeople
from cvln_eval.simulate.garbling import other_case, typo
from cvln_eval.simulate.planting import RawDraft, pick, rewrite
from cvln_eval.simulate.routine import plant_some, relabel, write_names
from cvln_eval.simulate.studies import LINK_COLUMNS

__all__ = ["DISTRICT_LABELS", "Naming", "link_row", "untidy_teams", "with_origin"]

DISTRICT_LABELS: dict[str, tuple[str, ...]] = {
    team: (team, f"{team} Unified", f"{short}USD") for team, short in TEAMS.items()
} | {PARTNER: ("Coaching team",)}
EVALUATOR = "evaluator"


@dataclass(frozen=True, slots=True, eq=False)
class Naming:
    """Names, who shares one, who leaves and who gets a new id, for writing files about people."""

    people: CvlnPeople
    names: dict[str, str]
    twins: frozenset[str]
    new_ids: dict[str, str]

    @classmethod
    def of(cls, people: CvlnPeople, *, rng: np.random.Generator) -> Naming:
        """Return the naming of a study; three who stay get a new id in the last year."""
        names = people.names()
        counts = pd.Series(names).value_counts()
        twins = frozenset(one for one, name in names.items() if counts[name] > 1)
        stay = people.people[(people.people["first_year"] == 1) & (people.people["last_year"] == 3)]
        stay = stay[stay["team_id"].isin(TEAMS) & ~stay["person_id"].isin(twins)]
        drawn = np.sort(rng.choice(stay["person_id"].to_numpy(dtype=object), 3, replace=False))
        return cls(
            people, names, twins, {one: f"P21{place:02d}" for place, one in enumerate(drawn)}
        )

    def write(
        self,
        draft: RawDraft,
        column: str,
        *,
        ids_for: Iterable[str] = (),
        twins_too: bool = False,
    ) -> RawDraft:
        """Write names for the ids of a column.

        People who share a name keep their id, except where the file tells them apart by district
        (`twins_too`).
        """
        shared = frozenset() if twins_too else self.twins
        return write_names(draft, column, self.names, except_ids={*shared, *ids_for})

    def write_new_ids(self, draft: RawDraft, column: str) -> RawDraft:
        """Write the new ids of the last year, and the name of whoever has no id of their own."""
        draft = relabel(draft, column, self.new_ids, kind="new_id", rule="id_changed")
        return write_names(draft, column, {ID_MADE: self.names[ID_MADE]})

    def mistype(
        self,
        draft: RawDraft,
        column: str,
        *,
        rng: np.random.Generator,
        n: int,
        team: str | None = None,
    ) -> tuple[RawDraft, pd.DataFrame]:
        """Write a few names with a typing error, and return the decisions who is meant.

        Parameters
        ----------
        draft : RawDraft
        column : str
            Column that still holds ids.
        rng : np.random.Generator
        n : int
        team : str, optional
            Column with the team of the same people; the decision then holds in that team only.

        Returns
        -------
        RawDraft, pd.DataFrame
        """
        ids = draft.cells[column]
        shared = {*self.twins, ID_MADE, *self.new_ids}
        where = ids.isin(list(self.names)) & ~ids.isin(shared)
        drawn = pick(draft, rng=rng, n=n, column=column, where=where)
        raw = {label: typo(self.names[ids[label]], rng=rng) for label in drawn}
        if team is None:
            places = dict.fromkeys(drawn, "")
        else:
            places = {label: draft.cells[team][label] for label in drawn}
        links = [link_row(raw[label], places[label], ids[label]) for label in drawn]
        changed = rewrite(draft, column=column, raw=raw, kind="name_typo", rule="linked_by_review")
        return changed, pd.DataFrame(links, columns=list(LINK_COLUMNS))


def link_row(
    name: str, team: str, person: str, *, given: str = "", decision: str = "same"
) -> tuple[str, ...]:
    """Return one decision for codebook/links.csv."""
    note = "typing error" if decision == "same" else "the id was given again; a new person"
    return (name, team, given, decision, person, EVALUATOR, note)


def untidy_teams(
    draft: RawDraft, column: str, *, rng: np.random.Generator, n_case: int = 0
) -> RawDraft:
    """Write districts in their several spellings, a few in capitals or small letters."""
    known = draft.cells[column].isin([*TEAMS, *COMPARISON])
    draft = plant_some(
        draft,
        column,
        lambda text: other_case(text, rng=rng),
        rng=rng,
        n=n_case,
        kind="other_case",
        rule="trimmed",
        where=known,
    )
    return relabel(draft, column, DISTRICT_LABELS, rng=rng, kind="team_spelling")


def with_origin(cells: pd.DataFrame) -> pd.DataFrame:
    """Return cells with the column that marks every row of a csv file as simulated."""
    return cells.assign(data_origin="simulated")
