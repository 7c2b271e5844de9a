"""A panel of networks from the tidy tables, every row of ties accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.tables import need_columns
from cvln_eval.networks.panel.network import Network, refuse_threshold
from cvln_eval.networks.panel.panel import ROSTER, TIES, NetworkPanel
from cvln_eval.networks.panel.reading import asked_of, read_roster, read_ties
from cvln_eval.networks.panel.symmetric import symmetrised
from cvln_eval.participation.rosters import grouped_roster, wave_labels
from cvln_eval.study.definition import Wave

__all__ = ["network_panel"]

NOT_KNOWN = ("not_answered", "answered")
ON_NO_ROSTER = "on no roster of the wave"
NOT_ASKED = "on the roster, but not asked about this relation"


def network_panel(
    ties: pd.DataFrame,
    memberships: pd.DataFrame,
    respondents: pd.DataFrame | None = None,
    *,
    people: pd.DataFrame | None = None,
    waves: Iterable[Wave | str] | None = None,
    relations: Sequence[str] | None = None,
    instruments: Mapping[str, str] | None = None,
    threshold: float | None = None,
    directed: bool = True,
    not_known: str = "not_answered",
) -> NetworkPanel:
    """Return the networks of all waves and relations among those who were asked.

    The people of a network are those on the wave's roster who were asked about the relation, so
    that of each ordered pair it is told whether it is a tie, no tie, not answered or not asked.

    Parameters
    ----------
    ties : DataFrame
        The table `ties`: `wave`, `relation`, `sender_id`, `receiver_id` and, if ties have one,
        `strength`, at least 0. Rows of people who name themselves or somebody who is not in the
        network are kept apart and counted.
    memberships : DataFrame
        The rosters: `wave`, `person_id`, `team_id`, each person once a wave.
    respondents : DataFrame, optional
        Who was asked and whether they answered: `wave`, `instrument`, `person_id`, `responded`.
        Without it each person on the roster is taken to have been asked and to have answered
        wherever a wave has a tie of the relation.
    people : DataFrame, optional
        More about each person, by `person_id`.
    waves : iterable of Wave or str, optional
        Which waves, in their order; those of the rosters, sorted, if not given, and then each tie
        has to be of one of them.
    relations : sequence of str, optional
        Which relations; all in `ties` if not given. One that `respondents` were asked about may
        have no tie at all.
    instruments : mapping of str to str, optional
        The instrument of `respondents` that asked about each relation, where it does not have the
        relation's name.
    threshold : float, optional
        Least strength that is a tie, above 0, which then is 1; a tie without a strength does not
        reach it.
        Without it each strength above 0 is a tie and keeps its value.
    directed : bool
        Whether who names whom matters; if not, a tie is one where either end named it (use
        `panel.symmetrised(rule="both")` of a directed panel for the other rule).
    not_known : {"not_answered", "answered"}
        What to take people for of whom it is not known whether they answered, such as those with
        an empty row in a matrix.

    Returns
    -------
    NetworkPanel
        With a network for each wave in which a relation was asked. Somebody of whom it is not
        known whether they answered, but who named somebody, did answer.

    Raises
    ------
    ArgumentError
        If a column is absent, a row has no end, person or wave, a pair stands twice, ids differ by
        case alone, a strength is negative or no number, no tie is between people on the roster, a
        wave with ties has no roster, somebody among the respondents of a wave is not on its roster,
        somebody who did not answer has ties, a relation has no instrument, or the threshold is no
        number above 0.

    Examples
    --------
    >>> ties = pd.DataFrame({"wave": "1", "relation": "advice", "sender_id": ["a", "a"],
    ...                      "receiver_id": ["b", "a"], "strength": [4.0, 1.0]})
    >>> memberships = pd.DataFrame({"wave": "1", "person_id": ["a", "b", "c"], "team_id": "x"})
    >>> panel = network_panel(ties, memberships)
    >>> panel.tidy()[["n_asked", "n_ties", "n_pairs_tie", "n_pairs_no_tie", "n_self"]]
       n_asked  n_ties  n_pairs_tie  n_pairs_no_tie  n_self
    0        3       1            1               5       1
    """
    if not_known not in NOT_KNOWN:
        raise ArgumentError("Unknown reading", expected=shown(NOT_KNOWN), seen=repr(not_known))
    if threshold is not None:
        refuse_threshold(threshold)
    rows = read_ties(ties)
    names = _waves(memberships, waves)
    if waves is None:
        _refuse_waves_without_roster(rows, names)
    roster = grouped_roster(*read_roster(memberships, people), waves=names)
    wanted = _relations(rows, relations, respondents, dict(instruments or {}))
    rows = rows[rows["wave"].isin(names) & rows["relation"].isin(wanted)]
    asked, outside = asked_of(rows, roster, respondents, dict(instruments or {}), names, wanted)
    _refuse_strangers(rows, roster)
    rows = rows.assign(kind=_kinds(rows, roster, asked, threshold))
    asked = _answered(asked, rows, as_answer=not_known == "answered")
    networks = [
        _network(of_one, roster, rows, threshold, directed)
        for _, of_one in asked.groupby(["wave", "relation"], sort=False)
    ]
    order = {wave: place for place, wave in enumerate(names)}
    return NetworkPanel(
        networks=tuple(sorted(networks, key=lambda one: (order[one.wave], one.relation))),
        waves=tuple(names),
        relations=tuple(wanted),
        roster=_sorted(roster, order),
        self_ties=_kept(rows, "self"),
        outside_ties=_outside(rows, roster),
        outside_respondents=outside,
        weak_ties=_kept(rows, "weak"),
        not_known=asked.loc[asked["open"], ["wave", "relation", "person_id"]].reset_index(
            drop=True
        ),
    )


def _waves(memberships: pd.DataFrame, waves: Iterable[Wave | str] | None) -> list[str]:
    """Return the waves in order; numbers are sorted as numbers, 2 before 10."""
    if waves is not None:
        return list(wave_labels(waves))
    need_columns(memberships, ROSTER, table="memberships")
    known = memberships["wave"].dropna()
    ordered = known if pd.api.types.is_numeric_dtype(known) else known.astype("str")
    return [str(wave) for wave in sorted(ordered.unique())]


def _refuse_waves_without_roster(rows: pd.DataFrame, names: Sequence[str]) -> None:
    strange = rows.loc[~rows["wave"].isin(names), "wave"]
    if len(strange):
        raise ArgumentError(
            "Ties are of a wave that has no roster",
            expected=f"waves of memberships: {shown(names)}",
            seen=shown(strange),
            todo="add its roster, or name the waves that are wanted in `waves`",
        )


def _relations(
    rows: pd.DataFrame,
    relations: Sequence[str] | None,
    respondents: pd.DataFrame | None,
    instruments: Mapping[str, str],
) -> list[str]:
    """Return the relations in order; one that was asked about may have no tie if it is named."""
    known = sorted(rows["relation"].unique())
    if relations is None:
        return known
    wanted = sorted({relations} if isinstance(relations, str) else set(relations))
    asked: set[str] = set()
    if respondents is not None and "instrument" in respondents:
        asked = set(respondents["instrument"].astype("str"))
    strange = [one for one in wanted if one not in known and instruments.get(one, one) not in asked]
    if strange:
        raise ArgumentError(
            "No tie is of this relation", expected=f"some of {shown(known)}", seen=shown(strange)
        )
    return wanted


def _refuse_strangers(rows: pd.DataFrame, roster: pd.DataFrame) -> None:
    """Refuse ties none of which is between people on the roster: ids of two kinds."""
    known = set(roster["person_id"])
    inside = rows["sender_id"].isin(known) & rows["receiver_id"].isin(known)
    if len(rows) and not inside.any():
        raise ArgumentError(
            "No tie is between people on the roster",
            expected=f"ids such as {shown(sorted(known))}",
            seen=shown(pd.unique(rows["sender_id"])),
            todo="give both tables the same ids",
        )


def _kinds(
    rows: pd.DataFrame, roster: pd.DataFrame, asked: pd.DataFrame, threshold: float | None
) -> np.ndarray:
    """Return what each row is: a tie, to oneself, to somebody outside, or too weak."""
    within = pd.MultiIndex.from_frame(asked[["wave", "relation", "person_id"]])
    inside = np.ones(len(rows), dtype=bool)
    for end in ("sender_id", "receiver_id"):
        inside &= pd.MultiIndex.from_frame(rows[["wave", "relation", end]]).isin(within)
    own = (rows["sender_id"] == rows["receiver_id"]).to_numpy()
    strength = rows["strength"].to_numpy(dtype=float)
    weak = strength == 0 if threshold is None else ~(strength >= threshold)
    return np.select([own, ~inside, weak], ["self", "outside", "weak"], "tie")


def _answered(asked: pd.DataFrame, rows: pd.DataFrame, *, as_answer: bool) -> pd.DataFrame:
    """Return who answered and of whom that is open; whoever named somebody answered."""
    key = ["wave", "relation", "person_id"]
    named = rows[["wave", "relation", "sender_id"]].set_axis(key, axis=1)
    names = pd.MultiIndex.from_frame(asked[key]).isin(pd.MultiIndex.from_frame(named))
    silent = asked["responded"].eq(False).fillna(False).to_numpy(dtype=bool)
    if (names & silent).any():
        raise ArgumentError(
            "People who did not answer have ties",
            expected="`responded` true for whoever names somebody",
            seen=shown(asked.loc[names & silent, "person_id"]),
            todo="correct the table of respondents, or take these ties out",
        )
    is_open = asked["responded"].isna().to_numpy() & ~names
    answered = names | asked["responded"].eq(True).fillna(False).to_numpy(dtype=bool)
    return asked.assign(answered=answered | (is_open & as_answer), open=is_open)


def _network(
    asked: pd.DataFrame,
    roster: pd.DataFrame,
    rows: pd.DataFrame,
    threshold: float | None,
    directed: bool,
) -> Network:
    wave, relation = asked[["wave", "relation"]].iloc[0]
    asked = asked.sort_values("person_id")
    ids = pd.Index(asked["person_id"])
    own = roster[roster["wave"] == wave].set_index("person_id").loc[ids].reset_index()
    mine = (rows["wave"] == wave) & (rows["relation"] == relation) & (rows["kind"] == "tie")
    sender, receiver = (
        ids.get_indexer(rows.loc[mine, f"{end}_id"]) for end in ("sender", "receiver")
    )
    order = np.lexsort([receiver, sender])
    strength = rows.loc[mine, "strength"].to_numpy(dtype=float)[order]
    network = Network(
        wave=wave,
        relation=relation,
        people=own.drop(columns="wave"),
        sender=sender[order],
        receiver=receiver[order],
        strength=strength if threshold is None else np.ones(len(strength)),
        answered=asked["answered"].to_numpy(),
        threshold=threshold,
    )
    return network if directed else symmetrised(network, rule="either")


def _kept(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    return rows.loc[rows["kind"] == kind, list(TIES)].reset_index(drop=True)


def _outside(rows: pd.DataFrame, roster: pd.DataFrame) -> pd.DataFrame:
    there = pd.MultiIndex.from_frame(roster[["wave", "person_id"]])
    kept = _kept(rows, "outside")
    listed = [
        pd.MultiIndex.from_frame(kept[["wave", end]]).isin(there)
        for end in ("sender_id", "receiver_id")
    ]
    return kept.assign(reason=np.where(np.logical_and(*listed), NOT_ASKED, ON_NO_ROSTER))


def _sorted(roster: pd.DataFrame, order: Mapping[str, int]) -> pd.DataFrame:
    return roster.sort_values(
        ["wave", "person_id"],
        key=lambda column: column.map(order) if column.name == "wave" else column,
    ).reset_index(drop=True)
