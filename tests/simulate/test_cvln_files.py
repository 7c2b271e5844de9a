"""The files on disk, read by plain csv and openpyxl, against the list of defects."""

import csv
import io
import tomllib
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from cvln_eval.simulate import simulate_cvln, write_study
from cvln_eval.simulate.writing import csv_bytes, xlsx_bytes
from cvln_eval.study.ledger import ledger_rules

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("study.toml", "codebook", "data/raw", "data/truth")
RAW_LIMIT_BYTES = 3_000_000
# What the brief of the study asks to be untidy, by the rule that must find it.
RULES_NEEDED = {
    "blank_row",
    "conflicting_duplicate",
    "date_format",
    "duplicate_submission",
    "exact_duplicate",
    "excel_serial_date",
    "filled_from_duplicate",
    "id_assigned",
    "id_changed",
    "label_to_value",
    "linked_by_name",
    "linked_by_review",
    "missing_code",
    "missing_key",
    "name_variant",
    "no_answers",
    "not_a_date",
    "not_a_number",
    "not_a_tie",
    "not_on_roster",
    "number_format",
    "out_of_range",
    "outsider",
    "repeated_header",
    "self_nomination",
    "session_not_held",
    "superseded",
    "trimmed",
    "unknown_label",
    "unknown_reference",
}


def files_of(folder):
    paths = [path for part in PARTS for path in [folder / part, *(folder / part).rglob("*")]]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths if path.is_file()}


def test_the_same_seed_gives_the_same_bytes(cvln_folder, tmp_path):
    again = write_study(simulate_cvln(rng=2008), tmp_path)
    assert files_of(again) == files_of(cvln_folder)


def test_another_seed_gives_other_answers_and_the_same_definition(cvln, cvln_folder, tmp_path):
    other = files_of(write_study(simulate_cvln(rng=7), tmp_path))
    same = files_of(cvln_folder)
    assert set(other) == set(same)
    assert other["study.toml"] == same["study.toml"]
    assert other["data/truth/effects.toml"] == same["data/truth/effects.toml"]
    assert other["data/raw/survey_2008-fall.csv"] != same["data/raw/survey_2008-fall.csv"]


def test_the_bundled_study_is_what_the_default_seed_makes(cvln_folder):
    made, bundled = files_of(cvln_folder), files_of(ROOT)
    assert set(made) == set(bundled)
    differing = [name for name in made if made[name] != bundled[name]]
    # Workbooks are compared by their cells: their bytes also depend on openpyxl's version.
    assert [name for name in differing if not name.endswith(".xlsx")] == []
    for name in differing:
        assert sheets(made[name]) == sheets(bundled[name]), name


