"""What all tests share: where the real data are, and that continuous integration skips nothing."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
IN_CI = os.environ.get("CI", "").lower() in ("true", "1", "yes")
SKIPPED = pytest.StashKey[list]()


@pytest.fixture(scope="session")
def real_data():
    """The folder with the published files of the real studies, one folder a study."""
    named = os.environ.get("CVLN_EVAL_REAL_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "real"
    if not folder.is_dir():
        pytest.skip(
            "the real data are not on this machine; name their folder in CVLN_EVAL_REAL_DATA"
        )
    return folder


def pytest_configure(config):
    config.stash[SKIPPED] = []
    if IN_CI:
        config.pluginmanager.register(NoSkips(config.stash[SKIPPED]), "no-skips")


class NoSkips:
    """In continuous integration a skipped test is a test that silently stopped testing."""

    def __init__(self, skipped):
        self.skipped = skipped

    def pytest_runtest_logreport(self, report):
        self.note(report)

    def pytest_collectreport(self, report):
        self.note(report)

    def note(self, report):
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped.append(report.nodeid)

    def pytest_sessionfinish(self, session):
        quiet = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
        if self.skipped and session.exitstatus in quiet:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        if self.skipped:
            terminalreporter.section("skipped in continuous integration", red=True)
            for nodeid in self.skipped:
                terminalreporter.line(f"{nodeid}: a skip is a failure here (CI is set)", red=True)
