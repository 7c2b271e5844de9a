"""Whether people change towards, or with, those they turned to a wave before."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.panel.asked import refuse_draws
from cvln_eval.inference.robust import cluster_robust
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.networks.panel import NetworkPanel
from cvln_eval.networks.persons.chances import Exchange
from cvln_eval.networks.persons.exposure import exposure, refuse_no_panel
from cvln_eval.networks.persons.regressing import least_squares, n_as_extreme
from cvln_eval.networks.persons.words import interval
from cvln_eval.resampling import Counted
from cvln_eval.results import Result, count, number, p_in_words

__all__ = ["InfluenceOverWaves", "influence_over_waves"]

TERM = "contacts_mean"
ALL_TEAMS, WITHIN = "between and within teams", "within teams"
CR2 = "least squares, CR2 by team, Satterthwaite df"
PERMUTED = "least squares with a constant a team, residuals exchanged within teams (Freedman-Lane)"
NULL = "change has nothing to do with those a person turned to, own earlier value held"
NUMBERS = ("estimate", "std_error", "statistic", "df", "p_value", "conf_low", "conf_high")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class InfluenceOverWaves(Result):
    """Change on the mean of those turned to a wave before; see `influence_over_waves`."""

    table: pd.DataFrame
    outcome: str

    def tidy(self) -> pd.DataFrame:
        """Return two rows a relation and pair of waves: over all teams, and within teams."""
        return self.table.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: networks, tests, range of the estimates, least p value."""
        row = {
            "outcome": self.outcome,
            "n_networks": len(self.table) // 2,
            "n_tests": int(self.table["p_value"].notna().sum()),
            "estimate_min": self.table["estimate"].min(),
            "estimate_max": self.table["estimate"].max(),
            "p_value_min": self.table["p_value"].min(),
            "reason": "" if self.table["p_value"].notna().any() else "no pair of waves has a test",
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return both slopes of each pair of waves, and what they do not tell."""
        rows = [row for _, row in self.table.iterrows()]
        said = [self._said(*rows[at : at + 2]) for at in range(0, len(rows), 2)]
        if self.table["p_value"].notna().any():
            said.append(
                "Shared circumstances, and having turned to people who were about to change alike, "
                "would give such slopes too."
            )
        return " ".join(said) or "There is no relation with a wave after it."

    def _said(self, whole: pd.Series, within: pd.Series) -> str:
        start = (
            f"From {whole['from_wave']} to {whole['wave']}, change in {self.outcome} of "
            f"{count(whole['n'], 'person', 'people')} in {count(whole['n_clusters'], 'team')} "
            f"on the mean of those they turned to for {whole['relation']}"
        )
        return f"{start}: over all teams {_slope(whole)}; within teams {_slope(within)}."


def _slope(row: pd.Series) -> str:
    if math.isnan(row["estimate"]):
        return f"no slope ({row['reason']})"
    if math.isnan(row["p_value"]):
        return f"b = {number(row['estimate'])}, not tested ({row['reason']})"
    bounds = "" if math.isnan(row["conf_low"]) else f", {interval(row)}"
    return f"b = {number(row['estimate'])}{bounds}, {p_in_words(row['p_value'])}"


def influence_over_waves(
    panel: NetworkPanel,
    *,
    outcome: str,
    n_draws: int = 9999,
    conf_level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> InfluenceOverWaves:
    """Regress each person's change on the mean of those they turned to a wave before.

    y_i,t - y_i,t-1 = a + b m_i,t-1 + c y_i,t-1 + e, where m is the mean of y over whom i named at
    t - 1, weighted by strength (see `exposure`). b above 0 is a change towards contacts who stand
    higher. Once with all teams, standard errors by CR2 and Satterthwaite's df over the few teams;
    once with a constant for each team, tested by Freedman and Lane's exchange within teams.

    Parameters
    ----------
    panel : NetworkPanel
        Two waves at least, with `team_id`.
    outcome : str
        Column of the roster that differs between waves (put it into `memberships`).
    n_draws : int
        Arrangements drawn where there are more than 200,000; otherwise each is taken once.
    conf_level : float
        Level of the intervals.
    rng : int or Generator
        Seed.

    Returns
    -------
    InfluenceOverWaves
        Two rows a relation and pair of successive waves; `wave` is the later one, `n_left_out` who
        was asked before and cannot be used (`exposure` tells why). The exchange has no interval.
        Where nobody can be used, nobody changed, contacts do not differ beside what people's own
        earlier value tells, or people are no more than coefficients, there is nothing, with the
        reason; with one team there is no CR2.

    Raises
    ------
    ArgumentError
        If it is no panel of two waves, or the roster lacks teams, or the outcome, or numbers there.

    Notes
    -----
    What contacts were like before a person's change cannot have been made by it, as within one wave
    it can; that the person chose them because both were about to change alike is not excluded
    (Shalizi & Thomas, 2011). For the other answers that few teams allow give the rows of `exposure`
    to `few_cluster_panel` with ``formula="change ~ contacts_mean + value_before"``.

    References
    ----------
    Friedkin, N. E., & Johnsen, E. C. (1990). Social influence and opinions. Journal of Mathematical
    Sociology, 15, 193-205.
    Shalizi, C. R., & Thomas, A. C. (2011). Homophily and contagion are generically confounded in
    observational social network studies. Sociological Methods & Research, 40, 211-239.
    """
    refuse_draws(n_draws)
    refuse_level(conf_level)
    refuse_no_panel(panel)
    if "team_id" not in panel.roster:
        raise ArgumentError(
            "The roster has no teams",
            expected="a column 'team_id'",
            seen=shown(panel.roster.columns),
            todo="put it into `memberships`; one value for all, if there are no teams",
        )
    rng = np.random.default_rng(rng)
    found = exposure(panel, outcome=outcome).tidy()
    rows: list[dict[str, object]] = []
    for (wave, relation, before), people in found.groupby(
        ["wave", "relation", "from_wave"], sort=False
    ):
        used = people[(people["reason"] == "") & people["team_id"].notna()]
        key = {"wave": wave, "relation": relation, "from_wave": before, "outcome": outcome}
        shared = {
            "n": len(used),
            "n_left_out": len(people) - len(used),
            "n_clusters": used["team_id"].nunique(),
            "null_hypothesis": NULL,
        }
        both = (_over_all(used, conf_level), _within(used, n_draws, conf_level, rng))
        rows += [key | {"term": TERM} | row | shared for row in both]
    return InfluenceOverWaves(pd.DataFrame(rows, columns=list(COLUMNS)), outcome)


COLUMNS = (
    *("wave", "relation", "from_wave", "outcome", "term", "convention", *NUMBERS, "conf_level"),
    *("p_low", "p_high", "smallest_p", "n", "n_left_out", "n_clusters", "n_draws", "enumerated"),
    *("method", "null_hypothesis", "reason"),
)


def _lacking(used: pd.DataFrame) -> str:
    """Return why there is no slope, empty where there may be one."""
    if not len(used):
        return "nobody can be used"
    if not used["change"].any():
        return "nobody changed"
    columns = used[["contacts_mean", "value_before"]].to_numpy(dtype=float)
    if least_squares(columns[:, 0], columns, np.zeros(len(used))) is None:
        return "contacts do not differ beside what a person's own earlier value tells"
    return "there are no more people than coefficients" if len(used) < 4 else ""


def _over_all(used: pd.DataFrame, conf_level: float) -> dict[str, object]:
    row = dict.fromkeys(NUMBERS, math.nan) | asdict(Counted())
    row |= {"convention": ALL_TEAMS, "conf_level": conf_level, "method": CR2}
    reason = _lacking(used)
    if reason:
        return row | {"reason": reason}
    fitted = cluster_robust(
        used, formula="change ~ contacts_mean + value_before", conf_level=conf_level
    ).tidy()
    slope = fitted[fitted["term"] == TERM].to_dict("records")[0]
    return row | {name: slope[name] for name in (*NUMBERS, "reason")}


def _within(
    used: pd.DataFrame, n_draws: int, conf_level: float, rng: np.random.Generator
) -> dict[str, object]:
    row = dict.fromkeys(NUMBERS, math.nan) | asdict(Counted())
    row |= {"convention": WITHIN, "conf_level": conf_level, "method": PERMUTED}
    reason = _lacking(used)
    if reason:
        return row | {"reason": reason}
    teams = np.unique(used["team_id"].astype("str"), return_inverse=True)[1]
    x = used[["contacts_mean", "value_before"]].to_numpy(dtype=float)
    fit = least_squares(used["change"].to_numpy(dtype=float), x, teams)
    if fit is None or fit.df < 1:
        return row | {"reason": "there are too few people within teams"}
    exchange = Exchange(np.arange(len(used)), teams, n_draws)
    extreme = n_as_extreme(fit, exchange, "freedman-lane", rng)
    estimate, error = float(fit.coefficients[0]), float(fit.std_errors[0])
    statistic = estimate / error if error > 0 else math.nan
    numbers = {"estimate": estimate, "std_error": error, "statistic": statistic, "df": fit.df}
    return row | numbers | asdict(exchange.chance(int(extreme[0]))) | {"reason": ""}
