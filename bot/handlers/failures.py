"""What happens when a handler fails: it is logged first, then said politely."""

import logging
from contextlib import suppress
from dataclasses import dataclass, field

from telegram import Update
from telegram.error import Forbidden, TelegramError

from bot.memory.chats import Chats
from bot.metrics import Metrics
from bot.transport.delivery import acknowledge, is_undelivered, say
from bot.transport.updates import Context

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failures:
    """The error handler.

    :ivar undelivered: updates that only the network kept from being answered.
    """

    chats: Chats
    metrics: Metrics
    undelivered: set[int] = field(default_factory=set)

    async def failed(self, update: object, context: Context) -> None:
        """Log an error of another handler, then say so politely."""
        number = update.update_id if isinstance(update, Update) else None
        if isinstance(context.error, Forbidden):
            logger.info("update %s: the user has blocked the bot", number)
            return
        self.metrics.count("errors")
        if number is not None and is_undelivered(context.error):
            self.undelivered.add(number)
            logger.error(
                "update %s is not answered before the next start: %s", number, context.error
            )
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
