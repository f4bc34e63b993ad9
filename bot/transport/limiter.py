"""Telegram's limits on what a bot sends, as python-telegram-bot keeps them, with two differences.

A chat that is refused with 429 waits by itself: python-telegram-bot would hold every chat back, so
that one busy group could silence the bot for all. And "typing" is a courtesy: it takes no message's
turn (20 a minute in a group), and is not repeated when it is refused.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter

RETRIES_AFTER_429 = 5
MARGIN_S = 0.1
"""Waited in addition: Telegram's seconds are whole ones."""

TYPING = "sendChatAction"

logger = logging.getLogger(__name__)


class ChatRateLimiter(AIORateLimiter):
    """Keeps the limits overall and of each group; waits out 429 chat by chat."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Make a request when its turn has come.

        :raises RetryAfter: when it was refused every time.
        """
        if endpoint == TYPING:
            return await callback(*args, **kwargs)

        async def patiently(*args: Any, **kwargs: Any) -> Any:
            for _ in range(RETRIES_AFTER_429):
                try:
                    return await callback(*args, **kwargs)
                except RetryAfter as error:
                    seconds = error._retry_after.total_seconds()  # noqa: SLF001 - the public one warns
                    logger.info("Telegram asks one chat to wait %.0f s", seconds)
                    await asyncio.sleep(seconds + MARGIN_S)
            return await callback(*args, **kwargs)

        return await super().process_request(
            patiently, args, kwargs, endpoint, data, rate_limit_args
        )
