"""Who is gone at a later wave, and how they differed before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.columns import as_names
from cvln_eval.inference.missing.baselines import STANDARDISED, compare_baselines
from cvln_eval.inference.missing.boundaries import judged
from cvln_eval.measurement.matrix import item_names, numbers_of, refuse_level
from cvln_eval.measurement.tables import need_columns, refuse_missing
from cvln_eval.results import Result, count, level_in_words, number, p_in_words, proportion

__all__ = ["Attrition", "attrition"]

ALL = "all"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Attrition(Result):
    """Those without a later answer beside those with one; see `attrition`.

    Attributes
    ----------
    rows : DataFrame
        One row a column and quantity.
    persons : DataFrame
        One row a person asked at baseline, with `state`: "answered", "no answer" or "left".
    baseline, later : str
        The two waves.
    arm : str or None
        Column that names arms.
    """

    rows: pd.DataFrame
    persons: pd.DataFrame
    baseline: str
    later: str
    arm: str | None

    def tidy(self) -> pd.DataFrame:
        """Return one row a column and quantity: difference, standardised difference, odds ratio."""
        return self.rows.copy()

    def teams(self) -> pd.DataFrame:
        """Return one row a team, and one for all: who left, who is silent, the attrition rate."""
        return _rates(self.persons, "team_id")

    def arms(self) -> pd.DataFrame:
        """Return one row an arm, and one for all; without arms only the latter."""
        return _rates(self.persons, "arm") if self.arm else _rates(self.persons, "arm").iloc[-1:]

    def glance(self) -> pd.DataFrame:
        """Return one row: overall attrition, and the difference between arms."""
        arms = self.arms()
        rates = arms.loc[arms["arm"] != ALL, "attrition_rate"]
        whole = arms.iloc[[-1]].drop(columns="arm").reset_index(drop=True)
        differ = float(rates.max() - rates.min()) if len(rates) > 1 else math.nan
        return whole.assign(
            from_wave=self.baseline,
            wave=self.later,
            differential_attrition=differ,
            reason="" if len(rates) > 1 else "there are no two arms to compare",
        )

    def wwc(self) -> pd.DataFrame:
        """Return whether attrition is low by either boundary of the What Works Clearinghouse.

        Where the programme can have moved people to leave the cautious boundary is the one; which
        of both is settled before data are seen. They are of studies that assigned two arms at
        random, of people or of teams: with teams, the rates of teams that left are judged too.

        Returns
        -------
        DataFrame
            One row a boundary: `boundary, attrition_rate, differential_attrition,
            differential_highest, verdict, reason`. Between two whole percentages of overall
            attrition the stricter one holds; `differential_highest` is nan where any difference is
            high. Without two arms there is no verdict, with the reason.

        References
        ----------
        What Works Clearinghouse (2020), Standards handbook, version 4.1, table II.1.
        """
        row, arms = self.glance().iloc[0], len(self.arms()) - 1
        reason = row["reason"] or ("" if arms == 2 else f"there are {arms} arms, and not two")
        return judged(row["attrition_rate"], row["differential_attrition"], reason)

    def sentence(self) -> str:
        """Return overall (and differential) attrition and how those without an answer differed."""
        row = self.glance().iloc[0]
        if not row["n"]:
            return f"Nobody was asked in {self.baseline}, so there is no attrition."
        has = "has" if row["n_without"] == 1 else "have"
        said = (
            f"Of {count(int(row['n']), 'person', 'people')} asked in {self.baseline}, "
            f"{row['n_without']:,} {has} no answer in {self.later} (overall attrition "
            f"{proportion(row['attrition_rate'], 1)}: {row['n_left']:,} left, "
            f"{row['n_silent']:,} did not answer)"
        )
        if not row["reason"]:
            points = 100 * row["differential_attrition"]
            said += f"; differential attrition is {number(points, 1)} percentage points"
        return f"{said}.{''.join(' ' + part for part in self._differences())}"

    def _differences(self) -> list[str]:
        chosen = self.rows[self.rows["quantity"] == STANDARDISED]
        return [_in_words(row, self.baseline) for _, row in chosen.iterrows()]


def _in_words(row: pd.Series, baseline: str) -> str:
    if row["reason"]:
        return f"Whether they differed in {row['variable']} cannot be said: {row['reason']}."
    return (
        f"In {baseline} their {row['variable']} differed by {number(row['estimate'])} standard "
        f"deviations from that of the others, {level_in_words(row['conf_level'])} CI "
        f"[{number(row['conf_low'])}, {number(row['conf_high'])}], "
        f"t({number(row['df'], 1)}) = {number(row['statistic'])}, {p_in_words(row['p_value'])} "
        f"(n = {row['n']}, {count(int(row['n_clusters']), 'team')})."
    )


def attrition(
    table: pd.DataFrame,
    *,
    columns: Sequence[str],
    baseline: str,
    later: str,
    arm: str | None = None,
    person: str = "person_id",
    team: str = "team_id",
    wave: str = "wave",
    conf_level: float = 0.95,
) -> Attrition:
    """Compare at baseline those who have no later answer with those who have.

    Without a later answer is who left (asked at baseline, not at the later wave) and who was asked
    and left every column empty. Those who joined after baseline are no part of this. For every
    column: the difference of baseline means, those without minus those with, with CR2 standard
    errors by team; the same in pooled standard deviations times Hedges' correction; and the odds
    ratio of having no later answer per standard deviation of the baseline, by Firth's penalised
    likelihood, which stays finite where a handful of people left.

    Parameters
    ----------
    table : DataFrame
        One row for everybody asked in a wave, as `everyone_asked` makes it.
    columns : sequence of str
        Scores or items.
    baseline, later : str
        The two waves.
    arm : str, optional
        Column that names the arms at baseline, for differential attrition.
    person, team, wave : str
        Columns that name persons, their teams and waves.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    Attrition
        `glance` has overall and differential attrition, the two figures that the What Works
        Clearinghouse judges by (greatest minus least rate where there are more than two arms), and
        `wwc` says on which side of its boundaries they lie. Whoever has no baseline value of a
        column is left out of its rows and counted in `n_left_out`. A comparison that cannot be had,
        because nobody left or nothing varies, is nan with its reason. No difference found among few
        people is no evidence that there is none: read the interval.

    Raises
    ------
    ArgumentError
        If a column is absent or no number, a wave has no row, the waves are the same, or a person
        has two rows in one.

    Notes
    -----
    The interval of the standardised difference takes the standard deviation as known. The odds
    ratio ignores that people come in teams; the difference does not.

    References
    ----------
    Firth (1993), Biometrika 80, 27-38. Heinze & Schemper (2002), Statistics in Medicine 21,
    2409-2419. What Works Clearinghouse (2022), Procedures and standards handbook, version 5.0,
    chapter II.

    Examples
    --------
    >>> before = pd.DataFrame({"person_id": range(8), "team_id": [*"aaabbbcc"], "wave": "y1"})
    >>> before["trust"] = [3.0, 4.0, 2.0, 3.0, 5.0, 3.0, 2.0, 4.0]
    >>> after = before.iloc[[0, 1, 3, 4, 6]].assign(wave="y2")
    >>> found = attrition(
    ...     pd.concat([before, after]), columns=["trust"], baseline="y1", later="y2"
    ... )
    >>> found.tidy()[["quantity", "estimate"]].round(2)
                      quantity  estimate
    0               difference     -0.40
    1  standardised difference     -0.32
    2               odds ratio      0.73
    """
    refuse_level(conf_level)
    names = item_names(columns)
    extra = [] if arm is None else [arm]
    need_columns(table, [person, team, wave, *names, *extra], table="those asked")
    refuse_missing(table, [person, team, wave], what="person, team or wave")
    for name, what in ((person, "person"), (team, "team"), (wave, "wave")):
        as_names(table[name], what)
    before = _wave(table, wave, baseline, person)
    after = _wave(table, wave, later, person)
    if baseline == later or not names:
        raise ArgumentError(
            "Attrition is of columns, between two waves",
            seen=f"{baseline!r} and {later!r}, {shown(names) or 'no column'}",
        )
    persons = pd.DataFrame(
        {
            "person_id": before[person].astype("str").to_numpy(),
            "team_id": before[team].astype("str").to_numpy(),
            "arm": before[arm].astype("str").to_numpy() if arm else ALL,
            "state": _states(before[person], after, person, names),
        }
    )
    rows = []
    for name in names:
        values = numbers_of(before[name], what=f"Values of {name}")
        rows += compare_baselines(name, values, persons, conf_level)
    return Attrition(pd.DataFrame(rows), persons, str(baseline), str(later), arm)


def _wave(table: pd.DataFrame, wave: str, at: str, person: str) -> pd.DataFrame:
    rows = table[table[wave].astype("str") == str(at)]
    if rows.empty:
        raise ArgumentError("A wave has no row", expected=shown(table[wave]), seen=repr(at))
    twice = rows.loc[rows[person].duplicated(), person]
    if len(twice):
        raise ArgumentError(f"A person has two rows in {at}", seen=shown(twice))
    return rows


def _states(persons: pd.Series, after: pd.DataFrame, person: str, names: list[str]) -> np.ndarray:
    came = after.loc[after[names].notna().any(axis=1), person]
    choices = [persons.isin(came), persons.isin(after[person])]
    return np.select(choices, ["answered", "no answer"], "left")


def _rates(persons: pd.DataFrame, by: str) -> pd.DataFrame:
    groups = [*persons.groupby(by), (ALL, persons)]
    # Without arms everybody is in the arm "all" already.
    named = {str(key if isinstance(key, str) else key[0]): group for key, group in groups}
    rows = []
    for name, group in named.items():
        left, silent = ((group["state"] == kind).sum() for kind in ("left", "no answer"))
        rows.append(
            {
                by: name,
                "n": len(group),
                "n_left": int(left),
                "n_silent": int(silent),
                "n_without": int(left + silent),
                "attrition_rate": (left + silent) / len(group) if len(group) else math.nan,
            }
        )
    return pd.DataFrame(rows)
