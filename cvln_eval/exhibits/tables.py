"""Table exhibits."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cvln_eval.exhibits.exhibit import Exhibit, Origin

__all__ = ["exhibit_table"]


def exhibit_table(
    frame: pd.DataFrame,
    *,
    number: str,
    title: str,
    n: int,
    study: Origin,
    note: str = "",
    sources: Sequence[str] = (),
    digits: int = 2,
) -> Exhibit:
    """Make a numbered table of a frame, shown rounded.

    A column named as p values, with p as a word of its own (`p`, `p, Holm`, `smallest p`,
    `p_value`), prints as APA does: `.031`, and `<.001` for what is smaller. A column that is no p
    but speaks of some, as a share of "p < .05", keeps its digits.

    Parameters
    ----------
    frame : DataFrame
        The rows as they should stand; its index is not shown.
    number : str
        Such as "1.2".
    title : str
        The finding.
    n : int
        The n behind the table.
    study : Study
        Gives the name and whether the data are simulated.
    note : str
        What the columns mean and what is missing.
    sources : sequence of str
        Tables the frame comes from.
    digits : int
        Decimals shown, save of p values, which have three; the data keep theirs.

    Returns
    -------
    Exhibit
        Missing cells show as a dash; an empty frame gives a table without rows.
    """
    return Exhibit(
        kind="table",
        number=number,
        title=title,
        note=note,
        n=n,
        data=frame.copy(),
        study=study.name,
        simulated=study.simulated,
        sources=tuple(sources),
        digits=digits,
    )
