"""How often each method rejects a true null hypothesis, in one design or over many."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.forest import beside
from cvln_eval.exhibits.panels import figure_exhibit, inches, legend_above, readable
from cvln_eval.exhibits.size_marks import PALE, draw_size, in_percent, size_axis, size_words
from cvln_eval.exhibits.style import COLOURS, INK
from cvln_eval.exhibits.wording import MINUS, needed
from cvln_eval.inference.panel.judged import LIBERAL
from cvln_eval.inference.panel.kinds import FOR_MANY
from cvln_eval.inference.panel.size import SimulatedSize
from cvln_eval.results import count, level_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_size"]

COLUMNS = ("method", "size", "size_mc_error", "n_draws", "reason")
ROW = 0.2  # inches
LOOKS: dict[bool, dict[str, Any]] = {
    False: {"marker": "o", "color": COLOURS[0], "markersize": 5},
    True: {"marker": "D", "color": PALE, "markersize": 4},
}
OTHER: dict[str, Any] = {"marker": "|", "markersize": 6, "linestyle": "", "zorder": 3}
KINDS = {False: "made for few clusters", True: "made for many: what software gives unless told"}


def plot_size(
    result: SimulatedSize | pd.DataFrame,
    *,
    number: str,
    study: Origin,
    conf_level: float = 0.95,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw how often each method rejects a true null hypothesis, beside the level.

    Methods are sorted by their size, of several designs by the largest. With several designs each
    is a thin mark, and the largest is drawn with its simulation error and its number.

    Parameters
    ----------
    result : SimulatedSize or DataFrame
        From `simulated_size`, or a table of calibration: the columns `method, size,
        size_mc_error, n_draws, reason`, and `design` where there are several.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    conf_level : float
        Of a table, 1 minus the level of its tests; a `SimulatedSize` knows its own.
    title, note : str, optional
        By default how many methods reject too often and which most, and what the marks mean.
    names : mapping, optional
        Names of methods to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If no method has a size.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rows = [("jackknife", 0.05, 0.005, 2000, ""), ("z test", 0.2, 0.01, 2000, "")]
    >>> table = pd.DataFrame(rows, columns=list(COLUMNS))
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> print(plot_size(table, number="9.1", study=study).title)
    Without any effect, 1 of 2 methods rejects more than 7.5% at the level 5%: the z test (20.0%).
    """
    every = needed(result.tidy() if isinstance(result, SimulatedSize) else result, COLUMNS)
    alpha = 1 - (result.conf_level if isinstance(result, SimulatedSize) else conf_level)
    every = every.assign(design=every.get("design", ""))
    data = _sorted(needed(every[every["size"].notna()], COLUMNS))
    called = names or {}
    draw = partial(_draw, data, alpha, called)
    return figure_exhibit(
        number=number,
        title=title or _title(data, alpha, called),
        note=note or _note(every, alpha, called, _design(result)),
        n=int(data["n_draws"].max()),
        data=data,
        study=study,
        sources=(),
        drawing=Drawing(draw, inches(width), 0.95 + ROW * data["method"].nunique()),
    )


def _design(result: SimulatedSize | pd.DataFrame) -> list[str]:
    if not isinstance(result, SimulatedSize):
        return []
    where = f"{count(result.n, 'row')} in {count(result.n_clusters, 'cluster')}"
    return [f"The design: {where}, {result.icc.in_words()}."]


def _sorted(data: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by the largest size of their method, the largest of a method first."""
    most = data.groupby("method")["size"].transform("max")
    ordered = data.assign(largest=most).sort_values(
        ["largest", "method", "size"], ascending=[True, True, False], kind="stable"
    )
    return ordered.drop(columns="largest").reset_index(drop=True)


def _title(data: pd.DataFrame, alpha: float, called: Mapping[str, str]) -> str:
    """Return how many methods reject too often, and which most."""
    worst = data.drop_duplicates("method")
    over = worst[worst["size"] > LIBERAL * alpha]
    designs = data["design"].nunique()
    where = "Without any effect" if designs == 1 else f"In {designs} designs without any effect"
    last = worst.iloc[-1]
    most = f"the {readable(last['method'], called)} ({in_percent(last['size'])})"
    limit = in_percent(LIBERAL * alpha)
    if over.empty:
        return (
            f"{where}, none of {count(len(worst), 'method')} rejects more than {limit} at the "
            f"level {level_in_words(alpha)}."
        )
    verb = "rejects" if len(over) == 1 else "reject"
    which = most if len(over) == 1 else f"most often {most}"
    once = "" if designs == 1 else " in one or more"
    return (
        f"{where}, {len(over)} of {count(len(worst), 'method')} {verb} more than {limit}{once} at "
        f"the level {level_in_words(alpha)}: {which}."
    )


def _note(every: pd.DataFrame, alpha: float, called: Mapping[str, str], design: list[str]) -> str:
    parts = [
        "Simulated, not observed: shares of data sets without an effect in which p is at or "
        f"below the level. {size_words(alpha)}",
        *design,
    ]
    if len(set(every["design"])) > 1:
        parts.append(
            "Thin marks: designs; large: the one in which the method rejects most, with its size."
        )
    has = set(every.loc[every["size"].notna(), "method"])
    without = every[~every["method"].isin(has)].drop_duplicates("method")
    why = [
        f"{readable(row['method'], called)} ({row['reason']})" for row in without.to_dict("records")
    ]
    if why:
        parts.append(f"No size: {'; '.join(why)}.")
    return " ".join([*parts, "n counts data sets of each design."])


def _draw(data: pd.DataFrame, alpha: float, called: Mapping[str, str], figure: Figure) -> None:
    axes = figure.subplots()
    worst = data.drop_duplicates("method")
    for at, (method, rows) in enumerate(data.groupby("method", sort=False)):
        look = LOOKS[method in FOR_MANY]
        axes.plot(rows["size"].iloc[1:], [at] * (len(rows) - 1), color=look["color"], **OTHER)
        draw_size(axes, at, rows.iloc[0].to_dict(), **look)
    size_axis(axes, alpha, worst.to_dict("records"))
    _furnish(axes, worst, called, several=len(worst) < len(data))
    kinds = sorted({method in FOR_MANY for method in worst["method"]})
    legend_above(figure, [_mark(LOOKS[kind]) for kind in kinds], [KINDS[kind] for kind in kinds])


def _furnish(axes: Axes, worst: pd.DataFrame, called: Mapping[str, str], *, several: bool) -> None:
    names = [readable(name, called).replace(" - ", MINUS) for name in worst["method"]]
    axes.set_yticks(range(len(worst)), names)
    axes.set_ylim(len(worst) - 0.4, -0.6)
    axes.set_xlabel("Rejects a true null hypothesis")
    axes.grid(axis="x")
    looks = [{"color": PALE if name in FOR_MANY else INK} for name in worst["method"]]
    for label, look in zip(axes.get_yticklabels(), looks, strict=True):
        label.set_color(look["color"])
    sizes = [in_percent(size) for size in worst["size"]]
    beside(axes, 1.4, "largest" if several else "size", sizes, looks)


def _mark(look: Mapping[str, Any]) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], linestyle="", **look)
