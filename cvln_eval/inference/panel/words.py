"""The sentences of the panel: what can be concluded, what cannot, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cvln_eval.inference.panel.judged import (
    LIBERAL,
    Verdict,
    changing_clusters,
    verdict_of,
)
from cvln_eval.inference.panel.kinds import FOR_MANY
from cvln_eval.inference.panel.rates import level
from cvln_eval.results import count, level_in_words, number, p_in_words, proportion

if TYPE_CHECKING:
    from cvln_eval.inference.panel.panel import FewClusterPanel

__all__ = ["conclusion", "crossing", "in_words", "listed", "none_defensible", "share_in_words"]

LISTED = 5


def in_words(panel: FewClusterPanel) -> str:
    """Return the sentences of a panel that has answers."""
    return f"{_estimate(panel)} {conclusion(panel)} {_misleading(panel)}"


def conclusion(panel: FewClusterPanel) -> str:
    """Return what the defensible methods of a panel that has answers say together."""
    verdict = verdict_of(panel.rows, panel.conf_level)
    parts = [_conclusion(panel, verdict), _bounds(panel, verdict), _one_cluster(panel, verdict)]
    return " ".join(part for part in parts if part)


def listed(names: Sequence[str], word: str = "and") -> str:
    """Return names as a list in prose, up to five of them and how many others there are."""
    if len(names) > LISTED:
        names = [*names[:LISTED], count(len(names) - LISTED, "other")]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def share_in_words(share: float) -> str:
    """Return a share as APA prints a level: without the zero before the point."""
    # 1 - .95 is .050000000000000044.
    return f"{round(share, 9):.9f}".rstrip("0").ljust(4, "0").removeprefix("0")


def _estimate(panel: FewClusterPanel) -> str:
    left_out = f", {count(panel.n_left_out, 'row')} left out" if panel.n_left_out else ""
    return (
        f"The least-squares estimate of {panel.named} is {number(panel.least_squares)} "
        f"({count(panel.n, 'row')} in {count(panel.n_clusters, 'cluster')}{left_out})."
    )


def _conclusion(panel: FewClusterPanel, verdict: Verdict) -> str:
    reach = f"that can reach p ≤ {share_in_words(1 - panel.conf_level)}"
    able, rejecting = len(verdict.able), len(verdict.rejecting)
    whose = "defensible method" if able == 1 else count(able, "defensible method")
    null = f"{panel.named} = 0"
    if verdict.words == "no method is defensible":
        return f"{none_defensible(panel)}: no test of {null} should be read here."
    if verdict.words == "no method can tell":
        return f"There is no defensible method {reach} in this design."
    how = f"({_p_range(verdict.able)}; {_interval(panel, verdict)})"
    if verdict.words == "against the null":
        all_of = "The one" if able == 1 else "All"
        return f"{all_of} {whose} {reach} {_does(able)} {how}: the data speak against {null}."
    if verdict.words == "methods disagree":
        return (
            f"The defensible methods disagree: of the {able} {reach}, {rejecting} "
            f"{_does(rejecting)} {how}, so that the choice of method, not the data, would decide "
            f"whether {null} is rejected."
        )
    none_of = "The one" if able == 1 else "None of the"
    return (
        f"{none_of} {whose} {reach} {'does not' if able == 1 else 'does'} {how}: the data show "
        f"neither that {panel.named} differs from 0 nor that it is 0."
    )


def none_defensible(panel: FewClusterPanel) -> str:
    """Return why no method is defensible: none holds its level, or none has an answer at all."""
    few = panel.rows[~panel.rows["method"].isin(list(FOR_MANY))]
    why = "holds its level in this design" if few["p_value"].notna().any() else "has an answer"
    return f"No method for few clusters {why}"


def _does(number_of: int) -> str:
    return "does" if number_of == 1 else "do"


def _p_range(rows: pd.DataFrame) -> str:
    low, high = p_in_words(rows["p_value"].min()), p_in_words(rows["p_value"].max())
    return low if low == high else f"{low} to {high.removeprefix('p ').removeprefix('= ')}"


def _interval(panel: FewClusterPanel, verdict: Verdict) -> str:
    """Return the widest reach of the intervals, which is what all of them together leave open."""
    share = level_in_words(panel.conf_level)
    low, high = verdict.able["conf_low"].min(), verdict.able["conf_high"].max()
    if not np.isfinite([low, high]).all():
        bounded = np.isfinite(verdict.able[["conf_low", "conf_high"]]).all(axis=1)
        if not bounded.any():
            return f"{share} intervals without bounds"
        part = verdict.able[bounded]
        low, high = part["conf_low"].min(), part["conf_high"].max()
        without = count(int((~bounded).sum()), "other")
        return f"{share} intervals within [{number(low)}, {number(high)}], {without} without bounds"
    return f"{share} intervals within [{number(low)}, {number(high)}]"


def _bounds(panel: FewClusterPanel, verdict: Verdict) -> str:
    """Return which defensible methods could never have given a small p."""
    unable = verdict.defensible.drop(verdict.able.index)
    if unable.empty:
        return ""
    each = [
        f"{p_in_words(smallest).removeprefix('p ').removeprefix('= ')} by the {method}"
        for method, smallest in zip(unable["method"], unable["smallest_p"], strict=True)
    ]
    return f"Whatever the data, p cannot be below {listed(each)}."


def _one_cluster(panel: FewClusterPanel, verdict: Verdict) -> str:
    omitted = panel.omitted
    if len(verdict.able) == 0 or omitted.empty or np.isnan(omitted["p_value"].iloc[0]):
        return ""
    turns, crosses = changing_clusters(omitted, panel.conf_level)
    method = omitted["method"].iloc[0]
    parts = []
    if turns:
        parts.append(f"the estimate changes its sign without {listed(turns, 'or')}")
    if crosses:
        parts.append(f"{crossing(omitted, panel.conf_level)} without {listed(crosses, 'or')}")
    lost = list(omitted.loc[(omitted["reason"] != ""), "left_out"])
    if lost:
        parts.append(f"there is no test without {listed(lost, 'or')}")
    if not parts:
        return f"No single cluster decides this (left out one by one, {method})."
    how = (
        "But single clusters carry"
        if verdict.words == "against the null"
        else "Single clusters matter to"
    )
    return f"{how} this ({method}): {listed(parts)}."


def crossing(omitted: pd.DataFrame, conf_level: float) -> str:
    """Return what p does where a cluster's absence moves it across the level."""
    alpha = share_in_words(1 - conf_level)
    whole = omitted["p_value"].iloc[0]
    return f"p falls to {alpha} or less" if whole > level(conf_level) else f"p rises above {alpha}"


def _misleading(panel: FewClusterPanel) -> str:
    """Return what other methods would have said, with how often they err in this design."""
    rows = panel.rows
    liberal = rows[(rows["size"] > LIBERAL * (1 - panel.conf_level)) & rows["p_value"].notna()]
    simulated = (
        f"in {count(panel.n_simulated, 'simulated data set')} of this design without an effect "
        f"({panel.icc.in_words()}; clusters that spread alike)"
    )
    if liberal.empty:
        return f"No method here rejects much too often {simulated}."
    each = [
        f"the {method} ({p_in_words(p_value)}; {proportion(size, 1)})"
        for method, p_value, size in zip(
            liberal["method"], liberal["p_value"], liberal["size"], strict=True
        )
    ]
    return f"Not to be relied on here, by their rejections {simulated}: {listed(each)}."
