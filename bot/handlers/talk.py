"""What the bot says that is no answer: greetings, help, and what it does not understand."""

from dataclasses import dataclass
from datetime import UTC, datetime

from telegram import Update

from bot.memory.chats import Chats
from bot.showing.blocks import render_text
from bot.showing.keyboards import AUTOMATIC, language_keyboard
from bot.showing.render import describe
from bot.showing.texts import TEXTS, Texts
from bot.transport.albums import Albums
from bot.transport.delivery import acknowledge, edit, say
from bot.transport.updates import Context, argument_of, message_of, query_of, user_id_of
from qa.types import Filters, Window
from qa.understanding.dates import window_named


@dataclass(frozen=True, slots=True)
class Talk:
    """Commands that answer no question, and preferences."""

    chats: Chats
    albums: Albums

    async def help(self, update: Update, context: Context) -> None:
        """Explain: ``/help``."""
        text = self.chats.texts(update).help.format(bot=context.bot.username)
        await say(message_of(update), text)

    async def new(self, update: Update, _: Context) -> None:
        """Forget the conversation: ``/new``."""
        message = message_of(update)
        await self.chats.forget(message.chat_id, user_id_of(update))
        await say(message, self.chats.texts(update).forgotten)

    async def unknown_command(self, update: Update, _: Context) -> None:
        """Point to ``/help`` for a command that the bot does not have."""
        await say(message_of(update), self.chats.texts(update).unknown_command)

    async def only_private(self, update: Update, context: Context) -> None:
        """Point to the private chat for what is one person's business."""
        text = self.chats.texts(update).only_private.format(bot=context.bot.username)
        await say(message_of(update), text)

    async def unknown_button(self, update: Update, _: Context) -> None:
        """End the waiting of a button that no version of the bot knows any more."""
        await acknowledge(query_of(update), self.chats.texts(update).answer_gone, alert=True)

    async def only_text(self, update: Update, context: Context) -> None:
        """Ask for words where a sticker, a photo or a voice message came."""
        message, texts = message_of(update), self.chats.texts(update)

        async def once() -> None:
            if await self.albums.claim_later(message):
                await say(message, texts.only_text)

        _ = context.application.create_task(once(), update=update)

    async def language(self, update: Update, _: Context) -> None:
        """Offer the languages: ``/language``."""
        texts = self.chats.texts(update)
        await say(message_of(update), texts.choose_language, language_keyboard(texts))

    async def language_chosen(self, update: Update, context: Context) -> None:
        """Speak the language whose button was pressed."""
        query = query_of(update)
        chosen = (query.data or "").removeprefix("l:")
        if chosen in TEXTS or chosen == AUTOMATIC:
            await self.chats.set_language(
                query.from_user.id, None if chosen == AUTOMATIC else chosen
            )
        if query.message is not None:
            said = render_text(self.chats.texts(update).language_set)
            chat_id, message_id = query.message.chat.id, query.message.message_id
            await edit(context.bot, chat_id, message_id, said, None)
        await acknowledge(query)

    async def since(self, update: Update, _: Context) -> None:
        """Search only what was published since a date: ``/since 2021-12``."""
        await self._set_window(update, "/since")

    async def until(self, update: Update, _: Context) -> None:
        """Search only what was published until a date: ``/until 2022-03``."""
        await self._set_window(update, "/until")

    async def reset(self, update: Update, _: Context) -> None:
        """Search the whole archive again: ``/reset``."""
        message = message_of(update)
        await self.chats.set_filters(message.chat_id, user_id_of(update), Filters())
        await say(message, self.chats.texts(update).no_filters)

    async def _set_window(self, update: Update, command: str) -> None:
        message, texts = message_of(update), self.chats.texts(update)
        window = window_named(argument_of(message), datetime.now(UTC).astimezone().date())
        if window is None:
            usage = texts.date_usage.format(command=command)
            await say(message, usage + await self._in_force(update, texts))
            return
        since, until = (window, None) if command == "/since" else (None, window)
        now = (await self.chats.filters(message.chat_id, user_id_of(update))).window or Window()
        first = since.since if since else now.since
        last = until.until if until else now.until
        if first and last and first > last:
            text = texts.no_such_period.format(since=first, until=last)
            await say(message, f"{text}{await self._in_force(update, texts)}")
        else:
            await self._set_filters(update, since=since, until=until)

    async def _set_filters(
        self,
        update: Update,
        *,
        since: Window | None = None,
        until: Window | None = None,
    ) -> None:
        """Add one filter to those in force, and show them all."""
        message = message_of(update)
        conversation = await self.chats.conversation(message.chat_id, user_id_of(update))
        filters = conversation.narrowed(since=since, until=until).filters
        await self.chats.set_filters(message.chat_id, user_id_of(update), filters)
        texts = self.chats.texts(update)
        await say(message, texts.in_force.format(filters=describe(filters, texts)))

    async def _in_force(self, update: Update, texts: Texts) -> str:
        """Return a further line with the filters in force, if there are any."""
        filters = await self.chats.filters(message_of(update).chat_id, user_id_of(update))
        described = describe(filters, texts)
        return "\n" + texts.in_force.format(filters=described) if described else ""
