"""What non-response leaves open: the lowest and highest value that any answers could have given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from cvln_eval.networks.cohesion.components import isolates_of
from cvln_eval.networks.cohesion.conventions import MEASURES
from cvln_eval.networks.cohesion.degrees import degrees_of
from cvln_eval.networks.cohesion.dyads import densities_of, reciprocities_of
from cvln_eval.networks.cohesion.result import NO_DIRECTION, Quantity
from cvln_eval.networks.cohesion.triads import transitivities_of
from cvln_eval.networks.mixing.densities import BETWEEN, CONVENTIONS, DIFFERENCE, WITHIN, densities
from cvln_eval.networks.mixing.external import MEASURE as EI
from cvln_eval.networks.mixing.grouping import Grouped, grouped
from cvln_eval.networks.mixing.indices import index
from cvln_eval.networks.mixing.words import joined, key_of, named, no_number, stacked
from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.networks.uncertainty.counts import (
    as_told,
    least_isolates,
    most_isolates,
    of_dyads,
    of_groups,
)
from cvln_eval.networks.uncertainty.ranges import (
    NONE,
    difference_range,
    index_range,
    mutual_range,
    share_range,
)
from cvln_eval.results import Result, count, number, proportion

__all__ = ["NonResponseBounds", "non_response_bounds"]

NO_BOUND = "no closed form of its range is known; only its value is given"
NO_VALUE = "no value over those who answered"
NO_TIE = "no answers could give it a value"
HEADLINE = {"density": "density", "reciprocity_arcs": "arc reciprocity", EI: "the E-I index"}
COLUMNS = (
    "wave",
    "relation",
    "measure",
    "by",
    "lowest",
    "highest",
    "value",
    "n_pairs",
    "n_pairs_not_known",
    "n",
    "n_not_answered",
    "n_without_group",
    "convention",
    "reason",
)


class Bound(NamedTuple):
    """A measure: value over those who answered, its range, the pairs it is about."""

    measure: str
    value: float
    ends: tuple[float, float]
    pairs: tuple[int, int]
    convention: str
    reason: str = ""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class NonResponseBounds(Result):
    """Ranges of measures over all answers that could have been given; see `non_response_bounds`.

    Attributes
    ----------
    table : DataFrame
        What `tidy` returns.
    networks : tuple of Network
        What was looked at.
    """

    table: pd.DataFrame
    networks: tuple[Network, ...]

    def tidy(self) -> pd.DataFrame:
        """Return one row a network and measure."""
        return self.table.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: networks, people asked who did not answer, values not available."""
        silent = [int((~one.answered).sum()) for one in self.networks]
        row = {
            "n_networks": len(self.networks),
            "n_not_answered": sum(silent),
            "n_not_available": int((self.table["reason"] != "").sum()),
            "reason": "" if self.networks else "there are no networks",
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return for each network how many pairs are open, and what density and ties could be."""
        return joined(self.table[self.table["measure"] == "density"], self._said)

    def _said(self, row: pd.Series) -> str:
        if not row["n_pairs_not_known"]:
            return f"In {named(row)} no pair is left open by people who did not answer."
        pairs = row["n_pairs"] + row["n_pairs_not_known"]
        silent = row["n_not_answered"]
        alike = (self.table[["wave", "relation"]] == row[["wave", "relation"]]).all(axis=1)
        parts = [_ranged(one) for _, one in self.table[alike].iterrows() if _headed(one)]
        return (
            f"In {named(row)}, {silent:,} of {count(row['n'], 'person', 'people')} did not answer, "
            f"which leaves {row['n_pairs_not_known']:,} of {count(pairs, 'pair')} open "
            f"({proportion(row['n_pairs_not_known'] / pairs)}); whatever they would have answered, "
            f"{'; '.join(parts)}."
        )


def _headed(row: pd.Series) -> bool:
    return row["measure"] in HEADLINE and not no_number(row["lowest"])


def _ranged(row: pd.Series) -> str:
    low, high, value = (number(row[name], 3) for name in ("lowest", "highest", "value"))
    told = "" if no_number(row["value"]) else f" ({value} over those who answered)"
    return f"{HEADLINE[row['measure']]} would be from {low} to {high}{told}"


def non_response_bounds(
    panel: NetworkPanel | Network, *, by: str | None = "team_id"
) -> NonResponseBounds:
    """Return how low and how high measures could be, had everybody answered.

    A pair is open if it is not known whether it is tied. Each open pair can turn out either way,
    apart from the others, and a completion is one way for all of them. `lowest` and `highest` are
    the least and greatest value over all completions: nothing is assumed of those who did not
    answer, and no narrower range holds without an assumption.

    With T known ties, U open pairs and N = known + open pairs:

    - `density`: T / N to (T + U) / N; `mean_degree`: (n - 1) times that.
    - `reciprocity_arcs` = 2M / (2M + A) and `reciprocity_dyads` = M / (M + A). Let M, A be the
      mutual and asymmetric dyads of people who answered, P those of one who did and named one who
      did not, Q those of one who did and did not name one who did not, S those of two who did not.
      Lowest with A + P + Q + S asymmetric and M mutual ones; highest with A and M + P + S.
    - E-I index, with E, I known external and internal ties and U_E, U_I open pairs: lowest
      (E - I - U_I) / (E + I + U_I), highest (E + U_E - I) / (E + U_E + I). Densities within and
      between groups as `density`; their difference from the lowest within less the highest between
      to the highest within less the lowest between.
    - `isolates`: highest without ties in open pairs, lowest with ties in all. In a directed
      network the lowest is 0 as soon as one of several people did not answer, who could have named
      everybody.

    Proof. Density, degree and the densities of groups grow with each tie, isolates never do: their
    ends are at no and at all ties in open pairs. (E - I) / (E + I) grows with E and falls with I,
    and pairs of the two kinds are filled apart from each other, so that each count can be at its
    own end. w M / (w M + A) grows with M and falls with A; the least M (M itself) and the
    greatest A (A + P + Q + S) come together, each open dyad having one arc; the greatest M
    (M + P + S) and the least A (A) too, dyads P and S having both arcs and Q none. A completion
    has no other freedom, so nothing lies beyond these ends.

    Parameters
    ----------
    panel : NetworkPanel or Network
        The networks.
    by : str or None
        Attribute of people whose values are the groups; None for no measures of groups.

    Returns
    -------
    NonResponseBounds
        A row a network and measure. `value` is what the package reports otherwise, over the pairs
        and people who answered, as `convention` says; `n_pairs` and `n_pairs_not_known` are the
        known and open pairs among the people the row is about (those of a group, for measures of
        groups). Of directed networks `value` lies
        within the range. Of undirected ones it may lie outside: what was told of people who did
        not answer bounds the range and is left out of the value. Ranges of
        ratios are over completions that have ties. Where everybody answered both ends are the
        value. If nobody answered there are ends but no value, with the reason. A measure of no
        pairs, reciprocity of undirected ties and transitivity, for which no sharp bound is known,
        have nan with the reason. Strengths do not matter.

    Raises
    ------
    ArgumentError
        If it is neither a panel nor a network, or `by` is no attribute.

    Notes
    -----
    The range is of the network of those asked. People on the roster who were not asked are not in
    it. It is no confidence interval: it says what is not known, not what chance does.

    References
    ----------
    Manski, C. F. (2003). Partial identification of probability distributions, chapter 1. Springer.
    Huisman, M. (2009). Imputation of missing network data: Some simple procedures. Journal of
    Social Structure, 10(1), 1-29.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": list("abc"), "team_id": list("xxy")})
    >>> network = Network("1", "advice", people, sender=np.array([0, 1]),
    ...                   receiver=np.array([1, 0]), strength=np.ones(2),
    ...                   answered=np.array([True, True, False]))
    >>> found = non_response_bounds(network, by=None).tidy()
    >>> found.iloc[[0, 2, 4]][["measure", "lowest", "highest", "value"]]
                measure    lowest   highest  value
    0           density  0.333333  0.666667    0.5
    2  reciprocity_arcs  0.500000  1.000000    1.0
    4          isolates  0.000000  1.000000    0.0
    """
    networks = networks_of(panel)
    return NonResponseBounds(
        stacked([_rows(as_told(one), by) for one in networks], COLUMNS), networks
    )


def _rows(network: Network, by: str | None) -> pd.DataFrame:
    parts = [_table(network, list(_whole(network))).assign(by="all", n_without_group=0)]
    if by is not None:
        groups = grouped(network, by)
        rows = _table(groups.network, list(_mixed(groups)))
        parts.append(rows.assign(by=by, n_without_group=groups.n_without))
    return pd.concat(parts, ignore_index=True)


def _table(network: Network, bounds: list[Bound]) -> pd.DataFrame:
    table = pd.DataFrame(
        [
            {
                **key_of(network),
                "measure": one.measure,
                "lowest": one.ends[0],
                "highest": one.ends[1],
                "value": one.value,
                "n_pairs": one.pairs[0],
                "n_pairs_not_known": one.pairs[1],
                "convention": one.convention,
                "reason": _reason(one),
            }
            for one in bounds
        ]
    )
    silent = int((~network.answered).sum())
    return table.assign(n=network.n, n_not_answered=silent)


def _reason(bound: Bound) -> str:
    if bound.reason:
        return bound.reason
    if no_number(bound.ends[0]):
        return NO_TIE
    return NO_VALUE if no_number(bound.value) else ""


def _whole(network: Network) -> Iterator[Bound]:
    """Yield the measures that need no groups."""
    pairs = _pairs(network)
    n, every = network.n, sum(pairs)
    ends = share_range(network.n_ties, pairs[1], every)
    degree = "out_degree_mean" if network.directed else "degree_mean"
    values = {**densities_of(network), **degrees_of(network), **isolates_of(network)}
    yield Bound("density", *_of(values, "density", ends), pairs, *_words("density"))
    spread = (ends[0] * (n - 1), ends[1] * (n - 1))
    yield Bound("mean_degree", *_of(values, degree, spread), pairs, *_words(degree))
    for name, weight in (("reciprocity_arcs", 2), ("reciprocity_dyads", 1)):
        found = mutual_range(*of_dyads(network), weight=weight) if network.directed else NONE
        why = "" if network.directed else NO_DIRECTION
        value = _value(reciprocities_of(network)[name])
        yield Bound(name, value, found, pairs, MEASURES[name].convention, why)
    counts = (least_isolates(network), most_isolates(network))
    ends = (float(counts[0]), float(counts[1])) if n else NONE
    value = _value(values["isolates"]) if network.answered.any() else np.nan
    yield Bound("isolates", value, ends, pairs, *_words("isolates"))
    value = _value(transitivities_of(network)["transitivity"])
    yield Bound("transitivity", value, NONE, pairs, *_words("transitivity"), NO_BOUND)


def _pairs(network: Network) -> tuple[int, int]:
    known = network.n_dyads()
    return known, network.n_dyads(known=False) - known


def _words(name: str) -> tuple[str]:
    return (MEASURES[name].convention,)


def _of(
    values: dict[str, Quantity], name: str, ends: tuple[float, float]
) -> tuple[float, tuple[float, float]]:
    return _value(values[name]), ends


def _value(quantity: Quantity) -> float:
    if isinstance(quantity, str):
        return np.nan
    if not isinstance(quantity, tuple):
        return float(quantity)
    return quantity[0] / quantity[1] if quantity[1] else np.nan


def _mixed(groups: Grouped) -> Iterator[Bound]:
    """Yield the measures of ties within groups and between them."""
    ties, known, pairs = of_groups(groups)
    unknown = pairs - known
    of_all = (int(known.sum()), int(unknown.sum()))
    ends = index_range(ties[1], ties[0], unknown[1], unknown[0])
    told, asked, _ = of_groups(replace(groups, network=groups.network.answerable()))
    value = float(index(told[1], told[0]))
    yield Bound(EI, value, ends, of_all, "(external - internal) / (external + internal ties)")
    ranges = [
        share_range(*cells) for cells in zip(ties.tolist(), unknown.tolist(), pairs, strict=True)
    ]
    within, between = densities(told[:1], asked[:1], told.sum(), asked.sum())[:, 0].tolist()
    for place, (name, own) in enumerate(((WITHIN, within), (BETWEEN, between))):
        cells = (int(known[place]), int(unknown[place]))
        yield Bound(name, own, ranges[place], cells, CONVENTIONS[name])
    ends = difference_range(ranges[0], ranges[1])
    yield Bound(DIFFERENCE, within - between, ends, of_all, CONVENTIONS[DIFFERENCE])
