"""Requests to the local server, as a bot's library would make them."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.botapi.server import TOKEN, BotApiServer
from tests.patience import PATIENCE_S

FORM = "application/x-www-form-urlencoded"
Reply = tuple[int, dict[str, Any]]


def http(
    server: BotApiServer, path: str, body: str | None = None, kind: str = FORM
) -> tuple[int, dict[str, Any], dict[str, str]]:
    """One request; returns status, body and headers."""
    address = urlsplit(server.url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=PATIENCE_S)
    method = "GET" if body is None else "POST"
    connection.request(method, path, body and body.encode(), {"Content-Type": kind} if body else {})
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    return response.status, answer, dict(response.getheaders())


def call(server: BotApiServer, method: str, **params: object) -> Reply:
    """Call a method; return status and body."""
    status, answer, _ = http(server, f"/bot{TOKEN}/{method}", urlencode(params))
    return status, answer


def refusal(server: BotApiServer, method: str, **params: object) -> str:
    """Call a method that is refused; return status and description."""
    status, answer = call(server, method, **params)
    assert not answer["ok"]
    assert answer["error_code"] == status
    return f"{status} {answer['description']}"


def send(server: BotApiServer, text: str, **params: object) -> str:
    """Send a text that is refused; return status and description."""
    return refusal(server, "sendMessage", chat_id=7, text=text, **params)
