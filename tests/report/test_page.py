"""The page shows the whole story, needs nothing from outside and says what it was made from."""

import hashlib
import json
import re

import pytest


@pytest.fixture
def page(told):
    return told[2]["index.html"].decode("utf-8")


def test_prose_code_results_and_exhibits_of_every_notebook_stand_in_order(page):
    assert page.index("What became of the rows?") < page.index("And then?")
    assert "six times seven" in page
    assert '<figure class="exhibit figure" id="figure_1_1">' in page
    assert '<figure class="exhibit table" id="table_1_2">' in page


def test_text_of_the_study_is_text_and_never_markup(page):
    assert "Small &amp; simple" in page
    assert "Small & simple" not in page


def test_the_page_needs_nothing_that_is_not_in_it(page):
    assert "default-src 'none'; img-src data:" in page
    assert "<script" not in page
    assert re.findall(r'<(?:img|link|iframe)[^>]+(?:src|href)="(?!data:)', page) == []


def test_each_link_leads_to_a_place_of_the_page_or_a_file_of_the_report(told, page):
    links = set(re.findall(r'href="([^"]+)"', page))
    places = {f"#{place}" for place in re.findall(r' id="([^"]+)"', page)}
    assert {"#figure_1_1", "exhibits/figure_1_1.png", "manifest.json"} <= links
    assert links <= places | set(told[2])


def test_no_two_places_of_the_page_have_one_address(page):
    places = re.findall(r' id="([^"]+)"', page)
    assert sorted(places) == sorted(set(places))


def test_the_rows_of_the_raw_files_are_accounted_for_on_the_page(page):
    # 4 rows: Ann and Bo kept, Ann's second row merged, the blank row set aside
    assert "Of 4 rows in 1 raw file, 2 were kept, 1 merged" in page
    assert "Every cell of the row is empty" in page
    assert "The row repeats the header" not in page
    assert "<td>phone</td>" in page  # the column that is not read


def test_each_picture_stands_beside_the_page_too(told):
    pictures = {name: content for name, content in told[2].items() if name.endswith(".png")}
    assert list(pictures) == ["exhibits/figure_1_1.png"]
    assert pictures["exhibits/figure_1_1.png"].startswith(b"\x89PNG")


def test_the_manifest_names_each_exhibit_and_the_hash_of_each_file(told):
    study, _, report, _ = told
    manifest = json.loads(report["manifest.json"])
    raw = (study.raw_folder / "roster.csv").read_bytes()
    assert manifest["raw"] == {"roster.csv": hashlib.sha256(raw).hexdigest()}
    assert "memberships.csv" in manifest["processed"]
    first, second = manifest["notebooks"]
    assert [exhibit["label"] for exhibit in first["exhibits"]] == ["Figure 1.1", "Table 1.2"]
    assert first["exhibits"][1]["n"] == 2
    assert all(re.fullmatch(r"[0-9a-f]{12}", e["digest"]) for e in first["exhibits"])
    assert second == {"notebook": "02_more.ipynb", "title": "And then?", "exhibits": []}


def test_running_again_gives_the_same_bytes(told):
    _, _, first, second = told
    assert second == first


def test_running_changes_no_notebook_and_no_raw_file(told):
    study, before, *_ = told
    assert {name: (study.path / name).read_bytes() for name in before} == before


def test_no_page_names_a_folder_of_this_machine(told):
    study, _, report, _ = told
    for content in (report["index.html"], report["manifest.json"]):
        assert str(study.path).encode() not in content
