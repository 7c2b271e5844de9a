"""Rosters of all waves to people: by id, then by name within the team, the rest for review."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cvln_eval.clean.directory import Directory
from cvln_eval.clean.names import ALIKE, likeness, may_be_one, normalised_name
from cvln_eval.errors import CleanError, StudyError, shown

if TYPE_CHECKING:
    from cvln_eval.study import Codebook

__all__ = ["Entry", "LinkedRosters", "link_people"]


@dataclass(slots=True)
class Entry:
    """One row of a roster, and the person it was linked to."""

    file: str
    row: int
    wave: str
    team: str
    name: str
    given: str
    person: str = ""
    rule: str = ""
    is_new: bool = False

    @property
    def written(self) -> str:
        """The name as it is compared."""
        return normalised_name(self.name)


@dataclass(slots=True)
class LinkedRosters:
    """The directory that linking made, and what a person still has to decide."""

    directory: Directory
    review: list[dict[str, object]] = field(default_factory=list)
    assigned: int = 0
    first_given: dict[str, str] = field(default_factory=dict)


def link_people(
    entries: list[Entry], *, codebook: Codebook, waves: tuple[str, ...]
) -> LinkedRosters:
    """Link the rows of all rosters to people, wave by wave, and fill `person` and `rule` of each.

    A decision in the codebook's links comes first; then an id seen before, if the names are alike;
    then the same normalised name within the same team, if that person is not on this wave's roster
    already. A name that only resembles one in the team, or an id that returns with another name,
    makes a new person and a line for review; nobody is merged silently.

    Raises
    ------
    CleanError
        If one wave's rosters give one id to two different names.
    """
    linked = LinkedRosters(Directory())
    for link in codebook.links:
        if link.decision == "same":
            linked.directory.decided[normalised_name(link.name), link.team_id] = link.person_id
        else:
            linked.directory.different.add((normalised_name(link.name), link.team_id))
    given_ids = {entry.given for entry in entries if entry.given}
    for entry in entries:
        entry.is_new = linked.directory.is_different(entry.written, entry.team)
    for wave in waves:
        of_wave = [entry for entry in entries if entry.wave == wave]
        _refuse_shared_ids(of_wave)
        present: set[str] = set()
        without_id: dict[tuple[str, str], str] = {}
        for entry in of_wave:
            _by_id(entry, linked, present)
        for entry in of_wave:
            if not entry.person:
                _by_name(entry, linked, present, without_id, given_ids)
        for entry in of_wave:
            linked.directory.enter(
                entry.person, given=entry.given, name=entry.name, team=entry.team, wave=wave
            )
    _refuse_unknown_links(entries, codebook)
    return linked


def _refuse_unknown_links(entries: list[Entry], codebook: Codebook) -> None:
    """Refuse a decision for a person whom no roster has but through that decision."""
    known = {
        entry.person
        for entry in entries
        if entry.rule != "linked_by_review" or entry.given == entry.person
    }
    unknown = [
        f"{link.name}: {link.person_id}"
        for link in codebook.links
        if link.decision == "same" and link.person_id not in known
    ]
    if unknown:
        raise StudyError(
            "links.csv says that a name is somebody who is on no roster",
            expected="the person_id of somebody in people.csv",
            seen=shown(unknown),
            file="links.csv",
            column="person_id",
            todo="take the id from candidate_id in people_to_review.csv",
        )


def _refuse_shared_ids(entries: list[Entry]) -> None:
    first: dict[str, Entry] = {}
    for entry in entries:
        other = first.setdefault(entry.given.casefold(), entry) if entry.given else entry
        if other is not entry and not may_be_one(other.written, entry.written):
            raise CleanError(
                "One id is given to two people in one wave",
                expected=f"one person with id {entry.given!r}",
                seen=f"{other.name!r} ({other.file} row {other.row}) and {entry.name!r}",
                file=entry.file,
                row=entry.row,
                column="person_id",
                todo="correct one of the two ids in a copy of the roster, or ask who sent it",
            )


def _by_id(entry: Entry, linked: LinkedRosters, present: set[str]) -> None:
    directory = linked.directory
    decided = directory.decision(entry.written, entry.team)
    known = directory.ids.get(entry.given.casefold(), ()) if entry.given else ()
    alike = [
        p
        for p in sorted(known)
        if may_be_one(normalised_name(directory.first_name.get(p, "")), entry.written)
    ]
    if decided:
        entry.person, entry.rule = decided, "linked_by_review"
    elif alike:
        same_name = normalised_name(directory.first_name.get(alike[0], "")) == entry.written
        entry.person = alike[0]
        entry.rule = "" if same_name or not entry.name else "name_variant"
    if entry.person:
        present.add(entry.person)
    elif known and not entry.is_new:
        _for_review(entry, linked, sorted(known), "id returns with another name")


def _by_name(
    entry: Entry,
    linked: LinkedRosters,
    present: set[str],
    without_id: dict[tuple[str, str], str],
    given_ids: set[str],
) -> None:
    """Link by name within the team; two rows of one wave without ids and of one name are one."""
    in_team = linked.directory.ever_in_team.get(entry.team, {})
    same = set() if entry.is_new else set(in_team.get(entry.written, ())) - present
    at = (entry.team, entry.written)
    if not entry.given and at in without_id:
        entry.person, entry.rule = without_id[at], "linked_by_name"
    elif len(same) == 1 and entry.written:
        entry.person = next(iter(same))
        entry.rule = "" if entry.given else "linked_by_name"
    else:
        _new_person(entry, linked, given_ids)
        if not entry.is_new:
            _resembling(entry, linked, present, sorted(same))
    if not entry.given:
        without_id[at] = entry.person
    present.add(entry.person)


def _new_person(entry: Entry, linked: LinkedRosters, given_ids: set[str]) -> None:
    taken = linked.directory.ids
    if entry.given and entry.given.casefold() not in taken:
        # Two files of one wave may write one id in upper and in lower case.
        entry.person = linked.first_given.setdefault(entry.given.casefold(), entry.given)
        return
    while not entry.person or entry.person in given_ids or entry.person.casefold() in taken:
        linked.assigned += 1
        entry.person = f"P{linked.assigned:04d}"
    entry.rule = "id_assigned"
    taken[entry.person.casefold()] = (entry.person,)


def _resembling(entry: Entry, linked: LinkedRosters, present: set[str], several: list[str]) -> None:
    """Put a new person who resembles somebody absent from this wave's roster up for review."""
    if not entry.written:
        return
    directory = linked.directory
    in_team = {
        person
        for name, people in directory.ever_in_team.get(entry.team, {}).items()
        if likeness(entry.written, name) >= ALIKE
        for person in people
    }
    elsewhere = set(directory.ever.get(entry.written, ()))
    candidates = sorted((in_team | elsewhere | set(several)) - present - {entry.person})
    if candidates:
        _for_review(entry, linked, candidates, "name resembles one on an earlier roster")


def _for_review(entry: Entry, linked: LinkedRosters, candidates: list[str], why: str) -> None:
    first = linked.directory.first_name
    for person in candidates:
        linked.review.append(
            {
                "file": entry.file,
                "row": entry.row,
                "name": entry.name,
                "team_id": entry.team,
                "given_id": entry.given,
                "candidate_id": person,
                "candidate_name": first.get(person, ""),
                "likeness": round(
                    likeness(entry.written, normalised_name(first.get(person, ""))), 1
                ),
                "why": why,
            }
        )
