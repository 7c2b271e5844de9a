"""Notebooks run in memory by the Python that runs the package, whatever kernels are installed."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from cvln_eval.errors import NotebookError
from cvln_eval.resampling import environment

__all__ = ["code_cells", "read_notebook", "run_notebook"]

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
IN_CELL = re.compile(r"Cell In\[\d+\], line (\d+)")
MOST_LINES = 12


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


def run_notebook(notebook: NotebookNode, path: Path, *, tell: Callable[[], None]) -> NotebookNode:
    """Run a notebook's cells in order in a fresh kernel; the file on disk is left alone.

    Parameters
    ----------
    notebook : NotebookNode
        As read; its outputs are replaced.
    path : Path
        Where it was read from; its folder is the working folder of the kernel.
    tell : callable
        Called after each code cell.

    Returns
    -------
    NotebookNode
        The same notebook with new outputs.

    Raises
    ------
    NotebookError
        If a cell raises or the kernel dies; later cells are not run.
    """
    for index in range(len(notebook.cells)):
        if notebook.cells[index].cell_type == "code":
            notebook.cells[index].outputs = []
            notebook.cells[index].execution_count = None
    with _kernel(notebook, path) as client:
        for count, index in enumerate(code_cells(notebook), start=1):
            _run_cell(client, notebook, index, count, path)
            tell()
    return notebook


@contextmanager
def _kernel(notebook: NotebookNode, path: Path) -> Iterator[NotebookClient]:
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=ThisPython())
    client = NotebookClient(
        notebook, km=manager, timeout=None, resources={"metadata": {"path": str(path.parent)}}
    )
    # A profile of the user's could change what a notebook shows.
    with tempfile.TemporaryDirectory(prefix="cvln-eval-") as profile:
        env = os.environ | {"IPYTHONDIR": profile} | environment()
        with client.setup_kernel(env=env, cleanup_kc=True):
            yield client


def _run_cell(
    client: NotebookClient, notebook: NotebookNode, index: int, count: int, path: Path
) -> None:
    cell = notebook.cells[index]
    try:
        client.execute_cell(cell, index, execution_count=count)
    except CellExecutionError as error:
        raise NotebookError(
            "A cell of a notebook failed",
            seen=_failure(error),
            file=f"{path.parent.name}/{path.name}, cell {index + 1}{_line(cell)}",
            todo=f"open the notebook and run it to cell {index + 1}",
        ) from None
    except DeadKernelError:
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
