"""Laws of reading csv files."""

import contextlib
import csv
import io

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cvln_eval.errors import ReadError
from cvln_eval.read import read_raw

DIALECTS = [(d, e) for d in (",", ";", "\t", "|") for e in ("\n", "\r\n", "\r")]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
# A cp1252 file is told from UTF-8 by bytes that UTF-8 does not allow; this header has one.
HEADER_START = "é"


@st.composite
def tables(draw, alphabet):
    width = draw(st.integers(1, 5))
    cells = st.text(alphabet, max_size=12)
    row = st.lists(cells, min_size=width, max_size=width)
    return draw(st.lists(row, max_size=8))


def written(tmp_path, text, *, encoding="utf-8", name="f.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def read_text(tmp_path, text, *, encoding="utf-8", **options):
    return read_raw(written(tmp_path, text, encoding=encoding), source="f.csv", **options)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), dialect=st.sampled_from(DIALECTS), encoding=st.sampled_from(ENCODINGS))
def test_any_table_in_any_dialect_and_encoding_is_read_back_the_same(
    tmp_path, data, dialect, encoding
):
    codec = "cp1252" if encoding == "cp1252" else "utf-8"
    body = data.draw(
        tables(st.characters(codec=codec, exclude_characters="\x00", exclude_categories=["Cs"]))
    )
    width = len(body[0]) if body else 3
    header = [f"{HEADER_START}{i}" for i in range(width)]
    out = io.StringIO(newline="")
    # Older csv writers leave bare a line break that is not their own, and it would end a row.
    breaks = any("\n" in cell or "\r" in cell for row in body for cell in row)
    quoting = csv.QUOTE_ALL if breaks else csv.QUOTE_MINIMAL
    # A header of one column shows no separator; such a file is read as separated by commas.
    delimiter = dialect[0] if width > 1 else ","
    writer = csv.writer(out, delimiter=delimiter, lineterminator=dialect[1], quoting=quoting)
    writer.writerows([header, *body])

    table = read_text(tmp_path, out.getvalue(), encoding=encoding)

    assert table.frame.to_numpy().tolist() == body
    assert list(table.frame.columns) == header
    assert table.rows.tolist() == list(range(2, 2 + len(body)))
    assert table.short_rows == ()
    assert table.encoding == encoding
    assert table.delimiter == delimiter


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.binary(max_size=60))
@example(content=b'a,b\n"1,2\n')
@example(content=b"PK\x03\x04 and no workbook")
@example(content=b"\xff\xfe\x00")
@example(content=b"\xfe\xff")
def test_any_bytes_are_read_or_refused_with_a_read_error(tmp_path, content):
    for name in ("f.csv", "f.xlsx"):
        path = tmp_path / name
        path.write_bytes(content)
        with contextlib.suppress(ReadError):
            table = read_raw(path, source=name)
            assert not table.frame.isna().to_numpy().any()
            assert len(table.rows) == len(table.frame)


def test_a_bare_carriage_return_ends_a_row_and_one_in_quotes_does_not(tmp_path):
    table = read_text(tmp_path, 'id,text\r1,"one\r\rtwo"\r2,three\r')
    assert table.frame["text"].tolist() == ["one\r\rtwo", "three"]
    assert table.rows.tolist() == [2, 3]


def test_blanks_case_and_unlike_cells_are_left_as_received(tmp_path):
    table = read_text(tmp_path, "id , Name\n 007, NULL \n")
    assert list(table.frame.columns) == ["id ", " Name"]
    assert table.frame.iloc[0].tolist() == [" 007", " NULL "]


def test_the_header_is_found_below_titles_by_the_names_expected(tmp_path):
    text = "Network roster,,\nSpring 2009,,\n\nPerson-ID,Name,Team_ID\n1,A,x\nperson id,name,team\n"
    table = read_text(tmp_path, text, expected=("person_id", "name", "team_id"))
    assert table.header_row == 4
    assert list(table.frame.columns) == ["Person-ID", "Name", "Team_ID"]
    assert table.rows.tolist() == [5, 6]


def test_the_separator_is_the_one_of_the_header_not_of_a_title_with_commas(tmp_path):
    table = read_text(
        tmp_path, "Roster, spring, 2009, all\nid;name\n1;A\n", expected=("id", "name")
    )
    assert (table.delimiter, table.header_row) == (";", 2)
    assert table.frame.iloc[0].tolist() == ["1", "A"]


def test_without_expected_names_the_header_is_the_first_row(tmp_path):
    table = read_text(tmp_path, "a,b\n1,2\n")
    assert (table.header_row, list(table.frame.columns)) == (1, ["a", "b"])


def test_without_a_header_columns_are_numbered_and_every_row_counts(tmp_path):
    table = read_text(tmp_path, "0,1\n1,0\n", header=False)
    assert list(table.frame.columns) == ["1", "2"]
    assert (table.header_row, table.rows.tolist()) == (0, [1, 2])


