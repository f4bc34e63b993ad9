"""What a conversation remembers of its answers, without an archive."""

from dataclasses import replace
from datetime import date

import pytest

from index.types import Card
from qa.conversation import TURNS, Conversation, turn_of
from qa.types import Answer, Filters, Query, Quote, Turn, Window

DECEMBER = Window(date(2021, 12, 1), date(2021, 12, 31))
JANUARY = Window(date(2022, 1, 1), date(2022, 1, 31))
FEBRUARY = Window(date(2022, 2, 1), date(2022, 2, 28))
CARD = Card("a.md", "ab" * 32, "码头", None, None, None, None, "zh-Hans")
QUOTE = Quote(1, "六月开放。", ((0, 5),), 0.9, 7, (0,), 0, 5, CARD)
FILTERS = Filters(DECEMBER, "晚报")


def answer(text: str, quotes: int = 0, skipped: int = 0) -> Answer:
    query = Query(f"  {text}  ", text, FILTERS)
    return Answer(query, (QUOTE,) * quotes, skipped=skipped)


def test_an_answer_is_remembered_as_it_was_understood() -> None:
    before = Conversation((Turn("谁?"),), Filters(source="晚报"), "zh-hans")
    after = before.after(answer("码头何时开放?", quotes=3))
    assert after.turns == (Turn("谁?"), Turn("码头何时开放?", FILTERS, shown=3))
    assert (after.filters, after.language) == (before.filters, before.language)
    assert before.turns == (Turn("谁?"),)  # nothing changes in place


@pytest.mark.parametrize(
    ("quotes", "skipped", "told", "shown"),
    [
        (3, 0, None, 3),
        (3, 4, None, 7),
        (3, 4, 1, 5),
        (3, 4, 0, 4),
        (3, 4, 9, 7),  # no more can have been shown than there are
        (0, 4, None, 4),
        (0, 0, None, 0),
    ],
)
def test_what_was_shown_adds_up(quotes: int, skipped: int, told: int | None, shown: int) -> None:
    given = answer("码头何时开放?", quotes, skipped)
    assert turn_of(given, told) == Turn("码头何时开放?", FILTERS, shown=shown)
    assert Conversation().after(given, told).turns == (turn_of(given, told),)


def test_small_talk_leaves_a_conversation_as_it_is() -> None:
    conversation = Conversation((Turn("谁?", FILTERS, shown=2),), FILTERS, "en")
    thanks = Answer(Query("谢谢", "", FILTERS, small_talk=True), ())
    assert turn_of(thanks) is None
    assert conversation.after(thanks) is conversation


def test_the_oldest_questions_are_forgotten() -> None:
    conversation = Conversation()
    for n in range(TURNS + 3):
        conversation = conversation.after(answer(f"{n}?"))
        assert len(conversation.turns) == min(n + 1, TURNS)
    assert [turn.question for turn in conversation.turns] == [f"{n}?" for n in range(3, TURNS + 3)]


def test_a_new_start_keeps_the_filters_and_the_language() -> None:
    conversation = Conversation((Turn("谁?"),), FILTERS, "ru")
    assert conversation.anew() == Conversation((), FILTERS, "ru")


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        # of a span of days, only the end that is asked for counts
        ([("since", JANUARY)], Window(JANUARY.since, None)),
        ([("until", JANUARY)], Window(None, JANUARY.until)),
        # each end is set by itself
        ([("since", DECEMBER), ("until", JANUARY)], Window(DECEMBER.since, JANUARY.until)),
        ([("until", JANUARY), ("since", DECEMBER)], Window(DECEMBER.since, JANUARY.until)),
        ([("since", JANUARY), ("until", JANUARY)], JANUARY),
        # the newer wins
        ([("since", JANUARY), ("since", DECEMBER)], Window(DECEMBER.since, None)),
        ([("since", JANUARY), ("until", FEBRUARY), ("until", JANUARY)], JANUARY),
        # and where two exclude each other, the older goes
        ([("since", FEBRUARY), ("until", DECEMBER)], Window(None, DECEMBER.until)),
        ([("until", DECEMBER), ("since", FEBRUARY)], Window(FEBRUARY.since, None)),
        (
            [("since", DECEMBER), ("until", JANUARY), ("since", FEBRUARY)],
            Window(FEBRUARY.since, None),
        ),
        # a single day is no contradiction
        (
            [("since", Window(date(2022, 1, 5))), ("until", Window(None, date(2022, 1, 5)))],
            Window(date(2022, 1, 5), date(2022, 1, 5)),
        ),
        # nothing at all
        ([], None),
    ],
)
def test_windows_are_narrowed(windows: list[tuple[str, Window]], expected: Window | None) -> None:
    conversation = Conversation()
    for end, window in windows:
        since, until = (window if end == name else None for name in ("since", "until"))
        conversation = conversation.narrowed(since=since, until=until)
    assert conversation.narrowed().filters.window == expected


def test_a_source_is_narrowed_beside_the_window() -> None:
    turns = (Turn("谁?"),)
    conversation = Conversation(turns, Filters(DECEMBER), "en").narrowed(source="晚报")
    assert conversation == Conversation(turns, Filters(DECEMBER, "晚报"), "en")
    other = conversation.narrowed(source="晨报")
    assert other.filters == Filters(DECEMBER, "晨报")
    later = other.narrowed(until=JANUARY)
    assert later.filters == replace(other.filters, window=Window(DECEMBER.since, JANUARY.until))
