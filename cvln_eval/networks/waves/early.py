"""Whether groups that hold together early have more ties to other groups later."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cvln_eval.networks.panel import Network, NetworkPanel
from cvln_eval.networks.waves.labels import Evidence, evidence
from cvln_eval.networks.waves.steps import ONE_WAVE, by_relation
from cvln_eval.networks.waves.together import together
from cvln_eval.networks.waves.wording import NO_STEP, by_step, listed, tested
from cvln_eval.resampling import resample, two_sided_p
from cvln_eval.resampling.counting import ROUNDING
from cvln_eval.results import Result, count, number, p_in_words

__all__ = ["EarlyCohesion", "early_cohesion"]

# Up to so many groups all orders are looked at: 8! = 40,320.
MOST_ENUMERATED = 8
LEVEL = "density to other groups"
CHANGE = "change of density to other groups"
CONVENTION = (
    "correlation over groups of density within the group in the first wave with {}, a density "
    "being ties / known pairs, and to other groups pairs with one end in the group"
)
NULL = "A group's density within it in the first wave has nothing to do with its later {}"
ALL, DRAWN = "all orders of the groups", "random orders of the groups"
METHOD = "Two-sided permutation test over {}; p values of several waves are not adjusted"
COLUMNS = (
    "wave", "relation", "from_wave", "measure", "estimate", "convention", "n_groups", "enumerated",
    "p_value", "p_low", "p_high", "smallest_p", "n_draws", "null_hypothesis", "method", "reason",
)  # fmt: skip
GROUPS = (
    "wave", "relation", "from_wave", "group", "density_within_first", "density_outside_first",
    "density_outside",
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class EarlyCohesion(Result):
    """Early density within groups and later ties to others; see `early_cohesion`.

    Attributes
    ----------
    rows : DataFrame
        One row a relation, later wave and measure.
    groups : DataFrame
        The points: one row a relation, later wave and group.
    """

    rows: pd.DataFrame
    groups: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a relation, later wave and measure."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: how many relations and tests there are."""
        return tested(self.rows)

    def sentence(self) -> str:
        """Return the correlation with the density to other groups in the last wave."""
        last = {relation: rows[LEVEL] for relation, _, _, rows in by_step(self.rows)}
        said = [_said(row) for row in last.values()]
        return listed(said, none=NO_STEP)


def early_cohesion(
    panel: NetworkPanel | Network,
    *,
    by: str = "team_id",
    n_draws: int = 9999,
    rng: int | np.random.Generator = 0,
) -> EarlyCohesion:
    """Correlate groups' density within them in the first wave with their later ties to others.

    Each group is one point: its density within (ties / known pairs within it) in the first wave,
    and in each later wave its density to other groups (ties / known pairs with one end in it),
    as it is and less that of the first wave. The estimate is Pearson's correlation over groups.

    With up to 8 groups the test looks at all orders of the groups: with 5 there are 120, and the
    least p is 1/120 or, where two orders are as extreme, 2/120. With more it draws `n_draws`
    orders and p is (c + 1) / (n + 1).

    Parameters
    ----------
    panel : NetworkPanel or Network
        The networks; strengths do not count. Each wave has the people and answers of its own.
    by : str
        Attribute of the people that names their group.
    n_draws : int
        Number of random orders, with more than 8 groups.
    rng : int or Generator
        Seed of the random orders.

    Returns
    -------
    EarlyCohesion
        One row a relation, later wave and measure; `p_low` and `p_high` are those of random
        orders, and p itself where all orders were looked at. `groups` has the points. A group
        without known pairs within it in the first wave, or to others in either, is left out of
        that correlation. With fewer than three groups, or no spread, the estimate is nan with the
        reason; so it is for a relation asked once. No networks give no rows.

    Raises
    ------
    ArgumentError
        If `by` is no attribute, or two waves were made by different rules or thresholds.

    Notes
    -----
    Five points show a very strong relation or none: for a p of .05, the correlation must be among
    the 6 most extreme of 120. A tie between two groups counts for both, which the test allows for
    (it holds all later ties as they are); it takes groups as exchangeable, though density varies
    more in small groups than in large ones: with teams of 4, 6, 8, 10 and 13 it rejected in .07 of
    1,000 simulated panels at the level .05.

    A relation over groups is no effect of cohesion. Groups whose people name many, name many within
    and outside, then and later: where groups differed in that alone (standard deviation .7 of the
    logit), the test of the level rejected in .35 of panels. Less the first wave's density that is
    gone (.06), but where groups' activity comes and goes the change turns back to the mean, and its
    test rejected in .18.

    References
    ----------
    Pitman, E. J. G. (1937). Significance tests which may be applied to samples from any
    populations. II. The correlation coefficient test. Supplement to the Journal of the Royal
    Statistical Society, 4, 225-232.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": list("abcdef"), "team_id": list("xxyyzz")})
    >>> def wave(name, sender, receiver):
    ...     ends, answered = (np.array(sender), np.array(receiver)), np.ones(6, dtype=bool)
    ...     return Network(name, "advice", people, *ends, np.ones(len(sender)), answered)
    >>> from cvln_eval.networks.panel import panel_of
    >>> waves = [wave("1", [0, 1, 2], [1, 0, 3]), wave("2", [0, 1, 1], [2, 3, 4])]
    >>> found = early_cohesion(panel_of(waves))
    >>> found.groups[["group", "density_within_first", "density_outside"]]
      group  density_within_first  density_outside
    0     x                   1.0           0.1875
    1     y                   0.5           0.1250
    2     z                   0.0           0.0625
    >>> found.tidy()[["measure", "n_groups", "estimate", "p_value", "smallest_p"]].round(2)
                                 measure  n_groups  estimate  p_value  smallest_p
    0            density to other groups         3       1.0     0.33        0.33
    1  change of density to other groups         3       1.0     0.33        0.33
    """
    rows: list[dict[str, object]] = []
    points: list[pd.DataFrame] = []
    for networks in by_relation(panel):
        together(networks)  # refuses waves whose ties are not the same thing
        first = _densities(networks[0], by)
        for later in networks[1:]:
            named = {
                "wave": later.wave,
                "relation": later.relation,
                "from_wave": networks[0].wave,
            }
            found = _points(first, _densities(later, by))
            points.append(found.assign(**named))
            rows += [named | row for row in _tested(found, n_draws, rng)]
        if len(networks) == 1:
            named = {"wave": networks[0].wave, "relation": networks[0].relation, "from_wave": ""}
            rows += [named | _row(name, Evidence(), reason=ONE_WAVE) for name in (LEVEL, CHANGE)]
    groups = pd.concat(points, ignore_index=True) if points else pd.DataFrame()
    return EarlyCohesion(
        rows=pd.DataFrame(rows, columns=list(COLUMNS)), groups=groups.reindex(columns=list(GROUPS))
    )


