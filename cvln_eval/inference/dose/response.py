"""A dose against an outcome, split into what differs between teams and within them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.panel import FewClusterPanel, few_cluster_panel
from cvln_eval.inference.panel.words import conclusion
from cvln_eval.inference.robust import ClusterRobust, cluster_robust
from cvln_eval.measurement.matrix import numbers_of
from cvln_eval.measurement.tables import names_in, need_columns, refuse_missing
from cvln_eval.resampling import generator
from cvln_eval.results import Result, count, level_in_words, number, p_in_words

__all__ = ["DoseResponse", "dose_response"]

BETWEEN, WITHIN, CONTEXT = "dose_between", "dose_within", "context"
NAMES = {BETWEEN: "between teams", WITHIN: "within teams", CONTEXT: "their difference"}
# Differences of doses below this share of the largest dose are rounding.
ROUNDING = 1e-10


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DoseResponse(Result):
    """Slopes of an outcome on a dose between and within teams; see `dose_response`.

    Attributes
    ----------
    outcome, dose : str
        Columns.
    rows : DataFrame
        One row a part of the dose: CR2 standard errors, Satterthwaite df.
    panels : dict of FewClusterPanel
        For each part that varies, every answer that few clusters allow.
    points : DataFrame
        Team, dose and outcome of each complete row, in an order that does not tell whose it is.
    controls : tuple of str
        Further columns of the regression.
    n, n_clusters, n_left_out : int
        Rows, teams, and rows left out because a value is missing.
    """

    outcome: str
    dose: str
    rows: pd.DataFrame
    panels: dict[str, FewClusterPanel]
    points: pd.DataFrame
    controls: tuple[str, ...]
    n: int
    n_clusters: int
    n_left_out: int

    def tidy(self) -> pd.DataFrame:
        """Return one row a part of the dose: between teams, within them, and their difference."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: sizes, and the verdict of the panel on each part."""
        verdicts = {
            f"verdict_{part.removeprefix('dose_')}": panel.glance()["verdict"].iloc[0]
            for part, panel in self.panels.items()
        }
        return pd.DataFrame(
            {
                "n": [self.n],
                "n_clusters": [self.n_clusters],
                "n_left_out": [self.n_left_out],
                "verdict_between": [verdicts.get("verdict_between", "not available")],
                "verdict_within": [verdicts.get("verdict_within", "not available")],
            }
        )

    def panel(self, part: str) -> FewClusterPanel:
        """Return every answer about one part, ``"dose_between"`` or ``"dose_within"``."""
        if part not in self.panels:
            raise ArgumentError(
                "There is no panel of this part of the dose",
                expected=shown(self.panels) or "a dose that varies",
                seen=repr(part),
            )
        return self.panels[part]

    def sentence(self) -> str:
        """Return both slopes, and what the panels let one conclude from them."""
        size = f"In {count(self.n, 'row')} of {count(self.n_clusters, 'team')}"
        slopes = "; ".join(_told(row) for _, row in self.rows.iterrows())
        told = f"{size}, slopes of {self.outcome} on {self.dose}: {slopes}."
        verdicts = (_verdict(NAMES[part], panel) for part, panel in self.panels.items())
        return " ".join([told, *verdicts])


