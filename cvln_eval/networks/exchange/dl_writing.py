"""Panels as UCINET DL files, each relation a matrix."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.networks.exchange.cells import cell_texts, number_text, refuse_without_strength
from cvln_eval.networks.exchange.dl_header import FORMATS, words_of
from cvln_eval.networks.exchange.dl_reading import NEXT_MATRIX
from cvln_eval.networks.exchange.files import SIMULATED, refuse_unwritable, write_text
from cvln_eval.networks.exchange.making import some_networks
from cvln_eval.networks.panel import Network, NetworkPanel

__all__ = ["write_dl"]

LABELS = ("listed", "embedded")


def write_dl(
    panel: NetworkPanel | Network,
    path: Path | str,
    *,
    form: str = "fullmatrix",
    labels: str = "listed",
    simulated: bool = False,
) -> Path:
    """Write the relations of one wave as a UCINET DL file, each a matrix.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Networks of one wave, all of the same people.
    path : Path
        The file, written anew.
    form : {"fullmatrix", "edgelist1", "nodelist1"}
        A full matrix holds everything; lists are for large networks without missing answers, and
        nodelist1 for binary ones.
    labels : {"listed", "embedded"}
        Whether ids stand before the data or within them. Lists have them before the data too, so
        that people without ties are there.
    simulated : bool
        Whether the data are simulated; the title of the file then says so.

    Returns
    -------
    Path
        The file: rows send, NA is what is not known, own cells are 0 (NA of who did not answer).
        UCINET reads ids in capitals, and old editions read 18 characters of them.

    Raises
    ------
    ArgumentError
        If networks are of several waves or of other people, a format or place of labels is not
        known, lists are asked of networks with missing answers, nodelist1 of a valued one,
        embedded labels of several full matrices, a tie has no strength, or an id has a double
        quote, a control character or a blank at its end.

    References
    ----------
    Borgatti, S. P., Everett, M. G., & Freeman, L. C. (2002). UCINET 6 for Windows: User's guide,
    chapter 3 (DL filetype). Analytic Technologies.
    """
    networks = some_networks(panel)
    _refuse_arguments(form, labels, len(networks))
    _refuse_networks(networks)
    if form != "fullmatrix":
        _refuse_for_lists(networks, binary=form == "nodelist1")
    body = _full(networks[0], networks, labels) if form == "fullmatrix" else ""
    if form != "fullmatrix":
        lines = [_lines(network, form, labels) for network in networks]
        body = f"\n{NEXT_MATRIX}\n".join("\n".join(part) for part in lines)
    return write_text(Path(path), _head(networks, form, labels, simulated) + body + "\n")


def _refuse_arguments(form: str, labels: str, n_matrices: int) -> None:
    for value, known, what in ((form, FORMATS, "format"), (labels, LABELS, "place of labels")):
        if value not in known:
            raise ArgumentError(f"Unknown {what}", expected=shown(known), seen=repr(value))
    if (form, labels) == ("fullmatrix", "embedded") and n_matrices > 1:
        raise ArgumentError(
            "Labels cannot be embedded in several full matrices",
            expected="labels='listed'",
            seen=f"{n_matrices} relations",
        )


def _refuse_networks(networks: tuple[Network, ...]) -> None:
    waves = {network.wave for network in networks}
    if len(waves) > 1:
        raise ArgumentError(
            "A DL file is of one wave",
            seen=shown(sorted(waves)),
            todo="write panel.only(waves=[...]) wave by wave",
        )
    others = {one.relation for one in networks if not one.ids.equals(networks[0].ids)}
    if others:
        raise ArgumentError(
            "Relations were asked of other people",
            expected=f"the people of {networks[0].relation!r} in each",
            seen=shown(sorted(others)),
            todo="write panel.only(relations=[...]) one by one",
        )
    refuse_unwritable([*networks[0].ids, *(one.relation for one in networks)], also='"')


def _refuse_for_lists(networks: tuple[Network, ...], *, binary: bool) -> None:
    silent = [name for one in networks for name in one.ids[~one.answered]]
    if silent or any(one.claimed.size for one in networks):
        raise ArgumentError(
            "A list cannot say who did not answer",
            expected="form='fullmatrix'",
            seen=shown(silent),
        )
    valued = [network.relation for network in networks if network.valued]
    if binary and valued:
        raise ArgumentError(
            "nodelist1 holds no strengths",
            seen=shown(valued),
            todo="write panel.binary(), or form='edgelist1'",
        )


def _head(networks: tuple[Network, ...], form: str, labels: str, simulated: bool) -> str:
    ids = [_quoted(name) for name in networks[0].ids]
    title = f'title = "{SIMULATED}"\n' if simulated else ""
    matrices = f"nm={len(networks)}\n" if len(networks) > 1 else ""
    listed = labels == "listed" or form != "fullmatrix"
    relations = [_quoted(network.relation) for network in networks]
    named = any(network.relation for network in networks)
    return "".join(
        [
            # Each on a line of its own, as igraph wants it; UCINET takes any.
            f"dl n={len(ids)}\n{matrices}format = {form}\n{title}",
            "labels:\n" + "\n".join(ids) + "\n" if listed and ids else "",
            "labels embedded:\n" if labels == "embedded" else "",
            "matrix labels:\n" + "\n".join(relations) + "\n" if named else "",
            "data:\n",
        ]
    )


def _quoted(name: str) -> str:
    plain = words_of(name) == [name] and name.isascii() and name[0].isalnum() and ":" not in name
    return name if plain else f'"{name}"'


def _full(first: Network, networks: tuple[Network, ...], labels: str) -> str:
    ids = [_quoted(name) for name in first.ids]
    matrices = [cell_texts(network).tolist() for network in networks]
    if labels == "embedded":
        rows = ([name, *row] for name, row in zip(ids, matrices[0], strict=True))
        return "\n".join(" ".join(row) for row in [ids, *rows])
    return "\n".join(" ".join(row) for matrix in matrices for row in matrix)


def _lines(network: Network, form: str, labels: str) -> list[str]:
    refuse_without_strength(network)
    numbers = [str(i + 1) for i in range(network.n)]
    names = np.array([_quoted(one) for one in network.ids] if labels == "embedded" else numbers)
    sender, receiver, strength = network.arcs()
    if form == "edgelist1":
        ties = zip(sender, receiver, strength, strict=True)
        return [f"{names[i]} {names[j]} {number_text(value)}" for i, j, value in ties]
    first = np.flatnonzero(np.diff(sender, prepend=-1))
    parts = zip(sender[first], np.split(receiver, first[1:]), strict=True) if len(first) else ()
    return [" ".join([names[i], *names[part]]) for i, part in parts]
