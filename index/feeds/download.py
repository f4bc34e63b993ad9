"""One HTTP GET that trusts nobody: conditional, bounded, and never led to a local address."""

import socket
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from typing import TypeAlias

import httpx

from index.errors import FeedError
from index.feeds.addresses import is_public
from index.text.whitespace import clean

Resolver: TypeAlias = Callable[[str, int], list[str]]

_PERMANENT = frozenset((HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT))
_BUSY = frozenset((HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE))
_LONGEST_WAIT = 86_400.0
"""Seconds: whatever a server asks for, it is tried again the next day."""

_GZIP = 16 + zlib.MAX_WBITS
"""How zlib is told to expect gzip's header."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one feed may cost.

    :ivar seconds: from the first step to the last, redirects and all.
    :ivar max_bytes: size of the feed, unpacked.
    """

    seconds: float
    max_bytes: int
    max_redirects: int


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server wants to see again, to say that nothing has changed (RFC 9110, 13)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Download:
    """What a server answered.

    :ivar body: None when nothing has changed since the validators were given.
    :ivar url: where it was found in the end.
    :ivar moved_to: where the address has moved for good, or None.
    """

    body: bytes | None
    charset: str | None
    content_type: str
    url: str
    moved_to: str | None
    validators: Validators


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def shown(url: str) -> str:
    """Return an address as it may be printed: without a password in it."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return clean(url)
    return str(parsed.copy_with(userinfo=b"")) if parsed.userinfo else clean(url)


def download(
    url: str, validators: Validators, limits: Limits, *, resolver: Resolver = resolve
) -> Download:
    """Get a feed.

    The address itself may be local: the operator chose it. A redirect may lead to a local address
    only on the same host and port. Names are resolved once, and it is the checked address that is
    connected to. Proxies and passwords of the environment are not used.

    :raises FeedError: if it cannot be had; the message is a reason without the address.
    """
    try:
        target = httpx.URL(url)
        transport = _CheckedTransport(_origin(target), limits, resolver)
        with httpx.Client(transport=transport, trust_env=False) as client:
            # Only gzip: other codings can be stacked, and need libraries of their own.
            headers = {
                "User-Agent": _user_agent(),
                "Accept": "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5",
                "Accept-Encoding": "gzip",
                **_conditions(validators),
            }
            return _follow(client, httpx.Request("GET", target, headers=headers), limits)
    except httpx.InvalidURL as error:
        raise FeedError(f"expected an address, found one that is none: {error}") from error
    except httpx.HTTPError as error:
        raise FeedError(clean(str(error)) or type(error).__name__) from error


def _follow(client: httpx.Client, request: httpx.Request, limits: Limits) -> Download:
    moved_to: str | None = None
    permanently = True
    for _ in range(limits.max_redirects + 1):
        response = client.send(request, stream=True, follow_redirects=False)
        try:
            if response.next_request is None:
                return _answer(response, moved_to, limits)
        finally:
            response.close()
        permanently = permanently and response.status_code in _PERMANENT
        request = response.next_request
        if permanently:
            moved_to = str(request.url)
    raise FeedError(f"more than {limits.max_redirects} redirects, the last to {request.url}")


def _answer(response: httpx.Response, moved_to: str | None, limits: Limits) -> Download:
    """Make of the last response what it says.

    :raises FeedError: if that is no feed.
    """
    status = response.status_code
    asked = response.request.headers
    not_modified = status == HTTPStatus.NOT_MODIFIED and (
        "if-none-match" in asked or "if-modified-since" in asked
    )
    if status == HTTPStatus.GONE:
        raise FeedError("HTTP 410: gone for good; take it out of your settings")
    if status != HTTPStatus.OK and not not_modified:
        raise FeedError(
            f"HTTP {status} {clean(response.reason_phrase)}".rstrip(),
            retry_at=_retry_at(response.headers.get("retry-after")) if status in _BUSY else None,
        )
    return Download(
        body=None if not_modified else _body(response, limits.max_bytes),
        charset=response.charset_encoding,
        content_type=response.headers.get("content-type", ""),
        url=str(response.request.url),
        moved_to=moved_to,
        validators=Validators(
            _plain(response.headers.get("etag")), _plain(response.headers.get("last-modified"))
        ),
    )


def _body(response: httpx.Response, max_bytes: int) -> bytes:
    """Read and unpack the body, never holding much more than its limit.

    httpx unpacks for itself, but a whole chunk at once and stacked codings one after the other, so
    that 64 kB can become gigabytes before anybody can look.
    """
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "gzip", "x-gzip", ""}:
        raise FeedError(f"asked for gzip or nothing, found Content-Encoding {clean(coding)!r}")
    chunks = response.iter_raw()
    pieces = _unpacked(chunks, max_bytes) if "gzip" in coding else chunks
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > max_bytes:
            raise FeedError(f"larger than fetch.max_bytes, which is {max_bytes:,} bytes")
    return bytes(body)


def _unpacked(chunks: Iterable[bytes], max_bytes: int) -> Iterable[bytes]:
    """Yield what gzip members hold, at most one byte more than the limit at once."""
    unpack = zlib.decompressobj(_GZIP)
    try:
        for chunk in chunks:
            waiting = chunk
            while waiting:
                if unpack.eof:
                    unpack = zlib.decompressobj(_GZIP)
                yield unpack.decompress(waiting, max_bytes + 1)
                waiting = unpack.unused_data or unpack.unconsumed_tail
    except zlib.error as error:
        raise FeedError(f"the gzip data is damaged: {error}") from error
    if not unpack.eof:
        raise FeedError("the gzip data ends too early")


def _conditions(validators: Validators) -> dict[str, str]:
    headers = {
        "If-None-Match": validators.etag,
        "If-Modified-Since": validators.last_modified,
    }
    return {name: value for name, value in headers.items() if value is not None}


def _plain(header: str | None) -> str | None:
    """Return a header that can be sent back as it came."""
    return header if header and header.isascii() and header.isprintable() else None


def _retry_at(value: str | None) -> float | None:
    """Return when to ask again, in seconds since the epoch; None if the server does not say."""
    now = time.time()
    text = (value or "").strip()
    if text.isascii() and text.isdecimal():
        wait = float(text[:10])
    else:
        try:
            when = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError):
            return None
        wait = (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() - now
    return now + min(max(wait, 0.0), _LONGEST_WAIT)


@cache
def _user_agent() -> str:
    return f"newsquote/{version('newsquote')}"


def _origin(url: httpx.URL) -> tuple[str, int | None]:
    return url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)


class _CheckedTransport(httpx.HTTPTransport):
    """Connects to addresses that it has looked at itself, so that none can change in between."""

    def __init__(self, chosen: tuple[str, int | None], limits: Limits, resolver: Resolver) -> None:
        """Make one for a feed.

        :param chosen: host and port that the operator named; they may be local.
        """
        super().__init__()
        self._chosen = chosen
        self._limits = limits
        self._resolver = resolver

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the first of the host's addresses that answers.

        :raises FeedError: if the request must not be sent.
        """
        url = request.url
        if url.scheme not in {"http", "https"} or not url.host:
            raise FeedError(
                f"expected an address that begins with http:// or https://, found {shown(str(url))}"
            )
        host = url.raw_host.decode("ascii")
        addresses = self._addresses(host, _origin(url))
        error: httpx.TransportError | None = None
        for address in addresses:
            try:
                return super().handle_request(
                    httpx.Request(
                        request.method,
                        url.copy_with(host=address),
                        headers=request.headers,  # "Host" among them
                        stream=request.stream,
                        extensions={
                            **request.extensions,
                            "sni_hostname": host,
                            "timeout": {"connect": self._limits.seconds / (len(addresses) + 1)},
                        },
                    )
                )
            except (httpx.ConnectError, httpx.ConnectTimeout) as failed:
                error = failed
        raise FeedError(f"cannot connect to {host}: {clean(str(error)) or type(error).__name__}")

    def _addresses(self, host: str, origin: tuple[str, int | None]) -> list[str]:
        try:
            addresses = self._resolver(host, origin[1] or 0)
        except (OSError, UnicodeError) as error:
            raise FeedError(f"no address is known for {host}: {error}") from error
        local = [address for address in addresses if not is_public(address)]
        if local and origin != self._chosen:
            raise FeedError(f"redirected to {host}, which is the local address {local[0]}")
        return addresses
