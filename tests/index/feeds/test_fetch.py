"""Feeds of a real server -> files in the inbox, through crashes, changes and hostility."""

import multiprocessing
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import InboxError
from index.feeds.download import Limits
from index.feeds.fetch import Report, fetch
from index.feeds.state import FILE
from tests.feed_server import FeedServer, Handler, feed_server, item, rss
from tests.full_disk import files_of_at_most

LIMITS = Limits(seconds=60, max_bytes=1_000_000, max_redirects=3)


@pytest.fixture(name="server")
def _server() -> Iterator[FeedServer]:
    with feed_server() as server:
        yield server


@pytest.fixture(name="inbox")
def _inbox(tmp_path: Path) -> Path:
    return tmp_path / "archive" / "inbox"


def one(url: str, inbox: Path, limits: Limits = LIMITS) -> Report:
    (report,) = fetch([url], inbox, limits)
    return report


def files(inbox: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in inbox.iterdir() if path.name[0] != "."}


def test_new_known_updated_gone(server: FeedServer, inbox: Path) -> None:
    ferry = item("Ferry", guid="1", date="Tue, 05 Mar 2024 08:30:00 +0800")
    url = server.serve("/f", rss(ferry, item("Bridge", guid="2")))
    assert one(url, inbox) == Report(url, new=2)
    before = files(inbox)
    assert sorted(before) == ["2024-03-05-Ferry.md", "Bridge.md"]
    assert one(url, inbox) == Report(url, known=2)
    server.serve("/f", rss(item("The ferry", guid="1"), item("Lamp", guid="3")))
    assert one(url, inbox) == Report(url, new=1, updated=1)
    after = files(inbox)
    assert sorted(after) == ["2024-03-05-Ferry.md", "Bridge.md", "Lamp.md"]
    assert "title: The ferry\n" in after["2024-03-05-Ferry.md"]
    assert after["Bridge.md"] == before["Bridge.md"]
    assert one(url, inbox) == Report(url, known=2)
    assert files(inbox) == after


def test_nothing_has_changed(server: FeedServer, inbox: Path) -> None:
    body = rss(item("Ferry", guid="1")).encode()

    def page(handler: Handler) -> None:
        if handler.headers["If-None-Match"] == '"v1"':
            handler.reply(304)
        else:
            handler.reply(200, body, {"ETag": '"v1"'})

    server.pages["/f"] = page
    assert one(server.url("/f"), inbox) == Report(server.url("/f"), new=1)
    assert one(server.url("/f"), inbox) == Report(server.url("/f"), unchanged=True)


def test_of_a_broken_feed_all_is_asked_again(server: FeedServer, inbox: Path) -> None:
    cut = rss(item("Ferry", guid="1"), item("Bridge", guid="2")).replace("</channel></rss>", "")
    url = server.serve("/f", cut, {"ETag": '"v1"'})
    report = one(url, inbox)
    assert (report.new, report.failed) == (2, None)
    assert report.remarks == ("its XML is broken, read as far as possible: no element found",)
    one(url, inbox)
    assert "If-None-Match" not in server.requests[-1][1]


def test_a_full_disk_stops_the_run_and_nothing_is_forgotten(
    server: FeedServer, inbox: Path
) -> None:
    large = item("Large", guid="2", body="x" * 300_000)
    url = server.serve("/f", rss(item("Ferry", guid="1"), large), {"ETag": '"v1"'})
    with files_of_at_most(200_000), pytest.raises(InboxError) as caught:
        one(url, inbox)
    assert str(caught.value) == f"cannot save articles in {inbox}: File too large"
    assert list(files(inbox)) == ["Ferry.md"]
    assert one(url, inbox) == Report(url, new=1, known=1)
    assert "If-None-Match" not in server.requests[-1][1]


def test_entries_that_cannot_be_saved_are_told(server: FeedServer, inbox: Path) -> None:
    url = server.serve(
        "/f",
        rss(
            item("Picture", guid="1", body="&lt;img src='x.png'&gt;"),
            item("Ferry", guid="2", date="some day"),
        ),
    )
    assert one(url, inbox) == Report(
        url,
        new=1,
        skipped=1,
        remarks=(
            "entry 'Picture': neither content nor summary; skipped",
            "entry 'Ferry': unreadable date 'some day'; it has none",
        ),
    )
    again = one(url, inbox)
    assert (again.known, again.skipped) == (1, 1)


