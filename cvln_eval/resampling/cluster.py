"""A Dask cluster: whether one can be had at an address, and sending it what it works on, once."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.util import find_spec
from socket import create_connection
from typing import TYPE_CHECKING, Any, cast

from joblib import parallel_config
from joblib.parallel import get_active_backend

from cvln_eval.errors import ArgumentError
from cvln_eval.resampling.surroundings import SCHEDULER, set_to, setting

if TYPE_CHECKING:
    from cvln_eval.resampling.chunks import Work

__all__ = ["on_cluster", "refuse_unless_cluster", "sent_once"]

Sending = AbstractContextManager[object]

ADDRESS = re.compile(r"(?:tcp|tls|ws|wss)://\[?([0-9a-fA-F:]+(?=\])|[^\s:/\[\]]+)\]?:(\d{1,5})")
PATIENCE = 5  # seconds until an address counts as one where nobody listens

_clients: dict[tuple[int, str], Any] = {}


@contextmanager
def on_cluster(address: str) -> Iterator[None]:
    """Compute the chunks of draws on the Dask cluster at an address.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://192.168.1.5:8786``. The environment variable
        CVLN_EVAL_SCHEDULER does the same for a whole process.

    Returns
    -------
    Iterator of None
        As a context manager.

    Raises
    ------
    ArgumentError
        If `distributed` is not installed, the address has another form, no Dask scheduler answers
        there within seconds, or it has no worker.
    """
    opened_before = (os.getpid(), address) in _clients
    try:
        refuse_unless_cluster(address)
        with set_to(SCHEDULER, address):
            yield
    finally:
        if not opened_before and (client := _clients.pop((os.getpid(), address), None)):
            client.close()


def refuse_unless_cluster(address: str) -> None:
    """Raise `ArgumentError` unless a Dask scheduler with a worker answers at the address."""
    found = ADDRESS.fullmatch(address)
    if found is None:
        raise ArgumentError(
            "This is not the address of a Dask scheduler",
            expected="an address such as tcp://192.168.1.5:8786",
            seen=repr(address),
        )
    if find_spec("distributed") is None:
        raise ArgumentError(
            "Computing on a cluster needs Dask",
            expected="the package distributed",
            seen="it is not installed",
            todo="pip install 'cvln-eval[cluster]'",
        )
    if not _scheduler(address, found[1], int(found[2]))["workers"]:
        raise ArgumentError(
            "The Dask scheduler has no worker",
            expected=f"at least one worker that has joined {address}",
            seen="none",
            todo=f"start some: dask worker {address}",
        )


def _scheduler(address: str, host: str, port: int) -> dict[str, Any]:
    """Return what the scheduler says of itself, within seconds."""
    try:
        # Dask itself asks again and again where the machine has said at once that nobody is there.
        create_connection((host, port), timeout=PATIENCE).close()
        # A notebook has a running loop in this thread already.
        with ThreadPoolExecutor(1) as thread:
            answer = thread.submit(asyncio.run, _asked(address)).result()
        if answer["type"] == "Scheduler":
            return answer
        problem = f"a Dask {answer['type']}"
    except Exception as error:  # what a web server answers is read as a length, of exabytes
        said = str(error) if isinstance(error, OSError) else ""
        problem = said or "something that is no Dask scheduler"
    raise ArgumentError(
        "No Dask scheduler answers at this address",
        expected=f"a running `dask scheduler` that answers within {PATIENCE} seconds",
        seen=f"{address}: {problem.splitlines()[0][:200]}",
        todo="start it, or put the address right",
    )


async def _asked(address: str) -> dict[str, Any]:
    from distributed import rpc

    async def ask() -> dict[str, Any]:
        async with rpc(address, timeout=PATIENCE) as scheduler:  # type: ignore[no-untyped-call]
            return dict(await scheduler.identity())

    return await asyncio.wait_for(ask(), PATIENCE)


def sent_once(work: Work) -> Sending:
    """Return a `with` in which the work goes to each Dask worker once, whatever the chunks are.

    It goes to all of them at the start, so that it outlives a worker that dies. Other workers than
    Dask's need nothing: a process of this machine maps large arrays into its memory.
    """
    address = setting(SCHEDULER)
    if address:
        client = _client(address)
        return cast(Sending, parallel_config("dask", client=client, scatter=[work]))
    backend, _ = get_active_backend()
    if type(backend).__name__ != "DaskDistributedBackend":
        return nullcontext()
    options = {"wait_for_workers_timeout": backend.wait_for_workers_timeout}
    options |= backend.submit_kwargs
    again = parallel_config("dask", client=backend.client, scatter=[work], **options)
    return cast(Sending, again)


def _client(address: str) -> Any:
    """Return the client of this process for a scheduler; one serves all runs."""
    key = (os.getpid(), address)
    if key not in _clients:
        refuse_unless_cluster(address)
        from distributed import Client

        _clients[key] = Client(address, set_as_default=False)  # type: ignore[no-untyped-call]
    return _clients[key]
