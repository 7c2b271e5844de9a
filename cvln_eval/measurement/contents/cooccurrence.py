"""Which themes come together in one segment, more or less often than chance would bring them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.contents.coding import RULES, coding_of, has_theme
from cvln_eval.measurement.holm import holm_adjusted
from cvln_eval.results import Result, count, number, p_in_words

__all__ = ["ThemeCooccurrence", "theme_cooccurrence"]

INDEPENDENT = "the two themes come together as often as their frequencies alone would make them"
MEASURES = ("n_together", "n_expected", "jaccard", "lift", "phi", "p_value", "p_adjusted")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ThemeCooccurrence(Result):
    """Which themes come together in a segment; see `theme_cooccurrence`.

    Attributes
    ----------
    pairs : DataFrame
        One row a pair of themes.
    themes : tuple of str
        The themes in the order of the table.
    rule : str
        When a segment counts as having a theme.
    n_segments : int
        Segments in the table.
    """

    pairs: pd.DataFrame
    themes: tuple[str, ...]
    rule: str
    n_segments: int

    def tidy(self) -> pd.DataFrame:
        """Return one row a pair of themes."""
        return self.pairs.copy()

    def matrix(self, quantity: str = "jaccard") -> pd.DataFrame:
        """Return one quantity of all pairs as a square, themes in rows and columns.

        Parameters
        ----------
        quantity : str
            `n_together`, `n_expected`, `jaccard`, `lift`, `phi`, `p_value` or `p_adjusted`.

        Returns
        -------
        DataFrame
            The same above and below the diagonal, which is empty.
        """
        if quantity not in MEASURES:
            raise ArgumentError(
                "No quantity of a pair has this name",
                expected=", ".join(MEASURES),
                seen=repr(quantity),
            )
        square = pd.DataFrame(np.nan, index=list(self.themes), columns=list(self.themes))
        for row in self.pairs.to_dict("records"):
            square.loc[row["theme"], row["other_theme"]] = row[quantity]
            square.loc[row["other_theme"], row["theme"]] = row[quantity]
        return square

    def glance(self) -> pd.DataFrame:
        """Return one row: segments, themes, tests, and how many of them stand after Holm."""
        return pd.DataFrame(
            {
                "n_segments": [self.n_segments],
                "n_themes": [len(self.themes)],
                "n_tests": [int(self.pairs["p_value"].notna().sum())],
                "n_below_05": [int((self.pairs["p_adjusted"] < 0.05).sum())],
                "method": [f"Fisher's exact test, Holm; {RULES[self.rule]}"],
            }
        )

    def sentence(self) -> str:
        """Return the pair that comes together most, with its test."""
        row = self.glance().iloc[0]
        tests = count(int(row["n_tests"]), "pair of themes", "pairs of themes")
        if not row["n_tests"]:
            return "Whether themes come together is not available: no pair of themes varies."
        known = self.pairs.dropna(subset=["phi"])
        top = known.iloc[known["phi"].abs().argmax()]
        how = f"{'more' if top['phi'] > 0 else 'less'} often"
        if top["phi"] == 0:
            how = "as often as expected"
        together = count(int(top["n_together"]), "segment")
        return (
            f"Of {tests} in {count(self.n_segments, 'segment')}, {int(row['n_below_05'])} came "
            f"together more or less often than their frequencies would make them (Fisher's exact "
            f"test, Holm-adjusted p < .05); furthest from it were {top['theme']} and "
            f"{top['other_theme']}, together {how} ({together}, "
            f"{number(top['n_expected'], 1)} expected, phi = {number(top['phi'])}, adjusted "
            f"{p_in_words(top['p_adjusted'])})."
        )


def theme_cooccurrence(
    themes: pd.DataFrame,
    *,
    segment: str = "segment_id",
    coder: str = "coder_id",
    theme: str = "theme",
    applied: str = "applied",
    rule: str = "either",
) -> ThemeCooccurrence:
    """Compare how often two themes are in one segment with what their frequencies would make it.

    With a and b segments that have each theme, c that have both, of n: expected = a b / n,
    Jaccard = c / (a + b - c), lift = c / expected, and
    phi = (n c - a b) / sqrt(a (n - a) b (n - b)). The p value is that of Fisher's exact test, two
    sides, which is the permutation test over all ways to place b segments among n; p values are
    adjusted by Holm's method over all pairs that can be tested.

    Parameters
    ----------
    themes : DataFrame
        One row a segment, coder and theme.
    segment, coder, theme, applied : str
        Columns; `applied` holds truth values, or 1 and 0.
    rule : {"either", "both", "majority"}
        When a segment has a theme; see `theme_frequencies`.

    Returns
    -------
    ThemeCooccurrence
        `tidy` has `theme, other_theme, n, n_theme, n_other, n_together, n_expected, jaccard, lift,
        phi, p_value, p_adjusted, null_hypothesis, reason`; `n` counts segments where the rule can
        be applied to both themes. Where a theme is in none or in all of them, lift of none, phi
        and p are nan with a reason, and the pair is no part of the family of tests.

    Raises
    ------
    ArgumentError
        As `theme_frequencies`, and if there are fewer than two themes.

    References
    ----------
    Fisher, R. A. (1934). Statistical methods for research workers (5th ed.), section 21.02.
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal
    of Statistics, 6, 65-70.

    Examples
    --------
    >>> said = pd.DataFrame({"segment_id": list("abcd") * 2, "coder_id": "x",
    ...                      "theme": ["time"] * 4 + ["trust"] * 4,
    ...                      "applied": [1, 1, 0, 0, 1, 1, 0, 0]})
    >>> theme_cooccurrence(said).tidy()[["n_together", "n_expected", "phi"]].values.tolist()
    [[2.0, 1.0, 1.0]]
    """
    coding = coding_of(themes, segment=segment, coder=coder, theme=theme, applied=applied)
    if len(coding.themes) < 2:
        raise ArgumentError("Themes come together in pairs", expected="two", seen=coding.themes[0])
    has = has_theme(coding.codes, rule)
    rows = [
        {
            "theme": coding.themes[i],
            "other_theme": coding.themes[j],
            **_together(has[:, i], has[:, j]),
        }
        for i, j in combinations(range(len(coding.themes)), 2)
    ]
    pairs = pd.DataFrame(rows)
    pairs["p_adjusted"] = holm_adjusted(pairs["p_value"])
    last = ["p_adjusted", "null_hypothesis", "reason"]
    pairs = pairs[[*pairs.columns.drop(last), *last]]
    return ThemeCooccurrence(pairs, tuple(coding.themes), rule, len(coding.segments))


def _together(one: np.ndarray, other: np.ndarray) -> dict[str, object]:
    known = np.isfinite(one) & np.isfinite(other)
    x, y, n = one[known], other[known], int(known.sum())
    a, b, c = int(x.sum()), int(y.sum()), int((x * y).sum())
    varies = 0 < a < n and 0 < b < n
    expected = a * b / n if n else math.nan
    spread = math.sqrt(a * (n - a) * b * (n - b))
    cells = [[c, a - c], [b - c, n - a - b + c]]
    return {
        "n": n,
        "n_theme": a,
        "n_other": b,
        "n_together": c,
        "n_expected": expected,
        "jaccard": c / (a + b - c) if a + b else math.nan,
        "lift": c / expected if a and b else math.nan,
        "phi": (n * c - a * b) / spread if varies else math.nan,
        "p_value": float(fisher_exact(cells).pvalue) if varies else math.nan,
        "null_hypothesis": INDEPENDENT,
        "reason": "" if varies else _why(n),
    }


def _why(n: int) -> str:
    if n == 0:
        return "the rule can be applied to both themes in no segment"
    return "a theme of the pair is in none or in all of the segments"
