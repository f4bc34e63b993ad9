"""Buttons fit Telegram's limits and mean what they meant when they were made."""

import json
from dataclasses import replace
from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup

from bot.showing.blocks import Page, line
from bot.showing.citation import copied
from bot.showing.keyboards import (
    LAST_PAGE,
    Keyboard,
    Offers,
    Press,
    Verb,
    View,
    language_keyboard,
    page_keyboard,
    quote_keyboard,
    rated,
)
from bot.showing.texts import ENGLISH, TEXTS
from index.types import Card
from qa.types import Filters, Window
from tests.botapi.answers import HARBOUR
from tests.botapi.keyboards import inline_keyboard
from tests.botapi.markup import units
from tests.botapi.params import Params

Labelled = list[list[tuple[str, object]]]
CITATION = (
    "Harbour <closed> & reopened — Lakeside Courier, 2021-12-04\n"
    "https://news.example/harbour?a=1&b=2"
)


def page(*quotes: int) -> Page:
    return Page(tuple(replace(line("text"), quote=n) for n in quotes) or (line("nothing"),))


PAGES = (page(1, 2, 3), page(4))


def rows(markup: InlineKeyboardMarkup | None) -> Labelled:
    """Return labels and what pressing does; all of it is what Telegram takes."""
    assert markup is not None
    inline_keyboard(Params({"reply_markup": json.dumps(markup.to_dict())}))
    return [
        [
            (
                button.text,
                Press.of(str(button.callback_data))
                if button.callback_data
                else button.url
                or (button.copy_text.text if button.copy_text else button.switch_inline_query),
            )
            for button in row
        ]
        for row in markup.inline_keyboard
    ]


def keyboard(
    at: Press,
    pages: tuple[Page, ...] = PAGES,
    offers: Offers | None = None,
    *,
    article: Card = HARBOUR,
    has_all: bool = True,
) -> Labelled:
    articles = dict.fromkeys(range(1, 11), article)
    shown = page_keyboard(at, pages, articles, ENGLISH, offers or Offers(), has_all=has_all)
    return rows(shown.markup)


@given(
    st.sampled_from(get_args(Verb)),
    st.integers(0, 2**53),
    st.sampled_from(get_args(View)),
    st.integers(0, 999),
    st.integers(0, 999),
)
def test_what_a_button_says_is_read_back(
    verb: Verb, answer: int, view: View, page: int, quote: int
) -> None:
    press = Press(verb, answer, view, page, quote)
    assert Press.of(str(press)) == press
    assert len(str(press).encode()) <= 64


@pytest.mark.parametrize(
    "data", ["", "p", "p:1:a0", "q:1:a0:0", "p:-1:a0:0", "p:1:a0:0 ", "p:1:a٣:0", "p:1:z0:0"]
)
def test_other_data_is_no_button_of_an_answer(data: str) -> None:
    assert Press.of(data) is None


def test_the_buttons_of_a_first_page() -> None:
    assert keyboard(Press("page", 9)) == [
        *(
            [
                (f"{n} Open article", HARBOUR.url),
                ("Copy citation", CITATION),
                ("In context", Press("context", 9, quote=n)),
            ]
            for n in (1, 2, 3)
        ),
        [
            ("‹", Press("page", 9, page=1)),
            ("1/2", Press("none", 9)),
            ("›", Press("page", 9, page=1)),
        ],
        [("👍", Press("good", 9)), ("👎", Press("bad", 9))],
    ]


def test_a_first_page_that_knows_only_that_there_is_a_second() -> None:
    assert keyboard(Press("page", 9), has_all=False)[3] == [
        ("‹", Press("page", 9, page=LAST_PAGE)),
        ("1/…", Press("none", 9)),
        ("›", Press("page", 9, page=1)),
    ]


def test_the_buttons_of_a_last_page_with_one_quote() -> None:
    shown = keyboard(Press("page", 9, page=1))
    assert shown[0] == [
        ("Open article", HARBOUR.url),
        ("Copy citation", CITATION),
        ("In context", Press("context", 9, page=1, quote=4)),
    ]
    assert [press for _, press in shown[1]] == [
        Press("page", 9),
        Press("none", 9, page=1),
        Press("page", 9),
    ]


def test_an_article_is_opened_on_the_page_where_there_is_one() -> None:
    page = "https://quotes.example/articles/ab?from=1&to=9#quote"
    at = Press("page", 9, page=1)
    articles = dict.fromkeys(range(1, 11), HARBOUR)
    shown = page_keyboard(at, PAGES, articles, ENGLISH, Offers(), addresses={4: page})
    assert rows(shown.markup)[0][:2] == [("Open article", page), ("Copy citation", CITATION)]
    card = quote_keyboard(Press("card", 9, quote=4), HARBOUR, ENGLISH, page)
    assert rows(card.markup)[0] == [("Open article", page), ("Copy citation", CITATION)]