def _densities(network: Network, by: str) -> pd.DataFrame:
    """Return the density within each group, and of pairs with one end in it, by group."""
    codes, names = network.groups(by)
    within, across = together((network,)).pairs_by_group(codes)
    ends = codes[[network.sender, network.receiver]]
    ends = ends[:, (ends >= 0).all(axis=0)]
    same = ends[0] == ends[1]
    inside = np.bincount(ends[0, same], minlength=len(names))
    outside = np.bincount(ends[:, ~same].ravel(), minlength=len(names))
    return pd.DataFrame(
        {"within": _ratio(inside, within), "outside": _ratio(outside, across)}, index=names
    )


def _ratio(ties: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    return np.asarray(ties / np.where(pairs > 0, pairs, np.nan))


def _points(first: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    groups = first.index.union(later.index)
    return pd.DataFrame(
        {
            "group": groups,
            "density_within_first": first["within"].reindex(groups).to_numpy(),
            "density_outside_first": first["outside"].reindex(groups).to_numpy(),
            "density_outside": later["outside"].reindex(groups).to_numpy(),
        }
    )


def _tested(
    points: pd.DataFrame, n_draws: int, rng: int | np.random.Generator
) -> Iterator[dict[str, object]]:
    early, later = points["density_within_first"], points["density_outside"]
    for measure, values in ((LEVEL, later), (CHANGE, later - points["density_outside_first"])):
        complete = (early.notna() & values.notna()).to_numpy()
        x, y = early.to_numpy()[complete], values.to_numpy()[complete]
        reason = _why_none(x, y)
        if reason:
            yield _row(measure, Evidence(), n_groups=len(x), reason=reason)
            continue
        x, y = _standardised(x), _standardised(y)
        enumerated = len(x) <= MOST_ENUMERATED
        found = _exact(x, y) if enumerated else _drawn(x, y, n_draws, rng)
        method = METHOD.format(ALL if enumerated else DRAWN)
        yield _row(
            measure,
            found,
            n_groups=len(x),
            estimate=float(x @ y),
            enumerated=enumerated,
            method=method,
        )


def _why_none(x: np.ndarray, y: np.ndarray) -> str:
    if len(x) < 3:
        return f"a correlation needs three groups; {count(len(x), 'group')} can be compared"
    for name, values in (("in the first wave", x), ("to other groups", y)):
        if np.ptp(values) <= ROUNDING:
            return f"all groups have the same density {name}"
    return ""


def _standardised(values: np.ndarray) -> np.ndarray:
    centred = values - values.mean()
    return np.asarray(centred / np.sqrt((centred**2).sum()))


def _exact(x: np.ndarray, y: np.ndarray) -> Evidence:
    """Return the p value among all orders; the observed one is among them."""
    orders = np.array(list(itertools.permutations(range(len(x)))))
    counted = two_sided_p(float(x @ y), x[orders] @ y, enumerated=True, centre=0.0)
    return Evidence(0.0, counted)


def _drawn(x: np.ndarray, y: np.ndarray, n_draws: int, rng: int | np.random.Generator) -> Evidence:
    return evidence(float(x @ y), resample(_reordered, n_draws, arrays=(x, y), rng=rng))


def _reordered(size: int, stream: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.asarray(stream.permuted(np.tile(x, (size, 1)), axis=1) @ y)


def _row(measure: str, found: Evidence, **values: object) -> dict[str, object]:
    what = measure if measure == CHANGE else LEVEL
    blank: dict[str, object] = {
        "measure": measure,
        "estimate": math.nan,
        "convention": CONVENTION.format(f"the later {what}"),
        "n_groups": 0,
        "enumerated": False,
        "null_hypothesis": NULL.format(what),
        "method": "",
        "reason": "",
    }
    return blank | found.columns() | values


def _said(row: dict[str, Any]) -> str:
    what = f"{row['relation']} density within groups early and to other groups later"
    if math.isnan(row["estimate"]):
        return f"The correlation of {what} is not available: {row['reason']}."
    return (
        f"Over {count(row['n_groups'], 'group')}, {row['relation']} density within them in "
        f"{row['from_wave']} correlates {number(row['estimate'])} with their density to other "
        f"groups in {row['wave']} ({p_in_words(row['p_value'])}; the least p that "
        f"{row['n_draws']:,} orders of the groups allow is {number(row['smallest_p'], 4)})."
    )
