"""People drawn with replacement, and what ties among the drawn add up to.

A person drawn w times stands for w people, so that every count of pairs is a form w' X w: no draw
builds its network.
"""

from __future__ import annotations

import numpy as np

from cvln_eval.networks.mixing.grouping import Grouped
from cvln_eval.networks.panel import Network

__all__ = ["drawn_mixing", "drawn_whole", "forms_of_groups", "forms_of_whole"]


def forms_of_whole(network: Network) -> np.ndarray:
    """Return ties, answerable pairs, arcs among those who answered, and returned arcs, as 0 and 1.

    Shape (4, n, n). An undirected tie counts in both directions.
    """
    answered = network.answered
    among = np.outer(answered, answered)
    pairs = among if not network.directed else np.repeat(answered[:, None], network.n, axis=1)
    tied = network.adjacency().toarray() > 0
    inner = tied & among
    forms = np.array([tied & pairs, pairs, inner, inner & inner.T])
    forms[:, np.arange(network.n), np.arange(network.n)] = False
    return forms


def forms_of_groups(groups: Grouped) -> np.ndarray:
    """Return ties and known pairs within groups, then both between them, as 0 and 1."""
    matrix = groups.network.matrix(valued=False)
    tied, known = matrix == 1, ~np.isnan(matrix)
    same = np.equal.outer(groups.codes, groups.codes)
    return np.array([tied & same, known & same, tied & ~same, known & ~same])


def drawn_whole(
    size: int, stream: np.random.Generator, forms: np.ndarray, answered: np.ndarray
) -> np.ndarray:
    """Return density and both reciprocities of each draw, shape (size, 3).

    Two copies of one person who answered get the dyad of two random people who did.
    """
    weights = _weights(size, stream, len(answered))
    ties, pairs, arcs, returned = _sums(weights, forms)
    copies = (weights * (weights - 1) / 2 * answered).sum(axis=1).astype(np.int64)
    mutual, asymmetric = _filled(stream, copies, forms)
    filled = 2 * mutual + asymmetric
    arcs, returned = arcs + filled, returned + 2 * mutual
    found = [
        _ratio(ties + filled, pairs + 2 * copies),
        _ratio(returned, arcs),
        _ratio(returned / 2, arcs - returned / 2),
    ]
    return np.column_stack(found)


def drawn_mixing(size: int, stream: np.random.Generator, forms: np.ndarray) -> np.ndarray:
    """Return E-I index, densities within and between groups, their difference, of each draw.

    Two copies of one person are no pair here: a random dyad would mostly be of two groups.
    """
    weights = _weights(size, stream, forms.shape[1])
    internal, within, external, between = _sums(weights, forms)
    inside, outside = _ratio(internal, within), _ratio(external, between)
    index = _ratio(external - internal, external + internal)
    return np.column_stack([index, inside, outside, inside - outside])


def _weights(size: int, stream: np.random.Generator, n: int) -> np.ndarray:
    """Return how often each of n people is among n drawn with replacement."""
    return stream.multinomial(n, np.full(n, 1 / n), size=size).astype(float)


def _sums(weights: np.ndarray, forms: np.ndarray) -> np.ndarray:
    return np.array([((weights @ form) * weights).sum(axis=1) for form in forms.astype(float)])


def _filled(
    stream: np.random.Generator, copies: np.ndarray, forms: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return how many of the copies' dyads are mutual and asymmetric."""
    arcs, returned = forms[2].sum(), forms[3].sum()
    dyads = _dyads(forms)
    shares = np.array([returned / 2, arcs - returned, dyads - arcs + returned / 2]) / dyads
    counts = stream.multinomial(copies, shares)
    return counts[:, 0], counts[:, 1]


def _dyads(forms: np.ndarray) -> float:
    """Return the number of dyads of people who both answered."""
    answered = forms[1].any(axis=1)
    n = int(answered.sum())
    return n * (n - 1) / 2


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.asarray(np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0))
