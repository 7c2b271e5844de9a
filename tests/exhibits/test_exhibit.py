"""What an exhibit prints, shows and saves."""

import base64
import json
import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from exhibit_cases import STUDY, WAVES, SmallStudy, figures, ledger, results
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from cvln_eval import exhibits
from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import data_digest, exhibit_table
from cvln_eval.exhibits.digest import canonical_csv
from cvln_eval.exhibits.page import _page, together, wrapped
from cvln_eval.exhibits.panels import legend_above
from cvln_eval.exhibits.rounding import as_printed
from cvln_eval.exhibits.style import figure_style
from cvln_eval.study.definition import Wave

FRAME = pd.DataFrame({"team_id": ["A", "B"], "share": [1 / 3, None], "n": [3, 0]})


def table(frame=FRAME, study=STUDY):
    return exhibit_table(frame, number="2.1", title="A finding", n=3, study=study, note="A note.")


def test_a_digest_does_not_see_the_seventh_digit():
    near = FRAME.assign(share=[1 / 3 + 1e-9, None])
    far = FRAME.assign(share=[1 / 3 + 1e-4, None])
    assert data_digest(near) == data_digest(FRAME)
    assert data_digest(far) != data_digest(FRAME)


def test_a_digest_sees_columns_rows_and_their_order():
    digests = {
        data_digest(frame)
        for frame in (
            FRAME,
            FRAME.iloc[::-1],
            FRAME[["share", "team_id", "n"]],
            FRAME.rename(columns={"n": "m"}),
            FRAME.iloc[:1],
        )
    }
    assert len(digests) == 5


def test_a_digest_is_the_same_for_every_type_of_storage():
    stored = FRAME.assign(n=FRAME["n"].astype("Int64"), team_id=FRAME["team_id"].astype("category"))
    assert data_digest(stored) == data_digest(FRAME)
    assert data_digest(FRAME.assign(n=[3.0, -0.0])) == data_digest(FRAME)


def test_canonical_text_by_hand():
    frame = pd.DataFrame(
        {
            "text": ['a "b", c', None],
            "day": pd.to_datetime(["2009-01-02", None]),
            "x": [1234567.8, np.inf],
        }
    )
    expected = 'text,day,x\n"a ""b"", c",2009-01-02T00:00:00,1234570\n,,inf\n'
    assert canonical_csv(frame) == expected


def test_the_text_of_a_table_says_everything_and_rounds():
    text = repr(table())
    assert text.startswith("Table 2.1. A finding\nNote. A note. n = 3.\nSIMULATED DATA (A small")
    assert "0.33" in text
    assert "–" in text
    assert text.endswith(f"Data: 2 rows x 3 columns, digest {data_digest(FRAME)}")


def test_real_data_carry_no_mark():
    real = SmallStudy(simulated=False)
    assert "SIMULATED" not in repr(table(study=real))
    assert "Simulated" not in table(study=real).html()
    assert "Simulated" in table().html()


@pytest.mark.parametrize("name", figures())
def test_a_figure_of_simulated_data_says_so_in_text_and_in_the_picture(name):
    exhibit = figures()[name]
    assert "SIMULATED DATA" in repr(exhibit)
    for caption in (True, False):
        words = drawn_text(exhibit, caption=caption)
        assert "Simulated data" in words
    real = figures(SmallStudy(simulated=False))[name]
    assert "Simulated data" not in drawn_text(real, caption=True)


def drawn_text(exhibit, *, caption):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=caption)
        return [text.get_text() for text in page.texts]


@pytest.mark.parametrize("name", figures())
def test_nothing_is_cut_at_the_edge_of_the_page(name):
    pixels = np.asarray(drawn_page(name).canvas.buffer_rgba())[:, :, :3]
    assert all((edge == 255).all() for edge in edges(pixels))


def edges(pixels):
    """Return strips wider than the gap between two letters."""
    return pixels[:4], pixels[-4:], pixels[:, :4], pixels[:, -4:]


def test_the_edge_shows_a_text_that_is_cut():
    exhibit = figures()["held"]
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.text(0.95, 0.5, "—" * 40)
        page.canvas.draw()
        right = edges(np.asarray(page.canvas.buffer_rgba())[:, :, :3])[3]
    assert not (right == 255).all()


@cache
def drawn_page(name):
    exhibit = figures()[name]
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
        return page


@pytest.mark.parametrize("letters", range(14, 24))
def test_a_legend_stays_on_the_page_at_another_resolution(letters):
    """Letters are wider at some resolutions than at the one at which the legend was measured."""
    labels = ["dropped by people who stayed"[:letters]] * 5
    with figure_style():
        page = Figure(figsize=(6.9, 3))
        FigureCanvasAgg(page)
        page.set_layout_engine(ConstrainedLayoutEngine(rect=(0, 0, 1, 1)))
        axes = page.subplots()
        legend_above(page, [axes.plot([])[0] for _ in labels], labels)
        page.set_dpi(150)
        page.canvas.draw()
        assert page.legends[0].get_window_extent().x1 <= page.bbox.x1


