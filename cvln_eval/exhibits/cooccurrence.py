"""Which themes come together, as a heat map with its counts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.panels import figure_exhibit, inches, readable, text_on
from cvln_eval.exhibits.style import GREY, INK
from cvln_eval.exhibits.wording import needed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cvln_eval.measurement.contents.cooccurrence import ThemeCooccurrence

__all__ = ["plot_cooccurrence"]

COLUMNS = (
    "theme",
    "other_theme",
    "n_theme",
    "n_other",
    "n_together",
    "n_expected",
    "phi",
    "p_adjusted",
)
SIGNIFICANT = 0.05
LEAST_SPAN = 0.3  # of phi, so that chance alone does not get the strongest colours
DARK = 0.6  # of the span, above which numbers are white
SHADES = ("#A6480A", "#FBE3C6", "#FFFFFF", "#D3E7F5", "#0B4F8A")


def plot_cooccurrence(
    result: ThemeCooccurrence,
    *,
    number: str,
    study: Origin,
    title: str | None = None,
    note: str | None = None,
    names: Mapping[str, str] | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw how many segments have both themes of each pair, and how many chance would give.

    Colour is phi, hatched where it is below 0; on the diagonal stands how many segments have the
    theme. A frame marks pairs whose p, adjusted over all pairs, is below .05.

    Parameters
    ----------
    result : ThemeCooccurrence
        From `theme_cooccurrence`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    title, note : str, optional
        By default the result's sentence, and what cells mean.
    names : mapping, optional
        Names of themes to show for their ids.
    width : str
        `single` or `double` column.

    Returns
    -------
    Exhibit

    Raises
    ------
    ArgumentError
        If there is no pair to draw.
    """
    data = needed(result.tidy(), COLUMNS)
    draw = partial(_draw, data, list(result.themes), names or {}, width)
    each = 0.4 if width == "double" else 0.34
    return figure_exhibit(
        number=number,
        title=title or result.sentence(),
        note=note or _note(data),
        n=int(result.glance()["n_segments"].item()),
        data=data,
        study=study,
        sources=("themes",),
        drawing=Drawing(draw, inches(width), 0.9 + each * len(result.themes)),
    )


def _note(data: pd.DataFrame) -> str:
    parts = ["Cells: segments with both themes (expected by chance); diagonal: with the theme."]
    parts.append("Hatched: less often than by chance.")
    framed = int((data["p_adjusted"] < SIGNIFICANT).sum())
    tested = int(data["p_adjusted"].notna().sum())
    parts.append(f"Framed: adjusted p\u00a0<\u00a0.05, {framed} of {tested} pairs tested.")
    if tested < len(data):
        parts.append("?: phi cannot be had, a theme is in none or in all segments.")
    return " ".join([*parts, "n counts segments."])


def _draw(
    data: pd.DataFrame, themes: list[str], names: Mapping[str, str], width: str, figure: Figure
) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    axes = figure.subplots()
    span = max(LEAST_SPAN, float(np.nan_to_num(data["phi"].abs().max())))
    shades = LinearSegmentedColormap.from_list("phi", SHADES)
    colours = ScalarMappable(Normalize(-span, span), shades)
    place = {theme: at for at, theme in enumerate(themes)}
    for row in data.to_dict("records"):
        across, down = sorted([place[row["theme"]], place[row["other_theme"]]])
        _draw_pair(axes, across, down, row, colours, narrow=width == "single")
    for theme, found in _frequencies(data).items():
        axes.add_patch(_cell(place[theme], place[theme], facecolor="#E8E8E8", edgecolor="#D0D0D0"))
        text_on(axes, place[theme], place[theme], f"{found}", size=7, weight="bold")
    _furnish(axes, themes, names)
    bar = figure.colorbar(colours, ax=axes, shrink=0.8, aspect=16, pad=0.02)
    bar.outline.set_visible(False)
    bar.set_label("phi", size=7.5)


def _frequencies(data: pd.DataFrame) -> dict[str, int]:
    """Return how many segments have each theme, in the pair judged on most segments."""
    ends = [data[["theme", "n_theme"]], data[["other_theme", "n_other"]]]
    both = pd.concat([end.set_axis(["theme", "n"], axis=1) for end in ends])
    return {str(theme): int(n) for theme, n in both.groupby("theme")["n"].max().items()}


def _cell(across: int, down: int, **look: Any) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((across - 0.5, down - 0.5), 1, 1, **look)


def _draw_pair(
    axes: Axes, across: int, down: int, row: Mapping[Any, Any], colours: Any, *, narrow: bool
) -> None:
    known = not pd.isna(row["phi"])
    face = colours.to_rgba(row["phi"]) if known else "white"
    hatch = "////" if known and row["phi"] < 0 else ""
    look: dict[str, Any] = {"facecolor": face, "edgecolor": "#D0D0D0", "linewidth": 0.6}
    axes.add_patch(_cell(across, down, hatch=hatch, **look))
    if row["p_adjusted"] < SIGNIFICANT:
        axes.add_patch(_cell(across, down, fill=False, edgecolor=INK, linewidth=1.4, zorder=3))
    dark = known and abs(row["phi"]) > DARK * colours.norm.vmax
    form, gap = (".0f", "\n") if narrow else (".1f", " ")
    text = f"{row['n_together']:.0f}{gap}({row['n_expected']:{form}})"
    ink = "white" if dark else INK if known else GREY
    text_on(axes, across, down, text if known else f"{row['n_together']:.0f} ?", color=ink, size=7)


def _furnish(axes: Axes, themes: list[str], names: Mapping[str, str]) -> None:
    labels = [readable(theme, names) for theme in themes]
    axes.set_xticks(range(len(themes)), labels, rotation=40, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(themes)), labels)
    axes.set_xlim(-0.52, len(themes) - 0.48)
    axes.set_ylim(len(themes) - 0.48, -0.52)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
