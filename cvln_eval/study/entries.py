"""Tables of `study.toml` to dataclasses, every key known and every value of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from cvln_eval.errors import StudyError, shown

__all__ = ["entries_of", "entry_of", "refuse_unknown_keys", "texts_of"]

T = TypeVar("T")

# What a field's annotation asks for, in the words of somebody who writes TOML.
KINDS = {
    "str": "a text in quotes",
    "bool": "true or false, without quotes",
    "date": "a day such as 2010-06-30, without quotes",
    "tuple[str, ...]": 'a list such as ["one", "two"]',
    "Mapping[str, str]": 'pairs such as { relation = "advice" }',
}


def refuse_unknown_keys(entry: Mapping[str, Any], known: set[str], path: Path, where: str) -> None:
    """Raise `StudyError` if a TOML table has a key that nothing reads."""
    unknown = sorted(set(entry) - known)
    if unknown:
        raise StudyError(
            f"Unknown key in {where}",
            expected=f"keys among {', '.join(sorted(known))}",
            seen=shown(unknown),
            file=path.name,
        )


def entries_of(kind: type[T], listed: object, path: Path, where: str) -> tuple[T, ...]:
    """Return an array of TOML tables as dataclasses."""
    if not isinstance(listed, list):
        raise StudyError(
            f"{where} is not written as a list of tables",
            expected=f"{where}, with two brackets on each side",
            seen=repr(listed)[:80],
            file=path.name,
        )
    return tuple(entry_of(kind, entry, path, where) for entry in listed)


def entry_of(kind: type[T], entry: object, path: Path, where: str) -> T:
    """Return a TOML table as a dataclass; a list becomes a tuple, one wave a tuple of one.

    Raises
    ------
    StudyError
        If a key is unknown or absent, or a value is not of the kind the key needs.
    """
    known = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]
    if not isinstance(entry, dict):
        raise StudyError(
            f"{where} is no table", expected=shown(known), seen=repr(entry), file=path.name
        )
    refuse_unknown_keys(entry, set(known), path, where)
    absent = [
        name
        for name, item in known.items()
        if name not in entry and item.default is MISSING and item.default_factory is MISSING
    ]
    if absent:
        raise StudyError(
            f"{where} lacks a key", expected=shown(absent), seen=shown(entry), file=path.name
        )
    named = entry.get("file", entry.get("id"))
    where = f"{where} {named!r}" if isinstance(named, str) else where
    values = {
        key: _value(key, value, str(known[key].type), path, where) for key, value in entry.items()
    }
    return kind(**values)


def texts_of(content: Mapping[str, Any], key: str, path: Path) -> tuple[str, ...]:
    """Return a list of texts at the top of study.toml, empty where it is not there."""
    value: tuple[str, ...] = _value(
        key, content.get(key, []), "tuple[str, ...]", path, "study.toml"
    )
    return value


def _value(key: str, value: Any, annotation: str, path: Path, where: str) -> Any:
    kind = annotation.removesuffix(" | None")
    if key == "wave" and isinstance(value, str):
        return (value,)
    if not _is(value, kind):
        raise StudyError(
            f"{where} has a value of another kind than {key!r} needs",
            expected=f"{key} = {KINDS[kind]}",
            seen=repr(value),
            file=path.name,
            column=key,
        )
    return tuple(value) if isinstance(value, list) else value


def _is(value: object, kind: str) -> bool:
    if kind == "tuple[str, ...]":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if kind == "Mapping[str, str]":
        return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())
    if kind == "date":
        return isinstance(value, date) and not isinstance(value, datetime)
    return isinstance(value, {"str": str, "bool": bool}[kind])