@pytest.mark.parametrize("name", figures())
def test_the_caption_does_not_touch_the_legend_or_the_panels(name):
    page = drawn_page(name)
    caption = [text.get_window_extent() for text in page.texts]
    drawn = [axes.get_tightbbox() for axes in page.axes if axes.get_visible()]
    drawn += [legend.get_window_extent() for legend in page.legends]
    assert not any(one.shrunk(0.98, 0.98).overlaps(other) for one in drawn for other in caption)


@pytest.mark.parametrize("name", figures())
def test_panels_do_not_touch_each_other(name):
    boxes = [axes.get_tightbbox() for axes in drawn_page(name).axes if axes.get_visible()]
    pairs = [(a, b) for at, a in enumerate(boxes) for b in boxes[at + 1 :]]
    assert not any(a.shrunk(0.97, 0.97).overlaps(b.shrunk(0.97, 0.97)) for a, b in pairs)


@pytest.mark.parametrize("name", figures())
def test_text_is_never_smaller_than_six_points(name):
    texts = drawn_page(name).findobj(mpl.text.Text)
    assert min(text.get_fontsize() for text in texts if text.get_text()) >= 6


@pytest.mark.parametrize("name", figures())
def test_a_figure_that_is_drawn_again_is_the_same_bytes(name):
    again = figures.__wrapped__()[name]
    form = {"held": "pdf", "persons": "svg"}.get(name, "png")
    assert figures()[name].image(form, dpi=50) == again.image(form, dpi=50)


@pytest.mark.parametrize("name", figures())
def test_the_printed_text_carries_no_path_id_or_clock(name):
    text = repr(figures()[name])
    assert text == repr(figures.__wrapped__()[name])
    assert not re.search(r"0x[0-9a-f]{6}|/home|/tmp|\d\d:\d\d", text)


def test_changed_data_change_the_text_of_the_figure():
    flow = results()["flow"]
    changed = replace(flow, flows=flow.flows.assign(n_stayers=flow.flows["n_stayers"] + 1))
    one = exhibits.plot_roster_flow(flow, number="1.1", study=STUDY)
    other = exhibits.plot_roster_flow(changed, number="1.1", study=STUDY)
    assert repr(one) != repr(other)


def test_a_notebook_gets_text_with_a_png_or_html():
    bundle, metadata = figures()["held"]._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "image/png"}
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert metadata["image/png"]["width"] == round(3.35 * 110)
    bundle, _ = table()._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}


def test_drawing_leaves_no_trace_in_the_settings():
    before = dict(mpl.rcParams)
    figures()["held"].image(dpi=40)
    assert dict(mpl.rcParams) == before


def test_an_authors_own_style_changes_nothing():
    plain = figures()["held"].image(dpi=40)
    with mpl.rc_context({"font.size": 20, "axes.facecolor": "red"}):
        assert figures()["held"].image(dpi=40) == plain


