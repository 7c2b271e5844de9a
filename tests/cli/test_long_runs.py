"""Runs that take long: stopped and taken up again, and handed to a cluster."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).resolve().parents[2]

TASKS = """
import os
import time
from pathlib import Path

def noted(size, stream, log):
    with Path(log).open("a") as file:
        file.write(f"{stream.bit_generator.seed_seq.spawn_key[-1]}\\n")
    return stream.normal(size=size)

def waits(size, stream, log):
    drawn = noted(size, stream, log)
    if stream.bit_generator.seed_seq.spawn_key[-1] == 3 and not Path("go").exists():
        Path("started").touch()
        time.sleep(60)
    return drawn

def process(size, stream):
    time.sleep(0.01)
    return [os.getpid()] * size
"""
DRAW = """from cvln_eval.resampling import resample
import draws
drawn = resample(draws.{task}, 1100, arrays=({log!r},), rng=3)
print(repr(float(drawn.sum())))"""


@pytest.fixture
def write(study):
    """Return a function that writes a notebook of these cells, beside the tasks."""
    notebooks = study / "notebooks"
    notebooks.mkdir()
    (notebooks / "draws.py").write_text(TASKS, encoding="utf-8")

    def notebook(*cells):
        made = new_notebook(cells=[new_code_cell(cell) for cell in cells])
        nbformat.write(made, notebooks / "01.ipynb")

    return notebook


def drawn(log):
    return [int(line) for line in log.read_text(encoding="utf-8").split()]


def by_hand():
    sizes = (250, 250, 250, 250, 100)
    streams = np.random.default_rng(3).spawn(5)
    parts = [stream.normal(size=size) for size, stream in zip(sizes, streams, strict=True)]
    return repr(float(np.concatenate(parts).sum()))


def test_a_run_that_failed_goes_on_with_its_draws_and_then_removes_them(cvln, study, write):
    log = study / "log.txt"
    write(DRAW.format(task="noted", log=str(log)), "open('absent.txt').close()")
    ran = cvln("run", study)
    assert ran.exit_code == 2
    assert "Finished draws are kept in .chunks: the next run goes on from them." in ran.stderr
    assert drawn(log) == [0, 1, 2, 3, 4]
    (study / "notebooks" / "absent.txt").touch()
    ran = cvln("run", study)
    assert ran.exit_code == 0, ran.stderr
    assert len(drawn(log)) == 5
    assert by_hand() in (study / "reports" / "index.html").read_text(encoding="utf-8")
    assert not (study / ".chunks").exists()


def test_chunks_in_a_folder_of_the_users_stay(cvln, study, write, tmp_path, monkeypatch):
    monkeypatch.setenv("CVLN_EVAL_CHUNKS", str(tmp_path / "mine"))
    log = study / "log.txt"
    write(DRAW.format(task="noted", log=str(log)))
    for _ in range(2):
        assert cvln("run", study).exit_code == 0
    assert len(drawn(log)) == 5
    assert len(list((tmp_path / "mine").rglob("*.npy"))) == 5
    assert not (study / ".chunks").exists()


def test_a_run_without_draws_keeps_nothing(cvln, study, write):
    write("open('absent.txt').close()")
    assert "Finished draws" not in cvln("run", study).stderr
    assert not (study / ".chunks").exists()


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as on posix")
def test_a_run_that_is_interrupted_goes_on_with_its_draws(cvln, study, write):
    log = study / "log.txt"
    write(DRAW.format(task="waits", log=str(log)))
    running = subprocess.Popen(
        [sys.executable, "-m", "cvln_eval", "run", str(study)], stderr=subprocess.PIPE, text=True
    )
    until = time.monotonic() + 60
    while not (study / "notebooks" / "started").exists() and time.monotonic() < until:
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130, said
    assert "Finished draws are kept in .chunks" in said
    (study / "notebooks" / "go").touch()
    assert cvln("run", study).exit_code == 0
    assert drawn(log) == [0, 1, 2, 3, 3, 4]
    assert by_hand() in (study / "reports" / "index.html").read_text(encoding="utf-8")


@pytest.fixture
def address(study, monkeypatch):
    """The address of a scheduler with two workers that know the tasks of the study."""
    distributed = pytest.importorskip("distributed")
    monkeypatch.syspath_prepend(str(study / "notebooks"))
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=":0",
        host="127.0.0.1",
        silence_logs=50,
    ) as cluster:
        yield cluster.scheduler_address


def test_a_scheduler_makes_the_draws_of_the_notebooks(study, write, address):
    """As a shell runs it; the report shows the draws that one process makes, made by others."""
    log = study / "log.txt"
    who = """import os
from cvln_eval.resampling import resample
import draws
made_by = resample(draws.process, 40, chunk=1)
print("made elsewhere", os.getpid() not in made_by, "by", len(set(made_by)))"""
    write(DRAW.format(task="noted", log=str(log)), who)
    path = os.pathsep.join([str(study / "notebooks"), str(ROOT)])
    command = [sys.executable, "-m", "cvln_eval", "run", str(study), "--scheduler", address]
    ran = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    page = (study / "reports" / "index.html").read_text(encoding="utf-8")
    assert by_hand() in page
    assert "made elsewhere True by 2" in page
    assert sorted(drawn(log)) == [0, 1, 2, 3, 4]


def test_an_address_is_checked_before_anything_else(cvln, study, write):
    write("6 * 7")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    for address, told in ((nobody, "No Dask scheduler answers"), ("8786", "not the address")):
        ran = cvln("run", study, "--scheduler", address)
        assert ran.exit_code == 2
        assert told in ran.stderr
        assert address in ran.stderr
        assert not (study / "data" / "processed").exists()


def test_without_dask_a_scheduler_says_what_to_install(cvln, study, monkeypatch):
    monkeypatch.setattr("cvln_eval.resampling.cluster.find_spec", lambda name: None)
    ran = cvln("run", study, "--scheduler", "tcp://127.0.0.1:8786")
    assert ran.exit_code == 2
    assert "pip install 'cvln-eval[cluster]'" in ran.stderr
