"""The notebooks of the real studies give on rerun what stands in them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def validated(study):
    """Run a study's notebooks under strict nbval, in the copy that holds the data."""
    notebooks = study.path / "notebooks"
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), env.get("PYTHONPATH", "")]))
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q"]
    command += ["-p", "no:cacheprovider", "--rootdir", str(notebooks), "-c", os.devnull]
    return subprocess.run(
        [*command, str(notebooks)], env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", ["school_leaders", "online_educators"])
def test_a_rerun_gives_the_outputs_that_stand_in_the_notebook(name, request):
    ran = validated(request.getfixturevalue(name))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "failed" not in ran.stdout


def test_a_changed_number_is_noticed(school_leaders, tmp_path):
    copy = shutil.copytree(school_leaders.path, tmp_path / "study")
    notebook, *others = sorted((copy / "notebooks").glob("*.ipynb"))
    for other in others:
        other.unlink()
    text = notebook.read_text(encoding="utf-8")
    changed_text = re.sub(r"digest [0-9a-f]{12}", "digest 0123456789ab", text, count=1)
    assert changed_text != text
    notebook.write_text(changed_text, encoding="utf-8")
    changed = type("Copy", (), {"path": copy})
    assert validated(changed).returncode == 1
