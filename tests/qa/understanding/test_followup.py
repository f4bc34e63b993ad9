from datetime import UTC, date, datetime

import pytest

from qa.types import Filters, Query, Turn, Window
from qa.understanding.followup import complete, fold_aligned
from qa.understanding.query import understand

NOW = datetime(2022, 3, 9, 12, tzinfo=UTC)
SOURCES = ("联合早报", "BBC", "РИА Новости")
DECEMBER = Window(date(2021, 12, 1), date(2021, 12, 31))
FEBRUARY = Window(date(2022, 2, 1), date(2022, 2, 28))
CHINESE = "林河怎么形容两城关系?"
ENGLISH = "What did Vera Stone say about dams?"
RUSSIAN = "Что сказала Озерная о плотине?"


def ask(question: str, *turns: Turn) -> Query:
    return understand(question, now=NOW, sources=SOURCES, turns=turns)


@pytest.mark.parametrize(
    ("previous", "text", "completed"),
    [
        # a new topic takes the place of the old one
        (CHINESE, "那河岸方面呢？", "河岸怎么形容两城关系?"),
        (CHINESE, "河岸呢", "河岸怎么形容两城关系?"),
        (CHINESE, "那三城关系呢？", "林河怎么形容三城关系?"),
        (ENGLISH, "What about Ivan Reed?", "What did Ivan Reed say about dams?"),
        (ENGLISH, "and Reed?", "What did Reed say about dams?"),
        (RUSSIAN, "А Речной?", "Что сказала Речной о плотине?"),
        # or stands after the question
        ("谁出席了开幕式?", "那河岸呢？", "谁出席了开幕式? 河岸"),
        ("Who came?", "How about Reed?", "Who came? Reed"),
        # question words alone
        (CHINESE, "为什么？", "林河怎么形容两城关系? 为什么？"),
        (CHINESE, "那是什么时候呢", "林河怎么形容两城关系? 那是什么时候呢"),
        (ENGLISH, "why?", "What did Vera Stone say about dams? why?"),
        (ENGLISH, "But when exactly?", "What did Vera Stone say about dams? But when exactly?"),
        (RUSSIAN, "А почему?", "Что сказала Озерная о плотине? А почему?"),
        # pronouns
        (CHINESE, "他还说了什么", "林河怎么形容两城关系? 他还说了什么"),
        (CHINESE, "谁支持他？", "林河怎么形容两城关系? 谁支持他？"),
        (CHINESE, "河岸对此怎么看", "林河怎么形容两城关系? 河岸对此怎么看"),
        (ENGLISH, "What else did she say?", f"{ENGLISH} What else did she say?"),
        (
            ENGLISH,
            "What does Reed think about this?",
            f"{ENGLISH} What does Reed think about this?",
        ),
        (RUSSIAN, "Что она ещё сказала?", f"{RUSSIAN} Что она ещё сказала?"),
        # a connective before a short question
        (CHINESE, "那谁来负责", "林河怎么形容两城关系? 那谁来负责"),
        (ENGLISH, "And who signed?", f"{ENGLISH} And who signed?"),
        # nothing new
        (CHINESE, "还有吗", CHINESE),
        (CHINESE, "", CHINESE),
        (ENGLISH, "then?", ENGLISH),
        (ENGLISH, "anything else", ENGLISH),
        (RUSSIAN, "ещё?", RUSSIAN),
        # politeness is not part of it
        (CHINESE, "好的，那河岸呢？", "河岸怎么形容两城关系?"),
        (ENGLISH, "Thanks. Why?", f"{ENGLISH} Why?"),
    ],
)
def test_a_follow_up_is_completed(previous: str, text: str, completed: str) -> None:
    assert complete(text, previous) == completed


@pytest.mark.parametrize(
    "text",
    [
        "谁是林河？",
        "林河和他的女儿关系怎么样？",
        "水坝在哪里建成？",
        "那不勒斯在哪里？",
        "Who is Vera Stone?",
        "Did Reed visit his mother?",
        "How many people live in Qingchuan?",
        "Кто такая Озерная?",
        "Где находится порт?",
        "那么林河怎么解释水坝工程延期的原因？",
        "这座水坝是由谁在什么时候为了什么目的出资并且主持修建完成的？",
    ],
)
def test_a_whole_question_is_not_a_follow_up(text: str) -> None:
    assert complete(text, CHINESE) is None
    query = ask(text, Turn(CHINESE, Filters(DECEMBER, "BBC")))
    assert (query.follow_up, query.filters.source) == (False, None)


@pytest.mark.parametrize(
    ("question", "window", "source"),
    [
        ("为什么？", DECEMBER, "BBC"),
        ("那2022年2月呢？", FEBRUARY, "BBC"),
        ("那上个月呢", FEBRUARY, "BBC"),
        ("只看2022年2月的", FEBRUARY, "BBC"),
        ("and in February 2022?", FEBRUARY, "BBC"),
        ("А в феврале 2022 года?", FEBRUARY, "BBC"),
        ("只联合早报", DECEMBER, "联合早报"),
        ("联合早报呢？", DECEMBER, "联合早报"),
        ("only РИА Новости", DECEMBER, "РИА Новости"),
        ("А только РИА Новости?", DECEMBER, "РИА Новости"),
    ],
)
def test_what_the_turn_before_asked_for_holds_until_the_new_question_says_otherwise(
    question: str, window: Window, source: str
) -> None:
    query = ask(question, Turn(CHINESE, Filters(source="BBC"), preferred=DECEMBER))
    assert (query.filters, query.preferred) == (Filters(source=source), window)
    assert query.follow_up
    assert query.text.startswith(CHINESE)
    # A window that was set beside the question holds as well.
    query = ask(question, Turn(CHINESE, Filters(DECEMBER, "BBC")))
    said = window if window != DECEMBER else None
    assert (query.filters.window, query.preferred) == (None if said else DECEMBER, said)


def test_a_year_alone_is_preferred_in_a_follow_up() -> None:
    query = ask("and in 2021?", Turn(ENGLISH))
    assert query.preferred == Window(date(2021, 1, 1), date(2021, 12, 31))
    assert query.text == ENGLISH


def test_the_newest_turn_counts_and_empty_ones_do_not() -> None:
    query = ask("why?", Turn(CHINESE), Turn(ENGLISH), Turn(""))
    assert query.text == f"{ENGLISH} why?"


def test_without_turns_nothing_is_a_follow_up() -> None:
    query = ask("那河岸呢？")
    assert (query.follow_up, query.text) == (False, "那河岸呢?")


def test_folding_keeps_every_character_in_its_place() -> None:
    assert fold_aligned("İSTANBUL 關係 Ёлка") == "istanbul 关系 елка"
    assert fold_aligned("ЗА\u0301МОК Zoë") == "за\u0301мок zoe"
