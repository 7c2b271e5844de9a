"""Measures of whole networks as a table, each with what it is a ratio of and how it is defined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cvln_eval.networks.cohesion.answering import n_answered
from cvln_eval.networks.cohesion.conventions import MEASURES, Measure
from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.results import Result, count, number

__all__ = ["NO_DIRECTION", "Quantity", "Structure", "in_words", "measured", "missing_reason"]

# A ratio as numerator and denominator, a number that is no ratio, or why there is none.
Quantity = float | tuple[float, float] | str
COLUMNS = (
    "wave",
    "relation",
    "measure",
    "value",
    "numerator",
    "denominator",
    "n",
    "n_not_answered",
    "n_ties",
    "convention",
    "reason",
)
NUMBERS = ("value", "numerator", "denominator")
NO_PEOPLE = "there are no people"
NOBODY = "nobody answered"
NO_DIRECTION = "ties have no direction"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Structure(Result):
    """Measures of whole networks.

    Attributes
    ----------
    table : DataFrame
        What `tidy` returns.
    headline : tuple of str
        The measures that the sentence names.
    """

    table: pd.DataFrame
    headline: tuple[str, ...]

    def tidy(self) -> pd.DataFrame:
        """Return one row a network and measure.

        Where `value` is a ratio, `numerator` and `denominator` are what it is a ratio of, so that
        values can be pooled; else they are nan.
        """
        return self.table.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: networks, measures, values that cannot be had."""
        row = {
            "n_networks": len(self.table.drop_duplicates(["wave", "relation"])),
            "n_measures": int(self.table["measure"].nunique()),
            "n_not_available": int((self.table["reason"] != "").sum()),
            "reason": "" if len(self.table) else "there are no networks",
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return the sentence an author would paste: one network's measures, or their range."""
        named = self.table[self.table["measure"].isin(self.headline)]
        networks = named.drop_duplicates(["wave", "relation"])
        if not len(networks):
            return "There are no networks."
        return _of_one(named) if len(networks) == 1 else _of_many(named, len(networks))


def _of_one(rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    network = in_words(first["wave"], first["relation"])
    parts = [_part(row) for row in rows.itertuples()]
    silent = int(first["n_not_answered"])
    left = f"; {silent} of {count(first['n'], 'person', 'people')} did not answer" * bool(silent)
    return f"{network[0].upper()}{network[1:]} had {_listed(parts)}{left}."


def _part(row: Any) -> str:
    measure = MEASURES[row.measure]
    if row.reason:
        return f"{_name(measure)} not available ({row.reason})"
    if _is_count(measure):
        return count(int(row.value), measure.words, _plural(measure.words))
    words = f"{measure.words} {_printed(row.value)}"
    if not measure.cases:
        return words
    return f"{words} ({row.numerator:,.10g} / {row.denominator:,.10g} {measure.cases})"


def _of_many(rows: pd.DataFrame, n_networks: int) -> str:
    parts = [_range(str(name), part) for name, part in rows.groupby("measure", sort=False)]
    return f"Over {count(n_networks, 'network')}, {_listed(parts)}."


def _range(name: str, rows: pd.DataFrame) -> str:
    """Return least and greatest value with the networks that have them."""
    measure, had = MEASURES[name], rows[rows["reason"] == ""].sort_values("value", kind="stable")
    words = _name(measure)
    if had.empty:
        return f"{words} was not available"
    digits = 0 if _is_count(measure) else None
    low, high = (
        f"{_printed(float(row['value']), digits)} ({row['relation']} in {row['wave']})"
        for row in (had.iloc[0], had.iloc[-1])
    )
    lacking = len(rows) - len(had)
    without = f" (not available in {count(lacking, 'network')})" * bool(lacking)
    if had["value"].iloc[0] == had["value"].iloc[-1]:
        everywhere = _printed(float(had["value"].iloc[0]), digits)
        return f"{words} was {everywhere} throughout{without}"
    return f"{words} ran from {low} to {high}{without}"


def in_words(wave: object, relation: object) -> str:
    """Return which network is meant; one that is not of a study has no wave."""
    return f"the network of {relation} in wave {wave}" if wave else f"the network of {relation}"


def _is_count(measure: Measure) -> bool:
    return not measure.cases and not measure.none


def _name(measure: Measure) -> str:
    return f"the number of {_plural(measure.words)}" if _is_count(measure) else measure.words


def _plural(words: str) -> str:
    noun, _, rest = words.partition(" ")
    if noun in ("dyad", "triad", "person"):
        return f"{'people' if noun == 'person' else noun + 's'} {rest}"
    return f"{words}s"


def _printed(value: float, digits: int | None = None) -> str:
    """Return the number with two digits, or with three where it is small."""
    return number(value, (3 if abs(value) < 0.1 else 2) if digits is None else digits)


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def measured(
    panel: NetworkPanel | Network,
    measure: Callable[[Network], Mapping[str, Quantity]],
    *,
    headline: tuple[str, ...],
) -> Structure:
    """Return the table of what a function finds in each network of a panel."""
    rows = [row for network in networks_of(panel) for row in _rows(network, measure(network))]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return Structure(table.astype(dict.fromkeys(NUMBERS, "float64")), headline)


def _rows(network: Network, found: Mapping[str, Quantity]) -> list[dict[str, object]]:
    missing = missing_reason(network)
    shared = {
        "wave": network.wave,
        "relation": network.relation,
        "n": network.n,
        "n_not_answered": network.n - n_answered(network),
        "n_ties": network.n_ties,
    }
    return [
        {**shared, "measure": name, "convention": MEASURES[name].convention}
        | (_nothing(missing) if missing else _cells(quantity, name))
        for name, quantity in found.items()
    ]


def missing_reason(network: Network) -> str:
    """Return why nothing can be said of a network; empty where something can."""
    return NO_PEOPLE if not network.n else "" if network.answered.any() else NOBODY


def _nothing(reason: str) -> dict[str, object]:
    return dict.fromkeys(NUMBERS, np.nan) | {"reason": reason}


def _cells(quantity: Quantity, name: str) -> dict[str, object]:
    if isinstance(quantity, str):
        return _nothing(quantity)
    above, below = quantity if isinstance(quantity, tuple) else (np.nan, np.nan)
    value = quantity if not isinstance(quantity, tuple) else above / below if below else np.nan
    reason = MEASURES[name].none if np.isnan(value) else ""
    return {"value": value, "numerator": above, "denominator": below, "reason": reason}
