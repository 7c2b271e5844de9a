"""A bar is for a person who waits at a terminal, and for nobody else."""

import io
import sys

import numpy as np
import pytest
from drawing_tasks import means

from cvln_eval.resampling import progress, resample

VALUES = np.array([1.0, 2.0, 6.0, 7.5])


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def stderr(monkeypatch):
    def be(stream):
        monkeypatch.setattr(sys, "stderr", stream)
        return stream

    monkeypatch.setenv("TERM", "xterm")
    return be


def draw():
    return resample(means, 2000, arrays=(VALUES,), rng=3, label="shuffling districts")


def test_at_a_terminal_a_long_run_shows_how_far_it_is(stderr, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    terminal = stderr(Terminal())
    drawn = draw()
    assert "shuffling districts" in terminal.getvalue()
    assert "8/8" in terminal.getvalue()
    np.testing.assert_array_equal(drawn, resample(means, 2000, arrays=(VALUES,), rng=3))


def test_a_short_run_shows_nothing(stderr):
    terminal = stderr(Terminal())
    draw()
    assert terminal.getvalue() == ""


def test_a_log_or_a_notebook_gets_nothing(stderr, monkeypatch, capsys):
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    log = stderr(io.StringIO())
    draw()
    assert log.getvalue() == ""
    assert capsys.readouterr().out == ""


def test_what_was_there_already_counts_as_done(stderr, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    terminal = stderr(Terminal())
    assert list(progress.watched(iter("ab"), done=5, total=7, label="x")) == ["a", "b"]
    assert "7/7" in terminal.getvalue()
