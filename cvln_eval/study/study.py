"""A study as an object: its definition, its codebook, and the tables that cleaning made."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cvln_eval.errors import ArgumentError, StudyError
from cvln_eval.study.codebook import Codebook
from cvln_eval.study.codebook_files import read_codebook
from cvln_eval.study.definition import Definition, Wave, read_definition

if TYPE_CHECKING:
    import pandas as pd

    from cvln_eval.study.ledger import Ledger

__all__ = ["Study", "open_study"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Study:
    """A study folder that has been opened; nothing is read until it is asked for."""

    path: Path
    definition: Definition
    codebook: Codebook
    _cache: dict[str, object] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Short name of the study."""
        return self.definition.id

    @property
    def name(self) -> str:
        """Name of the study."""
        return self.definition.name

    @property
    def simulated(self) -> bool:
        """Whether the data are simulated; every exhibit of such a study says so."""
        return self.definition.simulated

    @property
    def waves(self) -> tuple[Wave, ...]:
        """Waves in their order."""
        return self.definition.waves

    @property
    def raw_folder(self) -> Path:
        """Where the files as received are."""
        return self.path / "data" / "raw"

    @property
    def processed_folder(self) -> Path:
        """Where cleaning writes the tidy tables and the ledger."""
        return self.path / "data" / "processed"

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that the study's raw files fill."""
        from cvln_eval.study.store import stored_tables

        return stored_tables(self.processed_folder, self.codebook)

    @property
    def ledger(self) -> Ledger:
        """What became of every raw row and cell."""
        from cvln_eval.study.store import read_ledger

        if "ledger" not in self._cache:
            self._cache["ledger"] = read_ledger(self.processed_folder)
        return self._cache["ledger"]  # type: ignore[return-value]

    def table(self, table: str) -> pd.DataFrame:
        """Return one tidy table with its types; a fresh copy at each call.

        Parameters
        ----------
        table : str
            One of the fifteen tables, or `outsiders`.

        Raises
        ------
        StudyError
            If the table's name is unknown or the study has not been cleaned.
        """
        from cvln_eval.study.store import read_table

        if table not in self._cache:
            self._cache[table] = read_table(self.processed_folder, table, self.codebook)
        return self._cache[table].copy()  # type: ignore[attr-defined, no-any-return]

    def forget(self) -> None:
        """Read tables and ledger anew at the next call, after cleaning has written them."""
        self._cache.clear()

    def wave(self, wave: str) -> Wave:
        """Return one wave by its id."""
        for known in self.waves:
            if known.id == wave:
                return known
        raise ArgumentError(
            "Unknown wave",
            expected=f"one of {', '.join(self.definition.wave_ids())}",
            seen=repr(wave),
        )

    def arm(self, arm: str) -> tuple[str, ...]:
        """Return the teams of one arm: network, comparison or partner."""
        if arm not in ("network", "comparison", "partner"):
            raise ArgumentError(
                "Unknown arm", expected="network, comparison or partner", seen=repr(arm)
            )
        teams: tuple[str, ...] = getattr(self.definition.teams, arm)
        return teams

    def __repr__(self) -> str:
        simulated = " (simulated data)" if self.simulated else ""
        waves = ", ".join(self.definition.wave_ids())
        return (
            f"Study {self.name}{simulated}\nwaves: {waves}\nraw files: {len(self.definition.raw)}"
        )


def open_study(path: str | Path) -> Study:
    """Open a study folder.

    Parameters
    ----------
    path : str or Path
        The folder that holds `study.toml`.

    Returns
    -------
    Study
        Its definition and codebook, checked; tables and ledger are read when asked for.

    Raises
    ------
    StudyError
        If the folder holds no study or its definition or codebook cannot be used.
    """
    folder = Path(path).resolve()
    if not folder.is_dir():
        raise StudyError(
            "There is no such study folder",
            seen=str(path),
            todo="check the path, or make the folder",
        )
    definition = read_definition(folder / "study.toml")
    codebook = read_codebook(folder / "codebook", definition.wave_ids())
    for raw in definition.raw:
        if raw.table not in codebook.tables():
            raise StudyError(
                "A raw file is for a table that does not exist",
                expected=f"one of {', '.join(codebook.tables())}",
                seen=repr(raw.table),
                file=raw.source,
                todo="correct `table` of this [[raw]] entry in study.toml",
            )
    return Study(folder, definition, codebook)
