"""Who may come in: by host and origin, by the size of what is brought, by key and by number.

Host and origin are checked against DNS rebinding: a page elsewhere may let its name point here, but
cannot make a browser say another name.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from math import ceil
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.settings import ServeSettings
from qa.web.keys import PREFIX, Keyring
from qa.web.limits import Buckets, client_of, is_private
from qa.web.problems import Problem

QUERY_BYTES = 60_000
"""Longest query of an address."""

_NOT_COUNTED = ("/static/", "/health", "/metrics")
_FOR_KEYS = ("/api/", "/v1/", "/mcp")
_LOCAL_NAMES = frozenset({"localhost"})


@dataclass(slots=True)
class Gate:
    """Lets requests through that may come in.

    :raises Problem: for all others.
    """

    app: ASGIApp
    settings: ServeSettings
    buckets: Buckets
    keyring: Keyring = field(init=False)
    _hosts: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.keyring = Keyring(self.settings.keys)
        named = (*self.settings.hosts, urlsplit(self.settings.public_url).hostname or "")
        self._hosts = _LOCAL_NAMES.union(name.lower() for name in named if name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on that may come in."""
        if scope["type"] == "http":
            headers = _headers(scope)
            self._check_names(scope, headers)
            self._check_sizes(scope, headers)
            self._check_client(scope, headers)
            receive = self._within_size(receive)
        await self.app(scope, receive, send)

    def _check_names(self, scope: Scope, headers: Mapping[str, str]) -> None:
        host = headers.get("host", "")
        if not self._is_known(host):
            raise Problem(
                HTTPStatus.MISDIRECTED_REQUEST,
                f"this server is not {host[:100]!r}; serve.hosts or serve.public_url tells it its names",
            )
        origin = headers.get("origin")
        if origin is None:
            return
        own = {f"{scope['scheme']}://{host}", self.settings.public_url, *self.settings.origins}
        if origin not in own:
            raise Problem(
                HTTPStatus.FORBIDDEN,
                f"pages of {origin[:100]!r} may not ask here; serve.origins tells which may",
            )

    def _is_known(self, host: str) -> bool:
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        if name in self._hosts or name.endswith(".localhost"):
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def _check_sizes(self, scope: Scope, headers: Mapping[str, str]) -> None:
        if len(scope["query_string"]) > QUERY_BYTES:
            raise Problem(
                HTTPStatus.REQUEST_URI_TOO_LONG,
                f"the address has {len(scope['query_string'])} bytes after its ?; at most "
                f"{QUERY_BYTES} are read",
            )
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > self.settings.max_body:
            raise self._too_large()

    def _within_size(self, receive: Receive) -> Receive:
        taken = 0

        async def receive_within_size() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.settings.max_body:
                raise self._too_large()
            return message

        return receive_within_size

    def _too_large(self) -> Problem:
        return Problem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"the body of a request may have {self.settings.max_body} bytes",
            {"Connection": "close"},
        )

    def _check_client(self, scope: Scope, headers: Mapping[str, str]) -> None:
        path = scope["path"]
        address = (scope.get("client") or ("",))[0]
        name, share = client_of(address), self.settings.address_per_minute
        given = _key_in(headers)
        if not (given.startswith(PREFIX) or self.settings.require_key):
            given = ""  # chat programs send some key or other where none is wanted
        key = self.keyring.find(given) if given else None
        if given and key is None:
            if self.buckets.take(
                f"guess {name}", share
            ):  # whoever guesses keys is slowed down, too
                raise self._too_often(1)
            raise _unauthorized("the key is not known here, or has been revoked")
        if key:
            name = f"key {key.name}"
            share = self.settings.key_per_minute if key.per_minute is None else key.per_minute
        elif path.startswith("/metrics") and not _is_operator(address, headers):
            raise Problem(
                HTTPStatus.FORBIDDEN,
                "figures are told to private addresses, and to who has a key",
            )
        elif self.settings.require_key and path.startswith(_FOR_KEYS):
            raise _unauthorized("the API wants a key: 'Authorization: Bearer nq_...'")
        if path.startswith(_NOT_COUNTED):
            return
        wait = self.buckets.take(name, share)
        if wait:
            raise self._too_often(ceil(wait), share)

    def _too_often(self, seconds: int, share: int | None = None) -> Problem:
        told = f"at most {share} requests a minute; " if share else ""
        return Problem(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"{told}ask again in {seconds} s",
            {"Retry-After": str(seconds)},
        )


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _key_in(headers: Mapping[str, str]) -> str:
    """Return the key that a request brings; never from its address, which stands in logs."""
    kind, _, key = headers.get("authorization", "").partition(" ")
    return key.strip() if kind.lower() == "bearer" else ""


def _is_operator(address: str, headers: Mapping[str, str]) -> bool:
    """Tell whether a request comes from near, and not through a proxy that nobody has vouched for."""
    return is_private(address) and not {"x-forwarded-for", "forwarded"} & headers.keys()


def _unauthorized(detail: str) -> Problem:
    return Problem(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": "Bearer"})
