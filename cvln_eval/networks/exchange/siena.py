"""A panel in the form that RSiena wants: all actors in each wave, who was not there coded so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.networks.exchange.covariates import Covariate, covariate_of
from cvln_eval.networks.panel import NetworkPanel
from cvln_eval.results import Result, count

__all__ = ["SienaData", "siena_data"]

# RSiena's codes of ties that cannot be there and that must be.
STRUCTURAL_ZERO, STRUCTURAL_ONE = 10.0, 11.0
FEWEST_WAVES = 2


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SienaData(Result):
    """Networks, presence and covariates of all actors in all waves; see `siena_data`.

    Attributes
    ----------
    actors : Index
        Ids, sorted: whoever was asked in any wave.
    waves, relations : tuple of str
        Waves in their order, relations sorted.
    codes : mapping of str to ndarray, shape (n_waves, n_actors, n_actors)
        For each relation 0, 1, nan (not known), 10 (an end was not there), 11 (given by design).
    there : ndarray of bool, shape (n_actors, n_waves)
        Who was on the roster.
    composition : DataFrame
        One row a stretch of waves in which a person was there: `person_id`, `joined_at`,
        `left_at`.
    covariates : tuple of Covariate
        As numbers, with the labels that the numbers stand for.
    """

    actors: pd.Index
    waves: tuple[str, ...]
    relations: tuple[str, ...]
    codes: Mapping[str, np.ndarray]
    there: np.ndarray
    composition: pd.DataFrame
    covariates: tuple[Covariate, ...]

    def tidy(self) -> pd.DataFrame:
        """Return one row a wave and relation: how many ordered pairs have each code."""
        rows = [
            {"wave": wave, "relation": relation} | self._counted(self.codes[relation][k], k)
            for k, wave in enumerate(self.waves)
            for relation in self.relations
        ]
        return pd.DataFrame(rows)

    def _counted(self, codes: np.ndarray, wave: int) -> dict[str, int]:
        pairs = codes[~np.eye(len(self.actors), dtype=bool)]
        return {
            "n": int(self.there[:, wave].sum()),
            "n_pairs_tie": int((pairs == 1).sum()),
            "n_pairs_no_tie": int((pairs == 0).sum()),
            "n_pairs_not_known": int(np.isnan(pairs).sum()),
            "n_structural_zeros": int((pairs == STRUCTURAL_ZERO).sum()),
            "n_structural_ones": int((pairs == STRUCTURAL_ONE).sum()),
        }

    def glance(self) -> pd.DataFrame:
        """Return one row: actors, waves, relations, and people who were there throughout."""
        always = int(self.there.all(axis=1).sum())
        row = {
            "n_persons": len(self.actors),
            "n_waves": len(self.waves),
            "n_relations": len(self.relations),
            "n_there_throughout": always,
            "n_there_in_part": len(self.actors) - always,
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return the sentence an author would paste."""
        row = self.glance().iloc[0]
        moved = int(row["n_there_in_part"])
        who = (
            f"{count(moved, 'actor')} joined or left, and their ties in waves in which they were "
            "not there are structural zeros"
        )
        return (
            f"The data for RSiena have {count(row['n_persons'], 'actor')}, "
            f"{count(row['n_waves'], 'wave')} and {count(row['n_relations'], 'relation')}; "
            f"{who if moved else 'all of them were there in each wave'}."
        )


def siena_data(
    panel: NetworkPanel,
    *,
    covariates: Sequence[str] = ("team_id",),
    structural_ones: pd.DataFrame | None = None,
) -> SienaData:
    """Return the panel as RSiena takes it, with joiners, leavers and missing answers told apart.

    Of each wave and ordered pair of actors the code is 10 where one of them was not on the wave's
    roster, nan where it is not known if they are tied (no answer, or not asked about the
    relation), 11 where a tie is given by design, else 1 or 0.

    Parameters
    ----------
    panel : NetworkPanel
        At least two waves, each relation asked in all of them. Any tie counts as 1 whatever its
        strength: take `panel.binary(threshold)` first for another rule.
    covariates : sequence of str
        Attributes of people; numbers stay as they are, of others each label has a number.
    structural_ones : DataFrame, optional
        Ties that are there by design, such as those of a hierarchy: `sender_id`, `receiver_id`,
        and perhaps `wave` and `relation`. They count in the waves in which both were there.

    Returns
    -------
    SienaData
        Actors are those who were asked about any of the relations in any wave. `composition` has
        the same presence as RSiena's intervals of time: waves are at 1, 2, ..., and somebody who
        was there in one wave but not in its neighbour joined or left midway between them, since
        the day is not known. An actor of whom a covariate is missing has nan. Undirected networks
        give symmetric matrices.

    Raises
    ------
    ArgumentError
        If there are fewer than two waves, a relation was not asked in one of them, people have no
        such attribute, or a structural one is of a person, wave or relation that is not there.

    References
    ----------
    Ripley, R. M., Snijders, T. A. B., Boda, Z., Voros, A., & Preciado, P. (2024). Manual for
    RSiena, sections on missing data, composition change and structurally determined values.
    University of Oxford.

    Huisman, M., & Snijders, T. A. B. (2003). Statistical analysis of longitudinal network data
    with changing composition. Sociological Methods & Research, 32(2), 253-287.

    Examples
    --------
    >>> from cvln_eval.networks.panel import network_panel
    >>> ties = pd.DataFrame({"wave": ["1", "2"], "relation": "advice", "sender_id": ["a", "c"],
    ...                      "receiver_id": ["b", "a"]})
    >>> memberships = pd.DataFrame({"wave": list("1122"), "person_id": list("abac"),
    ...                             "team_id": "x"})
    >>> data = siena_data(network_panel(ties, memberships))
    >>> data.tidy()[["wave", "n_pairs_tie", "n_pairs_no_tie", "n_structural_zeros"]]
      wave  n_pairs_tie  n_pairs_no_tie  n_structural_zeros
    0    1            1               1                   4
    1    2            1               1                   4
    >>> data.composition
      person_id  joined_at  left_at
    0         a        1.0      2.0
    1         b        1.0      1.5
    2         c        1.5      2.0
    """
    _refuse_panel(panel)
    actors = pd.Index(sorted({name for network in panel for name in network.ids}))
    there = _there(panel, actors)
    codes = {relation: _codes(panel, relation, actors, there) for relation in panel.relations}
    if structural_ones is not None:
        _set_ones(codes, structural_ones, actors, panel)
    return SienaData(
        actors=actors,
        waves=panel.waves,
        relations=panel.relations,
        codes=codes,
        there=there,
        composition=_composition(actors, there),
        covariates=tuple(covariate_of(panel, actors, name) for name in covariates),
    )


