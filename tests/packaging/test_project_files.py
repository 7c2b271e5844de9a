"""The files around the package: they parse, agree with one another, and say what is true."""

import base64
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

import cvln_eval

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_version_is_the_same_wherever_it_stands():
    citation = yaml.safe_load(text_of("CITATION.cff"))
    newest = re.findall(r"^## \[(\d[^\]]*)\]", text_of("CHANGELOG.md"), flags=re.M)[0]
    seen = {PROJECT["version"], cvln_eval.__version__, citation["version"], newest}
    assert seen == {cvln_eval.__version__}


def test_the_citation_has_what_the_format_requires():
    citation = yaml.safe_load(text_of("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["license"] == PROJECT["license"]
    assert {"message", "title", "authors", "type"} <= set(citation)
    assert all({"name"} <= set(author) for author in citation["authors"])


def test_the_release_in_the_changelog_has_the_date_of_the_citation():
    released = yaml.safe_load(text_of("CITATION.cff"))["date-released"]
    assert f"## [{PROJECT['version']}] - {released.isoformat()}" in text_of("CHANGELOG.md")


def test_the_licence_is_the_three_clauses():
    licence = text_of("LICENSE")
    assert licence.startswith("BSD 3-Clause License")
    assert re.findall(r"^\d\.", licence, flags=re.M) == ["1.", "2.", "3."]


def test_each_make_target_the_readme_names_exists():
    makefile = text_of("Makefile")
    named = set(re.findall(r"`?make ([a-z]+)`?", text_of("README.md"))) - {"inside", "it"}
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.M))
    assert {"evaluate", "test", "lab"} <= named <= targets


def test_each_command_the_readme_names_exists():
    from typer.main import get_command

    from cvln_eval.cli import app

    named = set(re.findall(r"cvln-eval ([a-z]+)", text_of("README.md")))
    assert named <= set(get_command(app).commands)
    assert {"init", "check", "clean", "run", "fetch", "simulate"} <= named


def test_each_file_the_readme_points_to_is_there():
    pointed = re.findall(r"\]\(([^)#:]+)\)", text_of("README.md"))
    assert pointed != []
    assert [path for path in pointed if not (ROOT / path).exists()] == []


def test_the_picture_of_the_readme_is_one_that_the_notebooks_show():
    """After a rerun that changes it: copy it anew from reports/exhibits/ to docs/figure.png."""
    pictures = [
        base64.b64decode("".join(output["data"]["image/png"]))
        for path in ROOT.glob("notebooks/*.ipynb")
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert (ROOT / "docs" / "figure.png").read_bytes() in pictures


def test_continuous_integration_runs_the_test_command_of_the_readme():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert script.rstrip().splitlines()[-1].startswith("make test </dev/null")
    assert "set -eu" in script
    assert "make test" in text_of("README.md")


def test_pre_commit_holds_ruff_and_mypy_with_the_tools_of_the_lock():
    hooks = [
        hook
        for repo in yaml.safe_load(text_of(".pre-commit-config.yaml"))["repos"]
        for hook in repo["hooks"]
    ]
    assert {"ruff-format", "ruff-check", "mypy"} <= {hook["id"] for hook in hooks}
    assert all(hook["language"] == "system" for hook in hooks)
    assert all(hook["entry"].startswith(".venv/bin/") for hook in hooks)


def test_make_says_which_python_it_needs_when_it_is_given_an_older_one(tmp_path):
    old = tmp_path / "python-of-old"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.8.18"\nexit 1\n')
    old.chmod(0o755)
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_text(text_of(name), encoding="utf-8")
    ran = subprocess.run(
        ["make", "evaluate", f"PYTHON={old}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={key: value for key, value in os.environ.items() if not key.startswith("MAKE")},
    )
    assert ran.returncode != 0
    assert "needs Python 3.11 or newer; seen: Python 3.8.18." in ran.stderr
    assert not (tmp_path / ".venv").exists()


def test_importing_the_package_imports_nothing_heavy():
    heavy = ("pandas", "pandera", "matplotlib", "openpyxl", "rapidfuzz", "nbconvert", "rich")
    code = f"import sys, cvln_eval; print([m for m in {heavy!r} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_command_line_imports_nothing_heavy_before_a_command_runs():
    heavy = ("pandas", "pandera", "matplotlib", "openpyxl", "rapidfuzz", "nbconvert", "nbformat")
    code = f"import sys, cvln_eval.cli; print([m for m in {heavy!r} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_wheel_holds_every_file_of_the_package(tmp_path):
    from zipfile import ZipFile

    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    inside = {name for name in ZipFile(wheel).namelist() if name.startswith("cvln_eval/")}
    here = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "cvln_eval").rglob("*")
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    }
    assert inside == here
