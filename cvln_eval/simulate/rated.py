"""Simulated ratings and codings with known agreement."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown

__all__ = ["simulate_codings", "simulate_ratings"]


def simulate_ratings(
    *,
    n_units: int,
    n_raters: int,
    sd_unit: float,
    sd_rater: float,
    sd_error: float,
    share_missing: float = 0.0,
    rng: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Return scores that raters give to units, from three known variances.

    A score is unit + rater + error, each normal with mean 0. So the agreement of single ratings
    is ICC(A,1) = sd_unit^2 / (sd_unit^2 + sd_rater^2 + sd_error^2), their consistency ICC(C,1) =
    sd_unit^2 / (sd_unit^2 + sd_error^2).

    Parameters
    ----------
    n_units, n_raters : int
        Units and raters; every rater rates every unit.
    sd_unit, sd_rater, sd_error : float
        Standard deviations of the three parts.
    share_missing : float
        Chance that a rating is left out, whatever its value.
    rng : int or Generator
        Seed.

    Returns
    -------
    DataFrame
        `unit`, `rater_id`, `score` and `simulated`, always true.

    Raises
    ------
    ArgumentError
        If there are no units or raters, a standard deviation is negative, or the share is not
        between 0 and 1.

    Examples
    --------
    >>> simulate_ratings(n_units=1, n_raters=2, sd_unit=1, sd_rater=0, sd_error=0, rng=1)
      unit rater_id     score  simulated
    0   u1       R1  0.345584       True
    1   u1       R2  0.345584       True
    """
    _refuse_spread(sd_unit, sd_rater, sd_error)
    stream = np.random.default_rng(rng)
    frame = _crossed(n_units, n_raters)
    unit = sd_unit * stream.normal(size=(n_units, 1))
    rater = sd_rater * stream.normal(size=(1, n_raters))
    error = sd_error * stream.normal(size=(n_units, n_raters))
    frame["score"] = (unit + rater + error).ravel()
    return _with_gaps(frame, share_missing, stream)


def simulate_codings(
    *,
    n_units: int,
    n_raters: int,
    shares: Sequence[float],
    agreement: float,
    share_missing: float = 0.0,
    rng: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Return codes that coders give to units, from a known chance-corrected agreement.

    Each unit has a category drawn from `shares`. A coder marks it with chance sqrt(agreement),
    and otherwise draws a category from the same shares at random. Two coders then agree with
    chance agreement + (1 - agreement) sum p^2, so that Cohen's, Fleiss' and Conger's kappa and
    Krippendorff's nominal alpha all have the value `agreement`.

    Parameters
    ----------
    n_units, n_raters : int
        Units and coders; every coder codes every unit.
    shares : sequence of float
        Share of each category; they add up to 1.
    agreement : float
        The true kappa, 0 to 1.
    share_missing : float
        Chance that a coding is left out, whatever its value.
    rng : int or Generator
        Seed.

    Returns
    -------
    DataFrame
        `unit`, `rater_id`, `score` (0 for the first category) and `simulated`, always true.

    Raises
    ------
    ArgumentError
        If shares do not add up to 1, or agreement or the share missing is not between 0 and 1.

    Examples
    --------
    >>> simulate_codings(n_units=1, n_raters=2, shares=[0.5, 0.5], agreement=1, rng=3)
      unit rater_id  score  simulated
    0   u1       R1      0       True
    1   u1       R2      0       True
    """
    if not (len(shares) and abs(sum(shares) - 1) <= 1e-9 and min(shares) >= 0):
        raise ArgumentError("Shares of categories add up to 1", seen=shown(shares) or "none")
    _refuse_share(agreement, "A true agreement")
    stream = np.random.default_rng(rng)
    frame = _crossed(n_units, n_raters)
    size, k = (n_units, n_raters), len(shares)
    true = stream.choice(k, size=(n_units, 1), p=shares)
    knows = stream.random(size) < np.sqrt(agreement)
    frame["score"] = np.where(knows, true, stream.choice(k, size=size, p=shares)).ravel()
    return _with_gaps(frame, share_missing, stream)


def _crossed(n_units: int, n_raters: int) -> pd.DataFrame:
    if min(n_units, n_raters) < 1:
        raise ArgumentError("Units and raters are needed", seen=f"{n_units} and {n_raters}")
    units = np.repeat([f"u{i}" for i in range(1, n_units + 1)], n_raters)
    raters = np.tile([f"R{i}" for i in range(1, n_raters + 1)], n_units)
    return pd.DataFrame({"unit": units, "rater_id": raters})


def _with_gaps(
    frame: pd.DataFrame, share_missing: float, stream: np.random.Generator
) -> pd.DataFrame:
    _refuse_share(share_missing, "A share missing")
    kept = frame[stream.random(len(frame)) >= share_missing]
    return kept.reset_index(drop=True).assign(simulated=True)


def _refuse_share(value: float, what: str) -> None:
    if not 0 <= value <= 1:
        raise ArgumentError(f"{what} lies between 0 and 1", seen=repr(value))


def _refuse_spread(*spreads: float) -> None:
    if not all(0 <= spread < np.inf for spread in spreads):
        raise ArgumentError(
            "A standard deviation is a number and not negative", seen=shown(spreads)
        )
