"""Where finished chunks are kept and who computes: said in a `with`, or in the environment.

Notebooks run in processes of their own, so what a `with` says is handed to them as environment.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["CHUNKS", "SCHEDULER", "environment", "set_to", "setting"]

CHUNKS = "CVLN_EVAL_CHUNKS"
SCHEDULER = "CVLN_EVAL_SCHEDULER"

_said: ContextVar[dict[str, str] | None] = ContextVar("cvln_eval_resampling", default=None)


def setting(name: str) -> str:
    """Return one of the two settings, "" where nobody has said it."""
    return (_said.get() or {}).get(name, os.environ.get(name, ""))


def environment() -> dict[str, str]:
    """Return the environment with which another process has the settings of this one.

    Returns
    -------
    dict
        Of the variables CVLN_EVAL_CHUNKS and CVLN_EVAL_SCHEDULER those that are said, to their
        values.
    """
    return {name: setting(name) for name in (CHUNKS, SCHEDULER) if setting(name)}


@contextmanager
def set_to(name: str, value: str) -> Iterator[None]:
    """Say one of the settings for what stands in the `with`."""
    token = _said.set((_said.get() or {}) | {name: value})
    try:
        yield
    finally:
        _said.reset(token)
