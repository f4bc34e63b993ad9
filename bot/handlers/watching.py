"""Watches: a question that is asked again whenever the archive has changed."""

import asyncio
import hashlib
import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby

from telegram import Bot, Chat, ChatMember, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.memory.access import Door
from bot.memory.chats import Chats, texts_in
from bot.memory.watches import Watch, Watches
from bot.metrics import Metrics
from bot.showing.blocks import render_text
from bot.showing.keyboards import Watched, news_keyboard, watches_keyboard, without_watches
from bot.showing.measure import one_line
from bot.showing.render import News, render_news
from bot.showing.screens import Screen
from bot.showing.texts import Texts
from bot.transport.delivery import acknowledge, edit, edit_markup, say
from bot.transport.rich import Screens
from bot.transport.updates import Context, argument_of, message_of, query_of, user_id_of
from index.errors import NewsquoteError
from qa.service import Service
from qa.types import Quote

CONSIDERED = 1000
"""Quotes of an answer that are compared with what was seen before: more than a search returns."""

REPORTED = 5
"""New quotes of a watch that are told at most; of the others only how many there are."""

QUESTION_CHARS = 200
DAILY = "daily"
RIGHTS = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR})
_PRESSED = re.compile(r"w:(\d{1,18}):([xdu])([ln])", re.ASCII)

logger = logging.getLogger(__name__)


def here() -> datetime:
    """Return the time, in the zone of this machine."""
    return datetime.now(UTC).astimezone()