def _refuse_panel(panel: object) -> None:
    if not isinstance(panel, NetworkPanel):
        raise ArgumentError(
            "RSiena needs a panel",
            expected="a NetworkPanel",
            seen=f"a value of type {type(panel).__name__}",
        )
    if len(panel.waves) < FEWEST_WAVES:
        raise ArgumentError(
            "RSiena needs two waves or more", seen=f"{count(len(panel.waves), 'wave')}"
        )
    asked = {(network.wave, network.relation) for network in panel}
    absent = [
        f"{relation} in {wave}"
        for wave in panel.waves
        for relation in panel.relations
        if (wave, relation) not in asked
    ]
    if absent:
        raise ArgumentError(
            "A relation was not asked in each wave",
            seen=shown(absent),
            todo="keep those that were: panel.only(waves=, relations=)",
        )


def _there(panel: NetworkPanel, actors: pd.Index) -> np.ndarray:
    there = [
        actors.isin(panel.roster.loc[panel.roster["wave"] == wave, "person_id"])
        for wave in panel.waves
    ]
    return np.array(there, dtype=bool).T


def _codes(panel: NetworkPanel, relation: str, actors: pd.Index, there: np.ndarray) -> np.ndarray:
    codes = np.full((len(panel.waves), len(actors), len(actors)), STRUCTURAL_ZERO)
    for k, wave in enumerate(panel.waves):
        present = np.flatnonzero(there[:, k])
        codes[k][np.ix_(present, present)] = np.nan
        network = panel.network(wave=wave, relation=relation)
        rows = actors.get_indexer(network.ids)
        codes[k][np.ix_(rows, rows)] = network.matrix(valued=False)
        np.fill_diagonal(codes[k], 0)
    return codes


def _composition(actors: pd.Index, there: np.ndarray) -> pd.DataFrame:
    """Return stretches of waves, their ends midway to the waves in which somebody was away."""
    last = there.shape[1] - 1
    rows = []
    for name, present in zip(actors, there, strict=True):
        steps = np.diff(np.concatenate([[0], present.astype(int), [0]]))
        ends = zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1) - 1, strict=True)
        rows += [
            (name, first + 1 - 0.5 * (first > 0), final + 1 + 0.5 * (final < last))
            for first, final in ends
        ]
    return pd.DataFrame(rows, columns=["person_id", "joined_at", "left_at"])


def _set_ones(
    codes: Mapping[str, np.ndarray], ones: pd.DataFrame, actors: pd.Index, panel: NetworkPanel
) -> None:
    """Write 11 where both ends were there."""
    absent = [name for name in ("sender_id", "receiver_id") if name not in ones]
    if absent:
        raise ArgumentError("Structural ones lack a column", seen=shown(absent))
    for row in ones.to_dict("records"):
        ends = actors.get_indexer(pd.Index([str(row["sender_id"]), str(row["receiver_id"])]))
        waves = [str(row["wave"])] if "wave" in row else list(panel.waves)
        relations = [str(row["relation"])] if "relation" in row else list(panel.relations)
        known = set(waves) <= set(panel.waves) and set(relations) <= set(panel.relations)
        if (ends < 0).any() or ends[0] == ends[1] or not known:
            raise ArgumentError(
                "A structural one is of somebody, a wave or a relation that is not in the panel",
                expected="two different actors, and waves and relations of the panel",
                seen=shown(f"{name}: {value}" for name, value in row.items()),
            )
        for relation in relations:
            places = [panel.waves.index(wave) for wave in waves]
            cells = codes[relation][places, ends[0], ends[1]]
            codes[relation][places, ends[0], ends[1]] = np.where(
                cells == STRUCTURAL_ZERO, cells, STRUCTURAL_ONE
            )
