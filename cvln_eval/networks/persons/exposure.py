"""What people were exposed to: the mean of those they turned to, a wave before their own change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.matrix import numbers_of
from cvln_eval.networks.panel import Network, NetworkPanel
from cvln_eval.results import Result, count

__all__ = ["Exposure", "exposure", "refuse_no_panel"]

LEFT = "not on the roster of the later wave"
SILENT = "did not answer whom they turn to"
NO_VALUE = "the outcome is not known in both waves"
NO_CONTACT = "of nobody they turned to is the outcome known"
COLUMNS = (
    *("wave", "relation", "from_wave", "person_id", "team_id", "value_before", "value_after"),
    *("change", "contacts_mean", "n_contacts", "n_contacts_known", "reason"),
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Exposure(Result):
    """Each person's change beside the mean of their contacts a wave before; see `exposure`."""

    table: pd.DataFrame
    outcome: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a person, relation and pair of waves; `wave` is the later one."""
        return self.table.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: pairs of waves and relations, rows, and how many can be used."""
        pairs = self.table[["wave", "relation"]].drop_duplicates()
        usable = self.table["reason"] == ""
        row = {
            "outcome": self.outcome,
            "n_networks": len(pairs),
            "n": int(usable.sum()),
            "n_left_out": int((~usable).sum()),
            "n_persons": int(self.table.loc[usable, "person_id"].nunique()),
            "reason": "" if usable.any() else "nobody can be used",
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return how many people can be used, and how often."""
        row = self.glance().iloc[0]
        changes = count(row["n"], "change")
        return (
            f"Over {count(row['n_networks'], 'network')} and the wave after each, {changes} in "
            f"{self.outcome} of {count(row['n_persons'], 'person', 'people')} can be put beside "
            f"the mean of those they turned to before; {row['n_left_out']} cannot."
        )


def exposure(panel: NetworkPanel, *, outcome: str) -> Exposure:
    """Put each person's change in an outcome beside the mean of those they turned to before.

    contacts_mean_i = sum_j w_ij y_j / sum_j w_ij over the people j whom i named in the earlier wave
    and whose outcome is known then, with the strengths of the ties as w (`panel.binary()` makes
    them equal).

    Parameters
    ----------
    panel : NetworkPanel
        Two waves at least; each relation asked in a wave goes with the wave that follows it.
    outcome : str
        Column of the panel's roster that differs between waves: put it into `memberships`, by
        person and wave, before `network_panel`.

    Returns
    -------
    Exposure
        One row a person asked in the earlier wave, with the team of that wave. Where the person
        left, did not answer, has no outcome in one of the waves, or named nobody whose outcome is
        known, `reason` says so. A table for `few_cluster_panel`, once rows with a reason are left
        out.

    Raises
    ------
    ArgumentError
        If it is no panel, has one wave, or its roster lacks the outcome or has no numbers there.

    Examples
    --------
    >>> from cvln_eval.networks.panel import network_panel
    >>> ties = pd.DataFrame({"wave": ["1", "1"], "relation": "advice", "sender_id": ["a", "a"],
    ...                      "receiver_id": ["b", "c"], "strength": [3.0, 1.0]})
    >>> memberships = pd.DataFrame({"wave": list("111222"), "person_id": list("abcabc"),
    ...                             "team_id": "x", "trust": [2.0, 4, 2, 3, 4, 4]})
    >>> found = exposure(network_panel(ties, memberships), outcome="trust").tidy()
    >>> found.loc[found["person_id"] == "a", ["change", "contacts_mean", "n_contacts"]]
       change  contacts_mean  n_contacts
    0     1.0            3.5           2
    """
    refuse_no_panel(panel)
    values = _values(panel, outcome)
    parts = [
        _of_network(network, after, values)
        for before, after in _pairs(panel)
        for network in panel
        if network.wave == before
    ]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
    return Exposure(table[list(COLUMNS)], outcome)


def refuse_no_panel(panel: object) -> None:
    """Raise `ArgumentError` unless it is a panel of two waves or more."""
    if not isinstance(panel, NetworkPanel):
        raise ArgumentError(
            "Change needs a panel of networks",
            expected="a NetworkPanel, as `network_panel` makes it",
            seen=f"a value of type {type(panel).__name__}",
        )
    if len(panel.waves) < 2:
        raise ArgumentError(
            "Change needs two waves", expected="a panel of several waves", seen=shown(panel.waves)
        )


def _pairs(panel: NetworkPanel) -> Iterator[tuple[str, str]]:
    return zip(panel.waves[:-1], panel.waves[1:], strict=True)


def _values(panel: NetworkPanel, outcome: str) -> pd.Series:
    if outcome not in panel.roster:
        raise ArgumentError(
            "The roster has no such column",
            expected=shown(panel.roster.columns),
            seen=repr(outcome),
            todo="put it into `memberships`, by person and wave, before `network_panel`",
        )
    numbers = numbers_of(panel.roster[outcome], what=f"Values of {outcome}")
    return pd.Series(numbers, pd.MultiIndex.from_frame(panel.roster[["wave", "person_id"]]))


def _of_network(network: Network, after: str, values: pd.Series) -> pd.DataFrame:
    before = values.reindex(pd.MultiIndex.from_product([[network.wave], network.ids])).to_numpy()
    later = pd.MultiIndex.from_product([[after], network.ids])
    following = values.reindex(later).to_numpy()
    mean, named, known = _contacts(network, before)
    no_value = np.isnan(before) | np.isnan(following)
    told = [~later.isin(values.index), ~network.answered, no_value, known == 0]
    team = network.people.get("team_id")
    return pd.DataFrame(
        {
            "wave": after,
            "relation": network.relation,
            "from_wave": network.wave,
            "person_id": network.ids.to_numpy(),
            "team_id": team,
            "value_before": before,
            "value_after": following,
            "change": following - before,
            "contacts_mean": np.where(network.answered, mean, np.nan),
            "n_contacts": named,
            "n_contacts_known": known,
            "reason": np.select(told, [LEFT, SILENT, NO_VALUE, NO_CONTACT], ""),
        }
    )


def _contacts(network: Network, values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean of those named, how many were named, and of how many the value is known."""
    is_known = ~np.isnan(values)
    weights, ties = network.adjacency(valued=True), network.adjacency()
    total = weights @ is_known.astype(float)
    summed = weights @ np.where(is_known, values, 0.0)
    mean = np.divide(summed, total, out=np.full(network.n, np.nan), where=total > 0)
    counted = (ties @ np.column_stack([np.ones(network.n), is_known])).round().astype(int)
    return mean, counted[:, 0], counted[:, 1]
