"""Ties of each wave explained by what was there in the wave before."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from itertools import pairwise

import numpy as np

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.networks.dyads.fitted import METHODS, regressions
from cvln_eval.networks.dyads.kinds import Setting, Term, Tie
from cvln_eval.networks.dyads.result import DyadRegression
from cvln_eval.networks.dyads.terms import Terms, named_terms, outcomes
from cvln_eval.networks.panel import NetworkPanel

__all__ = ["lagged", "refuse_later", "waves_after"]


def lagged(
    panel: NetworkPanel,
    *,
    relation: str,
    terms: Terms = (),
    method: str = "dsp",
    pooled: bool = False,
    blocks: str | None = None,
    n_draws: int = 4999,
    conf_level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> DyadRegression:
    """Regress the ties of each wave on the ties and terms of the wave before.

    Each wave in which the relation was asked, but the first, is explained by the relation's ties in
    the wave before it and by terms as they were there: the roster's attributes and other
    relations' ties of that wave. Pairs of stayers count, as nothing is known of the others in both
    waves.

    Parameters
    ----------
    panel : NetworkPanel
        With two or more waves of the relation.
    relation : str
        Whose ties are explained.
    terms : list, or mapping of names
        Further terms as in `mrqap`. One with a `wave` of its own is of that wave, which has to
        come before the wave explained.
    method : {"dsp", "y", "logistic"}
        As `mrqap`, or as `logistic_qap`.
    pooled, blocks, n_draws, conf_level, rng
        As in `mrqap`; pooled, all changes between waves make one regression.

    Returns
    -------
    DyadRegression
        `wave` is that of the outcome; each term's label says the wave it is of.

    Raises
    ------
    ArgumentError
        As `mrqap`; if the relation was asked in fewer than two waves, or a term is not of a wave
        before.

    Examples
    --------
    >>> import pandas as pd
    >>> from cvln_eval.networks.dyads import same
    >>> from cvln_eval.networks.panel import network_panel
    >>> ties = pd.DataFrame({"wave": list("11222"), "relation": "advice",
    ...                      "sender_id": list("abaab"), "receiver_id": list("babca")})
    >>> members = pd.DataFrame({"wave": list("11112222"), "person_id": list("abcdabcd"),
    ...                         "team_id": list("xxyyxxyy")})
    >>> found = lagged(network_panel(ties, members), relation="advice", terms=[same("team_id")])
    >>> found.tidy()[["wave", "term"]].values.tolist()
    [['2', 'intercept'], ['2', 'advice (1)'], ['2', 'same team_id (1)']]
    """
    if method not in METHODS:
        raise ArgumentError("Unknown method", expected=shown(METHODS), seen=repr(method))
    settings = waves_after(panel, relation)
    named = _with_own(relation, terms)
    for setting in settings:
        refuse_later(panel, setting, named)
    return regressions(
        settings,
        named,
        method=method,
        pooled=pooled,
        blocks=blocks,
        n_draws=n_draws,
        conf_level=conf_level,
        rng=rng,
    )


def _with_own(relation: str, terms: Terms) -> dict[str, Term]:
    """Return the relation's own ties of the wave before, then the further terms."""
    own: Term = Tie(relation, None)
    further = {} if isinstance(terms, Sized) and not len(terms) else named_terms(terms)
    if further.get(relation, own) != own:
        raise ArgumentError(
            "A further term has the name of the relation, whose ties before are a term already",
            expected="other names",
            seen=repr(relation),
        )
    return {relation: own} | further


def waves_after(panel: NetworkPanel, relation: str) -> list[Setting]:
    """Return the networks of a relation but the first, each with the wave before it."""
    networks = [setting.network for setting in outcomes(panel, None, relation)]
    if len(networks) < 2:
        raise ArgumentError(
            "A lagged regression needs two waves of the relation",
            expected=f"{relation!r} in two waves or more",
            seen=shown(network.wave for network in networks),
        )
    return [Setting(panel, after, before.wave) for before, after in pairwise(networks)]


def refuse_later(panel: NetworkPanel, setting: Setting, terms: Mapping[str, Term]) -> None:
    """Raise `ArgumentError` where a term is not of a wave before the one that it explains."""
    order = {wave: place for place, wave in enumerate(panel.waves)}
    waves = {name: term.wave_in(setting) for name, term in terms.items()}
    present = order[setting.network.wave]
    late = [name for name, wave in waves.items() if order.get(wave, -1) >= present]
    if late:
        raise ArgumentError(
            "A term is not of a wave before the one that it is to explain",
            expected=f"waves before {setting.network.wave!r}",
            seen=shown(f"{name} of {waves[name]}" for name in late),
        )
