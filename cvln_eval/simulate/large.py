"""A simulated study of any size, simple but untidy, to measure how long cleaning takes.

Everything in it is simulated; its people are numbers with made-up names.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

__all__ = ["simulate_large"]

WAVES = ("2021", "2022", "2023", "2024")
LABELS = ("Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree")
SCALES = ("trust", "norms", "voice", "openness", "support")
SHARES = {"label": 0.03, "missing_code": 0.01, "out_of_range": 0.003, "empty": 0.01}
SHARE_SENT_TWICE = 0.002
SHARE_LEAVING = 0.1
STARTS: tuple[str, ...] = (
    "B",
    "Br",
    "C",
    "Ch",
    "D",
    "Dr",
    "F",
    "G",
    "Gr",
    "H",
    "J",
    "K",
    "Kl",
    "L",
    "M",
    "N",
    "P",
)
STARTS += ("Pr", "R", "S", "Sh", "Sk", "St", "T", "Th", "Tr", "V", "Vl", "W", "Z")
MIDDLES = ("a", "e", "i", "o", "u", "ai", "ea", "ia", "ou", "oo")
FIRST_ENDS = ("na", "lin", "ra", "mel", "so", "ri", "den", "la", "than", "vi")
LAST_ENDS: tuple[str, ...] = (
    "barton",
    "cordero",
    "dell",
    "esk",
    "fors",
    "gomi",
    "hurst",
    "jensen",
    "kamp",
    "lund",
)
LAST_ENDS += ("mendi", "nakos", "ondo", "prell", "quist", "rados", "sanna", "tierra", "umber")
LAST_ENDS += ("vance", "weld", "xander", "york", "zano")


def simulate_large(
    folder: str | Path,
    *,
    n_teams: int = 1000,
    n_leaders: int = 10,
    n_items: int = 25,
    rng: int | np.random.Generator = 1,
) -> Path:
    """Write a simulated study with one roster and one survey export for each of four waves.

    With its defaults the study has about 10,000 leaders at a time and one million answers.
    Everything in it is simulated.

    Parameters
    ----------
    folder : str or Path
        Gets study.toml, codebook/ and data/raw/.
    n_teams : int
        Teams; ten times as many make ten times the rows.
    n_leaders : int
        Leaders in each team.
    n_items : int
        Items of the survey; every fifth is reversed.
    rng : int or np.random.Generator

    Returns
    -------
    Path
        The folder.
    """
    target, draw = Path(folder), np.random.default_rng(rng)
    (target / "data" / "raw").mkdir(parents=True, exist_ok=True)
    (target / "codebook").mkdir(parents=True, exist_ok=True)
    items = [f"q{place:02d}" for place in range(1, n_items + 1)]
    teams = [f"team-{place:05d}" for place in range(1, n_teams + 1)]
    _write(target / "study.toml", _definition(teams))
    _write(target / "codebook" / "items.csv", _items(items))
    _write(target / "codebook" / "response_sets.csv", _response_sets())
    rosters = _rosters(teams, n_leaders, draw)
    for wave, roster in zip(WAVES, rosters, strict=True):
        _to_csv(roster, target / "data" / "raw" / f"roster_{wave}.csv")
        survey = _survey(roster, wave, items, draw)
        _to_csv(survey, target / "data" / "raw" / f"survey_{wave}.csv")
    return target


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))


def _to_csv(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def _definition(teams: list[str]) -> str:
    lines = ["[study]", 'id = "large"', 'name = "A large simulated study"', "simulated = true"]
    lines += ['source = "Simulated by cvln_eval.simulate.simulate_large"', ""]
    for wave in WAVES:
        lines += ["[[wave]]", f'id = "{wave}"', f'label = "{wave}"']
        lines += [f"starts_on = {wave}-01-01", f"ends_on = {wave}-12-31", ""]
    lines += ["[teams]", "network = ["]
    lines += [*(f'  "{team}",' for team in teams), "]", ""]
    for wave in WAVES:
        lines += ["[[raw]]", f'file = "roster_{wave}.csv"', 'table = "memberships"']
        lines += ['form = "roster"', f'wave = "{wave}"', 'ignore = ["data_origin"]', ""]
        lines += ["[[raw]]", f'file = "survey_{wave}.csv"', 'table = "responses"']
        lines += ['form = "survey"', f'wave = "{wave}"', 'instruments = ["climate"]']
        lines += ['ignore = ["data_origin"]', ""]
    return "\n".join(lines)


def _items(items: list[str]) -> str:
    lines = ["item,instrument,scale,reverse,response_set,text,source"]
    for place, item in enumerate(items):
        reverse = "yes" if place % 5 == 4 else "no"
        scale = SCALES[place // 5 % len(SCALES)]
        lines.append(
            f"{item},climate,{scale},{reverse},agree5,Simulated item {place + 1}.,simulated"
        )
    return "\n".join(lines) + "\n"


def _response_sets() -> str:
    lines = ["response_set,label,value,missing"]
    lines += [f"agree5,{label},{value},no" for value, label in enumerate(LABELS, start=1)]
    return "\n".join([*lines, "agree5,99,,yes"]) + "\n"


def _rosters(teams: list[str], n_leaders: int, rng: np.random.Generator) -> list[pd.DataFrame]:
    """Return a roster a wave; a tenth of the places pass to somebody new each year."""
    n = len(teams) * n_leaders
    holders, used = np.arange(n), n
    waves = [holders]
    for _ in WAVES[1:]:
        leaves = np.flatnonzero(rng.random(n) < SHARE_LEAVING)
        holders = holders.copy()
        holders[leaves] = np.arange(used, used + len(leaves))
        used += len(leaves)
        waves.append(holders)
    names = _names(used, rng)
    ids = np.array([f"L{place:07d}" for place in range(used)], dtype=object)
    team = np.repeat(np.array(teams, dtype=object), n_leaders)
    return [
        pd.DataFrame(
            {
                "person_id": ids[holders],
                "name": names[holders],
                "team_id": team,
                "data_origin": "simulated",
            }
        )
        for holders in waves
    ]


def _names(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return made-up names, no two alike: given names and surnames paired without repetition."""
    given = [a + b + c for a in STARTS for b in MIDDLES for c in FIRST_ENDS]
    last = [a + b + c for a in STARTS for b in MIDDLES for c in LAST_ENDS]
    pairs = rng.choice(len(given) * len(last), size=n, replace=False)
    first = np.array(given, dtype=object)[pairs // len(last)]
    return np.asarray(first + " " + np.array(last, dtype=object)[pairs % len(last)])


def _survey(
    roster: pd.DataFrame, wave: str, items: list[str], rng: np.random.Generator
) -> pd.DataFrame:
    n = len(roster)
    person = rng.normal(scale=0.6, size=(n, 1))
    level = 3.2 + 0.1 * WAVES.index(wave)
    answers = np.clip(np.rint(level + person + rng.normal(scale=0.8, size=(n, len(items)))), 1, 5)
    answers = answers.astype(int)
    cells = np.array(["", "1", "2", "3", "4", "5"], dtype=object)[answers]
    labels = np.array(["", *LABELS], dtype=object)[answers]
    draws = rng.random(cells.shape)
    edges = np.cumsum(list(SHARES.values()))
    for place, written in enumerate((labels, "99", "8", "")):
        low = edges[place - 1] if place else 0.0
        here = (draws >= low) & (draws < edges[place])
        cells[here] = written[here] if isinstance(written, np.ndarray) else written
    survey = roster[["person_id", "name", "team_id"]].copy()
    minutes = pd.to_timedelta(rng.integers(0, 30 * 24 * 60, n), unit="min")
    survey["submitted_at"] = (pd.Timestamp(f"{wave}-05-01") + minutes).strftime("%Y-%m-%d %H:%M")
    survey = pd.concat([survey, pd.DataFrame(cells, columns=items)], axis=1)
    twice = survey[rng.random(n) < SHARE_SENT_TWICE]
    return pd.concat([survey, twice], ignore_index=True).assign(data_origin="simulated")
