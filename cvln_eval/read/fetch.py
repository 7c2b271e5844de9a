"""Published raw files, from their address or a folder: always the bytes the study names."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cvln_eval.errors import FetchError, shown

if TYPE_CHECKING:
    from cvln_eval.study.definition import RemoteFile
    from cvln_eval.study.study import Study

__all__ = ["fetch_study"]

SECONDS_TO_ANSWER = 30


def fetch_study(
    study: Study, *, source: str | Path | None = None, progress: bool = False
) -> list[Path]:
    """Put a study's published files into its `data/raw/`.

    Parameters
    ----------
    study : Study
        A study whose `study.toml` has `[[fetch]]` entries.
    source : str or Path, optional
        A folder that already holds the files; without it they are downloaded.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    list of Path
        The files, in the order of `study.toml`; empty when the study publishes none. Files that are
        there and right are left alone. Each is written beside its place, checked and then renamed,
        so that a broken download leaves nothing behind.

    Raises
    ------
    FetchError
        If bytes are not those the study names, a file is not in `source`, the network fails, or
        another file already stands in the place (it is never overwritten).
    """
    folder = None if source is None else Path(source)
    files = _shown(study.definition.remote, progress)
    return [_fetch(remote, study.raw_folder / remote.file, folder) for remote in files]


def _shown(files: tuple[RemoteFile, ...], progress: bool) -> Iterable[RemoteFile]:
    if not progress:
        return files
    from rich.progress import track

    return track(files, description="Fetching")


def _fetch(remote: RemoteFile, place: Path, folder: Path | None) -> Path:
    if place.is_file():
        _check(place, remote, todo=f"move {place.name} out of data/raw and fetch again")
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with _beside(place) as temporary:
        if folder is None:
            _download(remote, temporary)
            todo = "fetch again; if it stays so, the published file has changed"
        else:
            shutil.copyfile(_in_folder(remote, folder), temporary)
            todo = "take the file from the published address"
        _check(temporary, remote, todo=todo)
        os.replace(temporary, place)
    return place


@contextmanager
def _beside(place: Path) -> Iterator[Path]:
    """Yield a temporary path in the same folder, gone afterwards whatever happens."""
    handle, name = tempfile.mkstemp(prefix=".fetching-", dir=place.parent)
    os.close(handle)
    os.chmod(name, 0o644)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _in_folder(remote: RemoteFile, folder: Path) -> Path:
    path = folder / Path(remote.file).name
    if not path.is_file():
        there = sorted(item.name for item in folder.glob("*")) if folder.is_dir() else []
        raise FetchError(
            "The folder does not hold a file of the study",
            expected=path.name,
            seen=shown(there) or ("an empty folder" if folder.is_dir() else "no such folder"),
            file=remote.file,
            todo="name the folder that holds all files listed under [[fetch]] in study.toml",
        )
    return path


def _download(remote: RemoteFile, path: Path) -> None:
    import pooch

    try:
        pooch.HTTPDownloader(timeout=SECONDS_TO_ANSWER)(remote.url, str(path), None)
    except OSError as error:
        raise FetchError(
            "A published file could not be downloaded",
            expected=remote.url,
            seen=type(error).__name__,
            file=remote.file,
            todo="check the connection, or download the files elsewhere and use --from FOLDER",
        ) from error


def _check(path: Path, remote: RemoteFile, *, todo: str) -> None:
    with path.open("rb") as handle:
        seen = hashlib.file_digest(handle, "sha256").hexdigest()
    if seen != remote.sha256.lower():
        raise FetchError(
            "A file is not the published one",
            expected=f"sha256 {remote.sha256}",
            seen=f"sha256 {seen}",
            file=remote.file,
            todo=todo,
        )
