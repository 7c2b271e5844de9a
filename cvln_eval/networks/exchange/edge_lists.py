"""Edge lists in csv files, with a second file of who was asked, answered, and what they are."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.matrix import numbers_of
from cvln_eval.networks.exchange.files import refuse_unwritable, refuse_without_file
from cvln_eval.networks.exchange.making import (
    TIES,
    TRUTH,
    network_of_ends,
    panel_with_self_ties,
    self_rows,
    some_networks,
)
from cvln_eval.networks.panel import Network, NetworkPanel
from cvln_eval.read import read_raw

__all__ = ["people_table", "read_edge_list", "tie_table", "write_edge_list"]

NETWORK = ["wave", "relation"]
PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")


def tie_table(network: Network) -> pd.DataFrame:
    """Return one row a tie, an undirected one once: wave, relation, both ends, strength."""
    ends = {"sender_id": network.ids[network.sender], "receiver_id": network.ids[network.receiver]}
    columns = {"wave": network.wave, "relation": network.relation, **ends}
    return pd.DataFrame(columns | {"strength": network.strength}, columns=list(TIES))


def people_table(network: Network) -> pd.DataFrame:
    """Return one row a person: wave, relation, id, whether they answered, their attributes."""
    first = {"wave": network.wave, "relation": network.relation, "person_id": network.ids}
    table = pd.DataFrame(first | {"answered": network.answered})
    attributes = network.people.drop(columns=list(table), errors="ignore")
    joined: pd.DataFrame = pd.concat([table, attributes.reset_index(drop=True)], axis=1)
    return joined


def write_edge_list(
    panel: NetworkPanel | Network,
    path: Path | str,
    *,
    people_path: Path | str,
    simulated: bool = False,
) -> list[Path]:
    """Write networks as two csv files: their ties, and the people asked.

    An edge list alone holds neither people without ties nor who did not answer, which is why
    there is no writing of one without the other.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Networks of any waves and relations.
    path : Path
        The file of ties: `wave`, `relation`, `sender_id`, `receiver_id`, `strength` (empty where
        none was given); an undirected tie stands once. What the panel keeps apart is not in it.
    people_path : Path
        The file of people: `wave`, `relation`, `person_id`, `answered` and their attributes.
    simulated : bool
        Whether the data are simulated; both files then have a column that says so.

    Returns
    -------
    list of Path
        Both files.

    Raises
    ------
    ArgumentError
        If there is no network, or an id has a control character or a blank at its end.
    """
    networks = some_networks(panel)
    for network in networks:
        refuse_unwritable([*network.ids, network.wave, network.relation])
    paths = [Path(path), Path(people_path)]
    tables = [pd.concat([one(n) for n in networks]) for one in (tie_table, people_table)]
    for file, table in zip(paths, tables, strict=True):
        marked = table.assign(simulated=True) if simulated else table
        marked.to_csv(file, index=False, encoding="utf-8", lineterminator="\n")
    return paths


def read_edge_list(
    path: Path | str,
    *,
    people_path: Path | str | None = None,
    wave: str = "",
    relation: str = "",
    sender: str = "sender_id",
    receiver: str = "receiver_id",
    strength: str = "strength",
    directed: bool = True,
) -> NetworkPanel:
    r"""Return the networks of an edge list in a csv file.

    Parameters
    ----------
    path : Path
        One row a tie. Without a column of strengths each is 1; an empty strength is nan.
    people_path : Path, optional
        A csv file with one row a person: `person_id`, and if it has them `wave`, `relation`,
        `answered` (true or false) and attributes. Without it people are those who have a tie, and
        all of them are taken to have answered: isolates and those who did not answer are lost.
    wave, relation : str
        What networks are called where the files have no column of these names.
    sender, receiver, strength : str
        Columns of the file.
    directed : bool
        Whether who names whom matters; if not, each tie stands once and is one that either end
        named.

    Returns
    -------
    NetworkPanel
        A network for each wave and relation of the people, or else of the ties. People who name
        themselves are in `self_ties`. What `write_edge_list` wrote is read back, but for
        `threshold` and the rule "both". Columns of attributes in which all that is filled are
        numbers become numbers, but no ids and none with noughts before the number.

    Raises
    ------
    ArgumentError
        If there is no such file or column, a column stands twice, an end is on no list of people,
        an id is missing or differs from another by case, a tie stands twice, a strength is not a
        number above 0, or somebody who did not answer has ties.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "ties.csv"
    ...     _ = path.write_text("from,to\na,b\nb,c\n")
    ...     panel = read_edge_list(path, sender="from", receiver="to", wave="1", relation="advice")
    >>> panel.tidy()[["n_asked", "n_ties"]]
       n_asked  n_ties
    0        3       2
    """
    path = Path(path)
    columns = {sender: "sender_id", receiver: "receiver_id", strength: "strength"}
    ties = _renamed(_read(path, wave, relation), columns, path)
    _need(ties, ("sender_id", "receiver_id"), path)
    ties["strength"] = _strengths(ties)
    listed = None
    if people_path is not None:
        listed = _read(Path(people_path), wave, relation)
        _need(listed, ("person_id",), Path(people_path))
        listed = _typed(listed)
    tables = _pieces(ties, listed)
    return panel_with_self_ties(
        _network(key, own, people, directed, path.name) for key, own, people in tables
    )


def _read(path: Path, wave: str, relation: str) -> pd.DataFrame:
    refuse_without_file(path)
    frame = read_raw(path, source=path.name).frame
    frame = frame[(frame != "").any(axis=1)].reset_index(drop=True).astype("str")
    given = {"wave": wave, "relation": relation}
    return frame.assign(**{name: text for name, text in given.items() if name not in frame})


def _renamed(ties: pd.DataFrame, columns: dict[str, str], path: Path) -> pd.DataFrame:
    """Return the ties under the names of the house, each of which one column alone may have."""
    if len(columns) < 3:
        raise ArgumentError(
            "Sender, receiver and strength are three columns", seen=shown(columns), file=path.name
        )
    taken = [name for one, name in columns.items() if one != name and {one, name} <= set(ties)]
    # A column that is another of the three under its own name makes room for this one.
    clash = [name for name in taken if name not in columns]
    if clash:
        raise ArgumentError(
            "The file has a column of this name beside the one that is to be taken for it",
            seen=shown(clash),
            file=path.name,
            todo="name it in `sender`, `receiver` or `strength`, or take it out of the file",
        )
    return ties.rename(columns=columns)


def _need(frame: pd.DataFrame, columns: tuple[str, ...], path: Path) -> None:
    absent = [name for name in columns if name not in frame]
    if absent:
        raise ArgumentError(
            "The file lacks a column",
            expected=shown(absent),
            seen=shown(frame.columns),
            file=path.name,
        )


def _strengths(ties: pd.DataFrame) -> np.ndarray | float:
    if "strength" not in ties:
        return 1.0
    return numbers_of(ties["strength"].where(ties["strength"] != ""), what="Strengths of ties")


def _typed(people: pd.DataFrame) -> pd.DataFrame:
    people = people.drop(columns="simulated", errors="ignore")
    kept = [*NETWORK, "person_id"]
    others = [name for name in people if name not in kept and not str(name).endswith("_id")]
    for name in others:
        people[name] = _column(people[name])
    texts = people.columns.difference([*kept, *others])
    people[texts] = people[texts].where(people[texts] != "")
    return people


def _column(texts: pd.Series) -> pd.Series:
    filled = texts[texts != ""]
    if len(filled) and filled.str.fullmatch(PLAIN_NUMBER).all():
        return pd.to_numeric(texts.where(texts != ""))
    if len(filled) and filled.str.lower().isin(TRUTH).all():
        return texts.str.lower().map(TRUTH)
    return texts.where(texts != "")


def _pieces(
    ties: pd.DataFrame, listed: pd.DataFrame | None
) -> list[tuple[tuple[str, str], pd.DataFrame, pd.DataFrame]]:
    """Return each network's name, ties and people."""
    source = ties if listed is None else listed
    keys = list(dict.fromkeys(zip(source["wave"], source["relation"], strict=True)))
    strange = set(zip(ties["wave"], ties["relation"], strict=True)) - set(keys)
    if strange:
        raise ArgumentError(
            "Ties are of a wave and relation that nobody was asked about", seen=shown(strange)
        )
    if listed is not None:
        return [(key, _of(ties, key), _of(listed, key)) for key in keys]
    pieces = []
    for key in keys:
        own = _of(ties, key)
        ids = pd.unique(pd.concat([own["sender_id"], own["receiver_id"]]))
        pieces.append((key, own, pd.DataFrame({"person_id": ids})))
    return pieces


