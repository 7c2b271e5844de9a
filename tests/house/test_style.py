"""Formatting, style, types and floors hold, so that one test command says it all."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = {
    "format": [sys.executable, "-m", "ruff", "format", "--check", "."],
    "style": [sys.executable, "-m", "ruff", "check", "."],
    "types": [sys.executable, "-m", "mypy"],
    "floors": [str(Path(sys.executable).with_name("lint-imports"))],
}


@pytest.mark.parametrize("tool", TOOLS)
def test_the_house_style_holds(tool):
    ran = subprocess.run(TOOLS[tool], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_no_sentence_rounds_the_level_of_an_interval():
    # 99.9% must not print as 100%: `results.level_in_words` keeps the digits.
    rounded = re.compile(r"\{[^{}]*level[^{}]*:\.\d%\}|\bproportion\([^()]*conf_level")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sorted((ROOT / "cvln_eval").rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if rounded.search(line)
    ]
    assert not found
