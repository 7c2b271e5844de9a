"""An exhibit is recognised by what it prints, and nothing else is taken for one."""

import pandas as pd
import pytest

from cvln_eval.exhibits import exhibit_table, plot_ledger
from cvln_eval.report.found import found_exhibit
from cvln_eval.study import Ledger


class Origin:
    def __init__(self, *, simulated):
        self.name, self.simulated = "A study (of ours)", simulated


def table(*, simulated=True, note="", rows=3):
    frame = pd.DataFrame({"team": ["A", "B", "C"][:rows], "n": [1, 2, 3][:rows]})
    return exhibit_table(
        frame,
        number="A1.2b",
        title="Teams differ. A lot",
        n=1234,
        study=Origin(simulated=simulated),
        note=note,
    )


@pytest.mark.parametrize("simulated", [True, False])
@pytest.mark.parametrize("note", ["", "Rows are teams; n = 3. Missing shows as a dash."])
def test_a_table_is_found_with_all_that_it_says(simulated, note):
    exhibit = table(simulated=simulated, note=note)
    found = found_exhibit(exhibit._repr_mimebundle_()[0], notebook="01.ipynb")
    assert found is not None
    assert (found.label, found.title, found.n) == (exhibit.label, exhibit.title, 1234)
    assert (found.note, found.simulated) == (exhibit.note_line, simulated)
    assert (found.rows, found.columns, found.digest) == (3, 2, exhibit.digest)
    assert found.stem == "table_a1_2b"
    assert found.picture is None


def test_a_figure_is_found_with_its_picture():
    files = pd.DataFrame(
        {"file": list("abcd"), "n_rows": 2, "n_kept": 1, "n_merged": 1, "n_set_aside": 0}
    )
    ledger = Ledger(files, pd.DataFrame(), pd.DataFrame(), pd.DataFrame())
    exhibit = plot_ledger(ledger, number="1.1", study=Origin(simulated=True))
    found = found_exhibit(exhibit._repr_mimebundle_()[0], notebook="01.ipynb")
    assert found is not None
    assert found.label == "Figure 1.1"
    assert found.picture is not None
    assert found.picture.startswith(b"\x89PNG")


@pytest.mark.parametrize("text", ["", "42", "Figure 1.1. A title", "Table of contents\nData: 3"])
def test_other_output_is_no_exhibit(text):
    assert found_exhibit({"text/plain": text}, notebook="01.ipynb") is None
