"""Whatever is quoted, Telegram takes the message and shows it word for word."""

from dataclasses import replace
from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from bot.showing.render import (
    MESSAGE_UNITS,
    render_card,
    render_near,
    render_news,
    render_surroundings,
    utf16_units,
)
from bot.showing.texts import ENGLISH, TEXTS
from index.types import Card
from qa.service import Surroundings
from qa.types import Filters, Query, Quote
from tests.botapi.answers import QUOTES, answer, covered, pages, quote
from tests.botapi.markup import parse_html, units

AWKWARD = st.sampled_from(
    ["<b>", "</blockquote>", "&lt;", "&", '"', "'", "😀", "\u200f", "。", "\n"]
)
VISIBLE = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u0333\u033f\u030a")
WORDS = st.lists(AWKWARD | st.text(VISIBLE, max_size=20), max_size=12).map("".join)
KEPT = "\u2028\u2029\u202a\u202b\u202c\u202d\u202e"  # Telegram removes these from every message


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
    quoted = "".join(piece for each in parsed for piece in covered(*each, *QUOTES))
    assert quoted == "".join(each.text for each in found)


@given(st.lists(quotes(), min_size=1, max_size=4), st.sampled_from(sorted(TEXTS)))
def test_near_misses_news_and_cards_are_taken_by_telegram(
    found: list[Quote], language: str
) -> None:
    numbered = tuple(replace(each, n=n) for n, each in enumerate(found, 1))
    near = render_near(replace(answer(), near=numbered), TEXTS[language], 3)
    for message in (
        *(page.html for page in near),
        render_news(found[0].text, numbered, TEXTS[language]).html,
        render_card(found[0].article, TEXTS[language]),
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
    text, entities = parse_html(render_surroundings(around, 1))
    assert 0 < units(text) <= MESSAGE_UNITS
    assert len(entities) <= 100


@given(quotes())
def test_exactly_the_highlights_are_bold(found: Quote) -> None:
    messages = [parse_html(part) for part in pages(answer(found), ENGLISH)]
    bold = "".join(piece for each in messages for piece in covered(*each, "bold"))
    assert bold == "".join(found.text[start:end] for start, end in found.highlights)
    underlined = "".join(piece for each in messages for piece in covered(*each, "underline"))
    assert underlined == (found.text[slice(*found.answer)] if found.answer else "")


@given(st.text())
def test_length_is_counted_as_telegram_counts(text: str) -> None:
    assert utf16_units(text) == units(text)
