"""Questions and the answers' buttons: one message an answer, turned and edited in place."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from telegram import Bot, MaybeInaccessibleMessage, Message, Update

from bot.handlers.pressing import may_press
from bot.memory.answers import Answers, Asked, Shown
from bot.memory.chats import Chats
from bot.memory.state import Step, joined
from bot.showing.articles import render_card, render_surroundings
from bot.showing.keyboards import LAST_PAGE, Offers, Press, page_keyboard, quote_keyboard, rated
from bot.showing.render import render_answer, render_mentioning, render_near
from bot.showing.screens import Screen
from bot.showing.texts import Texts
from bot.transport.addressed import is_reply_to_bot, question_in
from bot.transport.albums import Albums
from bot.transport.delivery import acknowledge, edit_markup, say
from bot.transport.rich import Screens
from bot.transport.updates import Context, message_of, query_of, typing, user_id_of
from qa.conversation import Conversation, turn_of
from qa.links import address_at, address_of
from qa.service import Place, Service, Surroundings
from qa.types import Answer, Quote, Window

MOST_PAGES = 4
"""Pages of an answer, if its quotes are short enough. To compose them takes about a millisecond a
quote, so at first it is only the first page, and one quote more to know whether there is a second."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answering:
    """What the bot does with questions.

    :ivar per_page: quotes on a page.
    :ivar answered: told how long each answer took, in milliseconds, and whether there was one.
    :ivar question_of: the question behind a button of no answer, by its data; empty when it is gone.
    :ivar screens: shows answers, in rich messages or plain ones.
    :ivar albums: which albums have been answered.
    :ivar public_url: of the page that "open article" leads to; empty = to where it was published.
    :ivar searching: held while an answer is searched: two threads that take the interpreter from
        each other are slower than one after the other.
    """

    service: Service
    chats: Chats
    answers: Answers
    per_page: int
    answered: Callable[[float, bool], None]
    question_of: Callable[[str], str]
    screens: Screens
    albums: Albums = field(default_factory=Albums)
    public_url: str = ""
    searching: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def question(self, update: Update, context: Context) -> None:
        """Answer a question by quotes."""
        message, texts = message_of(update), self.chats.texts(update)
        if not self.albums.claim(message):
            return
        if not question_in(message):
            await say(message, texts.ask_usage)
            return
        shown, before = await self._before(update)
        if shown and shown.message_id is not None:
            return  # sent just before a crash
        async with typing(message, context.application):
            asked, answer = await self._asked(update, before)
        if answer.query.small_talk:
            await say(message, texts.small_talk)
            return
        number = await self._note(message, user_id_of(update), asked)
        screen, places = await self._screen(
            asked, answer, Press("page", number), context.bot, texts
        )
        sent = await self.screens.say(message, screen)
        user_id = user_id_of(update)
        await self._remember(
            message.chat_id, message.message_id, user_id, answer, number, places, sent
        )

    async def edited(self, update: Update, context: Context) -> None:
        """Answer an edited question again, where its first answer stands."""
        message = message_of(update)
        shown, before = await self._before(update)
        if shown is None or shown.message_id is None:
            await self.question(update, context)
            return
        if question_in(message) in ("", shown.asked.question):
            return  # its markup was edited, or it is no question any more
        asked, answer = await self._asked(update, before)
        number = await self._note(message, user_id_of(update), asked)
        texts = self.chats.texts(update)
        screen, places = await self._screen(
            asked, answer, Press("page", number), context.bot, texts
        )
        await self.screens.edit(context.bot, message.chat_id, shown.message_id, screen)
        user_id = user_id_of(update)
        await self._remember(message.chat_id, message.message_id, user_id, answer, number, places)

    async def suggested(self, update: Update, context: Context) -> None:
        """Answer the question behind a button, as if who pressed it had asked."""
        query, texts = query_of(update), self.chats.texts(update)
        question = await asyncio.to_thread(self.question_of, query.data or "")
        message = query.message
        if not question or not isinstance(message, Message):
            await acknowledge(query, texts.answer_gone, alert=True)
            return
        await acknowledge(query)
        key = -update.update_id  # no message has this number
        user = query.from_user
        language = self.chats.language(user)
        shown, before = await joined(
            self.answers.to(message.chat_id, key),
            self.chats.conversation(message.chat_id, user.id, language),
        )
        if shown and shown.message_id is not None:
            return  # sent just before a crash
        alone = replace(before, turns=())
        asked = Asked(question, alone, datetime.now(UTC).astimezone(), told=True)
        async with typing(message, context.application):
            answer = await self._answer(asked, page=0)
        self.answered(answer.elapsed_ms, answer.answered)
        number = await self.answers.note(message.chat_id, user.id, key, asked)
        screen, places = await self._screen(
            asked, answer, Press("page", number), context.bot, texts
        )
        sent = await self.screens.say(message, screen)
        await self._remember(
            message.chat_id, sent.message_id, user.id, answer, number, places, sent
        )

    async def pressed(self, update: Update, context: Context) -> None:
        """Do what a button of an answer says."""
        query, texts = query_of(update), self.chats.texts(update)
        press = Press.of(query.data or "")
        shown = await self.answers.get(press.answer) if press else None
        if press is None or shown is None or query.message is None:
            await acknowledge(query, texts.answer_gone, alert=True)
        elif not await may_press(query, shown, query.message.chat.id):
            await acknowledge(query, texts.not_yours, alert=True)
        elif press.verb == "none":
            await acknowledge(query)
        elif press.verb in ("good", "bad"):
            good = press.verb == "good"
            await self.answers.rate(shown, good=good)
            if isinstance(query.message, Message) and query.message.reply_markup:
                await edit_markup(query.message, rated(query.message.reply_markup, good=good))
            await acknowledge(query, texts.noted)
        else:
            # The message that was pressed: the answer may have been sent twice, by a bad network.
            toast = await self._turn(press, shown, query.message, context.bot, texts)
            await acknowledge(query, toast, alert=bool(toast))

    async def _turn(
        self, press: Press, shown: Shown, at: MaybeInaccessibleMessage, bot: Bot, texts: Texts
    ) -> str:
        """Show what a button asks for in place of what is shown; return what to say instead."""
        if press.verb in ("context", "card"):
            found = await self._surroundings(shown, press)
            if found is None:
                return texts.passage_gone
            if press.verb == "context":
                page = render_surroundings(found, press.quote)
            else:
                status = await asyncio.to_thread(self.service.status)
                page = render_card(found.article, texts, status.manifest.paths)
            address = address_at(self.public_url, found.article.sha256)
            screen = Screen(page, quote_keyboard(press, found.article, texts, address))
        else:
            asked = await self._without_filter(press, shown)
            answer = await self._answer(asked, press.page)
            if press.view == "mention" and answer.mention:
                answer = await self._mentioning(asked, answer.mention.name, press.page)
            screen, places = await self._screen(asked, answer, press, bot, texts, shown)
            await self.answers.show(shown.id, places)
        await self.screens.edit(bot, at.chat.id, at.message_id, screen)
        return ""

    async def _without_filter(self, press: Press, shown: Shown) -> Asked:
        """Return what is asked, without what a button lifts; a filter in force is lifted for all."""
        asked, filters = shown.asked, shown.asked.conversation.filters
        if press.verb == "any date":
            filters = replace(filters, window=Window())
        elif press.verb == "lift dates":
            filters = replace(filters, window=None)
        elif press.verb == "lift source":
            filters = replace(filters, source=None)
        else:
            return asked
        if press.verb != "any date":
            in_force = await self.chats.filters(shown.chat_id, shown.user_id)
            lifted = {"window": None} if press.verb == "lift dates" else {"source": None}
            await self.chats.set_filters(shown.chat_id, shown.user_id, replace(in_force, **lifted))
        asked = replace(asked, conversation=replace(asked.conversation, filters=filters))
        await self.answers.note(shown.chat_id, shown.user_id, shown.question_id, asked)
        return asked

    async def _surroundings(self, shown: Shown, press: Press) -> Surroundings | None:
        """Look up a quote; in an index that was built since, by asking again."""
        place = shown.places.get(press.quote)
        if place is None:
            return None
        found = await asyncio.to_thread(self.service.surroundings, place)
        if found is not None:
            return found
        answer = await self._answer(shown.asked, LAST_PAGE)
        if press.view == "mention" and answer.mention:
            answer = await self._mentioning(shown.asked, answer.mention.name, LAST_PAGE)
        for quote in (*answer.quotes, *answer.near):
            now = Place.of(quote)
            if replace(now, passage_id=place.passage_id) == place:
                return await asyncio.to_thread(self.service.surroundings, now)
        return None

    async def _before(self, update: Update) -> tuple[Shown | None, Conversation]:
        """Return the answer that a message has, if it has one, and what its question leans on."""
        message = message_of(update)
        return await joined(
            self.answers.to(message.chat_id, message.message_id),
            self.chats.conversation(
                message.chat_id,
                user_id_of(update),
                self.chats.language(update.effective_user),
                before=message.message_id,
            ),
        )

    async def _asked(self, update: Update, conversation: Conversation) -> tuple[Asked, Answer]:
        message = message_of(update)
        if message.reply_to_message is not None and is_reply_to_bot(message):
            number = message.reply_to_message.message_id
            if replied := await self.answers.shown_by(message.chat_id, number):
                conversation = replace(conversation, turns=replied.turns)
        asked = Asked(
            question=question_in(message),
            conversation=conversation,
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

    async def _mentioning(self, asked: Asked, name: str, page: int) -> Answer:
        """Return what the archive has on a name, by itself."""
        alone = replace(asked.conversation, turns=())
        return await self._answer(replace(asked, question=name, conversation=alone), page)

    async def _screen(
        self,
        asked: Asked,
        answer: Answer,
        press: Press,
        bot: Bot,
        texts: Texts,
        shown: Shown | None = None,
    ) -> tuple[Screen, dict[int, Place]]:
        """Return a page with its buttons, and where its quotes stand.

        :param shown: as it was before, if it was.
        """
        view = "answer" if press.view == "near" and not answer.near else press.view
        found: tuple[Quote, ...] = answer.near if view == "near" else answer.quotes
        if view == "near":
            pages = render_near(answer, texts, self.per_page)
        elif view == "mention":
            pages = render_mentioning(answer, answer.query.text, texts, self.per_page)
        else:
            told = asked.question if asked.told else ""
            pages = render_answer(answer, texts, self.per_page, told)
        at = replace(press, verb="page", view=view, page=min(press.page, len(pages) - 1))
        offers = Offers(
            near=bool(answer.near),
            mention=answer.mention is not None,
            widens=answer.query.preferred is not None and not answer.widened,
            filters=asked.conversation.filters,
            shared=answer.query.text if bot.supports_inline_queries else "",
            rated=await self.answers.rating(shown) if shown else None,
        )
        keyboard = page_keyboard(
            at,
            pages,
            {quote.n: quote.article for quote in found},
            texts,
            offers,
            has_all=press.page > 0 or answer.query.compare or len(found) <= self.per_page,
            addresses={quote.n: address_of(quote, self.public_url) for quote in found},
        )
        quotes = {quote.n: quote for quote in found}
        places = {n: Place.of(quotes[n]) for n in pages[at.page].quotes}
        return Screen(pages[at.page], keyboard), places

    async def _note(self, message: Message, user_id: int, asked: Asked) -> int:
        return await self.answers.note(message.chat_id, user_id, message.message_id, asked)

    async def _remember(
        self,
        chat_id: int,
        message_id: int,
        user_id: int,
        answer: Answer,
        number: int,
        places: dict[int, Place],
        sent: Message | None = None,
    ) -> None:
        """Note an answer that is shown.

        :param sent: the message that shows it, if that is a new one.
        """
        turn = turn_of(answer, len(places))
        steps: list[Step[None]] = [self.answers.show(number, places, turn)]
        if sent is not None:
            steps.append(self.answers.sent(number, sent.message_id))
        if turn is not None:
            steps.append(self.chats.add(chat_id, user_id, message_id, turn))
        await joined(*steps)