def sheets(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def as_text(value):
    if value is None:
        return ""
    if hasattr(value, "strftime"):
        midnight = (value.hour, value.minute) == (0, 0)
        return value.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M")
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def grid_of(folder, source):
    """Return the cells of a raw file as text, row by row, as a spreadsheet shows them."""
    file, _, sheet = source.partition("#")
    path = folder / "data" / "raw" / file
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        rows = book[sheet] if sheet else book.worksheets[0]
        return [[as_text(value) for value in row] for row in rows.iter_rows(values_only=True)]
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    delimiter = ";" if text.count(";") > 2 * text.count(",") else ","
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_every_defect_is_really_at_its_file_row_and_column(cvln, cvln_folder):
    defects = cvln.defects
    first = {draft.source: draft.first_row for draft in cvln.drafts}
    for source, rows in defects[defects["column"] != ""].groupby("file"):
        grid = grid_of(cvln_folder, source)
        header = grid[first[source] - 2]
        for row, column, raw in zip(rows["row"], rows["column"], rows["raw_value"], strict=True):
            assert grid[row - 1][header.index(column)] == raw, (source, row, column)


def test_blank_rows_are_blank_and_repeated_headers_repeat_the_header(cvln, cvln_folder):
    defects = cvln.defects
    first = {draft.source: draft.first_row for draft in cvln.drafts}
    for rule in ("blank_row", "repeated_header"):
        for defect in defects[defects["rule"] == rule].itertuples():
            grid = grid_of(cvln_folder, defect.file)
            wanted = grid[first[defect.file] - 2]
            row = grid[defect.row - 1]
            assert row == wanted if rule == "repeated_header" else not any(row)


def test_every_rule_in_the_truth_is_a_rule_of_the_ledger(cvln):
    assert set(cvln.defects["rule"]) - {""} <= set(ledger_rules())


def test_everything_that_should_be_untidy_is(cvln):
    assert set(cvln.defects["rule"]) >= RULES_NEEDED


def test_no_cell_and_no_row_is_listed_twice(cvln):
    defects = cvln.defects
    assert not defects.duplicated(["file", "row", "column"]).any()


def test_a_cell_with_a_defect_differs_from_its_true_text_unless_it_is_only_flagged(cvln):
    defects = cvln.defects[cvln.defects["column"] != ""]
    flags = ("self_nomination", "session_not_held")
    same = defects[defects["raw_value"] == defects["true_value"]]
    assert set(same["rule"]) <= set(flags)


def test_the_files_have_the_encodings_and_separators_of_real_ones(cvln_folder):
    raw = cvln_folder / "data" / "raw"
    starts = {path.name: path.read_bytes() for path in raw.glob("*.csv")}
    assert starts["survey_2010-spring.csv"].startswith(b"\xef\xbb\xbf")
    assert b"Ib\xe1\xf1ez" in starts["roster_2009-10.csv"]
    with pytest.raises(UnicodeDecodeError):
        starts["roster_2009-10.csv"].decode("utf-8")
    assert starts["roster_2009-10.csv"].count(b";") > 300
    assert b'"Too long.\nStill' in starts["survey_2010-spring.csv"]


def test_every_file_says_that_it_is_simulated(cvln, cvln_folder):
    for draft in cvln.drafts:
        if draft.file.endswith(".csv"):
            assert "data_origin" in draft.cells.columns
        else:
            book = openpyxl.load_workbook(cvln_folder / "data" / "raw" / draft.file)
            assert "Simulated" in book.properties.title
    definition = tomllib.loads((cvln_folder / "study.toml").read_text(encoding="utf-8"))
    assert definition["study"]["simulated"] is True
    assert "Simulated" in (cvln_folder / "data/raw/README.md").read_text(encoding="utf-8")


def test_the_raw_files_are_small_enough_to_keep(cvln_folder):
    sizes = [path.stat().st_size for path in (cvln_folder / "data" / "raw").iterdir()]
    assert sum(sizes) < RAW_LIMIT_BYTES


def test_the_definition_and_its_codebook_can_be_opened(cvln, cvln_folder):
    from cvln_eval import open_study

    study = open_study(cvln_folder)
    assert [raw.source for raw in study.definition.raw] == [draft.source for draft in cvln.drafts]
    assert len(study.codebook.items) == 88
    assert len(study.codebook.links) == len(cvln.links)


def test_true_parameters_can_be_read_back(cvln, cvln_folder):
    text = (cvln_folder / "data" / "truth" / "effects.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text) == tomllib.loads(text.replace("\r\n", "\n"))
    read = tomllib.loads(text)
    assert read["culture"]["change_per_year"] == cvln.effects["culture"]["change_per_year"]
    assert read["outcomes"]["network_effect"]["2011"] == 6.0


def test_written_files_carry_no_clock(cvln):
    draft = next(draft for draft in cvln.drafts if draft.file == "roster_2008-09.xlsx")
    content = xlsx_bytes([draft])
    assert content == xlsx_bytes([draft])
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.properties.created == book.properties.modified
    assert book.properties.modified.year == 2012


def test_lines_of_a_csv_end_in_one_way(cvln):
    draft = next(draft for draft in cvln.drafts if draft.file == "districts.csv")
    assert b"\r" not in csv_bytes(draft)


def test_decisions_about_names_meet_people_who_exist(cvln):
    people = set(cvln.tables["people"]["person_id"])
    same = cvln.links[cvln.links["decision"] == "same"]
    assert set(same["person_id"]) <= people
    reviewed = cvln.defects[cvln.defects["rule"] == "linked_by_review"]
    assert set(reviewed["raw_value"]) <= set(same["name"])
    assert isinstance(cvln.links, pd.DataFrame)
