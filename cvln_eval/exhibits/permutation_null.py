"""What permutations of people give, as histograms, and what was seen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.mixing_words import balanced, listed_reasons
from cvln_eval.exhibits.panels import (
    figure_exhibit,
    inches,
    legend_above,
    name_panel,
    names_of,
    readable,
    text_on,
)
from cvln_eval.exhibits.rounding import in_apa
from cvln_eval.exhibits.style import COLOURS, GREY, INK
from cvln_eval.exhibits.wording import needed
from cvln_eval.networks.dyads.correlation import QapCorrelation
from cvln_eval.networks.dyads.result import DyadRegression
from cvln_eval.networks.dyads.testing import SAME
from cvln_eval.networks.persons.two_groups import PermutationT
from cvln_eval.resampling.counting import MONTE_CARLO_LEVEL
from cvln_eval.results import count, level_in_words, number, p_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_permutation_null"]

Tested = QapCorrelation | DyadRegression | PermutationT
KEY = ["wave", "relation", "term"]
TEST = [
    "statistic", "p_value", "p_low", "p_high", "smallest_p", "conf_level", "n_draws",
    "enumerated", "n", "n_dyads", "method", "reason",
]  # fmt: skip
BARS = 12  # on each side of 0
LEAST = 0.4  # of a bar's usual width, below which the observed value does not set the width
MOST = {"single": 1, "one_and_a_half": 2, "double": 3}
PADDING = 0.05  # of the axis, on either side
EACH = 1.45  # inches of a row of panels
REST: dict[str, Any] = {"facecolor": "#C9C9C9", "edgecolor": "white", "linewidth": 0}
EXTREME: dict[str, Any] = {**REST, "facecolor": COLOURS[5], "hatch": "////"}
SEEN: dict[str, Any] = {"color": INK, "linewidth": 1.4}


def plot_permutation_null(
    result: Tested,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw the statistic of each permutation as a histogram, and where the observed one lies.

    One panel a network and term; of two groups of people the statistic is their difference. Bars
    stand symmetrically around 0, hatched where permutations give as much as was seen, on either
    side; above stand p, what p all permutations could give, and the least p that so many
    permutations can give.

    Parameters
    ----------
    result : QapCorrelation, DyadRegression or PermutationT
        From `qap_correlation`, `mrqap`, `logistic_qap`, `lagged`, `selection` or `permutation_t`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the result's sentence of one test, the count of those below .05 of several; and
        what is permuted.
    names : mapping, optional
        Names of terms, waves and relations to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit
        Its data have one row a bar, and one without a bar where there is no test. Its n counts
        people, in the network with most.

    Raises
    ------
    ArgumentError
        If nothing was tested.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from cvln_eval.networks.dyads import qap_correlation
    >>> from cvln_eval.networks.panel import Network
    >>> people = pd.DataFrame({"person_id": list("abcd")})
    >>> network = Network("1", "advice", people, sender=np.array([0, 0, 1, 2]),
    ...                   receiver=np.array([1, 2, 0, 3]), strength=np.ones(4),
    ...                   answered=np.ones(4, dtype=bool))
    >>> found = qap_correlation(network, terms={"itself turned": network.matrix().T})
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> drawn = plot_permutation_null(found, number="9.1", study=study).data
    >>> drawn[["n_in_bin", "n_extreme"]].sum().to_list()
    [24, 15]
    """
    tests = _tests(result)
    if tests["p_value"].isna().all():
        raise ArgumentError("There is no permutation test to draw", seen=result.sentence())
    called = names_of(study, names)
    draws = _with_process(result.null_distribution())
    data = _bars(tests, draws)
    columns = balanced(len(tests), MOST.get(width, 1))
    rows = math.ceil(len(tests) / columns)
    return figure_exhibit(
        number=number,
        title=title or _title(result, tests),
        note=note or _note(tests, draws, called),
        n=int(tests["n"].max()),
        data=data,
        study=study,
        sources=("ties", "memberships", "respondents"),
        drawing=Drawing(
            partial(_draw, data, tests, columns, _axis(result), called),
            inches(width),
            0.7 + EACH * rows,
        ),
    )


