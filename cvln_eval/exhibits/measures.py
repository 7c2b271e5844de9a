"""Measures of networks over waves or moving windows, a line a measure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.mixing_words import balanced, of_one
from cvln_eval.exhibits.panels import (
    figure_exhibit,
    inches,
    legend_above,
    name_panel,
    names_of,
    readable,
    wave_ticks,
)
from cvln_eval.exhibits.style import COLOURS, LINES, MARKERS
from cvln_eval.exhibits.wording import needed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.results import Result

__all__ = ["plot_measures"]

COLUMNS = ("wave", "relation", "measure", "value", "n")
ORDER = (0, 5, 2, 3, 1, 4, 7)  # of the colours, so that neighbours differ in grey too
MOST = {"single": 1, "one_and_a_half": 2, "double": 3}
EACH = 2.0  # inches of a row of panels
TIGHT = 9  # waves from which on marks are small


def plot_measures(
    result: Result | Mapping[str, Result],
    *,
    measures: Sequence[str],
    number: str,
    study: Origin,
    title: str,
    note: str,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw measures of networks over waves or moving windows, on one scale from 0 up.

    What is not known breaks a line.

    Parameters
    ----------
    result : Result or mapping
        With `wave, relation, measure, value, n` in its `tidy`, such as from `structure` or
        `reach`, of one relation; or several under the name of their panel.
    measures : sequence of str
        Which, from first to last in the legend.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str
        The finding; what lines mean.
    names : mapping, optional
        Names of waves and measures to show for their ids, and of the axis under "value".
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit
        Its n counts what n counts in the result, where it is largest.

    Raises
    ------
    ArgumentError
        If a measure is absent, nothing is known, or the result has several relations.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import numpy as np
    >>> from cvln_eval.networks.cohesion import reciprocity
    >>> from cvln_eval.networks.panel import Network
    >>> people = pd.DataFrame({"person_id": list("abc"), "team_id": "x"})
    >>> network = Network("1", "reply", people, sender=np.array([0, 1, 2]),
    ...                   receiver=np.array([1, 0, 0]), strength=np.ones(3),
    ...                   answered=np.ones(3, dtype=bool))
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> said = {"title": "Two of three replies were returned", "note": "n counts people."}
    >>> plot_measures(reciprocity(network), measures=["reciprocity_arcs"], number="9.1",
    ...               study=study, **said).data["value"].round(2).tolist()
    [0.67]
    """
    results = result if isinstance(result, Mapping) else {"": result}
    parts = {name: _asked(one, measures) for name, one in results.items()}
    if not parts or all(part["value"].isna().all() for part in parts.values()):
        raise ArgumentError("There is nothing to draw", seen=shown(measures) or "no measure")
    called = names_of(study, names)
    columns = balanced(len(parts), MOST.get(width, 1))
    height = 0.75 + EACH * math.ceil(len(parts) / columns)
    return figure_exhibit(
        number=number,
        title=title,
        note=note,
        n=int(max(part["n"].max() for part in parts.values())),
        data=pd.concat([part.assign(panel=name) for name, part in parts.items()]),
        study=study,
        sources=("ties", "activity", "memberships"),
        drawing=Drawing(
            partial(_draw, parts, list(measures), columns, called), inches(width), height
        ),
    )


def _asked(result: Result, measures: Sequence[str]) -> pd.DataFrame:
    """Return the rows of the measures, in the order of the result."""
    tidy = of_one(needed(result.tidy(), COLUMNS))
    absent = [measure for measure in measures if measure not in set(tidy["measure"])]
    if absent:
        raise ArgumentError(
            "The result lacks a measure",
            expected=f"some of {shown(tidy['measure'])}",
            seen=shown(absent),
        )
    return tidy.loc[tidy["measure"].isin(list(measures)), [*COLUMNS]].reset_index(drop=True)


def _draw(
    parts: Mapping[str, pd.DataFrame],
    measures: list[str],
    columns: int,
    called: Mapping[str, str],
    figure: Figure,
) -> None:
    rows = math.ceil(len(parts) / columns)
    axes = figure.subplots(rows, columns, sharey=True, squeeze=False)
    flat = list(axes.ravel())
    for panel, (name, part) in zip(flat, parts.items(), strict=False):
        _draw_panel(panel, part, measures, called)
        if name:
            name_panel(panel, name, called)
    for spare in flat[len(parts) :]:
        spare.set_visible(False)
    for panel in axes[:, 0]:
        panel.set_ylabel(called.get("value", "Value"))
    top = max(float(part["value"].max()) for part in parts.values())
    flat[0].set_ylim(0, 1.06 * top if top > 0 else 1)
    handles = [_mark(at, 0) for at in range(len(measures))]
    legend_above(figure, handles, [readable(measure, called) for measure in measures])


def _draw_panel(
    axes: Axes, part: pd.DataFrame, measures: list[str], called: Mapping[str, str]
) -> None:
    waves = list(dict.fromkeys(part["wave"]))
    for at, measure in enumerate(measures):
        own = part[part["measure"] == measure].set_index("wave")["value"].reindex(waves)
        line = _mark(at, len(waves))
        line.set_data(range(len(waves)), own.to_numpy(dtype=float))
        line.set_clip_on(False)
        axes.add_line(line)
    axes.set_xlim(-0.4, len(waves) - 0.6)
    wave_ticks(axes, waves, called)
    axes.grid(axis="y")


def _mark(at: int, waves: int) -> Any:
    from matplotlib.lines import Line2D

    look: dict[str, Any] = {
        "color": COLOURS[ORDER[at % len(ORDER)]],
        "linestyle": LINES[at % len(LINES)],
    }
    look["markersize"] = 3.2 if waves >= TIGHT else 4.5
    return Line2D([], [], marker=MARKERS[at % len(MARKERS)], **look)
