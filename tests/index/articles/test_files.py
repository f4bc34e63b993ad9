"""Reading files: every bad one is reported, none is fatal, none is lost."""

import hashlib
import os
import signal
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from index.articles.files import (
    Reading,
    indexable,
    map_files,
    read_article,
    read_articles,
    reports,
)
from index.articles.finding import find_files
from index.types import Article, Card, FileReport

GOOD = "---\ntitle: 海港\nfrom: https://a.example/1\n---\n<div><p>渡轮停航。</p></div>\n"
LIMIT = 100_000
ONE, TWO = Reading(LIMIT, workers=1), Reading(LIMIT, workers=2)


def _write(path: Path, text: str = GOOD) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def _reason(path: Path) -> tuple[str, int | None]:
    outcome = indexable(read_article(path, max_bytes=LIMIT))
    assert isinstance(outcome, FileReport)
    assert outcome.path == str(path)
    assert "\n" not in str(outcome)
    return outcome.reason, outcome.line


def _path(outcome: Article | FileReport | str) -> str:
    if isinstance(outcome, Article):
        return outcome.card.path
    return outcome if isinstance(outcome, str) else outcome.path


def _paths(articles: list[Article]) -> list[str]:
    return [article.card.path for article in articles]


def _found(*paths: Path) -> list[str]:
    return [str(item) if isinstance(item, FileReport) else item.name for item in find_files(paths)]


