"""Density within and between groups wave by wave, before what permuted groups give."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.mixing_words import balanced, groups_word, listed_reasons, most_people
from cvln_eval.exhibits.null_ranges import draw_seen, range_patch, set_wave_limits
from cvln_eval.exhibits.panels import (
    figure_exhibit,
    inches,
    legend_above,
    name_panel,
    names_of,
    readable,
    text_on,
    wave_ticks,
)
from cvln_eval.exhibits.rounding import in_apa
from cvln_eval.exhibits.style import COLOURS
from cvln_eval.exhibits.wording import needed
from cvln_eval.results import count, level_in_words, proportion

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.networks.mixing import WithinBetween

__all__ = ["plot_within_between"]

COLUMNS = (
    "wave", "relation", "measure", "estimate", "n_ties", "n_pairs", "null_mean", "null_low",
    "null_high", "p_value", "p_low", "p_high", "smallest_p", "conf_level", "n_draws", "n",
    "n_responded", "n_without_group", "reason",
)  # fmt: skip
WITHIN, BETWEEN = "density within groups", "density between groups"
DIFFERENCE = "difference in density"
MOST = {"single": 1, "one_and_a_half": 2, "double": 4}
EACH = 1.7  # inches of a row of panels
OFF, HALF = 0.13, 0.1  # of the way from wave to wave
LOOKS: dict[str, dict[str, Any]] = {
    WITHIN: {"color": COLOURS[0], "marker": "o", "markersize": 4.8, "linewidth": 1.3},
    BETWEEN: {
        "color": COLOURS[5], "marker": "D", "markersize": 4.2, "linewidth": 1.3, "linestyle": "--"
    },
}  # fmt: skip
BARS: dict[str, dict[str, Any]] = {
    WITHIN: {"facecolor": "#B9D3E6", "linewidth": 0},
    BETWEEN: {"facecolor": "#F0CDB4", "linewidth": 0, "hatch": "/////", "edgecolor": "white"},
}
ROOM = 0.12  # of the axis above the highest mark, for p


def plot_within_between(
    result: WithinBetween,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw how dense ties are within and between groups over the waves, a panel a relation.

    Behind each density stands what it is in the middle 95% (`conf_level`) of the permutations of
    groups, with a tick at their mean; above each wave stands p of the difference.

    Parameters
    ----------
    result : WithinBetween
        From `within_between`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the densities of the first and the last wave (of several relations: in how many
        networks groups are denser inside), and what the marks mean.
    names : mapping, optional
        Names of waves and relations to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit
        Its n counts people, in the network with most.

    Raises
    ------
    ArgumentError
        If no density is known.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import numpy as np
    >>> from cvln_eval.networks.mixing import within_between
    >>> from cvln_eval.networks.panel import Network
    >>> people = pd.DataFrame({"person_id": list("abcd"), "team_id": list("xxyy")})
    >>> network = Network("1", "advice", people, sender=np.array([0, 1, 2]),
    ...                   receiver=np.array([1, 0, 0]), strength=np.ones(3),
    ...                   answered=np.ones(4, dtype=bool))
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> found = within_between(network, n_draws=99)
    >>> print(plot_within_between(found, number="9.1", study=study).title)
    Of known pairs within teams 50% are tied by advice in 1, of those between teams 12%.
    """
    data = needed(result.tidy(), COLUMNS)
    data = data.loc[data["measure"].isin([WITHIN, BETWEEN, DIFFERENCE]), [*COLUMNS]]
    if data["estimate"].isna().all():
        raise ArgumentError("There is no density to draw", seen=result.sentence())
    called = names_of(study, names)
    relations = list(dict.fromkeys(data["relation"]))
    columns = balanced(len(relations), MOST.get(width, 1))
    rows = math.ceil(len(relations) / columns)
    return figure_exhibit(
        number=number,
        title=title or _title(data, result.by, called),
        note=note or _note(data, result.by, called),
        n=most_people(result.networks),
        data=data,
        study=study,
        sources=("ties", "memberships", "respondents"),
        drawing=Drawing(
            partial(_draw, data, columns, result.by, called), inches(width), 0.75 + EACH * rows
        ),
    )


