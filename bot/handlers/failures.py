"""What happens when a handler fails: it is logged first, then said politely."""

import logging
from contextlib import suppress
from dataclasses import dataclass, field

from telegram import Update
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.memory.chats import Chats
from bot.metrics import Metrics
from bot.transport.delivery import acknowledge, is_undelivered, say
from bot.transport.server import AnswerUnread
from bot.transport.updates import Context

NO_RIGHT = (
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_write_forbidden",
    "topic_closed",
    "topic_deleted",
    "message thread not found",
)
"""How Telegram says that the bot may not write somewhere."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failures:
    """The error handler.

    :ivar undelivered: updates that only the network kept from being answered.
    :ivar silent: chats and topics where the bot may not write, and has said so.
    """

    chats: Chats
    metrics: Metrics
    undelivered: set[int] = field(default_factory=set)
    silent: set[tuple[int, int | None]] = field(default_factory=set)

    async def failed(self, update: object, context: Context) -> None:
        """Log an error of another handler, then say so politely."""
        number = update.update_id if isinstance(update, Update) else None
        if isinstance(context.error, Forbidden):
            logger.info("update %s: the user has blocked the bot", number)
            return
        if isinstance(update, Update) and _is_no_right(context.error):
            await self._say_elsewhere(update, context)
            return
        self.metrics.count("errors")
        if number is not None and is_undelivered(context.error):
            self.undelivered.add(number)
            logger.error(
                "update %s is not answered before the next start: %s", number, context.error
            )
            return
        if isinstance(context.error, AnswerUnread):  # most likely the message is there
            logger.error("update %s: %s", number, context.error)
            return
        logger.error("update %s failed", number, exc_info=context.error)
        if not isinstance(update, Update):
            return
        with suppress(TelegramError):
            texts = self.chats.texts(update)
            if update.callback_query is not None:
                await acknowledge(update.callback_query, texts.failed, alert=True)
            elif update.message is not None:
                await say(update.message, texts.failed)

    async def _say_elsewhere(self, update: Update, context: Context) -> None:
        """Say once for each place where the bot may not write: in the log, and to who asked there."""
        message, user = update.effective_message, update.effective_user
        if message is None or user is None:
            return
        place = message.chat_id, message.message_thread_id if message.is_topic_message else None
        if place in self.silent:
            return
        self.silent.add(place)
        topic = f", topic {place[1]}" if place[1] else ""
        logger.warning("the bot may not write in chat %d%s: %s", place[0], topic, context.error)
        text = self.chats.texts(update).no_rights.format(chat=message.chat.title or place[0])
        with suppress(TelegramError):  # who has never written to the bot cannot be told
            await context.bot.send_message(user.id, text)


def _is_no_right(error: BaseException | None) -> bool:
    return isinstance(error, BadRequest) and any(each in str(error).lower() for each in NO_RIGHT)
