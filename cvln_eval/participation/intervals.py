"""The interval of a share that behaves at 0, at 1 and with few cases."""

from __future__ import annotations

import math
from statistics import NormalDist

import pandas as pd

from cvln_eval.errors import ArgumentError

__all__ = ["share_with_interval", "wilson_interval"]


def wilson_interval(count: int, n: int, *, conf_level: float = 0.95) -> tuple[float, float]:
    """Return the score interval of a proportion.

    With p = count / n and z the normal quantile, the bounds are
    (p + z^2 / 2n -+ z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n). Cases count as
    independent: where they come in clusters, such as leaders in teams or sessions of one host,
    the true interval is mostly wider.

    Parameters
    ----------
    count, n : int
        Cases with the property, and all cases.
    conf_level : float
        Level of the interval, between 0 and 1.

    Returns
    -------
    tuple of float
        Lower and upper bound; both nan when `n` is 0.

    Raises
    ------
    ArgumentError
        If `count` is not between 0 and `n`, or the level not between 0 and 1.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association, 22, 209-212.

    Examples
    --------
    >>> low, high = wilson_interval(8, 10)
    >>> round(low, 3), round(high, 3)
    (0.49, 0.943)
    """
    if not 0 <= count <= n:
        raise ArgumentError("A count must lie between 0 and n", seen=f"count {count}, n {n}")
    if not 0 < conf_level < 1:
        raise ArgumentError("A confidence level lies between 0 and 1", seen=repr(conf_level))
    if n == 0:
        return math.nan, math.nan
    z = NormalDist().inv_cdf((1 + conf_level) / 2)
    p = count / n
    middle = p + z**2 / (2 * n)
    spread = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    # At 0 and n one bound is exactly 0 or 1; rounding must not move it past the share itself.
    low = 0.0 if count == 0 else (middle - spread) / scale
    high = 1.0 if count == n else (middle + spread) / scale
    return low, high


def share_with_interval(
    counts: pd.Series, n: pd.Series, *, share: str, conf_level: float
) -> pd.DataFrame:
    """Return columns `share`, `conf_low` and `conf_high`, one row an entry of `counts`."""
    pairs = list(zip(counts.astype(int), n.astype(int), strict=True))
    bounds = [wilson_interval(k, m, conf_level=conf_level) for k, m in pairs]
    return pd.DataFrame(
        {
            share: [k / m if m else math.nan for k, m in pairs],
            "conf_low": [low for low, _ in bounds],
            "conf_high": [high for _, high in bounds],
        },
        index=counts.index,
    )
