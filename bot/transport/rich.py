"""Answers as rich messages where server and chat have them, else as plain ones.

Rich messages are of Bot API 10.1, their folded quotations and the buttons inside them of 10.3
(https://core.telegram.org/bots/api#inputrichmessage). python-telegram-bot does not know them yet.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from telegram import Bot, InlineKeyboardMarkup, Message
from telegram.constants import ChatType
from telegram.error import BadRequest, ChatMigrated, EndPointNotFound

from bot.showing.screens import Screen
from bot.transport.delivery import NOT_MODIFIED, edit_screen, persist, say_screen, send

EDIT = "EditMessageText"
"""Telegram does not mind the case; python-telegram-bot takes this for no method of its own, which
could not send what is new."""

MOST_CHATS = 10_000

T = TypeVar("T")
logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Screens:
    """Shows screens in chats.

    :ivar rich: whether rich messages are tried: as the settings say, until the server has none.
    """

    rich: bool
    _plain: set[int] = field(default_factory=set)

    async def say(self, message: Message, screen: Screen) -> Message:
        """Answer a message with a screen; return the bot's own message.

        :raises TelegramError: as ``persist``.
        """
        values: dict[str, Any] = {}
        if message.is_topic_message:
            values["message_thread_id"] = message.message_thread_id
        if message.chat.type != ChatType.PRIVATE:
            reply = {"message_id": message.message_id, "allow_sending_without_reply": True}
            values["reply_parameters"] = reply
        rich = _sending(message.get_bot(), message.chat_id, screen, values)
        return await self._shown(message.chat_id, rich, partial(say_screen, message, screen))

    async def send(
        self, bot: Bot, chat_id: int, screen: Screen, thread: int | None, *, silently: bool
    ) -> None:
        """Write a screen into a chat, in answer to nothing.

        :param thread: of a forum.
        :raises TelegramError: as ``persist``.
        """
        values = {"message_thread_id": thread, "disable_notification": silently or None}
        plain = partial(
            send, bot, chat_id, screen.html, screen.markup, thread=thread, silently=silently
        )
        await self._shown(chat_id, _sending(bot, chat_id, screen, values), plain)

    async def edit(self, bot: Bot, chat_id: int, message_id: int, screen: Screen) -> None:
        """Replace a message of the bot by a screen; showing the same again is fine.

        :raises TelegramError: as ``persist``.
        """
        rich = _editing(bot, chat_id, message_id, screen)
        await self._shown(chat_id, rich, partial(edit_screen, bot, chat_id, message_id, screen))

    async def _shown(
        self, chat_id: int, rich: Callable[[], Awaitable[T]], plain: Callable[[], Awaitable[T]]
    ) -> T:
        """Show a rich message, or a plain one where that is refused.

        A chat that takes the plain one has refused the rich one for being rich. What takes neither has
        something else against the bot, such as a topic in which it may not write.
        """
        if not self.rich or chat_id in self._plain:
            return await plain()
        refused = False
        try:
            return await persist(rich)
        except EndPointNotFound:
            logger.info("the server has no rich messages: plain ones are sent")
            self.rich = False
        except ChatMigrated:
            pass  # the plain message knows the way
        except BadRequest as error:
            logger.info("a chat was refused a rich message: %s", error)
            refused = True
        shown = await plain()
        if refused and len(self._plain) < MOST_CHATS:
            self._plain.add(chat_id)
        return shown


def _sending(
    bot: Bot, chat_id: int, screen: Screen, values: dict[str, Any]
) -> Callable[[], Awaitable[Message]]:
    given = _content(screen) | {"chat_id": chat_id}
    given |= {name: value for name, value in values.items() if value is not None}

    async def send() -> Message:
        sent: Message = await bot.do_api_request("sendRichMessage", given, Message)
        return sent

    return send


def _editing(
    bot: Bot, chat_id: int, message_id: int, screen: Screen
) -> Callable[[], Awaitable[None]]:
    values = _content(screen) | {"chat_id": chat_id, "message_id": message_id}

    async def edit() -> None:
        try:
            await bot.do_api_request(EDIT, values)
        except BadRequest as error:
            if NOT_MODIFIED not in str(error).lower():
                raise

    return edit


def _content(screen: Screen) -> dict[str, Any]:
    # What is quoted is shown as it is: no word of it becomes a link.
    content: dict[str, Any] = {
        "rich_message": {"blocks": screen.rich, "skip_entity_detection": True},
        "reply_markup": screen.rich_markup or InlineKeyboardMarkup([]),
    }
    return content
