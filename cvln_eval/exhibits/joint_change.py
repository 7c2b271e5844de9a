"""Ties between groups that met at joint sessions, before and after, beside those that did not."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.forest import beside, forest_height
from cvln_eval.exhibits.mixing_words import groups_word, of_one
from cvln_eval.exhibits.panels import figure_exhibit, inches, legend_above, names_of, readable
from cvln_eval.exhibits.style import COLOURS, GREY, INK
from cvln_eval.exhibits.wording import folded, needed
from cvln_eval.results import count, p_in_words, proportion

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.networks.meetings import JointSessions

__all__ = ["plot_joint_sessions"]

DENSITIES = ("density_before", "density_after", "change")
COLUMNS = ("wave", "group", "other_group", "n_pairs_known", *DENSITIES, "n_joint_sessions")
MIDDLE = 0.95  # share of the changes of pairs that did not meet, which the band holds
MOST = 30  # rows that a page has room for
NARROW = 5.0  # inches; a narrower page has room for one panel and no numbers
NAME = 0.36  # of the width, for a row's name
BAND = "#E3E3E3"
BEFORE: dict[str, Any] = {"marker": "o", "markersize": 5.5, "markerfacecolor": "white"}
AFTER: dict[str, Any] = {"marker": "D", "markersize": 4}


def plot_joint_sessions(
    result: JointSessions,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw the density of ties before and after, a row each pair of groups that met.

    Below them stand the means of the pairs that met and of those that did not. The band at the
    right holds the middle 95% of the changes of pairs that did not meet: it is no interval, but
    shows how far pairs go apart without a joint session.

    Parameters
    ----------
    result : JointSessions
        From `joint_sessions`, of one relation and two waves.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the mean change of both kinds of pairs, and what the marks mean, with the test.
    names : mapping, optional
        Names of groups, waves and the relation to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column; a narrow one has no panel of changes.

    Returns
    -------
    Exhibit
        With one row a pair of groups, those that did not meet too. Its n counts them.

    Raises
    ------
    ArgumentError
        If the result is of several relations or steps, if no pair met or all did, or if more than
        30 met.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from cvln_eval.networks.meetings import affiliation, joint_sessions
    >>> from cvln_eval.networks.panel import network_panel
    >>> memberships = pd.DataFrame({"wave": list("11112222"), "person_id": list("abcdabcd"),
    ...                             "team_id": list("wxyzwxyz")})
    >>> ties = pd.DataFrame({"wave": list("122"), "relation": "advice",
    ...                      "sender_id": list("aab"), "receiver_id": list("cba")})
    >>> sessions = pd.DataFrame({"session_id": ["s1"], "kind": "joint", "wave": "2",
    ...                          "status": "held", "held_on": ["2024-01-05"]})
    >>> attendance = pd.DataFrame({"session_id": "s1", "person_id": list("ab")})
    >>> met = affiliation(attendance, sessions, memberships)
    >>> found = joint_sessions(network_panel(ties, memberships), affiliation=met)
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> plot_joint_sessions(found, number="9.1", study=study).title
    'Density of advice changed by 1.000 in 1 pair of teams that met and by -0.100 in 5 that did not'
    """
    data = _of_one_step(of_one(needed(result.pairs, COLUMNS)))
    called = names_of(study, names)
    test = result.rows[result.rows["by"] == "all"].iloc[0]
    met, others = _by_meeting(data)
    rows = _rows(met, others, called)
    return figure_exhibit(
        number=number,
        title=title or _title(test, result.by, called),
        note=note or _note(test, others, result.by, wide=inches(width) >= NARROW),
        n=len(data),
        data=data,
        study=study,
        sources=("ties", "sessions", "attendance", "memberships", "respondents"),
        drawing=Drawing(
            partial(_draw, rows, _band(others), inches(width)),
            inches(width),
            forest_height(len(rows)) + 0.1,
        ),
    )


def _of_one_step(data: pd.DataFrame) -> pd.DataFrame:
    waves = list(dict.fromkeys(data["wave"]))
    if len(waves) > 1:
        raise ArgumentError(
            "The figure has room for one step from wave to wave",
            expected="a result of two waves",
            seen=f"steps to {shown(waves)}",
            todo="pass `panel.only(waves=[...])` to `joint_sessions`",
        )
    return data


