"""Standard errors that allow pairs with a person in common to go together."""

from __future__ import annotations

import numpy as np

__all__ = ["dyadic_variance"]


def dyadic_variance(
    scores: np.ndarray, bread: np.ndarray, sender: np.ndarray, receiver: np.ndarray, n: int
) -> np.ndarray:
    """Return the variance of coefficients when pairs that share a person may be correlated.

    B M B n / (n - 1), where M is the sum of s_d s_e' over all pairs of cells d, e that have a
    person in common, each taken once. As the sum over people of what their cells add up to counts
    the cells of one and the same dyad twice, these are taken off once.

    Parameters
    ----------
    scores : ndarray, shape (N, m)
        Scores of the cells: each row of X times its residual.
    bread : ndarray, shape (m, m)
        Inverse of X'WX.
    sender, receiver : ndarray, shape (N,)
        Who each cell is of.
    n : int
        Number of people.

    Returns
    -------
    ndarray, shape (m, m)
        Its diagonal can fall below 0, as this estimator need not be positive.

    References
    ----------
    Aronow, P. M., Samii, C., & Assenova, V. A. (2015). Cluster-robust variance estimation for
    dyadic data. Political Analysis, 23(4), 564-577, equation 4. The factor n / (n - 1) is that of
    CR1 with people for clusters; they have none.
    """
    of_people = np.zeros((n, scores.shape[1]))
    np.add.at(of_people, sender, scores)
    np.add.at(of_people, receiver, scores)
    dyad = np.minimum(sender, receiver) * n + np.maximum(sender, receiver)
    place = np.unique(dyad, return_inverse=True)[1]
    of_dyads = np.zeros((int(place.max(initial=-1)) + 1, scores.shape[1]))
    np.add.at(of_dyads, place, scores)
    meat = of_people.T @ of_people - of_dyads.T @ of_dyads
    return np.asarray(bread @ meat @ bread * (n / (n - 1)))
