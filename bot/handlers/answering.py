"""Questions and the answers' buttons: one message an answer, turned and edited in place."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from telegram import Bot, InlineKeyboardMarkup, Message, Update, User

from bot.memory.answers import Answers, Asked, Shown
from bot.memory.chats import Chats
from bot.showing.keyboards import LAST_PAGE, Press, page_keyboard, quote_keyboard
from bot.showing.render import render_answer, render_card, render_near, render_surroundings
from bot.showing.texts import Texts
from bot.transport.addressed import question_in
from bot.transport.delivery import acknowledge, edit, say, say_html
from bot.transport.updates import Context, message_of, query_of, typing, user_id_of
from qa.conversation import turn_of
from qa.service import Place, Service, Surroundings
from qa.types import Answer

MOST_PAGES = 4
"""Pages of an answer, if its quotes are short enough. To compose them takes about a millisecond a
quote, so at first it is only the first page, and one quote more to know whether there is a second."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answering:
    """What the bot does with questions.

    :ivar per_page: quotes on a page.
    :ivar answered: told how long each answer took, in milliseconds, and whether there was one.
    :ivar searching: held while an answer is searched: two threads that take the interpreter from
        each other are slower than one after the other.
    """

    service: Service
    chats: Chats
    answers: Answers
    per_page: int
    answered: Callable[[float, bool], None]
    searching: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def question(self, update: Update, context: Context) -> None:
        """Answer a question by quotes."""
        message, texts = message_of(update), self.chats.texts(update)
        if not question_in(message):
            await say(message, texts.ask_usage)
            return
        shown = self.answers.to(message.chat_id, message.message_id)
        if shown and shown.message_id is not None:
            return  # sent just before a crash
        async with typing(message, context.application):
            asked, answer = await self._asked(message, update.effective_user)
        if answer.query.small_talk:
            await say(message, texts.small_talk)
            return
        number = self._note(message, user_id_of(update), asked)
        html, keyboard, places = self._page(answer, Press("page", number), texts)
        sent = await say_html(message, html, keyboard)
        self.answers.sent(number, sent.message_id)
        self._remember(message, user_id_of(update), answer, number, places)

    async def edited(self, update: Update, context: Context) -> None:
        """Answer an edited question again, where its first answer stands."""
        message = message_of(update)
        shown = self.answers.to(message.chat_id, message.message_id)
        if shown is None or shown.message_id is None:
            await self.question(update, context)
            return
        if question_in(message) in ("", shown.asked.question):
            return  # its markup was edited, or it is no question any more
        asked, answer = await self._asked(message, update.effective_user)
        number = self._note(message, user_id_of(update), asked)
        texts = self.chats.texts(update)
        html, keyboard, places = self._page(answer, Press("page", number), texts)
        await edit(context.bot, message.chat_id, shown.message_id, html, keyboard)
        self._remember(message, user_id_of(update), answer, number, places)

    async def pressed(self, update: Update, context: Context) -> None:
        """Do what a button of an answer says."""
        query, texts = query_of(update), self.chats.texts(update)
        press = Press.of(query.data or "")
        shown = self.answers.get(press.answer) if press else None
        if press is None or shown is None or query.message is None:
            await acknowledge(query, texts.answer_gone, alert=True)
        elif shown.user_id != query.from_user.id:
            await acknowledge(query, texts.not_yours, alert=True)
        elif press.verb == "none":
            await acknowledge(query)
        elif press.verb in ("good", "bad"):
            self.answers.rate(shown, good=press.verb == "good")
            await acknowledge(query, texts.noted)
        else:
            # The message that was pressed: the answer may have been sent twice, by a bad network.
            toast = await self._turn(press, shown, query.message.message_id, context.bot, texts)
            await acknowledge(query, toast, alert=bool(toast))

    async def _turn(
        self, press: Press, shown: Shown, message_id: int, bot: Bot, texts: Texts
    ) -> str:
        """Show what a button asks for in place of what is shown; return what to say instead."""
        if press.verb == "page":
            answer = await self._answer(shown.asked, press.page)
            html, keyboard, places = self._page(answer, press, texts)
            self.answers.show(shown.id, places)
        else:
            found = await self._surroundings(shown, press.quote)
            if found is None:
                return texts.passage_gone
            keyboard = quote_keyboard(press, texts)
            if press.verb == "context":
                html = render_surroundings(found, press.quote)
            else:
                status = await asyncio.to_thread(self.service.status)
                html = render_card(found.article, texts, status.manifest.paths)
        await edit(bot, shown.chat_id, message_id, html, keyboard)
        return ""

    async def _surroundings(self, shown: Shown, number: int) -> Surroundings | None:
        """Look up a quote; in an index that was built since, by asking again."""
        place = shown.places.get(number)
        if place is None:
            return None
        found = await asyncio.to_thread(self.service.surroundings, place)
        if found is not None:
            return found
        answer = await self._answer(shown.asked, LAST_PAGE)
        for quote in (*answer.quotes, *answer.near):
            now = Place.of(quote)
            if replace(now, passage_id=place.passage_id) == place:
                return await asyncio.to_thread(self.service.surroundings, now)
        return None

    async def _asked(self, message: Message, user: User | None) -> tuple[Asked, Answer]:
        before = message.message_id
        asked = Asked(
            question=question_in(message),
            conversation=self.chats.conversation(message.chat_id, user, before),
            at=datetime.now(UTC).astimezone(),
        )
        answer = await self._answer(asked, page=0)
        if not answer.query.small_talk:
            self.answered(answer.elapsed_ms, answer.answered)
        logger.info("answered in %.0f ms with %d quotes", answer.elapsed_ms, len(answer.quotes))
        return asked, answer

    async def _answer(self, asked: Asked, page: int) -> Answer:
        """Answer with as many quotes as a page takes, and whether there is a further one."""
        answer = await self._quoted(asked, self._quotes_for(page))
        if answer.query.compare and page == 0:
            # In the order of dates, the first quotes are known only when all are.
            return await self._quoted(asked, self._quotes_for(LAST_PAGE))
        return answer

    async def _quoted(self, asked: Asked, quotes: int) -> Answer:
        async with self.searching:
            return await asyncio.to_thread(
                asked.conversation.ask,
                self.service,
                asked.question,
                quotes=quotes,
                now=asked.at,
            )

    def _quotes_for(self, page: int) -> int:
        return MOST_PAGES * self.per_page if page else self.per_page + 1

    def _page(
        self, answer: Answer, press: Press, texts: Texts
    ) -> tuple[str, InlineKeyboardMarkup, dict[int, Place]]:
        """Return a page with its buttons and where its quotes stand."""
        near = press.near and bool(answer.near)
        render = render_near if near else render_answer
        pages = render(answer, texts, self.per_page)
        at = replace(press, near=near, page=min(press.page, len(pages) - 1))
        found = answer.near if near else answer.quotes
        keyboard = page_keyboard(
            at,
            pages,
            texts,
            has_near=bool(answer.near),
            has_all=press.page > 0 or answer.query.compare or len(found) <= self.per_page,
        )
        quotes = {quote.n: quote for quote in found}
        places = {n: Place.of(quotes[n]) for n in pages[at.page].quotes}
        return pages[at.page].html, keyboard, places

    def _note(self, message: Message, user_id: int, asked: Asked) -> int:
        return self.answers.note(message.chat_id, user_id, message.message_id, asked)

    def _remember(
        self,
        message: Message,
        user_id: int,
        answer: Answer,
        number: int,
        places: dict[int, Place],
    ) -> None:
        self.answers.show(number, places)
        turn = turn_of(answer, self.per_page)
        if turn is not None:
            self.chats.add(message.chat_id, user_id, message.message_id, turn)
