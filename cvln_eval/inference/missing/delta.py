"""How unlike the others those without an answer must be for a conclusion to change."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.missing.imputations import Imputations
from cvln_eval.inference.missing.pooling import pool_results
from cvln_eval.measurement.tables import names_in
from cvln_eval.results import Result, level_in_words, number

__all__ = ["DeltaShift", "delta_shift"]

NOT_AVAILABLE = "not available"
KEPT = (
    "term",
    "estimate",
    "std_error",
    "statistic",
    "df",
    "p_value",
    "conf_low",
    "conf_high",
    "conf_level",
    "missing_information",
    "n_imputations",
    "null_hypothesis",
    "reason",
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DeltaShift(Result):
    """Pooled results with imputed values shifted; see `delta_shift`.

    Attributes
    ----------
    grid : DataFrame
        One row a delta, in rising order.
    term : str
        What is estimated.
    null_value : float
        What the conclusion is about.
    columns : tuple of str
        Columns that were shifted.
    waves : tuple of str
        Waves in which they were; empty for all.
    n_shifted : int
        Cells that were shifted in each table.
    """

    grid: pd.DataFrame
    term: str
    null_value: float
    columns: tuple[str, ...]
    waves: tuple[str, ...]
    n_shifted: int

    def tidy(self) -> pd.DataFrame:
        """Return one row a delta: pooled estimate, interval, and whether it excludes the null."""
        return self.grid.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: the nearest deltas below and above nought that change the conclusion."""
        low, high = self._tipping()
        return pd.DataFrame(
            [
                {
                    "term": self.term,
                    "delta_min": self.grid["delta"].min(),
                    "delta_max": self.grid["delta"].max(),
                    "n_shifted": self.n_shifted,
                    "conclusion": self._at_nought(),
                    "tipping_low": low,
                    "tipping_high": high,
                }
            ]
        )

    def sentence(self) -> str:
        """Return from which shift on the conclusion changes, or that none of the grid does it."""
        if not self.n_shifted:
            return f"Nothing was imputed in what was to be shifted, so {self.term} stays as it is."
        row = self.grid[self.grid["delta"] == 0].iloc[0]
        if row["conclusion"] == NOT_AVAILABLE:
            return f"{self.term} is not available under the imputation model: {row['reason']}."
        low, high = self._tipping()
        points = [number(delta) for delta in (low, high) if not math.isnan(delta)]
        ends = f"{number(self.grid['delta'].min())} to {number(self.grid['delta'].max())}"
        changed = (
            f"changes once imputed values are shifted by {' or by '.join(points)}"
            if points
            else f"does not change when imputed values are shifted by {ends}"
        )
        return (
            f"Under the imputation model {self.term} is {number(row['estimate'])}, "
            f"{level_in_words(row['conf_level'])} CI [{number(row['conf_low'])}, "
            f"{number(row['conf_high'])}]: {row['conclusion']}. This {changed} "
            f"({self.n_shifted:,} values shifted)."
        )

    def _at_nought(self) -> str:
        return str(self.grid.loc[self.grid["delta"] == 0, "conclusion"].iloc[0])

    def _tipping(self) -> tuple[float, float]:
        same = self.grid["conclusion"].isin([self._at_nought(), NOT_AVAILABLE])
        other = self.grid.loc[~same, "delta"]
        return float(other[other < 0].max()), float(other[other > 0].min())


