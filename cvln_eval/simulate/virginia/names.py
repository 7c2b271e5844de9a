"""Names for the simulated leaders, none like another of its division, and a few namesakes."""

from __future__ import annotations

from itertools import cycle

import numpy as np
import pandas as pd

from cvln_eval.simulate.virginia.world import TEAMS, WAVES, name_parts

__all__ = ["draw_names"]

NAMESAKES = 2


def draw_names(stints: pd.DataFrame, rng: np.random.Generator) -> list[str]:
    """Give each leader a name unlike the others of any division they are ever in.

    Names in one division differ in the first three letters of both parts, so that no two of them
    resemble each other by chance; then leaders of different divisions are made namesakes.
    """
    teams = stints.groupby("number")["team_id"].agg(lambda ids: "|".join(dict.fromkeys(ids)))
    firsts = cycle(rng.permutation(np.array(name_parts("first"))).tolist())
    lasts = cycle(rng.permutation(np.array(name_parts("last"))).tolist())
    taken: dict[str, set[str]] = {team: set() for team in TEAMS}
    names = []
    for here in teams:
        used = set().union(*(taken[team] for team in here.split("|")))
        first = next(name for name in firsts if name[:3] not in used)
        last = next(name for name in lasts if name[:3] not in used)
        for team in here.split("|"):
            taken[team] |= {first[:3], last[:3]}
        names.append(f"{first} {last}")
    for one, other in _namesakes(stints):
        names[other] = names[one]
    return names


def _namesakes(stints: pd.DataFrame) -> list[tuple[int, int]]:
    """Return pairs of leaders, by number, who bear one name in two divisions.

    The leaders of the first pairs are there in all waves; the last pair is a leader of cohort 4.0
    who does not come back and one who is new in cohort 5.0.
    """
    people = stints.groupby("number").agg(
        team_id=("team_id", "first"), n_teams=("team_id", "nunique"), wave=("wave", " ".join)
    )
    waves = people[people["n_teams"] == 1].sort_values("team_id", kind="stable").reset_index()

    def last_of_each_team(when: tuple[str, ...]) -> list[int]:
        found = waves[waves["wave"] == " ".join(when)].drop_duplicates("team_id", keep="last")
        return [int(number) for number in found["number"]]

    always = last_of_each_team(WAVES)
    pairs = [(always[k], always[-1 - k]) for k in range(NAMESAKES)]
    return [*pairs, (last_of_each_team(WAVES[:2])[0], last_of_each_team(WAVES[2:])[-1])]
