"""Evaluate education leadership networks, from raw files to exhibits that can be traced.

The names below load when they are first used, so that importing the package costs little more
than importing pandas.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "open_study": "cvln_eval.study.study",
    "Study": "cvln_eval.study.study",
    "Ledger": "cvln_eval.study.ledger",
    "clean_study": "cvln_eval.clean.pipeline",
    "write_cleaned": "cvln_eval.clean.write",
    "CvlnError": "cvln_eval.errors",
    "CvlnWarning": "cvln_eval.errors",
}

__all__ = [
    "CvlnError",
    "CvlnWarning",
    "Ledger",
    "Study",
    "__version__",
    "clean_study",
    "open_study",
    "write_cleaned",
]

if TYPE_CHECKING:
    from cvln_eval.clean.pipeline import clean_study
    from cvln_eval.clean.write import write_cleaned
    from cvln_eval.errors import CvlnError, CvlnWarning
    from cvln_eval.study.ledger import Ledger
    from cvln_eval.study.study import Study, open_study


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'cvln_eval' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
