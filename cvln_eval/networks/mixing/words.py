"""What the results of mixing say alike."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from cvln_eval.networks.panel import Network

__all__ = [
    "NO_NETWORKS",
    "joined",
    "key_of",
    "named",
    "no_number",
    "overview",
    "stacked",
    "why_no_ties",
]

NO_NETWORKS = "there are no networks"


def key_of(network: Network) -> dict[str, object]:
    """Return wave and relation, the first columns of every table."""
    return {"wave": network.wave, "relation": network.relation}


def named(row: pd.Series) -> str:
    """Return the wave and relation of a row in words."""
    wave = f" in {row['wave']}" if row["wave"] else ""
    return f"{row['relation']}{wave}" if row["relation"] else f"this network{wave}"


def no_number(value: float) -> bool:
    """Return whether a value cannot be had."""
    return bool(np.isnan(value))


def why_no_ties(network: Network) -> str:
    """Return why a network has no ties, "" if it has some."""
    if network.n_ties:
        return ""
    if not network.n:
        return "there is nobody of a group"
    return "there are no ties" if network.answered.any() else "nobody answered"


def stacked(parts: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    """Return the tables of the networks below each other, with all columns even of none."""
    if not parts:
        return pd.DataFrame({name: np.empty(0, dtype=object) for name in columns})
    return pd.concat(parts, ignore_index=True)[list(columns)]


def overview(networks: tuple[Network, ...], by: str, **more: object) -> pd.DataFrame:
    """Return one row: how many networks and ties, by what the people are grouped."""
    row = {
        "n_networks": len(networks),
        "n_persons": len({person for network in networks for person in network.ids}),
        "n_ties": sum(network.n_ties for network in networks),
        "by": by,
    }
    reason = "" if networks else NO_NETWORKS
    return pd.DataFrame([row | more | {"reason": reason}])


def joined(table: pd.DataFrame, say: Callable[[pd.Series], str]) -> str:
    """Return a sentence a row, or that there is none."""
    if table.empty:
        return "There are no networks."
    return " ".join(say(row) for _, row in table.iterrows())
