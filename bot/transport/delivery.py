"""Sending what the bot says, through a network that fails now and then.

Waiting out 429 is the rate limiter's part; this is about faults in which nothing came back.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

import httpx
from telegram import Bot, CallbackQuery, InlineKeyboardMarkup, Message
from telegram.constants import CallbackQueryLimit
from telegram.error import (
    BadRequest,
    ChatMigrated,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.showing.blocks import render_text
from bot.showing.screens import Screen
from bot.transport.server import AnswerUnread, understood

PAUSES_S = (1.0, 3.0, 10.0, 30.0)
"""Before each further attempt."""

NOT_MODIFIED = "message is not modified"
UNHEARD = (httpx.ConnectTimeout, httpx.PoolTimeout)

T = TypeVar("T")
logger = logging.getLogger(__name__)


async def persist(call: Callable[[], Awaitable[T]]) -> T:
    """Call until it succeeds; return its result.

    :raises TelegramError: when Telegram refuses, or when the network stays broken.
    """
    for pause in PAUSES_S:
        try:
            return await understood(call)
        except NetworkError as error:
            if not _is_worth_repeating(error):
                raise
            logger.warning("sending failed, trying again in %.0f s: %s", pause, error)
            await asyncio.sleep(pause)
    return await understood(call)


async def say(message: Message, text: str, keyboard: InlineKeyboardMarkup | None = None) -> Message:
    """Answer a message with plain text; return the bot's own message."""
    return await say_html(message, render_text(text), keyboard)


async def say_html(
    message: Message, html: str, keyboard: InlineKeyboardMarkup | None = None
) -> Message:
    """Answer a message in Telegram's HTML; return the bot's own message.

    :raises TelegramError: as ``persist``.
    """
    try:
        return await persist(lambda: message.reply_html(html, reply_markup=keyboard))
    except ChatMigrated as error:  # where the group is now, the message has another number
        return await send(message.get_bot(), error.new_chat_id, html, keyboard)


async def send(
    bot: Bot,
    chat_id: int,
    html: str,
    keyboard: InlineKeyboardMarkup | None = None,
    *,
    thread: int | None = None,
    silently: bool = False,
) -> Message:
    """Write into a chat, or where it has moved to, in answer to nothing; return the bot's message.

    :param thread: of a forum.
    :raises TelegramError: as ``persist``.
    """

    async def sent(to: int) -> Message:
        return await persist(
            lambda: bot.send_message(
                to,
                html,
                parse_mode="HTML",
                reply_markup=keyboard,
                message_thread_id=thread,
                disable_notification=silently or None,
            )
        )

    try:
        return await sent(chat_id)
    except ChatMigrated as error:
        return await sent(error.new_chat_id)


async def send_text(
    bot: Bot, chat_id: int, text: str, keyboard: InlineKeyboardMarkup | None = None
) -> Message:
    """Write plain text into a chat, as ``send`` does."""
    return await send(bot, chat_id, render_text(text), keyboard)


async def edit(
    bot: Bot, chat_id: int, message_id: int, html: str, keyboard: InlineKeyboardMarkup | None
) -> None:
    """Replace a message of the bot; showing the same again is fine.

    A message that stayed behind in a group that has moved cannot be changed: a new one is written
    where the group is now.

    :raises TelegramError: as ``persist``.
    """
    try:
        with _unless_the_same():
            await persist(
                lambda: bot.edit_message_text(
                    html, chat_id, message_id, parse_mode="HTML", reply_markup=keyboard
                )
            )
    except ChatMigrated as error:
        await send(bot, error.new_chat_id, html, keyboard)


async def say_screen(message: Message, screen: Screen) -> Message:
    """Answer a message with a page and its buttons; return the bot's own message.

    :raises TelegramError: as ``persist``.
    """
    return await say_html(message, screen.html, screen.markup)


async def edit_screen(bot: Bot, chat_id: int, message_id: int, screen: Screen) -> None:
    """Replace a message of the bot by a page and its buttons.

    :raises TelegramError: as ``persist``.
    """
    await edit(bot, chat_id, message_id, screen.html, screen.markup)


async def edit_markup(message: Message, markup: InlineKeyboardMarkup) -> None:
    """Replace the buttons of a message of the bot; those that are there already are fine.

    :raises TelegramError: as ``persist``.
    """
    with _unless_the_same():
        await persist(lambda: message.edit_reply_markup(markup))


@contextmanager
def _unless_the_same() -> Iterator[None]:
    """Let pass that a message would be edited to what it is."""
    try:
        yield
    except BadRequest as error:
        if NOT_MODIFIED not in str(error).lower():
            raise


async def acknowledge(query: CallbackQuery, text: str = "", *, alert: bool = False) -> None:
    """End the waiting of a pressed button; a press that is too old needs no answer."""
    shown = text[: CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH]
    with suppress(TelegramError):
        # Not "": with defaults, python-telegram-bot 22.8 makes an empty text the text "[]".
        await query.answer(shown or None, show_alert=alert)


def is_undelivered(error: BaseException | None) -> bool:
    """Whether an error means that an answer may still reach its reader, at another time."""
    if isinstance(error, RetryAfter):  # waited out often enough
        return True
    return isinstance(error, NetworkError) and _is_worth_repeating(error)


def _is_worth_repeating(error: NetworkError) -> bool:
    """Whether another attempt may succeed and will hardly show the message twice.

    A message whose answer timed out has most likely arrived, unless it never left.
    """
    if isinstance(error, TimedOut):
        return isinstance(error.__cause__, UNHEARD)
    return not isinstance(error, BadRequest | AnswerUnread)
