"""How far facilitators reach: whom they answer, who answers them, and who hears at second hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.tables import names_in
from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.results import Result, proportion

__all__ = ["Reach", "reach"]

# Measure to how it is counted: which way ties are followed, and how many steps at most.
MEASURES = {
    "direct out": ("out", 1, "a facilitator is tied to them (replied to them)"),
    "direct in": ("in", 1, "they are tied to a facilitator (replied to one)"),
    "direct either way": ("either", 1, "a tie in one direction at least with a facilitator"),
    "paths out": ("out", None, "a path of ties leads from a facilitator to them"),
    "paths in": ("in", None, "a path of ties leads from them to a facilitator"),
    "paths either way": ("either", None, "a path to a facilitator, ties followed both ways"),
}
NOBODY = "none of the facilitators is in the network"
ALL_FACILITATE = "nobody but facilitators is in the network"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Reach(Result):
    """Share of people that facilitators reach; see `reach`.

    Attributes
    ----------
    rows : DataFrame
        One row a network and measure.
    people : DataFrame
        One row a network and person who is no facilitator: `wave`, `relation`, `person_id`, and
        steps from the nearest facilitator, `n_steps_out`, `n_steps_in`, `n_steps_either`, nan
        where no path leads.
    """

    rows: pd.DataFrame
    people: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a network and measure."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: least and greatest share in direct contact, and by paths."""
        row: dict[str, object] = {"n_networks": len(self.rows) // len(MEASURES)}
        for name, measure in (("direct", "direct either way"), ("paths", "paths either way")):
            shares = self.rows.loc[self.rows["measure"] == measure, "value"]
            row[f"{name}_min"], row[f"{name}_max"] = shares.min(), shares.max()
        row["reason"] = "" if self.rows["value"].notna().any() else NOBODY
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return the sentence an author would paste."""
        row = self.glance().iloc[0]
        if row["reason"]:
            return f"The reach of facilitators is not available: {row['reason']}."
        direct, paths = (
            _between(row[f"{one}_min"], row[f"{one}_max"]) for one in ("direct", "paths")
        )
        silent = " (at least, as some did not answer)" if self.rows["n_not_answered"].any() else ""
        return (
            f"Of those who do not facilitate, {direct} were in direct contact with a facilitator "
            f"and {paths} were linked to one by some path{silent}."
        )


def reach(panel: NetworkPanel | Network, *, facilitators: Iterable[object]) -> Reach:
    """Return the share of people that facilitators reach directly and by paths.

    With F the facilitators in a network and the others its n people, the share reached directly is
    #{j not in F : a tie of some f in F to j} / n; by paths, that of the j to whom a directed path
    leads. Both are also counted against the direction (j to f), and with ties followed either way,
    which by paths are the others in a facilitator's component.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Such as `reply_network` makes.
    facilitators : iterable
        Their person ids. Those who are not in a network do not count there.

    Returns
    -------
    Reach
        `tidy` has `wave, relation, measure, value, n_reached_persons, n, n_facilitators,
        n_not_answered, convention, reason`. Paths do not ask whether the ties of a path came in
        order of time. Of people who did not answer no ties go out (`n_not_answered` says how
        many), so that shares of reported ties are least values. Without a facilitator in the
        network, or without others, they are nan with a reason; isolates count as not reached.

    Raises
    ------
    ArgumentError
        If no facilitator is in any network.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c", "d"]})
    >>> network = Network("1", "reply", people, np.array([0, 1]), np.array([1, 2]), np.ones(2),
    ...                   np.ones(4, dtype=bool))
    >>> found = reach(network, facilitators=["a"]).tidy().set_index("measure")["value"]
    >>> found[["direct out", "paths out", "paths in"]].round(2).tolist()
    [0.33, 0.67, 0.0]
    """
    networks = networks_of(panel)
    wanted = pd.Index([str(one) for one in names_in(facilitators, argument="facilitators")])
    if networks and not any(network.ids.isin(wanted).any() for network in networks):
        raise ArgumentError(
            "No facilitator is in a network",
            expected=f"ids such as {shown(networks[0].ids)}",
            seen=shown(wanted) or "none",
        )
    rows, people = [], []
    for network in networks:
        source = network.ids.isin(wanted)
        steps = {way: _steps(network, source, way) for way in ("out", "in", "either")}
        rows += [_row(network, source, steps, measure) for measure in MEASURES]
        far = {f"n_steps_{way}": found[~source] for way, found in steps.items()}
        others = pd.DataFrame({"person_id": network.ids[~source], **far})
        others.insert(0, "relation", network.relation)
        others.insert(0, "wave", network.wave)
        people.append(others)
    empty = pd.DataFrame(columns=["wave", "relation", "person_id"])
    return Reach(
        rows=pd.DataFrame(rows, columns=COLUMNS),
        people=pd.concat(people, ignore_index=True) if people else empty,
    )


COLUMNS = ["wave", "relation", "measure", "value", "n_reached_persons", "n", "n_facilitators"]
COLUMNS += ["n_not_answered", "convention", "reason"]


def _row(
    network: Network, source: np.ndarray, steps: dict[str, np.ndarray], measure: str
) -> dict[str, object]:
    way, most, convention = MEASURES[measure]
    reached = int((steps[way][~source] <= (np.inf if most is None else most)).sum())
    n, n_sources = int((~source).sum()), int(source.sum())
    reason = NOBODY if not n_sources else ALL_FACILITATE if not n else ""
    return {
        "wave": network.wave,
        "relation": network.relation,
        "measure": measure,
        "value": np.nan if reason else reached / n,
        "n_reached_persons": reached,
        "n": n,
        "n_facilitators": n_sources,
        "n_not_answered": int((~network.answered).sum()),
        "convention": f"share of people who are no facilitators: {convention}",
        "reason": reason,
    }


def _steps(network: Network, source: np.ndarray, way: str) -> np.ndarray:
    """Return each person's steps from the nearest source, nan where no path leads.

    One more person, tied to every source, makes this a single search, linear in the ties.
    """
    n = network.n
    sender, receiver, _ = network.arcs()
    if way == "in":
        sender, receiver = receiver, sender
    elif way == "either":
        sender, receiver = np.append(sender, receiver), np.append(receiver, sender)
    first = np.flatnonzero(source)
    ends = np.append(sender, np.full(len(first), n)), np.append(receiver, first)
    graph = sparse.csr_array((np.ones(len(ends[0])), ends), shape=(n + 1, n + 1))
    order, before = csgraph.breadth_first_order(graph, n)
    steps = np.full(n + 1, np.nan)
    steps[n] = -1
    for person in order[1:]:
        steps[person] = steps[before[person]] + 1
    return steps[:n]


def _between(low: float, high: float) -> str:
    return (
        proportion(low)
        if proportion(low) == proportion(high)
        else f"{proportion(low)} to {proportion(high)}"
    )
