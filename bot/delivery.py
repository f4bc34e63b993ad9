"""Sending what the bot says, through a network that fails now and then.

Waiting out 429 is the rate limiter's part; this is about faults in which nothing came back.
"""

import asyncio
import logging
from collections.abc import Iterable

from telegram import Message
from telegram.error import BadRequest, NetworkError, TimedOut

from bot.render import render_text

PAUSES_S = (1.0, 3.0, 10.0)
"""Before each further attempt."""

logger = logging.getLogger(__name__)


async def say(message: Message, text: str) -> None:
    """Answer a message with plain text."""
    await say_html(message, [render_text(text)])


async def say_html(message: Message, parts: Iterable[str]) -> None:
    """Answer a message with one or more messages in Telegram's HTML.

    :raises TelegramError: when Telegram refuses, or when the network stays broken.
    """
    for part in parts:
        for pause in PAUSES_S:
            try:
                await message.reply_html(part)
                break
            except NetworkError as error:
                if not _is_worth_repeating(error):
                    raise
                logger.warning("sending failed, trying again in %.0f s: %s", pause, error)
                await asyncio.sleep(pause)
        else:
            await message.reply_html(part)


def _is_worth_repeating(error: NetworkError) -> bool:
    """Whether another attempt may succeed and will hardly show the message twice.

    A message whose answer timed out has most likely arrived.
    """
    return not isinstance(error, BadRequest | TimedOut)
