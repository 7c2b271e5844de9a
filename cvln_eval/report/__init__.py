"""Notebooks run in order, the report built from them, the manifest of what they showed."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

_HOMES = {
    "find_problems": "cvln_eval.report.check",
    "run_study": "cvln_eval.report.run",
    "unnamed_files": "cvln_eval.report.check",
}

__all__ = ["find_problems", "run_study", "unnamed_files"]

if TYPE_CHECKING:
    from cvln_eval.report.check import find_problems, unnamed_files
    from cvln_eval.report.run import run_study


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'cvln_eval.report' has no attribute {name!r}")
