"""Every answer that few clusters allow, with what each method could show and how often it errs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits.cluster_panel_page import draw_panel, lines_of, panel_height
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.panels import figure_exhibit, inches, names_of, readable
from cvln_eval.exhibits.verdicts import panel_note, panel_title, term_words
from cvln_eval.exhibits.wording import needed
from cvln_eval.inference.panel.rates import level

if TYPE_CHECKING:
    from cvln_eval.inference.panel import FewClusterPanel

__all__ = ["plot_few_cluster_panel"]

ANSWER = ("method", "estimate", "p_value", "smallest_p", "conf_low", "conf_high")
COLUMNS = (*ANSWER, "size", "size_mc_error", "defensible", "note", "reason")
ORDER = {"able": 0, "unable": 0, "other": 1, "none": 2}


def plot_few_cluster_panel(
    result: FewClusterPanel,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw the answer of each method with its p, the smallest p it could give, and its size.

    Methods that are not defensible in this design stand in a block of their own in a lighter
    style, and those without an answer in a third, with the reason. An open mark is a method that
    could not have rejected, whatever the data. What goes on beyond the axis ends in an arrow.

    Parameters
    ----------
    result : FewClusterPanel
        From `few_cluster_panel`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default what the defensible methods say together, and what the marks mean.
    names : mapping, optional
        Names of the term, the outcome and methods to show for their ids.
    width : str
        `one_and_a_half` or `double` column; in a `single` one sizes are numbers alone.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If no method has an answer.

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
    >>> plot_few_cluster_panel(found, number="9.1", study=study).label
    'Figure 9.1'
    """
    every = needed(result.tidy(), COLUMNS)
    if every["p_value"].isna().all():
        raise ArgumentError("No method has an answer to draw", seen=result.sentence())
    data = _in_blocks(every, level(result.conf_level))
    called, lines = names_of(study, names), lines_of(data)
    across = inches(width)
    term, outcome = term_words(result, called), readable(result.outcome, called)
    axis = f"{term[:1].upper()}{term[1:]}"
    axis += "" if outcome in term else f" ({outcome})"
    draw = partial(draw_panel, lines, called, axis, 1 - result.conf_level, across)
    return figure_exhibit(
        number=number,
        title=title or panel_title(result, called),
        note=note or panel_note(result, data, called),
        n=result.n,
        data=data,
        study=study,
        sources=(),
        drawing=Drawing(draw, across, panel_height(len(lines), across)),
    )


def _in_blocks(data: pd.DataFrame, alpha: float) -> pd.DataFrame:
    """Return the rows block by block, with what each can tell."""
    blocks = pd.Series(
        [_block(row, alpha) for row in data.to_dict("records")], data.index, dtype="str"
    )
    places = blocks.map(ORDER).sort_values(kind="stable").index
    return data.assign(block=blocks).loc[places].reset_index(drop=True)


def _block(row: Mapping[Any, Any], alpha: float) -> str:
    if pd.isna(row["p_value"]):
        return "none"
    if not row["defensible"]:
        return "other"
    return "able" if row["smallest_p"] <= alpha else "unable"
