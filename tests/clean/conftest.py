"""Small studies written by hand, so that every expected number can be counted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cvln_eval import open_study

TOML = """
[study]
id = "small"
name = "A small study"
simulated = true
source = "written by hand for the tests"

[[wave]]
id = "w1"
label = "First"
starts_on = 2008-09-01
ends_on = 2008-12-31

[[wave]]
id = "w2"
label = "Second"
starts_on = 2009-01-01
ends_on = 2009-06-30

[teams]
network = ["A", "B"]
"""

ROSTER_1 = """name,person_id,team_id,role
José Ibáñez,L1,A,principal
Ann Lee,L2,A,principal
Bo Chen,L3,B,superintendent
Ann Lee,L4,B,principal
"""

ROSTER_2 = """name,person_id,team_id,role
"Ibanez, Jose",L1,A,principal
Ann Lee,L2,A,principal
Bo Chen,L9,B,superintendent
Dana Ruiz,L5,B,principal
"""

ROSTERS = """
[[raw]]
file = "r1.csv"
table = "memberships"
form = "roster"
wave = "w1"

[[raw]]
file = "r2.csv"
table = "memberships"
form = "roster"
wave = "w2"
"""

ITEMS = """item,instrument,scale,reverse,response_set,text,source,name_w1,name_w2
trust_1,culture,trust,no,agree,We keep our word,own,Q1,T1
trust_2,culture,trust,yes,agree,We hide things,own,Q2,T2
"""

SETS = """response_set,label,value,missing
agree,Disagree,1,no
agree,Neither,2,no
agree,Agree,3,no
agree,99,,yes
team,A,A,no
team,Alder Unified,A,no
team,B,B,no
"""


@pytest.fixture
def make_study(tmp_path):
    """Return a function that writes a study: TOML entries and raw files in, open study out."""

    def make(toml="", *, raw=None, codebook=None, head=TOML, rosters=True):
        folder = tmp_path / "study"
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "data" / "raw").mkdir(parents=True)
        (folder / "codebook").mkdir()
        files = {"items.csv": ITEMS, "response_sets.csv": SETS} | (codebook or {})
        for name, text in files.items():
            Path(folder, "codebook", name).write_text(text, encoding="utf-8")
        texts = ({"r1.csv": ROSTER_1, "r2.csv": ROSTER_2} if rosters else {}) | (raw or {})
        for name, text in texts.items():
            Path(folder, "data", "raw", name).write_text(text, encoding="utf-8")
        entries = (ROSTERS if rosters else "") + toml
        (folder / "study.toml").write_text(head + entries, encoding="utf-8")
        return open_study(folder)

    return make


@pytest.fixture
def head():
    """Return the part of study.toml that every small study begins with."""
    return TOML
