"""What a regression of ties says of each term, and why where it says nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cvln_eval.networks.dyads.cells import Cells
from cvln_eval.networks.dyads.estimates import counts, estimates, fits, term_names
from cvln_eval.networks.dyads.exchange import Exchange, exchange_of
from cvln_eval.networks.dyads.parts import (
    Model,
    model_of,
    outcome_part,
    score_part,
    stays,
    term_part,
    within,
)
from cvln_eval.networks.dyads.projecting import Moving
from cvln_eval.networks.dyads.testing import P_COLUMNS, p_values, permuted
from cvln_eval.results import count

__all__ = ["Evidence", "gathered"]

BY_OTHERS = "the other terms tell pairs with a tie from those without: no test of this one"
NOBODY = "nobody can be exchanged with anybody else"
STAYS = "whoever is exchanged, this term stays as it is: no permutation speaks of it"
ALL_ALIKE = "in each network all pairs have the same outcome"
EXACT = "the terms give the outcome without an error"
# Residuals whose sum of squares is below this share of the outcome's are rounding.
ROUNDING = 1e-20
ESTIMATED = ("estimate", "standardised", "std_error", "conf_low", "conf_high", "vif")


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What a regression says.

    Attributes
    ----------
    terms : DataFrame
        One row a coefficient, intercepts first.
    whole : dict
        Of the regression as a whole.
    draws : dict of str to ndarray
        Statistic of each tested term after the permutations.
    """

    terms: pd.DataFrame
    whole: dict[str, object]
    draws: dict[str, np.ndarray]


def gathered(
    cells: Cells, *, method: str, n_draws: int, conf_level: float, rng: int | np.random.Generator
) -> Evidence:
    """Return the evidence of a regression; `method` is "dsp", "y", "logistic" or "qap"."""
    if reason := _why_none(cells):
        empty = dict.fromkeys((*ESTIMATED, *P_COLUMNS), np.nan)
        terms = pd.DataFrame({"term": term_names(cells)}).assign(**empty, reason=reason)
        return Evidence(terms, counts(cells, reason), {})
    is_linear, exchange = method != "logistic", exchange_of(cells)
    keeps_known = exchange.keeps_known and bool(cells.at_risk.all())
    model = model_of(cells, is_logistic=not is_linear, keeps_known=keeps_known)
    terms = estimates(model, is_linear=is_linear, conf_level=conf_level)
    whole = counts(cells, "") | fits(model, is_linear=is_linear)
    parts, reasons = _parts(model, method, exchange)
    terms = terms.assign(**dict.fromkeys(P_COLUMNS, np.nan))
    terms["reason"] = [
        "; ".join(part for part in (given, reasons.get(column, "")) if part)
        for column, given in enumerate(terms["reason"])
    ]
    if not parts:
        return Evidence(terms, whole, {})
    moving = tuple({id(part): part for part in parts.values()}.values())
    found = permuted(cells, exchange, moving, n_draws=n_draws, rng=rng)
    terms.loc[list(parts), list(P_COLUMNS)] = p_values(found, conf_level)
    whole |= {"n_draws": len(found.draws), "enumerated": found.enumerated}
    names = terms.loc[list(parts), "term"]
    return Evidence(terms, whole, dict(zip(names, found.draws.T, strict=True)))


def _why_none(cells: Cells) -> str:
    """Return why nothing can be estimated, "" if something can."""
    outcome = cells.outcome[cells.used]
    least = len(cells.labels) + len(cells.networks) + 1
    if len(outcome) < least:
        known = count(len(outcome), "pair")
        return f"outcome and terms are known of {known}, where {least} are needed"
    if np.ptp(outcome) == 0:
        return f"all pairs have the same outcome, {outcome[0]:g}"
    layers = np.split(outcome, np.flatnonzero(np.diff(cells.layer[cells.used])) + 1)
    return ALL_ALIKE if all(np.ptp(layer) == 0 for layer in layers) else ""


def _parts(
    model: Model, method: str, exchange: Exchange
) -> tuple[dict[int, Moving], dict[int, str]]:
    """Return what the test of each column moves, and why a column has none."""
    columns = [int(column) for column in model.tested]
    if exchange.n_possible == 1:
        return {}, dict.fromkeys(columns, NOBODY)
    if method in ("dsp", "y") and _is_exact(model):
        return {}, dict.fromkeys(columns, EXACT)
    reasons = {column: STAYS for column in columns if stays(model, column, exchange)}
    able = [column for column in columns if column not in reasons]
    if method == "y":
        return (dict.fromkeys(able, outcome_part(model, able)) if able else {}), reasons
    found = {column: _moving(model, method, column) for column in able}
    reasons |= {column: BY_OTHERS for column, part in found.items() if part is None}
    return {column: part for column, part in found.items() if part is not None}, reasons


def _moving(model: Model, method: str, column: int) -> Moving | None:
    if method == "logistic":
        return score_part(model, column)
    part = term_part(model, column)
    return replace(part, kind="correlation") if method == "qap" else part


def _is_exact(model: Model) -> bool:
    left, outcome = model.fit.residual, within(model, model.cells.outcome)[model.used]
    return bool(left @ left <= ROUNDING * (outcome @ outcome))
