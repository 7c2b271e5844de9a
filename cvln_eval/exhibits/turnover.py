"""Who was there, what they said, and of what parts the change of a mean is made."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.forest import beside, say_missing
from cvln_eval.exhibits.panels import figure_exhibit, inches, legend_above, names_of, readable
from cvln_eval.exhibits.rounding import MISSING
from cvln_eval.exhibits.style import COLOURS, GREY, INK
from cvln_eval.exhibits.wording import folded, needed, of_one_scale
from cvln_eval.inference.change.decompose import COMPONENTS, Decomposition
from cvln_eval.inference.change.roster import (
    BOTH,
    JOINER,
    LEAVER,
    NEITHER,
    ONLY_FIRST,
    ONLY_LAST,
)
from cvln_eval.inference.change.words import with_sign
from cvln_eval.results import level_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.inference.change import ChangeByStatus

__all__ = ["plot_change_by_status"]

ANSWERED = {
    BOTH: "answered twice",
    ONLY_FIRST: "first wave only",
    ONLY_LAST: "last wave only",
    NEITHER: "no answer",
}
PAIR = ("scale", "from_wave", "wave")
STATUS = (*PAIR, "roster_status", "answered", "n", "mean_before", "mean_after")
PARTS = (*PAIR, "quantity", "estimate", "conf_low", "conf_high", "conf_level", "reason")
TOTAL = COMPONENTS[0]
FIRST: dict[str, Any] = {"marker": "o", "markersize": 5.5, "markerfacecolor": "white"}
LAST: dict[str, Any] = {"marker": "D", "markersize": 4, "color": COLOURS[5]}
FILL = {True: COLOURS[0], False: "#C6C6C6"}  # the whole and its parts
NARROW = 5.0  # inches; on a narrower page the panels stand one above the other
NAME = 1.15  # inches of a row's name
ROW = 0.3  # inches


def plot_change_by_status(
    result: ChangeByStatus,
    parts: Decomposition,
    *,
    number: str,
    study: Origin,
    scale: str | None = None,
    wave: str | None = None,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw the means of those who stayed, joined and left, and the parts of the mean's change.

    Above or at the left each group at the waves at which it answered, with its n; only those who
    answered twice have a change. Beside them the parts of the change of the mean one after the
    other, each with its interval, and the whole that they add up to.

    Parameters
    ----------
    result : ChangeByStatus
        From `change_by_status`.
    parts : Decomposition
        From `decompose_change`, of the same scores and rosters.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    scale : str, optional
        Which scale, where the results have several.
    wave : str, optional
        The later wave of the pair, where the results have several pairs.
    title, note : str, optional
        By default the sentence of the parts, and what the marks mean.
    names : mapping, optional
        Names of waves, scales, groups and parts to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If the scale or the wave is not in both results, or there are several and none is named.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from cvln_eval.inference.change import change_by_status, decompose_change
    >>> scores = pd.DataFrame({"person_id": ["p", "q", "p", "r"], "wave": ["y1", "y1", "y2", "y2"],
    ...                        "score": [3, 2, 4, 5]})
    >>> asked = {"memberships": scores.assign(team_id="A"), "waves": ["y1", "y2"]}
    >>> found, parts = change_by_status(scores, **asked), decompose_change(scores, **asked)
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> plot_change_by_status(found, parts, number="9.1", study=study).n
    3
    """
    groups = _of_one_pair(of_one_scale(needed(result.tidy(), STATUS), scale), wave)
    own = _of_one_pair(of_one_scale(needed(parts.parts(), PARTS), scale), wave)
    own = own.sort_values("quantity", key=lambda name: name == TOTAL, kind="stable")
    called, across = names_of(study, names), inches(width)
    drawn = groups[groups["n"] > 0].reset_index(drop=True)
    draw = partial(_draw, drawn, own, called, across)
    rows = len(drawn) + len(own) if across < NARROW else max(len(drawn), len(own))
    return figure_exhibit(
        number=number,
        title=title or Decomposition(own, parts.n_off_roster).sentence(),
        note=note or _note(groups, own, called),
        n=int(drawn["n"].sum()),
        data=pd.concat([groups, own], ignore_index=True),
        study=study,
        sources=("responses", "memberships"),
        drawing=Drawing(draw, across, 0.75 + ROW * rows + (0.6 if across < NARROW else 0)),
    )


