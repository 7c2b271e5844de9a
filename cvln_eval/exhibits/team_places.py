"""Where the people of a network stand: each team in a disc of its own, the discs in a ring.

Arrays in, arrays out, and no randomness: the same ties give the same places.
"""

from __future__ import annotations

import itertools

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import shortest_path

__all__ = ["disc_radii", "places_in_teams", "ring_order", "stress_places", "team_centres"]

GOLDEN = np.pi * (3 - np.sqrt(5))
PER_PERSON = 0.62  # radius of the disc of a team of one, where people stand about 1 apart
GAP = 1.1  # between the discs of neighbouring teams
LEAST_APART = 0.86  # between two people of a team
EDGE = 0.42  # from the outermost person to the edge of the disc
STEPS = 150
ROOMY = 3  # a ring of fewer teams has no middle that ties could cross
FEW_TEAMS = 7  # of so many all orders are tried
TURNS = 36
SWEEPS = 4


def places_in_teams(
    sender: np.ndarray, receiver: np.ndarray, weight: np.ndarray, teams: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return where people stand and the discs of their teams.

    Parameters
    ----------
    sender, receiver : ndarray of int, shape (T,)
        Ends of the ties of all waves.
    weight : ndarray, shape (T,)
        In how many waves each was there.
    teams : ndarray of int, shape (n,)
        The team of each person, from 0 on; each team has somebody.

    Returns
    -------
    ndarray, shape (n, 2)
        Places; people of a team stand about 1 apart.
    ndarray, shape (teams, 2)
        Middles of the discs.
    ndarray, shape (teams,)
        Radii of the discs.
    """
    sizes = np.bincount(teams)
    ties = sparse.csr_array((weight, (sender, receiver)), shape=(len(teams),) * 2).toarray()
    ties = ties + ties.T
    member = np.eye(len(sizes))[teams]
    order = ring_order(member.T @ ties @ member)
    radii = disc_radii(sizes)
    centres = np.empty((len(sizes), 2))
    centres[order] = team_centres(radii[order])
    inside = np.empty((len(teams), 2))
    for team in range(len(sizes)):
        own = np.flatnonzero(teams == team)
        inside[own] = stress_places(ties[np.ix_(own, own)], radius=radii[team] - EDGE)
    return _turned(inside, centres, teams, ties), centres, radii


def disc_radii(sizes: np.ndarray) -> np.ndarray:
    """Return the radius of the disc of each team: its area grows with its people."""
    return np.asarray(PER_PERSON * np.sqrt(sizes) + EDGE)


def ring_order(ties: np.ndarray) -> np.ndarray:
    """Return the order of teams in a ring in which teams with many ties stand near each other.

    The order has the least sum of ties times steps along the ring: of all orders up to seven
    teams, else of those that exchanging two teams leads to.
    """
    n = len(ties)
    if n <= FEW_TEAMS:
        orders = [np.array([0, *rest], dtype=int) for rest in itertools.permutations(range(1, n))]
        return min(orders, key=lambda order: _ring_cost(ties, order))
    order = np.arange(n)
    for _ in range(n):
        before = _ring_cost(ties, order)
        for first, second in itertools.combinations(range(n), 2):
            other = order.copy()
            other[[first, second]] = order[[second, first]]
            if _ring_cost(ties, other) < _ring_cost(ties, order):
                order = other
        if _ring_cost(ties, order) == before:
            break
    return order


def _ring_cost(ties: np.ndarray, order: np.ndarray) -> float:
    n = len(order)
    steps = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    return float((ties[np.ix_(order, order)] * np.minimum(steps, n - steps)).sum())


def team_centres(radii: np.ndarray) -> np.ndarray:
    """Return the middles of discs in a ring, the first at the top, each beside the one before.

    The ring is as small as it can be without discs that overlap; two discs stand side by side,
    one in the middle.
    """
    n = len(radii)
    if n == 1:
        return np.zeros((1, 2))
    reach = radii + np.roll(radii, -1) + GAP
    if n < ROOMY:
        return np.array([[-reach[0] / 2, 0], [reach[0] / 2, 0]])
    low, high = reach.max() / 2, reach.sum()
    for _ in range(60):
        middle = (low + high) / 2
        fits = (2 * np.arcsin(np.minimum(reach / (2 * middle), 1))).sum() <= 2 * np.pi
        low, high = (low, middle) if fits else (middle, high)
    steps = 2 * np.arcsin(np.minimum(reach / (2 * high), 1))
    angles = np.pi / 2 - np.concatenate([[0], np.cumsum(steps * 2 * np.pi / steps.sum())[:-1]])
    return np.asarray(high * np.column_stack([np.cos(angles), np.sin(angles)]))


def stress_places(ties: np.ndarray, *, radius: float) -> np.ndarray:
    """Return places in a disc at which distances are near those along the ties (Kamada-Kawai).

    Begins with a spiral, those with most ties in the middle, and lessens the stress by
    majorization; then people who stand too near each other are pushed apart.
    """
    n = len(ties)
    if n == 1:
        return np.zeros((1, 2))
    away = shortest_path(ties > 0, directed=False, unweighted=True)
    connected = np.isfinite(away)
    away[~connected] = away[connected].max() + 1
    weights = 1 / np.maximum(away, 1) ** 2
    np.fill_diagonal(weights, 0)
    places = _spiral(np.argsort(-ties.sum(axis=1), kind="stable"))
    pull = np.linalg.pinv(np.diag(weights.sum(axis=1)) - weights)
    for _ in range(STEPS):
        ratio = weights * away / np.maximum(_apart(places), 1e-9)
        places = pull @ (np.diag(ratio.sum(axis=1)) - ratio) @ places
    return _spread(places, radius)


def _spiral(order: np.ndarray) -> np.ndarray:
    """Return evenly spread places, the first of the order in the middle."""
    turns = np.arange(len(order))
    distance = np.sqrt(turns + 0.5)
    places = np.empty((len(order), 2))
    places[order] = np.column_stack(
        [distance * np.cos(GOLDEN * turns), distance * np.sin(GOLDEN * turns)]
    )
    return places


def _apart(places: np.ndarray) -> np.ndarray:
    return np.asarray(np.linalg.norm(places[:, None] - places[None], axis=2))


def _spread(places: np.ndarray, radius: float) -> np.ndarray:
    """Fill the disc with the places and push apart who stand nearer than people should."""
    places = places - (places.max(axis=0) + places.min(axis=0)) / 2
    places = places * radius / max(np.linalg.norm(places, axis=1).max(), 1e-9)
    for _ in range(STEPS):
        between = places[:, None] - places[None]
        apart = np.linalg.norm(between, axis=2)
        np.fill_diagonal(apart, np.inf)
        push = np.maximum(LEAST_APART - apart, 0) / (2 * np.maximum(apart, 1e-9))
        places = places + 0.6 * (push[:, :, None] * between).sum(axis=1)
        beyond = np.linalg.norm(places, axis=1) / radius
        places = places / np.maximum(beyond, 1)[:, None]
    return np.asarray(places)


def _turned(
    inside: np.ndarray, centres: np.ndarray, teams: np.ndarray, ties: np.ndarray
) -> np.ndarray:
    """Turn and mirror each disc so that ties between teams are short."""
    angles = 2 * np.pi * np.arange(TURNS) / TURNS
    turns = np.array([[np.cos(angles), -np.sin(angles)], [np.sin(angles), np.cos(angles)]])
    turns = np.moveaxis(turns, 2, 0)
    turns = np.concatenate([turns, turns * np.array([1, -1])])
    places = inside + centres[teams]
    for _ in range(SWEEPS):
        for team in range(len(centres)):
            own, others = teams == team, teams != team
            tried = inside[own] @ turns.swapaxes(1, 2) + centres[team]
            gaps = np.linalg.norm(tried[:, :, None] - places[others][None, None], axis=3)
            # Rounded, so that ways that are equally good are the same on each machine.
            cost = np.round((gaps * ties[np.ix_(own, others)]).sum(axis=(1, 2)), 6)
            places[own] = tried[int(np.argmin(cost))]
    return np.asarray(places)
