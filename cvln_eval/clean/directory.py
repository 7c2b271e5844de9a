"""Who is who: ids and written names, as the rosters of all waves know them."""

from __future__ import annotations

from dataclasses import dataclass, field

from cvln_eval.clean.names import likeness, normalised_name

__all__ = ["ALIKE", "Directory", "Found"]

# Two normalised names at or above this likeness (0 to 100) may be one person; a person decides.
ALIKE = 82.0


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
    first_name: dict[str, str] = field(default_factory=dict)
    ids: dict[str, set[str]] = field(default_factory=dict)
    ids_in_wave: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    in_team: dict[str, dict[str, dict[str, set[str]]]] = field(default_factory=dict)
    in_wave: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    ever_in_team: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    ever: dict[str, set[str]] = field(default_factory=dict)
    order: dict[str, dict[str, None]] = field(default_factory=dict)
    guests: dict[str, str] = field(default_factory=dict)

    def enter(self, person: str, *, given: str, name: str, team: str, wave: str) -> None:
        """Note that a person was on a team's roster in a wave, under an id and a name."""
        self.order.setdefault(wave, {})[person] = None
        if given:
            self.ids.setdefault(given.casefold(), set()).add(person)
            self.ids_in_wave.setdefault((wave, given.casefold()), set()).add(person)
        self.ids.setdefault(person.casefold(), set()).add(person)
        written = normalised_name(name)
        if written:
            self.first_name.setdefault(person, name)
            teams = self.in_team.setdefault(wave, {})
            teams.setdefault(team, {}).setdefault(written, set()).add(person)
            self.in_wave.setdefault((wave, written), set()).add(person)
            self.ever_in_team.setdefault(team, {}).setdefault(written, set()).add(person)
            self.ever.setdefault(written, set()).add(person)

    def on_roster(self, person: str, wave: str) -> bool:
        """Return whether a person is on a wave's roster; with no wave, on any roster."""
        if wave:
            return person in self.order.get(wave, ())
        return any(person in roster for roster in self.order.values())

    def find(self, *, given: str, name: str, team: str, wave: str) -> Found:
        """Return who is meant by an id, else by a name: decided, then same name, then alike."""
        if given.strip():
            key = given.strip().casefold()
            # An id given to somebody new after its owner left means its owner of that wave.
            by_id = self.ids_in_wave.get((wave, key)) or self.ids.get(key, set())
            if len(by_id) == 1:
                person = next(iter(by_id))
                return Found(person, _id_rule(given, person))
        written = name if name.strip() else given
        if not written.strip():
            return Found("", "")
        found = self._find_name(normalised_name(written), team, wave)
        if found.person_id or found.candidates:
            return found
        return Found(self._guest(given.strip(), normalised_name(written)), "outsider", True)

    def _find_name(self, written: str, team: str, wave: str) -> Found:
        decided = self.decided.get((written, team)) or self.decided.get((written, ""))
        if decided:
            return Found(decided, "linked_by_review", True)
        places = (
            self.in_team.get(wave, {}).get(team, {}).get(written, set()),
            self.in_wave.get((wave, written), set()) if not team else set(),
            self.ever_in_team.get(team, {}).get(written, set()),
            self.in_wave.get((wave, written), set()) or self.ever.get(written, set()),
        )
        for same in places:
            if len(same) == 1:
                return Found(next(iter(same)), "linked_by_name", True)
            if same:
                return Found("", "unresolved_person", True, tuple(sorted(same)))
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
