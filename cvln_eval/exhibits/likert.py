"""Diverging bars of answers on a scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.panels import figure_exhibit, inches, legend_above, names_of, text_on
from cvln_eval.exhibits.style import GREY, INK
from cvln_eval.exhibits.wording import REVERSED, answer_words, folded, item_words, needed
from cvln_eval.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_likert"]

COLUMNS = ("item", "category", "n", "share", "n_answered", "n_missing")
NEUTRAL = ("split", "aside", "dropped")
SORT = ("agree", "mean", "given")
# Dark at the ends and light at the middle, so that strength shows in grey; the side shows by place
# and by the hatch.
LOW, MIDDLE, HIGH = ("#A6480A", "#F7C48B"), "#DDDDDD", ("#9CC9E8", "#0B4F8A")
LABELS = 0.36  # of the width
LINE = 0.125  # inches of a line of a label
PERCENT = 0.34  # inches that "100%" takes beside a bar
TICK = 0.38  # inches that a number of the axis takes
MARGINS = 0.5  # inches of a panel's width that neither labels nor bars have


def plot_likert(
    result: Result | Mapping[str, Result],
    *,
    number: str,
    study: Origin,
    neutral: str = "split",
    sort: str = "agree",
    categories: Mapping[float, str] | None = None,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw how answers spread over their scale, one bar an item, diverging from the middle.

    Shares are of those who answered the item. An answer nobody gave stays in the legend, an item
    nobody answered keeps its row. A scale with an even number of answers has no neutral one.

    Parameters
    ----------
    result : ItemDistribution or mapping
        From `item_distribution`; several of them by the name of their panel, such as a wave.
    number : str
        Number of the figure.
    study : Study
        Gives the name, whether the data are simulated, and the texts of items and answers.
    neutral : str
        The answer in the middle: `split` over both sides, `aside` at the right, or `dropped`
        from the picture; the note says what was done, and how many answers are not drawn.
    sort : str
        From top to bottom by the share above the middle (`agree`), by `mean`, or as `given`;
        panels follow the first one that has the item.
    categories : mapping, optional
        Words for the answers, by their number, in place of the codebook's.
    title, note : str, optional
        By default the result's sentence, and what the bars mean.
    names : mapping, optional
        Words for items and panels in place of the codebook's.
    width : str
        `single` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If an option is unknown, or the panels do not share one scale of two or more answers.
    """
    _refuse_unknown("neutral", neutral, NEUTRAL)
    _refuse_unknown("sort", sort, SORT)
    panels = result if isinstance(result, Mapping) else {"": result}
    data = _sorted(_stacked(panels), sort)
    words = {**answer_words(study, data["item"]), **(categories or {})}
    called = names_of(study, names) | item_words(study, data["item"].unique(), names)
    room = LABELS * inches(width)
    lines = max(folded(called[item], room).count("\n") + 1 for item in data["item"])
    draw = partial(_draw, data, neutral, words, called, room)
    return figure_exhibit(
        number=number,
        title=title or " ".join(one.sentence() for one in panels.values()),
        note=note or _note(data, neutral, called),
        n=int(data["n"].sum()),
        data=data,
        study=study,
        sources=("responses",),
        drawing=Drawing(draw, inches(width), _height(data, lines)),
    )


def _refuse_unknown(what: str, seen: str, known: Sequence[str]) -> None:
    if seen not in known:
        raise ArgumentError(f"Unknown {what}", expected=", ".join(known), seen=repr(seen))


def _stacked(panels: Mapping[str, Result]) -> pd.DataFrame:
    """Return the rows of all panels, the panel's name beside, after checking they share a scale."""
    frames = [
        needed(one.tidy(), COLUMNS)[list(COLUMNS)].assign(panel=name)
        for name, one in panels.items()
    ]
    data = pd.concat(frames or [pd.DataFrame(columns=[*COLUMNS, "panel"])], ignore_index=True)
    scales = {tuple(sorted(own)) for _, own in data.groupby(["panel", "item"])["category"]}
    if len(scales) != 1 or len(min(scales)) < 2:
        raise ArgumentError(
            "The items do not share one scale of two or more answers",
            seen=shown(sorted(scales)) or "no item",
            todo="draw them as figures of their own",
        )
    return data


