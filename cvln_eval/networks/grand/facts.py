"""What a panel itself says of each item, in words and as a number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby

import numpy as np

import cvln_eval
from cvln_eval.networks.cohesion import density, isolates
from cvln_eval.networks.panel import Network
from cvln_eval.results import count, number, proportion

__all__ = ["FACTS", "NOT_KEPT", "RULES", "Fact", "in_series", "software", "waves_of"]

# The item in words, "" where it cannot be told; as a number, nan where it is none; why not told.
Fact = tuple[str, float, str]
Kept = Mapping[str, float] | None
NOT_KEPT = "one network does not keep this; give its panel"
BELOW = "not kept: ties were made binary after the panel was read"
RULES = {
    "sender": "ties keep their direction",
    "either": "a pair is tied where either person named the other",
    "both": "a pair is tied where each person named the other",
    "answered": "undirected ties of two people who answered alone",
}


def in_series(parts: list[str]) -> str:
    """Return parts joined by commas and a last "and".

    Examples
    --------
    >>> in_series(["a"]), in_series(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def waves_of(networks: tuple[Network, ...]) -> Fact:
    """Return the waves and which relations were asked in them."""
    asked: dict[str, list[str]] = {}
    for one in networks:
        asked.setdefault(one.wave, []).append(one.relation)
    if not any(asked):
        return count(len(networks), "network") + " without a wave", 0.0, ""
    parts = []
    for relations, waves in groupby(asked, key=lambda wave: asked[wave]):
        listed = list(waves)
        noun = "wave" if len(listed) == 1 else "waves"
        parts.append(f"{in_series(relations)} in {noun} {in_series(listed)}")
    return f"{count(len(asked), 'wave')}: {'; '.join(parts)}", float(len(asked)), ""


def software() -> Fact:
    """Return the package and its version."""
    return f"cvln_eval {cvln_eval.__version__}", np.nan, ""


def _counted(name: str, noun: str, plural: str, *, why: str = NOT_KEPT) -> Callable[..., Fact]:
    def fact(network: Network, kept: Kept) -> Fact:
        if kept is None:
            return "", np.nan, why
        found = int(kept[name])
        return count(found, noun, plural), float(found), ""

    return fact


def _people(network: Network, kept: Kept) -> Fact:
    return count(network.n, "person", "people") + " asked", float(network.n), ""


def _response(network: Network, kept: Kept) -> Fact:
    if not network.n:
        return "", np.nan, "there are no people"
    share = float(network.answered.mean())
    answered = int(network.answered.sum())
    people = count(network.n, "person", "people")
    return f"{answered:,} of {people} ({proportion(share)})", share, ""


def _direction(network: Network, kept: Kept) -> Fact:
    if network.directed:
        return "directed, from who names to who is named", np.nan, ""
    return "undirected", np.nan, ""


def _strength(network: Network, kept: Kept) -> Fact:
    strength = network.strength[~np.isnan(network.strength)]
    lacking = network.n_ties - len(strength)
    without = f"; {count(lacking, 'tie')} without a strength" * bool(lacking)
    if not network.valued:
        return "not valued: each tie is 1", np.nan, ""
    if not len(strength):
        return f"valued{without}", np.nan, ""
    low, high = strength.min(), strength.max()
    spread = f" (SD = {number(strength.std(ddof=1))})" if len(strength) > 1 else ""
    mean = float(strength.mean())
    return f"valued: {low:g} to {high:g}, mean {number(mean)}{spread}{without}", mean, ""


def _ties(network: Network, kept: Kept) -> Fact:
    return count(network.n_ties, "tie"), float(network.n_ties), ""


def _density(network: Network, kept: Kept) -> Fact:
    row = density(network).tidy().iloc[0]
    if row["reason"]:
        return "", np.nan, str(row["reason"])
    ties, pairs = int(row["numerator"]), int(row["denominator"])
    value = float(row["value"])
    words = f"{number(value, 3)} ({ties:,} of {count(pairs, 'pair')} that could be answered)"
    return words, value, ""


def _isolates(network: Network, kept: Kept) -> Fact:
    row = isolates(network).tidy().iloc[0]
    if row["reason"]:
        return "", np.nan, str(row["reason"])
    found = int(row["value"])
    return count(found, "isolate") + " among those who answered", float(found), ""


def _symmetrising(network: Network, kept: Kept) -> Fact:
    if not network.directed and network.rule == "sender":
        return "", np.nan, "undirected as received: how ties came to be so is not kept"
    return RULES[network.rule], np.nan, ""


def _dichotomising(network: Network, kept: Kept) -> Fact:
    if network.threshold is not None:
        words = f"a tie is a strength of {network.threshold:g} or more"
        return words, float(network.threshold), ""
    if network.valued:
        return "each strength above 0 is a tie and keeps its value", np.nan, ""
    return "each strength above 0 is a tie of 1", np.nan, ""


def _weak(network: Network, kept: Kept) -> Fact:
    if kept is None or (network.threshold is not None and not kept["n_below"]):
        return "", np.nan, NOT_KEPT if kept is None else BELOW
    found = int(kept["n_weak"])
    return count(found, "row") + " with a strength of 0 or below the threshold", float(found), ""


def _open(network: Network, kept: Kept) -> Fact:
    every = network.n_dyads(known=False)
    found = every - network.n_dyads()
    kind = "ordered pair" if network.directed else "pair"
    share = f" ({proportion(found / every)})" if every else ""
    return f"{found:,} of {count(every, kind)}{share}", float(found), ""


FACTS: dict[str, Callable[[Network, Kept], Fact]] = {
    "people on the roster": _counted("n_roster", "person", "people"),
    "people in the network": _people,
    "response rate": _response,
    "answers not known": _counted("n_answer_unclear", "person", "people"),
    "direction": _direction,
    "strength": _strength,
    "self-nominations": _counted("n_self", "self-nomination left out", "self-nominations left out"),
    "ties": _ties,
    "density": _density,
    "isolates": _isolates,
    "symmetrising": _symmetrising,
    "dichotomising": _dichotomising,
    "rows too weak for a tie": _weak,
    "outsiders": _counted(
        "n_outside",
        "nomination across the edge of the network left out",
        "nominations across the edge of the network left out",
    ),
    "pairs not answered": _open,
}
