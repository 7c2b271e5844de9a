"""How many ties each person sends and receives, with nobody on the roster left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.results import Result, count, number

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DegreeSummary", "Degrees", "degree_summary", "degrees"]

DIRECTIONS = ("out_degree", "in_degree")
ALL = "all"
NOT_KNOWN = "not known"
OUTSIDE_REASON = "ties with people who are not in the table of people are left out"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Degrees(Result):
    """Ties sent and received by each person.

    `people` is the table given to `degrees` with the columns `out_degree` and `in_degree`;
    `n_ties` ties were counted, `n_self` of them to oneself, `n_outside` left out because an end is
    not in the table.
    """

    people: pd.DataFrame
    wave: str
    relation: str
    threshold: float | None
    self_ties: bool
    n_ties: int
    n_self: int
    n_outside: int

    def tidy(self) -> pd.DataFrame:
        """Return one row a person: `person_id`, `out_degree`, `in_degree`."""
        return self.people[["person_id", *DIRECTIONS]].copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: people, ties counted, self-ties among them, ties left out."""
        row = {
            "wave": self.wave,
            "relation": self.relation,
            "threshold": np.nan if self.threshold is None else self.threshold,
            "n": len(self.people),
            "n_ties": self.n_ties,
            "n_self": self.n_self,
            "n_outside": self.n_outside,
            "reason": OUTSIDE_REASON if self.n_outside else "",
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return the sentence an author would paste."""
        people, ties = count(len(self.people), "person", "people"), count(self.n_ties, "tie")
        isolates = int((self.people[list(DIRECTIONS)].sum(axis=1) == 0).sum())
        strong = "" if self.threshold is None else f" of strength {self.threshold:g} or more"
        own = f", {self.n_self} of them to oneself" if self.n_self else ""
        return (
            f"In wave {self.wave}, {people} sent {ties}{strong} of {self.relation}{own}; "
            f"{isolates} neither sent nor received one."
        )


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DegreeSummary(Result):
    """Mean and standard deviation of degree, of all people and by group."""

    table: pd.DataFrame
    wave: str
    relation: str
    by: str | None
    ddof: int

    def tidy(self) -> pd.DataFrame:
        """Return one row a direction and group: `by`, `n`, `mean`, `sd`, `ddof`, `reason`."""
        network = pd.DataFrame({"wave": self.wave, "relation": self.relation}, self.table.index)
        return pd.concat([network, self.table], axis=1)

    def glance(self) -> pd.DataFrame:
        """Return one row: people, mean degree and its standard deviations, of all people."""
        total = self.table[self.table["by"] == ALL].set_index("direction")
        row = {
            "wave": self.wave,
            "relation": self.relation,
            "n": int(total["n"].iloc[0]),
            "mean_degree": total.loc["out_degree", "mean"],
            **{f"sd_{direction}": total.loc[direction, "sd"] for direction in DIRECTIONS},
            "ddof": self.ddof,
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return the sentence an author would paste."""
        total = self.table[self.table["by"] == ALL].set_index("direction")
        out, received = (
            f"M = {number(float(mean))}, SD = {number(float(sd))}"
            for mean, sd in total.loc[list(DIRECTIONS), ["mean", "sd"]].to_numpy()
        )
        people = count(int(total["n"].iloc[0]), "person", "people")
        return (
            f"In wave {self.wave}, {people} sent ({out}) and received ({received}) "
            f"ties of {self.relation}."
        )


def degrees(
    ties: pd.DataFrame,
    people: pd.DataFrame,
    *,
    wave: str,
    relation: str,
    threshold: float | None = None,
    self_ties: bool = False,
) -> Degrees:
    """Count the ties each person sends and receives in one wave and relation.

    Parameters
    ----------
    ties : DataFrame
        The table `ties`: `wave`, `relation`, `sender_id`, `receiver_id`, `strength`.
    people : DataFrame
        Whom the roster of that wave lists, one row a person, with `person_id`; other columns are
        kept.
    wave, relation : str
        Which network.
    threshold : float, optional
        Least strength that counts as a tie; ties without a strength do not reach it. Without a
        threshold every row counts.
    self_ties : bool
        Whether naming oneself counts, once as sent and once as received.

    Returns
    -------
    Degrees
        With 0 for people who send or receive nothing. A 0 is not an answer: whether somebody
        answered stands in the table `respondents`. Ties with people who are not in `people` are
        left out and counted. With no people it is an empty table.

    Raises
    ------
    ArgumentError
        If the relation or wave is in none of the ties (and there are ties), or `people` lists a
        person twice.

    Examples
    --------
    >>> ties = pd.DataFrame({"wave": "1", "relation": "advice", "sender_id": ["a", "a"],
    ...                      "receiver_id": ["b", "c"], "strength": [4.0, 1.0]})
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c"]})
    >>> degrees(ties, people, wave="1", relation="advice", threshold=3).tidy()
      person_id  out_degree  in_degree
    0         a           1          0
    1         b           0          1
    2         c           0          0
    """
    _check(ties, people, wave, relation)
    ids = pd.Index(people["person_id"])
    network = ties[(ties["wave"] == wave) & (ties["relation"] == relation)]
    if threshold is not None:
        network = network[network["strength"] >= threshold]
    sender, receiver = (ids.get_indexer(network[end]) for end in ("sender_id", "receiver_id"))
    inside = (sender >= 0) & (receiver >= 0)
    own = inside & (sender == receiver)
    counted = inside if self_ties else inside & ~own
    return Degrees(
        people=people.assign(
            out_degree=_times(sender[counted], len(ids)),
            in_degree=_times(receiver[counted], len(ids)),
        ).reset_index(drop=True),
        wave=wave,
        relation=relation,
        threshold=threshold,
        self_ties=self_ties,
        n_ties=int(counted.sum()),
        n_self=int((own & counted).sum()),
        n_outside=int((~inside).sum()),
    )


def _times(positions: NDArray[np.intp], n: int) -> NDArray[np.int64]:
    return np.bincount(positions, minlength=n).astype(np.int64)


def _check(ties: pd.DataFrame, people: pd.DataFrame, wave: str, relation: str) -> None:
    twice = people["person_id"][people["person_id"].duplicated()]
    if len(twice):
        raise ArgumentError(
            "The table of people lists a person twice",
            expected="one row a person, such as the memberships of one wave",
            seen=shown(twice),
        )
    for column, value in (("wave", wave), ("relation", relation)):
        known = sorted(ties[column].dropna().unique())
        if known and value not in known:
            raise ArgumentError(
                f"No tie has this {column}",
                expected=f"one of {shown(known)}",
                seen=repr(value),
                column=column,
            )


def degree_summary(counted: Degrees, *, by: str | None = None, ddof: int = 1) -> DegreeSummary:
    """Summarise degrees by mean and standard deviation, of all people and by group.

    Parameters
    ----------
    counted : Degrees
        What `degrees` returned.
    by : str, optional
        Column of its `people`, such as `level`. People without a value there are the group
        "not known".
    ddof : {1, 0}
        1 divides the sum of squares by n - 1, 0 by n.

    Returns
    -------
    DegreeSummary
        Groups first, everybody ("all") last. Of 0 people mean and standard deviation are nan, of
        1 person the standard deviation with `ddof=1` is, each with its reason.

    Raises
    ------
    ArgumentError
        If `by` is no column or `ddof` is neither 1 nor 0.
    """
    if ddof not in (0, 1):
        raise ArgumentError("Unknown divisor", expected="ddof 1 or 0", seen=repr(ddof))
    if by is not None and by not in counted.people:
        raise ArgumentError(
            "No such column to group by", expected=shown(counted.people), seen=repr(by)
        )
    parts = [*_parts(counted.people, by), (ALL, ALL, counted.people)]
    rows = [
        {"direction": direction, "by": grouped, "group": group}
        | _summary(part[direction].to_numpy(dtype=float), ddof)
        for direction in DIRECTIONS
        for grouped, group, part in parts
    ]
    return DegreeSummary(pd.DataFrame(rows), counted.wave, counted.relation, by, ddof)


def _parts(people: pd.DataFrame, by: str | None) -> list[tuple[str, str, pd.DataFrame]]:
    """Return the groups in the order of their names, people of no group last."""
    if by is None:
        return []
    parts = [(by, str(g), people[people[by] == g]) for g in sorted(people[by].dropna().unique())]
    unknown = people[people[by].isna()]
    return [*parts, (by, NOT_KNOWN, unknown)] if len(unknown) else parts


def _summary(values: NDArray[np.float64], ddof: int) -> dict[str, object]:
    n = len(values)
    return {
        "n": n,
        "mean": float(values.mean()) if n else np.nan,
        "sd": float(values.std(ddof=ddof)) if n > ddof else np.nan,
        "ddof": ddof,
        "reason": "no people" if not n else "one person" if n <= ddof else "",
    }