def _sorted(data: pd.DataFrame, sort: str) -> pd.DataFrame:
    """Return rows panel by panel, items in the order of the figure, answers from low to high."""
    weight = data["category"].astype(float)
    if sort == "agree":
        weight = (data["category"] > data["category"].unique().mean()).astype(float)
    score = (weight * data["share"]).groupby([data["panel"], data["item"]]).sum(min_count=1)
    first = data.drop_duplicates("item")[["panel", "item"]]
    keys = [-score.fillna(-np.inf)[tuple(pair)] for pair in first.to_numpy()]
    order = first["item"].tolist()
    if sort != "given":
        order = [item for _, item in sorted(zip(keys, order, strict=True), key=lambda at: at[0])]
    place = {name: at for at, name in enumerate(dict.fromkeys(data["panel"]))}
    rank = {item: at for at, item in enumerate(order)}
    by = data.assign(_panel=data["panel"].map(place), _item=data["item"].map(rank))
    by = by.sort_values(["_panel", "_item", "category"], kind="stable")
    return by[["panel", *COLUMNS]].reset_index(drop=True)


def _middle(data: pd.DataFrame) -> float | None:
    """Return the answer in the middle, which only an odd number of them has."""
    answers = sorted(data["category"].unique())
    return float(answers[len(answers) // 2]) if len(answers) % 2 else None


def _note(data: pd.DataFrame, neutral: str, called: Mapping[str, str]) -> str:
    parts = ["Shares are of those who answered the item; at the ends: below and above the middle."]
    middle = _middle(data)
    if middle is not None:
        at_middle = int(data.loc[data["category"] == middle, "n"].sum())
        total = int(data["n"].sum())
        parts.append(
            {
                "split": "Answers in the middle are drawn half to each side, counted in neither.",
                "aside": "Answers in the middle stand at the right.",
                "dropped": f"Not drawn: {at_middle:,} of {total:,} answers, those in the middle.",
            }[neutral]
        )
    if any(called[item].endswith(REVERSED) for item in data["item"].unique()):
        parts.append("Reversed items were turned round, so that right is favourable for all.")
    items = data.drop_duplicates(["panel", "item"])
    missing = int(items["n_missing"].sum())
    parts.append(f"{missing:,} answers are missing." if missing else "No answer is missing.")
    return " ".join([*parts, "n counts answers."])


def _height(data: pd.DataFrame, lines: int) -> float:
    rows = len(data.drop_duplicates(["panel", "item"]))
    return 0.6 + rows * (0.09 + LINE * lines) + 0.22 * data["panel"].nunique()


def _draw(
    data: pd.DataFrame,
    neutral: str,
    words: Mapping[float, str],
    called: Mapping[str, str],
    room: float,
    figure: Figure,
) -> None:
    panels = list(dict.fromkeys(data["panel"]))
    sizes = [data.loc[data["panel"] == name, "item"].nunique() for name in panels]
    grid = figure.subplots(
        len(panels), 1, sharex=True, squeeze=False, gridspec_kw={"height_ratios": sizes}
    )
    space = figure.get_figwidth() - room - MARGINS
    limits = _limits(data, neutral, space)
    for axes, name in zip(grid[:, 0], panels, strict=True):
        own = data[data["panel"] == name]
        _draw_panel(axes, own, neutral, limits)
        items = own["item"].unique()
        axes.set_yticks(range(len(items)), [folded(called[item], room) for item in items])
        axes.set_title(called.get(name, name) if name else "", size=7.5, weight="bold")
    _name_shares(grid[-1, 0], limits, space)
    answers = sorted(data["category"].unique())
    handles = _patches(len(answers))
    labels = [words.get(float(answer), f"{answer:g}") for answer in answers]
    if neutral == "dropped" and len(answers) % 2:
        labels[len(answers) // 2] += " (not drawn)"
    legend_above(figure, handles, labels)


def _shares(data: pd.DataFrame) -> np.ndarray:
    """Return shares, items in rows and answers in columns; nan where nobody answered."""
    return data["share"].to_numpy(dtype=float).reshape(-1, data["category"].nunique())


def _bars(shares: np.ndarray, neutral: str) -> tuple[np.ndarray, np.ndarray]:
    """Return where each part of each bar begins and how long it is."""
    half = shares.shape[1] // 2
    lengths = np.nan_to_num(shares)
    if shares.shape[1] % 2:
        lengths[:, half] *= neutral == "split"
    inner = lengths[:, half] / 2 if shares.shape[1] % 2 else 0.0
    starts = np.cumsum(lengths, axis=1) - lengths
    return starts - (lengths[:, :half].sum(axis=1) + inner)[:, None], lengths


def _limits(data: pd.DataFrame, neutral: str, room: float) -> tuple[float, float, float]:
    """Return both ends of the axis, with room for percentages, and where bars aside begin."""
    starts, lengths = _bars(_shares(data), neutral)
    low, high = min(float(starts.min()), 0.0), max(float((starts + lengths).max()), 0.0)
    middle = _middle(data)
    beside = 0.0
    if neutral == "aside" and middle is not None:
        beside = float(np.nan_to_num(data.loc[data["category"] == middle, "share"].max()))
    texts = PERCENT * (3 if beside else 2)
    pad = PERCENT * max(high + beside - low, 0.1) / (room - texts)
    return low - pad, high + pad + (beside + pad if beside else 0.0), high + pad


def _draw_panel(
    axes: Axes, data: pd.DataFrame, neutral: str, limits: tuple[float, float, float]
) -> None:
    shares = _shares(data)
    starts, lengths = _bars(shares, neutral)
    rows, (count, half) = np.arange(len(shares)), (shares.shape[1], shares.shape[1] // 2)
    for at, look in enumerate(_looks(count)):
        axes.barh(rows, lengths[:, at], 0.72, left=starts[:, at], **look)
    if neutral == "aside" and count % 2:
        aside, look = np.nan_to_num(shares[:, half]), _looks(count)[half]
        axes.barh(rows, aside, 0.72, left=limits[2], **look)
        _percentages(axes, shares[:, half], limits[2] + aside, "left")
    _percentages(axes, shares[:, :half].sum(axis=1), starts[:, 0], "right")
    _percentages(axes, shares[:, -half:].sum(axis=1), (starts + lengths)[:, -1], "left")
    axes.axvline(0, color=INK, linewidth=0.8)
    _name_counts(axes, data, shares)
    axes.set_xlim(*limits[:2])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.spines[["left", "bottom"]].set_visible(False)


def _percentages(axes: Axes, shares: np.ndarray, ends: np.ndarray, side: str) -> None:
    step = 0.012 if side == "left" else -0.012
    for row, (share, end) in enumerate(zip(shares, ends, strict=True)):
        if not np.isnan(share):
            text_on(axes, end + step, row, f"{share:.0%}", ha=side, size=7)


def _name_counts(axes: Axes, data: pd.DataFrame, shares: np.ndarray) -> None:
    """Write at the right how many answered, and in the empty row of an item that nobody did."""
    beside: dict[str, Any] = {"xycoords": axes.get_yaxis_transform(), "size": 7, "ha": "right"}
    counts = data.drop_duplicates("item")["n_answered"]
    offset: dict[str, Any] = {"xytext": (16, 0), "textcoords": "offset points", **beside}
    axes.annotate("n", (1, -0.6), va="bottom", **offset)
    for row, (answered, share) in enumerate(zip(counts, shares[:, 0], strict=True)):
        axes.annotate(f"{int(answered):,}", (1, row), va="center", **offset)
        if np.isnan(share):
            text_on(axes, 0.02, row, "no answers", ha="left", color=GREY, style="italic", size=7)


def _name_shares(axes: Axes, limits: tuple[float, float, float], room: float) -> None:
    """Write shares along the axis, at both sides of the middle, as close as there is room for."""
    step = 0.25 if 0.25 * room / (limits[1] - limits[0]) > TICK else 0.5
    ticks = [at * step for at in range(-4, 5) if limits[0] <= at * step <= min(limits[2], 1)]
    axes.set_xticks(ticks, [f"{abs(tick):.0%}" for tick in ticks])
    axes.set_xlabel("Share of answers")


def _looks(count: int) -> list[dict[str, Any]]:
    """Return the look of each answer, from the lowest to the highest."""
    from matplotlib.colors import LinearSegmentedColormap

    half, edge = count // 2, {"edgecolor": "white", "linewidth": 0.5}
    steps = np.linspace(0, 1, half) if half > 1 else np.array([0.5])
    low = LinearSegmentedColormap.from_list("low", LOW)(steps)
    high = LinearSegmentedColormap.from_list("high", HIGH)(steps)
    return [
        *({"facecolor": colour, "hatch": "////", **edge} for colour in low),
        *([{"facecolor": MIDDLE, **edge}] if count % 2 else []),
        *({"facecolor": colour, **edge} for colour in high),
    ]


def _patches(count: int) -> list[Any]:
    from matplotlib.patches import Patch

    return [Patch(**look) for look in _looks(count)]
