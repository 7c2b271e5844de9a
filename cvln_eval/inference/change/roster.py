"""Who was on the roster of two waves, and who of them answered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cvln_eval.inference.change.occasions import NOUNS, each_pair, need_waves, read_scores
from cvln_eval.inference.columns import as_names
from cvln_eval.measurement.contents.long_tables import refuse_repeated
from cvln_eval.measurement.tables import need_columns, refuse_missing

__all__ = [
    "BOTH",
    "JOINER",
    "LEAVER",
    "NEITHER",
    "ONLY_FIRST",
    "ONLY_LAST",
    "STATUSES",
    "STAYER",
    "each_roster",
    "read_roster",
    "statuses",
]

STAYER, JOINER, LEAVER = "stayer", "joiner", "leaver"
BOTH, ONLY_FIRST, ONLY_LAST, NEITHER = "both waves", "first only", "last only", "neither"
# On which roster, and which of the waves at which they were on it they answered.
STATUSES = (
    (STAYER, BOTH),
    (STAYER, ONLY_FIRST),
    (STAYER, ONLY_LAST),
    (STAYER, NEITHER),
    (JOINER, ONLY_LAST),
    (JOINER, NEITHER),
    (LEAVER, ONLY_FIRST),
    (LEAVER, NEITHER),
)


def read_roster(
    memberships: pd.DataFrame, waves: Sequence[str], *, person: str, wave: str, team: str
) -> pd.DataFrame:
    """Return the rosters under the house's names, or raise where a wave has none."""
    need_columns(memberships, [person, wave, team], table="memberships")
    named = {person: "person_id", wave: "wave", team: "team_id"}
    refuse_missing(memberships, list(named), what="person, wave and team")
    own = {name: as_names(memberships[given], NOUNS[name]) for given, name in named.items()}
    rows = pd.DataFrame(own, index=memberships.index)
    refuse_repeated(rows, ["wave", "person_id"], what="wave and person")
    need_waves(rows, waves, table="memberships")
    return rows


def each_roster(
    table: pd.DataFrame,
    memberships: pd.DataFrame,
    *,
    waves: Sequence[str],
    outcome: str,
    person: str,
    wave: str,
    team: str,
) -> list[tuple[dict[str, object], pd.DataFrame]]:
    """Return, for each scale and each two following waves, its names and `statuses`."""
    rows = read_scores(table, outcome=outcome, person=person, wave=wave)
    names = need_waves(rows, waves)
    roster = read_roster(memberships, names, person=person, wave=wave, team=team)
    return [
        ({"scale": scale, "from_wave": a, "wave": b}, statuses(part, roster, (a, b)))
        for scale, part, a, b in each_pair(rows, names)
    ]


def statuses(scores: pd.DataFrame, roster: pd.DataFrame, waves: tuple[str, str]) -> pd.DataFrame:
    """Return one row a person on either roster: team, scores, status, and waves answered.

    The index is the person, sorted; `attrs["n_off_roster"]` counts scores of people who were not on
    the roster of their wave, which are left out. The team is that of the earlier wave, of joiners
    that of the later.
    """
    teams = [_column(roster, "team_id", name) for name in waves]
    given = [_column(scores, "score", name) for name in waves]
    people = pd.DataFrame(index=teams[0].index.union(teams[1].index).sort_values())
    people["team_id"] = teams[0].reindex(people.index).fillna(teams[1].reindex(people.index))
    on = [people.index.isin(part.index) for part in teams]
    for name, part, there in zip(("first", "last"), given, on, strict=True):
        people[name] = part.reindex(people.index).where(there)
    people["status"] = np.select([on[0] & on[1], on[1]], [STAYER, JOINER], LEAVER)
    answered = people[["first", "last"]].notna().to_numpy()
    people["answered"] = np.select(
        [answered.all(axis=1), answered[:, 0], answered[:, 1]],
        [BOTH, ONLY_FIRST, ONLY_LAST],
        NEITHER,
    )
    people.attrs["n_off_roster"] = sum(map(len, given)) - int(answered.sum())
    return people


def _column(rows: pd.DataFrame, column: str, wave: str) -> pd.Series:
    return rows[rows["wave"] == wave].set_index("person_id")[column]
