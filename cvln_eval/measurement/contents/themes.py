"""Themes that two or more coders found in segments, and how often."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.measurement.bootstrap import bootstrap, percentile_interval
from cvln_eval.measurement.contents.coding import RULES, Coding, coding_of, has_theme
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.measurement.resampled import LEAST_PEOPLE
from cvln_eval.results import Result, count, level_in_words, proportion

__all__ = ["ThemeFrequencies", "theme_frequencies"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ThemeFrequencies(Result):
    """How many segments have each theme; see `theme_frequencies`.

    Attributes
    ----------
    frequencies : DataFrame
        One row a theme.
    by_coder : DataFrame
        One row a theme and coder.
    rule : str
        When a segment counts as having a theme.
    n_segments : int
        Segments in the table.
    conf_level : float
        Level of the intervals.
    """

    frequencies: pd.DataFrame
    by_coder: pd.DataFrame
    rule: str
    n_segments: int
    conf_level: float

    def tidy(self) -> pd.DataFrame:
        """Return one row a theme, the most frequent first."""
        return self.frequencies.copy()

    def coders(self) -> pd.DataFrame:
        """Return one row a theme and coder: segments coded, and those given the theme."""
        return self.by_coder.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: segments, coders and themes, and the rule."""
        return pd.DataFrame(
            {
                "n_segments": [self.n_segments],
                "n_coders": [self.by_coder["coder_id"].nunique()],
                "n_themes": [len(self.frequencies)],
                "method": [RULES[self.rule]],
                "conf_level": [self.conf_level],
            }
        )

    def sentence(self) -> str:
        """Return the most and the least frequent theme, with intervals."""
        known = self.frequencies.dropna(subset=["segments_share"])
        if known.empty:
            return "Frequencies of themes are not available: the rule can be applied to no segment."
        row = self.glance().iloc[0]
        coders = count(int(row["n_coders"]), "coder")
        first = f"In {count(self.n_segments, 'segment')} coded by {coders}"
        named = f"(a segment has a theme when {RULES[self.rule]})"
        ends = [_in_words(one, self.conf_level) for _, one in known.iloc[[0, -1]].iterrows()]
        if len(known) == 1:
            return f"{first} {named}, the theme was {ends[0]}."
        if np.ptp(known["segments_share"]) == 0:
            return f"{first} {named}, all {len(known)} themes were as frequent as {ends[0]}."
        return f"{first} {named}, the most frequent theme was {ends[0]}, the least {ends[1]}."


def _in_words(row: pd.Series, conf_level: float) -> str:
    said = f"{row['theme']} ({proportion(row['segments_share'])} of {int(row['n']):,}"
    if math.isnan(row["conf_low"]):
        return f"{said}, no interval: {row['reason']})"
    low, high = proportion(row["conf_low"]), proportion(row["conf_high"])
    return f"{said}, {level_in_words(conf_level)} CI [{low}, {high}])"


