"""Inline mode: ``@bot question`` in any chat offers cited quotes to insert there."""

import asyncio
import logging
from dataclasses import dataclass
from functools import partial

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import InlineQueryLimit
from telegram.error import BadRequest

from bot.memory.chats import Chats
from bot.showing.measure import one_line
from bot.showing.render import describe, render_quote
from bot.showing.texts import Texts
from bot.transport.updates import Context
from qa.service import Service
from qa.types import Answer, Filters, Quote

A_PAGE = 10
MOST_RESULTS = InlineQueryLimit.RESULTS
CACHE_S = 10
"""Telegram's own 300 s would show an archive that has changed; and never between users."""

TITLE_CHARS = 100
TEXT_CHARS = 250
STALE = "query is too old"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Inline:
    """Answers inline queries, within the filters of the user's private chat."""

    service: Service
    chats: Chats

    async def query(self, update: Update, _: Context) -> None:
        """Offer a page of quotes, only to the user who asks."""
        query = update.inline_query
        if query is None:
            return
        texts = self.chats.texts(update)
        begin = int(query.offset) if query.offset.isdecimal() else 0
        end = begin + A_PAGE
        quotes: tuple[Quote, ...] = ()
        button = texts.inline_hint
        if query.query.strip() and begin < MOST_RESULTS:
            filters = await self.chats.filters(query.from_user.id, query.from_user.id)
            # One more tells of a next page.
            answer = await self._answer(query.query, end + 1, filters)
            quotes = answer.quotes
            if not answer.query.small_talk:
                button = "" if quotes else texts.inline_nothing
            if described := describe(filters, texts):
                button = " · ".join(filter(None, (button, described)))
        try:
            await query.answer(
                [_result(quote, texts) for quote in quotes[begin:end]],
                cache_time=CACHE_S,
                is_personal=True,
                next_offset=str(end) if end < len(quotes) else None,  # None ends it, as "" would
                button=InlineQueryResultsButton(button, start_parameter="inline")
                if button
                else None,
            )
        except BadRequest as error:
            if STALE not in str(error).lower():
                raise
            logger.info("an inline query was too old to be answered")

    async def _answer(self, question: str, quotes: int, filters: Filters) -> Answer:
        most = int(MOST_RESULTS)
        ask = partial(self.service.answer, filters=filters)
        answer = await asyncio.to_thread(ask, question, quotes=min(quotes, most))
        if answer.query.compare and quotes < most:
            # In the order of dates, the first quotes are known only when all are.
            return await asyncio.to_thread(ask, question, quotes=most)
        return answer


def _result(quote: Quote, texts: Texts) -> InlineQueryResultArticle:
    article = quote.article
    day = article.date.date().isoformat() if article.date else ""
    origin = ", ".join(filter(None, (article.source, day)))
    return InlineQueryResultArticle(
        id=f"{article.sha256[:40]}-{quote.start}",
        title=one_line(quote.article.title, TITLE_CHARS) or origin,
        description=one_line(" — ".join(filter(None, (origin, quote.text))), TEXT_CHARS),
        input_message_content=InputTextMessageContent(
            render_quote(quote, texts),
            parse_mode="HTML",
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
    )
