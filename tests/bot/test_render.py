"""Every answer becomes messages that Telegram takes and that quote word for word."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render import (
    CONTEXT_UNITS,
    EXPANDABLE_UNITS,
    MESSAGE_UNITS,
    Page,
    render_answer,
    render_card,
    render_near,
    render_news,
    render_surroundings,
    render_text,
    utf16_units,
)
from bot.texts import ENGLISH, RUSSIAN, SIMPLIFIED, TEXTS, TRADITIONAL, Texts, texts_for
from qa.service import Surroundings
from qa.types import Answer, Citation, Filters, Query, Quote, Window
from tests.botapi.markup import Entity, parse_html, slice_units, units

HARBOUR = Citation(
    title="Harbour <closed> & reopened",
    source="Lakeside Courier",
    author=None,
    date=datetime(2021, 12, 4, 9, 30, tzinfo=UTC),
    url="https://news.example/harbour?a=1&b=2",
    path="archive/harbour.md",
    sha256="0" * 64,
)
QUOTES = ("blockquote", "expandable_blockquote")


def quote(
    text: str, *highlights: tuple[int, int], n: int = 1, article: Citation = HARBOUR
) -> Quote:
    return Quote(n, text, highlights, 0.9, 0, (0,), 0, len(text), article)


def answer(*quotes: Quote, query: Query | None = None) -> Answer:
    return Answer(query or Query("q", "q"), quotes)


def pages(found: Answer, texts: Texts, per_page: int = 20) -> tuple[str, ...]:
    return tuple(page.html for page in render_answer(found, texts, per_page))


def covered(text: str, entities: list[Entity], *kinds: str) -> list[str]:
    return [slice_units(text, each.offset, each.length) for each in entities if each.type in kinds]


def test_one_quote_by_hand() -> None:
    shown = pages(answer(quote("The port <A&B> opens. It rains.", (0, 21))), ENGLISH)
    assert "".join(shown) == (
        "<blockquote><b>The port &lt;A&amp;B&gt; opens.</b> It rains.</blockquote>\n"
        '<a href="https://news.example/harbour?a=1&amp;b=2">'
        "[1] Harbour &lt;closed&gt; &amp; reopened — Lakeside Courier, 2021-12-04</a>"
    )


def test_several_quotes_share_a_message_best_first() -> None:
    (shown,) = pages(answer(quote("First."), quote("Second.", n=2)), ENGLISH)
    text, entities = parse_html(shown)
    assert covered(text, entities, *QUOTES) == ["First.", "Second."]
    assert text.index("First.") < text.index("[1]") < text.index("Second.") < text.index("[2]")


@pytest.mark.parametrize(
    "url", [None, "", "javascript:alert(1)", "ftp://a.example/x", "https://a b.example", "news"]
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    (shown,) = pages(answer(quote("Text.", article=replace(HARBOUR, url=url))), ENGLISH)
    text, entities = parse_html(shown)
    assert "text_link" not in {each.type for each in entities}
    assert "[1] Harbour <closed> & reopened — Lakeside Courier, 2021-12-04" in text


def test_what_is_not_known_of_an_article_is_left_out() -> None:
    bare = replace(HARBOUR, source=None, date=None, url=None)
    assert pages(answer(quote("Text.", article=bare)), ENGLISH)[0].endswith(
        "\n[1] Harbour &lt;closed&gt; &amp; reopened"
    )


def test_copies_and_paywalls_are_noted() -> None:
    stub = replace(quote("Text."), article=replace(HARBOUR, truncated=True), also=(HARBOUR,) * 2)
    (shown,) = pages(answer(stub), SIMPLIFIED)
    assert parse_html(shown)[0].splitlines()[-2:] == [
        "另有 2 个来源刊登相同内容",
        "档案中只有这篇文章的开头。",
    ]


def test_how_the_question_was_understood_is_said_first() -> None:
    query = Query(
        "then?",
        "port opening",
        filters=Filters(Window(date(2021, 12, 1), date(2021, 12, 31)), "A & B"),
        preferred=Window(date(2022, 1, 1), None),
        follow_up=True,
    )
    (shown,) = pages(answer(quote("Text."), query=query), ENGLISH)
    assert parse_html(shown)[0].splitlines()[0] == (
        "Understood as: port opening · Preferably from: 2022-01-01… · "
        "Period: 2021-12-01…2021-12-31 · Source: A & B"
    )


def test_a_search_that_went_beyond_its_dates_is_said() -> None:
    query = Query("q", "q", preferred=Window(date(2022, 1, 1), date(2022, 1, 31)))
    (shown,) = pages(replace(answer(quote("Text."), query=query), widened=True), ENGLISH)
    assert parse_html(shown)[0].splitlines()[0] == (
        "Nothing from 2022-01-01…2022-01-31 answers, so all dates were searched"
    )


@pytest.mark.parametrize(
    ("cut", "lines"),
    [
        ((False, False), ["Text."]),
        ((True, False), ["…", "Text."]),
        ((False, True), ["Text.", "…"]),
        ((True, True), ["…", "Text.", "…"]),
    ],
)
def test_where_a_paragraph_goes_on_is_shown_outside_the_quote(
    cut: tuple[bool, bool], lines: list[str]
) -> None:
    (shown,) = pages(answer(replace(quote("Text."), cut=cut)), ENGLISH)
    text, entities = parse_html(shown)
    assert text.splitlines()[:-1] == lines
    assert covered(text, entities, *QUOTES) == ["Text."]


def test_a_page_holds_so_many_quotes_and_knows_which() -> None:
    five = [quote(f"Text {n}.", n=n) for n in range(1, 6)]
    assert [page.quotes for page in render_answer(answer(*five), ENGLISH, 2)] == [
        (1, 2),
        (3, 4),
        (5,),
    ]


def test_near_misses_are_labelled_on_every_page() -> None:
    three = [quote("字" * 2500, n=n) for n in range(1, 4)]
    found = replace(answer(), near=tuple(three))
    assert render_answer(found, ENGLISH, 3) == (Page(ENGLISH.nothing_found),)
    shown = render_near(found, ENGLISH, 3)
    assert [page.quotes for page in shown] == [(1,), (2,), (3,)]
    for page in shown:
        text, entities = parse_html(page.html)
        assert covered(text, entities, "bold")[0] == ENGLISH.near_misses
        assert units(text) <= MESSAGE_UNITS


def test_news_names_what_was_watched() -> None:
    text, _ = parse_html(
        render_news("<bridge>", [quote("Text."), quote("More.", n=2)], RUSSIAN).html
    )
    assert text.splitlines()[0] == "Новое в архиве по запросу «<bridge>»:"
    assert "Text." in text
    assert "More." in text


def test_a_quote_in_its_surroundings() -> None:
    found = Surroundings(HARBOUR, "Before <it>.", "One. Two. Three.", (5, 9), "After.")
    text, entities = parse_html(render_surroundings(found, 2))
    assert covered(text, entities, *QUOTES) == ["Before <it>.", "One. Two. Three.", "After."]
    assert covered(text, entities, "bold") == ["Two."]
    assert text.splitlines()[-1].startswith("[2] Harbour <closed> & reopened")


def test_long_surroundings_are_shortened_around_the_quote() -> None:
    before, after = "前" * 3000 + "边", "后" + "面" * 3000
    middle = "甲" * 5000 + "乙" + "丙" * 5000
    found = Surroundings(HARBOUR, before, middle, (5000, 5001), after)
    text, entities = parse_html(render_surroundings(found, 1))
    assert units(text) <= MESSAGE_UNITS
    first, second, third = covered(text, entities, *QUOTES)
    assert first == before[-CONTEXT_UNITS:]
    assert third == after[:CONTEXT_UNITS]
    assert second in middle
    assert "乙" in second
    assert covered(text, entities, "bold") == ["乙"]
    assert text.splitlines()[0] == "…"
    assert text.count("\n…\n") == 3


def test_a_card_shows_all_that_is_known() -> None:
    full = replace(HARBOUR, author="Ada <Fen>", truncated=True)
    text, entities = parse_html(render_card(full, ENGLISH))
    assert text.splitlines() == [
        "Harbour <closed> & reopened",
        "Source: Lakeside Courier",
        "Author: Ada <Fen>",
        "Date: 2021-12-04 09:30+00:00",
        "File: archive/harbour.md",
        "https://news.example/harbour?a=1&b=2",
        "The archive holds only the beginning of this article.",
    ]
    assert [entity.type for entity in entities[:2]] == ["bold", "text_link"]
    bare = replace(HARBOUR, source=None, date=None, url="javascript:x")
    text, entities = parse_html(render_card(bare, ENGLISH))
    assert text.splitlines() == ["Harbour <closed> & reopened", "File: archive/harbour.md"]
    assert [entity.type for entity in entities] == ["bold"]


def test_nothing_found_is_said_plainly_with_the_filters() -> None:
    query = Query("q", "q", filters=Filters(source="Courier"))
    (shown,) = pages(answer(query=query), ENGLISH)
    assert parse_html(shown)[0] == (
        "Source: Courier\n\nNothing in the archive answers this question."
    )


def test_small_talk_is_no_missing_answer() -> None:
    assert pages(answer(query=Query("hi", "hi", small_talk=True)), ENGLISH) == (
        render_text(ENGLISH.small_talk),
    )


def test_long_quotes_are_folded() -> None:
    def kind(length: int) -> str:
        return parse_html(pages(answer(quote("字" * length)), ENGLISH)[0])[1][0].type

    assert kind(EXPANDABLE_UNITS) == "blockquote"
    assert kind(EXPANDABLE_UNITS + 1) == "expandable_blockquote"


def test_a_quote_longer_than_a_message_goes_on_in_the_next_at_a_sentence_end() -> None:
    long = "湖边的码头今天重新开放。" * 500
    messages = [parse_html(part) for part in pages(answer(quote(long)), SIMPLIFIED)]
    pieces = [covered(text, entities, *QUOTES) for text, entities in messages]
    assert len(messages) == 2
    assert all(len(piece) == 1 and piece[0].endswith("。") for piece in pieces)
    assert "".join(piece[0] for piece in pieces) == long
    assert messages[0][0].endswith("（下接下一页）")
    assert messages[1][0].startswith("（接上页）")
    assert "[1]" not in messages[0][0]
    assert "[1]" in messages[1][0]


def test_an_emoji_is_never_cut() -> None:
    long = "😀" * 5000
    messages = [parse_html(part) for part in pages(answer(quote(long)), ENGLISH)]
    assert "".join(covered(*message, *QUOTES)[0] for message in messages) == long


def test_a_highlight_goes_on_where_its_quote_does() -> None:
    messages = [parse_html(part) for part in pages(answer(quote("字" * 5000, (9, 5000))), ENGLISH)]
    assert [covered(*message, "bold") for message in messages] == [
        [piece[9:] if first else piece for piece in covered(*message, *QUOTES)]
        for first, message in zip((True, False), messages, strict=True)
    ]


def test_words_are_not_cut_where_there_are_words() -> None:
    long = "harbour " * 700
    messages = [parse_html(part) for part in pages(answer(quote(long)), ENGLISH)]
    pieces = [covered(*message, *QUOTES)[0] for message in messages]
    assert "".join(pieces) == long
    assert all(piece.endswith("harbour ") for piece in pieces)


def test_a_message_is_filled_to_the_last_unit() -> None:
    bare = replace(HARBOUR, title="T", source=None, date=None, url=None)
    exact = MESSAGE_UNITS - len("\n[1] T")
    assert MESSAGE_UNITS == 4096
    assert len(pages(answer(quote("字" * exact, article=bare)), ENGLISH)) == 1
    assert len(pages(answer(quote("字" * (exact + 1), article=bare)), ENGLISH)) == 2


def test_no_length_of_quote_and_citation_is_too_long() -> None:
    wordy = replace(HARBOUR, title="題" * 999, source="源" * 999, truncated=True)
    for length in (*range(3200, 4200, 31), *range(6400, 8300, 31)):
        found = replace(quote("字" * length, article=wordy), also=(wordy,))
        messages = [parse_html(part) for part in pages(answer(found), RUSSIAN)]
        assert all(units(text) <= MESSAGE_UNITS for text, _ in messages), length
        assert "".join(covered(*each, *QUOTES)[0] for each in messages) == found.text


def test_long_names_are_shortened_and_long_addresses_not_linked() -> None:
    address = "https://news.example/".ljust(2049, "x")
    wordy = replace(HARBOUR, title="題" * 301, source="源" * 101, url=address, date=None)
    text, entities = parse_html(pages(answer(quote("Text.", article=wordy)), ENGLISH)[0])
    assert text.splitlines()[-1] == f"[1] {'題' * 299}… — {'源' * 99}…"
    assert covered(text, entities, "text_link") == []


def test_half_a_surrogate_pair_in_a_question_can_be_sent() -> None:
    query = Query("\ud83d", "x\ud83d", follow_up=True)
    (shown,) = pages(answer(query=query), ENGLISH)
    assert b"Understood as: x\xef\xbf\xbd" in shown.encode()


def test_a_hundred_entities_are_filled_and_not_exceeded() -> None:
    spots = [(2 * i, 2 * i + 1) for i in range(18)]  # and the quote itself and its link
    spotted = [quote("ab" * 18, *spots, n=n) for n in range(1, 7)]
    messages = [parse_html(part) for part in pages(answer(*spotted), ENGLISH)]
    assert [len(entities) for _, entities in messages] == [100, 20]


def test_one_quote_cannot_use_up_all_entities() -> None:
    spots = [(2 * i, 2 * i + 1) for i in range(200)]
    (shown,) = pages(answer(quote("ab" * 200, *spots)), ENGLISH)
    kinds = [entity.type for entity in parse_html(shown)[1]]
    assert (kinds[0], kinds[-1]) == ("blockquote", "text_link")


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("zh-hans", SIMPLIFIED),
        ("zh", SIMPLIFIED),
        ("zh-CN", SIMPLIFIED),
        ("zh-hant", TRADITIONAL),
        ("zh-TW", TRADITIONAL),
        ("zh_HK", TRADITIONAL),
        ("ru", RUSSIAN),
        ("ru-RU", RUSSIAN),
        ("en-GB", ENGLISH),
        ("de", ENGLISH),
        (None, ENGLISH),
    ],
)
def test_language_is_chosen_by_the_users_app(code: str | None, texts: object) -> None:
    assert texts_for(code) is texts


# Properties, with Telegram's own rules as the judge.

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
    article = Citation(
        title=draw(WORDS),
        source=draw(st.none() | WORDS),
        author=None,
        date=draw(st.none() | st.datetimes(timezones=st.just(UTC))),
        url=draw(st.none() | WORDS | WORDS.map("https://a.example/{}".format)),
        path="a.md",
        sha256="0" * 64,
        truncated=draw(st.booleans()),
    )
    spans = tuple(zip(ends[::2], ends[1::2], strict=False))
    return replace(quote(text, *spans, article=article), also=(article,) * draw(st.integers(0, 2)))


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


@given(st.text())
def test_length_is_counted_as_telegram_counts(text: str) -> None:
    assert utf16_units(text) == units(text)


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_every_sentence_fits_a_message(language: str) -> None:
    texts = TEXTS[language]
    for name in texts.__slots__:
        value = getattr(texts, name)
        if isinstance(value, str):
            assert parse_html(render_text(value))[0] == value
