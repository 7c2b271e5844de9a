"""Each command does its one thing and says what it did."""

import os
import subprocess
import sys

import pytest

import cvln_eval


def everything(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_version_is_said(cvln):
    ran = cvln("--version")
    assert (ran.exit_code, ran.stdout) == (0, f"cvln-eval {cvln_eval.__version__}\n")


@pytest.mark.parametrize("command", ["run", "clean", "check", "fetch", "simulate", "init"])
def test_each_command_has_help(cvln, command):
    ran = cvln(command, "--help")
    assert ran.exit_code == 0
    assert f"Usage: cvln-eval {command}" in ran.stdout or f" {command} " in ran.stdout


def test_clean_says_the_balance_and_the_reasons(cvln, study):
    ran = cvln("clean", study)
    assert ran.exit_code == 0, ran.stderr
    # Ann and Bo kept, Ann's second row merged, the blank row set aside
    assert "1 raw file, 4 rows in = 2 kept + 1 merged + 1 set aside" in ran.stdout
    assert "exact_duplicate" in ran.stdout
    assert "blank_row" in ran.stdout
    assert "simulated data" in ran.stdout
    assert (study / "data" / "processed" / "memberships.csv").is_file()


def test_clean_says_nothing_on_stderr_where_nobody_watches(cvln, study):
    assert cvln("clean", study).stderr == ""


def test_check_says_what_cleaning_would_do_and_writes_nothing(cvln, study):
    before = everything(study)
    ran = cvln("check", study)
    assert ran.exit_code == 0, ran.stderr
    assert "4 rows in = 2 kept + 1 merged + 1 set aside" in ran.stdout
    assert "The study can be cleaned. Nothing was written." in ran.stdout
    assert everything(study) == before


def test_check_lists_the_problems_of_all_files_at_once(cvln, study):
    with (study / "study.toml").open("a", encoding="utf-8") as toml:
        toml.write('[[raw]]\nfile = "absent.csv"\ntable = "sessions"\n')
    roster = study / "data" / "raw" / "roster.csv"
    roster.write_text(roster.read_text(encoding="utf-8").replace("role", "rank"), encoding="utf-8")
    before = everything(study)
    ran = cvln("check", study)
    assert ran.exit_code == 2
    assert "rank" in ran.stderr
    assert "absent.csv" in ran.stderr
    assert "2 to put right" in ran.stderr
    assert everything(study) == before


def test_check_names_files_that_nobody_reads(cvln, study):
    (study / "data" / "raw" / "forgotten.csv").write_text("a\n1\n", encoding="utf-8")
    assert "forgotten.csv" in "".join(cvln("check", study).output)


def test_run_names_the_report(cvln, study, monkeypatch):
    monkeypatch.chdir(study)
    ran = cvln("run")
    assert (ran.exit_code, ran.stdout) == (0, f"Report: {os.path.join('reports', 'index.html')}\n")
    assert (study / "reports" / "index.html").is_file()


def test_init_begins_a_study_that_check_understands(cvln, tmp_path):
    folder = tmp_path / "mine"
    ran = cvln("init", folder)
    assert ran.exit_code == 0, ran.stderr
    made = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    assert {"study.toml", "codebook/items.csv", "data/raw", ".gitignore"} <= made
    assert any(name.startswith("notebooks/") for name in made)
    checked = cvln("check", folder)
    assert checked.exit_code == 2
    assert "The study names no raw files" in checked.stderr


def test_a_study_begun_with_init_runs_once_a_roster_is_described(cvln, tmp_path, study):
    folder = tmp_path / "mine"
    cvln("init", folder)
    roster = (study / "data" / "raw" / "roster.csv").read_bytes()
    (folder / "data" / "raw" / "roster.csv").write_bytes(roster)
    entry = '\n[[raw]]\nfile = "roster.csv"\ntable = "memberships"\nform = "roster"\nwave = "w1"\n'
    toml = (folder / "study.toml").read_text(encoding="utf-8")
    teams = toml.replace("network = []", 'network = ["A", "B"]')
    (folder / "study.toml").write_text(teams + entry, encoding="utf-8")
    ran = cvln("run", folder)
    assert ran.exit_code == 0, ran.stderr
    page = (folder / "reports" / "index.html").read_text(encoding="utf-8")
    assert "Do we trust the data?" in page


@pytest.mark.parametrize("which", ["cvln", "virginia"])
def test_a_simulated_study_can_be_cleaned_and_is_marked(cvln, tmp_path, which):
    folder = tmp_path / which
    assert cvln("simulate", which, folder, "--seed", 11).exit_code == 0
    ran = cvln("clean", folder)
    assert ran.exit_code == 0, ran.stderr
    assert "(simulated data)" in ran.stdout
    assert (folder / "data" / "truth").is_dir()


def test_a_bundled_study_is_found_by_its_name(cvln, study, tmp_path, monkeypatch):
    (tmp_path / "studies").mkdir()
    study.rename(tmp_path / "studies" / "small")
    monkeypatch.chdir(tmp_path)
    assert cvln("clean", "small").exit_code == 0


def test_fetch_takes_published_files_from_a_folder(cvln, study, tmp_path):
    import hashlib

    published = tmp_path / "published"
    published.mkdir()
    (published / "more.csv").write_bytes(b"a\n1\n")
    digest = hashlib.sha256(b"a\n1\n").hexdigest()
    with (study / "study.toml").open("a", encoding="utf-8") as toml:
        toml.write(f'[[fetch]]\nfile = "more.csv"\nurl = "https://x.test/y"\nsha256 = "{digest}"\n')
    ran = cvln("fetch", study, "--from", published)
    assert ran.exit_code == 0, ran.stderr
    assert (study / "data" / "raw" / "more.csv").read_bytes() == b"a\n1\n"


def test_the_module_runs_as_the_command_does():
    command = [sys.executable, "-m", "cvln_eval", "--version"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout == f"cvln-eval {cvln_eval.__version__}\n"


FILES = {
    "sessions.csv": "session_id,kind,status,held_on\nS1,network day,held,9/3/2024\n",
    "sign_in.csv": 'Session,Leader,District\nS1,"Lee, Ann",north\n',
    "survey_fall.csv": (
        "Timestamp,Your name,District,We keep our word\n9/4/2024 8:00,Bo Chen,south,Agree\n"
    ),
}


def test_the_examples_of_the_starter_work_once_their_marks_are_taken_away(cvln, tmp_path):
    import re

    from openpyxl import Workbook

    folder = tmp_path / "mine"
    cvln("init", folder)
    starter = (folder / "study.toml").read_text(encoding="utf-8")
    examples = re.sub(r"^# (?=\[\[|[a-z_]+ = )", "", starter, flags=re.MULTILINE)
    assert examples.count("[[raw]]") == 4
    toml = examples.replace("network = []", 'network = ["north", "south"]')
    (folder / "study.toml").write_text(toml, encoding="utf-8")
    book = Workbook()
    book.active.title = "Members"
    for line in (
        ["Members of the network"],
        ["Leader", "District", "Position", "Phone", "E-mail"],
        ["Ann Lee", "north", "principal", "1", "a@x.test"],
        ["Bo Chen", "south", "superintendent", "2", "b@x.test"],
    ):
        book.active.append(line)
    raw = folder / "data" / "raw"
    book.save(raw / "roster_2024.xlsx")
    for name, text in FILES.items():
        (raw / name).write_text(text, encoding="utf-8")
    with (folder / "codebook" / "items.csv").open("a", encoding="utf-8") as items:
        items.write("trust_1,culture,trust,no,agree5,We keep our word,own,We keep our word\n")
    ran = cvln("clean", folder)
    assert ran.exit_code == 0, ran.stderr
    # 2 members, 1 session, 1 signature and 1 answered form
    assert "5 rows in = 5 kept + 0 merged + 0 set aside" in ran.stdout
    responses = (folder / "data" / "processed" / "responses.csv").read_text(encoding="utf-8")
    assert responses.splitlines()[1].endswith(",trust_1,4,Agree")
