"""What is to be reported about network data, in the order of the guidelines."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["ITEMS", "Item"]

DATA, NODES, EDGES, CHANGES = "data", "nodes", "edges", "transformations"


class Item(NamedTuple):
    """One thing to report.

    `number` is its place in the guidelines, empty where they do not have it; `words` what it says
    in a paragraph, with the author's words at {}; `keyword` the argument that tells it, empty where
    the panel does.
    """

    section: str
    number: str
    name: str
    words: str = ""
    keyword: str = ""


ITEMS = (
    Item(DATA, "1.1", "collection", "Data were collected by {}.", "collected"),
    Item(DATA, "1.2", "ethics", "Ethical approval: {}.", "ethics"),
    Item(DATA, "1.3", "waves"),
    Item(DATA, "1.3", "time between waves", "Time between waves: {}.", "interval"),
    Item(DATA, "1.4", "location", "The setting was {}.", "location"),
    Item(DATA, "1.5", "dates", "The data stand for {}.", "dates"),
    Item(DATA, "1.6", "availability", "Data availability: {}.", "availability"),
    Item(DATA, "1.7", "citation", "The data are cited as {}.", "citation"),
    Item(NODES, "2.1", "nodes", "Nodes are {}.", "nodes"),
    Item(NODES, "2.2", "people on the roster"),
    Item(NODES, "2.2", "people in the network"),
    Item(NODES, "2.3", "boundary", "The boundary was {}.", "boundary"),
    Item(NODES, "2.3", "eligible", "Eligible to answer and to be named were {}.", "eligible"),
    Item(NODES, "2.4", "response rate"),
    Item(NODES, "2.4", "answers not known"),
    Item(NODES, "2.5", "limits of degree", "Limits on nominations: {}.", "degree_limit"),
    Item(EDGES, "3.1", "question", "The question asked: {}.", "question"),
    Item(EDGES, "3.1", "response format", "Answers were given by {}.", "response_format"),
    Item(EDGES, "3.2", "direction"),
    Item(EDGES, "3.3", "strength"),
    Item(EDGES, "3.3", "meaning of strength", "The strength of a tie is {}.", "scale"),
    Item(EDGES, "3.4", "self-nominations"),
    Item(EDGES, "3.7", "ties"),
    Item(EDGES, "", "density"),
    Item(EDGES, "", "isolates"),
    Item(CHANGES, "4.1", "symmetrising"),
    Item(
        CHANGES,
        "4.1",
        "one-sided before symmetrising",
        "Of tied pairs, one-sided before they lost their direction: {}.",
        "one_sided",
    ),
    Item(CHANGES, "4.2", "dichotomising"),
    Item(CHANGES, "4.2", "rows too weak for a tie"),
    Item(CHANGES, "4.3", "projection", "Projection: {}.", "projected"),
    Item(CHANGES, "4.4", "outsiders"),
    Item(CHANGES, "4.4", "exclusions", "Left out besides: {}.", "excluded"),
    Item(CHANGES, "4.5", "aggregation", "Nodes or ties put together: {}.", "aggregated"),
    Item(CHANGES, "4.6", "pairs not answered"),
    Item(CHANGES, "4.6", "missing ties", "Missing ties: {}.", "missing_ties"),
    Item("software", "", "software"),
)
