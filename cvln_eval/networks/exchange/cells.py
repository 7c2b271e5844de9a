"""A network as a matrix whose missing cells say who did not answer, and back."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.networks.exchange.making import checked_ids, network_of_ends, self_rows
from cvln_eval.networks.panel import Network

__all__ = [
    "MISSING",
    "cell_numbers",
    "cell_texts",
    "network_of_cells",
    "number_text",
    "refuse_without_strength",
    "unlabelled",
]

MISSING = "NA"
READ_AS_MISSING = ("", ".", "NA", "N/A", "NAN")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def cell_numbers(texts: np.ndarray, *, file: str, row: int = 1, column: int = 1) -> np.ndarray:
    """Return cells as numbers, nan where one is empty, a point, NA or N/A.

    `row` and `column` are those of the first cell in the file.

    Raises
    ------
    ArgumentError
        If a cell is no number, negative or infinite; the message has row and column.
    """
    flat = [str(text).strip() for text in texts.ravel()]
    numbers = np.array([_number(text) for text in flat], dtype=float).reshape(texts.shape)
    missing = np.array([text.upper() in READ_AS_MISSING for text in flat], dtype=bool)
    missing = missing.reshape(texts.shape)
    wrong = (np.isnan(numbers) & ~missing) | (numbers < 0) | np.isinf(numbers)
    if wrong.any():
        first = np.argwhere(wrong)[0]
        raise ArgumentError(
            "A cell is no strength",
            expected="a number from 0 up, or NA in each cell of somebody who did not answer",
            seen=shown(texts[wrong]),
            file=file,
            row=int(first[0]) + row,
            column=str(int(first[1]) + column) if texts.ndim > 1 else None,
        )
    return numbers


def _number(text: str) -> float:
    return float(text) if NUMBER.fullmatch(text) else np.nan


def cell_texts(network: Network) -> np.ndarray:
    """Return the matrix of a network as it is written: numbers as short as they are, and NA.

    The diagonal is 0 of whoever answered and NA of whoever did not. A tie without a strength
    cannot be told from a missing answer and is refused.

    Raises
    ------
    ArgumentError
        If a tie has no strength.
    """
    refuse_without_strength(network)
    cells = network.matrix()
    np.fill_diagonal(cells, np.where(network.answered, 0.0, np.nan))
    kinds, place = np.unique(cells, return_inverse=True)
    named = np.array(
        [MISSING if np.isnan(one) else number_text(one) for one in kinds], dtype=object
    )
    return named[place].reshape(cells.shape)


def refuse_without_strength(network: Network) -> None:
    """Raise `ArgumentError` where a tie has no strength."""
    bare = np.isnan(network.strength)
    if bare.any():
        ends = zip(network.sender[bare], network.receiver[bare], strict=True)
        raise ArgumentError(
            "This kind of file cannot hold a tie without a strength",
            seen=shown(f"{network.ids[i]} to {network.ids[j]}" for i, j in ends),
            todo="write `panel.binary()`, in which each tie is 1, or write GraphML",
        )


def number_text(value: float) -> str:
    """Return a number as text that reads back as the same number: 3 for 3.0.

    Examples
    --------
    >>> number_text(3.0), number_text(0.1)
    ('3', '0.1')
    """
    whole = float(value).is_integer() and abs(value) < 1e15
    return str(int(value)) if whole else repr(float(value))


def unlabelled(n: int) -> list[str]:
    """Return numbers as ids, with the noughts that keep them in their order.

    Examples
    --------
    >>> unlabelled(10)[8:]
    ['09', '10']
    """
    return [f"{i + 1:0{len(str(n))}}" for i in range(n)]


def network_of_cells(
    ids: object, cells: np.ndarray, *, wave: str, relation: str, directed: bool, file: str
) -> tuple[Network, pd.DataFrame]:
    """Return the network of a square matrix and the rows by which people name themselves.

    Raises
    ------
    ArgumentError
        If ids stand twice or differ by case, a row is missing in part, or a matrix without
        directions is not symmetric.
    """
    names = checked_ids(pd.Index(ids), file=file)  # type: ignore[call-overload]
    own = np.flatnonzero(np.nan_to_num(np.diag(cells)) > 0)
    said = self_rows(names[own], np.diag(cells)[own], wave=wave, relation=relation)
    answered = _answered(names, cells, file) if directed else _explained(names, cells, file)
    ends = np.array(np.nonzero(cells > 0))
    ends = ends[:, (ends[0] != ends[1]) if directed else (ends[0] < ends[1])]
    network = network_of_ends(
        pd.DataFrame({"person_id": names}),
        ends,
        cells[ends[0], ends[1]],
        wave=wave,
        relation=relation,
        answered=answered,
        directed=directed,
        file=file,
    )
    return network, said


def _answered(names: pd.Index, cells: np.ndarray, file: str) -> np.ndarray:
    """Return who has numbers in their row; their own cell decides where there is no other."""
    missing = np.isnan(cells)
    if len(names) == 1:
        return np.asarray(~missing[:, 0])
    others = missing & ~np.eye(len(names), dtype=bool)
    count = others.sum(axis=1)
    partly = (count > 0) & (count < len(names) - 1)
    if partly.any():
        raise ArgumentError(
            "A row is missing in part",
            expected="numbers in all cells of a row, or in none if the person did not answer",
            seen=shown(f"{names[int(i)]} ({count[i]} missing)" for i in np.flatnonzero(partly)),
            file=file,
            todo="write 0 where there is no tie",
        )
    return np.asarray(count < max(len(names) - 1, 1))


def _explained(names: pd.Index, cells: np.ndarray, file: str) -> np.ndarray:
    """Return who answered, where that explains which cells of a symmetric matrix are missing.

    Of whoever did not answer each pair is missing but those that the other end named.
    """
    differ = ~((cells == cells.T) | (np.isnan(cells) & np.isnan(cells.T)))
    if differ.any():
        raise ArgumentError(
            "A matrix of ties without directions is not symmetric",
            seen=shown(f"{names[i]} and {names[j]}" for i, j in np.argwhere(np.triu(differ))),
            file=file,
            todo="read it with directed=True and use `symmetrised`, which names the rule",
        )
    if len(names) == 1:
        return np.asarray(~np.isnan(cells[:, 0]))
    own = np.eye(len(names), dtype=bool)
    missing, tied = np.isnan(cells) & ~own, cells > 0
    everything = (missing | tied | own).all(axis=1) & missing.any(axis=1)
    # The diagonal tells who did not answer if this package wrote it; others leave it 0 or empty.
    for silent in (np.isnan(np.diag(cells)), everything):
        either = silent[:, None] | silent
        both = silent[:, None] & silent
        if ((~tied & ~own & either) == missing).all() and not (tied & both).any():
            return np.asarray(~silent)
    raise ArgumentError(
        "Cells are missing that no person without an answer explains",
        seen=shown(f"{names[i]} and {names[j]}" for i, j in np.argwhere(np.triu(missing))),
        file=file,
        todo="write both directions, with NA in the row of who did not answer",
    )
