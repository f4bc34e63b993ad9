"""What hostile articles, requests and connections get."""

import json
import re
import resource
import select
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from benchmarks.measure import memory
from tests.archive import article, build_index
from tests.botapi.process import newsquote
from tests.patience import PATIENCE_S
from tests.qa.web.serving import ASKING_MUCH, Server

QUESTION = "Who opened the swing bridge in Porth?"


def raw(server: Server, *pieces: bytes) -> bytes:
    """Send bytes and return all that comes back until the other side ends the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has been refused before it was whole
        received = b""
        try:
            while data := connection.recv(65536):
                received += data
        except ConnectionResetError:
            pass
        return received


def head(path: bytes, *headers: bytes) -> bytes:
    lines = (b"GET " + path + b" HTTP/1.1", b"Host: localhost", b"Connection: close", *headers)
    return b"\r\n".join(lines) + b"\r\n\r\n"


# --- articles ------------------------------------------------------------------------------------

EVIL = article(
    "evil.md",
    "<script>alert('bridge')</script> Mayor <b onmouseover=alert(1)>Ilse Varn</b> opened the swing "
    'bridge in Porth on Friday, "cutting" the ribbon with a fish knife & a smile.',
    title='<img src=x onerror=alert(2)> Porth bridge "><script>alert(3)</script>',
    source="'\"><svg/onload=alert(4)>",
)


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("evil")
    linked = replace(EVIL, card=replace(EVIL.card, url="javascript:alert(5)"))
    build_index(folder / "index-data", [linked])
    with Server(folder, {**ASKING_MUCH, "ANSWER__THRESHOLD": "0"}) as running:
        yield running


@pytest.mark.parametrize("path", ["/ask", "/check", "article", "/sources", "/", "/no<script>"])
def test_nothing_of_an_article_becomes_html(evil: Server, path: str) -> None:
    if path == "article":
        found = evil.get("/api/ask", params={"q": QUESTION}).json()
        path = found["quotes"][0]["page"].partition("#")[0]
    shown = evil.get(path, params={} if "?" in path else {"q": QUESTION, "text": EVIL.text})
    if path == "/":
        shown = evil.get("/")
    page = shown.text
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    tags = re.findall(r"<[a-zA-Z][^>]*>", page)
    assert tags
    for tag in tags:
        assert not re.search(r"\son\w+\s*=|javascript:|\sstyle\s*=", tag), tag
    assert [tag for tag in tags if tag.startswith("<script")] == [
        tag for tag in tags if re.match(r'<script src="/static/page\.js\?\w+" defer>', tag)
    ]
    assert "<svg/onload" not in page
    assert "<img" not in page
    policy = shown.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_links_lead_to_the_web_and_nowhere_else(evil: Server) -> None:
    answer = evil.get("/api/ask", params={"q": QUESTION}).json()
    assert answer["quotes"][0]["original"] is None
    assert "javascript:" not in evil.get("/ask", params={"q": QUESTION}).text
    feed = evil.get("/ask.atom", params={"q": QUESTION}).text
    assert "javascript:" not in feed
    assert "&lt;script&gt;" in feed


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:{port}", 200),
        ("127.0.0.1:{port}", 200),
        ("[::1]:{port}", 200),
        ("192.168.1.7", 200),
        ("anything.localhost", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("[", 421),
        ("", 421),
    ],
)
def test_a_server_answers_to_its_own_names(server: Server, host: str, status: int) -> None:
    given = host.format(port=server.port)
    assert server.get("/api/sources", headers={"host": given}).status_code == status


def test_names_are_told_by_the_settings(demo_index: Path) -> None:
    settings = {
        **ASKING_MUCH,
        "SERVE__PUBLIC_URL": "https://quotes.example",
        "SERVE__HOSTS": '["quotes.lan"]',
        "SERVE__ORIGINS": '["https://app.example"]',
    }
    with Server(demo_index, settings) as server:
        for host in ("quotes.example", "QUOTES.lan:80"):
            assert server.get("/health", headers={"host": host}).status_code == 200
        allowed = server.get("/api/sources", headers={"origin": "https://app.example"})
        assert allowed.headers["access-control-allow-origin"] == "https://app.example"
        feed = server.get("/ask.atom", params={"q": QUESTION}).text
        assert 'href="https://quotes.example/ask?' in feed


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:{port}", 200),
        ("http://127.0.0.1:1", 403),
        ("https://evil.example", 403),
        ("null", 403),
    ],
)
def test_pages_of_other_sites_may_not_ask(server: Server, origin: str, status: int) -> None:
    headers = {"origin": origin.format(port=server.port)}
    answered = server.client.post("/api/ask", json={"question": "x"}, headers=headers)
    assert answered.status_code == status
    assert "access-control-allow-origin" not in answered.headers


# --- requests ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "request_bytes",
    [
        head(b"/ask?q=%ff%fe%80"),
        head(b"/ask?q=%ED%A0%80"),
        head(b"/api/ask?q=%ff%C3"),
        head(b"/ask?q=\xff\xfe"),
        head(b"/%ff%fe"),
        head(b"/\xff"),
        head(b"/ask?q=x&source=%ff&since=%ff&k=%ff"),
        head(b"/articles/%00?from=%ff&to=9"),
        head(b"/ask?q=x", b"Accept-Language: \xff\xfe;q=\xff, ;;;q=q,zh"),
        head(b"/ask?q=x", b"Authorization: Bearer nq_\xff\xfe"),
        head(b"/ask?q=x", b"X-Request-Id: \xff\r\nset-cookie: a=b"),
        b"\xff\xfe\x00\x01\x02 nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: -5\r\n\r\n",
    ],
)
def test_broken_bytes_are_served_or_refused(server: Server, request_bytes: bytes) -> None:
    answered = raw(server, request_bytes)
    status = int(answered.split()[1])
    assert 200 <= status < 500, answered[:300]
    assert b"set-cookie" not in answered.lower()
    assert server.answers()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"\xff\xfe\xfd", 400),
        (b'{"question": "\xff"}', 400),
        (b'{"question": "\\ud800 who?"}', 422),
        (b'{"question": "\\u0000 who?"}', 200),
        (b'{"question": ["who?"]}', 422),
        (b'{"question": "who?", "sources": "x"}', 422),
        (b'{"question": ' + b"[" * 50_000, 400),
        (b'{"question": "who?", "k": 1e99}', 422),
        (b"", 422),
        (b"null", 422),
    ],
)
def test_broken_bodies_are_served_or_refused(server: Server, body: bytes, status: int) -> None:
    headers = {"content-type": "application/json"}
    answered = server.client.post("/api/ask", content=body, headers=headers)
    assert answered.status_code == status, answered.text
    if status != 200:
        assert answered.headers["content-type"] == "application/problem+json"
        assert answered.json()["status"] == status
    assert server.answers()


def test_a_question_of_a_megabyte_is_refused(server: Server) -> None:
    question = "桥" * 400_000
    body = json.dumps({"question": question}).encode()
    assert len(body) > 1_000_000
    in_body = server.client.post("/api/ask", content=body)
    assert in_body.status_code == 413
    assert "262144 bytes" in in_body.json()["detail"]
    chunks = (body[at : at + 9000] for at in range(0, len(body), 9000))
    without_length = httpx.post(f"{server.url}/api/ask", content=chunks, timeout=PATIENCE_S)
    assert without_length.status_code == 413
    in_address = raw(server, head(b"/ask?q=" + b"x" * 1_000_000))
    assert int(in_address.split()[1]) in (414, 431)
    in_headers = raw(server, head(b"/", *(b"X-%d: " % n + b"x" * 5000 for n in range(200))))
    assert int(in_headers.split()[1]) in (414, 431)
    medium = server.get("/ask", params={"q": "x" * 61_000})
    assert medium.status_code == 414
    assert server.answers()


def test_what_cannot_be_written_down_is_not_logged(demo_index: Path) -> None:
    with Server(demo_index, {**ASKING_MUCH, "LOG__LEVEL": "debug"}) as server:
        secret = "my private question about a bridge"
        server.get("/ask", params={"q": secret})
        server.get("/api/ask", params={"q": secret})
        server.client.post("/api/ask", json={"question": secret})
        server.client.post("/api/ask", json={"question": secret, "k": "many"})
        raw(server, head(b"/lines%0Ain%0Athe%0Alog"))
        status, log = server.stop()
    assert status == 0
    assert log.count(" GET /api/ask 200 ") == 1
    assert "private" not in log
    assert "Traceback" not in log
    assert "\\nin\\nthe\\nlog" in log


# --- connections ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_who_sends_no_whole_head_loses_the_connection(demo_index: Path) -> None:
    with Server(demo_index, {**ASKING_MUCH, "SERVE__HEAD_TIMEOUT": "1"}) as server:
        for sent in (b"", b"GET / HTTP/1.1\r\nHost: local", b"\r\n"):
            assert raw(server, sent) == b""
        served = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
        assert raw(server, served, b"\r\n").count(b'{"status":"ok"}') == 1
        assert server.answers()


@pytest.mark.slow
def test_who_sends_no_whole_body_is_told_so(demo_index: Path) -> None:
    """No test asks this server anything else: what it may take is too little for a busy machine."""
    half = (
        b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b'Content-Length: 100\r\n\r\n{"question'
    )
    with Server(demo_index, {**ASKING_MUCH, "SERVE__TIMEOUT": "1"}) as server:
        answered = raw(server, half)
        assert answered.startswith(b"HTTP/1.1 503 ")
        assert b"took longer than 1 s" in answered
        assert server.stop()[0] == 0


@pytest.mark.slow
def test_who_reads_nothing_loses_the_connection_and_costs_little(tmp_path: Path) -> None:
    words = article("long.md", "\n".join(["Mayor Ilse Varn opened the swing bridge. " * 20] * 500))
    build_index(tmp_path / "index-data", [words])
    clients, each = 10, 60
    with Server(tmp_path, {**ASKING_MUCH, "SERVE__SEND_TIMEOUT": "1"}) as server:
        path = f"/api/articles/{words.card.sha256}"
        owed = len(server.get(path).content) * each * clients
        asked = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * each
        before = memory(server.process.pid).rss
        poll = select.poll()
        with ExitStack() as stack:
            for _ in range(clients):
                connection = stack.enter_context(socket.socket())
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                connection.connect(("127.0.0.1", server.port))
                connection.sendall(asked)
                poll.register(connection, select.POLLERR | select.POLLHUP)
            for cut in range(clients):
                ended = poll.poll(PATIENCE_S * 1000)
                assert ended, f"only {cut} were cut"
                poll.unregister(ended[0][0])
                assert (memory(server.process.pid).rss - before) * 1e6 < owed / 4
        assert server.answers()


def test_who_asks_far_ahead_loses_the_connection(server: Server) -> None:
    asked = b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"
    few = raw(server, asked * 50, head(b"/robots.txt"))
    assert few.count(b"HTTP/1.1 200 OK") == 51
    assert raw(server, asked * 1000).count(b"HTTP/1.1 200 OK") < 1000
    assert server.answers()


def test_ten_thousand_open_connections_stop_nobody(demo_index: Path) -> None:
    wanted, spare = 10_000, 500
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted + spare:
        pytest.skip(f"this system lets a process open {hard} files, {wanted + spare} are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted + spare), hard))
    settings = {**ASKING_MUCH, "SERVE__HEAD_TIMEOUT": str(PATIENCE_S)}
    try:
        with Server(demo_index, settings) as server, ExitStack() as stack:
            before = memory_kb(server)
            for _ in range(wanted):
                one = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S)
                stack.callback(one.close)
            answered = server.get("/ask", params={"q": "海底铁路"})
            assert answered.status_code == 200
            grown = memory_kb(server) - before
            assert grown < 300_000, f"{grown} kB for {wanted} connections"
            stack.close()
            assert server.answers()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_more_connections_than_are_held_are_refused(demo_index: Path) -> None:
    with Server(demo_index, {**ASKING_MUCH, "SERVE__CONNECTIONS": "5"}) as server:
        with ExitStack() as stack:
            for _ in range(6):
                one = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S)
                stack.callback(one.close)
            assert httpx.get(f"{server.url}/health", timeout=PATIENCE_S).status_code == 503
        deadline = time.monotonic() + PATIENCE_S
        while httpx.get(f"{server.url}/health", timeout=PATIENCE_S).status_code != 200:
            assert time.monotonic() < deadline


def memory_kb(server: Server) -> int:
    """Return the memory that the server holds."""
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0])


def test_a_port_that_is_taken_is_told(demo_index: Path, server: Server) -> None:
    done = newsquote(demo_index, "serve", "--port", str(server.port))
    assert done.returncode == 2
    assert (
        f"port {server.port}: Address already in use; see serve.host and serve.port" in done.stderr
    )
