"""Notebooks tell the story and hold no machinery; their outputs are committed."""

import ast
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("studies/*/notebooks/*.ipynb")])
MOST_LINES = 10
MACHINERY = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.While,
    ast.Try,
)
WITHOUT_OUTPUT = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.Assert)


def cells(kind):
    """Yield (where, cell) for each cell of a kind in each notebook."""
    for path in NOTEBOOKS:
        content = json.loads(path.read_text(encoding="utf-8"))
        for number, cell in enumerate(content["cells"], start=1):
            if cell["cell_type"] == kind and source(cell).strip():
                yield f"{path.relative_to(ROOT)} cell {number}", cell


def source(cell):
    return "".join(cell["source"])


def test_there_are_notebooks_to_hold_to_this():
    assert any(path.is_relative_to(ROOT / "notebooks") for path in NOTEBOOKS)


def test_no_code_cell_has_more_lines_than_a_reader_takes_in_at_a_glance():
    long = {where: n for where, cell in cells("code") if (n := lines(cell)) > MOST_LINES}
    assert long == {}


def lines(cell):
    return len([line for line in source(cell).splitlines() if line.strip()])


def test_no_code_cell_holds_machinery():
    found = {
        where: sorted({type(node).__name__ for node in nodes})
        for where, cell in cells("code")
        if (nodes := [n for n in ast.walk(ast.parse(source(cell))) if isinstance(n, MACHINERY)])
    }
    assert found == {}


def test_no_cell_that_shows_something_has_had_its_output_cleared():
    cleared = [
        where
        for where, cell in cells("code")
        if not cell["outputs"] and not isinstance(last_statement(cell), WITHOUT_OUTPUT)
    ]
    assert cleared == []


def last_statement(cell):
    return ast.parse(source(cell)).body[-1]


def test_each_code_cell_was_run_in_order_from_a_fresh_kernel():
    counts = {}
    for where, cell in cells("code"):
        counts.setdefault(where.rsplit(" cell ", 1)[0], []).append(cell["execution_count"])
    out_of_order = {
        path: found for path, found in counts.items() if found != list(range(1, len(found) + 1))
    }
    assert out_of_order == {}


def test_no_output_is_an_error_or_a_warning():
    loud = [
        where
        for where, cell in cells("code")
        for output in cell["outputs"]
        if output["output_type"] == "error" or output.get("name") == "stderr"
    ]
    assert loud == []


def test_prose_stands_before_each_code_cell():
    bare = []
    for path in NOTEBOOKS:
        kinds = [c["cell_type"] for c in json.loads(path.read_text(encoding="utf-8"))["cells"]]
        pairs = zip(["code", *kinds], kinds, strict=False)
        bare += [
            f"{path.relative_to(ROOT)} cell {number}"
            for number, (before, kind) in enumerate(pairs, start=1)
            if kind == "code" and before == "code" and number > 2
        ]
    assert bare == []


def test_notebooks_run_on_the_plain_python_kernel():
    named = {
        str(path.relative_to(ROOT)): json.loads(path.read_text(encoding="utf-8"))["metadata"]
        .get("kernelspec", {})
        .get("name")
        for path in NOTEBOOKS
    }
    assert set(named.values()) <= {"python3"}, named
