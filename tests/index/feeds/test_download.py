"""Asking a real server that refuses and misbehaves. (Time limits: test_fetch.py.)"""

import gzip
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from email.utils import formatdate

import pytest

from index.errors import FeedError
from index.feeds.download import Download, Limits, Validators, download, resolve, shown
from tests.feed_server import RSS, FeedServer, Handler, feed_server

LIMITS = Limits(seconds=60, max_bytes=100_000, max_redirects=3)
NOTHING = Validators()


@pytest.fixture(name="server", scope="module")
def _server() -> Iterator[FeedServer]:
    with feed_server() as server:
        yield server


def failure(url: str, limits: Limits = LIMITS) -> FeedError:
    with pytest.raises(FeedError) as caught:
        download(url, NOTHING, limits)
    return caught.value


def test_a_plain_answer(server: FeedServer) -> None:
    url = server.serve("/plain", b"<rss/>", {"Content-Type": f"{RSS}; charset=big5"})
    assert download(url, NOTHING, LIMITS) == Download(
        b"<rss/>", "big5", f"{RSS}; charset=big5", url, None, NOTHING
    )
    headers = server.requests[-1][1]
    assert headers["User-Agent"].startswith("newsquote/")
    assert headers["Host"] == url.split("/")[2]
    assert headers["Accept-Encoding"] == "gzip"
    assert "If-None-Match" not in headers


def test_conditional_requests(server: FeedServer) -> None:
    first = Validators('W/"7"', "Tue, 05 Mar 2024 08:00:00 GMT")
    url = server.serve(
        "/tagged", b"x", {"ETag": first.etag or "", "Last-Modified": first.last_modified or ""}
    )
    assert download(url, NOTHING, LIMITS).validators == first
    server.fail("/tagged", 304)
    assert download(url, first, LIMITS).body is None
    asked = server.requests[-1][1]
    assert asked["If-None-Match"] == first.etag
    assert asked["If-Modified-Since"] == first.last_modified
    assert "HTTP 304" in str(failure(url))  # nobody asked for it


def test_a_validator_that_cannot_be_sent_back_is_dropped(server: FeedServer) -> None:
    url = server.serve("/odd", b"x", {"ETag": '"\xe9"'})
    assert download(url, NOTHING, LIMITS).validators == NOTHING


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP"])
def test_gzip(server: FeedServer, coding: str) -> None:
    body = b"<rss/>" * 1000
    packed = gzip.compress(body[:3000]) + gzip.compress(body[3000:])
    url = server.serve("/gzip", packed, {"Content-Encoding": coding})
    assert download(url, NOTHING, LIMITS).body == body


@pytest.mark.parametrize(
    ("body", "coding", "reason"),
    [
        (b"x" * 100_001, "identity", "larger than fetch.max_bytes, which is 100,000 bytes"),
        (gzip.compress(bytes(50_000_000)), "gzip", "larger than fetch.max_bytes"),
        (gzip.compress(gzip.compress(b"x")), "gzip, gzip", "found Content-Encoding 'gzip, gzip'"),
        (zlib.compress(b"x"), "br", "found Content-Encoding 'br'"),
        (gzip.compress(b"<rss/>" * 99)[:-9], "gzip", "the gzip data ends too early"),
        (b"<rss/>", "gzip", "the gzip data is damaged"),
    ],
    ids=lambda value: "body" if isinstance(value, bytes) else None,  # which may hold the time
)
def test_bodies_that_are_not_taken(
    server: FeedServer, body: bytes, coding: str, reason: str
) -> None:
    url = server.serve("/bad", body, {"Content-Encoding": coding})
    assert reason in str(failure(url))


@pytest.mark.slow
def test_a_bomb_stays_small_in_memory(server: FeedServer) -> None:
    url = server.serve("/bomb", gzip.compress(bytes(200_000_000)), {"Content-Encoding": "gzip"})
    tracemalloc.start()
    failure(url)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000


def test_a_size_at_the_limit_is_taken(server: FeedServer) -> None:
    url = server.serve("/large", b"x" * 100_000)
    assert download(url, NOTHING, LIMITS).body == b"x" * 100_000


