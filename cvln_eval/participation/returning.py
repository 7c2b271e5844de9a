"""Who comes back from cohort to cohort, and who applies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.participation.intervals import share_with_interval
from cvln_eval.participation.rosters import need
from cvln_eval.results import Result, count, proportion

__all__ = ["Applications", "ReturningLeaders", "applications_by_cohort", "returning_leaders"]

UNITS = {"leader": "person_id", "team": "team_id"}
RETURN_COLUMNS = (
    "unit",
    "from_cohort",
    "cohort",
    "n_before",
    "n_returning",
    "n_back",
    "n_new",
    "n",
    "share_returning",
    "conf_low",
    "conf_high",
    "reason",
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ReturningLeaders(Result):
    """Leaders and teams in one cohort and the next; see `returning_leaders`.

    Attributes
    ----------
    cohorts : tuple of str
        The cohorts in order.
    returns : DataFrame
        One row a unit (leader or team) and pair of consecutive cohorts.
    """

    cohorts: tuple[str, ...]
    returns: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a unit and pair of consecutive cohorts."""
        return self.returns.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: leaders and teams that returned, over all pairs of cohorts."""
        total = self.returns.groupby("unit")[["n_before", "n_returning"]].sum()
        total = total.reindex(list(UNITS), fill_value=0).astype("int64")
        return pd.DataFrame(
            {
                "n": [total.loc["leader", "n_before"]],
                "n_cohorts": [len(self.cohorts)],
                "n_leaders_returning": [total.loc["leader", "n_returning"]],
                "n_teams_returning": [total.loc["team", "n_returning"]],
                "reason": ["" if len(self.returns) else "fewer than two cohorts"],
            }
        )

    def sentence(self) -> str:
        """Return how many came back in the last pair of cohorts."""
        if self.returns.empty:
            return "Returning leaders are not available: fewer than two cohorts."
        last = self.returns[self.returns["cohort"] == self.cohorts[-1]].set_index("unit")
        leader, team = last.loc["leader"].to_dict(), last.loc["team"].to_dict()
        if not leader["n_before"]:
            return f"Returning leaders are not available: {leader['reason']}."
        return (
            f"Of {count(int(leader['n_before']), 'leader')} in cohort {leader['from_cohort']}, "
            f"{leader['n_returning']} ({proportion(leader['share_returning'])}, 95% CI "
            f"[{proportion(leader['conf_low'])}, {proportion(leader['conf_high'])}]) returned in "
            f"cohort {leader['cohort']}; of {count(int(team['n_before']), 'team')}, "
            f"{team['n_returning']} did."
        )


def returning_leaders(
    memberships: pd.DataFrame,
    *,
    cohorts: Sequence[str] | Mapping[str, Sequence[str]],
    cohort: str = "wave",
) -> ReturningLeaders:
    """Follow leaders and teams from one cohort to the next.

    In each cohort after the first, n = returning (in the cohort before) + back (in an earlier
    one but not the one before) + new.

    Parameters
    ----------
    memberships : DataFrame
        The study's memberships.
    cohorts : sequence of str, or mapping of str to sequence of str
        The cohorts in order; as a mapping, each with its values of the column `cohort`, such as
        a cohort of two waves.
    cohort : str
        Column that tells the cohort.

    Returns
    -------
    ReturningLeaders
        The share is of those in the cohort before, with its 95% Wilson interval; nan with a
        reason where that cohort was empty. With fewer than two cohorts `tidy` is empty. A team
        returns when it is on a roster of both cohorts, whoever its leaders are. The interval
        treats leaders as independent, which those of one team are not, so it is rather too narrow.

    Raises
    ------
    ArgumentError
        If a column is absent or a cohort's value is not in it.
    """
    need(memberships, ("person_id", "team_id", cohort), table="memberships")
    plan = cohorts if isinstance(cohorts, Mapping) else {name: (name,) for name in cohorts}
    value = memberships[cohort].astype("str")
    absent = sorted({v for values in plan.values() for v in values} - set(value.dropna()))
    if absent and len(memberships):
        raise ArgumentError(
            "A cohort is not in the memberships",
            expected=shown(sorted(set(value.dropna()))),
            seen=shown(absent),
        )
    rows = []
    for unit, column in UNITS.items():
        members = [
            set(memberships.loc[value.isin(list(values)), column].dropna().astype("str"))
            for values in plan.values()
        ]
        rows += [_pair(unit, list(plan), members, at) for at in range(1, len(plan))]
    return ReturningLeaders(tuple(plan), _with_share(rows))


def _pair(unit: str, names: list[str], members: list[set[str]], at: int) -> dict[str, object]:
    now, before = members[at], members[at - 1]
    earlier: set[str] = set().union(*members[: at - 1]) - before
    return {
        "unit": unit,
        "from_cohort": names[at - 1],
        "cohort": names[at],
        "n_before": len(before),
        "n_returning": len(now & before),
        "n_back": len(now & earlier),
        "n_new": len(now - before - earlier),
        "n": len(now),
    }


def _with_share(rows: list[dict[str, object]]) -> pd.DataFrame:
    if not rows:
        return pd.DataFrame(columns=list(RETURN_COLUMNS))
    returns = pd.DataFrame(rows)
    share = share_with_interval(
        returns["n_returning"], returns["n_before"], share="share_returning", conf_level=0.95
    )
    returns = returns.join(share)
    returns["reason"] = ["" if n else "the cohort before was empty" for n in returns["n_before"]]
    return returns[list(RETURN_COLUMNS)]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Applications(Result):
    """Applications by cohort and kind; see `applications_by_cohort`.

    Attributes
    ----------
    counts : DataFrame
        One row a cohort and kind.
    """

    counts: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a cohort and kind."""
        return self.counts.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: applications in all, accepted, and those not decided."""
        total = self.counts[["n", "n_accepted", "n_not_decided"]].sum().astype("int64")
        reason = "" if total["n"] else "no application"
        return total.to_frame().T.assign(n_cohorts=self.counts["cohort"].nunique(), reason=reason)

    def sentence(self) -> str:
        """Return how many applied and how, cohort by cohort."""
        if not self.glance()["n"].item():
            return "Applications are not available: no application."
        parts = [
            f"cohort {name}: " + ", ".join(f"{r.n} {r.kind}" for r in rows.itertuples() if r.n)
            for name, rows in (
                (name, self.counts[self.counts["cohort"] == name])
                for name in dict.fromkeys(self.counts["cohort"])
            )
        ]
        return f"{count(self.glance()['n'].item(), 'application')} ({'; '.join(parts)})."


def applications_by_cohort(applications: pd.DataFrame) -> Applications:
    """Count applications by cohort and kind, with the share accepted.

    Parameters
    ----------
    applications : DataFrame
        The study's applications. One whose acceptance is missing counts as not decided and is
        not in the share.

    Returns
    -------
    Applications
        Every cohort has every kind, with 0 where nobody applied so; the share accepted is then
        nan, with a reason. Intervals are Wilson's at 95%.

    Raises
    ------
    ArgumentError
        If a column is absent.
    """
    need(applications, ("application_id", "cohort", "kind"), table="applications")
    plain = applications[["cohort", "kind"]].astype("str")
    accepted = applications.get("accepted", pd.Series(pd.NA, index=plain.index, dtype="boolean"))
    plain["accepted"] = accepted.eq(True).fillna(False).astype(bool)
    plain["open"] = accepted.isna()
    grid = pd.MultiIndex.from_product(
        [sorted(set(plain["cohort"])), sorted(set(plain["kind"]))], names=["cohort", "kind"]
    )
    counts = plain.groupby(["cohort", "kind"]).agg(
        n=("accepted", "size"), n_accepted=("accepted", "sum"), n_not_decided=("open", "sum")
    )
    counts = counts.reindex(grid, fill_value=0).astype("int64").reset_index()
    decided = counts["n"] - counts["n_not_decided"]
    share = share_with_interval(
        counts["n_accepted"], decided, share="share_accepted", conf_level=0.95
    )
    counts = counts.join(share)
    counts["reason"] = ["" if n else "no decided application" for n in decided]
    return Applications(counts)
