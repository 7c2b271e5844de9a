"""What each test moves and what it leaves: the set-up from which all permutations are computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.robust.basis import Basis
from cvln_eval.networks.dyads.cells import Cells
from cvln_eval.networks.dyads.exchange import Exchange
from cvln_eval.networks.dyads.fitting import Fit, design_of, least_squares, logistic
from cvln_eval.networks.dyads.projecting import Moving

__all__ = [
    "Model",
    "inflation",
    "model_of",
    "outcome_part",
    "score_part",
    "stays",
    "term_part",
    "within",
]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A regression of cells.

    Attributes
    ----------
    cells : Cells
    design : ndarray, shape (C, m)
        An intercept a network, then the terms.
    used : ndarray of bool, shape (C,)
        Cells that count.
    fit : Fit
        Of these.
    keeps_known : bool
        Whether permutations take known cells to known ones.
    """

    cells: Cells
    design: np.ndarray
    used: np.ndarray
    fit: Fit
    keeps_known: bool

    @property
    def outcome(self) -> np.ndarray:
        """Outcome of the cells that count."""
        return np.asarray(self.cells.outcome[self.used])

    @property
    def n_layers(self) -> int:
        """Number of networks, and so of intercepts."""
        return len(self.cells.networks)

    def kept_but(self, column: int) -> np.ndarray:
        """Return the columns that were kept, without one of them."""
        kept = self.fit.basis.kept
        return np.asarray(kept[kept != column])

    def others(self, column: int) -> np.ndarray:
        """Return what counts of the other columns."""
        return np.asarray(self.design[self.used][:, self.kept_but(column)])

    @property
    def tested(self) -> np.ndarray:
        """Columns of the terms that can be told apart from those before them."""
        kept = self.fit.basis.kept
        return np.asarray(kept[kept >= self.n_layers])


def model_of(cells: Cells, *, is_logistic: bool, keeps_known: bool) -> Model:
    """Return the regression of cells on all terms."""
    used = cells.used
    design = design_of(cells.layer, cells.terms, len(cells.networks))
    fit = (logistic if is_logistic else least_squares)(design[used], cells.outcome[used])
    return Model(cells, design, used, fit, keeps_known)


def term_part(model: Model, column: int) -> Moving:
    """Return how the residual of a term is moved for its t: double semi-partialling."""
    fit = least_squares(model.others(column), model.outcome)
    left = fit.residual / np.linalg.norm(fit.residual)
    columns = np.column_stack([fit.basis.columns, left])
    weights = None if model.keeps_known else model.used.astype(float)
    return _part("term", model, _left_of(model, column, fit.basis), columns, weights)


def score_part(model: Model, column: int) -> Moving | None:
    """Return how the residual of a term is moved for its score test in a logistic regression.

    None if the other terms alone have no finite coefficients.
    """
    others = model.others(column)
    fit = logistic(others, model.outcome)
    if not fit.converged:
        return None
    moving = _left_of(model, column, least_squares(others, model.outcome).basis)
    columns = np.column_stack([fit.basis.columns * fit.weights[:, None], fit.residual])
    weights = np.zeros(len(model.used))
    weights[model.used] = fit.weights
    return _part("score", model, moving, columns, weights)


def outcome_part(model: Model, columns: Sequence[int]) -> Moving:
    """Return how the outcome is moved for the t of each of these columns."""
    units = []
    for column in columns:
        basis = least_squares(model.others(column), model.outcome).basis
        left = _left_of(model, column, basis)[model.used]
        units.append(left / np.linalg.norm(left))
    stay = np.column_stack([model.fit.basis.columns, *units])
    weights = None if model.keeps_known else model.used.astype(float)
    moving = within(model, model.cells.outcome)
    return _part("outcome", model, moving, stay, weights, n_compared=len(units))


def _part(
    kind: str,
    model: Model,
    moving: np.ndarray,
    columns: np.ndarray,
    weights: np.ndarray | None,
    n_compared: int = 1,
) -> Moving:
    placed = np.zeros((columns.shape[1], len(model.used)))
    placed[:, model.used] = columns.T
    own = model.used if weights is None else weights
    length = float(np.square(moving) @ own)
    return Moving(kind, moving, placed, len(placed) - n_compared, weights, length, model.fit.df)


def _left_of(model: Model, column: int, others: Basis) -> np.ndarray:
    """Return what the other columns leave of one where all terms are known, 0 in the rest.

    Also where the outcome is not known or not at risk: people bring it to cells where it is.
    """
    own = model.design[:, column]
    kept = model.kept_but(column)[others.kept]
    coefficients = others.inverse @ (others.columns.T @ own[model.used])
    return np.asarray(np.where(model.cells.told, own - model.design[:, kept] @ coefficients, 0.0))


def within(model: Model, values: np.ndarray) -> np.ndarray:
    """Return values of known cells less the mean of their network's cells that count."""
    layer, used = model.cells.layer, model.used
    counts = np.bincount(layer[used], minlength=model.n_layers)
    sums = np.bincount(layer[used], values[used], minlength=model.n_layers)
    means = sums / np.maximum(counts, 1)
    return np.asarray(np.where(model.cells.known, values - means[layer], 0.0))


def inflation(model: Model) -> np.ndarray:
    """Return the variance inflation of each tested column within networks: 1 / (1 - R^2).

    R^2 is that of the column on the other terms: the diagonal of the inverse of the correlation
    matrix.
    """
    left = [within(model, model.design[:, column])[model.used] for column in model.tested]
    columns = np.reshape(left, (len(left), int(model.used.sum())))
    cross = columns @ columns.T
    return np.asarray(np.diag(cross) * np.diag(np.linalg.inv(cross)))


def stays(model: Model, column: int, exchange: Exchange) -> bool:
    """Return whether a column is the same whoever is exchanged.

    Permutations within classes bring each ordered pair of people to every other pair of the same
    two classes, so that it has to be constant over these.
    """
    classes, told = exchange.classes, model.cells.told
    width = int(classes.max()) + 1
    sender, receiver = (classes[end] for end in model.cells.ends)
    orbit = ((model.cells.layer * width + sender) * width + receiver)[told]
    values = model.design[told, column]
    order = np.argsort(orbit, kind="stable")
    same_orbit = np.diff(orbit[order]) == 0
    return not (np.diff(values[order])[same_orbit] != 0).any()