def _title(data: pd.DataFrame, by: str, called: Mapping[str, str]) -> str:
    groups = groups_word(by)[1]
    wide = data.pivot_table(
        index=["relation", "wave"], columns="measure", values="estimate", dropna=False
    )
    order = data[["relation", "wave"]].drop_duplicates()
    known = wide.reindex(pd.MultiIndex.from_frame(order)).dropna().reset_index()
    if known.empty:
        return f"Densities within and between {groups} cannot be compared."
    if len(set(known["relation"])) > 1:
        denser = int((known[DIFFERENCE] > 0).sum())
        test = data[(data["measure"] == DIFFERENCE) & (data["estimate"] > 0)]
        alpha = 1 - float(data["conf_level"].iloc[0])
        sure = int((test["p_value"] < alpha).sum())
        return (
            f"Ties are denser within {groups} than between them in {denser} of {len(known)} "
            f"networks, in {sure} with p < {f'{alpha:.6g}'.removeprefix('0')}."
        )
    relation = readable(known["relation"].iloc[0], called) or "ties"
    ends = known.iloc[[0, -1]] if len(known) > 1 else known
    waves = [readable(wave, called) for wave in ends["wave"]]
    within, between = ([proportion(value) for value in ends[name]] for name in (WITHIN, BETWEEN))
    first = " and ".join(f"{a} in {b}" for a, b in zip(within, waves, strict=True))
    first = first.replace(" in ", f" are tied by {relation} in ", 1)
    return (
        f"Of known pairs within {groups} {first}, of those between {groups} "
        f"{' and '.join(between)}."
    )


def _note(data: pd.DataFrame, by: str, called: Mapping[str, str]) -> str:
    group, groups = groups_word(by)
    level, draws = float(data["conf_level"].iloc[0]), int(data["n_draws"].max())
    parts = [
        "Density: ties divided by the pairs of people known to be tied or not. Bars: the middle "
        f"{level_in_words(level)} of {draws:,} permutations of {groups} over people, and their "
        "mean. Filled: outside the bar. Numbers: two-sided p of the difference, each by itself, "
        f"at the least {in_apa(float(data['smallest_p'].min()))}."
    ]
    silent = int((data["n"] - data["n_responded"]).max())
    if silent:
        who = count(silent, "person", "people")
        parts.append(f"Up to {who} did not answer in a wave; their own ties are unknown.")
    if why := listed_reasons(data[data["measure"] == DIFFERENCE], called, "relation", "wave"):
        parts.append(f"No comparison or no test: {why}.")
    if data["n_without_group"].max() > 0:
        parts.append(f"Left out: people of no {group} (up to {data['n_without_group'].max()}).")
    return " ".join([*parts, "n counts people, in the network with most."])


def _draw(
    data: pd.DataFrame, columns: int, by: str, called: Mapping[str, str], figure: Figure
) -> None:
    relations, waves = (list(dict.fromkeys(data[name])) for name in ("relation", "wave"))
    rows = math.ceil(len(relations) / columns)
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    flat = list(axes.ravel())
    top = float(data.loc[data["measure"] != DIFFERENCE, ["estimate", "null_high"]].max().max())
    top = top or 0.1
    for panel, relation in zip(flat, relations, strict=False):
        _draw_panel(panel, data[data["relation"] == relation], waves, top)
        if len(relations) > 1:
            name_panel(panel, relation, called)
        wave_ticks(panel, waves, called)
    for spare in flat[len(relations) :]:
        spare.set_visible(False)
    for place in range(len(relations) - columns, len(relations)):
        flat[max(place, 0)].tick_params(labelbottom=True)
    for panel in axes[:, 0]:
        panel.set_ylabel("Density")
    _legend(figure, by, level_in_words(float(data["conf_level"].iloc[0])))


def _draw_panel(axes: Axes, rows: pd.DataFrame, waves: list[str], top: float) -> None:
    for measure, off in ((WITHIN, -OFF), (BETWEEN, OFF)):
        own = rows[rows["measure"] == measure].set_index("wave").reindex(waves)
        beyond = (own["estimate"] < own["null_low"]) | (own["estimate"] > own["null_high"])
        kept: dict[str, Any] = {"off": off, "half": HALF, "behind": BARS[measure]}
        draw_seen(axes, own.to_dict("records"), beyond.to_list(), **kept, **LOOKS[measure])
    tests = rows[rows["measure"] == DIFFERENCE].set_index("wave").reindex(waves)
    for at, p_value in enumerate(tests["p_value"]):
        if not math.isnan(p_value):
            text_on(axes, at, (1 + ROOM) * top, in_apa(p_value))
    axes.set_ylim(0, (1 + 1.8 * ROOM) * top)
    set_wave_limits(axes, len(waves))
    axes.tick_params(axis="x", length=0)


def _legend(figure: Figure, by: str, level: str) -> None:
    from matplotlib.lines import Line2D

    groups = groups_word(by)[1]
    handles, labels = [], []
    for measure, words in ((WITHIN, f"within {groups}"), (BETWEEN, f"between {groups}")):
        handles += [Line2D([], [], **LOOKS[measure]), range_patch(BARS[measure])]
        labels += [words, f"{level} of permutations"]
    legend_above(figure, handles, labels)