def _of_one_pair(data: pd.DataFrame, wave: str | None) -> pd.DataFrame:
    """Return the rows of one pair of waves, named by the later."""
    known = list(dict.fromkeys(data["wave"]))
    wanted = known[0] if wave is None and len(known) == 1 else wave
    if wanted not in known:
        raise ArgumentError(
            "The figure has room for one pair of waves",
            expected=f"wave=, the later of a pair: one of {shown(known)}",
            seen=repr(wave),
        )
    return data[data["wave"] == wanted].reset_index(drop=True)


def _note(groups: pd.DataFrame, own: pd.DataFrame, called: Mapping[str, str]) -> str:
    level = level_in_words(float(own["conf_level"].iloc[0]))
    lines = [
        "Status comes from the rosters, not from who answered. Means of one wave are of other "
        "people than those of the next, except for who answered twice. Parts follow each other, "
        f"entry, exit and turnover against who answered twice; lines: {level} intervals of "
        "each part by jackknife over teams, around the end of its bar."
    ]
    nobody = [_group(row, called) for row in groups[groups["n"] == 0].to_dict("records")]
    if nobody:
        lines.append(f"Nobody: {'; '.join(nobody)}.")
    why = [
        f"{readable(row['quantity'], called)} ({row['reason']})"
        for row in own[own["reason"] != ""].to_dict("records")
    ]
    if why:
        lines.append(f"No interval: {'; '.join(why)}.")
    return " ".join([*lines, "n counts people on either roster."])


def _group(row: Mapping[Any, Any], called: Mapping[str, str]) -> str:
    """Return what to call the people of a status who answered at certain waves."""
    who = readable(f"{row['roster_status']}s", called)
    usual = row["answered"] == {JOINER: ONLY_LAST, LEAVER: ONLY_FIRST}.get(row["roster_status"])
    return who if usual else f"{who}, {readable(row['answered'], {**ANSWERED, **called})}"


def _draw(
    groups: pd.DataFrame,
    own: pd.DataFrame,
    called: Mapping[str, str],
    across: float,
    figure: Figure,
) -> None:
    shape = (2, 1) if across < NARROW else (1, 2)
    heights = {"height_ratios": [len(groups), len(own)]} if across < NARROW else {}
    left, right = figure.subplots(*shape, gridspec_kw=heights).ravel()
    for at, row in enumerate(groups.to_dict("records")):
        _draw_group(left, at, row)
    _furnish(left, [_group(row, called) for row in groups.to_dict("records")])
    left.set_xlabel(f"Mean {readable(groups['scale'].iloc[0], called)}")
    beside(left, 1, "n", [f"{n}" for n in groups["n"]])
    _draw_parts(right, own)
    _furnish(right, [readable(name, called) for name in own["quantity"]])
    right.set_xlabel("Change of the mean")
    beside(right, 1.3, "", [_signed(value) for value in own["estimate"]])
    waves = [readable(groups[name].iloc[0], called) for name in ("from_wave", "wave")]
    legend_above(figure, [_mark(FIRST), _mark(LAST)], waves)


def _signed(value: float) -> str:
    return MISSING if math.isnan(value) else with_sign(value)


def _draw_group(axes: Axes, at: int, row: Mapping[Any, Any]) -> None:
    ends = [row["mean_before"], row["mean_after"]]
    if all(math.isnan(end) for end in ends):
        say_missing(axes, at)
        return
    if not any(math.isnan(end) for end in ends):
        axes.hlines(at, min(ends), max(ends), color=GREY, linewidth=1.6)
    axes.plot(ends[0], at, linestyle="", color=COLOURS[0], **FIRST)
    axes.plot(ends[1], at, linestyle="", **LAST)


def _draw_parts(axes: Axes, own: pd.DataFrame) -> None:
    """Draw the parts from where the one before ended, and the whole from nought."""
    axes.axvline(0, color=INK, linewidth=0.7)
    start = 0.0
    for at, row in enumerate(own.to_dict("records")):
        whole, value = row["quantity"] == TOTAL, row["estimate"]
        if math.isnan(value):
            say_missing(axes, at)
            continue
        left = 0.0 if whole else start
        axes.barh(at, value, 0.62, left=left, color=FILL[whole], zorder=2)
        if not math.isnan(row["conf_low"]):
            axes.hlines(at, left + row["conf_low"], left + row["conf_high"], color=INK, zorder=3)
        if not whole:
            axes.vlines(left + value, at, min(at + 1, len(own) - 0.7), color=GREY, linewidth=0.7)
            start = left + value


def _furnish(axes: Axes, labels: list[str]) -> None:
    axes.set_yticks(range(len(labels)), [folded(label, NAME) for label in labels])
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")


def _mark(look: Mapping[str, Any]) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], linestyle="", **{"color": COLOURS[0], **look})
