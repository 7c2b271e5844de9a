"""Maximum likelihood of the p1 model by Newton's method, on arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.networks.persons.p1_arcs import OpenArcs

__all__ = ["P1Fit", "p1_fit"]

STEPS = 100
# Newton's decrement is twice the log-likelihood still to be gained.
GAINED = 1e-16
SMALLEST_STEP = 2.0**-30
# A logit beyond this is a probability of 0 or 1 for all that doubles can tell: there is no maximum.
NO_MAXIMUM = 20.0


@dataclass(frozen=True, slots=True, eq=False)
class P1Fit:
    """Estimates at the maximum; alphas and betas of active people sum to 0 each.

    Attributes
    ----------
    theta, rho : float
        Choice and reciprocity.
    alpha, beta : ndarray, shape (n,)
        Productivity and attractiveness, nan where there is no finite value.
    covariance : ndarray
        Of theta, rho, then alphas, then betas of active people.
    log_likelihood : float
    converged : bool
        Whether there is a maximum and it was reached.
    """

    theta: float
    rho: float
    alpha: np.ndarray
    beta: np.ndarray
    covariance: np.ndarray
    log_likelihood: float
    converged: bool


def p1_fit(found: OpenArcs, *, reciprocity: bool = True) -> P1Fit:
    """Return the fit to the open arcs; without reciprocity rho is 0."""
    design = _Design(found, reciprocity)
    values = np.zeros(design.size)
    value, gradient, information = design.at(values)
    converged = False
    for _ in range(STEPS):
        step = np.linalg.lstsq(information, gradient, rcond=None)[0]
        if gradient @ step < GAINED * max(1.0, -value):
            converged = True
            break
        length = 1.0
        while (following := design.at(values + length * step))[0] < value:
            length /= 2
            if length < SMALLEST_STEP:
                break
        values = values + length * step
        value, gradient, information = following
        if np.abs(design.expanded(values)).max() > NO_MAXIMUM:
            break
    return design.fit(values, value, information, converged)


class _Design:
    """Free parameters of the model, with the log-likelihood and its derivatives at their values.

    The last active sender's alpha is minus the sum of the others', and so with beta.
    """

    def __init__(self, found: OpenArcs, reciprocity: bool) -> None:
        self.found = found
        self.senders = np.flatnonzero(found.senders)
        self.receivers = np.flatnonzero(found.receivers)
        self.n_free = np.array([max(len(self.senders) - 1, 0), max(len(self.receivers) - 1, 0)])
        self.reciprocity = reciprocity
        self.size = 1 + reciprocity + int(self.n_free.sum())
        mutual = found.arcs * found.arcs.T
        self.n_mutual = (mutual * found.is_open * found.is_open.T).sum() / 2
        self.n_mutual += (mutual * found.is_open * found.certain_back).sum()

    def expanded(self, values: np.ndarray) -> np.ndarray:
        """Return theta, rho, all alphas and all betas of active people."""
        rho = values[1 : 1 + self.reciprocity] if self.reciprocity else np.zeros(1)
        alpha, beta = np.split(values[1 + self.reciprocity :], [self.n_free[0]])
        last = [-alpha.sum()][: len(self.senders)], [-beta.sum()][: len(self.receivers)]
        return np.concatenate([values[:1], rho, alpha, last[0], beta, last[1]])

    def at(self, values: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Return log-likelihood, gradient and information."""
        theta, rho, alpha, beta = self._parts(values)
        found = self.found
        logit = theta + alpha[:, None] + beta[None, :] + rho * found.certain_back
        both, one = found.is_open & found.is_open.T, found.is_open & ~found.is_open.T
        weight = np.where(found.is_open, np.exp(np.clip(logit, -700, 700)), 0.0)
        pair = weight * weight.T * np.exp(rho)
        total = 1 + weight + np.where(both, weight.T + pair, 0.0)
        there = np.where(both, weight + pair, weight) / total
        mutual = np.where(both, pair / total, 0.0)
        value = float((found.arcs * np.where(found.is_open, logit, 0.0)).sum())
        value += float(rho * (found.arcs * found.arcs.T * both).sum() / 2)
        value -= float(np.log(total)[both].sum() / 2 + np.log(total)[one].sum())
        gradient = self._gradient(there, mutual)
        return value, gradient, self._information(there, mutual, both)

    def _parts(self, values: np.ndarray) -> tuple[float, float, np.ndarray, np.ndarray]:
        whole = self.expanded(values)
        n = len(self.found.arcs)
        alpha, beta = np.zeros(n), np.zeros(n)
        alpha[self.senders], beta[self.receivers] = np.split(whole[2:], [len(self.senders)])
        return float(whole[0]), float(whole[1]), alpha, beta

    def _gradient(self, there: np.ndarray, mutual: np.ndarray) -> np.ndarray:
        left = np.where(self.found.is_open, self.found.arcs - there, 0.0)
        expected = mutual.sum() / 2 + (there * self.found.certain_back).sum()
        whole = [left.sum(), self.n_mutual - expected]
        sums = left.sum(axis=1)[self.senders], left.sum(axis=0)[self.receivers]
        return self._free(np.concatenate([whole, *sums])[:, None])[:, 0]

    def _information(self, there: np.ndarray, mutual: np.ndarray, both: np.ndarray) -> np.ndarray:
        """Return the covariance of the sufficient statistics, dyads being independent."""
        s, r, back = self.senders, self.receivers, self.found.certain_back
        own = np.where(self.found.is_open, there * (1 - there), 0.0)
        cross = np.where(both, mutual - there * there.T, 0.0)
        # Of an arc with what reciprocity counts: the mutual dyad, or the arc itself if sure of one.
        with_mutual = np.where(both, mutual * (1 - there), own * back)
        # Arc (i, j) is in alpha_i and beta_j, and arc (j, i) in alpha_j and beta_i.
        out_out = np.diag(own.sum(axis=1)) + cross
        in_in = np.diag(own.sum(axis=0)) + cross
        out_in = own + np.diag(cross.sum(axis=1))
        of_theta = own + cross
        n_pairs = (mutual * (1 - mutual)).sum() / 2 + (own * back).sum()
        top = np.array([[of_theta.sum(), with_mutual.sum()], [with_mutual.sum(), n_pairs]])
        left = np.column_stack([of_theta.sum(axis=1), with_mutual.sum(axis=1)])[s]
        right = np.column_stack([of_theta.sum(axis=0), with_mutual.sum(axis=0)])[r]
        corner = out_in[np.ix_(s, r)]
        whole = np.block(
            [
                [top, left.T, right.T],
                [left, out_out[np.ix_(s, s)], corner],
                [right, corner.T, in_in[np.ix_(r, r)]],
            ]
        )
        return self._free(self._free(whole).T)

    def _free(self, whole: np.ndarray) -> np.ndarray:
        """Return rows of all parameters as rows of the free ones."""
        head, alpha, beta = np.split(whole, [2, 2 + len(self.senders)])
        head = head[: 1 + self.reciprocity]
        return np.vstack([head, *(part[:-1] - part[-1:] for part in (alpha, beta) if len(part))])

    def fit(
        self, values: np.ndarray, value: float, information: np.ndarray, converged: bool
    ) -> P1Fit:
        """Return the fit at these values."""
        theta, rho, alpha, beta = self._parts(values)
        alpha[~self.found.senders] = np.nan
        beta[~self.found.receivers] = np.nan
        free = np.linalg.pinv(information, hermitian=True)
        columns = np.column_stack([self.expanded(column) for column in np.eye(self.size)])
        covariance = columns @ free @ columns.T
        return P1Fit(theta, rho, alpha, beta, covariance, value, converged)
