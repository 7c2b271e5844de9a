"""Change without its size in points: signed ranks, and how many rose."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.change.occasions import NOBODY, Pairs, paired, read_scores, two_waves
from cvln_eval.inference.change.signed_rank import hodges_lehmann, signed_rank
from cvln_eval.inference.change.words import interval, people_in_teams
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.resampling import clopper_pearson
from cvln_eval.results import Result, count, number, p_in_words

__all__ = ["RankChange", "rank_change"]

ZEROS = ("wilcoxon", "pratt")
PEOPLE, TEAMS = "people independent", "means of teams"
TYPICAL, RISES = "typical change", "share of changes that rose"
ALL_ZERO = "no change differs from 0"
# A bound on p below this is no bound to speak of.
TOLD = 0.001
COLUMNS = (
    "scale",
    "quantity",
    "from_wave",
    "wave",
    "estimate",
    "statistic",
    "p_value",
    "smallest_p",
    "conf_low",
    "conf_high",
    "conf_level",
    "n",
    "n_up",
    "n_down",
    "n_zero",
    "n_clusters",
    "n_left_out",
    "method",
    "null_hypothesis",
    "reason",
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RankChange(Result):
    """Signed-rank and sign tests of change; see `rank_change`.

    Attributes
    ----------
    rows : DataFrame
        One row a scale, unit (people, teams) and test.
    zeros : str
        What was done with changes of 0 in the signed ranks.
    """

    rows: pd.DataFrame
    zeros: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a scale, unit and test."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: scales, people, tests without a p value."""
        rows = self.rows
        return pd.DataFrame(
            {
                "from_wave": [rows["from_wave"].iloc[0]],
                "wave": [rows["wave"].iloc[0]],
                "n_scales": [rows["scale"].nunique()],
                "n_tests": [int(rows["p_value"].notna().sum())],
                "n_not_known": [int(rows["p_value"].isna().sum())],
                "zeros": [self.zeros],
            }
        )

    def sentence(self) -> str:
        """Return for each scale the typical change, and what its teams could ever have shown."""
        return " ".join(self._of(part) for _, part in self.rows.groupby("scale", sort=False))

    def _of(self, part: pd.DataFrame) -> str:
        row = part.iloc[0]
        waves = f"from {row['from_wave']} to {row['wave']}"
        if math.isnan(row["estimate"]):
            return (
                f"The typical change of {row['scale']} {waves} is not available: {row['reason']}."
            )
        who = people_in_teams(int(row["n"]), row["n_clusters"])
        teams = part[part["method"].str.startswith(TEAMS) & (part["quantity"] == TYPICAL)]
        return (
            f"The typical change of {row['scale']} {waves} was {number(row['estimate'])} "
            f"({interval(row)}, {p_in_words(row['p_value'])}; Hodges-Lehmann and {row['method']}; "
            f"{who}); {row['n_up']:,} rose, {row['n_down']:,} fell, {row['n_zero']:,} stayed"
            + "".join(_of_teams(team) for _, team in teams.iterrows())
            + "."
        )


def _of_teams(row: pd.Series) -> str:
    if math.isnan(row["p_value"]):
        return f"; over the means of teams there is no test ({row['reason']})"
    the = "the " if row["n"] > 1 else ""
    told = f"; over the means of {the}{count(row['n'], 'team')}, {p_in_words(row['p_value'])}"
    if row["smallest_p"] < TOLD:
        return told
    smallest = f"{row['smallest_p']:.4g}".removeprefix("0")
    return f"{told}, where nothing below {smallest} could have come out"