def _by_meeting(data: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the pairs that met, those that changed most first, and those that did not."""
    came = data["n_joint_sessions"] > 0
    met, others = data[came], data[~came]
    if met.empty or others.empty or len(met) > MOST:
        raise ArgumentError(
            "The figure compares pairs of groups that met with pairs that did not",
            expected=f"1 to {MOST} that met, and some that did not",
            seen=f"{len(met):,} and {len(others):,}",
            todo="pass `affiliation.only(kinds=[...])` to `joint_sessions`",
        )
    return met.sort_values("change", ascending=False, kind="stable"), others


def _rows(met: pd.DataFrame, others: pd.DataFrame, called: Mapping[str, str]) -> pd.DataFrame:
    """Return a row a pair that met, and below them both means."""
    rows = met[[*DENSITIES, "n_pairs_known"]]
    rows = rows.assign(row=[_ends(pair, called) for pair in met.to_dict("records")])
    means = [
        {
            **part[[*DENSITIES]].mean(),
            "n_pairs_known": part["n_pairs_known"].sum(),
            "row": f"{len(part):,} {words}, mean",
        }
        for words, part in (("that met", met), ("others", others))
    ]
    return pd.concat([rows, pd.DataFrame(means)], ignore_index=True)


def _ends(pair: Mapping[Any, Any], called: Mapping[str, str]) -> str:
    return " – ".join(readable(pair[end], called) for end in ("group", "other_group"))


def _band(others: pd.DataFrame) -> tuple[float, float]:
    """Return the ends of the middle share of the changes of pairs that did not meet."""
    low, high = others["change"].quantile([(1 - MIDDLE) / 2, (1 + MIDDLE) / 2])
    return float(low), float(high)


def _title(test: pd.Series, by: str, called: Mapping[str, str]) -> str:
    several = groups_word(by)[1]
    pairs = count(int(test["n_pairs_met"]), f"pair of {several}", f"pairs of {several}")
    return (
        f"Density of {readable(test['relation'], called)} changed by {test['change_met']:z.3f} in "
        f"{pairs} that met and by {test['change_not_met']:z.3f} in "
        f"{int(test['n_pairs_not_met']):,} that did not"
    )


def _note(test: pd.Series, others: pd.DataFrame, by: str, *, wide: bool) -> str:
    low, high = _band(others)
    band = (
        f"Band: the middle {proportion(MIDDLE)} of the changes of pairs that did not meet "
        f"({low:z.3f} to {high:z.3f}), no interval."
    )
    parts = [
        "Density: ties divided by the ordered pairs of people known in both waves"
        + (" (pairs, at the right)." if wide else "."),
        f"{groups_word(by)[1].capitalize()} that met chose it or were chosen for it.",
        band if wide else "",
        f"No test: {test['reason']}." if np.isnan(test["p_value"]) else _tested(test, by),
        f"n counts pairs of {groups_word(by)[1]}.",
    ]
    return " ".join(part for part in parts if part)


def _tested(test: pd.Series, by: str) -> str:
    return (
        f"Difference of the changes {test['estimate']:z.3f}, {p_in_words(test['p_value'])} "
        f"(smallest attainable {p_in_words(test['smallest_p'])}) when {groups_word(by)[1]} change "
        "places in the record of who met whom."
    )


def _draw(rows: pd.DataFrame, band: tuple[float, float], width: float, figure: Figure) -> None:
    panels = list(figure.subplots(1, 2 if width >= NARROW else 1, sharey=True, squeeze=False)[0])
    looks, words = [_mark(BEFORE), _mark(AFTER)], ["before", "after"]
    _draw_densities(panels[0], rows)
    if len(panels) > 1:
        _draw_changes(panels[1], rows, band)
        looks, words = [*looks, _patch()], [*words, "middle 95% of pairs that did not meet"]
    panels[0].set_yticks(range(len(rows)), [folded(name, NAME * width) for name in rows["row"]])
    panels[0].set_ylim(len(rows) - 0.4, -0.6)
    for axes in panels:
        axes.axhline(len(rows) - 2.5, color="#BDBDBD", linewidth=0.6)
        axes.grid(axis="x")
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
    legend_above(figure, looks, words)


def _draw_densities(axes: Axes, rows: pd.DataFrame) -> None:
    for at, (before, after) in enumerate(zip(rows[DENSITIES[0]], rows[DENSITIES[1]], strict=True)):
        colour = _colour(at, rows)
        axes.hlines(at, min(before, after), max(before, after), color=GREY, linewidth=1.6)
        axes.plot(before, at, linestyle="", color=colour, zorder=4, **BEFORE)
        axes.plot(after, at, linestyle="", color=colour, zorder=3, **AFTER)
    axes.set_xlabel("Density")


def _draw_changes(axes: Axes, rows: pd.DataFrame, band: tuple[float, float]) -> None:
    axes.axvspan(*band, color=BAND, linewidth=0, zorder=0)
    axes.axvline(0, color=INK, linewidth=0.7, zorder=1)
    for at, change in enumerate(rows["change"]):
        axes.plot(change, at, linestyle="", marker="s", markersize=4, color=_colour(at, rows))
    axes.set_xlabel("Change of density")
    beside(axes, 1.6, "change", [_signed(value) for value in rows["change"]])
    beside(axes, 3.2, "pairs", [f"{n:,}" for n in rows["n_pairs_known"]])


def _colour(at: int, rows: pd.DataFrame) -> str:
    """Return the colour of a pair, or that of the means in the last two rows."""
    return INK if at >= len(rows) - 2 else COLOURS[0]


def _signed(value: float) -> str:
    return f"{value:+z.3f}".replace("-", "−")


def _mark(look: Mapping[str, Any]) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], linestyle="", **{"color": COLOURS[0], **look})


def _patch() -> Any:
    from matplotlib.patches import Patch

    return Patch(facecolor=BAND, linewidth=0)
