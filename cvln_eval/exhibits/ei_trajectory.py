"""The E-I index wave by wave, whole and of each group, before what permuted groups give."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.mixing_words import (
    balanced,
    groups_word,
    listed_reasons,
    most_people,
    of_one,
)
from cvln_eval.exhibits.null_ranges import draw_seen, range_patch, set_wave_limits
from cvln_eval.exhibits.panels import (
    figure_exhibit,
    inches,
    legend_above,
    name_panel,
    names_of,
    readable,
    wave_ticks,
)
from cvln_eval.exhibits.style import COLOURS, GREY, INK
from cvln_eval.exhibits.wording import needed
from cvln_eval.results import count, level_in_words, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.networks.mixing import EIIndex

__all__ = ["plot_ei_trajectory"]

COLUMNS = (
    "wave", "relation", "by", "group", "estimate", "n_external", "n_internal", "expected",
    "null_mean", "null_low", "null_high", "p_value", "conf_level", "n_draws", "n", "n_responded",
    "n_without_group", "reason",
)  # fmt: skip
ALL = "all"
EACH = 1.25  # inches of a row of panels
MOST = {"single": 2, "one_and_a_half": 3, "double": 4}
WHOLE: dict[str, Any] = {"color": INK, "marker": "D", "markersize": 4.5, "linewidth": 1.4}
GROUP: dict[str, Any] = {"color": COLOURS[0], "marker": "o", "markersize": 4.5, "linewidth": 1.2}


def plot_ei_trajectory(
    result: EIIndex,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw the E-I index over the waves, of the whole network and of each group.

    A grey bar is what the index is in the middle 95% (`conf_level`) of the permutations of groups,
    its tick their mean. A filled mark is an index whose p is below .05 (1 - `conf_level`).

    Parameters
    ----------
    result : EIIndex
        From `ei_index`, of one relation.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the index of the first and the last wave and where it differs from what
        permutations give, and what the marks mean.
    names : mapping, optional
        Names of groups, waves and the relation to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit
        Its n counts people, in the wave with most.

    Raises
    ------
    ArgumentError
        If no wave has an index, or the result has several relations.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import numpy as np
    >>> from cvln_eval.networks.mixing import ei_index
    >>> from cvln_eval.networks.panel import Network
    >>> people = pd.DataFrame({"person_id": list("abcd"), "team_id": list("xxyy")})
    >>> network = Network("1", "advice", people, sender=np.array([0, 1, 2]),
    ...                   receiver=np.array([1, 0, 0]), strength=np.ones(3),
    ...                   answered=np.ones(4, dtype=bool))
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> found = ei_index(network, n_draws=99)
    >>> print(plot_ei_trajectory(found, number="9.1", study=study).title)
    The E-I index of advice was −0.33 in 1; it does not differ from what permuted teams give.
    """
    data = of_one(needed(result.tidy(), COLUMNS))[[*COLUMNS]]
    if data["estimate"].isna().all():
        raise ArgumentError("There is no E-I index to draw", seen=result.sentence())
    called = names_of(study, names)
    groups = list(dict.fromkeys(data.loc[data["by"] != ALL, "group"]))
    columns = balanced(len(groups) + 1, MOST.get(width, 2))
    rows = math.ceil((len(groups) + 1) / columns)
    return figure_exhibit(
        number=number,
        title=title or _title(data, result.by, called),
        note=note or _note(data, result.by, called),
        n=most_people(result.networks),
        data=data,
        study=study,
        sources=("ties", "memberships", "respondents"),
        drawing=Drawing(
            partial(_draw, data, groups, columns, called), inches(width), 1.1 + EACH * rows
        ),
    )


def _title(data: pd.DataFrame, by: str, called: Mapping[str, str]) -> str:
    whole = data[(data["by"] == ALL) & data["estimate"].notna()]
    relation = readable(data["relation"].iloc[0], called) or "the network"
    ends = [whole.iloc[0], whole.iloc[-1]][: len(whole)]
    said = " and ".join(
        f"{number(row['estimate']).replace('-', '−')} in {readable(row['wave'], called)}"
        for row in ends
    )
    return f"The E-I index of {relation} was {said}; {_compared(whole, by)}."