def test_headers_that_repeat_or_are_empty_get_names_of_their_own(tmp_path):
    table = read_text(tmp_path, "id,id,,id (2)\n1,2,3,4\n")
    assert list(table.frame.columns) == ["id", "id (3)", "column C", "id (2)"]


def test_columns_at_the_right_go_only_when_both_name_and_content_are_empty(tmp_path):
    assert list(read_text(tmp_path, "a,b,,\n1,2,,\n").frame.columns) == ["a", "b"]
    assert list(read_text(tmp_path, "a,,\n1,2,\n").frame.columns) == ["a", "column B"]


def test_blank_rows_inside_are_rows_and_not_short(tmp_path):
    table = read_text(tmp_path, "a,b\n1,2\n\n,\n3,4\n")
    assert table.frame["a"].tolist() == ["1", "", "", "3"]
    assert (table.rows.tolist(), table.short_rows) == ([2, 3, 4, 5], ())


def test_a_short_row_is_padded_and_listed(tmp_path):
    table = read_text(tmp_path, "a,b,c\n1,2,3\n4\n")
    assert table.frame.iloc[1].tolist() == ["4", "", ""]
    assert table.short_rows == (3,)


def test_empty_cells_beyond_the_header_do_no_harm_and_full_ones_are_refused(tmp_path):
    assert read_text(tmp_path, "a,b\n1,2,,\n").frame.iloc[0].tolist() == ["1", "2"]
    with pytest.raises(ReadError, match=r"more cells than the header\n.*file f\.csv, row 3") as e:
        read_text(tmp_path, "a,b\n1,2\n1,2,lost\n")
    assert "'lost'" in str(e.value)


def test_a_header_without_rows_is_a_table_of_no_rows(tmp_path):
    table = read_text(tmp_path, "a,b\n")
    assert table.frame.shape == (0, 2)
    assert table.rows.tolist() == []


@pytest.mark.parametrize("content", [b"", b"\n\n  \n", b",,\n,,\n", b"\xef\xbb\xbf", b"\xfe\xff"])
def test_a_file_without_content_is_refused(tmp_path, content):
    (tmp_path / "f.csv").write_bytes(content)
    with pytest.raises(ReadError, match="file is empty"):
        read_raw(tmp_path / "f.csv", source="f.csv")


def test_a_quote_that_never_closes_names_the_row_where_it_opens(tmp_path):
    with pytest.raises(ReadError, match="row 3"):
        read_text(tmp_path, 'a,b\n1,2\n"3,4\n5,6\n')


def test_a_byte_that_is_no_character_is_named_with_its_offset_and_row(tmp_path):
    (tmp_path / "f.csv").write_bytes(b"a,b\r1,\xe9\r2,\x81\r")
    with pytest.raises(ReadError, match=r"row 3(.|\n)*byte 0x81 at offset 10"):
        read_raw(tmp_path / "f.csv", source="f.csv")


def test_a_named_encoding_is_used_and_an_unknown_one_refused(tmp_path):
    text = "naïve,b\n1,2\n"
    table = read_text(tmp_path, text, encoding="mac_roman")
    assert list(table.frame.columns) != ["naïve", "b"]
    table = read_raw(tmp_path / "f.csv", source="f.csv", encoding="mac_roman")
    assert list(table.frame.columns) == ["naïve", "b"]
    with pytest.raises(ReadError, match="'latin9000'"):
        read_raw(tmp_path / "f.csv", source="f.csv", encoding="latin9000")


@pytest.mark.parametrize(
    ("content", "really"),
    [
        (b"PK\x03\x04....", "an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "an old Excel workbook"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"a,b\n1,\x002\n", "NUL bytes"),
    ],
)
def test_a_binary_file_called_csv_is_called_what_it_is(tmp_path, content, really):
    (tmp_path / "f.csv").write_bytes(content)
    with pytest.raises(ReadError, match=really):
        read_raw(tmp_path / "f.csv", source="f.csv")


def test_a_missing_file_lists_up_to_five_files_that_are_there(tmp_path):
    for i in range(7):
        written(tmp_path, "a\n", name=f"r{i}.csv")
    with pytest.raises(ReadError, match=r"'r0\.csv'.*'r4\.csv' and 2 more"):
        read_raw(tmp_path / "roster.csv", source="roster.csv")
    with pytest.raises(ReadError, match="an empty folder"):
        read_raw(tmp_path / "nowhere" / "roster.csv", source="roster.csv")


def test_the_hash_is_of_the_bytes_as_received(tmp_path):
    # printf 'a\n1\n' | sha256sum
    digest = "309b0e45a73d3fc5325e2b6ed0a01ef8b9cde6b05a5633c1f893f970d52bfddc"
    assert read_text(tmp_path, "a\n1\n").sha256 == digest
