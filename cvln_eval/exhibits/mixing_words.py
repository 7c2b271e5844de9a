"""Words and scales of figures of groups in networks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.exhibits.panels import readable

if TYPE_CHECKING:
    from cvln_eval.networks.panel import Network

__all__ = ["balanced", "groups_word", "in_density", "listed_reasons", "most_people", "of_one"]

NAMED = 4  # of those that a reason holds for
NOUNS = {
    "team_id": ("team", "teams"),
    "site_id": ("school", "schools"),
    "region": ("region", "regions"),
}


def groups_word(by: str) -> tuple[str, str]:
    """Return what to call a group of an attribute, and several of them.

    Examples
    --------
    >>> groups_word("team_id"), groups_word("level")
    (('team', 'teams'), ('group', 'groups'))
    """
    return NOUNS.get(by, ("group", "groups"))


def of_one(data: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the one relation that a figure has room for.

    Raises
    ------
    ArgumentError
        If there are several.
    """
    relations = list(dict.fromkeys(data["relation"]))
    if len(relations) > 1:
        raise ArgumentError(
            "The figure has room for one relation",
            expected="the result of one",
            seen=shown(relations),
            todo="pass `panel.only(relations=[...])` to the statistic",
        )
    return data.reset_index(drop=True)


def in_density(value: float, digits: int = 2) -> str:
    """Return a density without its leading zero, as cells and marks have little room.

    Examples
    --------
    >>> in_density(0.051), in_density(1.0), in_density(0.0), in_density(0.004)
    ('.05', '1', '0', '<.01')
    """
    if value in (0, 1):
        return f"{value:.0f}"
    if value < 0.5 * 10**-digits:
        return f"<.{'0' * (digits - 1)}1"
    text = f"{value:.{digits}f}"
    return ">.99" if text.startswith("1") and digits == 2 else text.removeprefix("0")


def balanced(panels: int, most: int) -> int:
    """Return how many of so many panels to put in a row, so that the last row is nearly full.

    Examples
    --------
    >>> balanced(6, 4), balanced(4, 4), balanced(1, 4)
    (3, 4, 1)
    """
    return math.ceil(panels / math.ceil(panels / most))


def most_people(networks: Iterable[Network]) -> int:
    """Return the number of people of the network that has most, 0 without any."""
    return max((network.n for network in networks), default=0)


def listed_reasons(data: pd.DataFrame, called: Mapping[str, str], *of: str) -> str:
    """Return each reason once, with the waves, groups or terms that it holds for."""
    found: dict[str, list[str]] = {}
    for row in data[data["reason"] != ""].to_dict("records"):
        name = ", ".join(readable(row[column], called) for column in of)
        found.setdefault(str(row["reason"]), []).append(name)
    return "; ".join(f"{reason} ({_some(ids)})" for reason, ids in found.items())


def _some(ids: list[str]) -> str:
    """Return the first of these, and how many there are more."""
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return "; ".join(ids[:NAMED]) + more
