"""The HTTP side: requests in any of the forms the Bot API takes, faults on demand, a record."""

import contextlib
import json
import secrets
import ssl
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.botapi.bodies import from_json, from_multipart
from tests.botapi.errors import (
    ApiError,
    bad_request,
    method_not_found,
    too_many_requests,
    unauthorized,
)
from tests.botapi.methods import METHODS
from tests.botapi.world import Sent, World
from tests.patience import PATIENCE_S

TOKEN = "4242:AAtest-token_of-the-local-server-abcdef"  # a bot's, valid only here
FIRST_PAUSE_S = 0.2
"""Before a push that failed is tried again; the next pause is twice as long."""

CLIENT_GONE = (BrokenPipeError, ConnectionResetError)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong with one call.

    :ivar kind: ``refuse`` answers with ``error``; ``slow`` waits ``seconds`` first; ``cut`` closes
        the connection unheard; ``lose`` does what was asked, then closes without an answer;
        ``odd`` does nothing and answers ``status`` and ``body``, as a server that is not Telegram.
    """

    kind: Literal["refuse", "slow", "cut", "lose", "odd"]
    error: ApiError | None = None
    seconds: float = 0.0
    status: int = 200
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class _Held:
    """A chat whose messages wait."""

    cut: bool
    arrived: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it came in, with what it was answered.

    :ivar status: HTTP status; 0 when the connection was cut.
    """

    method: str
    params: Mapping[str, str]
    status: int
    description: str = ""
    at: float = field(default_factory=time.monotonic)


