"""A question that only goes on is answered by the quotes that come next."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.engines.local import LocalFiles
from qa.conversation import Conversation
from qa.quoting.answer import Limits, compose
from qa.service import Service
from qa.types import Answer, Filters, Quote
from tests.archive import ARTICLES, build_index
from tests.qa.retrieving import open_retriever

QUESTION = "新码头什么时候开放？"
PER_ARTICLE = 2
WORDS = ("go on", "Continue!", "more", "继续", "还有呢？", "還有嗎", "дальше", "ещё?")


@pytest.fixture(scope="module")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    build_index(folder, ARTICLES)
    return folder


def opened(index_dir: Path, threshold: float = 0) -> Service:
    limits = Limits(quotes=9, per_article=PER_ARTICLE, threshold=threshold)
    return Service(LocalFiles(index_dir), open_retriever, limits)


@pytest.fixture(scope="module")
def service(index_dir: Path) -> Iterator[Service]:
    with opened(index_dir) as service:
        yield service


def talk(service: Service, *questions: str, quotes: int = 2) -> list[Answer]:
    """The answers of a conversation, in which every quote is shown."""
    conversation, answers = Conversation(), []
    for question in questions:
        answers.append(conversation.ask(service, question, quotes=quotes))
        conversation = conversation.after(answers[-1])
    return answers


def quotes_of(answers: list[Answer]) -> list[Quote]:
    return [quote for answer in answers for quote in answer.quotes]


def numbers(answer: Answer) -> list[int]:
    return [quote.n for quote in answer.quotes]


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("quotes", [1, 3])
def test_quotes_come_one_after_the_other_until_there_are_no_more(
    service: Service, words: str, quotes: int
) -> None:
    every = list(service.answer(QUESTION, quotes=100).quotes)
    assert len(every) == 8
    turns = -(-len(every) // quotes)
    answers = talk(service, QUESTION, *[words] * (turns + 1), quotes=quotes)
    assert quotes_of(answers) == every  # their numbers go on too
    assert [len(answer.quotes) for answer in answers[: turns - 1]] == [quotes] * (turns - 1)
    assert [answer.skipped for answer in answers[:turns]] == list(range(0, len(every), quotes))
    assert all(answer.query.text == "新码头什么时候开放?" for answer in answers)
    for answer in answers[turns:]:
        assert (answer.quotes, answer.near, answer.skipped) == ((), (), len(every))
        assert not answer.answered


def test_what_does_not_answer_does_not_come_next_either(service: Service, index_dir: Path) -> None:
    scores = sorted(quote.score for quote in service.answer(QUESTION, quotes=100).quotes)
    with opened(index_dir, threshold=scores[-3]) as strict:
        first, second, last = talk(strict, QUESTION, "继续", "继续")
    assert [numbers(first), numbers(second), numbers(last)] == [[1, 2], [3], []]
    assert (last.near, last.skipped, last.score) == ((), 3, first.score)


def test_a_question_without_an_answer_has_nothing_to_go_on_after(index_dir: Path) -> None:
    with opened(index_dir, threshold=1) as deaf:
        for answer in talk(deaf, QUESTION, "继续"):
            assert (answer.quotes, answer.skipped, len(answer.near)) == ((), 0, 2)


def test_an_article_has_its_share_of_all_that_is_shown(service: Service) -> None:
    shown = quotes_of(talk(service, QUESTION, *["go on"] * 8, quotes=1))
    paths = [quote.article.path for quote in shown]
    assert max(map(paths.count, paths)) == PER_ARTICLE


def test_as_much_is_taken_for_seen_as_was_shown(service: Service) -> None:
    answer = Conversation().ask(service, QUESTION, quotes=5)
    assert len(answer.quotes) == 5
    conversation = Conversation().after(answer, shown=1)
    following = conversation.ask(service, "go on", quotes=2)
    assert following.quotes == answer.quotes[1:3]
    after = conversation.after(following, shown=1).ask(service, "go on", quotes=2)
    assert after.quotes == answer.quotes[2:4]


def test_thanks_in_between_change_nothing(service: Service) -> None:
    first, thanks, following = talk(service, QUESTION, "谢谢", "继续")
    assert thanks.query.small_talk
    assert [numbers(first), numbers(following)] == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("只看奥尔姆晚报", "奥尔姆晚报"),  # a filter
        ("那镜面呢？", None),  # a topic
        ("为什么？", None),  # something new about the same
        ("谁养了蜂？", None),  # another question
        (QUESTION, None),  # the same once more, in full
    ],
)
def test_whatever_asks_something_else_starts_from_its_first_quote(
    service: Service, question: str, source: str | None
) -> None:
    before, other, following = talk(service, QUESTION, question, "go on")
    assert numbers(before) == [1, 2]
    assert (numbers(other), other.skipped) == ([1, 2], 0)
    assert other.query.filters.source == source
    # And what goes on, goes on with that.
    assert (following.query.text, following.query.filters) == (
        other.query.text,
        other.query.filters,
    )
    every = service.answer(other.query.text, filters=other.query.filters, quotes=4).quotes
    assert quotes_of([other, following]) == list(every)


def test_a_filter_set_beside_the_question_starts_from_the_first_quote(service: Service) -> None:
    conversation = Conversation().after(Conversation().ask(service, QUESTION, quotes=2))
    conversation = conversation.narrowed(source="Coast Wire")
    answer = conversation.ask(service, "go on", quotes=2)
    assert (numbers(answer), answer.skipped) == ([1, 2], 0)
    assert {quote.article.source for quote in answer.quotes} == {"Coast Wire"}
    following = conversation.after(answer).ask(service, "go on", quotes=2)
    assert (numbers(following), following.skipped) == ([3], 2)
    assert following.query.filters == Filters(source="Coast Wire")


def test_after_a_new_start_there_is_nothing_to_go_on_with(service: Service) -> None:
    conversation = Conversation().after(Conversation().ask(service, QUESTION, quotes=2)).anew()
    answer = conversation.ask(service, "继续", quotes=2)
    assert (answer.skipped, answer.query.follow_up, numbers(answer)) == (0, False, [1, 2])


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("新码头的说法有什么变化？", 4),  # over time: by date
        ("2021年新码头什么时候开放？", 2),  # a window that is preferred
        ("“我错了”新码头", 1),  # words that must be in every quote
    ],
)
def test_it_goes_on_with_the_question_as_it_was_understood(
    service: Service, index_dir: Path, question: str, quotes: int
) -> None:
    first, second = talk(service, question, "继续", quotes=quotes)
    assert len(first.quotes) == quotes
    limits = Limits(quotes, PER_ARTICLE, threshold=0)
    retriever = open_retriever(LocalFiles(index_dir))
    found = retriever.find(first.query, limits.threshold)
    expected = compose(first.query, found, retriever.searcher, limits, skip=quotes)
    assert second.quotes == expected.quotes