@pytest.mark.parametrize("url", [None, "", "javascript:x", "https://a.example/" + "x" * 2048])
def test_an_article_without_an_address_has_its_citation_alone(url: str | None) -> None:
    first, *_ = keyboard(Press("page", 9), article=replace(HARBOUR, url=url))
    assert first[0] == ("1 Copy citation", CITATION.splitlines()[0])
    bare = replace(HARBOUR, url=url, title="", source=None, date=None)
    first, *_ = keyboard(Press("page", 9), article=bare)
    assert [label for label, _ in first] == ["In context"]


@given(st.text(max_size=300), st.text(max_size=300), st.integers(0, 400))
def test_a_citation_fits_the_clipboard(title: str, source: str, length: int) -> None:
    url = f"https://a.example/{'x' * length}"
    cited = copied(replace(HARBOUR, title=title, source=source, url=url))
    assert 1 <= units(cited) <= 256
    assert (url in cited) is (units(cited.partition("\n")[0]) + 1 + len(url) <= 256)


def test_near_misses_are_behind_a_button_and_lead_back() -> None:
    shown = keyboard(Press("page", 9), (page(),), Offers(near=True))
    assert shown[0] == [("Show the nearest quotes", Press("page", 9, "near"))]
    shown = keyboard(Press("page", 9, "near"), offers=Offers(near=True))
    assert shown[3][2] == ("›", Press("page", 9, "near", page=1))
    assert shown[4] == [("↩ Back", Press("page", 9))]


def test_what_mentions_a_name_is_behind_a_button_and_leads_back() -> None:
    shown = keyboard(Press("page", 9), (page(),), Offers(mention=True))
    assert shown[0] == [("Show them", Press("page", 9, "mention"))]
    shown = keyboard(Press("page", 9, "mention"), (page(1),), Offers(mention=True))
    assert shown[1] == [("↩ Back", Press("page", 9))]


def test_dates_are_widened_and_filters_lifted() -> None:
    filters = Filters(Window(date(2022, 3, 1)), "Lakeside Courier")
    assert keyboard(Press("page", 9), (page(),), Offers(widens=True, filters=filters))[:-1] == [
        [("All dates", Press("any date", 9))],
        [("✕ Period: 2022-03-01…", Press("lift dates", 9))],
        [("✕ Source: Lakeside Courier", Press("lift source", 9))],
    ]
    widened = Offers(filters=Filters(Window()))
    assert len(keyboard(Press("page", 9), (page(),), widened)) == 1


def test_a_question_is_shared_and_an_opinion_shown() -> None:
    offers = Offers(shared="Who\nopened " + "x" * 300, rated=True)
    assert keyboard(Press("page", 9), (page(),), offers) == [
        [
            ("👍 ✓", Press("good", 9)),
            ("👎", Press("bad", 9)),
            ("↗ Share", f"Who opened {'x' * 244}…"),
        ]
    ]


def test_an_opinion_is_shown_on_the_same_buttons() -> None:
    shown = page_keyboard(Press("page", 9), (page(1),), {1: HARBOUR}, ENGLISH, Offers()).markup
    assert shown is not None
    liked = rated(shown, good=True)
    assert [label for label, _ in rows(liked)[-1]] == ["👍 ✓", "👎"]
    assert [label for label, _ in rows(rated(liked, good=False))[-1]] == ["👍", "👎 ✓"]
    assert rows(liked)[0] == rows(shown)[0]


def test_context_and_card_lead_to_each_other_and_back() -> None:
    at = Press("context", 9, "near", page=2, quote=5)
    back = ("↩ Back", Press("page", 9, "near", page=2))
    card = Press("card", 9, "near", page=2, quote=5)
    article = [("Open article", HARBOUR.url), ("Copy citation", CITATION)]
    shown = rows(quote_keyboard(at, HARBOUR, ENGLISH).markup)
    assert shown == [article, [("The article", card), back]]
    shown = rows(quote_keyboard(card, HARBOUR, ENGLISH).markup)
    assert shown == [article, [("In context", at), back]]


def test_every_language_can_be_chosen() -> None:
    data = [row[0].callback_data for row in language_keyboard(ENGLISH).inline_keyboard]
    assert data == [*(f"l:{language}" for language in TEXTS), "l:auto"]


def test_no_buttons_are_no_rows() -> None:
    assert Keyboard({1: ()}).markup is None
