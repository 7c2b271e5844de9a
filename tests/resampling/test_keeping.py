"""A run that is stopped, in whatever way, draws no finished chunk twice."""

import functools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import joblib
import numpy as np
import pytest
from drawing_tasks import fails_late, means, nested, noted, objects, slow

from cvln_eval.errors import ArgumentError
from cvln_eval.resampling import (
    ChunkNotKeptWarning,
    DamagedChunkWarning,
    keep_chunks,
    resample,
)
from cvln_eval.resampling.surroundings import CHUNKS, environment

VALUES = np.array([1.0, 2.0, 6.0, 7.5])


@pytest.fixture
def log(tmp_path):
    return tmp_path / "log.txt"


def drawn(log):
    """Return which chunks were drawn, as often as they were."""
    return [int(line) for line in log.read_text().split()] if log.exists() else []


def draw(log, **also):
    return resample(noted, 1100, arrays=(VALUES, str(log)), **{"rng": 3} | also)


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_run_that_was_finished_is_read_and_not_drawn(tmp_path, log, n_jobs):
    plain = resample(means, 1100, arrays=(VALUES,), rng=3)
    with keep_chunks(tmp_path / "kept"), joblib.parallel_config("loky", n_jobs=n_jobs):
        np.testing.assert_array_equal(draw(log), plain)
        assert sorted(drawn(log)) == [0, 1, 2, 3, 4]
        np.testing.assert_array_equal(draw(log), plain)
    assert len(drawn(log)) == 5


def test_nothing_is_kept_unless_told(tmp_path, log, monkeypatch):
    monkeypatch.chdir(tmp_path)
    draw(log)
    draw(log)
    assert len(drawn(log)) == 10
    assert files(tmp_path) == [log]


def test_the_environment_says_it_for_a_whole_process(tmp_path, log, monkeypatch):
    monkeypatch.setenv(CHUNKS, str(tmp_path / "kept"))
    draw(log)
    assert len(files(tmp_path / "kept")) == 5
    with keep_chunks(tmp_path / "other"):
        assert environment() == {CHUNKS: str(tmp_path / "other")}
    assert environment() == {CHUNKS: str(tmp_path / "kept")}


def test_a_stopped_run_goes_on_with_the_chunk_it_was_in(tmp_path):
    plain = resample(means, 1100, arrays=(VALUES,), rng=3)
    with keep_chunks(tmp_path):
        task = functools.partial(fails_late, after=3)
        with pytest.raises(KeyboardInterrupt):
            resample(task, 1100, arrays=(VALUES,), rng=3)
        assert [path.name for path in files(tmp_path)] == [f"00000{i}_250.npy" for i in range(3)]
        kept = [np.load(path) for path in files(tmp_path)]
    np.testing.assert_array_equal(np.concatenate(kept), plain[:750])


KILLED = """
import sys
import numpy as np
from drawing_tasks import slow
from cvln_eval.resampling import keep_chunks, resample
with keep_chunks(sys.argv[1]):
    drawn = resample(slow, 1100, arrays=(np.array([1.0, 2.0, 6.0, 7.5]), sys.argv[2]), rng=3)
"""


def test_a_killed_run_loses_no_finished_chunk(tmp_path, log):
    folder = tmp_path / "kept"
    here = str(Path(__file__).parent)
    path = os.pathsep.join([here, str(Path(here).parents[1])])
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(folder), str(log)], env=os.environ | {"PYTHONPATH": path}
    )
    until = time.monotonic() + 30
    while not (folder.exists() and list(folder.rglob("*.npy"))) and time.monotonic() < until:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    finished = {int(path.name[:6]) for path in folder.rglob("*.npy")}
    assert 1 <= len(finished) < 5
    before = len(drawn(log))
    with keep_chunks(folder):
        again = resample(slow, 1100, arrays=(VALUES, str(log)), rng=3)
    assert sorted(drawn(log)[before:]) == sorted(set(range(5)) - finished)
    np.testing.assert_array_equal(again, resample(means, 1100, arrays=(VALUES,), rng=3))


@pytest.mark.parametrize("harm", ["cut", "flipped", "empty"])
def test_a_damaged_file_is_drawn_again_and_said(tmp_path, log, harm):
    with keep_chunks(tmp_path / "kept"):
        first = draw(log)
        path = files(tmp_path / "kept")[2]
        content = path.read_bytes()
        flipped = content[:200] + bytes([content[200] ^ 1]) + content[201:]
        path.write_bytes({"cut": content[:-9], "flipped": flipped, "empty": b""}[harm])
        with pytest.warns(DamagedChunkWarning, match="000002_250.npy"):
            np.testing.assert_array_equal(draw(log), first)
        assert drawn(log)[5:] == [2]
        np.testing.assert_array_equal(draw(log), first)
    assert len(drawn(log)) == 6


def test_another_seed_array_task_or_size_takes_no_chunk_of_this_run(tmp_path, log):
    with keep_chunks(tmp_path / "kept"):
        draw(log)
        draw(log, rng=4)
        draw(log, chunk=100)
        resample(noted, 1100, arrays=(VALUES + 1e-9, str(log)), rng=3)
        assert len(drawn(log)) == 5 + 5 + 10 + 5  # draws 401 to 500 are chunk 4 of 100 in two
        resample(means, 1100, arrays=(VALUES,), rng=3)
    assert len({path.parent for path in files(tmp_path / "kept")}) == 4  # sizes share a folder


def test_streams_of_one_seed_take_no_chunk_of_each_other(tmp_path, log):
    one, other = np.random.default_rng(3).spawn(2)
    with keep_chunks(tmp_path / "kept"):
        first, second = draw(log, rng=one), draw(log, rng=other)
    assert len(drawn(log)) == 10
    assert not np.array_equal(first, second)


def test_draws_within_a_task_are_not_kept_one_by_one(tmp_path):
    with keep_chunks(tmp_path):
        resample(nested, 300, arrays=(VALUES,), rng=3)
    assert len(files(tmp_path)) == 2


def test_a_longer_run_takes_up_the_whole_chunks_of_a_shorter_one(tmp_path, log):
    with keep_chunks(tmp_path / "kept"):
        draw(log)
        longer = resample(noted, 1600, arrays=(VALUES, str(log)), rng=3)
    assert drawn(log)[5:] == [4, 5, 6]  # the fifth had 100 draws, and has 250 now
    np.testing.assert_array_equal(longer, resample(means, 1600, arrays=(VALUES,), rng=3))


def test_a_task_that_has_no_fingerprint_is_drawn_and_not_kept(tmp_path):
    plain = resample(means, 300, arrays=(VALUES,), rng=3)
    with keep_chunks(tmp_path / "kept"):
        drawn = resample(lambda *given: means(*given), 300, arrays=(VALUES,), rng=3)
        np.testing.assert_array_equal(drawn, plain)
        assert resample(objects, 300)[0] == {"a": 1}
    assert files(tmp_path / "kept") == []


def test_a_folder_that_cannot_be_written_stops_keeping_and_not_the_run(tmp_path, log):
    with keep_chunks(tmp_path / "kept"):
        (tmp_path / "kept").write_text("a file, since")
        with pytest.warns(ChunkNotKeptWarning, match="not kept") as told:
            drawn = draw(log)
    assert len(told) == 1
    np.testing.assert_array_equal(drawn, resample(means, 1100, arrays=(VALUES,), rng=3))


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "kept").write_text("mine")
    with pytest.raises(ArgumentError, match="There is a file"), keep_chunks(tmp_path / "kept"):
        pass
