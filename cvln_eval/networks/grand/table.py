"""A table of what a report has to say about network data, and the paragraph that says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.networks.grand.facts import FACTS, Fact, software, waves_of
from cvln_eval.networks.grand.items import ITEMS, Item
from cvln_eval.networks.grand.paragraph import paragraph
from cvln_eval.networks.grand.told import ALL, Words, told_rows
from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.results import Result

__all__ = ["MethodsTable", "methods_table"]

NOT_TOLD = "not told"
COLUMNS = (
    "wave",
    "relation",
    "section",
    "grand_number",
    "grand_item",
    "told",
    "value",
    "told_by",
    "reason",
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class MethodsTable(Result):
    """What there is to report about network data; see `methods_table`.

    Attributes
    ----------
    table : DataFrame
        What `tidy` returns.
    networks : tuple of Network
        What it is about.
    """

    table: pd.DataFrame
    networks: tuple[Network, ...]

    def tidy(self) -> pd.DataFrame:
        """Return one row an item and network; "all" where an item is about all of them."""
        return self.table.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: networks, rows told and not told."""
        told = self.table["told_by"] != "nobody"
        row = {
            "n_networks": len(self.networks),
            "n_told": int(told.sum()),
            "n_not_told": int((~told).sum()),
            "reason": "" if self.networks else "there are no networks",
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return the methods paragraph, and in brackets what is not told."""
        return paragraph(self.table)


def methods_table(
    panel: NetworkPanel | Network,
    *,
    collected: Words = None,
    ethics: Words = None,
    interval: Words = None,
    location: Words = None,
    dates: Words = None,
    availability: Words = None,
    citation: Words = None,
    nodes: Words = None,
    boundary: Words = None,
    eligible: Words = None,
    degree_limit: Words = None,
    question: Words = None,
    response_format: Words = None,
    scale: Words = None,
    one_sided: Words = None,
    projected: Words = None,
    excluded: Words = None,
    aggregated: Words = None,
    missing_ties: Words = None,
) -> MethodsTable:
    """Return what a report has to say about its networks, as far as panel and author tell.

    The items follow the Guidelines for Reporting About Network Data, version 1.0, with density,
    isolates and software besides. What the panel knows it tells: waves, people, response,
    direction, strength, ties, and what was made undirected, cut off or left out. What no panel
    knows the author tells in words, and what nobody tells is "not told", which the guidelines ask
    to be said too. Items of networks of several modes (3.5), hypergraphs (3.6) and synthetic data
    are left out: a panel holds none of them.

    Parameters
    ----------
    panel : NetworkPanel or Network
        The networks that were analysed: of a panel that was made undirected or binary, these. One
        network does not know its roster, self-nominations and ties with people outside, and a
        panel put together by `panel_of` counts none of them.
    collected, ethics, interval, location, dates, availability, citation : str or mapping, optional
        Of the data: by what method they were collected, approval (by whom, when), time between
        waves, what place and time they stand for, where they are or why not, how they are cited.
    nodes, boundary, eligible, degree_limit : str or mapping, optional
        Of the people: what they are, who was to be in the network, who could answer and be named,
        how many one could name ("none" where there was no limit).
    question, response_format, scale : str or mapping, optional
        Of the ties: what was asked, how it was answered (roster or free recall, rating or choice),
        what a strength means.
    one_sided, projected, excluded, aggregated, missing_ties : str or mapping, optional
        Of what was done: the share of tied pairs that were one-sided before they lost their
        direction, how ties were derived from other data, who or what was left out and why, what
        was put together, what was done with ties of people who did not answer ("none" where
        nothing was).
        All are words that end a sentence, without a full stop, such as boundary="all leaders of
        five districts". A mapping has a text for each relation or each wave.

    Returns
    -------
    MethodsTable
        A row an item, wave and relation, "all" where an item is about all of them. `told` has the
        words, `value` the number if there is one, `told_by` is "panel", "author" or "nobody",
        `reason` what to do about what is not told. The time between waves is left out of one wave,
        the meaning of strengths where ties have none, and one-sided pairs where ties have a
        direction. No networks give an empty table.

    Raises
    ------
    ArgumentError
        If it is neither a panel nor a network, words are none, or a mapping has a key that is no
        relation or wave of it.

    References
    ----------
    Neal, Z. P., Carley, K., Contractor, N., De Domenico, M., Hollway, J., Labianca, G., Landry, N.,
    Lazer, D., Lubbers, M., Neal, J. W., Ortiz, F., Peixoto, T., Pescosolido, B., Prell, C.,
    Teixeira, A. S., & the GRAND Consortium. (2026). Guidelines for Reporting About Network Data
    (GRAND). Preprint.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c"]})
    >>> network = Network("1", "advice", people, sender=np.array([0, 1]),
    ...                   receiver=np.array([1, 2]), strength=np.ones(2),
    ...                   answered=np.array([True, True, False]))
    >>> found = methods_table(network, boundary="all leaders of one district").tidy()
    >>> found[found["section"] == "nodes"][["grand_number", "told", "told_by"]].iloc[2:5]
       grand_number                         told told_by
    9           2.2               3 people asked   panel
    10          2.3  all leaders of one district  author
    11          2.3                     not told  nobody
    """
    told: dict[str, Words] = {
        "collected": collected,
        "ethics": ethics,
        "interval": interval,
        "location": location,
        "dates": dates,
        "availability": availability,
        "citation": citation,
        "nodes": nodes,
        "boundary": boundary,
        "eligible": eligible,
        "degree_limit": degree_limit,
        "question": question,
        "response_format": response_format,
        "scale": scale,
        "one_sided": one_sided,
        "projected": projected,
        "excluded": excluded,
        "aggregated": aggregated,
        "missing_ties": missing_ties,
    }
    networks = networks_of(panel)
    kept = _kept(panel)
    rows = [row for item in ITEMS for row in _rows(item, kept, networks, told)]
    table = pd.DataFrame(rows if networks else [], columns=list(COLUMNS))
    return MethodsTable(table.astype({"value": "float64"}), networks)


def _rows(
    item: Item,
    kept: Mapping[tuple[str, str], Mapping[str, float]],
    networks: tuple[Network, ...],
    told: Mapping[str, Words],
) -> list[dict[str, object]]:
    if item.keyword:
        return _by_author(item, networks, told[item.keyword])
    if item.name == "waves":
        return [_row(item, ALL, ALL, waves_of(networks))]
    if item.name == "software":
        return [_row(item, ALL, ALL, software())]
    return [
        _row(
            item, one.wave, one.relation, FACTS[item.name](one, kept.get((one.wave, one.relation)))
        )
        for one in networks
    ]


def _by_author(item: Item, networks: tuple[Network, ...], words: Words) -> list[dict[str, object]]:
    waves = list(dict.fromkeys(one.wave for one in networks))
    relations = sorted({one.relation for one in networks})
    rows = told_rows(words, item.keyword, waves, relations)
    if words is None and not _concerns(item, networks, waves):
        return []
    why = f"`{item.keyword}` tells it"
    return [
        _row(item, wave, relation, (text, np.nan, "" if text else why), by="author")
        for wave, relation, text in rows
    ]


def _concerns(item: Item, networks: tuple[Network, ...], waves: list[str]) -> bool:
    """Return whether there is anything to tell of an item."""
    if item.keyword == "interval":
        return len(waves) > 1
    if item.keyword == "scale":
        return any(one.valued for one in networks)
    if item.keyword == "one_sided":
        return any(not one.directed for one in networks)
    return True


def _row(
    item: Item, wave: str, relation: str, fact: Fact, *, by: str = "panel"
) -> dict[str, object]:
    words, value, why = fact
    return {
        "wave": wave,
        "relation": relation,
        "section": item.section,
        "grand_number": item.number,
        "grand_item": item.name,
        "told": words or NOT_TOLD,
        "value": value,
        "told_by": by if words else "nobody",
        "reason": why,
    }


def _kept(panel: NetworkPanel | Network) -> dict[tuple[str, str], dict[str, float]]:
    """Return what a panel keeps beside each of its networks; nothing of one network."""
    if isinstance(panel, Network):
        return {}
    weak = panel.weak_ties[panel.weak_ties["strength"] != 0]
    below = weak.groupby(["wave", "relation"]).size().to_dict()
    return {
        (row["wave"], row["relation"]): {
            **{name: row[name] for name in ("n_roster", "n_answer_unclear", "n_self")},
            **{name: row[name] for name in ("n_outside", "n_weak")},
            "n_below": below.get((row["wave"], row["relation"]), 0),
        }
        for row in panel.tidy().to_dict("records")
    }