def test_a_good_file_is_an_article(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.md")
    article = read_article(path, max_bytes=LIMIT)
    assert isinstance(article, Article)
    assert article.text == "渡轮停航。"
    assert article.card == Card(
        path=str(path),
        sha256=hashlib.sha256(GOOD.encode()).hexdigest(),
        title="海港",
        author=None,
        date=None,
        url="https://a.example/1",
        source="a.example",
        language="zh-Hans",
    )
    assert reports(article) == ()
    assert indexable(article) is article


@pytest.mark.parametrize(
    ("data", "reason", "line"),
    [
        (b"", "empty file", None),
        (b" \n\n", "empty file", None),
        (b"a\n\0", "NUL bytes", 2),
        (b"a\n" + bytes(range(128, 256)) * 9, "unknown encoding", 2),
        (b"---\n- a\n---\n", "broken front matter", 2),
        (b"---\nx: !!python/name:os.system\n---\n", "broken front matter", 2),
        (b"x" * (LIMIT + 1), "too large", None),
        (b"---\ndate: 2021-03-04\n---\n<div>a</div>", "no text", None),
        ("<h1>海港</h1>".encode(), "no text", None),
    ],
)
def test_bad_content_is_reported(
    tmp_path: Path, data: bytes, reason: str, line: int | None
) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(data)
    assert _reason(path) == (reason, line)


def test_a_file_of_just_the_limit_is_read(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.txt", "x" * LIMIT)
    assert isinstance(read_article(path, max_bytes=LIMIT), Article)


@pytest.mark.parametrize("body", ["海港", "<div>海港</div>", "<div></div>", ""])
def test_an_article_without_text_is_indexed_by_the_title_in_its_head(
    tmp_path: Path, body: str
) -> None:
    path = _write(tmp_path / "a.md", f"---\ntitle: 海港\ndate: x\n---\n{body}")
    outcome = read_article(path, max_bytes=LIMIT)
    assert isinstance(outcome, Article)
    assert (outcome.card.title, outcome.card.title_only) == ("海港", True)
    assert (outcome.text, outcome.paragraphs) == ("", ())
    assert [report.reason for report in reports(outcome)] == ["unreadable date"]
    assert indexable(outcome) is outcome


def test_an_article_with_text_is_no_title_only(tmp_path: Path) -> None:
    outcome = read_article(_write(tmp_path / "a.md"), max_bytes=LIMIT)
    assert isinstance(outcome, Article)
    assert not outcome.card.title_only


def test_an_article_without_text_and_title_keeps_its_metadata_and_is_not_indexed(
    tmp_path: Path,
) -> None:
    path = _write(tmp_path / "a.md", "---\nauthor: 海港社\ndate: x\n---\n<div></div>")
    outcome = read_article(path, max_bytes=LIMIT)
    assert isinstance(outcome, Article)
    assert (outcome.card.author, outcome.paragraphs) == ("海港社", ())
    (report,) = reports(outcome)
    assert (report.path, report.reason) == (str(path), "no text")
    assert report.sha256 == outcome.card.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert indexable(outcome) is report


def test_what_was_mended_is_reported_with_the_article(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.md", "---\ndate: Invalid Date\ntitle: 'It's\n---\n<p>渡轮。</p>")
    article = read_article(path, max_bytes=LIMIT)
    assert isinstance(article, Article)
    assert indexable(article) is article
    assert article.card.date is None
    assert [report.reason for report in reports(article)] == [
        "broken front matter",
        "unreadable date",
    ]
    assert str(reports(article)[0]).startswith(f"{path}:")
    assert str(reports(article)[1]).startswith(f"{path}:2: unreadable date")


def test_what_is_no_regular_file_is_reported_and_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere")
    (tmp_path / "self.md").symlink_to(tmp_path / "self.md")
    assert _reason(tmp_path / "pipe.md") == ("not a file", None)
    assert _reason(tmp_path / "folder.md") == ("not a file", None)
    assert _reason(tmp_path / "gone.md") == ("not found", None)
    assert _reason(tmp_path / "self.md") == ("directory loop", None)
    assert _reason(tmp_path / "missing.md") == ("not found", None)


def test_a_folder_gives_its_article_files_in_order(tmp_path: Path) -> None:
    for name in ("b/2.md", "b/10.HTML", "a.txt", "c.markdown", "c.pdf", ".git/x.md", ".hidden.md"):
        _write(tmp_path / name)
    assert _found(tmp_path) == ["a.txt", "10.HTML", "2.md", "c.markdown"]


def test_a_named_file_may_be_hidden(tmp_path: Path) -> None:
    assert _found(_write(tmp_path / ".a.md"), _write(tmp_path / "b.mdx")) == [".a.md", "b.mdx"]


@pytest.mark.parametrize(("name", "found"), [("hostname", "none"), ("a.pdf", "'.pdf'")])
def test_a_named_file_of_another_kind_is_refused(tmp_path: Path, name: str, found: str) -> None:
    path = _write(tmp_path / name)
    (report,) = find_files([path])
    assert isinstance(report, FileReport)
    assert (report.path, report.reason) == (str(path), "not an article")
    assert report.detail.startswith("expected a name that ends in .htm, .html, .markdown, .md, ")
    assert report.detail.endswith(f"found {found}; extract.suffixes names others")


def test_the_settings_name_the_kinds_of_files(tmp_path: Path) -> None:
    for name in ("a.rst", "b.md", "c.RST"):
        _write(tmp_path / name)
    reading = Reading(LIMIT, workers=1, suffixes=(".rst",))
    outcomes = list(read_articles([tmp_path, tmp_path / "b.md"], reading))
    assert [_path(one) for one in outcomes] == [
        f"{tmp_path}/{n}" for n in ("a.rst", "c.RST", "b.md")
    ]
    assert isinstance(outcomes[2], FileReport)


def test_what_is_named_twice_is_found_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = _write(tmp_path / "a" / "1.md"), _write(tmp_path / "a" / "2.md")
    monkeypatch.chdir(tmp_path)
    assert _found(one, one, Path("a/1.md"), Path("./a/../a/1.md")) == ["1.md"]
    assert _found(tmp_path, tmp_path, Path("a")) == ["1.md", "2.md"]
    assert _found(tmp_path, two) == ["1.md", "2.md"]
    assert _found(two, tmp_path) == ["2.md", "1.md"]
    _write(tmp_path / "a" / ".3.md")
    assert _found(tmp_path, tmp_path / "a" / ".3.md") == ["1.md", "2.md", ".3.md"]


def test_a_day_is_told_in_the_zone(tmp_path: Path) -> None:
    beijing = ZoneInfo("Asia/Shanghai")
    for told, day, hour in (
        ("2016-02-18T16:00:00.000Z", 19, 0),
        ("2016-02-19 00:55", 19, 0),
        ("2016-02-19", 19, 0),
        ("2016-02-18 23:30 +0300", 19, 4),
    ):
        path = _write(tmp_path / "a.md", f"---\ntitle: t\ndate: {told}\n---\n渡轮停航。\n")
        article = read_article(path, max_bytes=LIMIT, zone=beijing)
        assert isinstance(article, Article)
        date = article.card.date
        assert date is not None
        assert (date.day, date.hour, date.utcoffset()) == (day, hour, timedelta(hours=8))
    named = _write(tmp_path / "2016-02-19-x.md", "渡轮停航。")
    (outcome,) = read_articles([named], Reading(LIMIT, workers=1, zone=beijing))
    assert isinstance(outcome, Article)
    assert str(outcome.card.date) == "2016-02-19 00:00:00+08:00"


def test_a_file_called_index_is_named_by_its_folder(tmp_path: Path) -> None:
    path = _write(tmp_path / "2021-07-14-bridge" / "index.md", "The bridge is closed.")
    article = read_article(path, max_bytes=LIMIT)
    assert isinstance(article, Article)
    assert article.card.title == "2021-07-14-bridge"
    assert str(article.card.date)[:10] == "2021-07-14"


def _dear(path: Path) -> Path:
    return _write(path, "<p>" + "<b>雾</b>" * 300_000)


def test_a_file_that_takes_too_long_is_reported_and_the_next_is_read(tmp_path: Path) -> None:
    files = [_dear(tmp_path / "a.html"), _write(tmp_path / "b.md")]
    reading = Reading(10**7, workers=1, seconds=0.5)
    (first,) = map_files(_paths, iter(files[1:]), reading)  # whatever is made ready once is ready
    assert first == str(files[1])
    slow, good = map_files(_paths, iter(files), reading)
    assert slow == FileReport(
        str(files[0]), "too slow", "more than 0.5 s of processor time; extract.timeout"
    )
    assert good == str(files[1])
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)


@pytest.mark.slow
def test_a_file_that_takes_too_much_memory_is_reported_and_the_next_is_read(tmp_path: Path) -> None:
    files = [_write(tmp_path / "a.md"), _dear(tmp_path / "b.html"), _write(tmp_path / "c.md")]
    first, dear, last = map_files(_paths, iter(files), Reading(10**7, workers=2, memory=60_000_000))
    assert (first, last) == (str(files[0]), str(files[2]))
    assert isinstance(dear, FileReport)
    assert (dear.path, dear.reason) == (str(files[1]), "too complex")
    first, enough, last = map_files(_paths, iter(files), Reading(10**7, workers=2))
    assert enough == str(files[1])


def test_folders_that_lead_back_are_reported_once(tmp_path: Path) -> None:
    _write(tmp_path / "a" / "1.md")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    found = _found(tmp_path)
    assert found[0] == "1.md"
    assert found[1:] == [
        f"{tmp_path}/a/up: directory loop: this folder was read under another name"
    ]


def test_paths_that_are_not_there_are_reported(tmp_path: Path) -> None:
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert _found(tmp_path / "x") == [f"{tmp_path}/x: not found: No such file or directory"]
    assert [line.split(": ")[1] for line in _found(tmp_path)] == ["not found", "directory loop"]


def test_a_file_that_vanishes_after_it_was_found_is_reported(tmp_path: Path) -> None:
    found: list[Path | FileReport] = [_write(tmp_path / f"{number}.md") for number in range(3)]
    (tmp_path / "1.md").unlink()
    mapped = map_files(_paths, iter(found), ONE)
    outcomes = list(mapped)
    assert [type(outcome) for outcome in outcomes] == [str, FileReport, str]
    assert [_path(outcome) for outcome in outcomes] == list(map(str, found))
    assert str(outcomes[1]).startswith(f"{tmp_path}/1.md: not found")


def test_what_has_no_text_is_not_given_to_the_function(tmp_path: Path) -> None:
    found: list[Path | FileReport] = [
        _write(tmp_path / "1.md"),
        _write(tmp_path / "2.md", "---\nauthor: 海港社\n---\n"),
        FileReport("3.md", "not found"),
        _write(tmp_path / "4.md"),
    ]
    mapped = map_files(_paths, iter(found), ONE)
    outcomes = list(mapped)
    assert [outcomes[0], outcomes[3]] == [str(found[0]), str(found[3])]
    assert isinstance(outcomes[1], FileReport)
    assert outcomes[1].reason == "no text"
    assert outcomes[2] is found[2]


def test_html_nested_deep_and_deep_yaml_do_not_end_the_run(tmp_path: Path) -> None:
    deep = "<div>" * 10_000 + "<p>海底。</p>"
    article = read_article(_write(tmp_path / "a.html", deep), max_bytes=LIMIT)
    assert isinstance(article, Article)
    assert article.text == "海底。"
    head = "---\na: " + "[" * 90_000 + "\n---\n"
    assert _reason(_write(tmp_path / "b.md", head)) == ("broken front matter", 2)


@pytest.mark.slow
def test_workers_give_what_one_process_gives(tmp_path: Path) -> None:
    for number in range(300):
        _write(tmp_path / f"{number:03}.md", GOOD if number % 7 else "")
    one = list(read_articles([tmp_path], ONE))
    two = list(read_articles([tmp_path], TWO))
    assert len(one) == 300
    assert one == two


@pytest.mark.slow
def test_leaving_early_ends_the_workers(tmp_path: Path) -> None:
    for number in range(600):
        _write(tmp_path / f"{number:03}.md")
    outcomes = read_articles([tmp_path], TWO)
    assert isinstance(outcomes, Generator)
    next(outcomes)
    outcomes.close()
    assert next(outcomes, None) is None
