"""What the handlers read out of an update."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.ext import Application, CallbackContext, ExtBot

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
Context: TypeAlias = CallbackContext[ExtBot[Any], Any, Any, Any]

TYPING_AFTER_S = 0.2
"""An answer that is there sooner needs no "typing", which might even arrive after it."""

TYPING_LASTS_S = 4.0
"""A chat action shows for five seconds; it is renewed a little earlier."""


def message_of(update: Update) -> Message:
    """Return the new or edited message, which the handlers' filters have made sure of."""
    message = update.message or update.edited_message
    if message is None:
        raise ValueError(f"update {update.update_id} holds no message")
    return message


def query_of(update: Update) -> CallbackQuery:
    """Return the pressed button, which the handlers' kind has made sure of."""
    if update.callback_query is None:
        raise ValueError(f"update {update.update_id} holds no callback query")
    return update.callback_query


def user_id_of(update: Update) -> int:
    """Return whose update it is; 0 where it is nobody's.

    Administrators who stay anonymous and those who write as a channel share one user id with all
    others who do so: they go by the chat that they write as.
    """
    return update.effective_sender.id if update.effective_sender else 0


def argument_of(message: Message) -> str:
    """Return what stands after a command."""
    _, *rest = (message.text or "").split(maxsplit=1)
    return rest[0].strip() if rest else ""


@asynccontextmanager
async def typing(message: Message, application: App) -> AsyncIterator[None]:
    """Show "typing" in the chat until the block ends; never wait for it, never fail by it."""
    topic = message.message_thread_id if message.is_topic_message else None

    async def repeat() -> None:
        await asyncio.sleep(TYPING_AFTER_S)
        while True:
            with suppress(TelegramError):
                await message.reply_chat_action(ChatAction.TYPING, message_thread_id=topic)
            await asyncio.sleep(TYPING_LASTS_S)

    task = application.create_task(repeat())
    try:
        yield
    finally:
        task.cancel()