def theme_frequencies(
    themes: pd.DataFrame,
    *,
    segment: str = "segment_id",
    coder: str = "coder_id",
    theme: str = "theme",
    applied: str = "applied",
    rule: str = "either",
    conf_level: float = 0.95,
    n_boot: int = 2000,
    rng: int | np.random.Generator = 0,
) -> ThemeFrequencies:
    """Count the segments that have each theme, by a stated rule over the coders.

    The share of a theme is (segments that have it) / (segments where the rule can be applied). Its
    interval is the percentile interval over segments drawn with replacement; segments count as
    independent, so those that one person said one after the other make it too narrow.

    Parameters
    ----------
    themes : DataFrame
        One row a segment, coder and theme; no row, or a missing value, says that the coder did not
        code the segment for the theme.
    segment, coder, theme, applied : str
        Columns; `applied` holds truth values, or 1 and 0.
    rule : {"either", "both", "majority"}
        A segment has a theme when at least one coder applied it; when all of them did; when more
        than half did, so that a tie is no majority. The last two need two coders of the segment.
    conf_level : float
        Level of the intervals.
    n_boot : int
        Resamples of segments.
    rng : int or Generator
        Seed.

    Returns
    -------
    ThemeFrequencies
        `tidy` has `theme, n, n_segments, segments_share, conf_low, conf_high, n_any_coder,
        n_every_coder, n_not_judged, reason`; `n` counts segments where the rule can be applied,
        `n_not_judged` the others. A theme in none or in all segments has no interval, with a
        reason, because every draw is alike; nor has one judged in fewer
        than five. `coders()` has one row a theme and coder.

    Raises
    ------
    ArgumentError
        If a column is absent, the table is empty, a coding stands twice, a value is neither true
        nor false, or there is no such rule.

    References
    ----------
    Krippendorff, K. (2013). Content analysis (3rd ed.), chapter 10. Sage.

    Examples
    --------
    >>> said = pd.DataFrame({"segment_id": list("aabb"), "coder_id": ["x", "y"] * 2,
    ...                      "theme": "time", "applied": [True, False, False, False]})
    >>> theme_frequencies(said, rule="either").tidy()["segments_share"].tolist()
    [0.5]
    """
    refuse_level(conf_level)
    coding = coding_of(themes, segment=segment, coder=coder, theme=theme, applied=applied)
    has = has_theme(coding.codes, rule)
    low, high = _share_interval(has, conf_level=conf_level, n_boot=n_boot, rng=rng)
    n, with_it = np.isfinite(has).sum(axis=0), np.nansum(has, axis=0)
    table = pd.DataFrame(
        {
            "theme": coding.themes,
            "n": n,
            "n_segments": with_it.astype(int),
            "segments_share": _ratio(with_it, n),
            "conf_low": low,
            "conf_high": high,
            "n_any_coder": np.nansum(has_theme(coding.codes, "either"), axis=0).astype(int),
            "n_every_coder": np.nansum(has_theme(coding.codes, "both"), axis=0).astype(int),
            "n_not_judged": len(coding.segments) - n,
            "reason": [_reason(k, m) for k, m in zip(with_it, n, strict=True)],
        }
    )
    table = table.sort_values(
        ["segments_share", "theme"], ascending=[False, True], ignore_index=True
    )
    return ThemeFrequencies(table, _by_coder(coding), rule, len(coding.segments), conf_level)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return part / whole, and nan where the whole is 0."""
    return np.where(whole > 0, part / np.maximum(whole, 1e-300), np.nan)


def _share_interval(
    has: np.ndarray, *, conf_level: float, n_boot: int, rng: int | np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    known, yes = np.isfinite(has).astype(float), np.nan_to_num(has)
    draws = bootstrap(lambda w: _ratio(w @ yes, w @ known), len(has), n_boot=n_boot, rng=rng)
    low, high = percentile_interval(draws, conf_level=conf_level)
    n, with_it = known.sum(axis=0), yes.sum(axis=0)
    shut = (with_it == 0) | (with_it == n) | (n < LEAST_PEOPLE)
    return np.where(shut, np.nan, low), np.where(shut, np.nan, high)


def _reason(with_it: float, n: int) -> str:
    if n == 0:
        return "the rule can be applied to no segment"
    if with_it in (0, n):
        return f"the theme is in {'no segment' if with_it == 0 else 'every segment'}"
    return "fewer than five segments" if n < LEAST_PEOPLE else ""


def _by_coder(coding: Coding) -> pd.DataFrame:
    n, yes = np.isfinite(coding.codes).sum(axis=0), np.nansum(coding.codes, axis=0)
    return pd.DataFrame(
        {
            "theme": np.tile(coding.themes, len(coding.coders)),
            "coder_id": np.repeat(coding.coders, len(coding.themes)),
            "n": n.ravel(),
            "n_segments": yes.ravel().astype(int),
            "segments_share": _ratio(yes, n).ravel(),
        }
    )
