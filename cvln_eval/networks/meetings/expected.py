"""Who met whom beside what attendance alone would bring about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.panel.asked import refuse_draws
from cvln_eval.measurement.holm import holm_adjusted
from cvln_eval.networks.meetings.affiliation import Affiliation, Crossing, refuse_no_affiliation
from cvln_eval.networks.meetings.chance import p_unless_fixed
from cvln_eval.networks.meetings.co_attendance import RELATION
from cvln_eval.networks.meetings.trading import redrawn
from cvln_eval.participation.rosters import ALL
from cvln_eval.resampling import CHUNK, resample
from cvln_eval.results import Result, count, number, p_in_words

__all__ = ["ExpectedCoAttendance", "expected_co_attendance"]

METHOD = "curveball trades within the wave, from a common hub (Besag & Clifford)"
NULL = (
    "who met whom follows from how many sessions each person came to, how many came to each "
    "session, and who could have come"
)
NOTHING_TO_TRADE = "with these numbers attendance can be shared out in one way only"
NO_SESSION = "no held session has a roster"
NEVER = "no two people of these groups could have come to one session"
# Cells of all tables in one chunk, so that a chunk stays within some hundred megabytes.
CHUNK_CELLS = 2_000_000
OTHERS = "all others"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ExpectedCoAttendance(Result):
    """Meetings of groups, observed and expected; see `expected_co_attendance`.

    Attributes
    ----------
    rows : DataFrame
        One row a wave and pair of groups, a group with itself too.
    by : str
        Column of the groups.
    n_left_out : int
        Person-waves without a group.
    """

    rows: pd.DataFrame
    by: str
    n_left_out: int

    def tidy(self) -> pd.DataFrame:
        """Return one row a wave and pair of groups."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: meetings within and between groups, all waves together."""
        same = self.rows["group"] == self.rows["other_group"]
        whole = self.rows["group"] == ALL
        row: dict[str, object] = {"n_waves": self.rows["wave"].nunique()}
        for name, part in (("within", self.rows[same]), ("between", self.rows[whole])):
            observed, expected = part["observed"].sum(), part["expected"].sum()
            row[f"observed_{name}"], row[f"expected_{name}"] = observed, expected
            row[f"ratio_{name}"] = observed / expected if expected > 0 else np.nan
        row["n_tests"] = int(self.rows["p_adjusted"].notna().sum())
        row["n_left_out"] = self.n_left_out
        row["reason"] = "" if self.rows["p_value"].notna().any() else self._why_none()
        return pd.DataFrame([row])

    def _why_none(self) -> str:
        if self.rows.empty:
            return NO_SESSION
        groups = self.rows.loc[self.rows["group"] != ALL, "group"]
        return NOTHING_TO_TRADE if len(groups) else f"nobody has a {self.by}"

    def sentence(self) -> str:
        """Return the sentence an author would paste: meetings between groups, wave by wave."""
        row = self.glance().iloc[0]
        if row["reason"]:
            return f"Expected co-attendance is not available: {row['reason']}."
        waves = self.rows[(self.rows["group"] == ALL) & self.rows["p_value"].notna()]
        parts = [
            f"{wave} {number(ratio)}, {p_in_words(p_value)}"
            for wave, ratio, p_value in waves[["wave", "ratio", "p_value"]].to_numpy()
        ]
        apart = int((self.rows["p_adjusted"] < 0.05).sum())
        none_could = "" if self._could_differ() else ", which so few draws could not have shown"
        return (
            "Meetings of people of different groups at sessions, as a multiple of those that "
            f"attendance alone would bring about: {'; '.join(parts)}. Of "
            f"{count(int(row['n_tests']), 'pair of groups', 'pairs of groups')} tested, {apart} "
            f"differed at .05 after Holm's adjustment within the wave{none_could}."
        )

    def _could_differ(self) -> bool:
        """Return whether in any wave the least p, adjusted for its pairs, lies below .05."""
        tested = self.rows[self.rows["p_adjusted"].notna()].groupby("wave")["smallest_p"]
        return bool((tested.min() * tested.size() < 0.05).any())