def test_a_connection_that_breaks(server: FeedServer) -> None:
    def cut(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>")

    server.pages["/cut"] = cut
    assert "closed connection" in str(failure(server.url("/cut")))

    def rude(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/9 ?\r\n\r\n")

    server.pages["/rude"] = rude
    assert "illegal status line" in str(failure(server.url("/rude")))


def test_nobody_there() -> None:
    with feed_server() as server:
        url = server.url("/")
    assert "cannot connect to 127.0.0.1: " in str(failure(url))


@pytest.mark.parametrize(
    ("status", "reason"),
    [(404, "HTTP 404 Not Found"), (500, "HTTP 500"), (410, "HTTP 410: gone for good; take it out")],
)
def test_statuses_that_are_failures(server: FeedServer, status: int, reason: str) -> None:
    assert str(failure(server.fail("/status", status))).startswith(reason)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after(server: FeedServer, status: int) -> None:
    def waits(value: str) -> float | None:
        retry_at = failure(server.fail("/busy", status, {"Retry-After": value})).retry_at
        return None if retry_at is None else retry_at - began

    began = time.time()
    seconds = waits("120")
    assert seconds is not None
    assert 120 <= seconds <= 120 + time.time() - began
    date = waits(formatdate(began + 3600, usegmt=True))
    assert date == pytest.approx(3600, abs=2)
    assert (waits("-5"), waits("soon")) == (None, None)
    longest = waits("99999999999999")
    assert longest is not None
    assert 86_400 <= longest <= 86_400 + time.time() - began
    assert failure(server.fail("/busy", status)).retry_at is None
    assert failure(server.fail("/busy", 500, {"Retry-After": "9"})).retry_at is None


def test_redirects_on_the_same_server_are_followed(server: FeedServer) -> None:
    end = server.serve("/end", b"<rss/>")
    server.redirect("/2", "/end", 307)
    found = download(server.redirect("/1", "2"), NOTHING, LIMITS)
    assert (found.body, found.url, found.moved_to) == (b"<rss/>", end, None)


def test_a_permanent_move_is_told_as_far_as_it_is_permanent(server: FeedServer) -> None:
    server.serve("/end", b"<rss/>")
    server.redirect("/now", "/end", 302)
    moved = server.redirect("/moved", "/now", 308)
    old = server.redirect("/old", "/moved", 301)
    assert download(old, NOTHING, LIMITS).moved_to == server.url("/now")
    assert download(moved, NOTHING, LIMITS).moved_to == server.url("/now")
    server.redirect("/now", "/moved2", 302)
    server.redirect("/moved2", "/end", 301)
    assert download(server.url("/now"), NOTHING, LIMITS).moved_to is None


def test_a_circle_of_redirects_ends(server: FeedServer) -> None:
    url = server.redirect("/circle", "/circle")
    asked = len(server.requests)
    assert "more than 3 redirects" in str(failure(url))
    assert len(server.requests) - asked == 4


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0.0.0.0",  # noqa: S104 - an address to be refused, none to listen on
        "[::1]",
        "[::ffff:127.0.0.1]",
        "10.0.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "[fe80::1]",
    ],
)
def test_no_redirect_leads_to_a_local_address(server: FeedServer, host: str) -> None:
    """Not even from a local server: only its own host and port are the operator's choice."""
    with feed_server() as other:
        other.serve("/secret", b"<rss/>")
        url = server.redirect("/lure", other.url("/secret", host))
        assert "which is the local address" in str(failure(url))
        assert other.requests == []


def test_a_name_is_looked_up_once_and_the_checked_address_is_asked(server: FeedServer) -> None:
    """A name server that changes its mind (DNS rebinding) changes nothing."""
    asked = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["127.0.0.1"] if len(asked) == 1 else ["10.255.255.1"]

    server.serve("/feed", b"<rss/>")
    url = server.url("/feed", "feeds.example")
    assert download(url, NOTHING, LIMITS, resolver=rebinding).body == b"<rss/>"
    port = server.server_address[1]
    assert asked == [("feeds.example", port)]
    assert server.requests[-1][1]["Host"] == f"feeds.example:{port}"


def test_one_local_address_among_others_is_enough_to_refuse(server: FeedServer) -> None:
    url = server.redirect("/lure", "http://evil.example/")
    hosts = {"127.0.0.1": ["127.0.0.1"], "evil.example": ["8.8.8.8", "127.0.0.1"]}
    with pytest.raises(FeedError, match=r"redirected to evil\.example, which is the local address"):
        download(url, NOTHING, LIMITS, resolver=lambda host, _: hosts[host])


def test_the_next_address_is_tried(server: FeedServer) -> None:
    server.serve("/feed", b"<rss/>")
    url = server.url("/feed", "feeds.example")
    found = download(url, NOTHING, LIMITS, resolver=lambda *_: ["::1", "127.0.0.1"])
    assert found.body == b"<rss/>"


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "ftp://coast.example/", "gopher://x/", "javascript:x"]
)
def test_redirects_to_other_schemes_are_refused(server: FeedServer, to: str) -> None:
    reason = str(failure(server.redirect("/lure", to)))
    assert "expected an address" in reason


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "coast.example/feed", "", "/etc/passwd", "http://", "http://a:b:c/"],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    assert "expected an address" in str(failure(url))


def test_a_name_that_does_not_exist() -> None:
    def unknown(host: str, port: int) -> list[str]:
        return resolve(f"{'x' * 64}.{host}", port)  # no label is that long

    with pytest.raises(FeedError, match=r"no address is known for coast\.example: "):
        download("http://coast.example/", NOTHING, LIMITS, resolver=unknown)


def test_a_password_goes_to_its_server_and_is_not_shown(server: FeedServer) -> None:
    server.serve("/feed", b"<rss/>")
    url = server.url("/feed", "me:secret@127.0.0.1")
    download(url, NOTHING, LIMITS)
    assert server.requests[-1][1]["Authorization"] == "Basic bWU6c2VjcmV0"
    assert shown(url) == server.url("/feed")


def test_the_environments_proxies_are_not_used(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9/")
    assert download(server.serve("/feed", b"<rss/>"), NOTHING, LIMITS).body == b"<rss/>"
