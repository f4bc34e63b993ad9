"""``newsquote index`` and ``newsquote verify``, the real program."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import EXAMPLES, newsquote
from tests.models import save_tiny_bert
from tests.program import call

ARTICLE = "jekyll/2022-01-14-瀾汀洪災調查報告出爐-石橋泵站停擺5小時.md"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to run the program in, with an index of two articles that may be edited."""
    folder = tmp_path_factory.mktemp("small")
    archive = folder / "archive"
    archive.mkdir()
    shutil.copy(EXAMPLES / "articles" / ARTICLE, archive / "flood.md")
    (archive / "bridge.md").write_text(
        "---\ntitle: A bridge\ndate: 2022-05-06\n---\n\nThe bridge of Olm opened in May.\n"
    )
    (archive / "empty.md").write_text("")
    (folder / "index-data").mkdir()
    built = newsquote("index", "build", cwd=folder)
    assert built.returncode == 0, built.stderr
    assert "skipped 1 file: 1 empty file" in built.stderr
    return folder


@contextmanager
def edited(path: Path, old: bytes, new: bytes) -> Iterator[None]:
    """Change one place of a file for a while."""
    data = path.read_bytes()
    assert data.count(old) == 1
    path.write_bytes(data.replace(old, new))
    try:
        yield
    finally:
        path.write_bytes(data)


def test_index_status(demo_index: Path) -> None:
    done = newsquote("index", "status", cwd=demo_index)
    assert (done.returncode, done.stderr) == (0, "")
    values = dict(re.split(r"  +", line, maxsplit=1) for line in done.stdout.splitlines())
    assert values["articles"] == "33"
    assert values["from"] == str(demo_index / "archive")
    assert values["encoder"].startswith("bundled (")
    assert values["published"] == "2021-02-17…2023-12-14"
    assert values["languages"] == "zh-Hans 15, en 7, zh-Hant 6, ru 5"
    as_json = json.loads(call("index", "status", "--json", cwd=demo_index).out)
    assert as_json["generation"] == values["generation"]
    assert values["passages"].startswith(f"{as_json['passages']}, about ")
    assert as_json["articles"] == 33
    assert (as_json["first"], as_json["last"]) == ("2021-02-17", "2023-12-14")
    assert as_json["languages"] == {"zh-Hans": 15, "en": 7, "zh-Hant": 6, "ru": 5}
    assert as_json["skipped"] == {}
    assert (demo_index / as_json["folder"] / "manifest.json").is_file()


def test_sources_are_listed_with_their_articles_and_days(demo_index: Path, small: Path) -> None:
    done = call("index", "sources", cwd=demo_index)
    assert (done.status, done.err) == (0, "")
    rows = [re.split("  +", line.strip(), maxsplit=2) for line in done.out.splitlines()]
    assert sum(int(row[0]) for row in rows) == 33
    assert [int(row[0]) for row in rows] == sorted((int(row[0]) for row in rows), reverse=True)
    assert ["3", "2022-01-14…2023-09-21", "雲洲社"] in rows
    as_json = [
        json.loads(line)
        for line in call("index", "sources", "--json", cwd=demo_index).out.splitlines()
    ]
    assert {
        "source": "雲洲社",
        "articles": 3,
        "first": "2022-01-14",
        "last": "2023-09-21",
    } in as_json
    assert "1  2022-05-06…2022-05-06  (no source)\n" in call("index", "sources", cwd=small).out


def test_status_counts_what_was_skipped(small: Path) -> None:
    assert "skipped     1 file: 1 empty file\n" in call("index", "status", cwd=small).out


@pytest.mark.slow
def test_verify_an_untouched_archive_from_anywhere(demo_index: Path, tmp_path: Path) -> None:
    done = newsquote("verify", "--index", str(demo_index / "index-data"), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"33 files, \d+ passages: all word for word\n", done.stdout)


@pytest.mark.slow
def test_verify_says_what_changed(small: Path) -> None:
    found = call("ask", "The bridge of Olm opened in May.", "-k", "1", "--json", cwd=small)
    bridge = json.loads(found.out)["quotes"][0]
    with edited(
        small / "archive" / "flood.md", "停擺5小時12分鐘".encode(), "停擺6小時12分鐘".encode()
    ):
        done = newsquote("verify", cwd=small)
        number = str(bridge["passage_id"])
        one = call("verify", "--passage", number, "--json", cwd=small)
    assert done.returncode == 1
    assert re.fullmatch(r"2 files, \d passages: 1 of 2 files not as indexed\n", done.stdout)
    digest, passage, hint = done.stderr.splitlines()
    assert "'newsquote index update' reads what has changed; with --check also" in hint
    assert "flood.md: the file has changed: SHA-256 was " in digest
    assert re.search(r"flood\.md: passage \d, characters 0 to \d+: the index has '", passage)
    assert (one.status, one.err) == (0, "")
    checked = json.loads(one.out)
    assert (checked["path"], checked["problems"]) == (bridge["article"]["path"], [])


def test_verify_finds_a_damaged_index(small: Path) -> None:
    (days,) = small.glob("index-data/generations/*/days.npy")
    with edited(days, b"'<i4'", b"'<u4'"):
        done = call("verify", cwd=small)
    assert done.status == 1
    assert "days.npy: its SHA-256 is not the one in the manifest" in done.err


@pytest.mark.parametrize("number", ["5000", "-1"])
def test_verify_a_passage_that_does_not_exist(demo_index: Path, number: str) -> None:
    done = call("verify", "--passage", number, cwd=demo_index)
    assert (done.status, done.out) == (2, "")
    assert f"there is no passage {number} in the index" in done.err


def test_a_build_that_finds_nothing_leaves_the_index_as_it_was(small: Path) -> None:
    before = call("index", "status", "--json", cwd=small).out
    done = call("index", "build", "typo", cwd=small)
    assert done.status == 2
    assert "typo: not found" in done.err
    assert "found no article" in done.err
    assert call("index", "status", "--json", cwd=small).out == before


@pytest.mark.slow
def test_an_index_of_another_model_asks_with_that_model_alone(tmp_path: Path) -> None:
    library = pytest.importorskip("sentence_transformers")
    save_tiny_bert(tmp_path / "plain", "BertModel")
    library.SentenceTransformer(str(tmp_path / "plain"), device="cpu").save(str(tmp_path / "tiny"))
    (tmp_path / "archive").mkdir()
    for name in ("bridge", "ferry", "harbour"):
        (tmp_path / "archive" / f"{name}.md").write_text(f"# About\n\nThe {name} opened in May.\n")
    (tmp_path / "index-data").mkdir()
    built = call("index", "build", "--encoder", "tiny", cwd=tmp_path)
    assert built.status == 0, built.err
    refused = call("ask", "When did the ferry open?", cwd=tmp_path)
    assert refused.status == 2
    assert "tiny" in refused.err
    assert "bundled" in refused.err
    (tmp_path / "newsquote.toml").write_text('[encoder]\nmodel = "tiny"\n')
    answer = json.loads(call("ask", "When did the ferry open?", "--json", cwd=tmp_path).out)
    assert answer["quotes"][0]["text"] == "The ferry opened in May."
