"""Notebooks run in memory by the Python that runs the package, whatever kernels are installed."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import copy_context
from pathlib import Path
from typing import Any

import nbformat
from joblib import cpu_count
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from cvln_eval.errors import NotebookError
from cvln_eval.resampling import environment

__all__ = ["code_cells", "read_notebook", "run_notebooks"]

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
IN_CELL = re.compile(r"Cell In\[\d+\], line (\d+)")
MOST_LINES = 12
MOST_AT_ONCE = 4  # each has an interpreter of its own, of some 300 MB
# Cores go to notebooks: with small matrices the threads of one wait for each other, up to 14 times
# as long as one thread computes. Whoever sets the variable is obeyed.
ONE_THREAD = {"OMP_NUM_THREADS": "1"}


class ThisPython(KernelSpecManager):
    """Offers one kernel: the interpreter that is running."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return this interpreter whichever kernel a notebook names."""
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        command.append("--log-level=CRITICAL")  # what stops a notebook is told by its cell
        return KernelSpec(argv=command, display_name="Python 3", language="python")


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook, upgraded to the present format in memory.

    Raises
    ------
    NotebookError
        If the file is no notebook.
    """
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except Exception as error:  # nbformat raises many kinds for a broken file
        raise NotebookError(
            "A notebook cannot be read",
            expected="a Jupyter notebook",
            seen=str(error).splitlines()[0][:200],
            file=path.name,
        ) from error
    return notebook


def code_cells(notebook: NotebookNode) -> list[int]:
    """Return the positions of the code cells that hold anything."""
    return [
        index
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip()
    ]


def run_notebooks(
    notebooks: Sequence[tuple[Path, NotebookNode]], *, tell: Callable[[Path], None]
) -> list[NotebookNode]:
    """Run notebooks, each in order in a fresh kernel; the files on disk are left alone.

    As many run side by side as there are cores, up to four.

    Parameters
    ----------
    notebooks : sequence of (Path, NotebookNode)
        Where each was read from (its folder is the working folder of its kernel), and what was
        read; its outputs are replaced.
    tell : callable
        Called with the path when a notebook begins and after each of its code cells.

    Returns
    -------
    list of NotebookNode
        The same notebooks with new outputs, in the order given.

    Raises
    ------
    NotebookError
        If a cell raises or a kernel dies. Notebooks behind it are stopped, those before it go on:
        whichever is quicker, the first in order that fails is the one named.
    """
    return _outcome(_run_all(notebooks, tell))


def _outcome(work: Coroutine[Any, Any, list[NotebookNode]]) -> list[NotebookNode]:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    # A notebook that makes a report: its thread has a loop already.
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(copy_context().run, asyncio.run, work).result()


async def _run_all(
    notebooks: Sequence[tuple[Path, NotebookNode]], tell: Callable[[Path], None]
) -> list[NotebookNode]:
    turn = asyncio.Semaphore(min(cpu_count(), MOST_AT_ONCE))
    running = [
        asyncio.create_task(_run_notebook(notebook, path, tell, turn))
        for path, notebook in notebooks
    ]
    try:
        return [await one for one in running]
    finally:
        for one in running:
            one.cancel()
        await asyncio.gather(*running, return_exceptions=True)  # until their kernels have ended


async def _run_notebook(
    notebook: NotebookNode, path: Path, tell: Callable[[Path], None], turn: asyncio.Semaphore
) -> NotebookNode:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    async with turn:
        tell(path)
        async with _kernel(notebook, path) as client:
            for count, index in enumerate(code_cells(notebook), start=1):
                await _run_cell(client, notebook, index, count, path)
                tell(path)
    return notebook


@asynccontextmanager
async def _kernel(notebook: NotebookNode, path: Path) -> AsyncIterator[NotebookClient]:
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=ThisPython())
    client = NotebookClient(
        notebook, km=manager, timeout=None, resources={"metadata": {"path": str(path.parent)}}
    )
    # A profile of the user's could change what a notebook shows.
    with tempfile.TemporaryDirectory(prefix="cvln-eval-") as profile:
        env = ONE_THREAD | os.environ | {"IPYTHONDIR": profile} | environment()
        # Not nbclient's async_setup_kernel, which takes SIGINT and SIGTERM for itself.
        try:
            await client.async_start_new_kernel(env=env)
            await client.async_start_new_kernel_client()
            yield client
        finally:
            await _to_its_end(_ended(client, manager))


async def _ended(client: NotebookClient, manager: AsyncKernelManager) -> None:
    if client.km is not None:
        await client._async_cleanup_kernel()
    # It gives up after some seconds, which a busy machine may take to end a process.
    if manager.has_kernel and manager.provisioner is not None:
        await manager.provisioner.wait()


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Wait for the end of a kernel even where its notebook is stopped meanwhile."""
    ending = asyncio.ensure_future(work)
    try:
        await asyncio.shield(ending)
    except asyncio.CancelledError:
        await ending
        raise


async def _run_cell(
    client: NotebookClient, notebook: NotebookNode, index: int, count: int, path: Path
) -> None:
    cell = notebook.cells[index]
    try:
        await client.async_execute_cell(cell, index, execution_count=count)
    except CellExecutionError as error:
        raise NotebookError(
            "A cell of a notebook failed",
            seen=_failure(error),
            file=f"{path.parent.name}/{path.name}, cell {index + 1}{_line(cell)}",
            todo=f"open the notebook and run it to cell {index + 1}",
        ) from None
    except DeadKernelError:
        if (task := asyncio.current_task()) and task.cancelling():
            raise asyncio.CancelledError from None  # nbclient takes a stop for a death
        raise NotebookError(
            "The Python that runs a notebook ended",
            seen="no answer; the memory may not have sufficed",
            file=f"{path.parent.name}/{path.name}, cell {index + 1}",
        ) from None


def _failure(error: CellExecutionError) -> str:
    lines = f"{error.ename}: {error.evalue}".rstrip().splitlines()
    more = [f"({len(lines) - MOST_LINES} more lines)"] if len(lines) > MOST_LINES else []
    return "\n  ".join([*lines[:MOST_LINES], *more])


def _line(cell: Any) -> str:
    """Return the line of the cell at which it stopped, with its text."""
    for output in cell.outputs:
        if output.output_type != "error":
            continue
        found = IN_CELL.search(COLOUR.sub("", "\n".join(output.traceback)))
        lines = cell.source.splitlines()
        if found and 0 < int(found.group(1)) <= len(lines):
            return f", line {found.group(1)}: {lines[int(found.group(1)) - 1].strip()}"
    return ""
