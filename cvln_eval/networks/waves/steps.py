"""Which waves are compared, and rows of what was counted over them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from cvln_eval.networks.panel import Network, NetworkPanel, networks_of

__all__ = ["by_relation", "compared", "divided", "once_only", "pairs_of", "steps_of"]

ONE_WAVE = "the relation was asked in one wave only"


def by_relation(panel: NetworkPanel | Network) -> list[tuple[Network, ...]]:
    """Return the networks of each relation in the order of waves, relations sorted."""
    networks = networks_of(panel)
    names = sorted({one.relation for one in networks})
    return [tuple(one for one in networks if one.relation == name) for name in names]


def steps_of(networks: Sequence[Network]) -> list[tuple[Network, Network]]:
    """Return each wave in which the relation was asked with the next such wave."""
    return list(itertools.pairwise(networks))


def compared(
    panel: NetworkPanel | Network,
    steps: Callable[[Sequence[Network]], Iterable[tuple[Network, Network]]],
    measured: Callable[[Network, Network], Iterable[dict[str, object]]],
    measures: dict[str, str],
    columns: tuple[str, ...],
) -> pd.DataFrame:
    """Return the rows that `measured` gives for each two waves of each relation.

    A relation that was asked once has a row a measure with the reason, and no value.
    """
    rows: list[dict[str, object]] = []
    for networks in by_relation(panel):
        pairs = list(steps(networks))
        for earlier, later in pairs:
            named = {"wave": later.wave, "relation": later.relation, "from_wave": earlier.wave}
            rows += [named | row for row in measured(earlier, later)]
        if not pairs:
            rows += once_only(networks[0], measures, columns)
    return pd.DataFrame(rows, columns=list(columns))


def once_only(
    network: Network, measures: dict[str, str], columns: tuple[str, ...]
) -> list[dict[str, object]]:
    """Return rows without a value, one a measure, for a relation that was asked once."""
    nothing: dict[str, object] = dict.fromkeys(columns, 0)
    named = {
        "wave": network.wave,
        "relation": network.relation,
        "from_wave": "",
        "pairs": "all",
        "value": np.nan,
    }
    here = nothing | {name: value for name, value in named.items() if name in columns}
    return [
        here | {"measure": measure, "convention": words, "reason": ONE_WAVE}
        for measure, words in measures.items()
    ]


def divided(
    measure: str, convention: str, numerator: int, denominator: int, reason: str
) -> dict[str, object]:
    """Return a row with a share; the reason is given where there is nothing to divide by."""
    return {
        "measure": measure,
        "numerator": numerator,
        "denominator": denominator,
        "value": numerator / denominator if denominator else np.nan,
        "convention": convention,
        "reason": "" if denominator else reason,
    }


def pairs_of(
    codes: np.ndarray, by: str | None
) -> Iterator[tuple[str, Callable[[np.ndarray, np.ndarray], np.ndarray]]]:
    """Yield the kinds of pairs with a function that says which pairs are of the kind.

    Without `by` all pairs are one kind; people of no group are in no pair within or between.
    """
    yield "all", lambda first, _: np.ones(len(first), dtype=bool)
    if by is not None:
        yield "within", lambda first, second: (codes[first] == codes[second]) & (codes[first] >= 0)
        yield (
            "between",
            lambda first, second: (
                (codes[first] != codes[second]) & (codes[first] >= 0) & (codes[second] >= 0)
            ),
        )
