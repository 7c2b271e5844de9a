"""How often people join two others, role by role and wave by wave, before what chance gives."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.mixing_words import balanced, groups_word, listed_reasons, of_one
from cvln_eval.exhibits.null_ranges import RANGE, draw_ranges, range_patch, set_wave_limits
from cvln_eval.exhibits.panels import (
    figure_exhibit,
    inches,
    legend_above,
    names_of,
    readable,
    wave_ticks,
)
from cvln_eval.exhibits.role_pictures import ABOVE, ROLES, draw_role, set_root_scale
from cvln_eval.exhibits.style import INK
from cvln_eval.exhibits.wording import needed
from cvln_eval.results import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.networks.positions import Brokerage

__all__ = ["plot_brokerage"]

COLUMNS = (
    "wave", "relation", "measure", "value", "expected", "std_error_null", "n", "n_without_group",
    "n_not_answered", "reason",
)  # fmt: skip
RANGES = ("wave", "measure", "null_mean", "null_low", "null_high", "method")
ERRORS = 1.96  # standard errors to each side
MOST = {"single": 2, "one_and_a_half": 3, "double": 5}
EACH = 1.95  # inches of a row of panels
SEEN: dict[str, Any] = {"color": INK, "marker": "D", "markersize": 4, "linewidth": 1.1}
GIVEN: dict[str, Any] = {
    "facecolor": "#B9D3E6", "linewidth": 0, "hatch": "/////", "edgecolor": "white"
}  # fmt: skip
HALF, BESIDE = 0.16, 0.2  # of the way from wave to wave: half a bar; how far two are set apart
Names = Mapping[str, str]


def plot_brokerage(
    result: Brokerage,
    *,
    number: str,
    study: Origin,
    ranges: pd.DataFrame | None = None,
    title: str | None = None,
    note: str | None = None,
    names: Names | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw the brokerage of whole networks over the waves, a panel a role, before expectations.

    Above each panel stands the role as a picture: who turns to the broker, the broker (ringed) and
    whom the broker turns to; people of one group have one mark. A grey bar is what is expected if
    ties are independent and fall without regard to groups, plus and minus 1.96 standard errors.

    Parameters
    ----------
    result : Brokerage
        From `brokerage`, of one relation.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    ranges : DataFrame, optional
        What another null hypothesis gives, for a second bar: `wave`, `measure` (the role),
        `null_mean`, `null_low`, `null_high`, and `method`, what to call it in the legend.
    title, note : str, optional
        By default how many counts lie above and below the grey bars, and what the marks mean.
    names : mapping, optional
        Names of roles, waves and the relation to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit
        Its n counts people, in the wave with most.

    Raises
    ------
    ArgumentError
        If no wave has a count, the result has several relations, or `ranges` lacks a column or has
        not one row a wave and role.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import numpy as np
    >>> from cvln_eval.networks.panel import Network
    >>> from cvln_eval.networks.positions import brokerage
    >>> people = pd.DataFrame({"person_id": list("abcd"), "team_id": list("xxyy")})
    >>> path = Network("1", "advice", people, sender=np.array([0, 1]), receiver=np.array([1, 2]),
    ...                strength=np.ones(2), answered=np.ones(4, dtype=bool))
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> print(plot_brokerage(brokerage(path), number="9.1", study=study).title)
    Brokerage by advice: 0 of 3 counts lie outside of what ties without regard to teams give
    """
    data = of_one(needed(result.whole, COLUMNS))[[*COLUMNS]]
    data = data[data["measure"].isin(ROLES)].reset_index(drop=True)
    if data["value"].isna().all():
        raise ArgumentError("There is no brokerage to draw", seen=result.sentence())
    data = _with_ranges(data, ranges)
    called = names_of(study, names)
    columns = balanced(len(ROLES), MOST.get(width, 2))
    rows = math.ceil(len(ROLES) / columns)
    return figure_exhibit(
        number=number,
        title=title or _title(data, result.by, called),
        note=note or _note(data, result.by, called),
        n=int(data["n"].max()),
        data=data,
        study=study,
        sources=("ties", "memberships", "respondents"),
        drawing=Drawing(
            partial(_draw, data, columns, result.by, called), inches(width), 0.35 + EACH * rows
        ),
    )


def _with_ranges(data: pd.DataFrame, ranges: pd.DataFrame | None) -> pd.DataFrame:
    if ranges is None:
        return data
    given = needed(ranges, RANGES)[[*RANGES]]
    given = given[given["measure"].isin(ROLES) & given["wave"].isin(data["wave"])]
    twice = given.duplicated(["wave", "measure"])
    if given.empty or twice.any():
        raise ArgumentError(
            "These ranges do not belong to what is drawn",
            expected="one row a wave and role of the result",
            seen=f"several of {shown(given.loc[twice, 'measure'])}" if len(given) else "none",
        )
    return data.merge(given, on=["wave", "measure"], how="left")


