"""Who is who: ids and written names, as the rosters of all waves know them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from cvln_eval.clean.names import ALIKE, likeness, may_be_one, normalised_name

__all__ = ["Directory", "Found"]


# Nearly always one person; a tuple takes a quarter of a set's room.
People = tuple[str, ...]
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Found:
    """Who a cell means: `person_id` ("" when nobody), the ledger's rule, candidates for review."""

    person_id: str
    rule: str
    by_name: bool = False
    candidates: tuple[str, ...] = ()


@dataclass(slots=True)
class Directory:
    """All people of the rosters: their ids, names, teams, and the waves they were on a roster."""

    decided: dict[tuple[str, str], str] = field(default_factory=dict)
    different: set[tuple[str, str]] = field(default_factory=set)
    first_name: dict[str, str] = field(default_factory=dict)
    names: dict[str, People] = field(default_factory=dict)
    ids: dict[str, People] = field(default_factory=dict)
    ids_in_wave: dict[tuple[str, str], People] = field(default_factory=dict)
    in_team: dict[str, dict[str, dict[str, People]]] = field(default_factory=dict)
    in_wave: dict[tuple[str, str], People] = field(default_factory=dict)
    ever_in_team: dict[str, dict[str, People]] = field(default_factory=dict)
    ever: dict[str, People] = field(default_factory=dict)
    order: dict[str, dict[str, None]] = field(default_factory=dict)
    guests: dict[str, str] = field(default_factory=dict)

    def enter(self, person: str, *, given: str, name: str, team: str, wave: str) -> None:
        """Note that a person was on a team's roster in a wave, under an id and a name."""
        self.order.setdefault(wave, {})[person] = None
        if given:
            _add(self.ids, given.casefold(), person)
            _add(self.ids_in_wave, (wave, given.casefold()), person)
        _add(self.ids, person.casefold(), person)
        written = normalised_name(name)
        if written:
            self.first_name.setdefault(person, name)
            _add(self.names, person, written)
            teams = self.in_team.setdefault(wave, {})
            _add(teams.setdefault(team, {}), written, person)
            _add(self.in_wave, (wave, written), person)
            _add(self.ever_in_team.setdefault(team, {}), written, person)
            _add(self.ever, written, person)

    def on_roster(self, person: str, wave: str) -> bool:
        """Return whether a person is on a wave's roster; with no wave, on any roster."""
        if wave:
            return person in self.order.get(wave, ())
        return any(person in roster for roster in self.order.values())

    def find(self, *, given: str, name: str, team: str, wave: str) -> Found:
        """Return who is meant by an id, else by a name: decided, then same name, then alike."""
        key = given.strip().casefold()
        # An id given to somebody new after its owner left means its owner of that wave.
        by_id = self.ids_in_wave.get((wave, key)) or self.ids.get(key, ())
        if len(by_id) == 1:
            return self._owner(next(iter(by_id)), given, normalised_name(name), team, wave)
        written = name if name.strip() else given
        if not written.strip():
            return Found("", "")
        found = self._find_name(normalised_name(written), team, wave)
        if found.person_id or found.candidates:
            return found
        return Found(self._guest(given.strip(), normalised_name(written)), "outsider", True)

    def known(self, cell: str, wave: str) -> str:
        """Return whom an id or name means, "" when that is nobody or not certain."""
        by_id = self.ids.get(cell.strip().casefold(), ())
        if len(by_id) == 1:
            return by_id[0]
        return self._find_name(normalised_name(cell), "", wave).person_id

    def _owner(self, person: str, given: str, written: str, team: str, wave: str) -> Found:
        """Return the owner of an id, unless the row writes the name of somebody else beside it."""
        borne = self.names.get(person)
        if not written or not borne or any(may_be_one(written, name) for name in borne):
            return Found(person, _id_rule(given, person))
        decided = self.decision(written, team)
        if decided:
            return Found(decided, "linked_by_review", True)
        named = self._find_name(written, team, wave)
        others = {person, named.person_id, *named.candidates} - {""}
        return Found("", "unresolved_person", True, tuple(sorted(others)))

    def decision(self, written: str, team: str) -> str:
        """Return whom a person has decided a name to mean, for its team or for all, else ""."""
        return self.decided.get((written, team)) or self.decided.get((written, "")) or ""

    def is_different(self, written: str, team: str) -> bool:
        """Return whether a person has decided that a name is nobody known before."""
        return not {(written, team), (written, "")}.isdisjoint(self.different)

    def _find_name(self, written: str, team: str, wave: str) -> Found:
        decided = self.decision(written, team)
        if decided:
            return Found(decided, "linked_by_review", True)
        places = (
            self.in_team.get(wave, {}).get(team, {}).get(written, ()),
            self.in_wave.get((wave, written), ()) if not team else (),
            self.ever_in_team.get(team, {}).get(written, ()),
            self.in_wave.get((wave, written), ()) or self.ever.get(written, ()),
        )
        for same in places:
            if len(same) == 1:
                return Found(next(iter(same)), "linked_by_name", True)
            if same:
                return Found("", "unresolved_person", True, tuple(sorted(same)))
        if self.is_different(written, team):
            return Found("", "", True)
        return Found("", "unresolved_person", True, self._alike(written, team, wave))

    def _alike(self, written: str, team: str, wave: str) -> tuple[str, ...]:
        """Return who resembles a name: in the team of that wave, else in the whole wave."""
        teams = self.in_team.get(wave, {})
        for names in ([teams.get(team, {})], list(teams.values())):
            alike = {
                person
                for of_team in names
                for name, people in of_team.items()
                if likeness(written, name) >= ALIKE
                for person in people
            }
            if alike:
                return tuple(sorted(alike))
        return ()

    def _guest(self, given: str, written: str) -> str:
        """Return the id of somebody on no roster: the id given, or one made in order of coming."""
        looks_like_id = given and (" " not in given) and any(c.isdigit() for c in given)
        key = given.casefold() if looks_like_id else written
        unnamed = sum(person.startswith("outsider-") for person in self.guests.values())
        made = given if looks_like_id else f"outsider-{unnamed + 1:03d}"
        return self.guests.setdefault(key, made)


def _id_rule(given: str, person: str) -> str:
    if given == person:
        return ""
    return "trimmed" if given.strip().casefold() == person.casefold() else "id_changed"


def _add(index: dict[Key, People], key: Key, person: str) -> None:
    known = index.get(key, ())
    if person not in known:
        index[key] = (*known, person)
