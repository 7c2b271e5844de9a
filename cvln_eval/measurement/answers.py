"""From the long table of responses to one row a person, checked against the codebook."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.matrix import numbers_of
from cvln_eval.measurement.tables import need_columns, refuse_missing
from cvln_eval.study.codebook import Codebook, Item

__all__ = ["answer_table", "response_range", "scale_items"]

KEY = ("wave", "person_id", "item")


def scale_items(codebook: Codebook, scale: str) -> list[str]:
    """Return the items of a scale in the order of the codebook.

    Parameters
    ----------
    codebook : Codebook
        The study's codebook, `study.codebook`.
    scale : str
        A scale, or an instrument, for all of its items.

    Returns
    -------
    list of str
        Item names.

    Raises
    ------
    ArgumentError
        If the codebook has neither a scale nor an instrument of the name.
    """
    found = [item.item for item in codebook.items if item.scale == scale]
    found = found or [item.item for item in codebook.items if item.instrument == scale]
    if not found:
        known = dict.fromkeys(item.scale for item in codebook.items)
        raise ArgumentError("No scale of this name", expected=", ".join(known), seen=repr(scale))
    return found


def response_range(codebook: Codebook, items: Sequence[str]) -> tuple[float, float]:
    """Return the lowest and the highest answer that the items allow.

    Parameters
    ----------
    codebook : Codebook
        The study's codebook.
    items : sequence of str
        Items that share one range.

    Returns
    -------
    tuple of float
        Lowest and highest value of the response set, missing codes left out.

    Raises
    ------
    ArgumentError
        If an item is not in the codebook, has no numeric answers, or the ranges differ.
    """
    ranges = {item.item: _range(codebook, item) for item in _found(codebook, items)}
    if len(set(ranges.values())) != 1:
        seen = shown(f"{name} {low:g} to {high:g}" for name, (low, high) in ranges.items())
        raise ArgumentError("The items do not share one range of answers", seen=seen or "no item")
    return next(iter(ranges.values()))


def answer_table(
    responses: pd.DataFrame,
    *,
    codebook: Codebook,
    items: str | Sequence[str],
    wave: str | None = None,
    memberships: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return answers with one row a person and wave, one column an item.

    Parameters
    ----------
    responses : DataFrame
        The study's table: `wave`, `person_id`, `item`, `value` (keyed).
    codebook : Codebook
        The study's codebook.
    items : str or sequence of str
        A scale or an instrument, or the items themselves.
    wave : str, optional
        One wave; all waves in which an item was asked when left out.
    memberships : DataFrame, optional
        Adds `team_id`, from the roster of the answer's wave; missing for people on no roster.

    Returns
    -------
    DataFrame
        `wave`, `person_id`, `team_id` where asked for, and the items in the codebook's order; a
        missing answer is nan. People with no row in `responses` for any of the items have none
        here. Sorted by wave as in `responses`, then by person.

    Raises
    ------
    ArgumentError
        If an item is named twice, is not in the codebook, was not asked in the wave, or has an
        answer outside its response set, a person answered it twice in one wave, or stands twice
        on its roster, a column is absent, or a row does not say wave, person or item.
    """
    wanted = scale_items(codebook, items) if isinstance(items, str) else list(items)
    listed = _found(codebook, wanted)
    _refuse_no_items(wanted)
    need_columns(responses, (*KEY, "value"), table="responses")
    refuse_missing(responses, KEY, what="answer")
    rows = responses[responses["item"].isin(wanted)]
    rows = rows if wave is None else rows[rows["wave"] == wave]
    _refuse_what_is_not_asked(responses, rows, wanted, wave)
    _refuse_twice(rows)
    rows = rows.assign(value=_numbers(rows))
    _refuse_outside(codebook, rows, listed)
    # Not pivot_table: it would average, and drop a person whose answers are all missing.
    wide = rows.pivot(index=["wave", "person_id"], columns="item", values="value")  # noqa: PD010
    order = [name for name in wanted if name in wide.columns]
    table = wide[order].reset_index().rename_axis(columns=None)
    return _ordered(_with_teams(table, memberships, order), responses)


