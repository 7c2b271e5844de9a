"""What brokerage to expect if ties fell anywhere with the same chance: exact mean and variance.

If ties are independent with probability d, a triple (i, j, k) is an open two-path i -> j -> k with
probability p = d^2 (1 - d). Two triples depend on each other through the ties that they share:

- a tie that is a leg of both adds d^3 (1 - d)^3 to the variance,
- a tie that is a leg of one and would close the other adds -d^4 (1 - d)^2, for they exclude each
  other (and so do two triples of the same three people that share two ties, which add it once),
- a tie that would close both adds d^5 (1 - d).

So the moments need only be counted: of each ordered pair of people (a, b), in how many triples of a
role it is the first leg, the second leg, or the tie that would close. These numbers depend on the
groups of a and b, and on whether a and b answered: what a sends is known only then.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Expected", "expected_roles"]


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """Means and standard errors by role, of each person (n, 6) and of the whole network (6,)."""

    person: np.ndarray
    person_error: np.ndarray
    whole: np.ndarray
    whole_error: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """In how many triples of a role an ordered pair of people has a place, by their classes.

    The pair is the first leg, the second leg, or the tie that would close; `twins` counts for the
    triples whose first leg it is the others of the role that share two ties with them.
    """

    first: np.ndarray
    second: np.ndarray
    closing: np.ndarray
    twins: np.ndarray


def expected_roles(group: np.ndarray, answered: np.ndarray, density: float) -> Expected:
    """Return the moments of each role given group, who answered, and the share of ties."""
    kinds, of_person = np.unique(2 * group + answered, return_inverse=True)
    size = np.bincount(of_person, minlength=len(kinds)).astype(float)
    pairs = size[:, None] - np.eye(len(kinds))  # others of a class, seen from one of the column's
    found = [
        _moments(places, size, pairs, density)
        for places in _roles(kinds // 2, (kinds % 2).astype(float), size)
    ]
    mean, error = (np.column_stack([one[place] for one in found]) for place in (0, 1))
    whole, whole_error = (np.array([one[place] for one in found]) for place in (2, 3))
    return Expected(mean[of_person], error[of_person], whole, whole_error)


def _moments(
    places: Places, size: np.ndarray, pairs: np.ndarray, density: float
) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Return mean and error of one person of each class, and of the sum over everybody."""
    d, first, second = density, places.first, places.second
    p = d**2 * (1 - d)
    both_legs, leg_closes, both_close = d**3 * (1 - d) ** 3, d**4 * (1 - d) ** 2, d**5 * (1 - d)
    triples = (pairs * first).sum(axis=0)
    shared = (pairs * first * (first - 1)).sum(axis=0)
    shared += (pairs.T * second * (second - 1)).sum(axis=1)
    variance = triples * p * (1 - p) + shared * both_legs
    among = size[:, None] * pairs.T
    legs, closing = first + second, places.closing
    whole = (among * first).sum()
    whole_variance = (
        whole * p * (1 - p)
        + (among * legs * (legs - 1)).sum() * both_legs
        - (2 * (among * legs * closing).sum() - (among * places.twins).sum()) * leg_closes
        + (among * closing * (closing - 1)).sum() * both_close
    )
    return triples * p, np.sqrt(variance), whole * p, float(np.sqrt(max(whole_variance, 0.0)))


def _roles(group: np.ndarray, answered: np.ndarray, size: np.ndarray) -> list[Places]:
    """Return the places of each role in the order of `ROLES`; a sends in each, so it answered.

    Of a class, n is the size of its group and r the number in it who answered; N and R are those
    of everybody.
    """
    same = (group[:, None] == group).astype(float)
    apart = 1 - same
    n, r = same @ size, same @ (size * answered)
    n_all, r_all = size.sum(), (size * answered).sum()
    sends = np.repeat(answered[:, None], len(size), axis=1)
    both, b = sends * answered, answered[None, :]
    n_a, n_b, r_a, r_b = n[:, None], n[None, :], r[:, None], r[None, :]
    within, third = sends * same * (r_a - 1 - b), sends * apart * (r_all - r_a - r_b)
    any_third = sends * (r_all - 1 - b)
    own, outside = sends * apart * (r_a - 1), sends * same * (r_all - r_a)
    theirs = sends * apart * (r_b - b)
    none = np.zeros_like(same)
    return [
        Places(both * same * (n_a - 2), within, within, both * same * (n_a + r_a - 4)),
        Places(both * apart * (n_a - 1), theirs, outside, none),
        Places(both * apart * (n_b - 1), outside, theirs, both * apart * (r_b - 1)),
        Places(both * same * (n_all - n_a), own, own, both * same * (n_all - n_a)),
        Places(
            both * apart * (n_all - n_a - n_b),
            third,
            third,
            both * apart * (n_all - n_a - n_b + r_all - r_a - r_b),
        ),
        Places(both * (n_all - 2), any_third, any_third, both * (n_all + r_all - 4)),
    ]
