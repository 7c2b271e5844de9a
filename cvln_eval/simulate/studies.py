"""A simulated study as one object, and its way into a folder.

Everything in such a study is simulated: its people, schools, districts and outcomes do not exist.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import pandas as pd

from cvln_eval.simulate.planting import RawDraft
from cvln_eval.simulate.writing import all_defects, table_text, write_drafts

__all__ = ["LINK_COLUMNS", "SimulatedStudy", "toml_text", "write_study"]

LINK_COLUMNS = ("name", "team_id", "given_id", "decision", "person_id", "decided_by", "note")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SimulatedStudy:
    """A study whose truth is known.

    Parameters
    ----------
    template : str
        Folder in `cvln_eval/simulate/` with the study's definition and codebook.
    tables : mapping
        True tidy tables by name, with the columns of the house and of the study.
    expected : mapping
        What cleaning the untidy files must give: the true tables without the values that were
        lost on the way.
    drafts : tuple of RawDraft
        The untidy raw files.
    effects : mapping
        True parameters.
    links : pd.DataFrame
        Decisions for `codebook/links.csv`.
    """

    template: str
    tables: Mapping[str, pd.DataFrame]
    expected: Mapping[str, pd.DataFrame]
    drafts: tuple[RawDraft, ...]
    effects: Mapping[str, Any]
    links: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(LINK_COLUMNS)))

    @property
    def defects(self) -> pd.DataFrame:
        """Every planted defect: file, row, column, kind, raw and true value, rule, note."""
        return all_defects(self.drafts)

    def __repr__(self) -> str:
        rows = sum(len(draft.cells) for draft in self.drafts)
        return (
            f"Simulated study {self.template}\n{len(self.drafts)} raw files, {rows:,} rows, "
            f"{len(self.defects):,} planted defects"
        )


def write_study(simulated: SimulatedStudy, folder: str | Path) -> Path:
    """Write a simulated study as a study folder, the same bytes for the same study.

    Parameters
    ----------
    simulated : SimulatedStudy
    folder : str or Path
        Gets study.toml, codebook/, data/raw/ and data/truth/; files of these names are replaced.

    Returns
    -------
    Path
        The folder.
    """
    target = Path(folder)
    _copy(files("cvln_eval.simulate").joinpath(simulated.template), target)
    write_drafts(simulated.drafts, target / "data" / "raw")
    _write(target / "codebook" / "links.csv", table_text(simulated.links[list(LINK_COLUMNS)]))
    _write(target / "data" / "truth" / "defects.csv", table_text(simulated.defects))
    _write(target / "data" / "truth" / "effects.toml", toml_text(simulated.effects))
    return target


def _copy(source: Traversable, target: Path) -> None:
    for item in sorted(source.iterdir(), key=lambda entry: entry.name):
        if item.is_dir():
            if item.name != "__pycache__":
                _copy(item, target / item.name)
        else:
            _write(target / item.name, item.read_text(encoding="utf-8"))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


def toml_text(effects: Mapping[str, Any]) -> str:
    """Return true parameters as TOML, one table a group, with the note that all is simulated.

    Parameters
    ----------
    effects : mapping
        Group to parameters; a parameter is a text, number, truth value, list, or a mapping of
        such by name.

    Returns
    -------
    str
    """
    lines = ["# Simulated data: the parameters that the simulation used, not findings."]
    for group, parameters in effects.items():
        lines += ["", f"[{group}]"]
        lines += [f"{_key(name)} = {_toml(value)}" for name, value in parameters.items()]
    return "\n".join(lines) + "\n"


def _key(name: object) -> str:
    text = str(name)
    plain = text.replace("_", "").replace("-", "")
    return text if plain.isascii() and plain.isalnum() else json.dumps(text, ensure_ascii=False)


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(name)} = {_toml(item)}" for name, item in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    return json.dumps(value, ensure_ascii=False)
