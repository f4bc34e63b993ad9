"""Watches: a question that is asked again whenever the archive has changed."""

import asyncio
import hashlib
import logging
from dataclasses import dataclass, replace

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.memory.access import Door
from bot.memory.chats import Chats, texts_in
from bot.memory.watches import Watch, Watches
from bot.metrics import Metrics
from bot.showing.blocks import render_text
from bot.showing.measure import one_line
from bot.showing.render import render_news
from bot.showing.texts import Texts
from bot.transport.delivery import acknowledge, edit, persist, say
from bot.transport.updates import Context, argument_of, message_of, query_of, user_id_of
from index.errors import NewsquoteError
from qa.service import Service
from qa.types import Quote

CONSIDERED = 1000
"""Quotes of an answer that are compared with what was seen before: more than a search returns."""

REPORTED = 5
"""New quotes in one message at most."""

QUESTION_CHARS = 200
LABEL_CHARS = 40
WATCH_BUTTONS = r"^w:"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Watching:
    """``/watch``, ``/watches``, and the news.

    :ivar most: watches of one user.
    """

    service: Service
    chats: Chats
    watches: Watches
    door: Door
    metrics: Metrics
    most: int

    async def watch(self, update: Update, _: Context) -> None:
        """Begin a watch: ``/watch QUESTION``."""
        message, texts, user_id = message_of(update), self.chats.texts(update), user_id_of(update)
        question = one_line(argument_of(message), QUESTION_CHARS)
        if not question:
            await say(message, texts.watch_usage)
            return
        mine = self.watches.of(user_id)
        filters = self.chats.filters(message.chat_id, user_id)
        if not any((each.question, each.filters) == (question, filters) for each in mine):
            if len(mine) >= self.most:
                await say(message, texts.too_many_watches.format(count=len(mine)))
                return
            generation = (await asyncio.to_thread(self.service.status)).generation
            language = self.chats.language(update.effective_user) or ""
            new = Watch(0, message.chat_id, user_id, question, filters, language, generation)
            self.watches.add(new, map(_key, await self._quotes(new)))
        await say(message, texts.watching.format(question=question))

    async def list(self, update: Update, _: Context) -> None:
        """Show the watches: ``/watches``."""
        texts = self.chats.texts(update)
        text, keyboard = self._listed(user_id_of(update), texts)
        await say(message_of(update), text, keyboard)

    async def removed(self, update: Update, context: Context) -> None:
        """Remove the watch whose button was pressed."""
        query, texts = query_of(update), self.chats.texts(update)
        number = (query.data or "").removeprefix("w:")
        if number.isdecimal():
            self.watches.remove(int(number), query.from_user.id)
        if query.message is not None:
            text, keyboard = self._listed(query.from_user.id, texts)
            chat_id, message_id = query.message.chat.id, query.message.message_id
            await edit(context.bot, chat_id, message_id, render_text(text), keyboard)
        await acknowledge(query, texts.unwatched)

    async def look(self, bot: Bot) -> None:
        """Ask every watch of the current index, and tell what is new."""
        generation = (await asyncio.to_thread(self.service.status)).generation
        for watch in self.watches.behind(generation):
            try:
                await self._look(bot, watch, generation)
            except (Forbidden, BadRequest) as error:  # blocked, or the chat is gone
                logger.info("watch %d was removed: %s", watch.id, error)
                self.watches.remove(watch.id, watch.user_id)
            except (TelegramError, NewsquoteError) as error:  # the next look tries again
                logger.warning("watch %d was not answered: %s", watch.id, error)

    async def keep_looking(self, bot: Bot, seconds: float) -> None:
        """Look for news for ever."""
        while True:
            try:
                await self.look(bot)
            except NewsquoteError as error:  # an index that cannot be read, at the moment
                logger.warning("the archive was not looked at for news: %s", error)
            await asyncio.sleep(seconds)

    async def _look(self, bot: Bot, watch: Watch, generation: str) -> None:
        if not self.door.admits(watch.user_id, watch.chat_id):
            return
        quotes = {_key(quote): quote for quote in await self._quotes(watch)}
        new = self.watches.unseen(watch, quotes)
        news = [
            replace(quote, n=n)
            for n, quote in enumerate((q for key, q in quotes.items() if key in new), 1)
        ]
        if news:
            page = render_news(watch.question, news[:REPORTED], texts_in(watch.language))
            await persist(lambda: bot.send_message(watch.chat_id, page.html, parse_mode="HTML"))
            self.metrics.count("news")
        self.watches.asked(watch, generation, quotes)

    async def _quotes(self, watch: Watch) -> tuple[Quote, ...]:
        answer = await asyncio.to_thread(
            self.service.answer, watch.question, filters=watch.filters, quotes=CONSIDERED
        )
        return answer.quotes

    def _listed(self, user_id: int, texts: Texts) -> tuple[str, InlineKeyboardMarkup | None]:
        mine = self.watches.of(user_id)
        if not mine:
            return texts.no_watches, None
        rows = [
            [
                InlineKeyboardButton(
                    f"✕ {one_line(watch.question, LABEL_CHARS)}", callback_data=f"w:{watch.id}"
                )
            ]
            for watch in mine
        ]
        return texts.watches, InlineKeyboardMarkup(rows)


def _key(quote: Quote) -> str:
    """Return what tells a quote from others: its words, so that copies are no news."""
    return hashlib.sha256(quote.text.encode()).hexdigest()
