"""Who turns to whom, wave by wave: people keep their place, ties between teams stand out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.exhibits.exhibit import Drawing, Exhibit, Origin
from cvln_eval.exhibits.panels import figure_exhibit, inches, names_of, readable
from cvln_eval.exhibits.people_of_waves import (
    ANSWERED,
    LEFT,
    NO_TEAM,
    NOT_ASKED,
    SILENT,
    WITHIN,
    Standing,
    standing,
    with_sizes,
)
from cvln_eval.exhibits.sociogram_drawing import (
    FEW_TIES,
    draw_sociograms,
    size_words,
    sociogram_height,
    sociogram_plan,
)
from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.results import count, proportion

__all__ = ["plot_sociograms"]

MOST_PEOPLE = 600
FEW_TEAMS = 3  # which are all neighbours
Names = Mapping[str, str]


def plot_sociograms(
    panel: NetworkPanel | Network,
    *,
    number: str,
    study: Origin,
    by: str | None = "team_id",
    sizes: pd.DataFrame | None = None,
    title: str | None = None,
    note: str | None = None,
    names: Names | None = None,
    width: str = "double",
) -> Exhibit:
    """Draw the network of each wave, one panel a wave, each person at the same place in all.

    The places come from the ties of all waves together: teams in a ring in which teams with many
    ties are neighbours, people inside their team by Kamada and Kawai's stress, each team turned so
    that its ties to others are short. They carry no number, so they are not in the data: only who
    stands in which team and who is tied to whom is.

    Parameters
    ----------
    panel : NetworkPanel or Network
        One relation; see `panel.only(relations=[...])`.
    number : str
        Number of the figure.
    study : Study
        Gives the name and whether the data are simulated.
    by : str, optional
        The groups that stand together; None for a network without any.
    sizes : DataFrame, optional
        What the size of a mark tells in place of how many named the person: `wave`, `person_id`,
        `measure` and `value`, as rows of one measure of `centrality` or `brokerage`. Somebody
        without a value has the smallest mark.
    title, note : str, optional
        By default how many ties were between teams in the first and the last wave, and what the
        marks mean.
    names : mapping, optional
        Names of the relation, teams and waves to show for their ids.
    width : str
        `single`, `one_and_a_half` or `double` column.

    Returns
    -------
    Exhibit
        With one row a person and wave, with `in_degree` (nan where nobody was asked about them)
        and `presence`, with `sizes` also `measure` and `value`, then one row a tie.

    Raises
    ------
    ArgumentError
        If the networks are of several relations, of nobody or of more than 600 people, or `sizes`
        has several rows a person and wave, values below 0 or none.

    References
    ----------
    Kamada, T., & Kawai, S. (1989). An algorithm for drawing general undirected graphs. Information
    Processing Letters, 31, 7-15. Gansner, E. R., Koren, Y., & North, S. (2005). Graph drawing by
    stress majorization. In Graph Drawing 2004 (pp. 239-250). Springer.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from cvln_eval.networks.panel import network_panel
    >>> ties = pd.DataFrame({"wave": "y1", "relation": "advice", "sender_id": ["a", "a"],
    ...                      "receiver_id": ["b", "c"]})
    >>> members = pd.DataFrame({"wave": "y1", "person_id": list("abc"), "team_id": list("XXY")})
    >>> study = SimpleNamespace(name="A study", simulated=True)
    >>> plot_sociograms(network_panel(ties, members), number="9.1", study=study).title
    '1 of 2 advice ties (50%) joined two teams in y1'
    """
    networks = one_relation(panel)
    called = names_of(study, names)
    found = standing(panel, networks, by)
    if not 0 < found.n <= MOST_PEOPLE:
        raise ArgumentError(
            "There is nobody to draw" if not found.n else "Too many people to see each of them",
            expected=f"1 to {MOST_PEOPLE} people",
            seen=f"{found.n:,}",
            todo="draw the densities between teams instead" if found.n else "",
        )
    if sizes is not None:
        found = with_sizes(found, sizes)
    plan = sociogram_plan(found, called, width)
    draw = partial(draw_sociograms, found, plan, called, width)
    return figure_exhibit(
        number=number,
        title=title or _title(found, called),
        note=note or _note(found, called),
        n=found.n,
        data=pd.concat([found.people, found.ties], ignore_index=True),
        study=study,
        sources=("ties", "memberships", "respondents"),
        drawing=Drawing(draw, inches(width), sociogram_height(found, plan, called, width)),
    )


def one_relation(panel: NetworkPanel | Network) -> tuple[Network, ...]:
    """Return the networks of the one relation that a figure has room for.

    Raises
    ------
    ArgumentError
        If there are several relations or no networks.
    """
    networks = networks_of(panel)
    relations = list(dict.fromkeys(one.relation for one in networks))
    if len(relations) != 1:
        raise ArgumentError(
            "The figure shows one relation",
            expected="one",
            seen=shown(relations) or "no networks",
            todo=f"draw panel.only(relations=[{relations[0]!r}])" if relations else "",
        )
    return networks


def _title(found: Standing, called: Names) -> str:
    """Return the number of ties between teams in the first and the last wave."""
    relation = readable(found.relation, called)
    if found.ties.empty:
        return f"There were no {relation} ties"
    said: list[str] = []
    for wave in found.waves[:: max(len(found.waves) - 1, 1)]:
        own, label = found.ties[found.ties["wave"] == wave], readable(wave, called)
        where = f" in {label}" if label else ""
        ties = count(len(own), "tie" if said else f"{relation} tie")
        crossing = int((own["pairs"] != WITHIN).sum())
        share = f" ({proportion(crossing / len(own))})" if len(own) else ""
        joined = "" if said else f" joined two {found.words[1]}"
        several = f"{crossing:,} of {ties}{share}{joined}{where}"
        said.append(several if found.several else f"{ties}{where}")
    if found.several:
        return ", and ".join(said)
    return f"{count(found.n, 'person', 'people')} had {' and '.join(said)}"


def _note(found: Standing, called: Names) -> str:
    persons = found.people
    parts = [
        "People keep their place over the waves." if len(found.waves) > 1 else "",
        _near(found),
        _lines(found, called),
    ]
    silent = persons[persons["presence"] == SILENT]
    if len(silent):
        rates = [_silent(found, wave, called) for wave in found.waves]
        who = "; ".join(rate for rate in rates if rate)
        hollow = "did not answer, whom they named is not known"
        if found.unclear:
            hollow = "named nobody or did not answer, which of the two is not known"
        parts.append(f"Hollow: {hollow} ({who}).")
    else:
        parts.append("All who were asked answered.")
    away = [word for word in (LEFT, NOT_ASKED) if (persons["presence"] == word).any()]
    if away:
        parts.append(f"Grey rings: {' or '.join(away)}.")
    if (persons["group"] == NO_TEAM).any():
        parts.append(f"People of {NO_TEAM} stand together.")
    last = "A description without a test. n counts people in any wave."
    return " ".join([part for part in parts if part] + [last])


def _near(found: Standing) -> str:
    groups = found.words[1].capitalize()
    return f"{groups} with many ties stand near each other." if len(found.teams) > FEW_TEAMS else ""


def _silent(found: Standing, wave: str, called: Names) -> str:
    asked = found.people[
        (found.people["wave"] == wave) & found.people["presence"].isin([ANSWERED, SILENT])
    ]
    n = int((asked["presence"] == SILENT).sum())
    label = readable(wave, called)
    return f"{n} of {len(asked)}{f' in {label}' if label else ''}" if n else ""


def _lines(found: Standing, called: Names) -> str:
    """Return what lines and sizes mean, and what lines leave out."""
    if found.ties.empty:
        return ""
    many = "people named the person" if found.directed else "ties the person has"
    sizes = f"The larger a mark, the more {many}."
    if found.sized != "in_degree":
        sizes = f"The larger a mark, the higher its value ({size_words(found, called)})."
    if not found.directed:
        return f"Ties have no direction. {sizes}"
    if found.most_ties <= FEW_TIES:
        return f"Arrows lead to the person named. {sizes}"
    return f"Lines do not show who named whom; a thick one is a tie both ways. {sizes}"
