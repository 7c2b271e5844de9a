"""A skip fails continuous integration, and only there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
AT_MODULE = 'import pytest\npytest.importorskip("there_is_no_such_module")\n'
IN_TEST = "def test_needs(real_data):\n    pass\n\n\ndef test_plain():\n    pass\n"
NONE = "import pytest\n\n\n@pytest.mark.xfail\ndef test_known():\n    assert 0\n"


def run(tmp_path, text, *, ci):
    (tmp_path / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "test_it.py").write_text(text, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "CI"))}
    env |= {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "CI": ci,
        "CVLN_EVAL_REAL_DATA": str(tmp_path / "nowhere"),
    }
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(tmp_path)]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("text", [AT_MODULE, IN_TEST])
def test_a_skip_fails_the_session_in_ci_and_is_named(tmp_path, text):
    ran = run(tmp_path, text, ci="true")
    assert ran.returncode == 1
    assert "test_it.py" in ran.stdout.split("a skip is a failure here")[0].splitlines()[-1]


def test_a_skip_passes_elsewhere_with_its_reason(tmp_path):
    ran = run(tmp_path, IN_TEST, ci="")
    assert ran.returncode == 0
    assert "1 passed, 1 skipped" in ran.stdout


def test_an_expected_failure_is_no_skip(tmp_path):
    assert run(tmp_path, NONE, ci="true").returncode == 0