def test_what_was_edited_or_moved_is_left_alone(server: FeedServer, inbox: Path) -> None:
    url = server.serve("/f", rss(*(item(f"T{n}", guid=str(n)) for n in range(3))))
    one(url, inbox)
    (inbox / "T0.md").write_text("mine")
    (inbox / "T1.md").unlink()
    server.serve("/f", rss(*(item(f"T{n}", guid=str(n), body="New.") for n in range(3))))
    report = one(url, inbox)
    assert (report.known, report.updated) == (2, 1)
    assert report.remarks == (
        "entry 'T0': it has changed, but T0.md was edited here; left as it is",
        "entry 'T1': it has changed, but T1.md was moved or removed here; left as it is",
    )
    assert sorted(files(inbox)) == ["T0.md", "T2.md"]
    assert files(inbox)["T0.md"] == "mine"


def test_no_feed_rewrites_what_another_brought(server: FeedServer, inbox: Path) -> None:
    good, bad = (server.serve(path, rss(item("Ferry", guid="1"))) for path in ("/good", "/bad"))
    assert [report.new for report in fetch([good, bad], inbox, LIMITS)] == [1, 1]
    genuine = files(inbox)
    assert list(genuine) == ["Ferry.md"]  # the same to the last byte
    server.serve("/bad", rss(item("Ferry", guid="1", body="Forged.")))
    assert one(bad, inbox).updated == 1
    after = files(inbox)
    assert after["Ferry.md"] == genuine["Ferry.md"]
    assert "Forged." in after["Ferry 2.md"]


def linked(text: str, link: str) -> str:
    return text.replace("</item>", f"<link>{link}</link></item>")


PAGE = "https://coast.example/a-77"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("x/strike-enters-third-week/a-77", PAGE), ("x/dockers-still-out/a-77", PAGE)),
        (("http://coast.example/a-77", "http://coast.example/a-77"), (PAGE, PAGE)),
        (("", PAGE), ("x/a-77", f"{PAGE}/?utm_source=rss")),
    ],
)
def test_an_entry_whose_id_changes_and_whose_link_stays_is_one(
    server: FeedServer, inbox: Path, old: tuple[str, str], new: tuple[str, str]
) -> None:
    url = server.serve("/f", rss(linked(item("Strike", guid=old[0]), old[1]), item("B", guid="b")))
    assert one(url, inbox) == Report(url, new=2)
    changed = linked(item("Dockers out", guid=new[0], body="Talks resume on Friday."), new[1])
    server.serve("/f", rss(changed, item("B", guid="b")))
    assert one(url, inbox) == Report(url, updated=1, known=1)
    assert sorted(files(inbox)) == ["B.md", "Strike.md"]
    assert "Talks resume on Friday." in files(inbox)["Strike.md"]
    assert one(url, inbox) == Report(url, known=2)


@pytest.mark.parametrize(
    "link", ["https://coast.example/", "https://coast.example", "https://coast.example/latest"]
)
def test_a_link_that_several_entries_have_makes_none_of_them_one(
    server: FeedServer, inbox: Path, link: str
) -> None:
    url = server.serve("/f", rss(*(linked(item(f"T{n}", guid=str(n)), link) for n in (1, 2))))
    assert one(url, inbox) == Report(url, new=2)
    server.serve("/f", rss(linked(item("T3", guid="3"), link)))
    assert one(url, inbox) == Report(url, new=1)
    server.serve("/f", rss(linked(item("T4", guid="4"), "https://coast.example/")))
    assert one(url, inbox) == Report(url, new=1)
    assert sorted(files(inbox)) == [f"T{n}.md" for n in (1, 2, 3, 4)]