class BotApiServer:
    """A Bot API server on a free local port; a context manager.

    ``world`` is what lies behind it, ``calls`` what was asked of it, ``name`` tells it from others.
    ``proxy`` is where a webhook's address leads: ``http://127.0.0.1:8443`` as if a proxy that speaks
    HTTPS stood before the bot, ``https://localhost:8443`` to a bot with an own certificate.
    """

    def __init__(self, token: str = TOKEN, port: int = 0, *, rich: bool = False) -> None:
        self.token = token
        self.name = secrets.token_hex(8)
        self.world = World(rich=rich)
        self.calls: list[Call] = []
        self._faults: dict[str, deque[Fault]] = {}
        self._held: dict[int, _Held] = {}
        self._http = _Server(("127.0.0.1", port), _Handler, self)
        self.proxy = ""
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._pusher = threading.Thread(target=self._push, daemon=True)
        self._ended = threading.Event()

    @property
    def url(self) -> str:
        """What a bot takes for https://api.telegram.org."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._pusher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _push(self) -> None:
        """Push updates to the webhook, each until it is taken (WebhookActor.cpp)."""
        pause = FIRST_PAUSE_S
        while not self._ended.is_set():
            update = self.world.next_pushed(0.1)
            if update is None:
                continue
            if self._pushed(update):
                self.world.pushed(update["update_id"])
                pause = FIRST_PAUSE_S
            else:
                self._ended.wait(pause)
                pause *= 2

    def _pushed(self, update: dict[str, Any]) -> bool:
        connection = self._connection()
        headers = {"Content-Type": "application/json"}
        if self.world.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.world.secret
        try:
            path = urlsplit(self.world.webhook).path or "/"
            connection.request("POST", path, json.dumps(update), headers)
            return 200 <= connection.getresponse().status < 300
        except OSError:
            return False
        finally:
            connection.close()

    def _connection(self) -> HTTPConnection:
        address = urlsplit(self.proxy)
        if address.scheme != "https":
            return HTTPConnection(address.netloc, timeout=PATIENCE_S)
        # Of an own certificate, Telegram trusts the one that was uploaded, and no other.
        trusted = ssl.create_default_context(cadata=self.world.certificate or None)
        return HTTPSConnection(address.netloc, timeout=PATIENCE_S, context=trusted)

    # What goes wrong next.

    def refuse(self, method: str, error: ApiError, times: int = 1) -> None:
        """Let the next calls of a method fail."""
        self._inject(method, Fault("refuse", error=error), times)

    def flood(self, method: str, seconds: int, times: int = 1) -> None:
        """Let the next calls of a method fail with 429."""
        self.refuse(method, too_many_requests(seconds), times)

    def slow(self, method: str, seconds: float, times: int = 1) -> None:
        """Let the next calls of a method take longer."""
        self._inject(method, Fault("slow", seconds=seconds), times)

    @contextlib.contextmanager
    def hold(self, chat_id: int, *, cut: bool = False) -> Iterator[Callable[[], bool]]:
        """Let every message to a chat wait until the block is left.

        :param cut: whether their connections are closed then, unheard.
        :return: whether one has arrived by now.
        """
        held = self._held[chat_id] = _Held(cut)
        try:
            yield held.arrived.is_set
        finally:
            self._held.pop(chat_id).released.set()

    def cut(self, method: str, times: int = 1) -> None:
        """Close the connection of the next calls before they are heard."""
        self._inject(method, Fault("cut"), times)

    def lose(self, method: str, times: int = 1) -> None:
        """Do what the next calls ask, then close the connection without an answer."""
        self._inject(method, Fault("lose"), times)

    def odd(self, method: str, body: bytes, status: int = 200, times: int = 1) -> None:
        """Answer the next calls as some other server does."""
        self._inject(method, Fault("odd", status=status, body=body), times)

    def faults_left(self, method: str) -> int:
        """Return how many of a method's faults are still to come."""
        return len(self._faults.get(method.lower(), ()))

    def _inject(self, method: str, fault: Fault, times: int) -> None:
        self._faults.setdefault(method.lower(), deque()).extend([fault] * times)

    # What happened.

    def sent(self, chat_id: int = 7) -> list[Sent]:
        """Return the bot's messages in a chat, oldest first."""
        return [message for message in self.world.sent if message.chat_id == chat_id]

    def called(self, method: str) -> list[Call]:
        """Return the calls of a method, oldest first."""
        return [call for call in self.calls if call.method == method.lower()]

    def wait_for(self, true: Callable[[], bool]) -> None:
        """Wait until something holds.

        :raises TimeoutError: with all calls so far, when it does not in time.
        """
        deadline = time.monotonic() + PATIENCE_S
        while not true():
            if time.monotonic() > deadline:
                raise TimeoutError("\n".join(map(str, self.calls)) or "the bot never called")
            time.sleep(0.01)

    # One call.

    def answer(self, token: str, name: str, values: Mapping[str, str]) -> tuple[int, Any]:
        """Answer a call: HTTP status (0 = no answer) and body."""
        method = name.lower()
        waiting = self._faults.get(method)
        fault = waiting.popleft() if waiting else None
        chat = values.get("chat_id", "") if method in ("sendmessage", "sendrichmessage") else ""
        held = self._held.get(int(chat)) if chat.lstrip("-").isdigit() else None
        if held:
            held.arrived.set()
            held.released.wait()
            fault = Fault("cut") if held.cut else fault
        try:
            if fault and fault.kind == "slow":
                time.sleep(fault.seconds)
            if fault and fault.kind == "cut":
                return self._record(method, values, 0)
            if fault and fault.kind == "odd":
                self._record(method, values, fault.status)
                return fault.status, fault.body
            if fault and fault.error:
                raise fault.error
            result = self._result(token, method, values)
        except ApiError as error:
            return self._record(method, values, error.code, error.body())
        lost = fault is not None and fault.kind == "lose"
        return self._record(method, values, 0 if lost else 200, {"ok": True, "result": result})

    def _result(self, token: str, method: str, values: Mapping[str, str]) -> object:
        if token != self.token:
            raise unauthorized()
        if method not in METHODS or (method == "sendrichmessage" and not self.world.rich):
            raise method_not_found()
        return METHODS[method](self.world, values)

    def _record(
        self, method: str, values: Mapping[str, str], status: int, body: Any = None
    ) -> tuple[int, Any]:
        description = body.get("description", "") if body else ""
        self.calls.append(Call(method, values, status, description))
        return status, body


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type, api: BotApiServer) -> None:
        super().__init__(address, handler)
        self.api = api

    def handle_error(self, request: object, client_address: object) -> None:
        """Report an error of this server; a client that was killed is none."""
        if not isinstance(sys.exception(), CLIENT_GONE):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as it came


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # the body follows its headers at once
    server: _Server

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Stay silent: URLs hold the token."""

    def _serve(self, body: bytes) -> None:
        url = urlsplit(self.path)
        if unquote(url.path).startswith(f"/file/bot{self.server.api.token}/"):
            self._reply_file(url.path.rpartition("/")[2])
            return
        token, _, name = url.path.removeprefix("/bot").partition("/")
        if not url.path.startswith("/bot") or not name:
            status, answer = 404, {"ok": False, "error_code": 404, "description": "Not Found"}
        else:
            try:
                values = dict(parse_qsl(url.query, keep_blank_values=True)) | self._body(body)
            except ValueError as error:
                refusal = bad_request(str(error))
                status, answer = 400, {"ok": False, "error_code": 400}
                answer["description"] = refusal.description
            else:
                status, answer = self.server.api.answer(token, name, values)
        with contextlib.suppress(*CLIENT_GONE):
            self._reply(status, answer)

    def _reply_file(self, identity: str) -> None:
        """https://core.telegram.org/bots/api#file."""
        content = self.server.api.world.files.get(identity)
        self.send_response(200 if content is not None else 404)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def _body(self, body: bytes) -> dict[str, str]:
        kind = self.headers.get_content_type()
        if not body:
            return {}
        if kind == "application/json":
            return from_json(body)
        if kind == "multipart/form-data":
            return dict(from_multipart(self.headers["Content-Type"], body))
        return dict(parse_qsl(body.decode(), keep_blank_values=True))

    def _reply(self, status: int, answer: Any) -> None:
        if not status:
            self.close_connection = True
            self.connection.shutdown(2)
            return
        encoded = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(encoded)))
        parameters = answer.get("parameters", {}) if isinstance(answer, dict) else {}
        if retry_after := parameters.get("retry_after"):
            self.send_header("Retry-After", str(retry_after))
        self.end_headers()
        self.wfile.write(encoded)