def _of(table: pd.DataFrame, key: tuple[str, str]) -> pd.DataFrame:
    own = table[(table["wave"] == key[0]) & (table["relation"] == key[1])]
    return own.drop(columns=NETWORK).reset_index(drop=True)


def _network(
    key: tuple[str, str], ties: pd.DataFrame, people: pd.DataFrame, directed: bool, file: str
) -> tuple[Network, pd.DataFrame]:
    wave, relation = key
    own = (ties["sender_id"] == ties["receiver_id"]).to_numpy(dtype=bool)
    ends, strength = _ends(ties, people, file), ties["strength"].to_numpy(dtype=float)
    network = network_of_ends(
        people.drop(columns="answered", errors="ignore"),
        ends[:, ~own],
        strength[~own],
        wave=wave,
        relation=relation,
        answered=_said(people),
        directed=directed,
        file=file,
    )
    said = self_rows(ties.loc[own, "sender_id"], strength[own], wave=wave, relation=relation)
    return network, said


def _ends(ties: pd.DataFrame, people: pd.DataFrame, file: str) -> np.ndarray:
    ids = pd.Index(people["person_id"])
    ends = [ties[name] for name in ("sender_id", "receiver_id")]
    strange = [name for column in ends for name in column if name not in ids]
    if strange:
        raise ArgumentError(
            "An end of a tie is on no list of people",
            expected=f"ids such as {shown(ids)}",
            seen=shown(strange),
            file=file,
            todo="add them to the people, or take their ties out and count them",
        )
    # Ids that stand twice are refused where the network is made; here the first one will do.
    first = {name: place for place, name in reversed(list(enumerate(ids)))}
    return np.array([[first[name] for name in column] for column in ends], dtype=np.intp)


def _said(people: pd.DataFrame) -> np.ndarray | None:
    if "answered" not in people:
        return None
    if people["answered"].dtype != bool:
        raise ArgumentError(
            "Whether people answered cannot be read",
            expected="true or false for each",
            seen=shown(people["answered"]),
            column="answered",
        )
    return people["answered"].to_numpy()
