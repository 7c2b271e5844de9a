"""Figures of the ledger: what became of rows and cells."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.panels import figure_exhibit, inches, legend_above, look, readable, text_on
from cvln_eval.exhibits.style import COLOURS, GREY
from cvln_eval.results import count
from cvln_eval.study.ledger import Ledger

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["plot_cells_by_rule", "plot_ledger"]


def plot_ledger(
    ledger: Ledger,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw, for each raw file, the share of rows merged and set aside, with all counts beside.

    Parameters
    ----------
    ledger : Ledger
        Of the study, as `study.ledger`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the balance of rows, and how to read the counts.
    width : str
        `single` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If the ledger has no file.
    """
    data = ledger.balance()
    if data.empty:
        raise ArgumentError("The ledger has no file to draw", expected="a study that was cleaned")
    total = data.drop(columns="file").sum()
    counted = (
        f"Of {count(int(total['n_rows']), 'raw row')} in {count(len(data), 'file')}, "
        f"{total['n_kept']:,} were kept, {total['n_merged']:,} merged and "
        f"{total['n_set_aside']:,} set aside; {total['n_unaccounted']:,} are unaccounted for."
    )
    named = data["file"].str.contains("#", regex=False).any()
    sheets = " A sheet named after # counts as a file." if named else ""
    return figure_exhibit(
        number=number,
        title=title or counted,
        note=note or f"Rows in = kept + merged + set aside.{sheets} n counts raw rows.",
        n=int(total["n_rows"]),
        data=data,
        study=study,
        sources=("ledger_files",),
        drawing=Drawing(
            partial(_draw_ledger, data), inches(width), max(0.75 + 0.175 * len(data), 1.7)
        ),
    )


def _draw_ledger(data: pd.DataFrame, figure: Figure) -> None:
    axes = figure.subplots()
    at = range(len(data))
    rows = data["n_rows"].where(data["n_rows"] > 0)
    merged = (data["n_merged"] / rows).fillna(0)
    aside = (data["n_set_aside"] / rows).fillna(0)
    handles = [
        axes.barh(at, merged, 0.62, **look(0)),
        axes.barh(at, aside, 0.62, left=merged, **look(1)),
    ]
    most = max(0.01, float((merged + aside).max()))
    right: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "ha": "left", "size": 6.5}
    for place, row in enumerate(data.itertuples()):
        parts = f"{row.n_rows:,} = {row.n_kept:,} + {row.n_merged:,} + {row.n_set_aside:,}"
        text_on(axes, 1.02, place, parts, **right)
    text_on(axes, 1.02, -1, "rows in = kept + merged + set aside", **right)
    axes.set_yticks(at, list(data["file"]), size=6.5)
    axes.set_ylim(len(data) - 0.4, -0.6)
    axes.set_xlim(0, 1.05 * most)
    axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:g}%")
    axes.set_xlabel("Share of the file's rows")
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    legend_above(figure, handles, ["merged", "set aside"])


def plot_cells_by_rule(
    ledger: Ledger,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    width: str = "single",
) -> Exhibit:
    """Draw how many cells each rule changed or flagged, on a logarithmic scale.

    Parameters
    ----------
    ledger : Ledger
        Of the study, `study.ledger`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the count of cells, and what the scale is.
    width : str
        `single` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If no cell was changed.
    """
    data = ledger.cells_by_rule()
    if data.empty:
        raise ArgumentError("No cell was changed, so there is nothing to draw")
    most = data.iloc[0]
    counted = (
        f"{count(int(data['n'].sum()), 'cell was', 'cells were')} changed or flagged, most of "
        f"them ({most['n']:,}) by the rule “{readable(most['rule'])}”."
    )
    return figure_exhibit(
        number=number,
        title=title or counted,
        note=note or "Logarithmic scale. n counts cells.",
        n=int(data["n"].sum()),
        data=data,
        study=study,
        sources=("ledger_cells",),
        drawing=Drawing(partial(_draw_rules, data), inches(width), 0.55 + 0.18 * len(data)),
    )


def _draw_rules(data: pd.DataFrame, figure: Figure) -> None:
    axes = figure.subplots()
    at = range(len(data))
    axes.hlines(at, 0.5, data["n"], color=GREY, linewidth=0.7)
    axes.plot(data["n"], at, "o", color=COLOURS[0])
    for place, n in enumerate(data["n"]):
        text_on(axes, 1.35 * n, place, f"{n:,}", ha="left")
    axes.set_xscale("log")
    axes.set_xlim(0.5, 6 * data["n"].max())
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.minorticks_off()
    axes.set_yticks(at, [readable(rule) for rule in data["rule"]])
    axes.set_ylim(len(data) - 0.5, -0.5)
    axes.set_xlabel("Cells")
    axes.tick_params(axis="y", length=0)