def expected_co_attendance(
    affiliation: Affiliation,
    *,
    by: str = "team_id",
    n_draws: int = 999,
    rng: int | np.random.Generator = 0,
) -> ExpectedCoAttendance:
    """Compare how often groups met with what attendance alone would bring about.

    The meetings of groups g and h are the pairs of people, one of each, at a session, summed over
    the sessions of a wave: sum_s a_gs a_hs, and sum_s a_gs (a_gs - 1) / 2 within a group, a_gs
    being the number of g who came to s. They are expected to be many where people come often and
    sessions are large. So attendance is redrawn among all tables with the same number of sessions
    for each person and the same number of people at each session, nobody at a session that they
    could not have come to, and `ratio` = `observed` / mean of the draws (`expected`).

    Tables are redrawn by curveball trades, everybody paired in each round. Draws start from a
    table that lies as many rounds away from the observed one as they lie from it, so that
    observed and drawn are exchangeable and p is exact however many rounds there are, over the
    tables that trades can reach.

    Parameters
    ----------
    affiliation : Affiliation
        As `affiliation` returns it. Without an `audience` there, everybody is taken to have been
        free to come to everything, and a team's own sessions look like a wish to be among
        themselves.
    by : str
        Column of groups: of the roster, or of `people`.
    n_draws : int
        Draws.
    rng : int or Generator
        Seed.

    Returns
    -------
    ExpectedCoAttendance
        `tidy` has `wave, relation, group, other_group, n_sessions, observed, expected, ratio,
        p_value, p_low, p_high, p_adjusted, smallest_p, n_draws, method, null_hypothesis,
        reason`. The first row of a wave, `all` with `all others`, has the meetings between groups
        together. `n_sessions` are those that somebody of either group could have come to. p is
        two-sided, by the distance from the mean of all tables; `p_low` and `p_high` say where it
        would be with ever more draws, and `p_adjusted` is by Holm's method over the pairs of a
        wave. Where no trade changes the number (a group whose people came to everything) p is nan
        with a reason, and so is the ratio of groups that could not have met. People without a
        group trade, but are counted with none.

    Raises
    ------
    ArgumentError
        If `by` is no column, or `n_draws` no whole number of 1 or more.

    References
    ----------
    Strona, G., Nappo, D., Boccacci, F., Fattorini, S., & San-Miguel-Ayanz, J. (2014). A fast and
    unbiased procedure to randomize ecological binary matrices with fixed row and column totals.
    Nature Communications, 5, 4114.
    Carstens, C. J., Hamann, M., Meyer, U., Penschuck, M., Tran, H., & Wagner, D. (2018). Parallel
    and I/O-efficient randomisation of massive networks using global curveball trades. ESA 2018.
    Besag, J., & Clifford, P. (1989). Generalized Monte Carlo significance tests. Biometrika, 76,
    633-642.

    Examples
    --------
    >>> from cvln_eval.networks.meetings import affiliation
    >>> sessions = pd.DataFrame({"session_id": ["s1", "s2"], "kind": "day", "wave": "1",
    ...                          "status": "held", "held_on": ["2024-01-05", "2024-02-05"]})
    >>> people = {"person_id": list("abcd")}
    >>> memberships = pd.DataFrame(people | {"wave": "1", "team_id": list("xxyy")})
    >>> attendance = pd.DataFrame(people | {"session_id": ["s1", "s1", "s2", "s2"]})
    >>> met = affiliation(attendance, sessions, memberships)
    >>> found = expected_co_attendance(met, n_draws=5000, rng=1)
    >>> found.tidy()[["group", "other_group", "observed", "expected"]].round(1)
      group other_group  observed  expected
    0   all  all others         0       1.3
    1     x           x         1       0.3
    2     x           y         0       1.3
    3     y           y         1       0.3
    """
    refuse_no_affiliation(affiliation)
    refuse_draws(n_draws)
    if len(affiliation.cells) and (not isinstance(by, str) or by not in affiliation.cells):
        raise ArgumentError(
            "People have no such attribute",
            expected=shown(affiliation.cells),
            seen=repr(by),
        )
    streams = np.random.default_rng(rng).spawn(len(affiliation.waves))
    parts, n_left_out = [], 0
    for wave, stream in zip(affiliation.waves, streams, strict=True):
        crossing = affiliation.crossing(wave)
        codes, names = _groups(crossing, by)
        n_left_out += int((codes < 0).sum())
        part = pd.DataFrame(_rows(crossing, codes, names, n_draws, stream))
        part.insert(0, "wave", wave)
        family = part["p_value"].where(part["group"] != ALL)
        parts.append(part.assign(p_adjusted=holm_adjusted(family)))
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["wave"])
    return ExpectedCoAttendance(rows=rows.reindex(columns=COLUMNS), by=by, n_left_out=n_left_out)


