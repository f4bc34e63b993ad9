"""Answers made by hand, and what Telegram makes of the messages that show them."""

from datetime import UTC, datetime

from bot.showing.render import render_answer
from bot.showing.texts import Texts
from index.types import Card
from qa.types import Answer, Query, Quote
from tests.botapi.chatting import QUOTES
from tests.botapi.markup import Entity, slice_units

HARBOUR = Card(
    title="Harbour <closed> & reopened",
    source="Lakeside Courier",
    author=None,
    date=datetime(2021, 12, 4, 9, 30, tzinfo=UTC),
    url="https://news.example/harbour?a=1&b=2",
    path="archive/harbour.md",
    sha256="0" * 64,
    language="en",
)


def quote(text: str, *highlights: tuple[int, int], n: int = 1, article: Card = HARBOUR) -> Quote:
    return Quote(n, text, highlights, 0.9, 0, (0,), 0, len(text), article)


def answer(*quotes: Quote, query: Query | None = None) -> Answer:
    return Answer(query or Query("q", "q"), quotes)


def pages(found: Answer, texts: Texts, per_page: int = 20) -> tuple[str, ...]:
    return tuple(page.html for page in render_answer(found, texts, per_page))


def covered(text: str, entities: list[Entity], *kinds: str) -> list[str]:
    return [slice_units(text, each.offset, each.length) for each in entities if each.type in kinds]


__all__ = ["HARBOUR", "QUOTES", "answer", "covered", "pages", "quote"]
