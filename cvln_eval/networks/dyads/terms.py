"""The terms that a regression of ties can have, as they are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.networks.dyads.kinds import Attribute, Given, Setting, Term, Tie
from cvln_eval.networks.panel import Network, NetworkPanel, networks_of

__all__ = [
    "Terms",
    "difference",
    "named_terms",
    "outcomes",
    "receiver",
    "same",
    "sender",
    "tie",
]

Terms = Mapping[str, Term | np.ndarray | pd.DataFrame | str] | Sequence[Term | str] | Term | str


def same(column: str, *, wave: str | None = None) -> Term:
    """Return the term that is 1 where both people have the same value, and 0 where not.

    Parameters
    ----------
    column : str
        Attribute of the people, such as `team_id`.
    wave : str, optional
        Wave of the roster it is taken from; that of the network (in `lagged` and `selection`, the
        wave before) if not given.

    Returns
    -------
    Term
        nan for a pair of which one has no value.
    """
    return Attribute("same", column, wave)


def difference(column: str, *, wave: str | None = None) -> Term:
    """Return the term that is the absolute difference of both people's numbers.

    Parameters
    ----------
    column : str
        Attribute of the people that is a number, such as `tenure_years`.
    wave : str, optional
        As in `same`.

    Returns
    -------
    Term
        nan for a pair of which the number that it takes is missing.
    """
    return Attribute("difference", column, wave)


def sender(column: str, *, wave: str | None = None) -> Term:
    """Return the term that is the sender's number, whoever receives.

    Parameters
    ----------
    column : str
        Attribute of the people that is a number, such as `tenure_years`.
    wave : str, optional
        As in `same`.

    Returns
    -------
    Term
        nan for a pair of which the number that it takes is missing.
    """
    return Attribute("sender", column, wave)


def receiver(column: str, *, wave: str | None = None) -> Term:
    """Return the term that is the receiver's number, whoever sends.

    Parameters
    ----------
    column : str
        Attribute of the people that is a number, such as `tenure_years`.
    wave : str, optional
        As in `same`.

    Returns
    -------
    Term
        nan for a pair of which the number that it takes is missing.
    """
    return Attribute("receiver", column, wave)


def tie(relation: str, *, wave: str | None = None, reverse: bool = False) -> Term:
    """Return the term that is the strength of the tie in another network of the panel.

    Parameters
    ----------
    relation : str
        Relation of the other network.
    wave : str, optional
        Its wave; that of the network (in `lagged` and `selection`, the wave before) if not given.
    reverse : bool
        Whether it is the tie back, from the receiver to the sender: "reciprocal advice".

    Returns
    -------
    Term
        nan where the one who names (of the tie back: the receiver) did not answer, or one of both
        was not asked.
    """
    return Tie(relation, wave, reverse)


def named_terms(terms: Terms) -> dict[str, Term]:
    """Return terms by their names; a text is the relation of a `tie`, one term a list of one.

    Raises
    ------
    ArgumentError
        If there is none, one stands twice, or one is no term.
    """
    if isinstance(terms, Mapping):
        listed = [(str(name), _term(str(name), value)) for name, value in terms.items()]
    else:
        several = terms if isinstance(terms, Iterable) and not isinstance(terms, str) else [terms]
        found = [_term("", term) for term in several]
        listed = [(_full(term), term) for term in found]
    names = [name for name, _ in listed]
    if not names or len(set(names)) < len(names):
        raise ArgumentError(
            "A regression of ties needs terms, each once",
            expected="a list of terms, or a mapping of names to terms and matrices",
            seen=shown(name for name in names if names.count(name) > 1) if names else "none",
        )
    return dict(listed)


def outcomes(
    panel: NetworkPanel | Network, wave: str | None, relation: str | None
) -> list[Setting]:
    """Return the networks to be explained, terms of the same wave beside each.

    Raises
    ------
    ArgumentError
        If there is none.
    """
    networks = networks_of(panel)
    kept = [
        network
        for network in networks
        if wave in (None, network.wave) and relation in (None, network.relation)
    ]
    if not kept:
        raise ArgumentError(
            "There is no such network to be explained",
            expected=shown(f"{one.relation} in {one.wave}" for one in networks) or "a network",
            seen=f"{relation or 'any relation'} in {wave or 'any wave'}",
        )
    return [Setting(panel, network, network.wave) for network in kept]


def _full(term: Term) -> str:
    wave = getattr(term, "wave", None)
    return term.name if wave is None else f"{term.name} ({wave})"


def _term(name: str, value: object) -> Term:
    if isinstance(value, str):
        return Tie(value, None)
    if isinstance(value, np.ndarray | pd.DataFrame) and name:
        return Given(name, value)
    if isinstance(value, Attribute | Tie | Given):
        return value
    raise ArgumentError(
        "This is no term",
        expected="same(...), difference(...), sender(...), receiver(...), tie(...), the name of a "
        "relation, or in a mapping a matrix",
        seen=f"{name or 'a value'} of type {type(value).__name__}",
    )
