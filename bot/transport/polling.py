"""Fetching updates by long polling, until told to stop.

python-telegram-bot's own loop ends silently when the token is revoked and goes on after a conflict
with a second instance; both must end the program, everything else must not.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol, TypeVar

from telegram import Bot, Update
from telegram.constants import UpdateType
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

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

    def put_nowait(self, update: Update, /) -> None:
        """Take an update; it is on record when this returns."""

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

    async def fetch() -> tuple[Update, ...]:
        return await bot.get_updates(
            offset=offset, timeout=POLL_S, allowed_updates=list(ALLOWED_UPDATES)
        )

    while not stop.is_set():
        for update in await insist(fetch, stop) or ():
            offset = update.update_id + 1
            taker.put_nowait(update)
        reached()
        await _unless_stopped(taker.room(), stop)
    return offset


async def confirm(bot: Bot, offset: int) -> None:
    """Tell Telegram that everything below the offset was handled."""
    with suppress(TelegramError):
        await bot.get_updates(offset=offset, timeout=0, limit=1)


async def insist(call: Callable[[], Awaitable[T]], stop: asyncio.Event) -> T | None:
    """Call until it succeeds and return its result; None once ``stop`` is set.

    :raises TelegramError: one of ``FINAL``.
    """
    pause = 1.0
    while not stop.is_set():
        try:
            return await _unless_stopped(call(), stop)
        except FINAL:
            raise
        except RetryAfter as error:
            wait = float(error._retry_after.total_seconds())  # noqa: SLF001 - the public one warns
            logger.warning("Telegram asks to wait %.0f s", wait)
        except TelegramError as error:
            wait, pause = pause, min(2 * pause, LONGEST_PAUSE_S)
            logger.warning("Telegram cannot be reached, trying again in %.0f s: %s", wait, error)
        await _unless_stopped(asyncio.sleep(wait), stop)
    return None


async def _unless_stopped(work: Awaitable[T], stop: asyncio.Event) -> T | None:
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
