"""What could give other numbers has another fingerprint, or none."""

import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import drawing_tasks
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from cvln_eval.resampling import fingerprint as module
from cvln_eval.resampling.fingerprint import NoFingerprintError, fingerprint


@dataclass(frozen=True, slots=True)
class Plan:
    name: str
    sizes: np.ndarray


FLOATS = np.arange(6.0)
DIFFERENT = [
    None,
    0,
    0.0,
    -0.0,
    False,
    "0",
    b"0",
    (),
    [],
    {},
    (0,),
    ((0,),),
    (0, 0),
    [0],
    {0},
    {0: 0},
    FLOATS,
    FLOATS.reshape(2, 3),
    FLOATS.reshape(3, 2),
    FLOATS.astype("float32"),
    FLOATS.astype(">f8"),
    FLOATS.astype(int),
    np.float64(0),
    np.array(["a", "b"]),
    np.array(["a", "b"], dtype=object),
    pd.DataFrame({"a": [1, 2]}),
    pd.DataFrame({"a": [1, 3]}),
    pd.DataFrame({"b": [1, 2]}),
    pd.DataFrame({"a": ["x", None]}),
    pd.Series([1, 2], index=[1, 0]),
    pd.Series([1, 2]),
    sparse.csr_array(np.eye(2)),
    sparse.csr_array(2 * np.eye(2)),
    Plan("a", FLOATS),
    Plan("b", FLOATS),
    Plan("a", FLOATS + 1),
    drawing_tasks.means,
    drawing_tasks.nested,
    partial(drawing_tasks.means, values=1),
    partial(drawing_tasks.means, values=2),
    partial(drawing_tasks.means, 1),
    np.random.default_rng(1),
    np.random.default_rng(2),
    np.random.default_rng(1).bit_generator.seed_seq,
    np.mean,
    len,
]


def test_different_things_have_different_fingerprints():
    assert len({fingerprint(thing) for thing in DIFFERENT}) == len(DIFFERENT)


def test_equal_content_has_one_fingerprint_however_it_lies_in_memory():
    matrix = np.arange(12.0).reshape(3, 4)
    assert fingerprint(matrix) == fingerprint(np.asfortranarray(matrix))
    assert fingerprint(matrix[:, ::2]) == fingerprint(matrix[:, ::2].copy())
    assert fingerprint({"b", "a", "c"}) == fingerprint({"c", "b", "a"})
    assert fingerprint(Plan("a", FLOATS)) == fingerprint(Plan("a", FLOATS.copy()))


@given(st.lists(st.text()), st.lists(st.text()))
def test_neighbours_do_not_run_together(one, other):
    assert (fingerprint(one) == fingerprint(other)) == (one == other)


ELSEWHERE = """
import numpy as np, pandas as pd
from functools import partial
import drawing_tasks
from cvln_eval.resampling.fingerprint import fingerprint
table = pd.DataFrame({"a": ["x", None], "b": [1.5, 2.0]})
print(fingerprint((partial(drawing_tasks.means, 1), np.arange(3.0), table, {"a", "b", "c"})))
"""


def test_another_process_finds_the_same_fingerprint():
    table = pd.DataFrame({"a": ["x", None], "b": [1.5, 2.0]})
    task = partial(drawing_tasks.means, 1)
    ours = fingerprint((task, np.arange(3.0), table, {"a", "b", "c"}))
    here = Path(__file__).parent
    paths = f"import sys; sys.path[:0] = [{str(here)!r}, {str(here.parents[1])!r}]"
    ran = subprocess.run(
        [sys.executable, "-c", paths + ELSEWHERE], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == ours


def closure(value):
    def inside(size, stream):
        return value

    return inside


class Unpicklable:
    def __reduce_ex__(self, protocol):
        raise TypeError("not me")


def of_main():
    pass


of_main.__module__ = "__main__"
RING = []
RING.append(RING)


@pytest.mark.parametrize(
    "thing",
    [lambda: 0, closure(1), of_main, Unpicklable(), RING, iter([1]), [partial(lambda: 0)]],
    ids=["lambda", "closure", "of a script", "unpicklable", "ring", "iterator", "lambda inside"],
)
def test_what_is_not_sure_has_none(thing):
    if type(thing).__name__ == "list_iterator":
        thing = (one for one in [1])
    with pytest.raises(NoFingerprintError):
        fingerprint(thing)


def test_other_code_has_another_fingerprint(monkeypatch):
    ours = fingerprint(drawing_tasks.means)
    monkeypatch.setattr(module, "_code", lambda name: "after a change of the module")
    task = fingerprint(drawing_tasks.means)
    monkeypatch.setattr(module, "_own_source", lambda: b"after a change of the package")
    assert len({ours, task, fingerprint(drawing_tasks.means)}) == 3


def test_the_digest_of_the_code_reads_every_module_of_the_package(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "PACKAGE", tmp_path)
    seen = set()
    for content in ("a = 1", "a = 2"):
        (tmp_path / "deep").mkdir(exist_ok=True)
        (tmp_path / "deep" / "module.py").write_text(content)
        seen.add(module._own_source.__wrapped__())
    assert len(seen) == 2


def test_a_function_that_a_script_holds_under_its_name_has_none_either(monkeypatch):
    monkeypatch.setattr(sys.modules["__main__"], "of_main", of_main, raising=False)
    with pytest.raises(NoFingerprintError, match="of_main is not the function of a module"):
        fingerprint(of_main)
