"""The report is written whole or not at all, and what stops it is named."""

import asyncio
import json

import pytest

from cvln_eval.errors import CleanError, FetchError, NotebookError
from cvln_eval.report import run_study

OPEN = 'from cvln_eval import open_study\n\nstudy = open_study("..")'
TWO_FIGURES = (
    "from cvln_eval.exhibits import plot_ledger\n\n"
    'display(plot_ledger(study.ledger, number="1.1", study=study, title="One"))\n'
    'display(plot_ledger(study.ledger, number="1.1", study=study, title="Another"))'
)


def report_of(study):
    folder = study.path / "reports"
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def leftovers(study):
    return [path.name for path in study.path.rglob(".processed-*")]


def test_a_simulated_study_says_so_above_everything_and_another_does_not(make_study):
    banner = '<p class="banner">'
    assert banner in run_study(make_study()).read_text(encoding="utf-8")
    assert banner not in run_study(make_study(simulated=False)).read_text(encoding="utf-8")


def test_a_study_without_notebooks_has_a_report_of_its_ledger_and_tables(make_study):
    page = run_study(make_study()).read_text(encoding="utf-8")
    assert "What became of the raw files" in page
    assert "<td>memberships</td>" in page


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("x = 1\nassert x == 2, 'no'", r"notebooks/02\.ipynb, cell 2, line 2: assert x"),
        ("open = None\nopen()", "TypeError: 'NoneType' object is not callable"),
        ("x = 1\ny = = 2", r"cell 2, line 2: y = = 2[\s\S]*SyntaxError"),
        ("import os\nos._exit(1)", r"The Python that runs a notebook ended[\s\S]*02\.ipynb"),
    ],
)
def test_a_cell_that_fails_is_named_and_the_earlier_report_stays(earlier, write, cell, message):
    write("02.ipynb", "# And?", cell)
    before = report_of(earlier)
    with pytest.raises(NotebookError, match=message) as stopped:
        run_study(earlier)
    assert "the report that was there before is as it was" in stopped.value.__notes__[0]
    assert report_of(earlier) == before
    assert leftovers(earlier) == []


def test_a_file_that_is_no_notebook_is_refused_by_name(earlier):
    (earlier.path / "notebooks" / "03.ipynb").write_text("{not json", encoding="utf-8")
    with pytest.raises(NotebookError, match=r"cannot be read[\s\S]*03\.ipynb"):
        run_study(earlier)


def test_two_exhibits_of_one_number_are_refused(earlier, write):
    write("02.ipynb", OPEN, TWO_FIGURES)
    with pytest.raises(NotebookError, match=r"Two exhibits are called Figure 1\.1"):
        run_study(earlier)


def test_cleaning_that_stops_leaves_tables_and_report_as_they_were(earlier):
    before = report_of(earlier)
    raw = earlier.raw_folder / "roster.csv"
    raw.write_text(raw.read_text(encoding="utf-8").replace("phone", "fax"), encoding="utf-8")
    with pytest.raises(CleanError, match="fax"):
        run_study(earlier)
    assert report_of(earlier) == before
    assert not earlier.processed_folder.exists()


@pytest.mark.parametrize("moment", ["cleaning roster.csv", "running 01_quick.ipynb", "writing"])
def test_being_stopped_at_any_moment_leaves_the_earlier_report_whole(earlier, moment):
    before = report_of(earlier)

    def stop(what, done, total):
        if what.startswith(moment):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(earlier, progress=stop)
    assert report_of(earlier) == before
    assert leftovers(earlier) == []


def test_a_new_report_replaces_the_earlier_one_and_keeps_what_a_person_put_beside_it(earlier):
    seen = []
    folder = run_study(earlier, progress=lambda *step: seen.append(step)).parent
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["study"] == "small"
    assert (folder / "notes" / "mine.txt").read_text(
        encoding="utf-8"
    ) == "the earlier notes/mine.txt"
    assert not (folder / "exhibits" / "figure_9_9.png").exists()
    running = [(done, total) for what, done, total in seen if what.startswith("running")]
    assert running == [(0, 1), (1, 1)]


def test_notebooks_run_side_by_side_and_stand_in_the_report_in_order(
    make_study, write, monkeypatch
):
    monkeypatch.setattr("cvln_eval.report.kernel.cpu_count", lambda: 2)
    study = make_study()
    write("01.ipynb", "# First", wait_for("two"))
    write("02.ipynb", "# Second", "open('two', 'w').close()")
    seen = []
    page = run_study(study, progress=lambda *step: seen.append(step)).read_text(encoding="utf-8")
    assert page.index("First</h") < page.index("Second</h")
    running = [(done, total) for what, done, total in seen if what.startswith("running")]
    assert running == [(0, 2), (0, 2), (1, 2), (2, 2)]


def test_no_more_notebooks_run_at_once_than_there_are_cores(make_study, write, monkeypatch):
    monkeypatch.setattr("cvln_eval.report.kernel.cpu_count", lambda: 1)
    study = make_study()
    write("01.ipynb", "# First", "import time\ntime.sleep(1)\nopen('one', 'w').close()")
    write("02.ipynb", "# Second", "open('one').close()")
    run_study(study)


def test_of_several_that_fail_the_first_in_order_is_named(make_study, write, monkeypatch):
    monkeypatch.setattr("cvln_eval.report.kernel.cpu_count", lambda: 3)
    study = make_study()
    write("01.ipynb", "# First", wait_for("two") + "\nraise ValueError('slow')")
    write("02.ipynb", "# Second", "open('two', 'w').close()\nraise ValueError('quick')")
    write("03.ipynb", "# Third", "import time\ntime.sleep(60)")
    with pytest.raises(NotebookError, match=r"01\.ipynb[\s\S]*slow"):
        run_study(study)


def wait_for(name):
    return f"import os, time\nwhile not os.path.exists({name!r}):\n    time.sleep(0.05)"


def test_a_report_can_be_made_where_a_loop_is_running_as_in_a_notebook(earlier):
    async def made():
        return run_study(earlier)

    assert asyncio.run(made()).exists()


def test_a_folder_to_take_files_from_needs_published_files(make_study, tmp_path):
    with pytest.raises(FetchError, match="no published files to take from a folder"):
        run_study(make_study(), source=tmp_path)
