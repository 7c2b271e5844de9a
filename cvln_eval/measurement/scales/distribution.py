"""How the answers to each item lie over its categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.matrix import item_matrix, item_names, refuse_out_of_range
from cvln_eval.results import Result, count, proportion

__all__ = ["ItemDistribution", "item_distribution"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ItemDistribution(Result):
    """Answers of each item to each category; see `item_distribution`.

    Attributes
    ----------
    rows : DataFrame
        One row an item and category.
    """

    rows: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row an item and category, also those that nobody chose."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: items, categories, categories that nobody chose, answers missing."""
        items = self.rows.drop_duplicates("item")
        return pd.DataFrame(
            {
                "n_items": [len(items)],
                "n_categories": [self.rows["category"].nunique()],
                "n_empty": [int((self.rows["n"] == 0).sum())],
                "n_answered": [int(items["n_answered"].sum())],
                "n_missing": [int(items["n_missing"].sum())],
            }
        )

    def sentence(self) -> str:
        """Return the most frequent answer of all, and how many are missing."""
        row = self.glance().iloc[0]
        asked = int(row["n_answered"] + row["n_missing"])
        if not row["n_answered"]:
            return f"No answers to {count(int(row['n_items']), 'item')}: nothing to distribute."
        totals = self.rows.groupby("category")["n"].sum()
        share = totals.max() / row["n_answered"]
        return (
            f"Of {count(int(row['n_answered']), 'answer')} to {count(int(row['n_items']), 'item')} "
            f"({int(row['n_missing']):,} of {asked:,} missing), {proportion(share)} were "
            f"{totals.idxmax():g}, the most frequent; {int(row['n_empty'])} of "
            f"{count(len(self.rows), 'category', 'categories')} of items had no answer."
        )


def item_distribution(
    answers: pd.DataFrame, *, items: Sequence[str], response_range: tuple[float, float]
) -> ItemDistribution:
    """Count the answers of each item in each category from the lowest to the highest.

    Parameters
    ----------
    answers : DataFrame
        One row a person, one column an item, values keyed.
    items : sequence of str
        Columns of the items.
    response_range : tuple of float
        Lowest and highest category; all whole numbers between are categories.

    Returns
    -------
    ItemDistribution
        `item`, `category`, `n`, `share` of those who answered, `n_answered`, `n_missing`,
        `reason`. Categories without answers are there with 0; where nobody answered an item, its
        shares are nan with a reason.

    Raises
    ------
    ArgumentError
        If an item is no column, or an answer is no whole number or outside of the range.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"a": [1, 3, 3, None]})
    >>> item_distribution(answers, items=["a"], response_range=(1, 3)).tidy()["n"].tolist()
    [1, 0, 2]
    """
    items = item_names(items)
    values = item_matrix(answers, items)
    refuse_out_of_range(answers, items, response_range)
    _refuse_fractions(values, items, response_range)
    categories = np.arange(int(response_range[0]), int(response_range[1]) + 1)
    n = (values.T[:, :, None] == categories).sum(axis=1)
    n_answered = np.repeat(n.sum(axis=1), len(categories))
    rows = pd.DataFrame(
        {
            "item": np.repeat(list(items), len(categories)),
            "category": np.tile(categories, len(items)),
            "n": n.ravel(),
            "share": n.ravel() / np.where(n_answered > 0, n_answered, np.nan),
            "n_answered": n_answered,
            "n_missing": len(values) - n_answered,
            "reason": np.where(n_answered > 0, "", "no answers"),
        }
    )
    return ItemDistribution(rows)


def _refuse_fractions(
    values: np.ndarray, items: Sequence[str], response_range: tuple[float, float]
) -> None:
    if any(end % 1 for end in response_range):
        raise ArgumentError("Categories are whole numbers", seen=shown(response_range))
    for name, column in zip(items, values.T, strict=True):
        broken = column[np.isfinite(column) & (column % 1 != 0)]
        if len(broken):
            raise ArgumentError(
                f"Answers to {name} lie between categories", seen=shown(broken.tolist())
            )
