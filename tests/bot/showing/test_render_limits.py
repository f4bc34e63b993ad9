"""Long quotes are divided where a reader would divide them, and fill messages to Telegram's limits."""

from dataclasses import replace

import pytest

from bot.showing.articles import CONTEXT_UNITS, render_surroundings
from bot.showing.blocks import MESSAGE_UNITS
from bot.showing.texts import ENGLISH, RUSSIAN, SIMPLIFIED
from qa.service import Surroundings
from qa.types import Query
from tests.botapi.answers import HARBOUR, QUOTES, answer, covered, pages, quote
from tests.botapi.markup import parse_html, units


def test_long_surroundings_are_shortened_around_the_quote() -> None:
    before, after = "前" * 3000 + "边", "后" + "面" * 3000
    middle = "甲" * 5000 + "乙" + "丙" * 5000
    found = Surroundings(HARBOUR, before, middle, (5000, 5001), after)
    text, entities = parse_html(render_surroundings(found, 1).html)
    assert units(text) <= MESSAGE_UNITS
    first, second, third = covered(text, entities, *QUOTES)
    assert first == before[-CONTEXT_UNITS:]
    assert third == after[:CONTEXT_UNITS]
    assert second in middle
    assert "乙" in second
    assert covered(text, entities, "bold") == ["乙"]
    assert text.splitlines()[0] == "…"
    assert text.count("\n…\n") == 3


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("字" * 149, False),
        ("字" * 150, True),
        ("x" * 299, False),
        ("x" * 300, True),
        ("\n".join("a" * 7), False),
        ("\n".join("a" * 8), True),
    ],
)
def test_long_quotes_are_folded(text: str, folded: bool) -> None:  # noqa: FBT001 - a column
    _, entities = parse_html(pages(answer(quote(text)), ENGLISH)[0])
    assert (entities[0].type == "expandable_blockquote") is folded


def test_a_quote_longer_than_a_message_goes_on_in_the_next_at_a_sentence_end() -> None:
    long = "湖边的码头今天重新开放。" * 500
    messages = [parse_html(part) for part in pages(answer(quote(long)), SIMPLIFIED)]
    pieces = [covered(text, entities, *QUOTES) for text, entities in messages]
    assert len(messages) == 2
    assert all(len(piece) == 1 and piece[0].endswith("。") for piece in pieces)
    assert "".join(piece[0] for piece in pieces) == long
    assert messages[0][0].endswith("（转下页）")
    assert messages[1][0].startswith("（接上页）")
    assert "[1]" not in messages[0][0]
    assert "[1]" in messages[1][0]


def test_an_emoji_is_never_cut() -> None:
    long = "😀" * 5000
    messages = [parse_html(part) for part in pages(answer(quote(long)), ENGLISH)]
    assert "".join(covered(*message, *QUOTES)[0] for message in messages) == long


def test_what_stands_above_the_fold_is_not_bold_below_it() -> None:
    middle = "甲" * 100 + "乙" * 20 + "丙" * 100
    (shown,) = pages(answer(quote(middle, (100, 120))), ENGLISH)
    text, entities = parse_html(shown)
    assert covered(text, entities, *QUOTES) == ["乙" * 20, middle]
    assert covered(text, entities, "bold") == ["乙" * 20]
    assert [each.type for each in entities if each.type in QUOTES] == list(QUOTES)


def test_a_long_quote_that_begins_with_its_answer_is_not_said_twice() -> None:
    begins = quote("甲" * 99 + "。\n" + "乙" * 100, (0, 100))
    (shown,) = pages(answer(replace(begins, cut=(True, True))), ENGLISH)
    text, entities = parse_html(shown)
    assert text.splitlines()[:-1] == ["…", "甲" * 99 + "。", "乙" * 100, "…"]
    assert covered(text, entities, *QUOTES) == ["甲" * 99 + "。", "乙" * 100]
    only = quote("甲" * 160, (0, 160))
    (shown,) = pages(answer(only), ENGLISH)
    assert covered(*parse_html(shown), *QUOTES) == ["甲" * 115, "甲" * 160]


def test_of_a_long_sentence_the_part_with_the_words_that_answer_is_above_the_fold() -> None:
    sentence = "前面的话很多，" * 40 + "答案在这里，" + "后面的话也很多，" * 40
    words = (sentence.index("答案"), sentence.index("答案") + 2)
    found = replace(
        quote("起。" + sentence, (2, 2 + len(sentence))), answer=(words[0] + 2, words[1] + 2)
    )
    text, entities = parse_html(pages(answer(found), ENGLISH)[0])
    (bold,) = covered(text, entities, "bold")
    assert covered(text, entities, "underline") == ["答案"]
    assert bold.startswith("前面的话很多，")
    assert "答案在这里，后面" in bold
    assert text.splitlines()[0] == text.splitlines()[2] == "…"


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


@pytest.mark.slow
def test_no_length_of_quote_and_citation_is_too_long() -> None:
    wordy = replace(HARBOUR, title="題" * 999, source="源" * 999, truncated=True)
    for length in (*range(3200, 4200, 31), *range(6400, 8300, 31)):
        found = replace(quote("字" * length, article=wordy), also=(wordy,))
        messages = [parse_html(part) for part in pages(answer(found), RUSSIAN)]
        assert all(units(text) <= MESSAGE_UNITS for text, _ in messages), length
        assert "".join(covered(*each, *QUOTES)[0] for each in messages) == found.text


def test_long_names_are_shortened_and_long_addresses_not_linked() -> None:
    address = "https://news.example/".ljust(2049, "x")
    wordy = replace(HARBOUR, title="題" * 81, source="源" * 41, url=address, date=None)
    text, entities = parse_html(pages(answer(quote("Text.", article=wordy)), ENGLISH)[0])
    assert text.splitlines()[-1] == f"[1] {'題' * 79}… — {'源' * 39}…"
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
    spots = [(2 * i, 2 * i + 1) for i in range(100)]
    (shown,) = pages(answer(quote("ab" * 100, *spots)), ENGLISH)
    kinds = [entity.type for entity in parse_html(shown)[1]]
    assert (kinds[0], kinds[-1]) == ("blockquote", "text_link")
