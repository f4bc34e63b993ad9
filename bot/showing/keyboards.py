"""Pure: the buttons below an answer, and what pressing them means.

A button says which answer it belongs to, which page was shown and which quote is meant: short
numbers, so that its data never reaches Telegram's 64 bytes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, TypeAlias

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.showing.blocks import Page, is_web_address
from bot.showing.citation import SOURCE_CHARS, copied
from bot.showing.measure import ELLIPSIS, one_line
from bot.showing.texts import TEXTS, Texts
from index.types import Card
from qa.types import Filters, Window

SHARED_CHARS = 256
"""Longest inline query. https://core.telegram.org/bots/api#inlinequery"""

Row: TypeAlias = tuple[InlineKeyboardButton, ...]
Verb = Literal[
    "page", "context", "card", "good", "bad", "none", "any date", "lift dates", "lift source"
]
View = Literal["answer", "near", "mention"]
_LETTERS: dict[Verb, str] = {
    "page": "p",
    "context": "s",
    "card": "c",
    "good": "g",
    "bad": "b",
    "none": "o",
    "any date": "d",
    "lift dates": "x",
    "lift source": "y",
}
_VIEWS: dict[View, str] = {"answer": "a", "near": "n", "mention": "m"}
_VERBS = {letter: verb for verb, letter in _LETTERS.items()}
_SEEN = {letter: view for view, letter in _VIEWS.items()}
_LETTER = f"[{''.join(_VERBS)}]"
_DATA = re.compile(rf"({_LETTER}):(\d{{1,18}}):([anm])(\d{{1,3}}):(\d{{1,3}})", re.ASCII)

ANSWER_BUTTONS = rf"^{_LETTER}:"
LANGUAGE_BUTTONS = r"^l:"
WATCH_BUTTONS = r"^w:"
WATCH_CHARS = 30
AUTOMATIC = "auto"

LAST_PAGE = 999
"""A button's page where the number of pages is not known yet: the last one."""


NOWHERE: Mapping[int, str] = MappingProxyType({})
"""No quote has an address on a page."""


@dataclass(frozen=True, slots=True)
class Press:
    """A button of an answer.

    :ivar answer: number of the answer.
    :ivar view: what is shown: the answer, near misses, or what mentions the name asked about.
    :ivar page: from 0.
    :ivar quote: number of a quote; 0 = none.
    """

    verb: Verb
    answer: int
    view: View = "answer"
    page: int = 0
    quote: int = 0

    def __str__(self) -> str:
        """Return the button's data."""
        view = f"{_VIEWS[self.view]}{self.page}"
        return f"{_LETTERS[self.verb]}:{self.answer}:{view}:{self.quote}"

    @classmethod
    def of(cls, data: str) -> "Press | None":
        """Read a button's data; None if it is not one of an answer."""
        found = _DATA.fullmatch(data)
        if not found:
            return None
        letter, answer, view, page, quote = found.groups()
        return cls(_VERBS[letter], int(answer), _SEEN[view], int(page), int(quote))


@dataclass(frozen=True, slots=True)
class Offers:
    """What else can be had of an answer.

    :ivar near: near misses instead of an answer.
    :ivar mention: what mentions the name that was asked about.
    :ivar widens: the question prefers dates that could be left aside.
    :ivar filters: those in force beside the question, which can be lifted.
    :ivar shared: the question, for another chat; empty where inline mode is off.
    :ivar rated: what the asker thinks of the answer; None = nothing was said.
    """

    near: bool = False
    mention: bool = False
    widens: bool = False
    filters: Filters = field(default_factory=Filters)
    shared: str = ""
    rated: bool | None = None


@dataclass(frozen=True, slots=True)
class Keyboard:
    """The buttons of a message.

    :ivar quotes: those of each quote, by its number.
    :ivar rest: rows below them.
    """

    quotes: Mapping[int, Row] = field(default_factory=dict)
    rest: tuple[Row, ...] = ()

    @property
    def markup(self) -> InlineKeyboardMarkup | None:
        """All of them below the message; None when there are none."""
        rows = [*filter(None, self.quotes.values()), *self.rest]
        return InlineKeyboardMarkup(rows) if rows else None


def page_keyboard(
    at: Press,
    pages: Sequence[Page],
    articles: Mapping[int, Card],
    texts: Texts,
    offers: Offers,
    *,
    has_all: bool = True,
    addresses: Mapping[int, str] = NOWHERE,
) -> Keyboard:
    """Return the buttons of a page.

    :param at: the press that shows this page.
    :param articles: where the quotes are from, by their numbers.
    :param addresses: where the page of ``newsquote serve`` shows the quotes, if it is public.
    :param has_all: whether ``pages`` are all there are; else only those that can be told already.
    """
    quotes = pages[at.page].quotes
    rows = {
        n: (
            *article_buttons(
                articles[n], texts, f"{n} " if len(quotes) > 1 else "", addresses.get(n, "")
            ),
            _button(texts.surroundings, replace(at, verb="context", quote=n)),
        )
        for n in quotes
    }
    rest = [
        *_turning(at, len(pages), has_all=has_all),
        *((_button(label, press),) for label, press in _instead(at, texts, offers)),
        _opinions(at, texts, offers),
    ]
    return Keyboard(rows, tuple(rest))


def article_buttons(article: Card, texts: Texts, number: str = "", address: str = "") -> Row:
    """Return what leads to an article and what copies its citation.

    :param number: stands before the first label.
    :param address: where it is opened instead of where it was published.
    """
    row: list[InlineKeyboardButton] = []
    if address or is_web_address(article.url):
        leads = address or article.url
        row.append(InlineKeyboardButton(f"{number}{texts.open_article}", url=leads))
    if cited := copied(article):
        label = texts.copy_citation if row else f"{number}{texts.copy_citation}"
        row.append(InlineKeyboardButton(label, copy_text=CopyTextButton(cited)))
    return tuple(row)


