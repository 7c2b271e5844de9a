"""What the sentences of this room have in common."""

from __future__ import annotations

import pandas as pd

from cvln_eval.results import level_in_words, number, p_in_words

__all__ = ["exchanged", "interval", "no_networks", "p_with_draws", "where"]


def where(row: pd.Series) -> str:
    """Return which network a row is of."""
    wave = f" of wave {row['wave']}" if row["wave"] else ""
    return f"In {row['relation']}{wave}" if row["relation"] else f"In the network{wave}"


def no_networks() -> str:
    """Return the sentence of a panel without networks."""
    return "There are no networks."


def exchanged(what: str, blocks: str | None) -> str:
    """Return what a permutation exchanges among whom."""
    return f"{what} exchanged {f'within {blocks}' if blocks else 'among all people'}"


def p_with_draws(row: pd.Series) -> str:
    """Return a permutation p with what was looked at."""
    looked = "all" if row["enumerated"] else "drawn"
    return f"{p_in_words(row['p_value'])}, {looked} {row['n_draws']:,} arrangements"


def interval(row: pd.Series) -> str:
    """Return a confidence interval as APA prints it."""
    level = level_in_words(row["conf_level"])
    return f"{level} CI [{number(row['conf_low'])}, {number(row['conf_high'])}]"
