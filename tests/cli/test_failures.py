"""Whatever goes wrong ends in one clear message, the right exit code and nothing half written."""

import os
import signal
import subprocess
import sys
import time

import pytest

from cvln_eval.errors import CvlnWarning


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["clean", "no/such/folder"], "There is no such study folder"),
        (["bogus"], "No such command 'bogus'"),
        (["clean", "a", "b"], "unexpected extra argument"),
        (["run", "--form", "x"], "No such option"),
        (["run", "--from"], "requires an argument"),
        (["run", "--from", "no/such/folder"], "does not exist"),
        (["simulate", "mars", "x"], "mars"),
        (["simulate", "cvln"], "Missing argument"),
        (["simulate", "cvln", "x", "--seed", "two"], "valid integer"),
        (["init"], "Missing argument"),
    ],
)
def test_wrong_arguments_are_told_and_end_with_2(cvln, arguments, message):
    ran = cvln(*arguments)
    assert ran.exit_code == 2
    assert message in ran.stderr
    assert "Traceback" not in ran.output


def test_a_folder_that_is_no_study_is_told(cvln, tmp_path):
    ran = cvln("clean", tmp_path)
    assert ran.exit_code == 2
    assert "This folder is not a study" in ran.stderr
    assert "cvln-eval init" in ran.stderr


def test_a_broken_file_leaves_earlier_tables_whole(cvln, study):
    cvln("clean", study)
    processed = study / "data" / "processed"
    before = {path: path.read_bytes() for path in processed.iterdir()}
    (study / "data" / "raw" / "roster.csv").write_bytes(b"\x00\x01\x02\xff" * 400)
    ran = cvln("clean", study)
    assert ran.exit_code == 2
    assert "roster.csv" in ran.stderr
    assert "What to do:" in ran.stderr
    assert {path: path.read_bytes() for path in processed.iterdir()} == before


def test_fetching_what_is_not_published_is_told(cvln, study):
    ran = cvln("fetch", study)
    assert ran.exit_code == 2
    assert "no published files" in ran.stderr


def test_init_and_simulate_refuse_a_folder_that_holds_anything(cvln, study):
    for command in (["init", study], ["simulate", "cvln", study]):
        ran = cvln(*command)
        assert ran.exit_code == 2
        assert "not empty; nothing was written" in ran.stderr
        assert "'data', 'study.toml'" in ran.stderr


def test_a_simulation_that_is_stopped_leaves_no_folder(cvln, tmp_path, monkeypatch):
    def stop(_, folder):
        (folder / "study.toml").write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr("cvln_eval.simulate.write_study", stop)
    assert cvln("simulate", "cvln", tmp_path / "new").exit_code == 130
    assert list(tmp_path.iterdir()) == []


def broken(monkeypatch, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("cvln_eval.clean.clean_study", fail)


def test_a_defect_asks_to_be_reported_and_shows_no_traceback(cvln, study, monkeypatch):
    broken(monkeypatch, ValueError("seven"))
    ran = cvln("clean", study)
    assert ran.exit_code == 1
    assert "A defect of cvln_eval: ValueError: seven" in ran.stderr
    assert "Please report this" in ran.stderr
    assert "Traceback" not in ran.output


def test_a_defect_shows_its_traceback_with_debug(cvln, study, monkeypatch):
    broken(monkeypatch, ValueError("seven"))
    ran = cvln("clean", study, "--debug")
    assert ran.exit_code == 1
    assert "Traceback (most recent call last)" in ran.stderr


def test_a_file_the_system_refuses_is_no_defect(cvln, study, monkeypatch):
    broken(monkeypatch, PermissionError(13, "Permission denied", "roster.csv"))
    ran = cvln("clean", study)
    assert ran.exit_code == 2
    assert "Permission denied\nWhere: roster.csv" in ran.stderr


def test_being_stopped_says_that_nothing_was_changed(cvln, study, monkeypatch):
    broken(monkeypatch, KeyboardInterrupt())
    ran = cvln("clean", study)
    assert ran.exit_code == 130
    assert ran.stderr == "Stopped.\nNothing was changed.\n"


def test_a_warning_of_the_package_is_one_sentence(cvln, study, monkeypatch):
    import warnings

    class TooFewTeams(CvlnWarning):
        pass

    def warn(*_, **__):
        warnings.simplefilter("always")
        warnings.warn("Five teams are few.", TooFewTeams, stacklevel=2)
        raise KeyboardInterrupt

    monkeypatch.setattr("cvln_eval.clean.clean_study", warn)
    assert "Note: Five teams are few.\n" in cvln("clean", study).stderr


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as on posix")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_stops_a_run_and_leaves_no_half_report(study, name):
    notebooks = study / "notebooks"
    notebooks.mkdir()
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "id": "a"}
    cell["source"] = "open('started', 'w').close()\nimport time\ntime.sleep(60)"
    import json

    content = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (notebooks / "01.ipynb").write_text(json.dumps(content), encoding="utf-8")
    command = [sys.executable, "-m", "cvln_eval", "run", str(study)]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    wait_for(notebooks / "started", running)
    running.send_signal(getattr(signal, name))
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130, said
    assert said.startswith("Stopped.\n")
    assert "data/processed was made anew" in said
    assert not (study / "reports").exists()
    assert list(study.glob(".processed-*")) == []


def wait_for(path, running):
    for _ in range(1200):
        if path.exists() or running.poll() is not None:
            return
        time.sleep(0.05)