def quote_keyboard(at: Press, article: Card, texts: Texts, address: str = "") -> Keyboard:
    """Return the buttons below a quote's surroundings or its article's card.

    :param address: as in ``article_buttons``.
    """
    other: Verb = "card" if at.verb == "context" else "context"
    label = texts.card if other == "card" else texts.surroundings
    back = replace(at, verb="page", quote=0)
    row = (_button(label, replace(at, verb=other)), _button(f"↩ {texts.back}", back))
    return Keyboard(rest=(article_buttons(article, texts, address=address), row))


@dataclass(frozen=True, slots=True)
class Watched:
    """A watch, as far as its buttons go.

    :ivar daily: whether its news are told once a day.
    """

    id: int
    question: str
    daily: bool


def watches_keyboard(watches: Sequence[Watched], texts: Texts) -> InlineKeyboardMarkup:
    """Return for each watch what removes it, and what tells its news otherwise."""
    return InlineKeyboardMarkup([_watch_row(each, texts, "l") for each in watches])


def news_keyboard(
    articles: Mapping[int, Card], watches: Sequence[Watched], texts: Texts
) -> Keyboard:
    """Return the buttons of news: those of the quotes, and those of the watches."""
    several = len(articles) > 1
    rows = {
        n: article_buttons(each, texts, f"{n} " if several else "") for n, each in articles.items()
    }
    return Keyboard(rows, tuple(_watch_row(each, texts, "n") for each in watches))


def without_watches(markup: InlineKeyboardMarkup) -> InlineKeyboardMarkup:
    """Return the buttons of news without those of the watches."""
    return InlineKeyboardMarkup(
        [
            row
            for row in markup.inline_keyboard
            if not any(re.match(WATCH_BUTTONS, str(button.callback_data or "")) for button in row)
        ]
    )


def _watch_row(watch: Watched, texts: Texts, place: str) -> Row:
    """Return the buttons of a watch.

    :param place: ``l`` in a list of watches, ``n`` below news.
    """
    label = one_line(watch.question, WATCH_CHARS)
    other = texts.at_once if watch.daily else texts.once_a_day
    verb = "u" if watch.daily else "d"
    return (
        InlineKeyboardButton(f"✕ {label}", callback_data=f"w:{watch.id}:x{place}"),
        InlineKeyboardButton(other, callback_data=f"w:{watch.id}:{verb}{place}"),
    )


def language_keyboard(texts: Texts) -> InlineKeyboardMarkup:
    """Return a button for each language, and one for going by the user's app."""
    rows = [
        [InlineKeyboardButton(each.name, callback_data=f"l:{language}")]
        for language, each in TEXTS.items()
    ]
    automatic = InlineKeyboardButton(texts.language_automatic, callback_data=f"l:{AUTOMATIC}")
    return InlineKeyboardMarkup([*rows, [automatic]])


def rated(markup: InlineKeyboardMarkup, *, good: bool) -> InlineKeyboardMarkup:
    """Return the same buttons with an opinion shown."""
    return InlineKeyboardMarkup(
        [[_with_opinion(button, good=good) for button in row] for row in markup.inline_keyboard]
    )


def _with_opinion(button: InlineKeyboardButton, *, good: bool) -> InlineKeyboardButton:
    press = Press.of(str(button.callback_data or ""))
    if press is None or press.verb not in ("good", "bad"):
        return button
    return _opinion(press, chosen=(press.verb == "good") is good)


def _turning(at: Press, pages: int, *, has_all: bool) -> list[Row]:
    """Return the row that turns pages, if there are several."""
    if pages == 1:
        return []
    last = pages - 1 if has_all else LAST_PAGE
    count = str(pages) if has_all else ELLIPSIS
    return [
        (
            _button("‹", replace(at, page=at.page - 1 if at.page else last)),
            _button(f"{at.page + 1}/{count}", replace(at, verb="none")),
            _button("›", replace(at, page=at.page + 1 if at.page < last else 0)),
        )
    ]


def _instead(at: Press, texts: Texts, offers: Offers) -> list[tuple[str, Press]]:
    """Return what else can be shown in place of this."""
    first = Press("page", at.answer)
    if at.view != "answer":
        return [(f"↩ {texts.back}", first)]
    found: list[tuple[str, Press]] = []
    if offers.mention:
        found.append((texts.show_mentions, replace(first, view="mention")))
    if offers.near:
        found.append((texts.show_near, replace(first, view="near")))
    if offers.widens:
        found.append((texts.all_dates, replace(first, verb="any date")))
    window, source = offers.filters.window, offers.filters.source
    if window is not None and window != Window():
        label = texts.period.format(window=window)
        found.append((f"✕ {label}", replace(first, verb="lift dates")))
    if source is not None:
        label = texts.source.format(source=one_line(source, SOURCE_CHARS))
        found.append((f"✕ {label}", replace(first, verb="lift source")))
    return found


def _opinions(at: Press, texts: Texts, offers: Offers) -> Row:
    good, bad = replace(at, verb="good"), replace(at, verb="bad")
    row: Row = (
        _opinion(good, chosen=offers.rated is True),
        _opinion(bad, chosen=offers.rated is False),
    )
    if not offers.shared:
        return row
    query = one_line(offers.shared, SHARED_CHARS)
    return (*row, InlineKeyboardButton(f"↗ {texts.share}", switch_inline_query=query))


def _opinion(press: Press, *, chosen: bool) -> InlineKeyboardButton:
    thumb = "👍" if press.verb == "good" else "👎"
    return _button(f"{thumb} ✓" if chosen else thumb, press)


def _button(label: str, press: Press) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=str(press))
