"""environment.yml, pyproject.toml and requirements.lock say the same."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
PYTHON_AND_ITS_INSTALLER = {"python", "pip"}


def declared() -> dict[str, Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    listed = [*project["dependencies"], *(entry for extra in extras for entry in extra)]
    parsed = [Requirement(entry) for entry in listed]
    return {canonicalize_name(requirement.name): requirement for requirement in parsed}


def locked() -> dict[str, list[Version]]:
    versions: dict[str, list[Version]] = {}
    for name, version in PINNED.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")):
        versions.setdefault(canonicalize_name(name), []).append(Version(version))
    return versions


def conda() -> dict[str, Requirement]:
    content = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    entries = [Requirement(entry) for entry in content["dependencies"] if isinstance(entry, str)]
    return {canonicalize_name(entry.name): entry for entry in entries}


def test_each_dependency_is_in_the_lock_within_its_bounds():
    versions = locked()
    off = {
        str(requirement): [str(version) for version in versions.get(name, [])]
        for name, requirement in declared().items()
        if not versions.get(name)
        or not all(requirement.specifier.contains(version) for version in versions[name])
    }
    assert off == {}


def test_the_conda_environment_names_the_same_dependencies_with_the_same_bounds():
    ours = {name: str(requirement.specifier) for name, requirement in declared().items()}
    theirs = {
        name: str(requirement.specifier)
        for name, requirement in conda().items()
        if name not in PYTHON_AND_ITS_INSTALLER
    }
    assert theirs == ours


def test_the_conda_environment_asks_for_the_python_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert str(conda()["python"].specifier) == project["requires-python"]


def test_the_conda_environment_installs_the_project_itself():
    content = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert {"pip": ["-e ."]} in content["dependencies"]


def test_the_build_backend_is_pinned_because_the_project_is_built_without_isolation():
    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    versions = locked()
    for entry in content["build-system"]["requires"]:
        requirement = Requirement(entry)
        assert all(
            requirement.specifier.contains(version)
            for version in versions[canonicalize_name(requirement.name)]
        )
    assert "editables" in versions  # what hatchling needs for an editable install


def test_each_pin_of_the_lock_carries_the_hashes_of_its_files():
    entries = re.split(r"^(?=\S)", (ROOT / "requirements.lock").read_text("utf-8"), flags=re.M)
    unhashed = [entry for entry in entries if entry.strip() and "--hash=sha256:" not in entry]
    assert unhashed == []


def test_the_lock_names_no_address_and_no_folder():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert re.findall(r"https?:|file:|--index|--extra|--find|@ |^-e|/", text) == []


def test_what_runs_here_is_what_the_lock_says():
    from importlib.metadata import version

    versions = locked()
    wrong = {
        name: (version(name), [str(pin) for pin in versions[name]])
        for name in declared()
        if Version(version(name)) not in versions[name]
    }
    if wrong and not (ROOT / ".venv" / ".ready").exists():
        pytest.skip("not the environment of requirements.lock")
    assert wrong == {}