def _blind(data: pd.DataFrame) -> pd.DataFrame:
    """Return the range of independent ties without regard to groups, by the names of ranges."""
    off = ERRORS * data["std_error_null"]
    low = (data["expected"] - off).clip(lower=0)
    kept = data[["wave", "measure", "value"]]
    return kept.assign(null_mean=data["expected"], null_low=low, null_high=data["expected"] + off)


def _title(data: pd.DataFrame, by: str, called: Names) -> str:
    blind = _blind(data)
    known = blind[blind["value"].notna() & blind["null_low"].notna() & (data["std_error_null"] > 0)]
    relation = readable(data["relation"].iloc[0], called)
    of = f"Brokerage by {relation}" if relation else "Brokerage"
    if known.empty:
        total = int(data["value"].sum())
        return f"{of}: {count(total, 'open two-path')} in {count(len(set(data['wave'])), 'wave')}"
    outside = int((~known["value"].between(known["null_low"], known["null_high"])).sum())
    lies = "lies" if outside == 1 else "lie"
    return (
        f"{of}: {outside} of {count(len(known), 'count')} {lies} outside of what ties without "
        f"regard to {groups_word(by)[1]} give"
    )


def _note(data: pd.DataFrame, by: str, called: Names) -> str:
    group, groups = groups_word(by)
    parts = [
        "Counted: two people of whom one turns to the broker and the broker to the other, while "
        "the first does not turn to the other. Above the panels: the three, the broker ringed, "
        f"people of one {group} alike. Grey: mean ± {ERRORS} standard errors if ties were "
        f"independent and fell without regard to {groups}; ties are not independent, so this is "
        "no test."
    ]
    silent = int(data["n_not_answered"].max())
    if silent:
        who = count(silent, "person", "people")
        parts.append(f"Up to {who} did not answer in a wave and cannot be seen to broker.")
    if why := listed_reasons(data, called, "measure", "wave"):
        parts.append(f"Not to be had: {why}.")
    if data["n_without_group"].max() > 0:
        parts.append(f"Left out: people of no {group} (up to {data['n_without_group'].max()}).")
    more = "" if len(set(data["wave"])) == 1 else ", in the wave with most"
    return " ".join([*parts, f"n counts people{more}."])


def _draw(data: pd.DataFrame, columns: int, by: str, called: Names, figure: Figure) -> None:
    waves = list(dict.fromkeys(data["wave"]))
    rows = math.ceil(len(ROLES) / columns)
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    flat = list(axes.ravel())
    for panel, role in zip(flat, ROLES, strict=False):
        _draw_counts(panel, data[data["measure"] == role].set_index("wave").reindex(waves))
        panel.set_title(readable(role, called), size=7.5, pad=ABOVE)
        draw_role(panel, role)
        wave_ticks(panel, waves, called)
    for spare in flat[len(ROLES) :]:
        spare.set_visible(False)
    for place in range(len(ROLES) - columns, len(ROLES)):
        flat[place].tick_params(labelbottom=True)
    # By roots, as the small counts of early waves and rare roles would else lie on the axis.
    set_root_scale(flat[0], _top(data))
    for panel in axes[:, 0]:
        panel.set_ylabel("Pairs joined, root scale")
    _legend(figure, data, by)


def _top(data: pd.DataFrame) -> float:
    highs = data.reindex(columns=["value", "null_high"]).assign(blind=_blind(data)["null_high"])
    return max(float(np.nan_to_num(highs).max()), 1.0)


def _draw_counts(axes: Axes, rows: pd.DataFrame) -> None:
    rows = rows.reset_index()
    two = "method" in rows
    off = -BESIDE if two else 0.0
    draw_ranges(axes, _blind(rows).to_dict("records"), off=off, half=HALF)
    if two:
        draw_ranges(axes, rows.to_dict("records"), off=BESIDE, half=HALF, behind=GIVEN)
    axes.plot(range(len(rows)), rows["value"], zorder=3, clip_on=False, **SEEN)
    set_wave_limits(axes, len(rows))
    axes.tick_params(axis="x", length=0)


def _legend(figure: Figure, data: pd.DataFrame, by: str) -> None:
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], **SEEN), range_patch(RANGE)]
    labels = ["counted", f"ties without regard to {groups_word(by)[1]}"]
    if "method" in data:
        handles.append(range_patch(GIVEN))
        labels.append(str(data["method"].dropna().iloc[0]))
    legend_above(figure, handles, labels)
