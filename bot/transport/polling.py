"""Fetching updates by long polling, until told to stop.

python-telegram-bot's own loop ends silently when the token is revoked and goes on after a conflict
with a second instance; both must end the program, everything else must not. It also reads all updates
of an answer or none, so that one that it cannot read would come again for ever.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Protocol, TypeVar

from telegram import Bot
from telegram.constants import UpdateType
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.transport.reading import number_of
from bot.transport.server import NotTelegram, fetched, understood

ALLOWED_UPDATES = (
    UpdateType.MESSAGE,
    UpdateType.EDITED_MESSAGE,
    UpdateType.CALLBACK_QUERY,
    UpdateType.INLINE_QUERY,
    UpdateType.MY_CHAT_MEMBER,
)
POLL_S = 30
LONGEST_PAUSE_S = 30.0

FINAL = (BadRequest, Conflict, Forbidden, InvalidToken)
"""Errors that trying again cannot mend."""

T = TypeVar("T")
logger = logging.getLogger(__name__)


class Taker(Protocol):
    """What updates are handed to."""

    async def take(self, updates: Sequence[object], /) -> bool:
        """Take updates as they came; true: they are on record when this returns."""

    async def room(self) -> None:
        """Wait until more may come."""


async def poll(
    bot: Bot, taker: Taker, stop: asyncio.Event, reached: Callable[[], None] = lambda: None
) -> int:
    """Hand over each update; return the offset that confirms them all.

    An update is confirmed by fetching the next ones, so only after it is on record.

    :param reached: told whenever Telegram has answered.
    :raises TelegramError: one of ``FINAL``.
    """
    await insist(bot.delete_webhook, stop)
    offset = 0

    async def fetch() -> list[object]:
        found = await fetched(bot, offset, POLL_S, list(ALLOWED_UPDATES))
        if found and not any(number_of(each) is not None for each in found):
            raise NotTelegram("updates without numbers")  # which would come again for ever
        return found

    while not stop.is_set():
        found = await insist(fetch, stop)
        reached()
        taken = await unless_stopped(taker.take(found), stop) if found else False
        if found and taken:
            offset = 1 + max(number for each in found if (number := number_of(each)) is not None)
        await unless_stopped(taker.room(), stop)
    return offset


async def confirm(bot: Bot, offset: int) -> None:
    """Tell Telegram that everything below the offset was handled."""
    with suppress(TelegramError):
        await fetched(bot, offset, 0, list(ALLOWED_UPDATES))


async def insist(call: Callable[[], Awaitable[T]], stop: asyncio.Event) -> T | None:
    """Call until it succeeds and return its result; None once ``stop`` is set.

    :raises TelegramError: one of ``FINAL``.
    """
    pause = 1.0
    while not stop.is_set():
        try:
            return await unless_stopped(understood(call), stop)
        except FINAL:
            raise
        except RetryAfter as error:
            wait = float(error._retry_after.total_seconds())  # noqa: SLF001 - the public one warns
            logger.warning("Telegram asks to wait %.0f s", wait)
        except TelegramError as error:
            wait, pause = pause, min(2 * pause, LONGEST_PAUSE_S)
            logger.warning("Telegram cannot be reached, trying again in %.0f s: %s", wait, error)
        await unless_stopped(asyncio.sleep(wait), stop)
    return None


async def unless_stopped(work: Awaitable[T], stop: asyncio.Event) -> T | None:
    """Return the work's result; None, and the work undone, when ``stop`` is set first."""
    task = asyncio.ensure_future(work)
    stopped = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        stopped.cancel()
        task.cancel()
        with suppress(asyncio.CancelledError, TelegramError):
            await task
