"""Whatever is quoted, Telegram takes the message and shows it word for word."""

import json
from dataclasses import replace
from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from bot.showing.articles import render_card, render_surroundings
from bot.showing.blocks import MESSAGE_UNITS, is_long
from bot.showing.keyboards import Offers, Press, page_keyboard
from bot.showing.measure import utf16_units
from bot.showing.render import SCREEN_LINES, News, render_answer, render_near, render_news
from bot.showing.screens import Screen
from bot.showing.texts import ENGLISH, TEXTS
from index.types import Card
from qa.service import Surroundings
from qa.types import Filters, Query, Quote
from tests.botapi.answers import QUOTES, answer, covered, pages, quote
from tests.botapi.markup import parse_html, slice_units, units
from tests.botapi.params import Params
from tests.botapi.rich import rich_message
from tests.botapi.screen import text_lines

AWKWARD = st.sampled_from(
    ["<b>", "</blockquote>", "&lt;", "&", '"', "'", "😀", "\u200f", "。", "\n"]
)
VISIBLE = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u0333\u033f\u030a")
WORDS = st.lists(AWKWARD | st.text(VISIBLE, max_size=20), max_size=12).map("".join)
KEPT = "\u2028\u2029\u202a\u202b\u202c\u202d\u202e"  # Telegram removes these from every message


MOST_LINES = 40
"""Of a page with one quote, and all that can be said above and below it at greatest length."""

WRAPPED = 8
"""Lines that words, which are not cut, may take beyond what is counted by columns."""


@st.composite
def quotes(draw: st.DrawFn) -> Quote:
    text = "x" + draw(WORDS).translate(dict.fromkeys(map(ord, KEPT))) * draw(st.integers(1, 120))
    ends = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    article = Card(
        title=draw(WORDS),
        source=draw(st.none() | WORDS),
        author=None,
        date=draw(st.none() | st.datetimes(timezones=st.just(UTC))),
        url=draw(st.none() | WORDS | WORDS.map("https://a.example/{}".format)),
        path="a.md",
        sha256="0" * 64,
        language="und",
        truncated=draw(st.booleans()),
    )
    spans = tuple(zip(ends[::2], ends[1::2], strict=False))
    return replace(
        quote(text, *spans, article=article),
        also=(article,) * draw(st.integers(0, 2)),
        answer=draw(st.sampled_from([None, *spans])),
    )


@given(st.lists(quotes(), max_size=4), WORDS, st.booleans(), st.sampled_from(sorted(TEXTS)))
def test_every_answer_is_taken_by_telegram_and_quotes_word_for_word(
    found: list[Quote],
    question: str,
    follow_up: bool,  # noqa: FBT001 - drawn, not passed by a caller
    language: str,
) -> None:
    query = Query(question, question, filters=Filters(source=question), follow_up=follow_up)
    numbered = [replace(each, n=n) for n, each in enumerate(found, 1)]
    messages = pages(answer(*numbered, query=query), TEXTS[language])
    parsed = [parse_html(message) for message in messages]
    assert all(0 < units(text) <= MESSAGE_UNITS for text, _ in parsed)
    assert all(len(entities) <= 100 for _, entities in parsed)
    assert all(len(text_lines(*each)) <= MOST_LINES for each in parsed if each[0].count("\n[") < 2)
    assert all(
        len(text_lines(*each)) <= SCREEN_LINES + WRAPPED
        for each in parsed
        if each[0].count("\n[") > 1
    )


@given(st.lists(quotes(), min_size=1, max_size=4), st.sampled_from(sorted(TEXTS)))
def test_near_misses_news_and_cards_are_taken_by_telegram(
    found: list[Quote], language: str
) -> None:
    numbered = tuple(replace(each, n=n) for n, each in enumerate(found, 1))
    near = render_near(replace(answer(), near=numbered), TEXTS[language], 3)
    for message in (
        *(page.html for page in near),
        *(page.html for page in render_news([News(found[0].text, numbered, 3)], TEXTS[language])),
        render_card(found[0].article, TEXTS[language]).html,
    ):
        text, entities = parse_html(message)
        assert 0 < units(text) <= MESSAGE_UNITS
        assert len(entities) <= 100


@given(quotes(), st.none() | WORDS, st.none() | WORDS, st.data())
def test_surroundings_are_taken_by_telegram(
    found: Quote, before: str | None, after: str | None, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(found.text) - 1))
    end = data.draw(st.integers(start + 1, len(found.text)))
    around = Surroundings(found.article, before, found.text, (start, end), after)
    text, entities = parse_html(render_surroundings(around, 1).html)
    assert 0 < units(text) <= MESSAGE_UNITS
    assert len(entities) <= 100


@given(quotes())
def test_a_quote_is_quoted_word_for_word(found: Quote) -> None:
    messages = [parse_html(part) for part in pages(answer(found), ENGLISH)]
    pieces = [piece for each in messages for piece in covered(*each, *QUOTES)]
    if not (is_long(found.text) and found.highlights):
        assert "".join(pieces) == found.text
        return
    lead, rest = pieces[0], "".join(pieces[1:])
    assert lead in found.text
    if rest != found.text:  # the quote begins with its answer
        assert found.text.startswith(lead)
        assert found.text[len(lead) :].lstrip() == rest


@given(st.lists(quotes(), min_size=1, max_size=3), WORDS)
def test_a_rich_message_says_what_the_plain_one_does(found: list[Quote], question: str) -> None:
    query = Query(question, question, follow_up=True)
    numbered = [replace(each, n=n) for n, each in enumerate(found, 1)]
    said = answer(*numbered, query=query)
    articles = {each.n: each.article for each in numbered}
    shown = render_answer(said, ENGLISH, 3)
    for n in range(len(shown)):
        keyboard = page_keyboard(Press("page", 1, page=n), shown, articles, ENGLISH, Offers())
        screen = Screen(shown[n], keyboard)
        given = json.dumps({"blocks": screen.rich})
        rich = rich_message(Params({"rich_message": given}))
        quoted = [
            slice_units(rich.text, each.offset, each.length)
            for each in rich.entities
            if each.type in QUOTES
        ]
        assert len(quoted) == screen.html.count("<blockquote")
        assert len(rich.rows) == len(shown[n].quotes)
        for number in shown[n].quotes:
            text = numbered[number - 1].text
            assert any(text.startswith(piece) or piece in text for piece in quoted)


@given(quotes())
def test_exactly_the_highlights_are_bold_and_none_below_the_fold(found: Quote) -> None:
    messages = [parse_html(part) for part in pages(answer(found), ENGLISH)]
    bold = [piece for each in messages for piece in covered(*each, "bold")]
    underlined = "".join(piece for each in messages for piece in covered(*each, "underline"))
    marked = [found.text[start:end] for start, end in found.highlights]
    words = found.text[slice(*found.answer)] if found.answer else ""
    if not is_long(found.text):
        assert (bold, underlined) == (marked, words)
        return
    assert len(bold) == min(1, len(marked))
    assert all(any(piece in each for each in marked) for piece in bold)
    assert words.startswith(underlined)
    assert bool(underlined) is bool(words)
    for text, entities in messages:
        folds = [each for each in entities if each.type == "expandable_blockquote"]
        for fold in folds:
            inside = slice_units(text, fold.offset, fold.length)
            assert not any(
                each.type == "bold" and fold.offset <= each.offset < fold.offset + fold.length
                for each in entities
            ), inside


@given(st.text())
def test_length_is_counted_as_telegram_counts(text: str) -> None:
    assert utf16_units(text) == units(text)
