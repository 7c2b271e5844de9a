"""A digest of what decides the numbers of a run, the same in every process.

Two runs that could differ must never share one, so whatever is not sure has none: a function that
no module holds under its name, or one of a notebook or a script, whose code may change between two
runs without a sign.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from types import MethodType, ModuleType
from typing import Any

import numpy as np

__all__ = ["NoFingerprintError", "fingerprint"]

ATOMS = (type(None), bool, int, float, complex, str, bytes, type(Ellipsis))
PACKAGE = Path(__file__).parents[1]


class NoFingerprintError(Exception):
    """Something cannot be told from something else by its content."""


def fingerprint(thing: object) -> str:
    """Return the digest of a thing made of arrays, tables, plain values and named functions.

    Raises
    ------
    NoFingerprintError
        If a lambda, a closure, a function of a notebook or something that cannot be pickled is in
        it.
    """
    digest = hashlib.sha256(_own_source())
    _feed(digest.update, thing, ())
    return digest.hexdigest()[:32]


def _feed(take: Callable[[bytes], object], thing: object, above: tuple[int, ...]) -> None:
    if id(thing) in above:
        raise NoFingerprintError("it holds itself")
    take(f"<{type(thing).__module__}.{type(thing).__qualname__}".encode())
    if type(thing) in ATOMS:
        take(repr(thing).encode())
    elif isinstance(thing, np.ndarray) and not thing.dtype.hasobject:
        take(f"{type(thing)} {thing.dtype.descr} {thing.shape}".encode())
        take(thing.tobytes())
    elif isinstance(thing, ModuleType) or _has_name(thing):
        take(_named(thing))
    else:
        for part in _parts(thing):
            _feed(take, part, (*above, id(thing)))
    take(b">")


def _parts(thing: Any) -> Iterable[object]:
    """Return what a thing is made of: its elements, or what pickle would make it of."""
    if type(thing) in (list, tuple):
        return thing  # type: ignore[no-any-return]
    if type(thing) is dict:
        return [part for pair in thing.items() for part in pair]
    if type(thing) in (set, frozenset):
        return sorted(fingerprint(part) for part in thing)
    try:
        made = thing.__reduce_ex__(4)
    except Exception as error:  # each type that cannot be pickled says so in its own way
        raise NoFingerprintError(str(error)) from error
    if isinstance(made, str):
        raise NoFingerprintError(f"{made} is known by its name only")
    return [list(part) if hasattr(part, "__next__") else part for part in made]


def _has_name(thing: object) -> bool:
    """Return whether this is a function or class; what compilers make has types of its own."""
    return hasattr(thing, "__qualname__") and not isinstance(thing, MethodType)


def _named(thing: Any) -> bytes:
    """Return module and name of a function or class, and which code it is."""
    if isinstance(thing, ModuleType):
        return thing.__name__.encode()
    module, name = getattr(thing, "__module__", None) or "builtins", thing.__qualname__
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    bound = getattr(thing, "__self__", None)
    if module == "__main__" or not (found is thing or isinstance(bound, type)):
        raise NoFingerprintError(f"{name} is not the function of a module")
    return f"{module}.{name} {_code(module)}".encode()


@cache
def _code(module: str) -> str:
    """Return the version of the library that a module belongs to, or a digest of the module."""
    top = sys.modules.get(module.split(".")[0])
    version = getattr(top, "__version__", "")
    path = Path(getattr(sys.modules.get(module), "__file__", None) or "")
    if version or path.suffix != ".py":
        return str(version)
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def _own_source() -> bytes:
    """Return a digest of this package's code, which may change without its version, and numpy's."""
    digest = hashlib.sha256(f"python {sys.version_info[:2]} numpy {np.__version__}".encode())
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    return digest.digest()
