"""Laws of reading workbooks."""

import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest

from cvln_eval.errors import ReadError
from cvln_eval.read import filled_sheets, read_raw


def workbook(tmp_path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "f.xlsx")
    return tmp_path / "f.xlsx"


def test_typed_cells_become_text_once_and_the_same_way(tmp_path):
    values = [3.0, 4.75, 7, True, None, " a ", "#N/A", date(2009, 3, 14)]
    values += [datetime(2009, 3, 14, 16, 32), datetime(2009, 3, 14, 16, 32, 5), time(8, 30)]
    path = workbook(tmp_path, S=[[f"c{i}" for i in range(len(values))], values])
    table = read_raw(path, source="f.xlsx")
    assert table.frame.iloc[0].tolist() == [
        *["3", "4.75", "7", "TRUE", "", " a ", "#N/A", "2009-03-14"],
        *["2009-03-14 16:32", "2009-03-14 16:32:05", "08:30"],
    ]
    assert (table.format, table.encoding, table.delimiter) == ("xlsx", "", "")


def test_a_title_above_the_header_and_blank_rows_keep_the_row_numbers(tmp_path):
    rows = [["Roster 2009"], [], ["id", "name"], [1, "A"], [], [2, "B"], [None, ""], []]
    table = read_raw(workbook(tmp_path, S=rows), source="f.xlsx", expected=("ID", "Name"))
    assert table.header_row == 3
    assert table.rows.tolist() == [4, 5, 6]
    assert table.frame["name"].tolist() == ["A", "", "B"]
    assert table.short_rows == ()


def test_cells_right_of_the_header_are_named_by_letter_and_never_lost(tmp_path):
    table = read_raw(workbook(tmp_path, S=[["id"], [1, "note"]]), source="f.xlsx")
    assert list(table.frame.columns) == ["id", "column B"]
    assert table.frame.iloc[0].tolist() == ["1", "note"]


def test_a_matrix_without_header_keeps_every_row(tmp_path):
    table = read_raw(workbook(tmp_path, S=[[0, 3], [1, 0]]), source="f.xlsx", header=False)
    assert table.frame.to_numpy().tolist() == [["0", "3"], ["1", "0"]]
    assert table.rows.tolist() == [1, 2]


def test_a_sheet_is_chosen_by_name_and_must_be_when_several_are_filled(tmp_path):
    path = workbook(tmp_path, Fall=[["id"], [1]], Spring=[["id"], [2]], Notes=[])
    assert read_raw(path, source="f.xlsx#Spring", sheet="Spring").frame["id"].tolist() == ["2"]
    with pytest.raises(ReadError, match="'Fall', 'Spring'"):
        read_raw(path, source="f.xlsx")
    with pytest.raises(ReadError, match="one of 'Fall', 'Spring', 'Notes'\nSeen: 'Summer'"):
        read_raw(path, source="f.xlsx#Summer", sheet="Summer")
    with pytest.raises(ReadError, match=r"file is empty\n.*file f\.xlsx#Notes"):
        read_raw(path, source="f.xlsx#Notes", sheet="Notes")


def test_an_empty_sheet_beside_the_only_filled_one_needs_no_choice(tmp_path):
    path = workbook(tmp_path, Empty=[], Roster=[["id"], [1]])
    assert read_raw(path, source="f.xlsx").frame["id"].tolist() == ["1"]


@pytest.mark.parametrize(
    ("content", "really"),
    [
        (b"id,name\n1,A\n", "text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "an old Excel workbook"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "an Excel workbook with a password",
        ),
        (b"PK\x03\x04 cut off", "a damaged workbook"),
    ],
)
def test_a_file_called_xlsx_that_is_none_is_called_what_it_is(tmp_path, content, really):
    (tmp_path / "f.xlsx").write_bytes(content)
    with pytest.raises(ReadError, match=f"Seen: .*{really}"):
        read_raw(tmp_path / "f.xlsx", source="f.xlsx")


def test_a_zip_archive_that_is_no_workbook_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "f.xlsx", "w") as archive:
        archive.writestr("letter.txt", "no cells")
    with pytest.raises(ReadError, match="cannot be opened"):
        read_raw(tmp_path / "f.xlsx", source="f.xlsx")


def test_a_formula_that_nobody_worked_out_is_refused_and_not_read_as_empty(tmp_path):
    path = workbook(tmp_path, S=[["id", "hours"], [1, "=2+3"]])
    with pytest.raises(ReadError, match=r"row 2, column B[\s\S]*=2\+3"):
        read_raw(path, source="f.xlsx")


@pytest.mark.parametrize(("stored", "read"), [("<v>5</v>", "5"), ('str"><f>2+3</f><v></v>', "")])
def test_a_formula_counts_by_the_value_that_was_stored(tmp_path, stored, read):
    path = workbook(tmp_path, S=[["id", "hours"], [1, "=2+3"], [2, 1]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    formula = '<c r="B2"><f>2+3</f><v></v></c>'
    other = formula.replace("<v></v>", stored)
    if read == "":
        other = f'<c r="B2" t="{stored}</c>'
    assert any(form in parts[sheet] for form in (formula, formula.replace("<v></v>", "<v />")))
    parts[sheet] = parts[sheet].replace("<v />", "<v></v>").replace(formula, other)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    assert read_raw(path, source="f.xlsx").frame["hours"].tolist() == [read, "1"]


def test_the_sheets_of_a_workbook_that_hold_something(tmp_path):
    path = workbook(tmp_path, Fall=[["id"], [1]], Notes=[], Spring=[["x"]])
    assert filled_sheets(path) == ["Fall", "Spring"]
    assert filled_sheets(tmp_path / "none.xlsx") == []
