"""What cleaning did, as the lines a person reads after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cvln_eval.results import count

if TYPE_CHECKING:
    import pandas as pd

    from cvln_eval.clean import Cleaned
    from cvln_eval.study import Study

__all__ = ["summary_of_cleaning"]

MOST = 20


def summary_of_cleaning(study: Study, cleaned: Cleaned) -> str:
    """Return the balance of rows, rows and cells by rule, and what a person has to decide.

    Parameters
    ----------
    study : Study
        The study.
    cleaned : Cleaned
        What cleaning made.

    Returns
    -------
    str
        Lines of text; a part that has nothing to tell is left out.
    """
    simulated = " (simulated data)" if study.simulated else ""
    parts = [
        f"{study.name}{simulated}",
        _balance(cleaned),
        _by_rule("Rows not kept as they are:", _rows(cleaned)),
        _by_rule("Cells changed or flagged:", cleaned.ledger.cells_by_rule()),
        _to_review(cleaned),
        _outsiders(cleaned),
    ]
    return "\n\n".join(part for part in parts if part)


def _balance(cleaned: Cleaned) -> str:
    total = cleaned.ledger.balance().drop(columns="file").sum()
    return (
        f"{count(len(cleaned.ledger.files), 'raw file')}, {count(int(total['n_rows']), 'row')} in ="
        f" {total['n_kept']:,} kept + {total['n_merged']:,} merged"
        f" + {total['n_set_aside']:,} set aside"
    )


def _rows(cleaned: Cleaned) -> pd.DataFrame:
    rows = cleaned.ledger.rows_by_rule()
    return rows[rows["rule"] != "kept"]


def _by_rule(heading: str, counted: pd.DataFrame) -> str:
    if counted.empty:
        return ""
    wide = max(len(rule) for rule in counted["rule"])
    lines = [
        f"{n:>9,}  {rule:<{wide}}  {meaning}"
        for n, rule, meaning in zip(counted["n"], counted["rule"], counted["meaning"], strict=True)
    ]
    return "\n".join([heading, *lines])


def _to_review(cleaned: Cleaned) -> str:
    if cleaned.review.empty:
        return ""
    lines = [
        f"  {row.name_as_written} ({row.team_id}) like {row.candidate_name}"
        f" ({row.candidate_id}): {row.file}, row {row.row}"
        for row in cleaned.review.rename(columns={"name": "name_as_written"})
        .head(MOST)
        .itertuples()
    ]
    left_out = len(cleaned.review) - MOST
    more = [f"  and {left_out} more"] if left_out > 0 else []
    heading = (
        f"{count(len(cleaned.review), 'name')} for a person to decide"
        " (people_to_review.csv; write the decision into codebook/links.csv):"
    )
    return "\n".join([heading, *lines, *more])


def _outsiders(cleaned: Cleaned) -> str:
    if cleaned.outsiders.empty:
        return ""
    number = count(len(cleaned.outsiders), "entry", "entries")
    return f"{number} by people who are on no roster of that wave (outsiders.csv)"
