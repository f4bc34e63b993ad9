"""What the bot does with each kind of message: short functions over one service."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from telegram import Message, Update
from telegram.constants import ChatAction
from telegram.error import Forbidden, TelegramError
from telegram.ext import Application, ApplicationHandlerStop, CallbackContext, ExtBot

from bot.addressed import is_addressed, question_in
from bot.chats import Conversation, Conversations
from bot.delivery import say, say_html
from bot.render import render_answer
from bot.texts import Texts, texts_for
from qa.service import Service
from qa.types import Turn

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
Context: TypeAlias = CallbackContext[ExtBot[Any], Any, Any, Any]

TYPING_LASTS_S = 4.0
"""A chat action shows for five seconds; it is renewed a little earlier."""

MOST_STRANGERS = 10_000

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Handlers:
    """The bot's reactions.

    :ivar quotes: quotes in one answer.
    :ivar allowed: user ids that may use the bot; empty = everybody.
    :ivar refused: strangers who have been told so; the rest of what they say is ignored.
    """

    service: Service
    quotes: int
    allowed: frozenset[int]
    conversations: Conversations = field(default_factory=Conversations)
    refused: set[int] = field(default_factory=set)

    async def gate(self, update: Update, _: Context) -> None:
        """Stop every update of a stranger before another handler sees it."""
        user, message = update.effective_user, update.message
        if not self.allowed or (user is not None and user.id in self.allowed):
            return
        if user is not None and message is not None and self._is_news_to(user.id, message):
            logger.warning("refused user %d, who is not in bot.allowed_users", user.id)
            await say(message, texts_of(update).stranger.format(user_id=user.id))
        raise ApplicationHandlerStop

    async def start(self, update: Update, _: Context) -> None:
        """Greet: ``/start``."""
        await say(message_of(update), texts_of(update).start)

    async def help(self, update: Update, _: Context) -> None:
        """Explain: ``/help``."""
        await say(message_of(update), texts_of(update).help)

    async def new(self, update: Update, _: Context) -> None:
        """Forget the conversation: ``/new``."""
        conversation = self._conversation(message_of(update))
        async with conversation.lock:
            conversation.turns.clear()
        await say(message_of(update), texts_of(update).forgotten)

    async def question(self, update: Update, context: Context) -> None:
        """Answer a question by quotes."""
        message, texts = message_of(update), texts_of(update)
        question = question_in(message)
        if not question:
            await say(message, texts.ask_usage)
            return
        conversation = self._conversation(message)
        async with conversation.lock:
            async with typing(message, context.application):
                answer = await asyncio.to_thread(
                    self.service.answer,
                    question,
                    turns=tuple(conversation.turns),
                    quotes=self.quotes,
                )
            if not answer.query.small_talk:
                conversation.turns.append(Turn(answer.query.text, answer.query.filters))
            logger.info("answered in %.0f ms with %d quotes", answer.elapsed_ms, len(answer.quotes))
            await say_html(message, render_answer(answer, texts))

    async def unknown_command(self, update: Update, _: Context) -> None:
        """Point to ``/help`` for a command that the bot does not have."""
        await say(message_of(update), texts_of(update).unknown_command)

    async def only_text(self, update: Update, _: Context) -> None:
        """Ask for words where a sticker, a photo or a voice message came."""
        await say(message_of(update), texts_of(update).only_text)

    async def failed(self, update: object, context: Context) -> None:
        """Log an error of another handler, then say so politely."""
        number = update.update_id if isinstance(update, Update) else None
        if isinstance(context.error, Forbidden):
            logger.info("update %s: the user has blocked the bot", number)
            return
        logger.error("update %s failed", number, exc_info=context.error)
        if isinstance(update, Update) and update.message is not None:
            with suppress(TelegramError):
                await say(update.message, texts_of(update).failed)

    def _conversation(self, message: Message) -> Conversation:
        # Channels and anonymous administrators have no user of their own.
        user_id = message.from_user.id if message.from_user else 0
        return self.conversations.of(message.chat_id, user_id)

    def _is_news_to(self, user_id: int, message: Message) -> bool:
        """Whether a stranger speaks to the bot and has not been refused yet."""
        if user_id in self.refused or not is_addressed(message):
            return False
        if len(self.refused) >= MOST_STRANGERS:
            return False
        self.refused.add(user_id)
        return True


def texts_of(update: Update) -> Texts:
    """Return the sentences in the user's language."""
    user = update.effective_user
    return texts_for(user.language_code if user else None)


def message_of(update: Update) -> Message:
    """Return the new message, which the handlers' filters have made sure of."""
    if update.message is None:
        raise ValueError(f"update {update.update_id} holds no new message")
    return update.message


@asynccontextmanager
async def typing(message: Message, application: App) -> AsyncIterator[None]:
    """Show "typing" in the chat until the block ends; never wait for it, never fail by it."""
    done = asyncio.Event()

    async def repeat() -> None:
        while not done.is_set():
            with suppress(TelegramError):
                await message.reply_chat_action(
                    ChatAction.TYPING,
                    message_thread_id=message.message_thread_id
                    if message.is_topic_message
                    else None,
                )
            with suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), TYPING_LASTS_S)

    application.create_task(repeat())
    try:
        yield
    finally:
        done.set()
