"""Public functions and classes say in one sentence what they are, and name what they take."""

import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest

import cvln_eval

ROOT = Path(cvln_eval.__file__).parents[1]

MODULES = sorted(
    info.name
    for info in pkgutil.walk_packages(cvln_eval.__path__, "cvln_eval.")
    if not info.name.endswith("__main__")
)


def public(module_name):
    module = importlib.import_module(module_name)
    for name in getattr(module, "__all__", ()):
        thing = getattr(module, name)
        if inspect.isfunction(thing) or inspect.isclass(thing):
            yield name, thing


@pytest.mark.parametrize("module_name", MODULES)
def test_a_module_says_what_it_is_for(module_name):
    doc = importlib.import_module(module_name).__doc__ or ""
    assert doc.strip()


@pytest.mark.parametrize("module_name", MODULES)
def test_a_public_name_is_described_in_one_full_sentence(module_name):
    bad = {}
    for name, thing in public(module_name):
        first = (inspect.getdoc(thing) or "").split("\n\n")[0].strip()
        if not first.endswith(".") or not first[0].isupper():
            bad[name] = first
    assert bad == {}


@pytest.mark.parametrize("module_name", MODULES)
def test_a_documented_parameter_is_one_the_function_takes_and_none_is_left_out(module_name):
    wrong = {}
    for name, thing in public(module_name):
        if not inspect.isfunction(thing):
            continue
        documented = parameters(inspect.getdoc(thing) or "")
        taken = list(inspect.signature(thing).parameters)
        if documented and sorted(documented) != sorted(taken):
            wrong[name] = {"documented": documented, "taken": taken}
    assert wrong == {}


def parameters(doc):
    """Return the names that the section "Parameters" lists."""
    lines = doc.splitlines()
    if "Parameters" not in lines:
        return []
    names = []
    start = lines.index("Parameters") + 2
    for line, below in zip(lines[start:], [*lines[start + 1 :], ""], strict=True):
        if below.startswith("---"):
            break
        if line and not line.startswith(" "):
            listed = line.split(" : ")[0].split(",")
            names += [part.strip().lstrip("*") for part in listed]
    return names


FACES = [
    name for name in MODULES if name.count(".") == 1 and (ROOT / name.replace(".", "/")).is_dir()
]


@pytest.mark.parametrize("module_name", FACES)
def test_a_function_on_the_face_of_a_floor_says_what_it_takes_and_returns(module_name):
    lacking = {}
    for name, thing in public(module_name):
        if not inspect.isfunction(thing):
            continue
        signature = inspect.signature(thing)
        needed = ["Parameters"] if signature.parameters else []
        if signature.return_annotation not in (None, "None"):
            needed.append("Returns")
        doc = (inspect.getdoc(thing) or "").splitlines()
        if absent := [section for section in needed if section not in doc]:
            lacking[name] = absent
    assert lacking == {}