def _tests(result: Tested) -> pd.DataFrame:
    """Return one row a network and term that a test is of."""
    table = _with_process(result.tidy())
    if isinstance(result, PermutationT):
        known = {"conf_level": MONTE_CARLO_LEVEL, "n_dyads": math.nan}
        table = table.assign(statistic=table["estimate"], **known)
    elif isinstance(result, QapCorrelation):
        table = table.assign(statistic=table["estimate"])
    else:
        table = table[~table["is_intercept"].astype(bool)]
    return needed(table, [*KEY, *TEST])[[*KEY, *TEST]].reset_index(drop=True)


def _with_process(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with what becomes of ties, if it tells that, in the name of the relation."""
    if "process" not in table:
        return table
    return table.assign(relation=table["process"] + " of " + table["relation"])


def _axis(result: Tested) -> str:
    if isinstance(result, PermutationT):
        return "difference of means after permuting"
    if isinstance(result, QapCorrelation):
        return "r after permuting"
    return "score statistic after permuting" if result.method == "logistic" else "t after permuting"


def _bars(tests: pd.DataFrame, draws: pd.DataFrame) -> pd.DataFrame:
    """Return one row a bar, with the test that it belongs to."""
    frames = []
    for test in tests.to_dict("records"):
        own = (draws[KEY] == pd.Series({name: test[name] for name in KEY})).all(axis=1)
        drawn = draws.loc[own, "statistic"].to_numpy(dtype=float)
        bars = histogram(drawn[~np.isnan(drawn)], float(test["statistic"]))
        frames.append(
            bars.assign(**{str(name): value for name, value in test.items()})[
                [*KEY, *TEST, *bars.columns]
            ]
        )
    return pd.concat(frames, ignore_index=True)


def histogram(drawn: np.ndarray, seen: float) -> pd.DataFrame:
    """Return bars of one width, symmetric around 0, which end where values are as far out as seen.

    What lies on a border is counted in the outer bar, within rounding, so that bars from the
    observed value outwards hold what counts for p. Where the observed value is near 0 the bars
    would be too thin: then it does not set their width, and `n_extreme` tells what counts.

    Parameters
    ----------
    drawn : ndarray
        Statistics after permuting, none nan.
    seen : float
        As observed.

    Examples
    --------
    >>> bars = histogram(np.array([-2.0, -1.0, 0.0, 1.0]), 1.0)
    >>> bars.query("n_in_bin > 0")[["n_in_bin", "n_extreme"]].values.tolist()
    [[1, 1], [1, 1], [1, 0], [1, 1]]
    """
    columns = ["bin_low", "bin_high", "n_in_bin", "n_extreme"]
    if not len(drawn):
        return pd.DataFrame([[np.nan, np.nan, 0, 0]], columns=columns)
    far = float(np.abs(drawn).max()) or abs(seen) or 1.0
    width, seen = far / BARS, abs(seen)
    if LEAST * width <= seen <= far:
        width = seen / max(1, round(seen / width))
    place = np.floor(np.abs(drawn) / width + 1e-9).astype(int)
    place = np.where(drawn < -1e-9 * width, -1 - place, place)
    extreme = np.abs(drawn) >= seen - SAME * max(seen, 1.0)
    most = int(np.maximum(place, -1 - place).max()) + 1
    places = np.arange(-most, most)
    counts = [np.bincount(place[of] + most, minlength=2 * most) for of in (extreme >= 0, extreme)]
    return pd.DataFrame(
        dict(zip(columns, (places * width, (places + 1) * width, *counts), strict=True))
    )


def _title(result: Tested, tests: pd.DataFrame) -> str:
    if len(tests) == 1:
        return result.sentence()
    tested = tests[tests["p_value"].notna()]
    below = int((tested["p_value"] < 0.05).sum())
    ends = dict.fromkeys(in_apa(p) for p in (tested["p_value"].min(), tested["p_value"].max()))
    return (
        f"By permutations of people p is below .05 in {below} of {count(len(tested), 'test')} "
        f"({' to '.join(ends)})."
    )


def _note(tests: pd.DataFrame, draws: pd.DataFrame, called: Mapping[str, str]) -> str:
    methods = dict.fromkeys(str(method).split("; std_error")[0] for method in tests["method"])
    level = level_in_words(float(tests["conf_level"].dropna().iloc[0]))
    parts = [
        f"Method: {'; '.join(methods)}. Hatched: at least as far from 0 as the observed value, "
        f"which p counts on both sides. In brackets the {level} interval for the p of all "
        "permutations; smallest: the least p that so many permutations can give. Each test by "
        "itself."
    ]
    lost = int(draws["statistic"].isna().sum())
    if lost:
        parts.append(f"{lost:,} permutations gave no statistic, are not drawn and count for p.")
    if why := listed_reasons(tests[tests["p_value"].isna()], called, *KEY):
        parts.append(f"No test: {why}.")
    more = "" if len(set(tests["n"])) == 1 else ", in the network with most"
    return " ".join([*parts, f"n counts people{more}."])


def _draw(
    data: pd.DataFrame,
    tests: pd.DataFrame,
    columns: int,
    axis: str,
    called: Mapping[str, str],
    figure: Figure,
) -> None:
    rows = math.ceil(len(tests) / columns)
    axes = figure.subplots(rows, columns, squeeze=False)
    flat = list(axes.ravel())
    named = [_name(test, tests, called) for test in tests.to_dict("records")]
    for panel, test, name in zip(flat, tests.to_dict("records"), named, strict=False):
        own = (data[KEY] == pd.Series({each: test[each] for each in KEY})).all(axis=1)
        _draw_panel(panel, data[own], test)
        name_panel(panel, name, {})
    for spare in flat[len(tests) :]:
        spare.set_visible(False)
    for panel in axes[:, 0]:
        panel.set_ylabel("Permutations")
    for panel in flat[max(len(tests) - columns, 0) : len(tests)]:
        panel.set_xlabel(axis)
    _legend(figure)


def _name(test: Mapping[Any, Any], tests: pd.DataFrame, called: Mapping[str, str]) -> str:
    """Return the term, and the network where there are several."""
    term = readable(test["term"], called)
    if len(tests[["wave", "relation"]].drop_duplicates()) == 1:
        return term
    network = ", ".join(readable(test[name], called) for name in ("relation", "wave") if test[name])
    return f"{network}: {term}"


def _draw_panel(axes: Axes, bars: pd.DataFrame, test: Mapping[Any, Any]) -> None:
    axes.tick_params(axis="y", length=2)
    if math.isnan(test["p_value"]):
        axes.set(xticks=[], yticks=[])
        text_on(axes, 0.5, 0.5, "no test", color=GREY, size=7, transform=axes.transAxes)
        return
    edges: dict[str, Any] = {"x": bars["bin_low"], "width": bars["bin_high"] - bars["bin_low"]}
    edges["align"] = "edge"
    axes.bar(height=bars["n_in_bin"] - bars["n_extreme"], bottom=bars["n_extreme"], **edges, **REST)
    axes.bar(height=bars["n_extreme"], **edges, **EXTREME)
    top = float(bars["n_in_bin"].max())
    seen = float(test["statistic"])
    axes.plot([seen, seen], [0, 1.06 * top], zorder=4, **SEEN)
    axes.plot(seen, 1.06 * top, marker="v", markersize=4.5, zorder=4, color=INK)
    low, high = min(bars["bin_low"].min(), seen), max(bars["bin_high"].max(), seen)
    room = PADDING * (high - low)
    axes.set_xlim(low - room, high + room)
    axes.set_ylim(0, 1.75 * top)
    axes.locator_params(axis="x", nbins=5)
    axes.set_yticks([tick for tick in axes.get_yticks() if tick <= 1.1 * top])
    _write(axes, test)


def _write(axes: Axes, test: Mapping[Any, Any]) -> None:
    """Write the observed value and its p above the bars."""
    of = int(test["n_draws"]) + (0 if test["enumerated"] else 1)
    between = "" if test["enumerated"] else f" [{in_apa(test['p_low'])}, {in_apa(test['p_high'])}]"
    seen = number(float(test["statistic"])).replace("-", "−")
    drawn = "all" if test["enumerated"] else "1"
    least = f"smallest p: 1/{of:,}" if drawn == "1" else f"all {of:,} permutations"
    text = f"observed {seen}\n{p_in_words(test['p_value'])}{between}\n{least}"
    look = {"ha": "left", "va": "top", "transform": axes.transAxes, "linespacing": 1.25}
    text_on(axes, 0.02, 0.99, text, **look)


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles = [Line2D([], [], marker="v", **SEEN), Patch(**EXTREME), Patch(**REST)]
    legend_above(figure, handles, ["observed", "permutations as extreme", "others"])
