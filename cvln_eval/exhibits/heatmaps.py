"""Heat maps of attendance."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.panels import (
    figure_exhibit,
    inches,
    legend_above,
    names_of,
    readable,
    text_on,
)
from cvln_eval.exhibits.style import GREY, INK
from cvln_eval.participation.attendance import AttendanceShare

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_attendance"]

MOST_ROWS_NAMED = 30
TALLEST = 8.2  # inches, so that a heat map with its caption stays on a page
KIND_HEIGHT = 0.3  # inches that the names of kinds take below the days
COLUMN_WITH_KIND = 0.2  # inches of a column wide enough for two lines below it
Names = Mapping[str, str]


def plot_attendance(
    result: AttendanceShare,
    *,
    number: str,
    study: Origin,
    rows: str = "team_id",
    title: str | None = None,
    note: str | None = None,
    names: Names | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw attendance as a heat map, held sessions from left to right by date.

    Parameters
    ----------
    result : AttendanceShare
        From `attendance_share`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    rows : str
        `team_id`: the share of each team that came; `person_id`: each leader, grouped by team.
    title, note : str, optional
        By default the result's sentence, and what the colours mean.
    names : mapping, optional
        Names of teams, people and waves to show for their ids.
    width : str
        `single` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If no session was held to which somebody was expected.
    """
    cells = result.cells(rows)
    if cells.empty:
        raise ArgumentError("There is no attendance to draw", seen=result.sentence())
    team_of = result.expected.groupby(rows)["team_id"].agg("last")
    data = cells.assign(team_id=cells[rows].map(team_of)).sort_values(
        ["team_id", rows, "place"] if rows != "team_id" else ["team_id", "place"]
    )
    draw = partial(_draw_attendance, data, rows, names_of(study, names))
    crossed = "Crossed" if _few_gaps(data, rows) else "White"
    explained = (
        f"{crossed} cells: not expected at the session. n counts leaders times held sessions."
    )
    more = KIND_HEIGHT if _kinds_fit(data, inches(width)) else 0.0
    missing = len(cells) < cells[rows].nunique() * cells["session_id"].nunique()
    return figure_exhibit(
        number=number,
        title=title or result.sentence(),
        note=note or (explained if missing else "n counts leaders times held sessions."),
        n=int(result.glance()["n"].item()),
        data=data,
        study=study,
        sources=("attendance", "sessions", "memberships"),
        drawing=Drawing(draw, inches(width), _heat_height(data[rows].nunique()) + more),
    )


def _heat_height(rows: int) -> float:
    """Return the height of a heat map: tall rows for few teams, thin ones for many people."""
    each = 0.26 if rows <= MOST_ROWS_NAMED // 2 else 0.14 if rows <= MOST_ROWS_NAMED else 0.06
    return min(1.2 + rows * each, TALLEST)


def _draw_attendance(data: pd.DataFrame, rows: str, names: Names, figure: Figure) -> None:
    from matplotlib.patches import Patch

    order = list(dict.fromkeys(data[rows]))
    sessions = data.drop_duplicates("session_id").sort_values("place")
    values = (
        data.pivot_table(index=rows, columns="session_id", values="attendance_share")
        .reindex(index=order, columns=list(sessions["session_id"]))
        .to_numpy()
    )
    axes = figure.subplots()
    edges: dict[str, Any] = {
        "edgecolors": "white",
        "linewidth": 0.4 if len(order) <= MOST_ROWS_NAMED else 0.1,
    }
    shades = _shades(2 if rows == "person_id" else 256)
    image = axes.pcolormesh(values, cmap=shades, vmin=0, vmax=1, **edges)
    nobody = np.argwhere(np.isnan(values))
    if _few_gaps(data, rows):
        axes.scatter(nobody[:, 1] + 0.5, nobody[:, 0] + 0.5, marker="x", s=6, c=GREY, lw=0.5)
    axes.invert_yaxis()
    _name_rows(axes, data, rows, order, names)
    _name_sessions(axes, sessions, names)
    if rows == "person_id":
        ends = [{"facecolor": shades(0.0)}, {"facecolor": shades(1.0)}]
        legend_above(figure, [Patch(**end) for end in ends], ["expected, absent", "came"])
    else:
        _colour_bar(figure, axes, image)


