"""Who stays, joins, leaves and comes back between the rosters of two waves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.participation.intervals import share_with_interval
from cvln_eval.participation.rosters import ALL, as_text, grouped_roster, wave_labels
from cvln_eval.results import Result, count, signed
from cvln_eval.study.definition import Wave

__all__ = ["RosterFlow", "roster_flow"]

FLOW_COLUMNS = (
    "by",
    "group",
    "from_wave",
    "wave",
    "n_before",
    "n_stayers",
    "n_joiners",
    "n_returners",
    "n_leavers",
    "n",
    "n_without_baseline",
    "share_stayed",
    "conf_low",
    "conf_high",
    "reason",
)
GROWTH_COLUMNS = (
    "by",
    "group",
    "from_wave",
    "wave",
    "n_first",
    "n_last",
    "n_growth",
    "share_of_growth",
    "reason",
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RosterFlow(Result):
    """Flows between consecutive rosters; see `roster_flow`.

    Attributes
    ----------
    waves : mapping
        Id to label of the waves, in order.
    flows : DataFrame
        One row a group and pair of waves.
    growth : DataFrame
        One row a group, from the first wave to the last.
    leaders : DataFrame
        One row a leader: first and last wave, waves on the roster, baseline or not, returned or
        not.
    """

    waves: Mapping[str, str]
    flows: pd.DataFrame
    growth: pd.DataFrame
    leaders: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a group and pair of consecutive waves."""
        return self.flows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: leaders in all, at first and at last, joined, left, came back."""
        flows = self.flows[self.flows["by"] == ALL]
        growth = self.growth[self.growth["by"] == ALL]
        return pd.DataFrame(
            {
                "n": [len(self.leaders)],
                "n_waves": [len(self.waves)],
                "n_first": [int(growth["n_first"].sum())],
                "n_last": [int(growth["n_last"].sum())],
                "n_joiners": [int(flows["n_joiners"].sum())],
                "n_leavers": [int(flows["n_leavers"].sum())],
                "n_returners": [int(flows["n_returners"].sum())],
                "n_without_baseline": [int((~self.leaders["has_baseline"]).sum())],
                "reason": ["" if len(flows) else "no two rosters to compare"],
            }
        )

    def sentence(self) -> str:
        """Return the growth of the whole roster, with those who came, went and have no baseline."""
        row = self.glance().iloc[0]
        if row["reason"]:
            return f"Flows are not available: {row['reason']}."
        labels = list(self.waves.values())
        first, last = labels[0], labels[-1]
        back = row["n_returners"] or "none"
        came = f"{row['n_joiners']} joined ({back} of them returning)"
        return (
            f"The rosters went from {count(int(row['n_first']), 'leader')} ({first}) to "
            f"{row['n_last']} ({last}): {came} and {row['n_leavers']} left; of all "
            f"{count(int(row['n']), 'leader')}, {row['n_without_baseline']} have no baseline."
        )

    def growth_sentence(self, by: str = "level") -> str:
        """Return the growth from the first wave to the last, group by group."""
        labels = list(self.waves.values())
        groups = self.growth[self.growth["by"] == by]
        if groups.empty:
            return f"Growth by {by} is not available: the roster was not grouped by it."
        total = int(groups["n_growth"].sum())
        parts = [
            f"{str(group).replace('_', ' ')} {signed(growth)}"
            for group, growth in zip(groups["group"], groups["n_growth"], strict=True)
        ]
        verb = "grew" if total >= 0 else "shrank"
        return (
            f"From {labels[0]} to {labels[-1]} the network {verb} by "
            f"{count(abs(total), 'leader')}: {', '.join(parts)}."
        )


def roster_flow(
    memberships: pd.DataFrame,
    *,
    waves: Iterable[Wave | str],
    people: pd.DataFrame | None = None,
    by: Sequence[str] | None = None,
    conf_level: float = 0.95,
) -> RosterFlow:
    """Compare each wave's roster with the one before it, in all and by group.

    In every group and wave, size = size before + joiners - leavers. Somebody who moves from one
    team to another stays in the network, leaves one team and joins the other. A returner is a
    joiner who had been in the group earlier but not in the wave before. A leader has a baseline
    when on the roster of the first wave.

    Parameters
    ----------
    memberships : DataFrame
        The study's memberships; other waves than those named are left out.
    waves : iterable of Wave or str
        The waves in order, such as `study.waves`.
    people : DataFrame, optional
        The study's people, for groups such as `level`.
    by : sequence of str, optional
        Columns to group by; by default `team_id`, and `level` where people have one. A missing
        group counts as "not known".
    conf_level : float
        Level of the Wilson interval of the share that stayed.

    Returns
    -------
    RosterFlow
        With one wave, or an empty table, there is no flow: `tidy` is empty and `glance` says why.
        The share that stayed in a group that was empty before is nan, with a reason. Its interval
        treats leaders as independent; members of one team stay and leave together, so it is
        rather too narrow. Two waves that share one roster have a share of 1 by construction.

    Raises
    ------
    ArgumentError
        If a column is absent, a wave has no roster, or a person stands twice on one roster.
    """
    labels = wave_labels(waves)
    roster = grouped_roster(memberships, people, waves=labels)
    groups = [name for name in ("team_id", "level") if name in roster] if by is None else list(by)
    absent = [name for name in groups if name not in roster.columns]
    if absent:
        raise ArgumentError(
            "Cannot group the roster", expected=shown(roster.columns), seen=shown(absent)
        )
    long = _long(roster, groups)
    flows = _flows(long, list(labels), conf_level)
    return RosterFlow(labels, flows, _growth(long, list(labels)), _leaders(roster, list(labels)))


def _long(roster: pd.DataFrame, groups: list[str]) -> pd.DataFrame:
    """Return one row a person, wave and way of grouping."""
    plain = roster[["person_id", "wave"]]
    parts = [plain.assign(by=ALL, group=ALL)]
    parts += [plain.assign(by=name, group=as_text(roster[name])) for name in groups]
    return pd.concat(parts, ignore_index=True)


def _flows(long: pd.DataFrame, waves: list[str], conf_level: float) -> pd.DataFrame:
    baseline = set(long.loc[long["wave"] == waves[0], "person_id"])
    pairs = [
        _pair(long, waves[: step + 1], after, baseline)
        for step, (_, after) in enumerate(pairwise(waves))
    ]
    if not pairs:
        return pd.DataFrame(columns=list(FLOW_COLUMNS))
    flows = pd.concat(pairs, ignore_index=True)
    share = share_with_interval(
        flows["n_stayers"], flows["n_before"], share="share_stayed", conf_level=conf_level
    )
    flows = flows.join(share)
    flows["reason"] = ["" if n else "nobody was on the roster before" for n in flows["n_before"]]
    return flows[list(FLOW_COLUMNS)]


def _pair(long: pd.DataFrame, past: list[str], wave: str, baseline: set[str]) -> pd.DataFrame:
    """Count one pair of waves: the last of `past` and the one after it."""
    key = ["by", "group", "person_id"]
    now = long[long["wave"] == wave]
    ever = long[long["wave"].isin(past)]
    before = ever[ever["wave"] == past[-1]]
    stayed = now.merge(before[key], on=key)
    known = now.merge(ever[key].drop_duplicates(), on=key)
    late = now[~now["person_id"].isin(baseline)]
    counts = pd.DataFrame(
        {
            "n_before": _size(before, long),
            "n_stayers": _size(stayed, long),
            "n": _size(now, long),
            "n_returners": _size(known, long) - _size(stayed, long),
            "n_without_baseline": _size(late, long),
        }
    )
    counts["n_joiners"] = counts["n"] - counts["n_stayers"]
    counts["n_leavers"] = counts["n_before"] - counts["n_stayers"]
    return counts.reset_index().assign(from_wave=past[-1], wave=wave)


def _size(rows: pd.DataFrame, long: pd.DataFrame) -> pd.Series:
    """Count rows a group, 0 for a group that is empty here but not everywhere."""
    places = pd.MultiIndex.from_frame(long[["by", "group"]].drop_duplicates()).sortlevel(
        sort_remaining=True
    )[0]
    order = sorted(places, key=lambda place: (place[0] != ALL, place))
    index = pd.MultiIndex.from_tuples(order, names=["by", "group"])
    return rows.groupby(["by", "group"]).size().reindex(index, fill_value=0)


def _growth(long: pd.DataFrame, waves: list[str]) -> pd.DataFrame:
    if long.empty:
        return pd.DataFrame(columns=list(GROWTH_COLUMNS))
    sizes = pd.DataFrame(
        {
            "n_first": _size(long[long["wave"] == waves[0]], long),
            "n_last": _size(long[long["wave"] == waves[-1]], long),
        }
    )
    sizes["n_growth"] = sizes["n_last"] - sizes["n_first"]
    total = int(sizes["n_growth"].to_dict()[ALL, ALL])
    growth = sizes.reset_index().assign(from_wave=waves[0], wave=waves[-1])
    growth["share_of_growth"] = growth["n_growth"] / total if total > 0 else math.nan
    growth["reason"] = "" if total > 0 else "the network did not grow"
    return growth[list(GROWTH_COLUMNS)]


def _leaders(roster: pd.DataFrame, waves: list[str]) -> pd.DataFrame:
    place = roster["wave"].map({wave: at for at, wave in enumerate(waves)})
    spans = place.groupby(roster["person_id"]).agg(["min", "max", "count"]).reset_index()
    return pd.DataFrame(
        {
            "person_id": spans["person_id"],
            "first_wave": [waves[at] for at in spans["min"]],
            "last_wave": [waves[at] for at in spans["max"]],
            "n_waves": spans["count"],
            "has_baseline": spans["min"] == 0,
            "returned": spans["max"] - spans["min"] + 1 > spans["count"],
        }
    )
