"""The command line, run in this process as a shell would run it."""

import pytest
from typer.testing import CliRunner

from cvln_eval.cli import app

TOML = """
[study]
id = "small"
name = "A small study"
simulated = true
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
"""

ROSTER = """name,person_id,team_id,role
Ann Lee,L1,A,principal
Ann Lee,L1,A,principal
Bo Chen,L2,B,superintendent
,,,
"""


@pytest.fixture
def cvln():
    """Return a function that runs `cvln-eval` and gives exit code, stdout and stderr."""
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, [str(part) for part in arguments])


@pytest.fixture
def study(tmp_path):
    """The folder of a small study that can be cleaned."""
    folder = tmp_path / "small"
    (folder / "data" / "raw").mkdir(parents=True)
    (folder / "data" / "raw" / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (folder / "study.toml").write_text(TOML, encoding="utf-8")
    return folder
