"""The reliability of each scale in each wave, one row each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.measurement.answers import scale_items
from cvln_eval.measurement.scales.alpha import cronbach_alpha
from cvln_eval.measurement.scales.covariance import refuse_unless
from cvln_eval.measurement.scales.keys import check_keys
from cvln_eval.measurement.scales.omega import RULES, mcdonald_omega
from cvln_eval.measurement.scales.scoring import chosen_scales, scale_answers
from cvln_eval.results import Result, count, level_in_words, number
from cvln_eval.study.codebook import Codebook

__all__ = ["ScaleReliability", "scale_reliability"]

TABLE_COLUMNS = (
    "scale",
    "wave",
    "n_items",
    "n_persons",
    "n_left_out",
    "alpha",
    "conf_low",
    "conf_high",
    "conf_level",
    "standardised_alpha",
    "omega_total",
    "omega_low",
    "omega_high",
    "wrong_items",
    "missing",
    "note",
    "reason",
)
ONE_ITEM = "one item: its agreement with others cannot be seen"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ScaleReliability(Result):
    """Reliability of scales over waves; see `scale_reliability`.

    Attributes
    ----------
    rows : DataFrame
        One row a scale and wave.
    """

    rows: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a scale and wave: people, alpha with interval, omega, keys, reason."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: scales, waves, lowest and highest alpha, how many cannot be had."""
        alpha = self.rows["alpha"].astype(float)
        return pd.DataFrame(
            {
                "n_scales": [self.rows["scale"].nunique()],
                "n_waves": [self.rows["wave"].nunique()],
                "n": [int(alpha.notna().sum())],
                "n_not_known": [int(alpha.isna().sum())],
                "alpha_min": [alpha.min()],
                "alpha_max": [alpha.max()],
                "n_wrong": [int((self.rows["wrong_items"] != "").sum())],
                "reason": ["" if alpha.notna().any() else "no alpha can be had"],
            }
        )

    def sentence(self) -> str:
        """Return the range of alpha over scales and waves, and what stands out."""
        row = self.glance().iloc[0]
        over = f"{count(int(row['n_scales']), 'scale')} in {count(int(row['n_waves']), 'wave')}"
        if row["reason"]:
            return f"Alpha of {over} is not available: see the reason of each."
        known = self.rows.dropna(subset=["alpha"]).sort_values("alpha")
        low, high = known.iloc[0], known.iloc[-1]
        missing = int(row["n_not_known"])
        without = f" {count(missing, 'alpha')} could not be had." if missing else ""
        said = f"was {_placed(low)}"
        if len(known) > 1:
            said = f"ran from {_placed(low)} to {_placed(high)}"
        return f"Over {over}, alpha {said}.{without}{self._wrong()}"

    def _wrong(self) -> str:
        wrong = self.rows[self.rows["wrong_items"] != ""]
        named = [f"{row.wrong_items} ({row.wave})" for row in wrong.itertuples()]
        return f" Probably keyed the wrong way: {'; '.join(named)}." if named else ""


def _placed(row: pd.Series) -> str:
    bounds = (
        f"{level_in_words(row['conf_level'])} CI "
        f"[{number(row['conf_low'])}, {number(row['conf_high'])}]"
    )
    return (
        f"{number(row['alpha'])} ({row['scale']}, {row['wave']}; {bounds}, "
        f"n = {int(row['n_persons'])})"
    )


def scale_reliability(
    responses: pd.DataFrame,
    *,
    codebook: Codebook,
    scales: Sequence[str] | None = None,
    missing: str = "listwise",
    conf_level: float = 0.95,
    n_boot: int = 2000,
    rng: int | np.random.Generator = 0,
) -> ScaleReliability:
    """Return alpha, omega and the key check of each scale in each wave.

    Parameters
    ----------
    responses : DataFrame
        The study's table: `wave`, `person_id`, `item`, `value` (keyed).
    codebook : Codebook
        The study's codebook.
    scales : sequence of str, optional
        Scales of the codebook; all of which an item was asked when left out.
    missing : {"listwise", "pairwise"}
        Rule for alpha and omega; see `cronbach_alpha`. The key check is pairwise.
    conf_level : float
        Level of the intervals: of alpha Feldt's, of omega the jackknife's.
    n_boot : int
        Resamples of the key check, which names items at its own level; see `check_keys`.
    rng : int or Generator
        Seed of the resamples.

    Returns
    -------
    ScaleReliability
        A row for each scale and each wave in which an item of it was asked, in the codebook's
        order. `conf_low` and `conf_high` belong to `alpha`, `omega_low` and `omega_high` to
        `omega_total`. `wrong_items` names items that are
        probably keyed the wrong way. Where nobody answered an item in a wave, all answers to it
        are alike, fewer than two people are left or the scale has one item, the coefficients are
        nan and the reason names the item. Omega is nan also with two items, and where people are
        no more than items.

    Raises
    ------
    ArgumentError
        If a scale is not in the codebook or was never asked, its items do not share one range of
        answers, an answer lies outside of it or was given twice, or a rule or a level is unknown.
    """
    refuse_unless(missing, RULES, "rule for missing answers")
    rows = [
        _row(part, scale, str(wave), scale_items(codebook, scale), missing, conf_level)
        | {"wrong_items": _wrong(part, scale_items(codebook, scale), n_boot, rng)}
        for scale in chosen_scales(responses, codebook, scales)
        for wave, part in scale_answers(responses, codebook, scale).groupby("wave", sort=False)
    ]
    return ScaleReliability(pd.DataFrame(rows, columns=list(TABLE_COLUMNS)))


def _row(
    answers: pd.DataFrame,
    scale: str,
    wave: str,
    items: list[str],
    missing: str,
    conf_level: float,
) -> dict[str, object]:
    placed: dict[str, object] = {"scale": scale, "wave": wave, "n_items": len(items)}
    if len(items) < 2:
        n = int(answers[items].notna().all(axis=1).sum())
        people = {"n_persons": n, "n_left_out": len(answers) - n}
        rest = {"conf_level": conf_level, "missing": missing, "note": "", "reason": ONE_ITEM}
        return placed | people | rest
    found = cronbach_alpha(answers, items=items, missing=missing, conf_level=conf_level)
    raw, standardised = (row for _, row in found.coefficients.iterrows())
    same = ("n_persons", "n_left_out", "conf_low", "conf_high", "conf_level", "missing")
    return (
        placed
        | {name: raw[name] for name in (*same, "note", "reason")}
        | {"alpha": raw["estimate"], "standardised_alpha": standardised["estimate"]}
        | _omega(answers, items, missing, conf_level)
    )


def _omega(
    answers: pd.DataFrame, items: list[str], missing: str, conf_level: float
) -> dict[str, object]:
    names = ["omega_total", "omega_low", "omega_high"]
    if len(items) < 3:
        return dict.fromkeys(names, np.nan)
    found = mcdonald_omega(answers, items=items, missing=missing, conf_level=conf_level)
    values = found.coefficients.iloc[0][["estimate", "conf_low", "conf_high"]]
    return dict(zip(names, values, strict=True))


def _wrong(
    answers: pd.DataFrame, items: list[str], n_boot: int, rng: int | np.random.Generator
) -> str:
    if len(items) < 2:
        return ""
    return ", ".join(check_keys(answers, items=items, n_boot=n_boot, rng=rng).wrong)