def rank_change(
    table: pd.DataFrame,
    *,
    waves: tuple[str, str],
    outcome: str = "score",
    person: str = "person_id",
    wave: str = "wave",
    team: str | None = "team_id",
    zeros: str = "wilcoxon",
    conf_level: float = 0.95,
) -> RankChange:
    """Test change by signed ranks and by signs, over people and over the means of teams.

    Signed ranks: V is the sum of the ranks of |change| over those who rose, tied sizes sharing
    the mean of their ranks; its distribution is exact with ties, every sign being as likely as
    its opposite, up to 200 people and normal with a correction of a half beyond. The estimate is
    Hodges and Lehmann's, the median of the means of all pairs of changes (those of 0 among them).
    Signs: the share that rose among those who changed, with the exact binomial p and Clopper and
    Pearson's interval.

    Parameters
    ----------
    table : DataFrame
        As in `paired_change`.
    waves : tuple of str
        The earlier and the later wave.
    outcome : str
        Column of the scores.
    person, wave : str
        Columns that say who, and when.
    team : str, optional
        Column of the teams; None for people only.
    zeros : {"wilcoxon", "pratt"}
        Changes of 0 leave before ranking (as in R), or take the lowest ranks and leave then.
    conf_level : float
        Level of the intervals, which hold at least that.

    Returns
    -------
    RankChange
        `tidy` has `scale, quantity, from_wave, wave, estimate, statistic, p_value, smallest_p,
        conf_low, conf_high, conf_level, n, n_up, n_down, n_zero, n_clusters, n_left_out, method,
        null_hypothesis, reason`. Rows over people take them as independent, which members of one
        team are not; rows over teams take one mean change a team, and with G teams no p falls
        below 2 / 2^G: .0625 for five. Changes of 0 count in the interval of the typical change and
        not in its test, so that among many ties one may include 0 where the other rejects. Where no
        interval reaches the level (fewer than six at 95%), or nobody changed, the numbers are nan
        with a reason.

    Raises
    ------
    ArgumentError
        As `paired_change`, or if the rule for zeros is unknown.

    References
    ----------
    Wilcoxon, F. (1945). Individual comparisons by ranking methods. Biometrics Bulletin, 1, 80-83.
    Pratt, J. W. (1959). Remarks on zeros and ties in the Wilcoxon signed rank procedures. Journal
    of the American Statistical Association, 54, 655-667.
    Hollander, M., Wolfe, D. A., & Chicken, E. (2014). Nonparametric statistical methods. Wiley,
    sections 3.1-3.5.

    Notes
    -----
    Without ties and zeros it agrees with `wilcox.test(paired = TRUE, exact = TRUE, conf.int =
    TRUE)`; the signs agree with `binom.test`.

    Examples
    --------
    >>> scores = pd.DataFrame({"person_id": list("pqrs") * 2, "wave": ["y1"] * 4 + ["y2"] * 4,
    ...                        "score": [3, 4, 2, 3, 4, 6, 5, 7]})
    >>> row = rank_change(scores, waves=("y1", "y2"), team=None).tidy().iloc[0]
    >>> row[["estimate", "statistic", "p_value"]].astype(float).tolist()
    [2.5, 10.0, 0.125]
    """
    refuse_level(conf_level)
    if zeros not in ZEROS:
        raise ArgumentError("Unknown rule for zeros", expected=shown(ZEROS), seen=repr(zeros))
    rows = read_scores(table, outcome=outcome, person=person, wave=wave, team=team)
    everyone = paired(rows, two_waves(rows, waves), teams=team is not None)
    found = [row for pairs in everyone for row in _rows(pairs, zeros, conf_level)]
    return RankChange(pd.DataFrame(found, columns=list(COLUMNS)), zeros)


def _rows(pairs: Pairs, zeros: str, conf_level: float) -> list[dict[str, object]]:
    units = {PEOPLE: _cleared(pairs.changes, pairs)}
    if pairs.teams is not None:
        by_team = pd.Series(pairs.changes).groupby(pairs.teams).mean()
        units[TEAMS] = _cleared(by_team.to_numpy(dtype=float), pairs)
    same = pairs.named() | {
        "conf_level": conf_level,
        "n_clusters": math.nan if pairs.teams is None else len(units[TEAMS]),
        "n_left_out": pairs.n_left_out,
    }
    return [
        same | _counts(changes) | row
        for unit, changes in units.items()
        for row in (_ranked(changes, unit, zeros, conf_level), _signs(changes, unit, conf_level))
    ]


def _cleared(changes: np.ndarray, pairs: Pairs) -> np.ndarray:
    """Return changes to ten digits: what differs by rounding alone is tied, or nought."""
    largest = max(np.abs(pairs.first).max(initial=0), np.abs(pairs.last).max(initial=0))
    return np.round(changes, 10 - math.ceil(math.log10(largest)) if largest else 10)


def _counts(changes: np.ndarray) -> dict[str, object]:
    signs = np.sign(changes)
    return {
        "n": len(changes),
        "n_up": int((signs > 0).sum()),
        "n_down": int((signs < 0).sum()),
        "n_zero": int((signs == 0).sum()),
    }


def _ranked(changes: np.ndarray, unit: str, zeros: str, conf_level: float) -> dict[str, object]:
    test = signed_rank(changes, zeros=zeros)
    estimate, low, high, reason = hodges_lehmann(changes, conf_level)
    if len(changes) and test.n_ranked == 0:
        low, high, reason = math.nan, math.nan, ALL_ZERO
    form = "exact" if test.exact else "normal approximation"
    return {
        "quantity": TYPICAL,
        "estimate": estimate,
        "statistic": test.statistic if test.n_ranked else math.nan,
        "p_value": test.p_value,
        "smallest_p": test.smallest_p,
        "conf_low": low,
        "conf_high": high,
        "method": f"{unit}, signed rank ({form}; zeros: {zeros})",
        "null_hypothesis": "changes up and down by the same amount are equally likely",
        "reason": reason if len(changes) else NOBODY,
    }


def _signs(changes: np.ndarray, unit: str, conf_level: float) -> dict[str, object]:
    up, n = int((changes > 0).sum()), int((changes != 0).sum())
    low, high = clopper_pearson(up, n, conf_level)
    return {
        "quantity": RISES,
        "estimate": up / n if n else math.nan,
        "statistic": float(up) if n else math.nan,
        "p_value": float(stats.binomtest(up, n).pvalue) if n else math.nan,
        "smallest_p": min(1.0, math.ldexp(1.0, 1 - n)) if n else math.nan,
        "conf_low": low,
        "conf_high": high,
        "method": f"{unit}, sign test (exact; zeros left out)",
        "null_hypothesis": "among those who changed, rising and falling are equally likely",
        "reason": "" if n else (ALL_ZERO if len(changes) else NOBODY),
    }
