"""The Bot API server at the other end, which need not be quite Telegram.

What answers there may be a proxy, a login page of a network, or an older or newer server. Whatever is
no answer of the Bot API becomes an error of one sentence, in which nothing of the answer is repeated.
"""

import json
import sys
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from importlib.util import find_spec
from typing import Any, TypeVar

from telegram import Bot
from telegram.error import EndPointNotFound, InvalidToken, NetworkError
from telegram.request import HTTPXRequest

TIMEOUT_S = 20.0
GATEWAY_ERRORS = 500
"""Status codes from here on are those of a server that is in trouble."""

UNREAD = (TypeError, KeyError, ValueError, AttributeError, RecursionError)
"""What python-telegram-bot raises when a field is missing or of another type."""

if find_spec("sniffio") is None:
    # httpcore looks for it on the whole path many times a request, and does as well without it.
    sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type] # so an import fails at once

T = TypeVar("T")


class NotTelegram(NetworkError):
    """What answered is no Bot API server."""

    def __init__(self, found: str) -> None:
        super().__init__(f"expected an answer of the Bot API, found {found}; see bot.api_url")


class AnswerUnread(NotTelegram):
    """The server has done what was asked, and its answer cannot be read."""


class Requests(HTTPXRequest):
    """Requests whose answers are looked at before the library reads them."""

    async def do_request(
        self, url: str, method: str, *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:
        """Make a request.

        :raises NotTelegram: if what is refused is not refused as the Bot API does it.
        """
        code, payload = await super().do_request(url, method, *args, **kwargs)
        if code >= HTTPStatus.MULTIPLE_CHOICES and not _is_answer(_loaded(payload), ok=False):
            if code >= GATEWAY_ERRORS:
                raise NetworkError(f"HTTP status {code}")
            raise NotTelegram(f"{_kind(payload)} with HTTP status {code}")
        return code, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer.

        :raises NotTelegram: if it is none.
        """
        found = _loaded(payload)
        if not isinstance(found, dict) or not _is_answer(found, ok=found.get("ok") is True):
            raise NotTelegram(_kind(payload))
        return found


async def understood(call: Callable[[], Awaitable[T]]) -> T:
    """Call a method; return its result.

    :raises AnswerUnread: if the library cannot read the answer.
    """
    try:
        return await call()
    except UNREAD as error:
        raise AnswerUnread(f"one that cannot be read ({type(error).__name__})") from error


async def fetched(bot: Bot, offset: int, seconds: int, kinds: list[str]) -> list[Any]:
    """Return the updates that wait, as they came: the library would read all of them or none.

    :param seconds: to wait for them.
    :raises NotTelegram: if the server gives something else.
    """
    try:
        found = await bot.do_api_request(
            # Spelled so that the library does not take it for its own method.
            "get_Updates",
            {"offset": offset, "timeout": seconds, "allowed_updates": kinds},
            read_timeout=seconds + TIMEOUT_S,
        )
    except EndPointNotFound as error:  # what 401 and 404 are called here
        raise InvalidToken(str(error)) from error
    if not isinstance(found, list):
        raise NotTelegram(f"no list of updates but {type(found).__name__}")
    return found


def _loaded(payload: bytes) -> object:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return None


def _is_answer(found: object, *, ok: bool) -> bool:
    """https://core.telegram.org/bots/api#making-requests."""
    if not isinstance(found, dict):
        return False
    if ok:
        return "result" in found
    parameters = found.get("parameters", {})
    return isinstance(found.get("description"), str) and isinstance(parameters, dict)


def _kind(payload: bytes) -> str:
    """Return what a body is, in words that repeat nothing of it."""
    if not payload.strip():
        return "an empty answer"
    if payload.lstrip()[:1] == b"<":
        return "a web page"
    return "JSON of another shape" if _loaded(payload) is not None else "something that is no JSON"