def _compared(whole: pd.DataFrame, by: str) -> str:
    """Return in how many waves the index differs from what permutations give."""
    given = f"what permuted {groups_word(by)[1]} give"
    tested = whole[whole["p_value"].notna()]
    if tested.empty:
        return f"whether it differs from {given} cannot be tested"
    differs = tested[tested["p_value"] < 1 - tested["conf_level"]]
    below = int((differs["estimate"] < differs["null_mean"]).sum())
    above, waves = len(differs) - below, len(tested)
    of = "" if waves == 1 else f" in {{}} of {waves} waves"
    sides = [
        f"{side} {given}{of.format(n)}" for side, n in (("below", below), ("above", above)) if n
    ]
    if sides:
        return f"it is {' and '.join(sides)}"
    return f"it does not differ from {given}" + ("" if waves == 1 else " in any wave")


def _note(data: pd.DataFrame, by: str, called: Mapping[str, str]) -> str:
    group, groups = groups_word(by)
    level = float(data["conf_level"].iloc[0])
    draws = int(data["n_draws"].max())
    parts = [
        f"E-I index: ties that leave the {group} minus those that stay, divided by both; 1: all "
        f"leave, −1: all stay. Grey: the middle {level_in_words(level)} of {draws:,} permutations "
        f"of {groups} over people, and their mean. Filled: p\u00a0<\u00a0{_alpha(level)}, each "
        "test by itself."
    ]
    silent = int((data["n"] - data["n_responded"])[data["by"] == ALL].max())
    if silent:
        who = count(silent, "person", "people")
        parts.append(
            f"Up to {who} did not answer in a wave; ties to them count, theirs are not known."
        )
    whole = data[data["by"] == ALL].set_index("wave")["reason"]
    own = data[(data["by"] == ALL) | (data["reason"] != data["wave"].map(whole))]
    if why := listed_reasons(own, called, "group", "wave"):
        parts.append(f"No index or no test: {why}.")
    if data["n_without_group"].max() > 0:
        parts.append(f"Left out: people of no {group} (up to {data['n_without_group'].max()}).")
    more = "" if len(set(data["wave"])) == 1 else ", in the wave with most"
    return " ".join([*parts, f"n counts people{more}."])


def _alpha(level: float) -> str:
    return f"{1 - level:.6g}".removeprefix("0")


def _draw(
    data: pd.DataFrame, groups: list[str], columns: int, called: Mapping[str, str], figure: Figure
) -> None:
    waves = list(dict.fromkeys(data["wave"]))
    rows = math.ceil((len(groups) + 1) / columns)
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    flat = list(axes.ravel())
    of_whole = data["by"] == ALL
    _draw_panel(flat[0], data[of_whole], waves, WHOLE)
    name_panel(flat[0], "All", called)
    flat[0].title.set_fontweight("bold")
    for panel, group in zip(flat[1:], groups, strict=False):
        _draw_panel(panel, data[~of_whole & (data["group"] == group)], waves, GROUP)
        name_panel(panel, group, called)
    for spare in flat[len(groups) + 1 :]:
        spare.set_visible(False)
    for place in range(len(groups) + 1 - columns, len(groups) + 1):
        flat[max(place, 0)].tick_params(labelbottom=True)
    for panel in flat[: len(groups) + 1]:
        wave_ticks(panel, waves, called)
    for panel in axes[:, 0]:
        panel.set_ylabel("E-I index")
    _legend(figure, data)


def _draw_panel(axes: Axes, rows: pd.DataFrame, waves: list[str], look: Mapping[str, Any]) -> None:
    own = rows.set_index("wave").reindex(waves)
    filled = (own["p_value"] < 1 - own["conf_level"]).to_list()
    axes.axhline(0, color=GREY, linewidth=0.6, zorder=1)
    draw_seen(axes, own.to_dict("records"), filled, **look)
    set_wave_limits(axes, len(waves))
    axes.set_ylim(-1.05, 1.05)
    axes.set_yticks([-1, -0.5, 0, 0.5, 1], ["−1", "−.5", "0", ".5", "1"])
    axes.tick_params(axis="x", length=0)


def _legend(figure: Figure, data: pd.DataFrame) -> None:
    from matplotlib.lines import Line2D

    level = float(data["conf_level"].iloc[0])
    hollow = {**GROUP, "markerfacecolor": "white"}
    handles = [Line2D([], [], **GROUP), Line2D([], [], **hollow), range_patch()]
    labels = [f"p < {_alpha(level)}", "other", f"{level_in_words(level)} of permutations"]
    legend_above(figure, handles, labels)