def dose_response(
    table: pd.DataFrame,
    *,
    outcome: str,
    dose: str,
    cluster: str = "team_id",
    controls: str | Sequence[str] = (),
    n_draws: int = 9999,
    n_simulated: int = 2000,
    conf_level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> DoseResponse:
    """Regress an outcome on the mean dose of each team and on deviations from it.

    y = a + b_B m_g + b_W (d - m_g) + controls, with m_g the mean dose over the team's complete
    rows: b_W compares people (or waves) of one team, which whatever is common to the team cannot
    bias; b_B compares teams, which everything in which teams differ can. Their difference, the
    contextual effect, is 0 if nothing about teams goes with both dose and outcome.

    Parameters
    ----------
    table : DataFrame
        One row a person, or a team (or person) and wave; see `lagged` for the dose of the wave
        before.
    outcome, dose : str
        Columns, such as a change and ``"attendance_hours"``.
    cluster : str
        Column that names the team.
    controls : str or sequence of str
        Further columns of the regression.
    n_draws, n_simulated, conf_level, rng
        As in `few_cluster_panel`.

    Returns
    -------
    DoseResponse
        `tidy` has three rows, ``dose_between``, ``dose_within`` and ``context``; `panel` gives
        every answer about one part. Rows with a missing value are left out and counted, before
        means are taken. Where the dose varies only between teams, or only within them, the other
        part and the difference have no estimate, with the reason.

    Raises
    ------
    ArgumentError
        If a column is absent, is not numeric, has two roles, or is called as a part of the dose is;
        or a team is missing.

    References
    ----------
    Mundlak, Y. (1978). On the pooling of time series and cross section data. Econometrica, 46,
    69-85.
    Raudenbush, S. W., & Bryk, A. S. (2002). Hierarchical linear models (2nd ed.). Sage, pp.
    134-149.

    Examples
    --------
    >>> rng = np.random.default_rng(4)
    >>> table = pd.DataFrame({"team_id": np.repeat(list("abcde"), 8), "hours": rng.gamma(4, 5, 40)})
    >>> table["change"] = 0.05 * table["hours"] + rng.normal(size=40)
    >>> found = dose_response(table, outcome="change", dose="hours", n_draws=99, n_simulated=100)
    >>> found.tidy()[["term", "estimate", "df"]].round(2)
               term  estimate    df
    0  dose_between      0.11  1.33
    1   dose_within      0.04  3.68
    2       context      0.07  1.36
    """
    held = list(dict.fromkeys(names_in(controls, argument="controls")))
    known = _complete(table, outcome, dose, cluster, held)
    mean = known.groupby(known[cluster].astype(str))[dose].transform("mean")
    parted = known.assign(**{BETWEEN: mean, WITHIN: known[dose] - mean})
    absent = _without_spread(parted)
    terms = [part for part in (BETWEEN, WITHIN) if part not in absent]
    formula = " + ".join([f"Q({outcome!r}) ~ 1", *terms, *(f"Q({name!r})" for name in held)])
    robust = cluster_robust(parted, formula=formula, cluster=cluster, conf_level=conf_level)
    chance = generator(rng)
    # The formula quotes the outcome, as any text may name a column; readers need not see that.
    panels = {
        part: replace(
            few_cluster_panel(
                parted, formula=formula, term=part, cluster=cluster, n_draws=n_draws,
                n_simulated=n_simulated, conf_level=conf_level, rng=stream,
            ),
            outcome=outcome,
            named=f"the slope of {outcome} on {dose} {NAMES[part]}",
        )
        for part, stream in zip(terms, chance.spawn(len(terms)), strict=True)
    }  # fmt: skip
    return DoseResponse(
        outcome=outcome,
        dose=dose,
        rows=_rows(robust, absent),
        panels=panels,
        points=_points(known, outcome, dose, cluster),
        controls=tuple(held),
        n=len(known),
        n_clusters=known[cluster].nunique(),
        n_left_out=len(table) - len(known),
    )


def _complete(
    table: pd.DataFrame, outcome: str, dose: str, cluster: str, controls: Sequence[str]
) -> pd.DataFrame:
    named = [outcome, dose, *controls]
    need_columns(table, [*named, cluster], table="doses")
    refuse_missing(table, [cluster], what="team")
    taken = [name for name in (outcome, dose, cluster, *controls) if name in (BETWEEN, WITHIN)]
    if taken:
        raise ArgumentError(
            "A column has the name of a part of the dose",
            expected=f"other names than {shown([BETWEEN, WITHIN])}",
            seen=shown(taken),
            todo="rename the column",
        )
    same = [name for name in controls if name in (outcome, dose)] or [dose] * (dose == outcome)
    if same:
        raise ArgumentError(
            "Outcome, dose and controls are different columns", seen=f"{shown(same)} more than once"
        )
    read = {name: numbers_of(table[name], what=f"Values of {name}") for name in (outcome, dose)}
    return table.assign(**read).dropna(subset=named).reset_index(drop=True)


def _points(known: pd.DataFrame, outcome: str, dose: str, cluster: str) -> pd.DataFrame:
    columns = {
        "team_id": known[cluster].astype(str),
        "dose": known[dose].astype(float),
        "outcome": known[outcome].astype(float),
    }
    return pd.DataFrame(columns).sort_values(list(columns), ignore_index=True)


def _without_spread(parted: pd.DataFrame) -> dict[str, str]:
    """Return why a part of the dose cannot be had, for each that cannot."""
    largest = parted[[BETWEEN, WITHIN]].abs().to_numpy().max(initial=0.0)
    reasons = {
        BETWEEN: "all teams have the same mean dose",
        WITHIN: "within teams everyone has the same dose",
    }
    return {
        part: reason
        for part, reason in reasons.items()
        if parted.empty or np.ptp(parted[part].to_numpy()) <= ROUNDING * largest
    }


def _rows(robust: ClusterRobust, absent: dict[str, str]) -> pd.DataFrame:
    tidy = robust.tidy()
    parts = [tidy[tidy["term"].isin([BETWEEN, WITHIN])]]
    if not absent:
        difference = robust.contrast({BETWEEN: 1.0, WITHIN: -1.0}).tidy()
        parts.append(difference.assign(term=CONTEXT))
    found = pd.concat(parts).set_index("term").reindex([BETWEEN, WITHIN, CONTEXT])
    why = {**absent, CONTEXT: "; ".join(absent.values())}
    for part in [name for name in found.index if why.get(name)]:
        found.loc[part, "reason"] = why[part]
        found.loc[part, ["warning", "null_hypothesis", "method"]] = ["", "", robust.method]
        found.loc[part, ["n", "n_clusters"]] = [robust.n, len(robust.found.clusters)]
        found.loc[part, "conf_level"] = robust.conf_level
    return found.reset_index().astype({"n": int, "n_clusters": int})


def _verdict(name: str, panel: FewClusterPanel) -> str:
    said = conclusion(panel) if not panel.reason else f"nothing can be concluded: {panel.reason}."
    return f"{name.capitalize()}: {said[0].lower()}{said[1:]}"


def _told(row: pd.Series) -> str:
    name = NAMES[row["term"]]
    if row["reason"]:
        return f"{name} not available ({row['reason']})"
    return (
        f"{name} {number(row['estimate'])} ({level_in_words(row['conf_level'])} CI "
        f"[{number(row['conf_low'])}, {number(row['conf_high'])}], t({number(row['df'], 1)}) = "
        f"{number(row['statistic'])}, {p_in_words(row['p_value'])})"
    )
