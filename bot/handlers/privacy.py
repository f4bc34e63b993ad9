"""``/forget``: everything about a user is erased, after they have said so twice."""

from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.memory.chats import Chats
from bot.memory.state import State
from bot.showing.blocks import render_text
from bot.transport.delivery import acknowledge, edit, say
from bot.transport.updates import Context, message_of, query_of

FORGET_BUTTON = r"^x$"


@dataclass(frozen=True, slots=True)
class Privacy:
    """Erases what is kept about a user."""

    state: State
    chats: Chats

    async def ask(self, update: Update, _: Context) -> None:
        """Ask whether it is meant: ``/forget``."""
        texts = self.chats.texts(update)
        button = InlineKeyboardButton(texts.forget_yes, callback_data="x")
        await say(message_of(update), texts.forget_ask, InlineKeyboardMarkup([[button]]))

    async def forget(self, update: Update, context: Context) -> None:
        """Erase everything about the user who pressed the button."""
        query, texts = query_of(update), self.chats.texts(update)
        message = query.message
        # The question stands in a private chat: only the user could have pressed it.
        if message is None or message.chat.id != query.from_user.id:
            await acknowledge(query, texts.not_yours, alert=True)
            return
        await self.state.erase(query.from_user.id)
        done = render_text(texts.forget_done)
        await edit(context.bot, message.chat.id, message.message_id, done, None)
        await acknowledge(query)