def test_entries_that_share_id_and_link_are_kept_apart_from_fetch_to_fetch(
    server: FeedServer, inbox: Path
) -> None:
    link = "https://coast.example/#news"
    one_, two, three, four = (
        linked(item(f"Bulletin {n}", guid=link, date=f"0{n} Mar 2021 10:00:00 GMT"), link)
        for n in (1, 2, 3, 4)
    )
    url = server.serve("/f", rss(one_))
    assert one(url, inbox) == Report(url, new=1)
    server.serve("/f", rss(one_, two, three))
    assert one(url, inbox) == Report(url, new=2, known=1)
    assert one(url, inbox) == Report(url, known=3)
    server.serve("/f", rss(four))  # alone, and yet not another version of the first
    assert one(url, inbox) == Report(url, new=1)
    server.serve("/f", rss(one_, one_))
    said = "entries that it has more than once, word for word: 1"
    assert one(url, inbox) == Report(url, known=1, remarks=(said,))
    assert sorted(files(inbox)) == [f"2021-03-0{n}-Bulletin {n}.md" for n in (1, 2, 3, 4)]


def test_a_memory_of_the_version_before_is_taken_over(server: FeedServer, inbox: Path) -> None:
    url = server.serve("/f", rss(linked(item("Strike", guid="1"), PAGE)))
    one(url, inbox)
    with sqlite3.connect(inbox / FILE) as base:
        base.execute("DROP INDEX entry_page")
        base.execute("ALTER TABLE entry DROP COLUMN page")
        base.execute("PRAGMA user_version = 1")
    base.close()
    assert one(url, inbox) == Report(url, known=1)
    server.serve("/f", rss(linked(item("Dockers out", guid="2"), PAGE)))
    assert one(url, inbox) == Report(url, updated=1)


def test_ids_and_titles_lead_nowhere(server: FeedServer, inbox: Path) -> None:
    url = server.serve(
        "/f", rss(item("../../evil", guid="../../../evil"), item("/etc/x", guid="/"))
    )
    assert one(url, inbox).new == 2
    assert sorted(files(inbox)) == ["_.._evil.md", "_etc_x.md"]
    assert {path.name for path in inbox.parent.parent.rglob("*")} == {
        "archive", "inbox", FILE, "_.._evil.md", "_etc_x.md",
    }  # fmt: skip


def test_one_failure_stops_nobody(server: FeedServer, inbox: Path) -> None:
    """More feeds than are asked at once, in their order, each told by its own reason."""
    good = [server.serve(f"/good{n}", rss(item(f"T{n}"))) for n in range(3)]
    bad = [
        server.fail("/gone", 410),
        server.serve("/page", "<html>", {"Content-Type": "text/html"}),
        server.serve("/large", b"x" * 1_000_001),
        "nonsense",
    ]
    feeds = [bad[0], good[0], *bad[1:], good[1], good[2], good[0]]
    reports = list(fetch(feeds, inbox, LIMITS))
    assert [report.feed for report in reports] == feeds[:-1]  # named twice, asked once
    assert [report.new for report in reports] == [0, 1, 0, 0, 0, 1, 1]
    assert [(report.failed or "")[:26] for report in reports] == [
        "HTTP 410: gone for good; t", "", "expected RSS or Atom, foun", "larger than fetch.max_byte",
        "expected an address that b", "", "",
    ]  # fmt: skip


def test_a_server_that_wants_to_be_left_alone_is(server: FeedServer, inbox: Path) -> None:
    url = server.fail("/f", 429, {"Retry-After": "600"})
    began = time.time()
    assert one(url, inbox).failed == "HTTP 429 Too Many Requests"
    ended = time.time()
    report = one(url, inbox)
    assert len(server.requests) == 1
    assert report.failed is None
    assert report.waits_until is not None
    assert began + 600 <= report.waits_until <= ended + 600
    server.fail("/g", 503, {"Retry-After": "0"})
    server.serve("/f", rss(item()))
    assert one(server.url("/g"), inbox).failed
    server.serve("/g", rss(item()))
    assert one(server.url("/g"), inbox).new == 1


def test_a_move_is_told_and_the_new_address_brings_nothing_twice(
    server: FeedServer, inbox: Path
) -> None:
    new = server.serve("/new", rss(item("Ferry", guid="1")))
    old = server.redirect("/old", "/new", 301)
    assert one(old, inbox) == Report(old, new=1, moved_to=new)
    assert one(new, inbox) == Report(new, new=1)
    assert list(files(inbox)) == ["Ferry.md"]


