"""Files for RSiena: matrices, intervals, covariates, and a script that loads them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from cvln_eval.networks.exchange.cells import number_text
from cvln_eval.networks.exchange.covariates import Covariate
from cvln_eval.networks.exchange.files import SIMULATED, refuse_unwritable, write_text
from cvln_eval.networks.exchange.r_text import r_names
from cvln_eval.networks.exchange.siena import SienaData

__all__ = ["write_siena"]

HEAD = """\
# Run it in the folder of this file. Matrices have 0 and 1, NA where it is not known, 10 where one
# of the two was not on the roster of the wave, 11 where a tie is given by design.
library(RSiena)

matrix_of <- function(file) unname(as.matrix(read.csv(file, check.names = FALSE)[, -1]))
"""
CHOICE = """
# Who was not there is coded by structural zeros. RSiena's other way, intervals of presence, is in
# composition.txt; use one of the two, and with intervals read each 10 as 0 first:
# composition <- sienaCompositionChangeFromFile("composition.txt")
"""


def write_siena(data: SienaData, folder: Path | str, *, simulated: bool = False) -> list[Path]:
    """Write data for RSiena into a folder, with an R script that makes the Siena data object.

    Parameters
    ----------
    data : SienaData
        As `siena_data` returns it.
    folder : Path
        Made if it is not there.
    simulated : bool
        Whether the data are simulated; script, tables and the corners of matrices then say so.

    Returns
    -------
    list of Path
        `network_<relation>_<number of the wave>.csv` for each matrix; `composition.txt`, one line
        an actor; `covariate_<name>.csv` for each covariate, actors in rows and waves in columns;
        `codes.csv` with the labels of numbers; `load.R`.

    Raises
    ------
    ArgumentError
        If an id or a name has a control character or a blank at its end.
    """
    folder = Path(folder)
    names = [one.name for one in data.covariates]
    refuse_unwritable([*data.actors, *data.waves, *data.relations, *names])
    folder.mkdir(parents=True, exist_ok=True)
    named = r_names([*data.relations, *names])
    relations = dict(zip(data.relations, named, strict=False))
    covariates = dict(zip(names, named[len(relations) :], strict=True))
    corner = SIMULATED if simulated else "person_id"
    written = _matrices(data, folder, relations, corner)
    written += [
        _table(
            data,
            one.values,
            folder / f"covariate_{covariates[one.name]}.csv",
            list(data.waves),
            corner,
        )
        for one in data.covariates
    ]
    written.append(_codes(data.covariates, folder / "codes.csv", simulated))
    written.append(write_text(folder / "composition.txt", _intervals(data)))
    script = _script(data, relations, covariates)
    mark = f"# {SIMULATED.capitalize()}.\n" if simulated else ""
    written.append(write_text(folder / "load.R", mark + script))
    return written


def _matrices(data: SienaData, folder: Path, relations: dict[str, str], corner: str) -> list[Path]:
    return [
        _table(
            data,
            codes,
            folder / f"network_{relations[relation]}_{k}.csv",
            list(data.actors),
            corner,
        )
        for relation in data.relations
        for k, codes in enumerate(data.codes[relation], start=1)
    ]


def _table(
    data: SienaData, values: np.ndarray, path: Path, columns: list[str], corner: str
) -> Path:
    texts = [["NA" if np.isnan(one) else number_text(one) for one in row] for row in values]
    table = pd.DataFrame(texts, index=data.actors, columns=columns).rename_axis(index=corner)
    table.to_csv(path, encoding="utf-8", lineterminator="\n")
    return path


def _codes(covariates: tuple[Covariate, ...], path: Path, simulated: bool) -> Path:
    rows = [
        (one.name, code, label) for one in covariates for code, label in enumerate(one.labels, 1)
    ]
    table = pd.DataFrame(rows, columns=["covariate", "code", "label"])
    marked = table.assign(simulated=True) if simulated else table
    marked.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
    return path


def _intervals(data: SienaData) -> str:
    lines = dict.fromkeys(data.actors, "")
    columns = (data.composition[name].tolist() for name in ("person_id", "joined_at", "left_at"))
    for name, joined, left in zip(*columns, strict=True):
        lines[name] = f"{lines[name]} {number_text(joined)} {number_text(left)}".strip()
    return "".join(f"{line}\n" for line in lines.values())


def _script(data: SienaData, relations: dict[str, str], covariates: dict[str, str]) -> str:
    waves = ", ".join(f"{k} is {wave}" for k, wave in enumerate(data.waves, start=1))
    dependent = [_dependent(data, name) for name in relations.values()]
    given = [_covariate(one, covariates[one.name]) for one in data.covariates]
    objects = ", ".join([*relations.values(), *covariates.values()])
    return "\n".join(
        [
            f"# {len(data.actors)} actors; waves: {waves}.",
            HEAD,
            *dependent,
            *given,
            CHOICE,
            f"siena <- sienaDataCreate({objects})\nprint(siena)\n",
        ]
    )


def _dependent(data: SienaData, name: str) -> str:
    n, waves = len(data.actors), len(data.waves)
    files = ",\n  ".join(f'matrix_of("network_{name}_{k}.csv")' for k in range(1, waves + 1))
    return f"{name} <- sienaDependent(array(c(\n  {files}\n), dim = c({n}, {n}, {waves})))"


def _covariate(one: Covariate, name: str) -> str:
    values = f'matrix_of("covariate_{name}.csv")'
    if one.constant:
        return f"{name} <- coCovar({values}[, 1])"
    # RSiena takes the value at the beginning of each period, so the last wave's is not used.
    return f"{name} <- varCovar({values}[, -{one.values.shape[1]}, drop = FALSE])"
