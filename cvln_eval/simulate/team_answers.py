"""Simulated answers of people in teams, from one factor with known reliability and likeness."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown

__all__ = ["simulate_team_answers"]


def simulate_team_answers(
    *,
    team_sizes: Sequence[int],
    loadings: Sequence[float],
    icc: float = 0.0,
    categories: int | None = None,
    rng: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Return answers of people in teams to the items of one scale.

    With u the team's and v the person's part of the factor, eta = sqrt(icc) u + sqrt(1 - icc) v,
    item i is answered with l_i eta + sqrt(1 - l_i^2) e; u, v and e are standard normal. So items
    have variance 1 and correlate by l_i l_j over teams, omega total is
    (sum l)^2 / ((sum l)^2 + sum (1 - l^2)), and a share `icc` of the factor lies between teams.

    Parameters
    ----------
    team_sizes : sequence of int
        People in each team.
    loadings : sequence of float
        Standardised loading of each item, between -1 and 1.
    icc : float
        Share of the factor's variance that lies between teams, 0 to 1.
    categories : int, optional
        Cuts the answers into 1 to `categories`, at equal steps from -1.8 to 1.8, as on a Likert
        scale; answers stay continuous when left out.
    rng : int or Generator
        Seed.

    Returns
    -------
    DataFrame
        `person_id`, `team_id`, one column an item (`item_1`, ...) and `simulated`, always true.

    Raises
    ------
    ArgumentError
        If a team is empty, or a loading, the icc or the categories are out of range.

    Examples
    --------
    >>> simulate_team_answers(team_sizes=[2, 1], loadings=[0.7, 0.8], categories=5, rng=1)
      person_id team_id  item_1  item_2  simulated
    0        p1      T1     4.0     3.0       True
    1        p2      T1     2.0     2.0       True
    2        p3      T2     4.0     4.0       True
    """
    _refuse(team_sizes, loadings, icc, categories)
    stream = np.random.default_rng(rng)
    team = np.repeat(np.arange(len(team_sizes)), team_sizes)
    between = np.sqrt(icc) * stream.normal(size=len(team_sizes))[team]
    factor = between + np.sqrt(1 - icc) * stream.normal(size=len(team))
    strength = np.asarray(loadings, dtype=float)
    noise = np.sqrt(1 - strength**2) * stream.normal(size=(len(team), len(strength)))
    answers = factor[:, None] * strength + noise
    if categories is not None:
        answers = 1.0 + np.searchsorted(np.linspace(-1.8, 1.8, categories + 1)[1:-1], answers)
    names = [f"item_{i}" for i in range(1, len(strength) + 1)]
    ends = {"person_id": [f"p{i}" for i in range(1, len(team) + 1)]}
    ends["team_id"] = [f"T{i + 1}" for i in team]
    table = pd.concat([pd.DataFrame(ends), pd.DataFrame(answers, columns=names)], axis=1)
    return table.assign(simulated=True)


def _refuse(
    sizes: Sequence[int], loadings: Sequence[float], icc: float, categories: int | None
) -> None:
    if not len(sizes) or min(sizes) < 1:
        raise ArgumentError("Every team needs a person", seen=shown(sizes) or "no team")
    if not len(loadings) or not all(abs(loading) <= 1 for loading in loadings):
        raise ArgumentError("Loadings lie between -1 and 1", seen=shown(loadings) or "none")
    if not 0 <= icc <= 1:
        raise ArgumentError("An icc to simulate lies between 0 and 1", seen=repr(icc))
    if categories is not None and categories < 2:
        raise ArgumentError("Answers need two categories or more", seen=repr(categories))
