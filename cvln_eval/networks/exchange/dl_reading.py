"""UCINET DL files as a panel, each matrix a relation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.networks.exchange.cells import cell_numbers, network_of_cells, unlabelled
from cvln_eval.networks.exchange.dl_header import Header, read_header, words_of
from cvln_eval.networks.exchange.files import text_of
from cvln_eval.networks.exchange.making import (
    checked_ids,
    network_of_ends,
    panel_with_self_ties,
    self_rows,
)
from cvln_eval.networks.panel import Network, NetworkPanel

__all__ = ["read_dl"]

NEXT_MATRIX = "!"


def read_dl(
    path: Path | str,
    *,
    wave: str = "",
    relation: str = "",
    directed: bool = True,
) -> NetworkPanel:
    r"""Return the networks of a UCINET DL file, each of its matrices a relation.

    Parameters
    ----------
    path : Path
        A file in one of the formats fullmatrix, edgelist1 and nodelist1, labels listed, embedded
        or absent, diagonal present or absent. Lists of several matrices are parted by a line "!".
    wave : str
        Which wave it is.
    relation : str
        What the ties are, where the file has no matrix labels; of several matrices without labels
        the relations are "1", "2" and so on.
    directed : bool
        Whether rows name columns. If not, matrices must be symmetric (lists may have a tie in one
        direction or in both) and are taken for ties that either end named.

    Returns
    -------
    NetworkPanel
        One wave. People without labels are numbers, "01" and so on, in the order of the rows;
        embedded labels of a list come in the order in which they are met, and who is in no list
        but counted in n is missing there, which is refused. In a full matrix somebody did not
        answer if their row has no number (NA, N/A or a point); lists cannot say so, and all are
        taken to have answered. What the diagonal has is in `self_ties`. UCINET writes labels in
        capitals: ids read back from it may have to be compared without case.

    Raises
    ------
    ArgumentError
        If there is no such file, it is no DL file, cells or labels are too few or too many, a cell
        is no number or negative, ids stand twice or differ by case, or a row is missing in part.

    References
    ----------
    Borgatti, S. P., Everett, M. G., & Freeman, L. C. (2002). UCINET 6 for Windows: User's guide,
    chapter 3 (DL filetype). Analytic Technologies.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "advice.dl"
    ...     _ = path.write_text("dl n=3 format=edgelist1 labels: a b c data:\n1 2 4\n3 1\n")
    ...     panel = read_dl(path, wave="1", relation="advice")
    >>> panel.networks[0].strength.tolist()
    [4.0, 1.0]
    """
    path = Path(path)
    text = text_of(path)
    head = read_header(text, file=path.name)
    body = text[head.data_at :]
    names = _relations(head, relation)
    read = _full if head.format == "fullmatrix" else _lists
    return panel_with_self_ties(read(head, body, wave, names, directed, path.name))


def _relations(head: Header, relation: str) -> list[str]:
    if "matrix" in head.labels:
        return head.labels["matrix"]
    numbered = [str(k + 1) for k in range(head.n_matrices)]
    return [relation] if head.n_matrices == 1 else numbered


def _ids(head: Header, embedded: list[str] | None = None) -> list[str]:
    listed = next((head.labels[k] for k in ("both", "row", "column") if k in head.labels), None)
    return embedded or listed or unlabelled(head.n)


def _full(
    head: Header, body: str, wave: str, relations: list[str], directed: bool, file: str
) -> list[tuple[Network, pd.DataFrame]]:
    words, n = words_of(body), head.n
    ids = _ids(head, words[:n] if head.embedded else None)
    words = words[n:] if head.embedded else words
    width = n - (not head.diagonal and n > 0) + head.embedded
    wanted = head.n_matrices * n * width
    if len(words) != wanted:
        raise ArgumentError(
            "The data are not as many cells as the head says",
            expected=f"{wanted} ({head.n_matrices} x {n} rows x {width})",
            seen=f"{len(words)}",
            file=file,
        )
    cells = np.array(words, dtype=object).reshape(head.n_matrices * n, width)
    if head.embedded:
        _refuse_other_rows(list(cells[:, 0]), ids, file)
    numbers = cell_numbers(cells[:, int(head.embedded) :], file=file)
    squares = numbers.reshape(head.n_matrices, n, numbers.shape[1])
    return [
        network_of_cells(
            ids,
            _squared(part, head.diagonal),
            wave=wave,
            relation=relation,
            directed=directed,
            file=file,
        )
        for part, relation in zip(squares, relations, strict=True)
    ]


def _refuse_other_rows(rows: list[str], ids: list[str], file: str) -> None:
    if rows != ids:
        raise ArgumentError(
            "Rows and columns have other labels",
            expected=shown(ids),
            seen=shown(row for row, name in zip(rows, ids, strict=True) if row != name),
            file=file,
        )


def _squared(part: np.ndarray, diagonal: bool) -> np.ndarray:
    """Return the matrix with its diagonal; one that is absent is 0 of who answered."""
    if diagonal:
        return part
    n = len(part)
    square = np.zeros((n, n))
    square[~np.eye(n, dtype=bool)] = part.ravel()
    return square


def _lists(
    head: Header, body: str, wave: str, relations: list[str], directed: bool, file: str
) -> list[tuple[Network, pd.DataFrame]]:
    lines = [words_of(line) for line in body.splitlines()]
    parts: list[list[list[str]]] = [[]]
    for line in lines:
        if line == [NEXT_MATRIX]:
            parts.append([])
        elif line:
            parts[-1].append(line)
    if len(parts) != head.n_matrices:
        raise ArgumentError(
            "The data are not as many matrices as the head says",
            expected=f"nm={head.n_matrices}, parted by lines of '!'",
            seen=f"{len(parts)}",
            file=file,
        )
    split = _edges if head.format == "edgelist1" else _nodes
    rows = [[row for line in part for row in split(line, file)] for part in parts]
    ids = _embedded(head, rows, file) if head.embedded else _ids(head)
    return [
        _network(part, ids, head, wave, relation, directed, file)
        for part, relation in zip(rows, relations, strict=True)
    ]


def _edges(line: list[str], file: str) -> list[tuple[str, str, str]]:
    if len(line) not in (2, 3):
        raise ArgumentError(
            "A line of the edge list has not two or three words",
            expected="sender, receiver and perhaps a strength",
            seen=shown(line),
            file=file,
        )
    return [(line[0], line[1], line[2] if len(line) == 3 else "1")]


def _nodes(line: list[str], file: str) -> list[tuple[str, str, str]]:
    return [(line[0], receiver, "1") for receiver in line[1:]] or [(line[0], line[0], "0")]


def _embedded(head: Header, parts: list[list[tuple[str, str, str]]], file: str) -> list[str]:
    """Return labels listed before the data, or else those met in them."""
    met = list(dict.fromkeys(name for rows in parts for row in rows for name in row[:2]))
    if head.labels:
        return _ids(head)
    if len(met) != head.n:
        raise ArgumentError(
            "The data do not have as many labels as the head says",
            expected=f"n={head.n}",
            seen=f"{len(met)}: {shown(met)}",
            file=file,
            todo="list all labels after `labels:`, who has no tie too",
        )
    return met


def _network(
    rows: list[tuple[str, str, str]],
    ids: list[str],
    head: Header,
    wave: str,
    relation: str,
    directed: bool,
    file: str,
) -> tuple[Network, pd.DataFrame]:
    names = checked_ids(ids, file=file)
    ends = _places([row[:2] for row in rows], names, head, file)
    strength = cell_numbers(np.array([row[2] for row in rows], dtype=object), file=file)
    if np.isnan(strength).any():
        raise ArgumentError(
            "A strength in a list is missing",
            expected="a number, or no third word, which says 1",
            seen=shown(
                " ".join(row) for row, bare in zip(rows, np.isnan(strength), strict=True) if bare
            ),
            file=file,
        )
    own = ends[0] == ends[1]
    tied = ~own & (strength != 0)
    if not directed:
        ends, tied = _once(ends, strength, tied)
    network = network_of_ends(
        pd.DataFrame({"person_id": names}),
        ends[:, tied],
        strength[tied],
        wave=wave,
        relation=relation,
        directed=directed,
        file=file,
    )
    own &= strength != 0
    return network, self_rows(names[ends[0, own]], strength[own], wave=wave, relation=relation)


def _places(pairs: list[tuple[str, ...]], names: pd.Index, head: Header, file: str) -> np.ndarray:
    """Return rows of the ends, which are labels where they are embedded, else numbers from 1."""
    known = names if head.embedded else pd.Index([str(i + 1) for i in range(head.n)])
    flat = [name for pair in pairs for name in pair]
    places = known.get_indexer(pd.Index(flat, dtype="str"))
    if (places < 0).any():
        raise ArgumentError(
            "An end of a tie is nobody",
            expected=f"labels such as {shown(known)}" if head.embedded else f"1 to {head.n}",
            seen=shown(name for name, place in zip(flat, places, strict=True) if place < 0),
            file=file,
        )
    return np.asarray(places, dtype=np.intp).reshape(-1, 2).T


def _once(
    ends: np.ndarray, strength: np.ndarray, tied: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return ends with the smaller first, and the ties left when both directions count once."""
    ends = np.sort(ends, axis=0)
    rows = pd.DataFrame({"first": ends[0], "second": ends[1], "strength": strength})
    return ends, tied & ~rows.duplicated().to_numpy(dtype=bool)
