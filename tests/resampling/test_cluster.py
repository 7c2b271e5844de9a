"""A Dask cluster of two workers on this machine gives the numbers that one process gives."""

import socket
import socketserver
import threading
import time

import joblib
import numpy as np
import pytest
from drawing_tasks import dies_once, fails, means, nested

from cvln_eval.errors import ArgumentError
from cvln_eval.resampling import cluster, environment, keep_chunks, on_cluster, resample
from cvln_eval.resampling.chunks import Work

distributed = pytest.importorskip("distributed")

VALUES = np.arange(50_000.0)


@pytest.fixture(scope="module")
def dask():
    """A cluster of two workers, each a process of one thread, and its client."""
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=":0",
            host="127.0.0.1",
            silence_logs=50,
        ) as two,
        distributed.Client(two) as client,
    ):
        yield client


@pytest.fixture
def address(dask):
    return dask.scheduler.address


@pytest.mark.parametrize("task", [means, nested])
def test_the_cluster_gives_the_numbers_of_one_process_and_of_several(dask, address, task):
    serial = resample(task, 1100, arrays=(VALUES,), rng=3)
    with joblib.parallel_config("loky", n_jobs=2):
        loky = resample(task, 1100, arrays=(VALUES,), rng=3)
    with joblib.parallel_config("dask"):
        on_dask = resample(task, 1100, arrays=(VALUES,), rng=3)
    with on_cluster(address):
        assert environment() == {"CVLN_EVAL_SCHEDULER": address}
        by_address = resample(task, 1100, arrays=(VALUES,), rng=3)
    for other in (loky, on_dask, by_address):
        np.testing.assert_array_equal(other, serial)


class Counted:
    """An array that counts how often it is made into bytes by this process."""

    sent = 0

    def __init__(self, values):
        self.values = values

    def __reduce__(self):
        type(self).sent += 1
        return (np.array, (self.values,))


def test_what_a_run_sent_is_not_taken_for_what_an_equal_one_sent_before(dask):
    """A cluster clears away by name, some time after the last use: equal names lost the second."""
    keys = [dask.scatter(Work(means, (VALUES,)), broadcast=True).key for _ in range(2)]
    assert keys[0] != keys[1]


@pytest.mark.parametrize("said", ["by joblib", "by address"])
def test_arrays_are_sent_once_and_seeds_after(dask, address, said):
    """Forty chunks: the array leaves this process as often with forty as with two."""
    sent = []
    for n_draws in (20, 400):
        Counted.sent = 0
        with joblib.parallel_config("dask") if said == "by joblib" else on_cluster(address):
            resample(means, n_draws, arrays=(Counted(VALUES),), rng=3, chunk=10)
        sent.append(Counted.sent)
    assert 1 <= sent[0] == sent[1] <= 4  # once to name it, once to each worker, never a chunk


def test_both_workers_hold_the_array_before_they_draw(dask):
    seen = []
    scatter = dask.scatter

    def watched(data, **options):
        futures = scatter(data, **options)
        seen.append(dask.who_has(futures))
        return futures

    dask.scatter = watched
    try:
        with joblib.parallel_config("dask", client=dask):
            resample(means, 400, arrays=(VALUES,), rng=3, chunk=10)
    finally:
        del dask.scatter
    assert len(seen) == 1
    (holders,) = seen[0].values()
    assert len(holders) == 2


def test_what_a_task_raises_on_the_cluster_comes_up_as_it_is(address):
    with on_cluster(address), pytest.raises(ZeroDivisionError, match=r"^seven\nIn chunk \d, draws"):
        resample(fails, 600, arrays=(VALUES,), rng=8)


def test_chunks_from_the_cluster_are_kept_here(address, tmp_path):
    with on_cluster(address), keep_chunks(tmp_path):
        resample(means, 1100, arrays=(VALUES,), rng=3)
    assert len(list(tmp_path.rglob("*.npy"))) == 5


def test_the_chunk_of_a_worker_that_dies_is_drawn_by_another(address, tmp_path):
    flag = str(tmp_path / "died")
    with on_cluster(address):
        drawn = resample(dies_once, 2000, arrays=(VALUES, flag), rng=3)
    assert (tmp_path / "died").exists()
    np.testing.assert_array_equal(drawn, resample(means, 2000, arrays=(VALUES,), rng=3))


@pytest.mark.parametrize(
    "wrong", ["localhost", "127.0.0.1:8786", "http://a:1", "tcp://a", "tcp://:1"]
)
def test_what_is_no_address_is_refused(wrong):
    with pytest.raises(ArgumentError, match=f"not the address[\\s\\S]*{wrong}"), on_cluster(wrong):
        pass


def test_an_address_where_nobody_listens_is_told_within_seconds():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    began = time.monotonic()
    told = f"No Dask scheduler[\\s\\S]*{nobody}"
    with pytest.raises(ArgumentError, match=told), on_cluster(nobody):
        pass
    assert time.monotonic() - began < 10


def test_something_else_that_listens_there_is_told(monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as other:
        silent = f"tcp://127.0.0.1:{other.getsockname()[1]}"
        told = f"No Dask scheduler[\\s\\S]*{silent}"
        with pytest.raises(ArgumentError, match=told), on_cluster(silent):
            pass


def test_a_web_server_at_the_address_is_told():
    # such as the dashboard's port: read as Dask's, "HTTP/1.1" is a message of 3 exabytes
    class Answers(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.sendall(b"HTTP/1.1 400 Bad Request" + b"x" * 200)
            self.request.recv(4096)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Answers) as web:
        thread = threading.Thread(target=web.serve_forever)
        thread.start()
        here = f"tcp://127.0.0.1:{web.server_address[1]}"
        told = f"{here}: something that is no Dask scheduler"
        try:
            with pytest.raises(ArgumentError, match=told), on_cluster(here):
                pass
        finally:
            web.shutdown()
            thread.join()


def test_a_scheduler_without_workers_is_told(dask):
    options = {"dashboard_address": ":0", "host": "127.0.0.1", "silence_logs": 50}
    with (
        distributed.LocalCluster(n_workers=0, **options) as empty,
        pytest.raises(ArgumentError, match="no worker"),
        on_cluster(empty.scheduler_address),
    ):
        pass


def test_without_dask_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(cluster, "find_spec", lambda name: None)
    told = r"pip install 'cvln-eval\[cluster\]'"
    with pytest.raises(ArgumentError, match=told), on_cluster("tcp://127.0.0.1:1"):
        pass


def test_a_worker_of_another_version_is_refused():
    from dataclasses import replace

    from cvln_eval.resampling.chunks import compute, in_chunks

    (chunk,) = in_chunks(10, 10, 1)
    with pytest.raises(ArgumentError, match=r"another version[\s\S]*Expected: 0\.0\.1"):
        compute((means, (VALUES,)), replace(chunk, version="0.0.1"))
