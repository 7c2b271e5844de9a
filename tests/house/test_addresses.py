"""No committed file names a folder of some machine or the address of a package registry."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILT = {".venv", ".git", "reports", "build", "dist", "__pycache__"}
MACHINE = re.compile(
    r"(?<![\w.~-])/(?:home|root|Users|opt|work|mnt|tmp)/[\w.-]+"
    r"|[A-Z]:\\\\?Users"
    r"|pypi\.org/simple|files\.pythonhosted\.org|--(?:extra-)?index-url|--find-links"
)


def committed_files():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not BUILT & set(path.parts)]


def test_no_file_names_a_machine_or_a_registry():
    found = {}
    for path in committed_files():
        if path == Path(__file__).resolve():
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        if hits := sorted({match.group() for match in MACHINE.finditer(text)}):
            found[str(path.relative_to(ROOT))] = hits[:5]
    assert found == {}


def test_the_search_would_find_one():
    folder = "/".join(["", "home", "someone"])
    assert MACHINE.search(f"open('{folder}/data.csv')")
    assert MACHINE.search("see data/raw or /home of the user") is None
