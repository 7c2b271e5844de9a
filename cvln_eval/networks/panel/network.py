"""One network: who named whom in one wave and relation, everybody who was asked among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
import pandas as pd
from scipy import sparse

from cvln_eval.errors import ArgumentError, shown

__all__ = ["Network", "refuse_threshold"]

# Dense n x n arrays beyond this many people would take more than a gigabyte.
DENSE = 12_000


def refuse_threshold(threshold: object) -> None:
    """Raise `ArgumentError` where a threshold is no number above 0: 0 says that there is no tie."""
    number = isinstance(threshold, int | float | np.number) and not isinstance(threshold, bool)
    if not number or not 0 < threshold < np.inf:  # type: ignore[operator]
        raise ArgumentError(
            "This is no least strength of a tie",
            expected="a number above 0; a strength of 0 says that there is no tie",
            seen=repr(threshold),
            column="strength",
        )


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Ties among the people asked about one relation in one wave, in arrays linear in the ties.

    Attributes
    ----------
    wave, relation : str
        Which network. A network that is not of a study has "" for its wave.
    people : DataFrame
        One row a person, sorted by `person_id`, with `team_id` and what else the roster says.
    sender, receiver : ndarray
        For each tie the rows of its ends in `people`, sorted by sender, then receiver; nobody
        is tied to himself. An undirected tie stands once, its smaller row first.
    strength : ndarray
        For each tie its strength, nan where it was not given; 1 in a binary network.
    answered : ndarray
        For each person whether they answered; what the others named is not known.
    directed : bool
        Whether a tie has a direction.
    threshold : float or None
        Least strength that counted as a tie; None where each strength above 0 did.
    rule : str
        Whose word a tie is: "sender", or of an undirected network "either" or "both" of its ends,
        or "answered" where ties are left out unless both ends answered. One that is undirected by
        no rule ("sender") is known where one by "either" is.
    claimed : ndarray
        Ties that one end named and the other, asked for its word too, did not answer; shape
        (2, number). Empty but by the rule "both".
    """

    wave: str
    relation: str
    people: pd.DataFrame
    sender: np.ndarray
    receiver: np.ndarray
    strength: np.ndarray
    answered: np.ndarray
    directed: bool = True
    threshold: float | None = None
    rule: str = "sender"
    claimed: np.ndarray = field(default_factory=lambda: np.empty((2, 0), dtype=np.intp))

    @property
    def n(self) -> int:
        """Number of people."""
        return len(self.people)

    @property
    def n_ties(self) -> int:
        """Number of ties; an undirected one counts once."""
        return len(self.sender)

    @property
    def ids(self) -> pd.Index:
        """Ids of the people, in the order of the arrays."""
        ids: pd.Index = pd.Index(self.people["person_id"])
        return ids

    @property
    def valued(self) -> bool:
        """Whether ties differ in strength."""
        return bool(np.any(self.strength != 1))

    def arcs(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return sender, receiver and strength of each arc; an undirected tie is an arc each way.

        They are sorted by sender, then receiver.
        """
        if self.directed:
            return self.sender, self.receiver, self.strength
        ends = np.concatenate([[self.sender, self.receiver], [self.receiver, self.sender]], axis=1)
        order = np.lexsort(ends[::-1])
        return ends[0][order], ends[1][order], np.tile(self.strength, 2)[order]

    def adjacency(self, *, valued: bool = False) -> sparse.csr_array:
        """Return the ties as a sparse n x n array, rows send; memory is linear in the ties.

        A tie without a strength is 1. What is not known is 0 here: see `known`.
        """
        sender, receiver, strength = self.arcs()
        data = np.where(np.isnan(strength), 1.0, strength) if valued else np.ones(len(sender))
        return sparse.csr_array((data, (sender, receiver)), shape=(self.n, self.n))

    def known(self, sender: np.ndarray, receiver: np.ndarray) -> np.ndarray:
        """Return for pairs of people whether it is known if the first is tied to the second.

        An arc is known where its sender answered. By the rule "either" an undirected tie is known
        where both answered or one of them named it, by "both" where all who were asked for it
        answered or one answered and did not name it, and by "answered" where both answered.
        Nobody's tie to himself is known.
        """
        first, second = self.answered[sender], self.answered[receiver]
        if self.directed:
            known = first
        elif self.rule == "both":
            claimed = np.concatenate([self.claimed, self.claimed[::-1]], axis=1)
            known = (first | second) & ~self._among(sender, receiver, claimed)
        else:
            known = (first & second) | self._among(sender, receiver, self.arcs()[:2])
        return np.asarray(known & (sender != receiver))

    def matrix(self, *, valued: bool = True) -> np.ndarray:
        """Return the ties as a dense array of shape (n, n), rows send; nan what is not known.

        The diagonal is nan: nobody is asked about himself.

        Raises
        ------
        ArgumentError
            If there are more than 12,000 people, whose array would take more than a gigabyte.
        """
        if self.n > DENSE:
            raise ArgumentError(
                "A dense matrix of this network would take more than a gigabyte",
                expected=f"at most {DENSE:,} people",
                seen=f"{self.n:,}",
            )
        sender, receiver, strength = self.arcs()
        dense = np.zeros((self.n, self.n))
        dense[sender, receiver] = strength if valued else 1.0
        # A column and a row of places meet in each cell; no array of places is as large as this.
        dense[~self.known(*np.ogrid[: self.n, : self.n])] = np.nan
        return dense

    def n_dyads(self, *, known: bool = True) -> int:
        """Return the number of ordered pairs, of an undirected network that of unordered ones.

        Parameters
        ----------
        known : bool
            Whether to count only those of which it is known if they are tied.
        """
        n, answered = self.n, int(self.answered.sum())
        pairs = n * (n - 1) if self.directed else n * (n - 1) // 2
        if not known:
            return pairs
        if self.directed:
            return answered * (n - 1)
        both = answered * (answered - 1) // 2
        if self.rule == "both":
            return both + answered * (n - answered) - len(self.claimed[0])
        of_one = ~(self.answered[self.sender] & self.answered[self.receiver])
        return both + int(of_one.sum())

    def groups(self, by: str) -> tuple[np.ndarray, pd.Index]:
        """Return for each person the number of their group, and the names of the groups, sorted.

        A person of no group has the number -1.

        Raises
        ------
        ArgumentError
            If `by` is no column of `people`.
        """
        if not isinstance(by, str) or by not in self.people:
            raise ArgumentError(
                "People have no such attribute", expected=shown(self.people), seen=repr(by)
            )
        column = self.people[by]
        named = column.astype("str").where(column.notna())
        codes, names = pd.factorize(named, sort=True)
        return codes, pd.Index(names)

    def binary(self, threshold: float | None = None) -> Self:
        """Return the network of ties that are this strong, or of all, each of strength 1.

        Raises
        ------
        ArgumentError
            If the threshold is no number above 0, or the ties have another already. Or if ties by
            the rule "both" wait for the word of an end that did not answer: how strong the other
            end's word was is not kept, and a weak one would have said that there is none.
        """
        if threshold is None:
            return replace(self, strength=np.ones(self.n_ties))
        refuse_threshold(threshold)
        if self.threshold is not None and threshold != self.threshold:
            raise ArgumentError(
                "Ties are binary by another threshold, and how strong they were is not kept",
                expected=f"{self.threshold:g}",
                seen=repr(threshold),
                todo="take the threshold of the network that has strengths",
            )
        if self.threshold is not None:
            return self
        if self.claimed.size:
            raise ArgumentError(
                "Whether these pairs reach the threshold is not known any more",
                expected="the threshold first, then `symmetrised`",
                seen=shown(f"{self.ids[i]} and {self.ids[j]}" for i, j in self.claimed.T),
            )
        strong = self.strength >= threshold
        return replace(
            self,
            sender=self.sender[strong],
            receiver=self.receiver[strong],
            strength=np.ones(int(strong.sum())),
            threshold=threshold,
        )

    def answerable(self) -> Self:
        """Return the network of the pairs that are known whichever way they turned out.

        An undirected tie with somebody who did not answer may be known because it is one, as by the
        rule "either", or because it is none, as by "both". To count such pairs would make the known
        ones denser, or sparser, than the others are: a pair is kept where both answered. An arc is
        kept where its sender answered.
        """
        told = self.answered[self.sender]
        if not self.directed:
            told = told & self.answered[self.receiver]
        return replace(
            self,
            sender=self.sender[told],
            receiver=self.receiver[told],
            strength=self.strength[told],
            rule=self.rule if self.directed else "answered",
            claimed=self.claimed[:, :0],
        )

    def among(self, persons: Iterable[object]) -> Self:
        """Return the network of these people alone, their ties to others left out.

        Raises
        ------
        ArgumentError
            If one of them is not in the network.
        """
        wanted = pd.Index([str(person) for person in persons]).unique().sort_values()
        rows = self.ids.get_indexer(wanted)
        if (rows < 0).any():
            raise ArgumentError(
                "A person is not in the network",
                expected=f"people asked about {self.relation!r} in wave {self.wave!r}",
                seen=shown(wanted[rows < 0]),
            )
        place = np.full(self.n, -1)
        place[rows] = np.arange(len(rows))
        kept = (place[self.sender] >= 0) & (place[self.receiver] >= 0)
        claimed = place[self.claimed]
        return replace(
            self,
            people=self.people.iloc[rows].reset_index(drop=True),
            sender=place[self.sender[kept]],
            receiver=place[self.receiver[kept]],
            strength=self.strength[kept],
            answered=self.answered[rows],
            claimed=claimed[:, (claimed >= 0).all(axis=0)],
        )

    def _among(
        self, sender: np.ndarray, receiver: np.ndarray, pairs: tuple[np.ndarray, ...] | np.ndarray
    ) -> np.ndarray:
        place = np.asarray(sender, dtype=np.int64) * self.n + receiver
        return np.isin(place, np.asarray(pairs[0], dtype=np.int64) * self.n + pairs[1])
