"""What exactly each measure is: its name in words, what it is over, and when there is none."""

from __future__ import annotations

from typing import NamedTuple

from cvln_eval.networks.cohesion.census import TRIADS

__all__ = ["MEASURES", "Measure"]

PATHS = "; whoever did not answer is taken to have named nobody"
ANSWERED = ", among people who answered"
NAMED = "; named by those who answered"


class Measure(NamedTuple):
    """How a measure is called and defined.

    `words` is its name in a sentence, of a count in the singular; `cases` what a ratio is over
    (empty: the measure is no ratio); `none` why there is no value where there is none.
    """

    words: str
    convention: str
    cases: str = ""
    none: str = ""


_DEGREES = {
    "out_degree": ("people named", "people a person named, over those who answered"),
    "in_degree": ("naming people", "people who named a person, over everybody" + NAMED),
    "degree": ("degree", "ties of a person with others who answered, over those who answered"),
    "out_strength": ("strength sent", "strengths a person sent, added up, over those who answered"),
    "in_strength": (
        "strength received",
        "strengths a person received, added up, over everybody" + NAMED,
    ),
    "strength": (
        "strength",
        "strengths of a person's ties with others who answered, added up, over those who answered",
    ),
}


def _of_degrees() -> dict[str, Measure]:
    found = {}
    for name, (words, meant) in _DEGREES.items():
        kept = "; a person with a tie without a strength is left out" * name.endswith("strength")
        none = "no such person" if not kept else "no person whose ties all have a strength"
        fewer = "fewer than two such people"
        found[f"{name}_mean"] = Measure(f"mean {words}", f"mean of {meant}{kept}", "people", none)
        found[f"{name}_sd"] = Measure(
            f"SD of {words}",
            f"standard deviation (n - 1) of {meant}{kept}",
            none=fewer,
        )
    return found


MEASURES: dict[str, Measure] = {
    "density": Measure(
        "density",
        "ties / pairs that could be answered: ordered pairs whose sender answered, or, of "
        "undirected ties, unordered pairs who both did",
        "pairs",
        "no pair could be answered",
    ),
    "valued_density": Measure(
        "mean strength over pairs",
        "strengths added up / pairs that could be answered, pairs without a tie being 0 and ties "
        "without a strength left out",
        "pairs",
        "no pair with a known strength",
    ),
    "reciprocity_arcs": Measure(
        "arc reciprocity",
        "arcs that are returned / arcs" + ANSWERED,
        "arcs",
        "no arc among people who answered",
    ),
    "reciprocity_dyads": Measure(
        "dyad reciprocity",
        "mutual dyads / dyads that are mutual or asymmetric" + ANSWERED,
        "tied dyads",
        "no arc among people who answered",
    ),
    "symmetry": Measure(
        "symmetry",
        "mutual or null dyads / all dyads" + ANSWERED,
        "dyads",
        "fewer than two people answered",
    ),
    "dyads_mutual": Measure("mutual dyad", "pairs tied both ways" + ANSWERED),
    "dyads_asymmetric": Measure("asymmetric dyad", "pairs tied one way" + ANSWERED),
    "dyads_null": Measure("null dyad", "pairs not tied" + ANSWERED),
    "dyads_not_known": Measure("dyad not known", "pairs one or both of whom did not answer"),
    "transitivity": Measure(
        "transitivity",
        "ordered triples i to j to k with i to k / ordered triples i to j to k" + ANSWERED,
        "paths of two arcs",
        "no path of two arcs among people who answered",
    ),
    "clustering": Measure(
        "global clustering",
        "pairs of neighbours of a person who are tied / such pairs, a tie being one in either "
        "direction" + ANSWERED,
        "paths of two ties",
        "no path of two ties among people who answered",
    ),
    **{
        f"triads_{name}": Measure(f"triad of type {name}", f"triads of type {name}{ANSWERED}")
        for name in TRIADS
    },
    "triads_not_known": Measure("triad not known", "triads of whom somebody did not answer"),
    **_of_degrees(),
    "weak_components": Measure(
        "weak component", "parts connected by ties in any direction" + PATHS
    ),
    "largest_weak_share": Measure(
        "share of people in the largest weak component",
        "people in the largest weak component / people" + PATHS,
        "people",
        "there are no people",
    ),
    "strong_components": Measure(
        "strong component", "parts in which each reaches each along the ties" + PATHS
    ),
    "largest_strong_share": Measure(
        "share of people in the largest strong component",
        "people in the largest strong component / people" + PATHS,
        "people",
        "there are no people",
    ),
    "isolates": Measure(
        "isolate", "people who answered, named nobody and were named by nobody who answered"
    ),
    "share_isolated": Measure(
        "share of isolates", "isolates / people who answered", "people", "nobody answered"
    ),
    "naming_nobody": Measure("person naming nobody", "people who answered and named nobody"),
    "named_by_nobody": Measure(
        "person named by nobody", "people, whether they answered or not, whom nobody named"
    ),
    "share_reachable": Measure(
        "share of reachable pairs",
        "ordered pairs of whom the first reaches the second along the ties / ordered pairs" + PATHS,
        "pairs",
        "fewer than two people",
    ),
    "mean_distance": Measure(
        "mean distance",
        "mean length of the shortest paths, over ordered pairs of whom the first reaches the second"
        + PATHS,
        "reachable pairs",
        "nobody reaches anybody",
    ),
    "global_efficiency": Measure(
        "global efficiency",
        "mean of 1 / length of the shortest path, over ordered pairs, 0 where there is none"
        + PATHS,
        "pairs",
        "fewer than two people",
    ),
    "diameter": Measure(
        "diameter",
        "longest of the shortest paths, pairs without a path left out" + PATHS,
        none="nobody reaches anybody",
    ),
    "krackhardt_connectedness": Measure(
        "connectedness",
        "pairs in the same weak component / pairs (Krackhardt 1994)" + PATHS,
        "pairs",
        "fewer than two people",
    ),
    "krackhardt_hierarchy": Measure(
        "hierarchy",
        "pairs of whom one reaches the other but not the reverse / pairs of whom one reaches the "
        "other (Krackhardt 1994)" + PATHS,
        "connected pairs",
        "nobody reaches anybody",
    ),
    "krackhardt_efficiency": Measure(
        "efficiency",
        "1 - ties beyond those of a tree in each weak component / most that could be, arcs counted "
        "where ties are directed (Krackhardt 1994)" + PATHS,
        "possible superfluous ties",
        "no weak component could have superfluous ties",
    ),
    "krackhardt_lubness": Measure(
        "least upper boundedness",
        "1 - pairs in the same weak component without a least upper bound / most that could lack "
        "one, (n - 1)(n - 2) / 2 in each (Krackhardt 1994)" + PATHS,
        "possible violations",
        "no weak component of three people",
    ),
}
