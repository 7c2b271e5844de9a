"""Regressions of networks one by one, or of all together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from cvln_eval.inference.panel.asked import refuse_draws
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.networks.dyads.cells import cells_of
from cvln_eval.networks.dyads.evidence import gathered
from cvln_eval.networks.dyads.kinds import Setting, Term
from cvln_eval.networks.dyads.result import DyadRegression, regression_of

__all__ = ["METHODS", "regressions"]

METHODS = ("dsp", "y", "logistic")


def regressions(
    settings: Sequence[Setting],
    terms: Mapping[str, Term],
    *,
    method: str,
    pooled: bool,
    blocks: str | None,
    n_draws: int,
    conf_level: float,
    rng: int | np.random.Generator,
    processes: Sequence[str] = ("",),
) -> DyadRegression:
    """Return the regressions of networks, one a process; the others are arguments of `mrqap`."""
    refuse_level(conf_level)
    refuse_draws(n_draws)
    together = [list(settings)] if pooled else [[setting] for setting in settings]
    valued = method != "logistic" and not any(processes)
    every = [
        cells_of(some, terms, valued=valued, blocks=blocks, process=process)
        for some in together
        for process in processes
    ]
    found = [
        (cells, gathered(cells, method=method, n_draws=n_draws, conf_level=conf_level, rng=rng))
        for cells in every
    ]
    return regression_of(found, method=method, conf_level=conf_level)
