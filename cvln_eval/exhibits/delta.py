"""How unlike the others those without an answer must be for a conclusion to change."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.panels import figure_exhibit, inches, names_of, readable
from cvln_eval.exhibits.style import COLOURS, INK
from cvln_eval.exhibits.wording import needed
from cvln_eval.results import level_in_words
from cvln_eval.results import number as in_digits

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.inference.missing import DeltaShift

__all__ = ["plot_delta_shift"]

COLUMNS = ("delta", "estimate", "conf_low", "conf_high", "conf_level", "conclusion", "reason")


def plot_delta_shift(
    result: DeltaShift,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "single",
) -> Exhibit:
    """Draw the estimate and its interval over the shift of imputed values, with tipping points.

    An open mark is a shift at which the conclusion is another than under the imputation model.

    Parameters
    ----------
    result : DeltaShift
        From `delta_shift`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the result's sentence, and what the marks mean.
    names : mapping, optional
        Names of the term, columns and waves to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If nothing was shifted, or there is no estimate.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from cvln_eval.inference.missing import delta_shift, impute
    >>> table = pd.DataFrame({"person_id": range(12), "team_id": [*"aabbccaabbcc"]})
    >>> table["trust"] = [3.0, 4, 4, 5, 3, 2, 4, 3, 5, 4, None, None]
    >>> many = impute(table, columns=["trust"], wave=None, n_imputations=5)
    >>> def mean(completed):
    ...     error = completed["trust"].sem()
    ...     return pd.DataFrame(
    ...         {"term": ["mean"], "estimate": completed["trust"].mean(), "std_error": error}
    ...     )
    >>> found = delta_shift(many, analyse=mean, term="mean", columns=["trust"], deltas=[-1.0])
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> plot_delta_shift(found, number="9.1", study=study).n
    2
    """
    data, called = needed(result.tidy(), COLUMNS), names_of(study, names)
    if not result.n_shifted or data["estimate"].isna().all():
        raise ArgumentError("There is no shifted estimate to draw", seen=result.sentence())
    draw = partial(_draw, result, data, called)
    return figure_exhibit(
        number=number,
        title=title or result.sentence(),
        note=note or _note(result, data, called),
        n=result.n_shifted,
        data=data,
        study=study,
        sources=("responses",),
        drawing=Drawing(draw, inches(width), 2.4),
    )


def _note(result: DeltaShift, data: pd.DataFrame, called: Mapping[str, str]) -> str:
    level = level_in_words(float(data["conf_level"].dropna().iloc[0]))
    columns = ", ".join(readable(name, called) for name in result.columns)
    waves = ", ".join(readable(wave, called) for wave in result.waves)
    parts = [
        f"Shifted: imputed values of {columns}{f' ({waves})' if waves else ''}. "
        f"Band: {level} interval, pooled. At 0 the imputation model holds, which no data can "
        "show. Open marks and dotted lines: another conclusion; it turns on the grid of shifts, no "
        "finer."
    ]
    why = data[data["conf_low"].isna()]
    listed = [f"{in_digits(row['delta'])} ({row['reason']})" for row in why.to_dict("records")]
    if listed:
        parts.append(f"No interval at {'; '.join(listed)}.")
    return " ".join([*parts, "n counts shifted values."])


def _draw(
    result: DeltaShift, data: pd.DataFrame, called: Mapping[str, str], figure: Figure
) -> None:
    axes = figure.subplots()
    axes.axhline(result.null_value, color=INK, linewidth=0.8, zorder=1)
    axes.axvline(0, color=INK, linewidth=0.6, linestyle="--", zorder=1)
    axes.fill_between(
        data["delta"], data["conf_low"], data["conf_high"], color="#D5E4EF", linewidth=0, zorder=0
    )
    axes.plot(data["delta"], data["estimate"], color=COLOURS[0], zorder=2)
    usual = data.loc[data["delta"] == 0, "conclusion"].iloc[0]
    for row in data.to_dict("records"):
        axes.vlines(
            row["delta"], row["conf_low"], row["conf_high"], color=COLOURS[0], linewidth=0.7
        )
        face = COLOURS[0] if row["conclusion"] == usual else "white"
        axes.plot(row["delta"], row["estimate"], "o", color=COLOURS[0], markerfacecolor=face)
    tipping = result.glance().iloc[0]
    for name in ("tipping_low", "tipping_high"):
        _mark_tipping(axes, float(tipping[name]))
    axes.set_xlabel("Shift of imputed values")
    term = readable(result.term, called)
    axes.set_ylabel(f"{term[:1].upper()}{term[1:]}")
    axes.grid(axis="y")


def _mark_tipping(axes: Axes, delta: float) -> None:
    if math.isnan(delta):
        return
    axes.axvline(delta, color=COLOURS[5], linewidth=1.0, linestyle=":", zorder=1)
    place: dict[str, Any] = {"xycoords": axes.get_xaxis_transform(), "textcoords": "offset points"}
    axes.annotate(
        in_digits(delta).replace("-", "−"), (delta, 1), (0, 2), ha="center", size=7, **place
    )