DRIPS = {
    "status line": (b"", b"H"),
    "headers": (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "body": (b"HTTP/1.1 200 OK\r\n\r\n<rss><channel>", b" "),
    "chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "interim answers": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("start", "drop"), DRIPS.values(), ids=DRIPS)
def test_a_server_that_drips_holds_up_nobody(
    server: FeedServer, inbox: Path, start: bytes, drop: bytes
) -> None:
    url = server.drip("/slow", start, drop)
    good = server.serve("/good", rss(item()))
    limits = Limits(seconds=1, max_bytes=1_000_000, max_redirects=3)
    slow, fast = fetch([url, good], inbox, limits)
    assert slow.failed == "not done within fetch.timeout, which is 1 s"
    assert fast.failed in (None, slow.failed)  # a busy machine may need more than that second


@pytest.mark.slow
def test_html_made_to_be_slow_ends_in_time(server: FeedServer, inbox: Path) -> None:
    """Comments without an end cost the parser of HTML quadratic time: here, hours."""
    url = server.serve("/f", rss(item(body=f"<![CDATA[{'<!--' * 200_000}]]>")))
    report = one(url, inbox, Limits(seconds=1, max_bytes=1_000_000, max_redirects=3))
    assert report.failed == "not done within fetch.timeout, which is 1 s"


def test_what_makes_a_parser_stumble_is_a_failure_of_that_feed(
    server: FeedServer, inbox: Path
) -> None:
    broken = rss(item(body="&#x110000; &#xd800;")).replace("</rss>", "")
    url = server.serve("/f", broken)
    report = one(url, inbox)
    assert report.failed
    assert report.failed.startswith("it cannot be read: ")


def test_a_damaged_memory_is_an_error_that_says_what_to_do(server: FeedServer, inbox: Path) -> None:
    url = server.serve("/f", rss(item("Ferry", guid="1")))
    one(url, inbox)
    (inbox / FILE).write_bytes(b"no database" * 1000)
    with pytest.raises(InboxError, match=r"cannot use .*move it away"):
        one(url, inbox)
    (inbox / FILE).unlink()
    assert one(url, inbox).new == 1
    assert list(files(inbox)) == ["Ferry.md"]


def test_a_memory_of_a_later_version_is_left_alone(server: FeedServer, inbox: Path) -> None:
    inbox.mkdir(parents=True)
    with sqlite3.connect(inbox / FILE) as base:
        base.execute("PRAGMA user_version = 9")
    base.close()
    with pytest.raises(InboxError, match="it has version 9, expected 2"):
        one(server.serve("/f", rss(item())), inbox)


def test_an_inbox_that_is_no_folder(server: FeedServer, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(InboxError) as caught:
        one(server.serve("/f", rss(item())), file)
    assert str(caught.value) == f"cannot save articles in {file}: File exists"


@pytest.mark.slow
def test_a_kill_at_any_file_loses_and_doubles_nothing(server: FeedServer, inbox: Path) -> None:
    """The real process, killed when it has written its third, sixth and ninth file."""
    url = server.serve("/f", rss(*(item(f"T{n}", guid=str(n)) for n in range(12))))
    program = (
        "import sys; from pathlib import Path; from index.feeds.fetch import fetch; "
        "from index.feeds.download import Limits\n"
        "if __name__ == '__main__': "
        "list(fetch([sys.argv[1]], Path(sys.argv[2]), Limits(60, 10**6, 3)))"
    )
    for count in (3, 6, 9):
        process = subprocess.Popen([sys.executable, "-c", program, url, str(inbox)])
        while process.poll() is None and len(list(inbox.glob("*.md"))) < count:
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert len(list(inbox.glob("*.md"))) >= count  # it has not ended before, of something else
    report = one(url, inbox)
    assert (report.failed, report.new + report.known) == (None, 12)
    saved = files(inbox)
    assert sorted(saved) == sorted(f"T{n}.md" for n in range(12))
    assert all(text.endswith("</div>\n") for text in saved.values())


def test_an_interrupted_fetch_leaves_no_process(server: FeedServer, inbox: Path) -> None:
    slow = server.drip("/slow", b"", b"H")
    reports = fetch([server.serve("/f", rss(item())), slow], inbox, LIMITS)
    next(reports)
    assert len(multiprocessing.active_children()) == 1
    reports.close()
    assert multiprocessing.active_children() == []
