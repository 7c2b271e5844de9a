"""The words of a wild bootstrap: how it was done, and why its set has no ends."""

from __future__ import annotations

import math

from cvln_eval.inference.wild.drawing import Drawing

__all__ = ["method_in_words", "why_infinite"]


def method_in_words(drawing: Drawing, statistic: str, n_draws: int, *, enumerated: bool) -> str:
    """Return draws, null and tie rule as one clause; `n_draws` is 0 where none were made."""
    null = "null imposed" if drawing.impose_null else "null not imposed"
    kind = f"{drawing.draws.capitalize()} draws"
    start = f"wild cluster bootstrap of {statistic} with CR1, {null}"
    if not n_draws:
        return f"{start}, {kind}"
    against = "|t*| >= |t|" if statistic == "t" else f"{statistic}* >= {statistic}"
    if enumerated:
        return f"{start}, all {n_draws:,} {kind}, p is the share with {against}"
    return f"{start}, {n_draws:,} {kind}, p is (c + 1) / (n + 1) with c draws of {against}"


def why_infinite(
    pieces: tuple[tuple[float, float], ...], smallest_p: float, conf_level: float
) -> str:
    """Return why the confidence set has no ends, or has gaps; nothing where it is an interval.

    Far out the statistics of the draws no longer depend on the side, so that a set without an end
    on one side has none on the other.
    """
    said = []
    if smallest_p > 1 - conf_level:
        said.append(f"p is never below {smallest_p:.3g} here, so that no value is outside the set")
    elif math.isinf(pieces[0][0]):
        said.append(f"p stays above {1 - conf_level:.3g} however far a value is from the estimate")
    if len(pieces) > 1:
        said.append(f"the confidence set is in {len(pieces)} pieces")
    return "; ".join(said)
