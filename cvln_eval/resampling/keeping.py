"""Finished chunks on disk, so that a run that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import io
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np

from cvln_eval.errors import ArgumentError, CvlnWarning
from cvln_eval.resampling.fingerprint import NoFingerprintError, fingerprint
from cvln_eval.resampling.surroundings import CHUNKS, set_to, setting

__all__ = ["ChunkNotKeptWarning", "DamagedChunkWarning", "KeptChunks", "keep_chunks", "kept_chunks"]

SEAL = 32  # bytes of the SHA-256 that stands behind the array


class DamagedChunkWarning(CvlnWarning):
    """A kept chunk is not what was written, and is drawn again."""


class ChunkNotKeptWarning(CvlnWarning):
    """A finished chunk could not be written; the run goes on without keeping."""


@contextmanager
def keep_chunks(folder: str | Path) -> Iterator[Path]:
    """Keep each finished chunk of draws in a folder, and take up those that are there.

    Parameters
    ----------
    folder : str or Path
        Made where it is not there. What is in it may be removed at any time; then it is drawn
        anew. The environment variable CVLN_EVAL_CHUNKS does the same for a whole process.

    Returns
    -------
    Iterator of Path
        As a context manager: the folder.

    Raises
    ------
    ArgumentError
        If a file stands where the folder should be.

    Notes
    -----
    A chunk is kept under a fingerprint of the task, its arrays, the seed and the code, so another
    run never takes it. Tasks whose identity is not sure are drawn but not kept: lambdas, closures,
    functions of a notebook or of a script. A damaged file is drawn again, with a warning.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, keep_chunks(folder) as kept:
    ...     kept.is_dir()
    True
    """
    path = Path(folder).resolve()
    if path.exists() and not path.is_dir():
        raise ArgumentError(
            "There is a file where finished chunks should be kept",
            expected="a folder, or a name that is free",
            seen=str(folder),
        )
    with set_to(CHUNKS, str(path)):
        yield path


class KeptChunks:
    """The chunks of one run that are on disk; of a run that is not kept there are none."""

    __slots__ = ("folder",)

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def read(self, index: int, size: int) -> np.ndarray | None:
        """Return a chunk, or None where it has to be drawn."""
        path = self._path(index, size)
        if path is None or not path.exists():
            return None
        content = path.read_bytes()
        if hashlib.sha256(content[:-SEAL]).digest() == content[-SEAL:]:
            return np.asarray(np.load(io.BytesIO(content[:-SEAL]), allow_pickle=False))
        warnings.warn(
            f"a kept chunk is damaged and is drawn again: {path.parent.name}/{path.name}",
            DamagedChunkWarning,
            stacklevel=3,
        )
        return None

    def write(self, index: int, part: np.ndarray) -> None:
        """Write a chunk whole or not at all; where that fails the run goes on without keeping."""
        path = self._path(index, len(part))
        if path is None or part.dtype.hasobject:
            return
        content = io.BytesIO()
        np.save(content, part)
        try:
            _write(path, content.getvalue())
        except OSError as error:
            self.folder = None
            warnings.warn(
                f"finished draws are not kept: {error.strerror or error}",
                ChunkNotKeptWarning,
                stacklevel=3,
            )

    def _path(self, index: int, size: int) -> Path | None:
        return None if self.folder is None else self.folder / f"{index:06d}_{size}.npy"


def kept_chunks(task: object, arrays: tuple[Any, ...], stream: np.random.Generator) -> KeptChunks:
    """Return the kept chunks of a run, known by its task, its arrays and its first stream."""
    folder = setting(CHUNKS)
    if not folder:
        return KeptChunks(None)
    seed: Any = stream.bit_generator.seed_seq
    drawn = (type(stream.bit_generator), seed.entropy, seed.spawn_key, seed.pool_size)
    try:
        return KeptChunks(Path(folder) / fingerprint((task, arrays, drawn)))
    except NoFingerprintError:
        return KeptChunks(None)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        file.write(content + hashlib.sha256(content).digest())
    os.replace(file.name, path)
