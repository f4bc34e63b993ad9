"""A real HTTP server on 127.0.0.1 that serves feeds and misbehaves as it is told."""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, TypeAlias

RSS = "application/rss+xml"


class Handler(BaseHTTPRequestHandler):
    """Answers by the server's table of pages."""

    server: "FeedServer"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers)))
        self.close_connection = True
        self.server.pages[self.path](self)

    def log_message(self, *_: Any) -> None:
        pass

    def reply(
        self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


Page: TypeAlias = Callable[[Handler], None]


class FeedServer(ThreadingHTTPServer):
    """The server.

    :ivar pages: what it does when asked for a path; may be changed at any time.
    :ivar requests: path and headers of each request, in order.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages: dict[str, Page] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.ended = Event()

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is what many tests are about."""

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_address[1]}{path}"

    def serve(self, path: str, body: bytes | str, headers: Mapping[str, str] | None = None) -> str:
        """Serve a feed; return its address."""
        data = body.encode() if isinstance(body, str) else body
        said = {"Content-Type": RSS, **(headers or {})}
        self.pages[path] = lambda handler: handler.reply(200, data, said)
        return self.url(path)

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        """Serve a redirect; return its address."""
        self.pages[path] = lambda handler: handler.reply(status, headers={"Location": to})
        return self.url(path)

    def fail(self, path: str, status: int, headers: Mapping[str, str] | None = None) -> str:
        """Serve an error; return its address."""
        self.pages[path] = lambda handler: handler.reply(status, headers=headers)
        return self.url(path)

    def drip(self, path: str, start: bytes, drop: bytes) -> str:
        """Send a beginning, and then a little for ever; return the address."""

        def page(handler: Handler) -> None:
            handler.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            handler.wfile.write(start)
            while not self.ended.wait(0.02):
                handler.wfile.write(drop)

        self.pages[path] = page
        return self.url(path)


@contextmanager
def feed_server() -> Iterator[FeedServer]:
    """Run a server for a while."""
    with FeedServer() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
            thread.join()


def item(
    title: str = "A ferry runs again", *, guid: str = "", date: str = "", body: str = ""
) -> str:
    """Return an item of RSS; its texts are escaped already."""
    parts = {
        "title": title,
        "guid": guid,
        "pubDate": date,
        "description": body or "&lt;p&gt;The ferry of Olm runs again since Monday.&lt;/p&gt;",
    }
    text = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items() if value)
    return f"<item>{text}</item>".replace("<guid>", '<guid isPermaLink="false">')


def rss(*items: str, title: str = "Coast Wire") -> str:
    """Return a feed of items."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>{title}</title>'
        f"<link>https://coast.example/</link>{''.join(items)}</channel></rss>"
    )
