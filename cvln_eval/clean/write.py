"""What cleaning made, into `data/processed/`: whole, or not at all."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pandas as pd

from cvln_eval.study.ledger import LEDGER_COLUMNS
from cvln_eval.study.store import (
    EXTRA_TABLES,
    carry_over,
    replace_folder,
    temporary_beside,
    write_tables,
)

if TYPE_CHECKING:
    from cvln_eval.clean.pipeline import Cleaned
    from cvln_eval.study import Study

__all__ = ["data_dictionary", "write_cleaned"]

MARK = "SIMULATED.txt"
SIMULATED = "SIMULATED DATA: every person, team and number in this folder was made by a program.\n"


def write_cleaned(study: Study, cleaned: Cleaned) -> None:
    """Write tables, ledger, review list, outsiders and data dictionary to `data/processed/`.

    Everything goes to a new folder first and takes the old one's place by renaming, so that
    stopping at any moment leaves the previous tables whole. What a person has put into the folder
    stays there.

    Parameters
    ----------
    study : Study
        The study; its tables are read anew at the next call.
    cleaned : Cleaned
        What `clean_study` returned for it.
    """
    new = temporary_beside(study.processed_folder)
    try:
        tables = cleaned.tables | {
            f"ledger_{name}": table for name, table in cleaned.ledger.tables().items()
        }
        tables |= {
            "people_to_review": cleaned.review,
            "outsiders": cleaned.outsiders,
            "data_dictionary": data_dictionary(study, cleaned),
        }
        write_tables(new, tables, study.codebook)
        if study.simulated:
            (new / MARK).write_text(SIMULATED, encoding="utf-8")
        carry_over(study.processed_folder, new, ours=_ours(study))
        new.chmod(0o755)
        replace_folder(study.processed_folder, new)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    study.forget()


def _ours(study: Study) -> set[str]:
    """Return the names of all files that cleaning may have written before."""
    ledger = (f"ledger_{name}" for name in LEDGER_COLUMNS)
    return {MARK, *(f"{name}.csv" for name in (*study.codebook.tables(), *ledger, *EXTRA_TABLES))}


def data_dictionary(study: Study, cleaned: Cleaned) -> pd.DataFrame:
    """Return one row a column of the tables: type, unit, bounds, levels, meaning, rows, missing."""
    rows = []
    for name, table in cleaned.tables.items():
        for column in study.codebook.table(name):
            levels = column.levels or study.codebook.values(column.response_set)
            rows.append(
                {
                    "table": name,
                    "column": column.column,
                    "type": column.type,
                    "key": column.key,
                    "required": column.required,
                    "unit": column.unit,
                    "minimum": column.minimum,
                    "maximum": column.maximum,
                    "levels": "|".join(levels),
                    "n_rows": len(table),
                    "n_missing": int(table[column.column].isna().sum()),
                    "description": column.description,
                }
            )
    return pd.DataFrame(rows)
