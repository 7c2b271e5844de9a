"""Any text is read back as it was stored."""

import pandas as pd
import pytest

from cvln_eval.study.codebook import Codebook
from cvln_eval.study.codebook_files import house_columns
from cvln_eval.study.store import read_table, write_tables

CODEBOOK = Codebook(house_columns())


@pytest.mark.parametrize(
    "text", ["a\rb", "a\r\rb", "a\r\nb", "a\nb", 'a "b", c', "NA", "0012", "é"]
)
def test_a_cell_of_text_comes_back_from_its_file(tmp_path, text):
    columns = [column.column for column in CODEBOOK.table("teams")]
    table = pd.DataFrame({name: ["x", "y"] for name in columns}).assign(
        district=[text, "plain"], enrolment=pd.array([3, None], dtype="Int64")
    )
    write_tables(tmp_path, {"teams": table}, CODEBOOK)
    back = read_table(tmp_path, "teams", CODEBOOK)
    assert back["district"].tolist() == [text, "plain"]
    assert back["enrolment"].tolist() == [3, pd.NA]
    assert len(back) == 2
