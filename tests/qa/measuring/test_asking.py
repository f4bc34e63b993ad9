import pytest

from qa.measuring.asking import Asked, judges
from qa.measuring.questions import Question, Scope
from qa.types import Answer, Query, Quote
from tests.archive import article

QUESTION = Question("q", "When does it open?", ("June 1", "1 June"), {"bridge.md": 1, "b.md": 1})


def quote(path: str, text: str, marked: str = "", score: float = 0.9) -> Quote:
    """Return a quote whose highlight is a part of it."""
    start = text.index(marked)
    return Quote(
        n=1,
        text=text,
        highlights=((start, start + len(marked)),),
        score=score,
        passage_id=0,
        paragraphs=(0,),
        start=0,
        end=len(text),
        article=article(path, text).card,
    )


def asked(
    *quotes: Quote, near: tuple[Quote, ...] = (), question: Question = QUESTION, ranking: str = ""
) -> Asked:
    answer = Answer(query=Query(question.text, question.text), quotes=quotes, near=near)
    return Asked(question, ranking.split(), answer)


RIGHT = quote("bridge.md", "It opens on June 1. Bees hum.", "It opens on June 1.")
RIGHT_ARTICLE = quote("b.md", "Bees hum in June.", "Bees hum")
RIGHT_WORDS = quote("bees.md", "The market opens on 1 June.", "opens on 1 June")
MARKED_AMISS = quote("b.md", "It opens on June 1. Bees hum.", "Bees hum.")
NAMES = ("first_quote_right", "right_among_three", "highlight_right")


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (asked(RIGHT), (1, 1, 1)),
        (asked(MARKED_AMISS), (1, 1, 0)),
        (asked(RIGHT_ARTICLE, RIGHT_WORDS, RIGHT), (0, 1, 0)),
        (asked(RIGHT_ARTICLE), (0, 0, 0)),  # the right article without an answer
        (asked(RIGHT_WORDS), (0, 0, 0)),  # an answer in another article: luck
        (asked(MARKED_AMISS, RIGHT), (1, 1, 0)),  # only the first highlight counts
        (asked(near=(RIGHT,)), (0, 0, 0)),  # a near miss is not quoted
        (asked(), (0, 0, 0)),
    ],
)
def test_a_quote_is_right_by_article_and_words(one: Asked, expected: tuple[int, ...]) -> None:
    figures = judges()
    assert tuple(figures[name](one) for name in NAMES) == expected


@pytest.mark.parametrize(
    ("one", "in_quote", "in_highlight"),
    [
        (asked(RIGHT_WORDS, RIGHT_ARTICLE), 1, 1),  # whatever its article
        (asked(MARKED_AMISS), 1, 0),
        (asked(RIGHT_ARTICLE, RIGHT), 0, 0),  # the first alone
        (asked(near=(RIGHT,)), 1, 1),  # the first near miss where nothing answers
        (asked(), 0, 0),
    ],
)
def test_an_answer_may_stand_in_the_top_quote(one: Asked, in_quote: int, in_highlight: int) -> None:
    assert judges()["answer_in_quote"](one) == in_quote
    assert judges()["answer_in_highlight"](one) == in_highlight


def unanswerable(scope: Scope | None) -> Question:
    return Question("u", "Who?", (), {}, answerable=False, scope=scope)


@pytest.mark.parametrize(
    ("scope", "near", "far"), [("near", 1, None), ("far", None, 1), (None, None, None)]
)
def test_what_cannot_be_answered_is_answered_falsely(
    scope: Scope | None, near: float | None, far: float | None
) -> None:
    answered = asked(RIGHT, question=unanswerable(scope))
    figures = {name: judge(answered) for name, judge in judges().items()}
    counted = {name: value for name, value in figures.items() if value is not None}
    expected = {
        "answered_falsely": 1,
        "answered_falsely_near": near,
        "answered_falsely_far": far,
    }
    assert counted == {name: value for name, value in expected.items() if value is not None}
    declined = asked(near=(RIGHT,), question=unanswerable(scope))
    assert judges()["answered_falsely"](declined) == 0


def test_what_can_be_answered_is_declined_without_a_quote() -> None:
    assert judges()["declined"](asked(RIGHT_ARTICLE)) == 0
    assert judges()["declined"](asked(near=(RIGHT,))) == 1
    assert judges()["answered_falsely"](asked(RIGHT_ARTICLE)) is None


def test_without_known_words_only_the_ranking_is_judged() -> None:
    wordless = Question("w", "When?", (), {"b.md": 1})
    figures = {name: judge(asked(RIGHT, question=wordless)) for name, judge in judges().items()}
    counted = {name for name, value in figures.items() if value is not None}
    assert counted == {"mrr@10", "recall@1", "recall@5", "recall@10", "ndcg@10", "declined"}


def test_rankings_are_judged_by_their_own_names() -> None:
    one = Asked(QUESTION, ["x", "b.md", "bridge.md"], asked().answer, {"words": ["y", "z", "b.md"]})
    figures = judges(["words"])
    assert figures["mrr@10"](one) == 1 / 2
    assert figures["recall@5"](one) == 1
    assert figures["words_mrr@10"](one) == 1 / 3
    assert figures["words_recall@5"](one) == 1 / 2


def test_the_score_is_the_best_that_is_shown() -> None:
    low, high = quote("a", "x", score=0.6), quote("b", "y", score=0.8)
    assert asked(low, high).score == 0.8
    assert asked(near=(low,)).score == 0.6
    assert asked().score == 0
