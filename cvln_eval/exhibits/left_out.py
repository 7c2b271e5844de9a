"""The answer without each cluster in turn, as one district may make the result."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.forest import beside, say_missing
from cvln_eval.exhibits.intervals import draw_interval, limits_of, set_limits
from cvln_eval.exhibits.panels import figure_exhibit, inches, names_of, readable
from cvln_eval.exhibits.rounding import in_apa
from cvln_eval.exhibits.style import COLOURS, INK
from cvln_eval.exhibits.verdicts import term_words
from cvln_eval.exhibits.wording import needed
from cvln_eval.inference.panel.judged import changing_clusters
from cvln_eval.inference.panel.words import crossing, listed, share_in_words
from cvln_eval.results import level_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.inference.panel import FewClusterPanel

__all__ = ["plot_leave_one_out"]

COLUMNS = ("left_out", "method", "estimate", "p_value", "conf_low", "conf_high", "reason", "n")
NOBODY = "none"
BAND: dict[str, Any] = {"color": "#EAEAEA", "linewidth": 0, "zorder": 0}
WHOLE: dict[str, Any] = {"marker": "D", "color": INK, "markersize": 5}
SAME: dict[str, Any] = {"marker": "o", "color": COLOURS[0], "markersize": 4.5}
TURNED: dict[str, Any] = {"marker": "s", "color": COLOURS[5], "markersize": 5}
ROW = 0.22  # inches


def plot_leave_one_out(
    result: FewClusterPanel,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "single",
) -> Exhibit:
    """Draw the estimate and its interval with all clusters, and without each of them.

    A square is a cluster without which the estimate changes its sign or p crosses the level. The
    grey band is the interval with all clusters.

    Parameters
    ----------
    result : FewClusterPanel
        From `few_cluster_panel`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default which clusters matter, and what the marks mean.
    names : mapping, optional
        Names of the term, the outcome and clusters to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If there is no answer with all clusters.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from cvln_eval.inference.panel import few_cluster_panel
    >>> answers = [1, 2, 3, 4, 2, 3, 5, 4, 2, 1]
    >>> table = pd.DataFrame({"team_id": list("aabbccddee"), "change": answers})
    >>> found = few_cluster_panel(
    ...     table, formula="change ~ 1", term="Intercept", n_draws=99, n_simulated=200
    ... )
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> print(plot_leave_one_out(found, number="9.1", study=study).title)
    Without any one of the 5 clusters the sign of mean change and the side of .05 on which p lies \
stay the same.
    """
    data = result.leave_one_out()
    if data.empty or pd.isna(data["p_value"].iloc[0]):
        raise ArgumentError("There is no answer to leave clusters out of", seen=result.sentence())
    data = needed(data, COLUMNS)
    called = names_of(study, names)
    turns, crosses = changing_clusters(data, result.conf_level)
    term = term_words(result, called)
    draw = partial(_draw, data, {*turns, *crosses}, called, term)
    return figure_exhibit(
        number=number,
        title=title or _title(result, data, turns, crosses, called),
        note=note or _note(result, data, called),
        n=result.n,
        data=data,
        study=study,
        sources=(),
        drawing=Drawing(draw, inches(width), 0.75 + ROW * len(data)),
    )


def _title(
    result: FewClusterPanel,
    data: pd.DataFrame,
    turns: list[str],
    crosses: list[str],
    called: Mapping[str, str],
) -> str:
    """Return without which clusters the answer would be another."""
    term, alpha = term_words(result, called), share_in_words(1 - result.conf_level)
    lost = list(data.loc[data["reason"] != "", "left_out"])
    parts = [
        f"the estimate of {term} changes its sign without {_either(turns, called)}"
        if turns
        else "",
        f"{crossing(data, result.conf_level)} without {_either(crosses, called)}"
        if crosses
        else "",
        f"there is no test without {_either(lost, called)}" if lost else "",
    ]
    said = "; ".join(part for part in parts if part)
    if said:
        return f"{said[:1].upper()}{said[1:]}."
    return (
        f"Without any one of the {len(data) - 1} clusters the sign of {term} and the side of "
        f"{alpha} on which p lies stay the same."
    )


def _either(clusters: list[str], called: Mapping[str, str]) -> str:
    return listed([readable(name, called) for name in clusters], "or")


def _note(result: FewClusterPanel, data: pd.DataFrame, called: Mapping[str, str]) -> str:
    method = readable(data["method"].iloc[0], called)
    parts = [
        f"By the {method}; {level_in_words(result.conf_level)} intervals, an arrow goes on "
        "beyond the axis. "
        "Band: the interval with all clusters. Square: without this cluster the sign turns or p "
        "crosses the level. The other methods are not shown."
    ]
    why = [
        f"without {readable(row['left_out'], called)} ({row['reason']})"
        for row in data[data["reason"] != ""].to_dict("records")
    ]
    if why:
        parts.append(f"No answer {'; '.join(why)}.")
    return " ".join([*parts, "n counts rows, of all clusters."])


def _draw(
    data: pd.DataFrame,
    changing: set[str],
    called: Mapping[str, str],
    term: str,
    figure: Figure,
) -> None:
    axes = figure.subplots()
    rows = data.to_dict("records")
    limits = limits_of(rows)
    ends = [max(rows[0]["conf_low"], limits[0]), min(rows[0]["conf_high"], limits[1])]
    axes.axvspan(*ends, **BAND)
    axes.axvline(0, color=INK, linewidth=0.7, zorder=1)
    for at, row in enumerate(rows):
        look = TURNED if row["left_out"] in changing else SAME
        draw_interval(axes, at, row, limits, **(look if at else WHOLE))
        if pd.isna(row["estimate"]):
            say_missing(axes, at)
    set_limits(axes, limits)
    _furnish(axes, data, called, term)
    beside(axes, 1, "n", [f"{int(n)}" for n in data["n"]])
    beside(axes, 2.5, "p", [in_apa(p) for p in data["p_value"]])


def _furnish(axes: Axes, data: pd.DataFrame, called: Mapping[str, str], term: str) -> None:
    names = [f"without {readable(name, called)}" for name in data["left_out"]]
    axes.set_yticks(range(len(data)), ["all clusters", *names[1:]])
    axes.get_yticklabels()[0].set_fontweight("bold")
    axes.axhline(0.5, color="#D9D9D9", linewidth=0.6)
    axes.set_ylim(len(data) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(f"{term[:1].upper()}{term[1:]}")
    axes.grid(axis="x")
