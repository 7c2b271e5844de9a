"""Networks from what other programs keep: people in any order, ends as places, or a matrix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.networks.panel import Network, NetworkPanel, networks_of, panel_of
from cvln_eval.networks.panel.reading import refuse_ids_that_differ_by_case

__all__ = [
    "TIES",
    "TRUTH",
    "checked_ids",
    "network_of_ends",
    "one_network",
    "panel_with_self_ties",
    "self_rows",
    "some_networks",
]

TIES = ("wave", "relation", "sender_id", "receiver_id", "strength")
TRUTH = {"true": True, "false": False}


def some_networks(panel: NetworkPanel | Network) -> tuple[Network, ...]:
    """Return the networks to be written.

    Raises
    ------
    ArgumentError
        If it is neither a panel nor a network, or a panel without networks.
    """
    networks = networks_of(panel)
    if not networks:
        raise ArgumentError("There is no network to write", seen="a panel without networks")
    return networks


def one_network(panel: NetworkPanel | Network) -> Network:
    """Return the network to be written, that of a panel if it has one alone.

    Raises
    ------
    ArgumentError
        If it is neither a panel nor a network, or a panel of no network or of several.
    """
    networks = some_networks(panel)
    if len(networks) > 1:
        raise ArgumentError(
            "This holds one network",
            seen=shown(f"{one.relation} in {one.wave}" for one in networks),
            todo="take one of them: panel.network(wave=, relation=)",
        )
    return networks[0]


def network_of_ends(
    people: pd.DataFrame,
    ends: np.ndarray,
    strength: np.ndarray,
    *,
    wave: str,
    relation: str,
    answered: np.ndarray | None = None,
    directed: bool = True,
    threshold: float | None = None,
    rule: str | None = None,
    claimed: np.ndarray | None = None,
    file: str | None = None,
) -> Network:
    """Return the network of people in any order, ends of shape (2, n_ties) being rows of theirs.

    Raises
    ------
    ArgumentError
        If an id stands twice or differs from another by case, a tie leads to oneself or stands
        twice, a strength is not above 0, or somebody who did not answer names somebody.
    """
    ids = checked_ids(people["person_id"], file=file)
    order = np.asarray(ids.argsort())
    place = np.empty(len(ids), dtype=np.intp)
    place[order] = np.arange(len(ids))
    said = np.ones(len(ids), dtype=bool) if answered is None else np.asarray(answered, dtype=bool)
    _refuse_ends(ids, ends, strength, said, directed, file)
    moved = place[ends] if directed else np.sort(place[ends], axis=0)
    rows = np.lexsort(moved[::-1])
    return Network(
        wave=wave,
        relation=relation,
        people=people.assign(person_id=ids).iloc[order].reset_index(drop=True),
        sender=moved[0, rows],
        receiver=moved[1, rows],
        strength=np.asarray(strength, dtype=float)[rows],
        answered=said[order],
        directed=directed,
        threshold=threshold,
        rule=rule or ("sender" if directed else "either"),
        claimed=np.empty((2, 0), dtype=np.intp) if claimed is None else place[claimed],
    )


def checked_ids(
    ids: Iterable[object], *, file: str | None = None, todo: str | None = None
) -> pd.Index:
    """Return ids as text, each once and none empty.

    Raises
    ------
    ArgumentError
        If one is missing or blank, stands twice, or differs from another by case alone.
    """
    given = pd.Series(list(ids), dtype="object")
    texts = given.map(str).where(given.notna(), "")
    names: pd.Index = pd.Index(texts.astype("str"))
    blank = texts.map(str.strip).eq("").to_numpy(dtype=bool)
    if blank.any():
        raise ArgumentError(
            "A person has no id",
            seen=f"{int(blank.sum())} of {len(names)} without one",
            file=file,
            todo=todo,
        )
    if names.has_duplicates:
        raise ArgumentError(
            "An id stands twice",
            expected="each person once",
            seen=shown(names[names.duplicated()]),
            file=file,
            todo=todo,
        )
    refuse_ids_that_differ_by_case(names)
    return names


def _refuse_ends(
    ids: pd.Index,
    ends: np.ndarray,
    strength: np.ndarray,
    answered: np.ndarray,
    directed: bool,
    file: str | None,
) -> None:
    key = ends if directed else np.sort(ends, axis=0)
    place = key[0].astype(np.int64) * len(ids) + key[1]
    twice = pd.Series(place).duplicated().to_numpy(dtype=bool)
    wrong = (strength <= 0) | np.isinf(strength)
    silent = ~answered[ends[0]] if directed else ~answered[ends].any(axis=0)
    checks = (
        ("A person is tied to himself", ends[0] == ends[1], "take these ties out first"),
        ("A tie stands twice", twice, "add up or take the larger of its strengths first"),
        ("A strength is not a finite number above 0", wrong, "leave out ties of no strength"),
        ("People who did not answer have ties", silent, "correct who answered, or the ties"),
    )
    for what, bad, todo in checks:
        if bad.any():
            named = [
                f"{ids[i]} to {ids[j]} ({value:g})"
                for i, j, value in zip(ends[0, bad], ends[1, bad], strength[bad], strict=True)
            ]
            raise ArgumentError(what, seen=shown(named), file=file, todo=todo)


def self_rows(
    ids: Iterable[str], strength: np.ndarray, *, wave: str, relation: str
) -> pd.DataFrame:
    """Return rows of ties by which people name themselves."""
    named = pd.Series(list(ids), dtype="str")
    own = {"wave": wave, "relation": relation, "sender_id": named, "receiver_id": named}
    return pd.DataFrame(own | {"strength": strength}, columns=list(TIES))


def panel_with_self_ties(parts: Iterable[tuple[Network, pd.DataFrame]]) -> NetworkPanel:
    """Return the panel of networks, what people said of themselves kept apart."""
    listed = list(parts)
    panel = panel_of(network for network, _ in listed)
    return replace(panel, self_ties=pd.concat([own for _, own in listed], ignore_index=True))
