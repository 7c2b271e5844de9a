"""How many people have each degree, a panel a relation and wave."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.mixing_words import listed_reasons
from cvln_eval.exhibits.panels import (
    figure_exhibit,
    inches,
    legend_above,
    name_panel,
    names_of,
    readable,
)
from cvln_eval.exhibits.style import COLOURS, INK
from cvln_eval.exhibits.wording import needed
from cvln_eval.results import count, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.networks.cohesion import DegreeDistribution

__all__ = ["plot_degrees"]

COLUMNS = ("wave", "relation", "measure", "value", "n_persons", "n", "n_not_answered", "reason")
KINDS = {"in_degree": "was named by", "out_degree": "named"}
NETWORK = ["wave", "relation"]
EACH = 1.15  # inches of a row of panels
BAR: dict[str, Any] = {"color": COLOURS[0], "width": 0.82, "zorder": 2}
RANGE: dict[str, Any] = {"facecolor": "#F3D9A4", "linewidth": 0, "zorder": 1}
MEAN: dict[str, Any] = {"color": INK, "linewidth": 1.2, "linestyle": "--", "zorder": 3}


def plot_degrees(
    result: DegreeDistribution,
    *,
    number: str,
    study: Origin,
    measure: str = "in_degree",
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw how many people were named by so many others, one row a relation and column a wave.

    A dashed line stands at the mean over the people who are counted. The band is where the mean
    over all people could lie, had everybody answered: with T ties known among n people of whom s
    did not answer, from T / n to (T + s (n - 1)) / n.

    Parameters
    ----------
    result : DegreeDistribution
        From `degree_distribution`, of directed networks.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    measure : {"in_degree", "out_degree"}
        Ties received or sent.
    title, note : str, optional
        By default the least and the greatest mean, and what marks mean.
    names : mapping, optional
        Names of waves and relations to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit
        Its n counts people, in the network with most; `lowest` and `highest` are the band's ends.

    Raises
    ------
    ArgumentError
        If the measure is neither, or no degree of that kind is known.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import numpy as np
    >>> from cvln_eval.networks.cohesion import degree_distribution
    >>> from cvln_eval.networks.panel import Network
    >>> people = pd.DataFrame({"person_id": list("abc")})
    >>> network = Network("1", "advice", people, sender=np.array([0, 0]),
    ...                   receiver=np.array([1, 2]), strength=np.ones(2),
    ...                   answered=np.ones(3, dtype=bool))
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> plot_degrees(degree_distribution(network), number="9.1", study=study).title
    'On average a person was named by 0.67 others (advice, 1)'
    """
    data = _measured(result, measure)
    called = names_of(study, names)
    height = 0.85 + EACH * data["relation"].nunique()
    return figure_exhibit(
        number=number,
        title=title or _title(data, measure, called),
        note=note or _note(data, measure, called),
        n=int((data["n"] + _uncounted(data, measure)).max()),
        data=data,
        study=study,
        sources=("ties", "memberships", "respondents"),
        drawing=Drawing(partial(_draw, data, measure, called), inches(width), height),
    )


def _measured(result: DegreeDistribution, measure: str) -> pd.DataFrame:
    """Return the rows of one kind of degree, with the mean and where it could lie."""
    if measure not in KINDS:
        raise ArgumentError("Unknown degree", expected=shown(KINDS), seen=repr(measure))
    table = needed(result.tidy(), COLUMNS)
    data = table.loc[table["measure"] == measure, [*COLUMNS]].reset_index(drop=True)
    if data["value"].isna().all():
        raise ArgumentError(f"There is no {measure} to draw", seen=result.sentence())
    ties = (data["value"] * data["n_persons"]).groupby([data[name] for name in NETWORK])
    received = ties.transform("sum", min_count=1)
    people = data["n"] + _uncounted(data, measure)
    return data.assign(
        mean=received / data["n"].where(data["n"] > 0),
        lowest=received / people,
        highest=(received + data["n_not_answered"] * (people - 1)) / people,
    )


def _uncounted(data: pd.DataFrame, measure: str) -> pd.Series:
    """Return the people who are in the network, but have no degree of this kind."""
    return data["n_not_answered"] * (measure == "out_degree")


def _title(data: pd.DataFrame, measure: str, called: Mapping[str, str]) -> str:
    means = data.dropna(subset="mean").drop_duplicates(NETWORK)
    least, most = (means.loc[means["mean"].agg(end)] for end in ("idxmin", "idxmax"))
    of_least = f"{number(least['mean'])} others ({_of(least, called)})"
    of_most = f" to {number(most['mean'])} ({_of(most, called)})" if len(means) > 1 else ""
    return f"On average a person {KINDS[measure]} {of_least}{of_most}"


def _of(row: pd.Series, called: Mapping[str, str]) -> str:
    return ", ".join(readable(row[name], called) for name in ("relation", "wave") if row[name])


def _note(data: pd.DataFrame, measure: str, called: Mapping[str, str]) -> str:
    did = KINDS[measure].replace("was", "were")
    parts = [f"Bars: how many people {did} so many. Dashed: their mean."]
    if silent := int(data["n_not_answered"].max()):
        who = count(silent, "person", "people")
        parts.append(
            f"Up to {who} did not answer in a wave. Band: where the mean over all people could "
            "lie, had they answered, each naming nobody or everybody."
        )
    if why := listed_reasons(data, called, "relation", "wave"):
        parts.append(f"Not drawn: {why}.")
    more = "" if len(data.drop_duplicates(NETWORK)) == 1 else ", in the network with most"
    return " ".join([*parts, f"n counts people{more}."])


def _draw(data: pd.DataFrame, measure: str, called: Mapping[str, str], figure: Figure) -> None:
    waves, relations = (list(dict.fromkeys(data[name])) for name in NETWORK)
    axes = figure.subplots(len(relations), len(waves), sharex=True, sharey=True, squeeze=False)
    for across, wave in enumerate(waves):
        name_panel(axes[0, across], wave, called)
        axes[-1, across].set_xlabel(KINDS[measure].removeprefix("was ").capitalize())
        for down, relation in enumerate(relations):
            own = data[(data["wave"] == wave) & (data["relation"] == relation)]
            _draw_panel(axes[down, across], own)
    for panel, relation in zip(axes[:, 0], relations, strict=True):
        panel.set_ylabel(f"{readable(relation, called).capitalize()}\n(people)".lstrip())
        panel.yaxis.get_major_locator().set_params(integer=True)
        panel.xaxis.get_major_locator().set_params(integer=True)
    _legend(figure, with_band=bool((data["highest"] > data["lowest"]).any()))


def _draw_panel(axes: Axes, own: pd.DataFrame) -> None:
    known = own.dropna(subset="value")
    if known.empty:
        return
    first = known.iloc[0]
    axes.axvspan(first["lowest"], first["highest"], **RANGE)
    axes.bar(known["value"], known["n_persons"], **BAR)
    axes.axvline(first["mean"], **MEAN)


def _legend(figure: Figure, *, with_band: bool) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = [Patch(color=BAR["color"]), Line2D([], [], **MEAN), Patch(**RANGE)]
    labels = ["people", "mean", "where the mean could lie, had all answered"]
    legend_above(figure, handles[: 2 + with_band], labels[: 2 + with_band])