def delta_shift(
    imputations: Imputations,
    *,
    analyse: Callable[[pd.DataFrame], Result | pd.DataFrame],
    term: str,
    columns: Sequence[str],
    deltas: Sequence[float],
    waves: Collection[str] = (),
    null_value: float = 0.0,
    conf_level: float = 0.95,
) -> DeltaShift:
    """Shift all imputed values by the same amount, analyse again, and see when it matters.

    Imputation takes those who did not answer to be like those who did with the same answers
    elsewhere. No data can show whether they are. Delta adjustment says how unlike they would have
    to be: for every delta each imputed value is replaced by value + delta, each table analysed and
    the results pooled; the delta nearest to 0 at which the conclusion differs is the tipping point.

    Parameters
    ----------
    imputations : Imputations
        As `impute` returns them.
    analyse : callable
        Takes a completed table and returns what `pool_results` pools.
    term : str
        The term whose conclusion is watched.
    columns : sequence of str
        Columns to shift: those imputed, or scores of scales. A score moves by delta times the
        share of its items that is imputed, and its items stay: shifted they would be no answers.
    deltas : sequence of float
        Shifts in the columns' own units; 0 is added where it is not among them.
    waves : collection of str
        Shift in these waves only; all when empty. A shift of both waves cancels out in a change.
    null_value : float
        The conclusion is whether the interval lies above, below or around this value.
    conf_level : float
        Level of the interval.

    Returns
    -------
    DeltaShift
        `tidy` has one row a delta. `glance` has the tipping points on the grid, nan where no delta
        of that sign changes the conclusion; they are as fine as the grid.

    Raises
    ------
    ArgumentError
        If a column, wave or term is not there or a delta is not finite.

    References
    ----------
    van Buuren (2018), Flexible imputation of missing data, 2nd ed., section 3.8. Cro, Morris,
    Kenward & Carpenter (2020), Statistics in Medicine 39, 2815-2842.

    Examples
    --------
    >>> from cvln_eval.inference.missing import impute
    >>> table = pd.DataFrame({"person_id": range(12), "team_id": [*"aabbccaabbcc"]})
    >>> table["trust"] = [3.0, 4, 4, 5, 3, 2, 4, 3, 5, 4, None, None]
    >>> many = impute(table, columns=["trust"], wave=None, n_imputations=5)
    >>> def mean(completed):
    ...     error = completed["trust"].sem()
    ...     return pd.DataFrame(
    ...         {"term": ["mean"], "estimate": completed["trust"].mean(), "std_error": error}
    ...     )
    >>> found = delta_shift(many, analyse=mean, term="mean", columns=["trust"], deltas=[-1.0])
    >>> found.tidy()["estimate"].diff().round(3).tolist()  # 2 of 12 values move by 1
    [nan, 0.167]
    """
    grid = _grid(deltas)
    columns = names_in(columns, argument="columns")
    waves = [str(wave) for wave in names_in(waves, argument="waves")]
    where = _where(imputations, columns, waves)
    rows = [
        _at(imputations, where * delta, analyse, term, null_value, conf_level) for delta in grid
    ]
    table = pd.concat(rows, ignore_index=True)
    table.insert(0, "delta", grid)
    return DeltaShift(
        grid=table.assign(conclusion=_conclusions(table, null_value)),
        term=term,
        null_value=null_value,
        columns=tuple(columns),
        waves=tuple(waves),
        n_shifted=int((where.to_numpy() > 0).sum()),
    )


def _grid(deltas: Sequence[float]) -> list[float]:
    grid = sorted({0.0, *(float(delta) for delta in deltas)})
    if not np.isfinite(grid).all():
        wrong = [delta for delta in grid if not math.isfinite(delta)]
        raise ArgumentError("A delta must be a finite number", seen=shown(wrong))
    return grid


def _where(imputations: Imputations, columns: list[str], waves: list[str]) -> pd.DataFrame:
    """Return how much of each cell is shifted."""
    absent = [name for name in columns if name not in imputations.imputed]
    if absent or not columns:
        raise ArgumentError(
            "Only what was imputed can be shifted",
            expected=shown(imputations.imputed.columns),
            seen=shown(absent) or "no column",
        )
    where = imputations.imputed[columns]
    if not waves:
        return where
    known = set(imputations.variables["wave"])
    strange = [wave for wave in waves if wave not in known]
    if strange or imputations.wave is None:
        raise ArgumentError("No such wave", expected=shown(sorted(known)), seen=shown(waves))
    at = imputations.tables[0][imputations.wave].astype("str").isin(waves)
    return where.mul(at.astype(float), axis=0)


def _at(
    imputations: Imputations,
    shift: pd.DataFrame,
    analyse: Callable[[pd.DataFrame], Result | pd.DataFrame],
    term: str,
    null_value: float,
    conf_level: float,
) -> pd.DataFrame:
    shifted = [
        table.assign(**{str(name): table[name] + shift[name] for name in shift})
        for table in imputations.tables
    ]
    results = [analyse(table) for table in shifted]
    pooled = pool_results(results, null_value=null_value, conf_level=conf_level).tidy()
    if term not in set(pooled["term"]):
        raise ArgumentError(
            "The analysis has no such term",
            expected=shown(pooled["term"]) or "one that it has, but it estimated none",
            seen=repr(term),
        )
    return pooled.loc[pooled["term"] == term, list(KEPT)]


def _conclusions(table: pd.DataFrame, null_value: float) -> np.ndarray:
    value = f"{null_value:g}"
    return np.select(
        [table["conf_low"] > null_value, table["conf_high"] < null_value, table["conf_low"].isna()],
        [f"above {value}", f"below {value}", NOT_AVAILABLE],
        f"not told apart from {value}",
    )
