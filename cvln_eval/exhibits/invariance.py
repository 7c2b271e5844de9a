"""Fit of the models that ask whether a scale measures alike at every wave, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.forest import beside, forest_height, whisker
from cvln_eval.exhibits.panels import figure_exhibit, inches, readable
from cvln_eval.exhibits.rounding import in_apa
from cvln_eval.exhibits.style import COLOURS, GREY
from cvln_eval.exhibits.wording import folded, needed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.measurement.structure import MeasurementInvariance

__all__ = ["plot_invariance"]

RMSEA = ("rmsea", "rmsea_low", "rmsea_high")
TEST = "p_value_change_corrected"
COLUMNS = ("step", "freed", "n", "cfi", *RMSEA, "p_value_corrected", TEST, "holds", "reason")
LABEL = 1.3  # inches
LEAST_CFI, MOST_RMSEA = 0.95, 0.06


def plot_invariance(
    result: MeasurementInvariance,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw CFI and RMSEA of each model, from the free one to the one with most held equal.

    A mark is filled where the step holds. p is that of the test against the last step that held,
    and of the model's own fit for the first.

    Parameters
    ----------
    result : MeasurementInvariance
        From `measurement_invariance`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the result's verdict, and what the marks mean.
    names : mapping, optional
        Names of steps and items to show for their ids.
    width : str
        `single` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If no model could be fitted.
    """
    every = needed(result.tidy(), COLUMNS)
    data = every[every["cfi"].notna()].reset_index(drop=True)
    if data.empty:
        raise ArgumentError("No model could be fitted", seen=result.verdict)
    draw = partial(_draw, data, names or {})
    return figure_exhibit(
        number=number,
        title=title or result.verdict[0].upper() + result.verdict[1:] + ".",
        note=note or _note(every),
        n=int(data["n"].max()),
        data=data,
        study=study,
        sources=("responses",),
        drawing=Drawing(draw, inches(width), forest_height(len(data)) + 0.1),
    )


def _note(every: pd.DataFrame) -> str:
    parts = [
        "Filled: the step holds. p: likelihood-ratio test against the last step that held (the "
        "first: fit of the model), corrected for the size of the sample. Bars are 90% intervals. "
        "Dashed: CFI of .95 and RMSEA of .06, conventions."
    ]
    without = every[every["cfi"].isna()].to_dict("records")
    if without:
        listed = "; ".join(f"{row['step']} ({row['reason']})" for row in without)
        parts.append(f"Not fitted: {listed}.")
    return " ".join([*parts, "n counts people."])


def _draw(data: pd.DataFrame, names: Mapping[str, str], figure: Figure) -> None:
    left, right = figure.subplots(1, 2, sharey=True)
    for at, row in enumerate(data.to_dict("records")):
        look: dict[str, Any] = {"color": COLOURS[0], "marker": "o"}
        look["markerfacecolor"] = COLOURS[0] if row["holds"] else "white"
        left.plot(row["cfi"], at, **look)
        whisker(right, at, row, RMSEA, **look)
    left.set_yticks(range(len(data)), [_named(row, names) for row in data.to_dict("records")])
    left.set_ylim(len(data) - 0.4, -0.6)
    left.set_xlim(min(0.9, float(data["cfi"].min()) - 0.02), 1.005)
    right.set_xlim(-0.005, max(0.1, float(np.nanmax(data["rmsea_high"])) + 0.01))
    _furnish(left, "CFI", LEAST_CFI)
    _furnish(right, "RMSEA", MOST_RMSEA)
    p_values = data[TEST].fillna(data["p_value_corrected"])
    beside(right, 1, "p", [in_apa(p) for p in p_values])


def _named(row: Mapping[Any, Any], names: Mapping[str, str]) -> str:
    freed = ", ".join(readable(item, names) for item in str(row["freed"]).split(", ") if item)
    step = readable(row["step"], names)
    return step + (f"\n{folded(f'({freed} freed)', LABEL)}" if freed else "")


def _furnish(axes: Axes, name: str, at: float) -> None:
    axes.axvline(at, color=GREY, linewidth=0.8, linestyle="--")
    axes.set_xlabel(name)
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
