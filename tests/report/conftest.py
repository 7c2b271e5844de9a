"""A small study with notebooks, so that a report can be made of it."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from cvln_eval import open_study

TOML = """
[study]
id = "small"
name = "Small & simple"
simulated = {simulated}
source = "written by hand for the tests"

[[wave]]
id = "w1"
label = "First"

[teams]
network = ["A", "B"]

[[raw]]
file = "roster.csv"
table = "memberships"
form = "roster"
wave = "w1"
ignore = ["phone"]
"""

ROSTER = """name,person_id,team_id,role,phone
Ann Lee,L1,A,principal,1
Ann Lee,L1,A,principal,1
Bo Chen,L2,B,superintendent,2
,,,,
"""

OPEN = 'from cvln_eval import open_study\n\nstudy = open_study("..")'
FIGURE = (
    "from cvln_eval.exhibits import plot_ledger\n\n"
    'plot_ledger(study.ledger, number="{number}", study=study, width="single")'
)
TABLE = (
    "from cvln_eval.exhibits import exhibit_table\n\n"
    'exhibit_table(study.table("memberships"), number="1.2", title="Two leaders", n=2, study=study)'
)


def write_study(folder, *, simulated=True):
    """Write the study into a folder and open it."""
    raw = folder / "data" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    (raw / "roster.csv").write_text(ROSTER, encoding="utf-8")
    toml = TOML.format(simulated=str(simulated).lower())
    (folder / "study.toml").write_text(toml, encoding="utf-8")
    return open_study(folder)


def write_notebook(folder, name, *cells):
    """Write a notebook; a cell that begins with # and a blank is prose."""
    made = [
        new_markdown_cell(cell) if cell.startswith("# ") else new_code_cell(cell) for cell in cells
    ]
    folder.mkdir(exist_ok=True)
    nbformat.write(new_notebook(cells=made), folder / name)


@pytest.fixture
def make_study(tmp_path):
    """Return a function that writes the study, without notebooks, and opens it."""
    return lambda **facts: write_study(tmp_path, **facts)


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a notebook of the study."""
    return lambda name, *cells: write_notebook(tmp_path / "notebooks", name, *cells)


@pytest.fixture
def earlier(make_study, write, tmp_path):
    """A study with one quick notebook and a report of an earlier run, written by hand."""
    study = make_study()
    write("01_quick.ipynb", "# Quick?", "6 * 7")
    for name in ("index.html", "manifest.json", "exhibits/figure_9_9.png", "notes/mine.txt"):
        path = tmp_path / "reports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"the earlier {name}", encoding="utf-8")
    return study


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The folder of a study with two notebooks, run twice: exhibits, then a printed line.

    Gives the study and the reports of the two runs as file to bytes.
    """
    from cvln_eval.report import run_study

    study = write_study(tmp_path_factory.mktemp("told"))
    folder = study.path / "notebooks"
    figure = FIGURE.format(number="1.1")
    write_notebook(folder, "01_rows.ipynb", "# What became of the rows?", OPEN, figure, TABLE)
    write_notebook(folder, "02_more.ipynb", "# And then?", "print('six times seven')\n6 * 7")
    before = everything(study.path)
    reports = [everything(run_study(study).parent) for _ in range(2)]
    return study, before, *reports


def everything(folder):
    """Return each file of a folder by its path, with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
