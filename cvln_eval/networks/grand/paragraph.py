"""The methods paragraph that an author would paste."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from cvln_eval.networks.grand.facts import RULES, in_series
from cvln_eval.networks.grand.items import ITEMS, Item
from cvln_eval.networks.grand.told import ALL
from cvln_eval.results import count, number

__all__ = ["paragraph"]

DIRECTED = RULES["sender"]
ISOLATES = "isolates among those who answered"
CROSSING = tuple(f"{noun} across the edge of a network" for noun in ("nomination", "nominations"))
ENDS = (".", "?", "!", "?”", '?"', "?'")


def paragraph(table: pd.DataFrame) -> str:
    """Return all that is told, in the order of the items, and then what is not told."""
    if table.empty:
        return "There are no networks."
    parts = [_of(item, table[table["grand_item"] == item.name]) for item in ITEMS]
    return " ".join([*filter(None, parts), _not_told(table)]).strip()


def _of(item: Item, rows: pd.DataFrame) -> str:
    had = rows[rows["told_by"] != "nobody"]
    if had.empty:
        return ""
    if item.keyword:
        return _ended(item.words.format(_spread(had)))
    return _PANEL[item.name](had) if item.name in _PANEL else ""


def _spread(rows: pd.DataFrame) -> str:
    """Return the words, each with its wave or relation where they differ."""
    parts = [str(words).rstrip(".") for words in rows["told"]]
    named = rows["relation"].where(rows["relation"] != ALL, rows["wave"]).tolist()
    if named == [ALL]:
        return parts[0]
    return "; ".join(f"{words} ({name})" for words, name in zip(parts, named, strict=True))


def _ended(sentence: str) -> str:
    """Return the sentence with one full stop, none after a question mark."""
    kept = sentence.rstrip(".")
    return kept if kept.endswith(ENDS) else f"{kept}."


def _waves(rows: pd.DataFrame) -> str:
    return f"The data are {rows['told'].iloc[0]}."


def _response(rows: pd.DataFrame) -> str:
    """Return the response of each wave, one where its relations agree."""
    parts = []
    for wave in rows["wave"].unique().tolist():
        own = rows[rows["wave"] == wave]
        listed = own["told"].drop_duplicates().tolist()
        of = [_first(own, told) for told in listed]
        where = f" in {wave}" if wave else ""
        if len(listed) == 1:
            parts.append(f"{listed[0]}{where}")
        else:
            each = [f"{told} on {in_series(names)}" for told, names in zip(listed, of, strict=True)]
            parts.append(f"{in_series(each)}{where}")
    return f"Response was {'; '.join(parts)}."


def _first(rows: pd.DataFrame, told: str) -> list[str]:
    return rows.loc[rows["told"] == told, "relation"].drop_duplicates().tolist()


def _same(rows: pd.DataFrame, start: str = "") -> str:
    """Return what is told of all networks, or of which relations each is."""
    listed = rows["told"].drop_duplicates().tolist()
    of = [f" ({in_series(_first(rows, told))})" for told in listed]
    parts = [f"{told}{names * (len(listed) > 1)}" for told, names in zip(listed, of, strict=True)]
    said = f"{start}{'; '.join(parts)}."
    return said[0].upper() + said[1:]


def _range(rows: pd.DataFrame, digits: int = 3) -> str:
    ends = (rows["value"].min(), rows["value"].max())
    low, high = (number(float(value), digits) for value in ends)
    return low if low == high else f"{low} to {high}"


def _had(rows: pd.DataFrame, noun: str, plural: str | None = None) -> str:
    """Return how many of something the networks have, from fewest to most."""
    low, high = (int(value) for value in (rows["value"].min(), rows["value"].max()))
    kept = rows.drop_duplicates(["wave", "relation"])
    have = "The network has" if len(kept) == 1 else "Networks have"
    if low == high:
        return f"{have} {count(low, noun, plural)}."
    return f"{have} {low:,} to {count(high, noun, plural)}."


def _out(rows: pd.DataFrame, noun: str, plural: str | None = None) -> str:
    found = int(rows["value"].sum())
    return f"{count(found, noun, plural)} {'was' if found == 1 else 'were'} left out."


def _open(rows: pd.DataFrame) -> str:
    found = int(rows["value"].sum())
    are = "is" if found == 1 else "are"
    return f"{count(found, 'pair')} {are} not known, because people did not answer."


_PANEL: dict[str, Callable[[pd.DataFrame], str]] = {
    "waves": _waves,
    "people in the network": lambda rows: _had(rows, "person", "people"),
    "response rate": _response,
    "direction": lambda rows: _same(rows, "Ties are "),
    "strength": lambda rows: _same(_valued(rows), "Ties are "),
    "self-nominations": lambda rows: _out(rows, "self-nomination"),
    "ties": lambda rows: _had(rows, "tie"),
    "density": lambda rows: f"Density over pairs that could be answered is {_range(rows)}.",
    "isolates": lambda rows: _had(rows, "isolate among those who answered", ISOLATES),
    "symmetrising": lambda rows: "" if (rows["told"] == DIRECTED).all() else _same(rows),
    "dichotomising": _same,
    "outsiders": lambda rows: _out(rows, *CROSSING),
    "pairs not answered": _open,
    "software": lambda rows: f"Measures are by {rows['told'].iloc[0]}.",
}


def _valued(rows: pd.DataFrame) -> pd.DataFrame:
    """Return whether ties are valued, without the numbers of each network."""
    return rows.assign(told=rows["told"].str.partition(":")[0])


def _not_told(table: pd.DataFrame) -> str:
    lacking = table[table["told_by"] == "nobody"]["grand_item"].drop_duplicates().tolist()
    return f"[Not told: {in_series(lacking)}.]" if lacking else ""
