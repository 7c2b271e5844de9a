"""Under which ids and names the raw files know each leader, and what cleaning can make of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.simulate.garbling import typo
from cvln_eval.simulate.studies import LINK_COLUMNS
from cvln_eval.simulate.virginia.rosters import Rosters
from cvln_eval.simulate.virginia.world import FACILITATORS, WAVES

__all__ = ["Identities", "draw_identities"]

NEW_IDS = 3
DECIDED_BY = "network office (simulated)"


@dataclass(frozen=True, slots=True)
class Identities:
    """Ids and names as written, by person; those of cohort 5.0 where they differ.

    `apart` holds the ids of leaders whom cleaning cannot know again in cohort 5.0, because both id
    and name have changed and nobody has decided: they are kept apart as new people.
    """

    names: dict[str, str]
    ids_5: dict[str, str]
    names_5: dict[str, str]
    apart: dict[str, str]
    links: pd.DataFrame

    def given(self, person: str, cohort: str) -> str:
        """Return the id that the files of a cohort give a leader."""
        return self.ids_5.get(person, person) if cohort == "5.0" else person

    def written(self, person: str, cohort: str) -> str:
        """Return the name that the files of a cohort give a leader."""
        name = self.names[person]
        return self.names_5.get(person, name) if cohort == "5.0" else name

    def expected(self, person: str, cohort: str) -> str:
        """Return the id under which cleaning knows a leader in a cohort."""
        return self.apart.get(person, person) if cohort == "5.0" else person

    def shared_names(self) -> set[str]:
        """Return the names that more than one person bears."""
        counts = pd.Series(list(self.names.values())).value_counts()
        return set(counts.index[counts > 1])


def draw_identities(rosters: Rosters, rng: np.random.Generator) -> Identities:
    """Draw who comes back under another id or another spelling.

    Three leaders come back with a new id; one with a new id and a typing error, which a person
    has decided on; one the same way, on whom nobody has decided; and one who moved to another
    division comes back with a new id, which a person has decided on.

    Parameters
    ----------
    rosters : Rosters
    rng : Generator

    Returns
    -------
    Identities
    """
    names = dict(zip(rosters.leaders["person_id"], rosters.leaders["name"], strict=True))
    names |= {person: name for person, name, _ in FACILITATORS}
    settled, movers = _returning(rosters, names)
    drawn = [str(person) for person in rng.choice(settled, NEW_IDS + 2, replace=False)]
    changed = [*sorted(drawn), movers[-1]]
    ids = {person: f"VN{501 + k}" for k, person in enumerate(changed)}
    decided, undecided = drawn[-2], drawn[-1]
    spelled = {person: typo(names[person], rng=rng) for person in (decided, undecided)}
    links = _links(rosters, ids, spelled | {movers[-1]: names[movers[-1]]}, undecided)
    return Identities(names, ids, spelled, {undecided: ids[undecided]}, links)


def _returning(rosters: Rosters, names: dict[str, str]) -> tuple[list[str], list[str]]:
    """Return the leaders of all waves, those who stayed in a division and those who moved."""
    counts = pd.Series(names).value_counts()
    unique = {person for person, name in names.items() if counts[name] == 1}
    stays = rosters.memberships.groupby("person_id").agg(
        waves=("wave", "nunique"), teams=("team_id", "nunique"), team=("team_id", "first")
    )
    stays = stays[
        (stays["waves"] == len(WAVES)) & stays.index.isin(unique) & (stays["team"] != "FAC")
    ]
    # The settled include those in all waves only; movers may have joined in spring.
    moved = rosters.memberships.groupby("person_id")["team_id"].nunique()
    settled = sorted(stays.index[stays["teams"] == 1])
    return settled, sorted(p for p in moved.index[moved > 1] if p in unique)


def _links(
    rosters: Rosters, ids: dict[str, str], spelled: dict[str, str], undecided: str
) -> pd.DataFrame:
    """Return the decisions: two leaders known again, and one namesake who is somebody new."""
    team = rosters.on(WAVES[2]).set_index("person_id")["team_id"]
    rows = [
        (name, team[person], ids[person], "same", person, DECIDED_BY, "confirmed by the division")
        for person, name in spelled.items()
        if person != undecided
    ]
    new = _newcomer_with_a_known_name(rosters)
    note = "another person than the leader of cohort 4.0"
    rows.append((new["name"], new["team_id"], new["person_id"], "different", "", DECIDED_BY, note))
    return pd.DataFrame(rows, columns=list(LINK_COLUMNS))


def _newcomer_with_a_known_name(rosters: Rosters) -> pd.Series:
    before = set(rosters.on(WAVES[0])["person_id"]) | set(rosters.on(WAVES[1])["person_id"])
    known = set(rosters.leaders.loc[rosters.leaders["person_id"].isin(before), "name"])
    now = rosters.on(WAVES[2])
    return now[~now["person_id"].isin(before) & now["name"].isin(known)].iloc[0]
