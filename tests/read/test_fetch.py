"""Laws of fetching published files."""

import hashlib
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cvln_eval import open_study
from cvln_eval.errors import FetchError
from cvln_eval.read import fetch_study

CONTENT = b"id,name\r1,A\r"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def published(tmp_path):
    """A folder with one published file."""
    folder = tmp_path / "published"
    folder.mkdir()
    (folder / "a roster.csv").write_bytes(CONTENT)
    return folder


@pytest.fixture
def address(published):
    """The address of that folder, served on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(published)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def study_at(tmp_path, *, url="http://127.0.0.1:9/a.csv", sha256=SHA256):
    folder = tmp_path / "study"
    folder.mkdir(exist_ok=True)
    (folder / "study.toml").write_text(
        f"""
        [study]
        id = "s"
        name = "S"
        simulated = false
        source = "published"
        [[wave]]
        id = "1"
        label = "one"
        [[fetch]]
        file = "a roster.csv"
        url = "{url}"
        sha256 = "{sha256}"
        """,
        encoding="utf-8",
    )
    return open_study(folder)


def left_in(study):
    return sorted(item.name for item in study.raw_folder.glob("*"))


def test_files_come_from_a_folder_byte_for_byte(tmp_path, published):
    study = study_at(tmp_path)
    (path,) = fetch_study(study, source=published)
    assert path.read_bytes() == CONTENT
    assert left_in(study) == ["a roster.csv"]


def test_files_come_from_their_address_byte_for_byte(tmp_path, address):
    study = study_at(tmp_path, url=f"{address}/a%20roster.csv")
    (path,) = fetch_study(study)
    assert path.read_bytes() == CONTENT
    assert left_in(study) == ["a roster.csv"]


def test_a_right_file_is_left_alone_without_network_or_folder(tmp_path, published):
    study = study_at(tmp_path)
    (path,) = fetch_study(study, source=published)
    before = path.stat().st_mtime_ns
    assert fetch_study(study) == [path]
    assert path.stat().st_mtime_ns == before


def test_a_file_that_is_another_is_never_overwritten(tmp_path, published):
    study = study_at(tmp_path)
    study.raw_folder.mkdir(parents=True)
    (study.raw_folder / "a roster.csv").write_bytes(b"my own work")
    with pytest.raises(FetchError, match=r"move a roster\.csv out of data/raw"):
        fetch_study(study, source=published)
    assert (study.raw_folder / "a roster.csv").read_bytes() == b"my own work"


@pytest.mark.parametrize("by", ["folder", "address"])
def test_wrong_bytes_name_both_hashes_and_leave_nothing_behind(tmp_path, published, address, by):
    study = study_at(tmp_path, url=f"{address}/a%20roster.csv", sha256="0" * 64)
    with pytest.raises(FetchError, match=f"sha256 {'0' * 64}\nSeen: sha256 {SHA256}"):
        fetch_study(study, source=published if by == "folder" else None)
    assert left_in(study) == []


def test_a_failing_network_names_the_way_around_it(tmp_path, address):
    for url in ("http://127.0.0.1:9/a.csv", f"{address}/not there.csv"):
        study = study_at(tmp_path, url=url)
        with pytest.raises(FetchError, match="--from FOLDER"):
            fetch_study(study)
        assert left_in(study) == []


def test_a_folder_without_the_file_says_what_it_holds(tmp_path):
    study = study_at(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("x")
    with pytest.raises(FetchError, match=r"Expected: a roster\.csv\nSeen: 'notes\.txt'"):
        fetch_study(study, source=tmp_path / "other")
    with pytest.raises(FetchError, match="no such folder"):
        fetch_study(study, source=tmp_path / "nowhere")


def test_a_study_that_publishes_nothing_fetches_nothing(tmp_path):
    study = study_at(tmp_path)
    text = (study.path / "study.toml").read_text().partition("[[fetch]]")[0]
    (study.path / "study.toml").write_text(text)
    assert fetch_study(open_study(study.path)) == []