COLUMNS = ["wave", "relation", "group", "other_group", "n_sessions", "observed", "expected"]
COLUMNS += ["ratio", "p_value", "p_low", "p_high", "p_adjusted", "smallest_p", "n_draws"]
COLUMNS += ["method", "null_hypothesis", "reason"]


def _groups(crossing: Crossing, by: str) -> tuple[np.ndarray, pd.Index]:
    column = crossing.people[by]
    codes, names = pd.factorize(column.astype("str").where(column.notna()), sort=True)
    return codes, pd.Index(names)


def _rows(
    crossing: Crossing,
    codes: np.ndarray,
    names: pd.Index,
    n_draws: int,
    stream: np.random.Generator,
) -> Iterator[dict[str, object]]:
    member = (codes[:, None] == np.arange(len(names))).astype(float)
    observed = _meetings(crossing.came[None], member)[0]
    first, drawing = stream.spawn(2)
    hub = redrawn(crossing.came, crossing.could, first, 1)[0]
    chunk = int(np.clip(CHUNK_CELLS // max(hub.size, 1), 1, CHUNK))
    draws = resample(
        _drawn, n_draws, arrays=(hub, crossing.could, member), rng=drawing, chunk=chunk
    )
    possible = _meetings(crossing.could[None], member)[0]
    invited = member.T @ crossing.could > 0
    pairs = np.column_stack(np.triu_indices(len(names)))
    apart = pairs[:, 0] != pairs[:, 1]
    whole = {"group": ALL, "other_group": OTHERS, "n_sessions": crossing.came.shape[1]}
    total = (values[..., apart].sum(axis=-1) for values in (observed, draws, possible))
    yield whole | _row(*total)
    for place, (g, h) in enumerate(pairs):
        yield {
            "group": names[g],
            "other_group": names[h],
            "n_sessions": int((invited[g] | invited[h]).sum()),
        } | _row(observed[place], draws[:, place], possible[place])


def _row(observed: float, draws: np.ndarray, possible: float) -> dict[str, object]:
    found = p_unless_fixed(observed, draws)
    expected = float(draws.mean())
    why = "" if np.isfinite(found.p_value) else NOTHING_TO_TRADE
    return {
        "relation": RELATION,
        "observed": int(observed),
        "expected": expected,
        "ratio": observed / expected if expected > 0 else np.nan,
        **asdict(found),
        "n_draws": len(draws),
        "method": METHOD,
        "null_hypothesis": NULL,
        "reason": why if possible else NEVER,
    }


def _drawn(
    size: int,
    stream: np.random.Generator,
    hub: np.ndarray,
    could: np.ndarray,
    member: np.ndarray,
) -> np.ndarray:
    return _meetings(redrawn(hub, could, stream, size), member)


def _meetings(tables: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Return the meetings of each pair of groups, one row a table, pairs as in the upper triangle.

    Parameters
    ----------
    tables : ndarray of bool, shape (size, n, m)
        Who came.
    member : ndarray, shape (n, groups)
        1 where the person is of the group.
    """
    counts = np.einsum("dnm,ng->dgm", tables.astype(float), member, optimize=True)
    met = counts @ counts.transpose(0, 2, 1)
    own = np.arange(member.shape[1])
    met[:, own, own] = (met[:, own, own] - counts.sum(axis=2)) / 2
    rows, columns = np.triu_indices(member.shape[1])
    return np.asarray(met[:, rows, columns])
