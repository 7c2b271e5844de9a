import joblib
import numpy as np
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.resampling import resample

VALUES = np.array([1.0, 2.0, 6.0, 7.5])


def means(size, stream, values):
    return stream.choice(values, (size, len(values))).mean(axis=1)


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    one = resample(means, 600, arrays=(VALUES,), rng=3)
    assert one.shape == (600,)
    np.testing.assert_array_equal(one, resample(means, 600, arrays=(VALUES,), rng=3))
    assert not np.array_equal(one, resample(means, 600, arrays=(VALUES,), rng=4))


def test_processes_give_the_numbers_that_one_process_gives():
    serial = resample(means, 1100, arrays=(VALUES,), rng=3)
    with joblib.parallel_config("loky", n_jobs=2):
        np.testing.assert_array_equal(serial, resample(means, 1100, arrays=(VALUES,), rng=3))


@pytest.mark.parametrize("n_draws", [0, -1, 2.5, None])
def test_no_draws_are_refused(n_draws):
    with pytest.raises(ArgumentError, match=str(n_draws)):
        resample(means, n_draws, arrays=(VALUES,))
