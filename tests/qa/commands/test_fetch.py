"""``newsquote fetch``: from a feed to a quotation, by the real program."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import newsquote
from tests.feed_server import FeedServer, feed_server, item, rss
from tests.program import call

FEED = rss(
    item(
        "灯塔复明",
        guid="1",
        date="Tue, 05 Mar 2024 23:30:00 +0800",
        body="&lt;p&gt;布雷尔角灯塔星期二夜里重新点亮，看守人说新灯能照二十海里。&lt;/p&gt;"
        "&lt;p&gt;旧灯去年十一月被雷电击毁。&lt;/p&gt;",
    ).replace("</item>", "<link>https://coast.example/lamp</link></item>"),
    item("Ferry", guid="2"),
    title="海岸通讯社",
)


@pytest.fixture(name="server")
def _server() -> Iterator[FeedServer]:
    with feed_server() as server:
        yield server


@pytest.mark.slow
def test_from_a_feed_to_a_quotation(server: FeedServer, tmp_path: Path) -> None:
    url = server.serve("/feed.xml", FEED, {"ETag": '"1"'})
    fetched = newsquote("fetch", url, cwd=tmp_path)
    assert (fetched.returncode, fetched.stderr) == (0, "")
    assert fetched.stdout == f"{url}: 2 new, 0 known\n"
    (tmp_path / "index-data").mkdir()
    built = newsquote("index", "build", cwd=tmp_path)
    assert (built.returncode, built.stderr[:11]) == (0, "2 articles,")
    asked = newsquote("ask", "布雷尔角灯塔的新灯能照多远？", "-k", "1", "--json", cwd=tmp_path)
    (quote,) = json.loads(asked.stdout)["quotes"]
    assert "看守人说新灯能照二十海里。" in quote["text"]
    article = quote["article"]
    assert article["title"] == "灯塔复明"
    assert article["source"] == "海岸通讯社"
    assert article["date"] == "2024-03-05T23:30:00+08:00"
    assert article["url"] == "https://coast.example/lamp"
    assert Path(article["path"]) == tmp_path / "archive" / "inbox" / "2024-03-05-灯塔复明.md"
    extracted = call("extract", "archive", cwd=tmp_path)
    lamp = json.loads(extracted.out.splitlines()[0])
    assert [paragraph["text"] for paragraph in lamp["paragraphs"]] == [
        "布雷尔角灯塔星期二夜里重新点亮，看守人说新灯能照二十海里。",
        "旧灯去年十一月被雷电击毁。",
    ]
    server.fail("/feed.xml", 304)
    assert call("fetch", url, cwd=tmp_path).out == f"{url}: nothing has changed\n"


def test_feeds_limits_and_inbox_from_the_settings(server: FeedServer, tmp_path: Path) -> None:
    good = server.serve("/good", rss(item("Ferry")))
    large = server.serve("/large", rss(item("F" * 2000)))
    away = server.redirect("/away", "/good")
    (tmp_path / "newsquote.toml").write_text(
        f'[fetch]\nfeeds = ["{large}", "{away}", "{good}"]\nmax_bytes = 1_000\n'
        'max_redirects = 0\n[archive]\ninbox = "news"\npaths = ["old", "news"]\n'
    )
    done = call("fetch", cwd=tmp_path)
    assert (done.status, done.err) == (1, "")
    assert done.out.splitlines() == [
        f"{large}: failed: larger than fetch.max_bytes, which is 1,000 bytes",
        f"{away}: failed: more than 0 redirects, the last to {good}",
        f"{good}: 1 new, 0 known",
    ]
    assert (tmp_path / "news" / "Ferry.md").is_file()


def test_remarks_and_an_inbox_outside_the_archive(server: FeedServer, tmp_path: Path) -> None:
    server.serve("/f", rss(item("Ferry", date="soon"), item("Lamp\x1b", body="&lt;br&gt;")))
    url = server.redirect("/moved", "/f", 301)
    done = call("fetch", url, "--inbox", "mail", cwd=tmp_path)
    assert done.status == 0
    assert done.out == (
        f"{url}: 1 new, 0 known, 1 skipped; "
        f"it has moved to {server.url('/f')}, change your settings\n"
    )
    first, broken, *remarks = done.err.splitlines()
    assert first == "newsquote: mail is in none of archive.paths"
    assert broken.startswith(f"{url}: its XML is broken, read as far as possible: ")
    assert remarks == [
        f"{url}: entry 'Ferry': unreadable date 'soon'; it has none",
        f"{url}: entry 'Lamp': neither content nor summary; skipped",
    ]


def test_waiting_is_no_failure(server: FeedServer, tmp_path: Path) -> None:
    url = server.fail("/f", 503, {"Retry-After": "3600"})
    assert call("fetch", url, cwd=tmp_path).status == 1
    done = call("fetch", url, cwd=tmp_path)
    assert done.status == 0
    assert done.out.startswith(f"{url}: not asked before 2")


def test_json(server: FeedServer, tmp_path: Path) -> None:
    good, bad = server.serve("/f", rss(item())), server.fail("/g", 404)
    done = call("fetch", good, bad, "--json", cwd=tmp_path)
    assert done.status == 1
    first, second = map(json.loads, done.out.splitlines())
    assert (first["feed"], first["new"], first["failed"]) == (good, 1, None)
    assert (second["feed"], second["new"], second["failed"]) == (bad, 0, "HTTP 404 Not Found")


def test_no_feed_at_all(tmp_path: Path) -> None:
    done = call("fetch", cwd=tmp_path)
    assert (done.status, done.out) == (2, "")
    assert "expected the address of a feed, found none" in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_question_pays_nothing_for_feeds(demo_index: Path) -> None:
    program = (
        "import sys; from qa.cli import main; main(['ask', 'x', '--index', sys.argv[1]]); "
        "print({'httpx', 'feedparser', 'frontmatter', 'multiprocessing.forkserver'} "
        "& set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(demo_index / "index-data")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.splitlines()[-1] == "set()"