def _refuse_no_items(items: Sequence[str]) -> None:
    twice = [name for name in items if list(items).count(name) > 1]
    if twice or not items:
        raise ArgumentError(
            "A table needs items, each named once", seen=shown(twice) if twice else "no item"
        )


def _found(codebook: Codebook, items: Sequence[str]) -> list[Item]:
    by_name = {item.item: item for item in codebook.items}
    absent = [name for name in items if name not in by_name]
    if absent:
        raise ArgumentError(
            "An item is not in the codebook",
            expected="items of codebook/items.csv",
            seen=shown(absent),
            todo="name a scale, or items as `study.codebook.items` lists them",
        )
    return [by_name[name] for name in items]


def _range(codebook: Codebook, item: Item) -> tuple[float, float]:
    values = _values(codebook, item)
    return min(values), max(values)


def _values(codebook: Codebook, item: Item) -> list[float]:
    try:
        values = [float(value) for value in codebook.values(item.response_set)]
    except ValueError:
        values = []
    if not values:
        raise ArgumentError(
            f"The answers to {item.item} are not numbers",
            seen=shown(codebook.values(item.response_set)) or f"no set {item.response_set!r}",
        )
    return values


def _refuse_what_is_not_asked(
    responses: pd.DataFrame, rows: pd.DataFrame, items: Sequence[str], wave: str | None
) -> None:
    asked = set(rows["item"])
    absent = [name for name in items if name not in asked]
    if not absent:
        return
    waves = responses.loc[responses["item"].isin(absent), "wave"].drop_duplicates()
    raise ArgumentError(
        "An item was not asked" + (f" in wave {wave}" if wave else ""),
        expected=f"one of the waves {shown(waves)}" if len(waves) else "items with answers",
        seen=shown(absent),
    )


def _refuse_twice(rows: pd.DataFrame) -> None:
    twice = rows[rows.duplicated(["wave", "person_id", "item"])]
    if len(twice):
        raise ArgumentError(
            "A person answered an item twice in one wave",
            seen=shown(twice[["wave", "person_id", "item"]].astype("str").agg(" ".join, axis=1)),
        )


def _numbers(rows: pd.DataFrame) -> np.ndarray:
    found = np.empty(len(rows))
    for item in rows["item"].unique():
        here = (rows["item"] == item).to_numpy()
        found[here] = numbers_of(rows.loc[here, "value"], what=f"Answers to {item}")
    return found


def _refuse_outside(codebook: Codebook, rows: pd.DataFrame, items: Sequence[Item]) -> None:
    for item in items:
        values = sorted(_values(codebook, item))
        of_item = rows[rows["item"] == item.item].dropna(subset=["value"])
        out = of_item[~of_item["value"].isin(values)]
        if len(out):
            raise ArgumentError(
                f"Answers to {item.item} lie outside its response set",
                expected=", ".join(f"{value:g}" for value in values),
                seen=shown(f"{row.value:g} ({row.wave})" for row in out.itertuples()),
                todo="clean the study, or correct response_sets.csv",
            )


def _with_teams(
    table: pd.DataFrame, memberships: pd.DataFrame | None, items: list[str]
) -> pd.DataFrame:
    if memberships is None:
        return table
    need_columns(memberships, ("wave", "person_id", "team_id"), table="memberships")
    teams = memberships[["wave", "person_id", "team_id"]]
    twice = teams[teams.duplicated(["wave", "person_id"])]
    if len(twice):
        raise ArgumentError(
            "A person stands twice on the roster of a wave",
            seen=shown(twice[["wave", "person_id"]].astype("str").agg(" ".join, axis=1)),
            todo="pass one row a person and wave",
        )
    joined = table.merge(teams, on=["wave", "person_id"], how="left", validate="one_to_one")
    return joined[["wave", "person_id", "team_id", *items]]


def _ordered(table: pd.DataFrame, responses: pd.DataFrame) -> pd.DataFrame:
    place = {wave: i for i, wave in enumerate(dict.fromkeys(responses["wave"]))}
    by = table.assign(_place=table["wave"].map(place)).sort_values(["_place", "person_id"])
    return by.drop(columns="_place").reset_index(drop=True)