def _kinds_fit(data: pd.DataFrame, width: float) -> bool:
    """Return whether the sessions are of several kinds and few enough to name the kind of each."""
    several = "kind" in data and len(set(data["kind"].dropna())) > 1
    return several and COLUMN_WITH_KIND * data["session_id"].nunique() <= width - 1.8


def _few_gaps(data: pd.DataFrame, rows: str) -> bool:
    """Return whether the cells of those not expected are few enough to cross out one by one."""
    places = data[rows].nunique() * data["session_id"].nunique()
    return data[rows].nunique() <= MOST_ROWS_NAMED and len(data) > 0.85 * places


def _shades(steps: int) -> Any:
    """Return blues whose lightest is not white: absent is not the same as not expected."""
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    return ListedColormap(colormaps["Blues"](np.linspace(0.16, 1, steps)))


def _name_rows(axes: Axes, data: pd.DataFrame, rows: str, order: list[str], names: Names) -> None:
    """Name every row where there is room, else the teams, with a line between them."""
    teams = data.drop_duplicates(rows)["team_id"].tolist()
    starts = [at for at in range(len(teams)) if at == 0 or teams[at] != teams[at - 1]]
    if rows != "team_id":
        axes.hlines(starts[1:], 0, axes.get_xlim()[1], color=INK, linewidth=0.7)
    if rows == "team_id" or len(order) <= MOST_ROWS_NAMED:
        places = [at + 0.5 for at in range(len(order))]
        axes.set_yticks(places, [readable(name, names) for name in order])
    else:
        ends = [*starts[1:], len(teams)]
        places = [(start + end) / 2 for start, end in zip(starts, ends, strict=True)]
        axes.set_yticks(places, [readable(teams[at], names) for at in starts])
    axes.tick_params(axis="y", length=0)
    axes.spines[:].set_visible(False)


def _name_sessions(axes: Axes, sessions: pd.DataFrame, names: Names) -> None:
    """Date the sessions below, as many as fit, and name the waves above."""
    step = max(1, int(np.ceil(len(sessions) / 26)))
    places = list(range(0, len(sessions), step))
    days = [f"{day:%Y-%m-%d}" for day in sessions["held_on"].iloc[places]]
    figure = axes.get_figure(root=True)
    named = _kinds_fit(sessions, figure.get_figwidth() if figure else 0.0)
    if named:
        kinds = [readable(kind, names) for kind in sessions["kind"].astype("str").fillna("")]
        days = [f"{day}\n{kind}" for day, kind in zip(days, kinds, strict=True)]
    axes.set_xticks([at + 0.5 for at in places], days, rotation=90, size=6)
    axes.tick_params(axis="x", length=1.5)
    what = "Day and kind of the session" if named else "Day of the session"
    axes.set_xlabel(what + (f" (one in {step} is named)" if step > 1 else ""))
    waves = sessions["wave"].tolist()
    starts = [at for at in range(len(waves)) if at == 0 or waves[at] != waves[at - 1]]
    for start, end in zip(starts, [*starts[1:], len(waves)], strict=True):
        text_on(axes, (start + end) / 2, -0.15, readable(waves[start], names), va="bottom", size=7)
        if start:
            axes.axvline(start, color=INK, linewidth=1)


def _colour_bar(figure: Figure, axes: Axes, image: Any) -> None:
    bar = figure.colorbar(image, ax=axes, shrink=0.9, aspect=14, pad=0.015)
    bar.outline.set_visible(False)
    ticks = [0, 0.25, 0.5, 0.75, 1]
    bar.set_ticks(ticks, labels=[f"{tick:.0%}" for tick in ticks])
