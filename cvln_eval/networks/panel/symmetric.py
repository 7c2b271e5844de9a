"""Networks whose ties have no direction, made from those where each end had its say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.panel.network import Network

__all__ = ["symmetrised"]

RULES = ("either", "both")


def symmetrised(network: Network, *, rule: str) -> Network:
    """Return the undirected network of ties that either end named, or that both did.

    Parameters
    ----------
    network : Network
        A directed network; an undirected one is returned as it is if its rule is the same.
    rule : {"either", "both"}
        Whose word it takes: a tie where one end named it, or only where both did.

    Returns
    -------
    Network
        Its strength is the larger of the two by "either", nan where no end gave one; the smaller
        by "both", nan where one of them gave none. By "either" a tie is known where both answered
        or one named it; by "both" where both answered or one answered and did not name it. A tie
        that one named and whose other end did not answer is one by "either" and not known by
        "both".

    Raises
    ------
    ArgumentError
        If the rule is neither, or the network is undirected by another rule.

    References
    ----------
    Borgatti, S. P., Everett, M. G., & Johnson, J. C. (2018). Analyzing social networks (2nd ed.),
    chapter 5. SAGE.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c"]})
    >>> network = Network("1", "advice", people, sender=np.array([0, 0, 1]),
    ...                   receiver=np.array([1, 2, 0]), strength=np.array([3.0, 1.0, 2.0]),
    ...                   answered=np.array([True, True, False]))
    >>> symmetrised(network, rule="either").strength.tolist()
    [3.0, 1.0]
    >>> symmetrised(network, rule="both").strength.tolist()
    [2.0]
    """
    if rule not in RULES:
        raise ArgumentError(
            "Unknown way to make ties undirected", expected="'either' or 'both'", seen=repr(rule)
        )
    if not network.directed:
        return _same(network, rule)
    dyads, ends, place = _dyads(network)
    told = np.bincount(place, minlength=len(dyads))
    stronger = _strengths(network.strength, place, len(dyads), rule)
    tied = told > 0 if rule == "either" else told == 2
    answered = network.answered[ends].all(axis=0)
    return replace(
        network,
        sender=ends[0, tied],
        receiver=ends[1, tied],
        strength=stronger[tied],
        directed=False,
        rule=rule,
        claimed=ends[:, (told == 1) & ~answered] if rule == "both" else network.claimed,
    )


def _same(network: Network, rule: str) -> Network:
    if network.rule != rule:
        raise ArgumentError(
            "The network has no directions any more",
            expected=f"a directed network, or one by the rule {rule!r}",
            seen=f"an undirected network by the rule {network.rule!r}",
        )
    return network


def _strengths(strength: np.ndarray, place: np.ndarray, n_dyads: int, rule: str) -> np.ndarray:
    if rule == "either":
        larger = np.full(n_dyads, np.nan)
        np.fmax.at(larger, place, strength)
        return larger
    # One that was not given may be smaller than the other: it counts as below all, and then as nan.
    smaller = np.full(n_dyads, np.inf)
    np.minimum.at(smaller, place, np.where(np.isnan(strength), -np.inf, strength))
    return np.where(np.isinf(smaller), np.nan, smaller)


def _dyads(network: Network) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the tied dyads, their ends, smaller row first, and the dyad of each tie."""
    low = np.minimum(network.sender, network.receiver).astype(np.int64)
    high = np.maximum(network.sender, network.receiver)
    dyads, place = np.unique(low * network.n + high, return_inverse=True)
    return dyads, np.array(np.divmod(dyads, max(network.n, 1))), place
