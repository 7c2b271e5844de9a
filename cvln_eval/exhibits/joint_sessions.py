"""How ties changed between groups that met at joint sessions, beside those that did not meet."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.mixing_words import groups_word, listed_reasons
from cvln_eval.exhibits.panels import figure_exhibit, inches, legend_above, names_of, readable
from cvln_eval.exhibits.style import COLOURS, INK
from cvln_eval.exhibits.wording import folded, needed
from cvln_eval.participation.rosters import ALL
from cvln_eval.results import count, number, p_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.networks.meetings import JointSessions

__all__ = ["plot_joint_sessions"]

COLUMNS = (
    "relation", "estimate", "change_met", "change_not_met", "n_pairs_met", "n_pairs_not_met",
    "n_joint_sessions", "n_clusters", "p_value", "smallest_p", "n_draws", "enumerated", "reason",
)  # fmt: skip
PAIRS = ["relation", "earlier_wave", "wave", "group", "other_group", "n_pairs_known"]
PAIRS += ["change", "n_joint_sessions"]
EACH = 0.9  # inches of a relation
ASIDE = 1.3  # inches at the left of a panel
LETTER = 0.068  # inches of a letter above a panel
GOLDEN = (math.sqrt(5) - 1) / 2
SPREAD = 0.56  # of a row, over which marks are strewn
MET, NOT_MET = 1, 0
LOOKS: dict[int, dict[str, Any]] = {
    MET: {"color": COLOURS[0], "marker": "o", "markersize": 3.4, "linestyle": ""},
    NOT_MET: {
        "color": "#9A9A9A", "marker": "o", "markersize": 2.4, "linestyle": "",
        "markerfacecolor": "none", "markeredgewidth": 0.5,
    },
}  # fmt: skip
MEAN: dict[str, Any] = {
    "color": INK, "marker": "|", "markersize": 11, "markeredgewidth": 1.6, "linestyle": ""
}  # fmt: skip


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
    """Draw how density changed in each pair of groups, those that met above those that did not.

    One panel a relation, one mark a pair of groups and step between waves; that marks of a row are
    not on one line means nothing. An upright stroke is the mean, `change_met` or `change_not_met`.
    The difference carries no interval: `joint_sessions` tests it, and gives none.

    Parameters
    ----------
    result : JointSessions
        From `joint_sessions`; its rows of all sessions are drawn.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default both changes of one relation (of several: in how many p is below .05), and what
        the marks mean.
    names : mapping, optional
        Names of relations to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit
        Its data have a row a relation and a row a pair of groups and step; its n counts groups.

    Raises
    ------
    ArgumentError
        If no pair of groups has a change.

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
    >>> print(plot_joint_sessions(found, number="9.1", study=study).title)
    Density of advice changed by 1.00 between teams that met and by −0.10 between others
    """
    whole = needed(result.tidy(), ["by", *COLUMNS])
    whole = whole.loc[whole["by"] == ALL, [*COLUMNS]]
    if result.pairs.empty:
        raise ArgumentError("There is no change to draw", seen=result.sentence())
    pairs, called = needed(result.pairs, PAIRS)[PAIRS], names_of(study, names)
    draw = partial(_draw, whole, pairs, result.by, called)
    return figure_exhibit(
        number=number,
        title=title or _title(whole, result.by, called),
        note=note or _note(whole, result.by, called),
        n=int(whole["n_clusters"].max()),
        data=pd.concat([whole, pairs], ignore_index=True),
        study=study,
        sources=("ties", "memberships", "respondents", "sessions", "attendance"),
        drawing=Drawing(draw, inches(width), 0.65 + EACH * len(whole)),
    )


def _title(whole: pd.DataFrame, by: str, called: Mapping[str, str]) -> str:
    groups = groups_word(by)[1]
    known = whole[whole["estimate"].notna()]
    if known.empty:
        return f"Changes between {groups} that met and that did not cannot be compared"
    if len(known) > 1:
        sure = f"{(known['p_value'] < 0.05).sum()} of {len(known)} relations"
        start = f"Between {groups} that met, density changed otherwise than between others"
        return f"{start} with p < .05 in {sure}"
    row = known.iloc[0]
    return (
        f"Density of {readable(row['relation'], called)} changed by {number(row['change_met'])} "
        f"between {groups} that met and by {number(row['change_not_met'])} between others"
    ).replace("-", "−")


def _note(whole: pd.DataFrame, by: str, called: Mapping[str, str]) -> str:
    groups, smallest = groups_word(by)[1], float(whole["smallest_p"].min())
    least = "." if math.isnan(smallest) else f", at the least 1/{round(1 / smallest):,}."
    parts = [
        f"A mark is a pair of {groups} in a step from one wave to the next: the change of the "
        "share of pairs of people that are tied, among those known in both waves. Strokes: means, "
        f"over steps weighted as the difference is. p: {groups} exchanged in the record of who "
        "met whom, each relation by itself" + least
    ]
    if why := listed_reasons(whole, called, "relation"):
        parts.append(f"No comparison or no test: {why}.")
    return " ".join([*parts, f"n counts {groups}."])


def _draw(
    whole: pd.DataFrame, pairs: pd.DataFrame, by: str, called: Mapping[str, str], figure: Figure
) -> None:
    from matplotlib.lines import Line2D

    panels = figure.subplots(len(whole), 1, sharex=True, squeeze=False).ravel()
    for axes, row in zip(panels, whole.to_dict("records"), strict=True):
        _draw_relation(axes, row, pairs[pairs["relation"] == row["relation"]])
        axes.set_title(_heading(row, called, figure.get_figwidth() - ASIDE), size=7.5)
    panels[-1].set_xlabel("Change of density")
    handles = [Line2D([], [], **look) for look in (LOOKS[MET], LOOKS[NOT_MET], MEAN)]
    words = [f"{groups_word(by)[1]} that {what}" for what in ("met", "did not")]
    legend_above(figure, handles, [*words, "mean"])


def _heading(row: Mapping[Any, Any], called: Mapping[str, str], room: float) -> str:
    """Return the relation, the difference and its p, in two lines where one has no room."""
    name, words = readable(row["relation"], called), "no comparison"
    if not math.isnan(row["estimate"]):
        words = f"difference {number(row['estimate']).replace('-', '−')}"
        words += "" if math.isnan(row["p_value"]) else f", {p_in_words(row['p_value'])}"
    fits = LETTER * len(f"{name}: {words}") <= room
    return f"{name}: {words}" if fits else f"{folded(name, room)}:\n{words}"


def _draw_relation(axes: Axes, row: Mapping[Any, Any], pairs: pd.DataFrame) -> None:
    met = pairs["n_joint_sessions"] > 0
    for at, own, mean in ((MET, met, "change_met"), (NOT_MET, ~met, "change_not_met")):
        values = np.sort(pairs.loc[own, "change"].to_numpy(dtype=float))
        strewn = at + SPREAD * ((np.arange(len(values)) * GOLDEN) % 1 - 0.5)
        axes.plot(values, strewn, zorder=2 + at, **LOOKS[at])
        axes.plot(row[mean], at, zorder=5, **MEAN)
    axes.axvline(0, color=INK, linewidth=0.6, zorder=1)
    others, some = (count(row[name], "pair") for name in ("n_pairs_not_met", "n_pairs_met"))
    axes.set_yticks([NOT_MET, MET], [f"did not meet, {others}", f"met, {some}"])
    axes.set_ylim(-0.5, 1.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
