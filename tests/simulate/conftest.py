import pytest

from cvln_eval.simulate import simulate_cvln, write_study


@pytest.fixture(scope="session")
def cvln():
    return simulate_cvln()


@pytest.fixture(scope="session")
def cvln_folder(cvln, tmp_path_factory):
    return write_study(cvln, tmp_path_factory.mktemp("cvln"))
