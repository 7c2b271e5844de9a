import joblib
import numpy as np
import pytest
from drawing_tasks import fails, means, nested, threads, too_few
from threadpoolctl import threadpool_limits

from cvln_eval.errors import ArgumentError
from cvln_eval.resampling import resample

VALUES = np.array([1.0, 2.0, 6.0, 7.5])


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    one = resample(means, 600, arrays=(VALUES,), rng=3)
    assert one.shape == (600,)
    np.testing.assert_array_equal(one, resample(means, 600, arrays=(VALUES,), rng=3))
    assert not np.array_equal(one, resample(means, 600, arrays=(VALUES,), rng=4))


def test_each_chunk_is_drawn_from_the_stream_of_its_place():
    """600 draws in chunks of 250: 250, 250, 100, each from a stream spawned in this order."""
    streams = np.random.default_rng(3).spawn(3)
    by_hand = [means(n, s, VALUES) for n, s in zip((250, 250, 100), streams, strict=True)]
    drawn = resample(means, 600, arrays=(VALUES,), rng=3)
    np.testing.assert_array_equal(drawn, np.concatenate(by_hand))


def test_a_longer_run_begins_with_the_draws_of_a_shorter_one():
    short, long = (resample(means, n, arrays=(VALUES,), rng=3) for n in (500, 1000))
    np.testing.assert_array_equal(long[:500], short)


def test_a_generator_goes_on_where_it_was():
    stream = np.random.default_rng(3)
    first, second = (resample(means, 10, arrays=(VALUES,), rng=stream) for _ in range(2))
    np.testing.assert_array_equal(first, resample(means, 10, arrays=(VALUES,), rng=3))
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("task", [means, nested])
@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_other_workers_give_the_numbers_that_one_process_gives(task, backend):
    serial = resample(task, 1100, arrays=(VALUES,), rng=3)
    with joblib.parallel_config(backend, n_jobs=2):
        np.testing.assert_array_equal(serial, resample(task, 1100, arrays=(VALUES,), rng=3))


def test_linear_algebra_has_one_thread():
    """Several round differently; whatever the number of threads outside, inside it is one."""
    with threadpool_limits(2, "blas"):
        assert resample(threads, 2).tolist() == [1, 1]


@pytest.mark.parametrize("n_draws", [0, -1, 2.5, None])
def test_no_draws_are_refused(n_draws):
    with pytest.raises(ArgumentError, match=str(n_draws)):
        resample(means, n_draws, arrays=(VALUES,))


def test_a_chunk_without_draws_is_refused():
    with pytest.raises(ArgumentError, match=r"draws in a chunk[\s\S]*Seen: 0"):
        resample(means, 5, arrays=(VALUES,), chunk=0)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_what_a_task_raises_comes_up_as_it_is_and_tells_chunk_and_seed(n_jobs):
    which = r"^seven\nIn chunk (0, draws 1 to 250|1, draws 251 to 500|2, draws 501 to 600), with"
    with (
        joblib.parallel_config("loky", n_jobs=n_jobs),
        pytest.raises(ZeroDivisionError, match=which) as raised,
    ):
        resample(fails, 600, arrays=(VALUES,), rng=8)
    place = raised.value.__notes__[0].removeprefix("In chunk ")[0]
    assert raised.value.__notes__[0].endswith(f"(entropy=8, spawn_key=({place},))")


def test_a_task_that_returns_too_few_draws_is_told():
    with pytest.raises(ArgumentError, match=r"250 draws along the first axis\nSeen: shape \(249,"):
        resample(too_few, 300)
