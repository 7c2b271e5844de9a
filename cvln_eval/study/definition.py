"""What `study.toml` says: waves, teams, raw files and where published data come from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from cvln_eval.errors import StudyError, shown
from cvln_eval.study.entries import entries_of, entry_of, refuse_unknown_keys, texts_of

__all__ = ["FORMS", "Definition", "RawFile", "RemoteFile", "Teams", "Wave", "read_definition"]

FORMS = ("records", "roster", "survey", "matrix", "wide")
# Keys of a [[raw]] entry that take one of a few words.
CHOICES = {
    "form": FORMS,
    "dates": ("mdy", "dmy"),
    "decimal": (".", ","),
    "zero_row": ("not_known", "answered"),
}
ARMS = ("network", "comparison", "partner")
EXCEL_ERRORS = ("#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")


@dataclass(frozen=True, slots=True)
class Wave:
    """One measurement; its period runs from `starts_on` to `ends_on`, both included."""

    id: str
    label: str
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Teams:
    """Which teams are the network, which the comparison, and which are partners."""

    network: tuple[str, ...] = ()
    comparison: tuple[str, ...] = ()
    partner: tuple[str, ...] = ()

    def arm_of(self) -> dict[str, str]:
        """Return the arm of each team."""
        return {team: arm for arm in ARMS for team in getattr(self, arm)}


@dataclass(frozen=True, slots=True)
class RawFile:
    """How one raw file (or one sheet of it) becomes rows of a table.

    `columns` maps headers as received to columns of the table; headers that already carry the
    name of a column, in any case and spacing, need no entry. `ignore` lists headers that are not
    read. `constants` fills columns the file does not have. `wave` may be a list where one file
    serves several waves. `dates` (mdy or dmy) and `decimal` (. or ,) settle what the cells leave
    open. `id_prefix` is put before the ids of people and of other records (columns of type id that
    end in `_id`) where a file restarts its numbering.
    """

    file: str
    table: str
    form: str = "records"
    wave: tuple[str, ...] = ()
    sheet: str | None = None
    header: bool = True
    encoding: str | None = None
    dates: str | None = None
    decimal: str | None = None
    id_prefix: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    instruments: tuple[str, ...] = ()
    names_to: str | None = None
    values_to: str | None = None
    zero_row: str | None = None

    @property
    def source(self) -> str:
        """Name of the file in the ledger, with its sheet where one is named."""
        return f"{self.file}#{self.sheet}" if self.sheet else self.file


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A published file: where it is, what its bytes hash to, what it is called in `data/raw/`."""

    file: str
    url: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Definition:
    """The whole of `study.toml`; `not_read` lists data files of `data/raw/` left out on purpose.

    `missing_codes` always holds the errors of Excel, which are no answers in any study.
    """

    id: str
    name: str
    simulated: bool
    source: str
    waves: tuple[Wave, ...]
    teams: Teams = field(default_factory=Teams)
    raw: tuple[RawFile, ...] = ()
    remote: tuple[RemoteFile, ...] = ()
    missing_codes: tuple[str, ...] = EXCEL_ERRORS
    not_read: tuple[str, ...] = ()

    def wave_ids(self) -> tuple[str, ...]:
        """Return the ids of the waves in their order."""
        return tuple(wave.id for wave in self.waves)


def read_definition(path: Path) -> Definition:
    """Read `study.toml`, checking every key, wave and form it names.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Definition

    Raises
    ------
    StudyError
        If the file is missing, is not TOML, or names a key, wave or form that does not exist.
    """
    content = _parse(path)
    known = {"study", "wave", "teams", "raw", "fetch", "missing_codes", "not_read"}
    refuse_unknown_keys(content, known, path, "study.toml")
    study = content.get("study", {})
    if not isinstance(study, dict):
        raise StudyError(
            "[study] is no table", expected="[study]", seen=repr(study)[:80], file=path.name
        )
    refuse_unknown_keys(study, {"id", "name", "simulated", "source"}, path, "[study]")
    for key, kind in (("id", str), ("name", str), ("simulated", bool), ("source", str)):
        if not isinstance(study.get(key), kind):
            raise StudyError(
                f"[study] needs {key!r}",
                expected=f"{key} = a {kind.__name__}",
                seen=repr(study.get(key)),
                file=path.name,
            )
    definition = Definition(
        **study,
        waves=entries_of(Wave, content.get("wave", []), path, "[[wave]]"),
        teams=entry_of(Teams, content.get("teams", {}), path, "[teams]"),
        raw=entries_of(RawFile, content.get("raw", []), path, "[[raw]]"),
        remote=entries_of(RemoteFile, content.get("fetch", []), path, "[[fetch]]"),
        missing_codes=tuple(
            dict.fromkeys([*texts_of(content, "missing_codes", path), *EXCEL_ERRORS])
        ),
        not_read=texts_of(content, "not_read", path),
    )
    _check(definition, path)
    return definition


def _parse(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise StudyError(
            "This folder is not a study",
            expected="a file study.toml in it",
            seen=shown(sorted(item.name for item in path.parent.glob("*"))) or "nothing",
            file=str(path),
            todo="name the study's folder, or make one with `cvln-eval init FOLDER`",
        )
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError("study.toml is not valid TOML", seen=str(error), file=path.name) from error


def _check(definition: Definition, path: Path) -> None:
    waves = definition.wave_ids()
    if not waves:
        raise StudyError("A study needs at least one [[wave]]", file=path.name)
    _refuse_repeats(waves, "wave", path)
    _refuse_repeats([raw.source for raw in definition.raw], "raw file", path)
    teams = definition.teams
    _refuse_repeats([*teams.network, *teams.comparison, *teams.partner], "team", path)
    for raw in definition.raw:
        _check_raw(raw, waves)


def _check_raw(raw: RawFile, waves: tuple[str, ...]) -> None:
    for key, choices in CHOICES.items():
        if getattr(raw, key) not in (*choices, None):
            raise StudyError(
                f"Unknown {key} of a raw file",
                expected=f"one of {', '.join(choices)}",
                seen=repr(getattr(raw, key)),
                file=raw.source,
            )
    unknown = [wave for wave in raw.wave if wave not in waves]
    if unknown:
        raise StudyError(
            "A raw file names a wave that is not in study.toml",
            expected=f"one of {', '.join(waves)}",
            seen=shown(unknown),
            file=raw.source,
            todo="add a [[wave]] or correct the wave of this [[raw]] entry",
        )
    if len(raw.wave) > 1 and raw.form != "roster":
        raise StudyError(
            "Only a roster can serve several waves",
            expected="one wave, or a column `wave` in the file",
            seen=shown(raw.wave),
            file=raw.source,
            todo="say in the file, in a column, which wave each row is of",
        )
    inside = PurePosixPath(raw.file)
    if inside.is_absolute() or ".." in inside.parts or PureWindowsPath(raw.file).drive:
        raise StudyError(
            "A raw file is not in data/raw",
            expected="a path below data/raw, with / between folders",
            seen=repr(raw.file),
            file="study.toml",
            todo="put a copy of the file into data/raw, so that the study is whole",
        )


def _refuse_repeats(ids: list[str] | tuple[str, ...], what: str, path: Path) -> None:
    repeated = sorted({item for item in ids if ids.count(item) > 1})
    if repeated:
        raise StudyError(f"A {what} is listed more than once", seen=shown(repeated), file=path.name)
