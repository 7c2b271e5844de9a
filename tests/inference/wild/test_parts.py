"""Which draws repeat the sample, and where a confidence set ends."""

import numpy as np
import pytest

from cvln_eval.inference.wild.confidence import confidence_set
from cvln_eval.inference.wild.smallest import repeats


def test_draws_repeat_the_sample_where_the_clusters_that_move_it_agree():
    signs = np.array([[1, -1, -1], [-1, -1, -1], [1, 1, -1], [-1, 1, 1]])
    assert repeats(signs, np.array([False, True, True])).tolist() == [True, True, False, True]
    assert repeats(signs, np.array([True, True, True])).tolist() == [False, True, False, False]
    assert repeats(signs, np.array([False, False, False])).all()


@pytest.mark.parametrize("ends", [(-1.3, 0.7), (-0.1, 12.3)])
def test_the_ends_of_a_set_belong_to_it(ends):
    # p falls from 1 to 0 just beyond each end
    def p_curve(distance):
        return ((distance >= ends[0]) & (distance <= ends[1])).astype(float)

    ((low, high),) = confidence_set(p_curve, 0.95)
    assert p_curve(np.array([low, high])).tolist() == [1, 1]
    np.testing.assert_allclose([low, high], ends, rtol=1e-9)
