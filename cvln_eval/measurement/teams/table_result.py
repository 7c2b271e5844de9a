"""The result of `team_agreement`: one row a scale and wave, and every team behind it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cvln_eval.results import Result, count

__all__ = ["TeamAgreement"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class TeamAgreement(Result):
    """Agreement of teams by scale and wave; see `team_agreement`.

    Attributes
    ----------
    agreement : DataFrame
        One row a scale and wave.
    by_team : DataFrame
        One row a scale, wave, team and null.
    conf_level : float
        Level of the intervals.
    null_hypothesis : str
        What F and the pseudo-teams test.
    """

    agreement: pd.DataFrame
    by_team: pd.DataFrame
    conf_level: float
    null_hypothesis: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a scale and wave, with a verdict."""
        return self.agreement.copy()

    def teams(self) -> pd.DataFrame:
        """Return one row a scale, wave, team and null: n, rwg(j), deviations, reason."""
        return self.by_team.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: scales and waves looked at, and how many let one speak of teams."""
        usable = self.agreement[self.agreement["verdict"] != ""]
        return pd.DataFrame(
            {
                "n_scales": [usable["scale"].nunique()],
                "n_waves": [usable["wave"].nunique()],
                "n_rows": [len(usable)],
                "n_rows_left_out": [len(self.agreement) - len(usable)],
                "n_agreeing": [int((usable["rwg_j_uniform"] >= 0.70).sum())],
                "n_differing": [int((usable["pseudo_p_value"] <= 0.05).sum())],
                "n_differing_adjusted": [int((usable["pseudo_p_adjusted"] <= 0.05).sum())],
                "n_cultures": [int(usable["verdict"].str.startswith("members agree, and").sum())],
                "conf_level": [self.conf_level],
                "missing": ["people who answered every item"],
                "null_hypothesis": [self.null_hypothesis],
                "reason": ["" if len(usable) else self._why_not()],
            }
        )

    def sentence(self) -> str:
        """Return how many scales and waves let one speak of a team's culture."""
        row = self.glance().iloc[0]
        if row["reason"]:
            return f"Agreement of teams is not available: {row['reason']}."
        pairs = count(int(row["n_rows"]), "pair")
        adjusted = (
            f", in {row['n_differing_adjusted']} of them after Holm's adjustment for all pairs"
        )
        return (
            f"Of {pairs} of a scale and a wave, {row['n_agreeing']} had a median rwg(j) of at "
            f"least .70 against the uniform null; in {row['n_differing']} members agreed more "
            f"than random groups of the same people (p ≤ .05; chance alone would give about "
            f"{0.05 * row['n_rows']:.1f}){adjusted if row['n_differing'] else ''}. Both, and "
            f"agreement against the skewed null too, held in {row['n_cultures']}, where one may "
            f"speak of a team's culture."
        )

    def _why_not(self) -> str:
        """Return why no row has a verdict: the one reason, or where the reasons are."""
        reasons = set(self.agreement["reason"])
        if reasons == {"not asked in this wave"}:
            return "no scale was asked in any wave"
        return reasons.pop() if len(reasons) == 1 else "no row has a value; `tidy` says why"