@dataclass(frozen=True, slots=True)
class Watching:
    """``/watch``, ``/watches``, and the news.

    :ivar screens: shows the news.
    :ivar most: watches of one user.
    :ivar hour: of the day, from which the news of a day are told.
    :ivar now: the time where the hour counts.
    """

    service: Service
    chats: Chats
    watches: Watches
    door: Door
    metrics: Metrics
    screens: Screens
    most: int
    hour: int
    now: Callable[[], datetime] = here

    async def watch(self, update: Update, context: Context) -> None:
        """Begin a watch: ``/watch QUESTION``, or ``/watch daily QUESTION``."""
        message, texts, user_id = message_of(update), self.chats.texts(update), user_id_of(update)
        daily, question = _asked_for(argument_of(message))
        if not question:
            await say(message, texts.watch_usage)
            return
        if not await _may(context.bot, message.chat, user_id, message):
            await say(message, texts.only_group_admins)
            return
        mine = await self.watches.of(user_id)
        filters = await self.chats.filters(message.chat_id, user_id)
        same = (message.chat_id, question, filters)
        known = next((each for each in mine if _what(each) == same), None)
        if known is not None:
            await self.watches.tell(known.id, daily=daily, today=self.now().date())
        elif len(mine) >= self.most:
            await say(message, texts.too_many_watches.format(count=len(mine)))
            return
        else:
            generation = (await asyncio.to_thread(self.service.status)).generation
            new = Watch(
                id=0,
                chat_id=message.chat_id,
                user_id=user_id,
                question=question,
                filters=filters,
                language=self.chats.language(update.effective_user) or "",
                generation=generation,
                thread=message.message_thread_id if message.is_topic_message else None,
                daily=daily,
                told=self.now().date(),
            )
            await self.watches.add(new, [_key(quote) for quote in await self._quotes(new)])
        said = texts.watching_daily if daily else texts.watching
        await say(message, said.format(question=question))

    async def list(self, update: Update, _: Context) -> None:
        """Show the watches of a chat: ``/watches``."""
        message, texts = message_of(update), self.chats.texts(update)
        await say(message, *(await self._listed(message.chat_id, texts)))

    async def pressed(self, update: Update, context: Context) -> None:
        """Remove a watch, or tell its news otherwise, in a list of watches or below news."""
        query, texts = query_of(update), self.chats.texts(update)
        found = _PRESSED.fullmatch(query.data or "")
        message = query.message
        if found is None or message is None:
            await acknowledge(query, texts.answer_gone, alert=True)
            return
        if not await _may(context.bot, message.chat, query.from_user.id):
            await acknowledge(query, texts.only_group_admins, alert=True)
            return
        watch = await self.watches.get(int(found[1]))
        if watch is not None and watch.chat_id == message.chat.id:
            if found[2] == "x":
                await self.watches.remove(watch.id)
            else:
                await self.watches.tell(watch.id, daily=found[2] == "d", today=self.now().date())
        if found[3] == "l":
            text, keyboard = await self._listed(message.chat.id, texts)
            await edit(
                context.bot, message.chat.id, message.message_id, render_text(text), keyboard
            )
        elif isinstance(message, Message) and message.reply_markup:
            await edit_markup(message, without_watches(message.reply_markup))
        await acknowledge(query, texts.unwatched if found[2] == "x" else texts.told_otherwise)

    async def look(self, bot: Bot) -> None:
        """Ask the watches of the current index, and tell what is new."""
        generation = (await asyncio.to_thread(self.service.status)).generation
        for watch in await self.watches.behind(generation):
            await self._look(bot, [watch], generation)
        now = self.now()
        if now.hour >= self.hour:
            due = await self.watches.due(now.date())
            for _, together in groupby(due, lambda watch: (watch.chat_id, watch.thread)):
                await self._look(bot, list(together), generation)

    async def keep_looking(self, bot: Bot, seconds: float) -> None:
        """Look for news for ever."""
        while True:
            try:
                await self.look(bot)
            except NewsquoteError as error:  # an index that cannot be read, at the moment
                logger.warning("the archive was not looked at for news: %s", error)
            except Exception:  # the next look may fare better
                logger.exception("the archive was not looked at for news")
            await asyncio.sleep(seconds)

    async def _look(self, bot: Bot, watches: Iterable[Watch], generation: str) -> None:
        """Ask some watches of one chat, and tell what is new in one go."""
        admitted = [each for each in watches if await self.door.admits(each.user_id, each.chat_id)]
        try:
            await self._told(bot, admitted, generation)
        except (Forbidden, BadRequest) as error:  # blocked, or the chat is gone
            for watch in admitted:
                logger.info("watch %d was removed: %s", watch.id, error)
                await self.watches.remove(watch.id)
        except (TelegramError, NewsquoteError) as error:  # the next look tries again
            logger.warning("watches %s were not answered: %s", [w.id for w in admitted], error)
        except Exception:  # and whatever these fail by, it is no other's business
            logger.exception("watches %s were not answered", [w.id for w in admitted])

    async def _told(self, bot: Bot, watches: Iterable[Watch], generation: str) -> None:
        found: dict[Watch, dict[str, Quote]] = {}
        news: dict[Watch, News] = {}
        count = 0
        for watch in watches:
            found[watch] = {}
            if watch.generation == generation:  # nothing has changed since
                continue
            found[watch] = {_key(quote): quote for quote in await self._quotes(watch)}
            new = await self.watches.unseen(watch, found[watch])
            fresh = [quote for key, quote in found[watch].items() if key in new]
            if fresh:
                told = fresh[:REPORTED]
                numbered = tuple(replace(quote, n=count + n) for n, quote in enumerate(told, 1))
                count += len(numbered)
                news[watch] = News(watch.question, numbered, len(fresh) - len(told))
        if news:
            await self._send(bot, news)
        today = self.now().date()
        for watch, quotes in found.items():
            await self.watches.asked(watch, generation, quotes, today if watch.daily else None)

    async def _send(self, bot: Bot, news: dict[Watch, News]) -> None:
        """Write the news of one chat; of several messages only the first makes a sound."""
        first, *_ = news
        texts = texts_in(first.language)
        pages = render_news(tuple(news.values()), texts)
        articles = {quote.n: quote.article for each in news.values() for quote in each.quotes}
        watched = [_watched(watch) for watch in news]
        for n, page in enumerate(pages):
            shown = {number: articles[number] for number in page.quotes}
            last = watched if n == len(pages) - 1 else []
            screen = Screen(page, news_keyboard(shown, last, texts))
            await self.screens.send(bot, first.chat_id, screen, first.thread, silently=n > 0)
        self.metrics.count("news")

    async def _quotes(self, watch: Watch) -> tuple[Quote, ...]:
        answer = await asyncio.to_thread(
            self.service.answer, watch.question, filters=watch.filters, quotes=CONSIDERED
        )
        return answer.quotes

    async def _listed(self, chat_id: int, texts: Texts) -> tuple[str, InlineKeyboardMarkup | None]:
        watches = await self.watches.in_chat(chat_id)
        if not watches:
            return texts.no_watches, None
        return texts.watches, watches_keyboard([_watched(each) for each in watches], texts)


async def _may(bot: Bot, chat: Chat, user_id: int, message: Message | None = None) -> bool:
    """Return whether a user may say what a chat watches: in a group, its administrators."""
    if chat.type == ChatType.PRIVATE:
        return chat.id == user_id
    if message is not None and message.sender_chat is not None:  # an anonymous administrator
        return message.sender_chat.id == chat.id
    try:
        member = await bot.get_chat_member(chat.id, user_id)
    except TelegramError as error:
        logger.warning("a member of a group could not be looked up: %s", error)
        return False
    return member.status in RIGHTS


def _asked_for(argument: str) -> tuple[bool, str]:
    """Return whether news are wanted once a day, and on what."""
    first, _, rest = argument.partition(" ")
    daily = first.lower() == DAILY
    return daily, one_line(rest if daily else argument, QUESTION_CHARS)


def _what(watch: Watch) -> tuple[int, str, object]:
    return watch.chat_id, watch.question, watch.filters


def _watched(watch: Watch) -> Watched:
    return Watched(watch.id, watch.question, watch.daily)


def _key(quote: Quote) -> str:
    """Return what tells a quote from others: its words, so that copies are no news."""
    return hashlib.sha256(quote.text.encode()).hexdigest()