def test_saving_writes_picture_data_and_description_and_the_same_bytes_again(tmp_path):
    written = figures()["held"].save(tmp_path / "one")
    assert [path.name for path in written] == [
        "figure_1_1.png",
        "figure_1_1.pdf",
        "figure_1_1.csv",
        "figure_1_1.json",
    ]
    facts = json.loads(written[-1].read_text(encoding="utf-8"))
    assert facts["simulated"] is True
    assert facts["sources"] == ["sessions"]
    data = pd.read_csv(written[2])
    assert len(data) == facts["rows"]
    again = figures()["held"].save(tmp_path / "two")
    for one, other in zip(written, again, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_a_table_saves_as_html(tmp_path):
    names = [path.name for path in table().save(tmp_path)]
    assert names == ["table_2_1.html", "table_2_1.csv", "table_2_1.json"]


def test_saved_data_keep_all_their_digits(tmp_path):
    csv = table().save(tmp_path)[1]
    assert pd.read_csv(csv)["share"][0] == 1 / 3


def test_html_escapes_what_people_wrote():
    nasty = table(FRAME.assign(team_id="<script>"))
    assert "<script>" not in nasty.html()


def test_rounding_by_hand():
    printed = as_printed(
        pd.DataFrame(
            {
                "x": [1234.567, -0.001, None],
                "n": pd.array([1234, None, 0], dtype="Int64"),
                "yes": [True, False, True],
                "day": pd.to_datetime(["2009-01-02", None, "2009-01-03"]),
            }
        )
    )
    assert printed["x"].tolist() == ["1,234.57", "0.00", "–"]
    assert printed["n"].tolist() == ["1,234", "–", "0"]
    assert printed["yes"].tolist() == ["yes", "no", "yes"]
    assert printed["day"].tolist() == ["2009-01-02", "–", "2009-01-03"]


@pytest.mark.parametrize(
    "name",
    ["p", "p, Holm", "p corrected", "smallest p", "signs, smallest p", "p_value", "pseudo_p_value"],
)
def test_a_column_of_p_is_in_apa_form_whatever_the_digits(name):
    frame = pd.DataFrame({name: [0.0, 0.0009, 0.0314, 1.0, None]})
    for digits in (0, 2, 4):
        printed = as_printed(frame, digits=digits)[name].tolist()
        # A smallest p of 0 is no small one: nothing bounds what the method can give.
        nought = "0" if "smallest" in name else "<.001"
        assert printed == [nought, "<.001", ".031", "1.000", "–"]


@pytest.mark.parametrize("name", ["share with p < .05", "p<.05", "gap", "top", "steps", 0])
def test_a_column_that_only_speaks_of_p_keeps_its_digits(name):
    assert as_printed(pd.DataFrame({name: [0.0, 0.25]}))[name].tolist() == ["0.00", "0.25"]


def test_numbers_that_are_no_probabilities_keep_their_digits():
    for wrong in (-0.1, 1.5):
        printed = as_printed(pd.DataFrame({"p": [wrong, 0.0]}))["p"].tolist()
        assert printed == [f"{wrong:.2f}", "0.00"]
    assert as_printed(pd.DataFrame({"p": [3, 0]}))["p"].tolist() == ["3", "0"]


def test_a_table_shows_p_in_apa_form_and_keeps_the_number():
    shown = table(frame=pd.DataFrame({"p, Holm": [0.0002]}))
    assert "<td>&lt;.001</td>" in shown.html()
    assert "<.001" in repr(shown)
    assert shown.data["p, Holm"].item() == 0.0002


def test_a_title_breaks_into_lines_that_fit():
    figure = Figure()
    FigureCanvasAgg(figure)
    lines = wrapped(figure, together("word " * 30 + "n = 41"), "title", 3.0)
    assert len(lines) > 2
    assert " ".join(lines).replace("\u00a0", " ") == "word " * 30 + "n = 41"
    assert lines[-1].endswith("n\u00a0=\u00a041")


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"kind": "poem"}, "poem"),
        ({"number": "two"}, "'two'"),
        ({"title": " "}, "needs a title"),
        ({"title": "one\ntwo"}, "one line"),
        ({"kind": "figure"}, "figure"),
    ],
)
def test_an_exhibit_that_makes_no_sense_is_refused(change, seen):
    with pytest.raises(ArgumentError, match=seen):
        replace(table(), **change)


def test_wrong_figures_are_refused():
    r = results()
    with pytest.raises(ArgumentError, match="'shoe_size'"):
        exhibits.plot_team_makeup(r["makeup"], number="1", study=STUDY, by="shoe_size")
    with pytest.raises(ArgumentError, match="'triple'"):
        exhibits.plot_team_makeup(r["makeup"], number="1", study=STUDY, width="triple")
    with pytest.raises(ArgumentError, match="'gif'"):
        figures()["held"].image("gif")
    with pytest.raises(ArgumentError, match="Table 2"):
        table().image()
    empty = replace(ledger(), files=ledger().files.iloc[:0])
    with pytest.raises(ArgumentError, match="no file"):
        exhibits.plot_ledger(empty, number="1", study=STUDY)


def test_the_study_must_be_named():
    with pytest.raises(TypeError, match="study"):
        exhibits.plot_growth(results()["flow"], number="1")


@pytest.mark.parametrize("width", ["single", "double"])
@pytest.mark.parametrize("plot", [exhibits.plot_ledger, exhibits.plot_cells_by_rule])
def test_the_smallest_ledger_one_file_and_one_rule_is_drawn_without_a_warning(plot, width):
    full = ledger()
    small = replace(full, files=full.files[:1], cells=full.cells[:1])
    assert plot(small, number="1", study=STUDY, width=width).image("png")


@dataclass(frozen=True)
class StudyWithWaves:
    """A study that knows when its waves begin and end."""

    name: str = "A small study"
    simulated: bool = True
    waves: tuple[Wave, ...] = ()


def test_waves_of_unequal_length_are_not_drawn_as_a_trend_without_a_word():
    year, half = WAVES[1], replace(WAVES[0], ends_on=date(2008, 12, 31))
    dose = results()["dose"]
    even = exhibits.plot_coaching_dose(dose, number="1", study=StudyWithWaves(waves=WAVES))
    uneven = exhibits.plot_coaching_dose(dose, number="1", study=StudyWithWaves(waves=(half, year)))
    assert "compare teams" not in even.note
    # September to December has 122 days.
    assert "The waves last 122, 365 days, so compare teams, not waves." in uneven.note


def test_a_team_that_did_not_grow_has_no_sign():
    note = exhibits.plot_growth(results()["flow"], number="1", study=STUDY, by="team_id").title
    assert "A 0, B +1" in note


def test_a_table_shows_its_columns_as_words_and_keeps_their_names():
    frame = pd.DataFrame({"attendance_share": [0.5]})
    shown = table(frame=frame)
    assert "<th>attendance share</th>" in shown.html()
    assert "attendance_share" in repr(shown)
    assert list(shown.data) == ["attendance_share"]
