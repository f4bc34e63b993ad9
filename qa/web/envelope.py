"""What is around every request: its id, its time, its line in the log, the headers of its answer.

Whatever goes wrong inside becomes one clear error here, and never stops the server.
"""

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.counts import Counts, part_of
from qa.web.problems import Problem

REQUEST_ID = "x-request-id"
_GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")

_POLICY = (
    b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    (
        b"content-security-policy",
        _POLICY,
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), browsing-topics=()"),
)
"""CSP: nothing inline, nothing from elsewhere. Referrer: what was asked is told to no other site."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Envelope:
    """Puts a request into its envelope and hands it on.

    :ivar show: makes an answer of an error.
    :ivar timeout: longest time for a request, seconds.
    """

    app: ASGIApp
    show: Callable[[Scope, HTTPException], Response]
    counts: Counts
    timeout: float

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, whatever happens inside."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = _id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = ((REQUEST_ID.encode(), request_id.encode()), *_HEADERS)
                message = {**message, "headers": [*message.get("headers", ()), *own]}
            await send(message)

        try:
            async with asyncio.timeout(self.timeout):
                await self.app(scope, receive, send_with_headers)
        except Exception as error:  # noqa: BLE001 - one request must not stop the rest
            problem = self._problem(error, request_id)
            if status:
                # Half an answer was sent: to close the connection says that it is not whole.
                raise ConnectionAbortedError(request_id) from None
            await self.show(scope, problem)(scope, receive, send_with_headers)
        finally:
            seconds = time.perf_counter() - began
            part = part_of(scope["path"])
            self.counts.requests.labels(part, str(status)).inc()
            self.counts.seconds.labels(part).observe(seconds)
            # Neither what was asked nor a key stands in a line: both are in headers, body or query.
            logger.info(
                "%s %s %s %d %.1f ms",
                request_id,
                scope["method"],
                _printable(scope["path"]),
                status,
                seconds * 1000,
            )

    def _problem(self, error: Exception, request_id: str) -> HTTPException:
        if isinstance(error, HTTPException):
            return error
        if isinstance(error, TimeoutError):
            return Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"this took longer than {self.timeout:g} s; ask again, or ask less at once",
                {"Retry-After": "1", "Connection": "close"},
            )
        logger.error("%s failed", request_id, exc_info=error)
        return Problem(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            f"something went wrong here; the log tells more under {request_id}",
        )


def _id_of(scope: Scope) -> str:
    """Return the id that the request brings, if it can be one, or a new one."""
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return given.decode() if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)


def _printable(path: str) -> str:
    """Return a path on one line, not too long."""
    return path[:200].encode("unicode_escape").decode("ascii")
