"""Adjacency matrices in csv files and workbooks, with and without labels."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.networks.exchange.cells import cell_numbers, cell_texts, network_of_cells, unlabelled
from cvln_eval.networks.exchange.files import SIMULATED, refuse_unwritable, refuse_without_file
from cvln_eval.networks.exchange.making import checked_ids, one_network, panel_with_self_ties
from cvln_eval.networks.panel import Network, NetworkPanel
from cvln_eval.networks.panel.reading import refuse_ids_that_differ_by_case
from cvln_eval.read import read_raw

__all__ = ["read_adjacency", "write_adjacency"]

CORNER = "person_id"
WORKBOOK = ".xlsx"
WITHOUT_LABELS = "read it with labels=False if the file has none"


def write_adjacency(
    network: NetworkPanel | Network, path: Path | str, *, simulated: bool = False
) -> Path:
    """Write a network as a matrix, senders in rows, to a csv file or a workbook.

    Parameters
    ----------
    network : Network or NetworkPanel
        One network, or a panel of one.
    path : Path
        The file, written anew; a workbook if its name ends in .xlsx.
    simulated : bool
        Whether the data are simulated; the corner of the matrix then says so.

    Returns
    -------
    Path
        The file: ids in the first row and the first column, strengths in the cells, 0 where there
        is no tie, NA what is not known: the whole row of who did not answer, own cell included.
        Of an undirected network both halves are written. One cell is left of a network of nobody.

    Raises
    ------
    ArgumentError
        If it is a panel of several, a tie has no strength, an id has a control character or a blank
        at its end, or there are more than 12,000 people.
    """
    network, path = one_network(network), Path(path)
    refuse_unwritable(network.ids)
    ids = network.ids.tolist()
    rows = zip(ids, cell_texts(network).tolist(), strict=True)
    records = [[SIMULATED if simulated else CORNER, *ids], *([name, *row] for name, row in rows)]
    (_write_workbook if path.suffix.lower() == WORKBOOK else _write_csv)(path, records)
    return path


def _write_csv(path: Path, records: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(records)


def _write_workbook(path: Path, records: list[list[str]]) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for i, record in enumerate(records, start=1):
        for j, text in enumerate(record, start=1):
            cell = sheet.cell(row=i, column=j)
            cell.value = float(text) if i > 1 and j > 1 and text != "NA" else text
            if isinstance(cell.value, str):
                # An id that begins with "=" is no formula.
                cell.data_type = "s"
    book.save(path)


def read_adjacency(
    path: Path | str,
    *,
    wave: str = "",
    relation: str = "",
    directed: bool = True,
    labels: bool = True,
    sheet: str | None = None,
) -> NetworkPanel:
    r"""Return the network of an adjacency matrix in a csv file or a workbook.

    Parameters
    ----------
    path : Path
        The file. A csv file may be UTF-8 or cp1252, separated by comma, semicolon, tab or bar.
    wave, relation : str
        Which network it is.
    directed : bool
        Whether rows name columns. If not, the matrix must be symmetric and is taken for ties that
        either end named.
    labels : bool
        Whether the first row and the first column have the ids; without them people are numbers,
        "01" and so on, in the order of the rows.
    sheet : str, optional
        Sheet of a workbook, needed where several hold something.

    Returns
    -------
    NetworkPanel
        Of one network. Columns may stand in another order than rows. Whoever has no number in
        their row (all cells empty, a point, NA or N/A) did not answer; a number above 0 on the
        diagonal is a person who names himself, kept in `self_ties`. Strengths above 0 are ties:
        take `panel.binary(threshold)` for others.

    Raises
    ------
    ArgumentError
        If there is no such file, the matrix is not square, rows and columns have other labels, ids
        stand twice or differ by case, a cell is no number or negative, a row is missing in part,
        or the matrix is not symmetric though without directions.
    ReadError
        If the file is damaged or of another kind than its name says.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "advice.csv"
    ...     _ = path.write_text(",a,b,c\na,0,3,0\nb,1,0,0\nc,NA,NA,NA\n")
    ...     panel = read_adjacency(path, wave="1", relation="advice")
    >>> panel.tidy()[["n_asked", "n_responded", "n_pairs_tie", "n_pairs_not_answered"]]
       n_asked  n_responded  n_pairs_tie  n_pairs_not_answered
    0        3            2            2                     2
    """
    path = Path(path)
    refuse_without_file(path)
    raw = read_raw(path, source=path.name, header=False, sheet=sheet).frame.to_numpy(dtype=object)
    texts = np.array([[str(cell).strip() for cell in row] for row in raw], dtype=object)
    ids, cells = _labelled(texts, path.name) if labels else _bare(texts, path.name)
    found = network_of_cells(
        ids, cells, wave=wave, relation=relation, directed=directed, file=path.name
    )
    return panel_with_self_ties([found])


def _bare(texts: np.ndarray, file: str) -> tuple[pd.Index, np.ndarray]:
    _refuse_shape(texts.shape[0], texts.shape[1], file, labels=False)
    return pd.Index(unlabelled(len(texts))), cell_numbers(texts, file=file)


def _labelled(texts: np.ndarray, file: str) -> tuple[pd.Index, np.ndarray]:
    """Return the ids of the rows and the cells, columns brought into the order of the rows."""
    filled = texts != ""
    texts = texts[filled.any(axis=1)][:, filled.any(axis=0)]
    _refuse_shape(texts.shape[0] - 1, texts.shape[1] - 1, file, labels=True)
    named = (texts[1:, 0], texts[0, 1:])
    rows, columns = (checked_ids(names, file=file, todo=WITHOUT_LABELS) for names in named)
    refuse_ids_that_differ_by_case(rows.union(columns))
    if set(rows) != set(columns):
        raise ArgumentError(
            "Rows and columns have other labels",
            expected="the same ids in the first column and in the first row",
            seen=f"only in rows: {shown(rows.difference(columns)) or 'none'}; "
            f"only in columns: {shown(columns.difference(rows)) or 'none'}",
            file=file,
            todo=WITHOUT_LABELS,
        )
    numbers = cell_numbers(texts[1:, 1:], file=file, row=2, column=2)
    return rows, numbers[:, columns.get_indexer(rows)]


def _refuse_shape(rows: int, columns: int, file: str, *, labels: bool) -> None:
    if rows != columns:
        raise ArgumentError(
            "The matrix is not square",
            expected="a row and a column for each person",
            seen=f"{rows} rows, {columns} columns" + (" beside the labels" if labels else ""),
            file=file,
            todo="add a row of NA for each person who did not answer"
            if rows < columns
            else "add the columns of people whom nobody named",
        )
