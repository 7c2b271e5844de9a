"""What became of each tie, and where each came from: stayers apart from joiners and leavers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.networks.waves.steps import compared, divided, steps_of
from cvln_eval.networks.waves.together import Together, together
from cvln_eval.networks.waves.wording import NO_STEP, Measures, by_step, listed, summed_up
from cvln_eval.results import Result, count

__all__ = ["Turnover", "turnover"]

EARLIER, LATER = "of the ties of the earlier wave: ", "of the ties of the later wave: "
MEASURES = {
    "kept": EARLIER + "there in the later wave too",
    "dropped by stayers": EARLIER + "not there any more, though both people are, and are known",
    "lost with a leaver": EARLIER + "an end left the roster",
    "lost, an end not asked later": EARLIER + "an end is on the later roster but was not asked",
    "not known later": EARLIER + "both people are there, but the later answer is missing",
    "there before": LATER + "there in the earlier wave too",
    "formed by stayers": LATER + "not there before, though both people were, and are known",
    "gained with a joiner": LATER + "an end was not on the earlier roster",
    "gained, an end not asked before": LATER + "an end was on the earlier roster but not asked",
    "not known before": LATER + "both people were there, but the earlier answer is missing",
}
COLUMNS = (
    "wave", "relation", "from_wave", "measure", "numerator", "denominator", "value", "convention",
    "n_stayers", "n_joiners", "n_leavers", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Turnover(Result):
    """What became of ties; see `turnover`.

    Attributes
    ----------
    rows : DataFrame
        One row a relation, wave and measure.
    """

    rows: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a relation, wave and measure."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: how many waves of how many relations were compared."""
        return summed_up(self.rows)

    def sentence(self) -> str:
        """Return what became of the ties of each wave and where the next wave's came from."""
        said = [_said(*step) for step in by_step(self.rows)]
        return listed(said, none=NO_STEP)


def turnover(panel: NetworkPanel | Network) -> Turnover:
    """Account for each tie of two successive waves: kept, dropped, or gone with a person.

    Each tie of the earlier wave is kept, dropped by people who stayed, lost with somebody who
    left, lost because an end was no longer asked, or not known later; each tie of the later wave
    was there before, was formed by people who stayed, came with somebody who joined or was newly
    asked, or is not known before. The five counts add up to the ties of the wave.

    Parameters
    ----------
    panel : NetworkPanel or Network
        The networks; strengths do not count. A relation is compared between each wave in which
        it was asked and the next such wave.

    Returns
    -------
    Turnover
        One row a relation, wave (the later one) and measure: `numerator` ties of `denominator`,
        `value` their ratio. `n_stayers` people were asked in both waves, `n_joiners` of those
        asked later were not on the earlier roster, `n_leavers` of those asked earlier not on the
        later one. A tie that goes with a person does so whether or not anybody's answer is
        missing. A wave without ties has nan with the reason; so has a relation asked once. No
        networks give no rows.

    Raises
    ------
    ArgumentError
        If two waves were made by different rules or thresholds.

    References
    ----------
    Huisman, M., & Snijders, T. A. B. (2003). Statistical analysis of longitudinal network data
    with changing composition. Sociological Methods & Research, 32, 253-287 (joiners and leavers
    apart from tie changes).

    Examples
    --------
    >>> ties = pd.DataFrame({"wave": ["1", "1", "2"], "relation": "advice",
    ...                      "sender_id": ["a", "b", "a"], "receiver_id": ["b", "c", "b"]})
    >>> memberships = pd.DataFrame({"wave": ["1"] * 3 + ["2"] * 2, "person_id": list("abcab"),
    ...                             "team_id": "x"})
    >>> from cvln_eval.networks.panel import network_panel
    >>> found = turnover(network_panel(ties, memberships)).tidy()
    >>> found.loc[found["numerator"] > 0, ["measure", "numerator", "denominator"]]
                  measure  numerator  denominator
    0                kept          1            2
    2  lost with a leaver          1            2
    5        there before          1            1
    """
    networks_of(panel)  # refuses what is no panel
    rosters = _rosters(panel)

    def measured(earlier: Network, later: Network) -> Iterator[dict[str, object]]:
        both = together((earlier, later))
        listed_before = rosters.get(earlier.wave, earlier.ids)
        listed_after = rosters.get(later.wave, later.ids)
        persons = {
            "n_stayers": both.n,
            "n_joiners": int((~later.ids.isin(listed_before)).sum()),
            "n_leavers": int((~earlier.ids.isin(listed_after)).sum()),
        }
        numbers = [*_accounted(both, 0, listed_after), *_accounted(both, 1, listed_before)]
        waves = [earlier] * 5 + [later] * 5
        for (name, words), number, own in zip(MEASURES.items(), numbers, waves, strict=True):
            why = f"there is no tie in {own.wave}"
            yield divided(name, words, number, own.n_ties, why) | persons

    return Turnover(compared(panel, steps_of, measured, MEASURES, COLUMNS))


def _rosters(panel: NetworkPanel | Network) -> dict[str, pd.Index]:
    """Return who was on the roster of each wave; nothing is known of that of a lone network."""
    if isinstance(panel, Network):
        return {}
    found = panel.roster.groupby("wave", sort=False)["person_id"]
    return {str(wave): pd.Index(persons) for wave, persons in found}


def _accounted(both: Together, wave: int, other_roster: pd.Index) -> list[int]:
    """Return ties in both waves, changed, gone with a person, with one not asked, not known."""
    own = both.networks[wave]
    known, elsewhere = both.ties(wave), both.ties(1 - wave)
    n_both = int(np.isin(known, elsewhere, assume_unique=True).sum())
    there = own.ids.isin(other_roster)
    n_gone = int((~there[own.sender] | ~there[own.receiver]).sum())
    n_apart = own.n_ties - len(both.named(wave))
    n_not_known = len(both.named(wave)) - len(known)
    return [n_both, len(known) - n_both, n_gone, n_apart - n_gone, n_not_known]


def _said(relation: str, earlier: str, later: str, rows: Measures) -> str:
    n = {measure: row["numerator"] for measure, row in rows.items()}
    ties = count(rows["kept"]["denominator"], f"{relation} tie")
    lost = n["lost with a leaver"] + n["lost, an end not asked later"]
    gained = n["gained with a joiner"] + n["gained, an end not asked before"]
    now = count(rows["there before"]["denominator"], "tie")
    return (
        f"Of {ties} in {earlier}, {n['kept']:,} {'was' if n['kept'] == 1 else 'were'} kept until "
        f"{later}, "
        f"{n['dropped by stayers']:,} dropped by people who stayed, {lost:,} lost with people who "
        f"left or were no longer asked, and {n['not known later']:,} not known; of {now} in "
        f"{later}, {n['formed by stayers']:,} had formed between people who stayed, {gained:,} "
        f"came with people who joined or were newly asked, and {n['not known before']:,} may have "
        f"been there before."
    )
