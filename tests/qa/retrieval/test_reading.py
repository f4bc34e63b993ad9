"""What comes of reading: order, scores, and what is not read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from index.engines.local import LocalFiles
from index.engines.protocol import Searcher
from qa.reading.reader import Reading
from qa.retrieval.calibration import DEFAULT
from qa.retrieval.hits import Hit
from qa.retrieval.reading import READ, WITHIN, numbers_of, read_best
from qa.types import Query
from tests.archive import article, build_index, models

TEXTS = [f"The ferry to pier {n} sails at {n} o'clock." for n in range(READ + 4)]
TEXTS.append(TEXTS[0])


@dataclass
class Opinion:
    """A reader that finds an answer where it is told to, and notes what it was given."""

    answers: Callable[[str], bool]
    question: str = "When?"
    given: list[tuple[str, str]] = field(default_factory=list)

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        assert question == self.question
        self.given += passages
        return [Reading(4.0 if self.answers(text) else -4.0) for _, text in passages]


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("index")
    build_index(
        folder, [article(f"{n}.md", text, title=f"Pier {n}") for n, text in enumerate(TEXTS)]
    )
    return LocalFiles(folder).open(models())


def hit(row: int, relevance: float, *, copies: int | None = None) -> Hit:
    return Hit(
        row,
        score=0.9,
        relevance=relevance,
        margin=0.5,
        cross_script=False,
        article=row,
        copies=row if copies is None else copies,
    )


def best_read(
    searcher: Searcher, hits: Sequence[Hit], answers: str, *, asks: bool = True
) -> tuple[list[Hit], Opinion]:
    rows = {stored.passage.text: row for row, stored in enumerate(stored_all(searcher))}
    reader = Opinion(lambda text: str(rows[text]) in answers.split())
    query = Query("When?", "When?", asks=asks)
    return read_best(query, query.text, hits, searcher, reader, DEFAULT), reader


def stored_all(searcher: Searcher) -> list:  # type: ignore[type-arg]  # of stored passages
    return searcher.passages(range(len(TEXTS)))


def test_what_answers_comes_before_what_is_a_little_more_relevant(searcher: Searcher) -> None:
    hits, _ = best_read(searcher, [hit(0, 1.0), hit(1, 0.95), hit(2, 0.9)], "2")
    assert [one.row for one in hits] == [2, 0, 1]
    assert hits[0].score > 0.5 > hits[1].score
    assert hits[0].reading == Reading(4.0)


def test_title_and_text_are_read(searcher: Searcher) -> None:
    _, reader = best_read(searcher, [hit(0, 1.0)], "")
    stored = stored_all(searcher)[0]
    assert reader.given == [(stored.article.card.title, stored.passage.text)]


def test_only_the_best_are_read_and_the_rest_scores_no_more(searcher: Searcher) -> None:
    many = [hit(row, 1.0 - row / 100) for row in range(READ + 3)]
    hits, reader = best_read(searcher, many, "")
    assert len(reader.given) == READ
    assert [one.row for one in hits[READ:]] == [READ, READ + 1, READ + 2]
    assert all(one.reading is None for one in hits[READ:])
    assert max(one.score for one in hits[READ:]) <= min(one.score for one in hits[:READ])


def test_what_is_far_less_relevant_is_not_read(searcher: Searcher) -> None:
    hits, reader = best_read(searcher, [hit(0, 1.0), hit(1, 1.0 - WITHIN - 0.01)], "")
    assert len(reader.given) == 1
    assert [one.row for one in hits] == [0, 1]


def test_of_near_copies_one_is_read(searcher: Searcher) -> None:
    same = len(TEXTS) - 1  # as the first, word for word
    three = [hit(0, 1.0), hit(same, 0.99, copies=0), hit(2, 0.98)]
    hits, reader = best_read(searcher, three, "2")
    assert len(reader.given) == 2
    assert [one.row for one in hits] == [2, 0, same]


def test_near_copies_that_differ_in_a_number_are_all_read(searcher: Searcher) -> None:
    same = len(TEXTS) - 1
    four = [hit(n, 1.0 - n / 100, copies=0) for n in (0, 1, 2)] + [hit(same, 0.9, copies=0)]
    _, reader = best_read(searcher, four, "2")
    assert [text for _, text in reader.given] == TEXTS[:3]


def test_keywords_need_not_be_answered(searcher: Searcher) -> None:
    (asked,), _ = best_read(searcher, [hit(0, 1.0)], "")
    (named,), _ = best_read(searcher, [hit(0, 1.0)], "", asks=False)
    assert named.score > asked.score


def test_keywords_in_another_script_get_no_hint(searcher: Searcher) -> None:
    elsewhere = hit(0, 1.0)._replace(cross_script=True)
    (asked,), _ = best_read(searcher, [elsewhere], "")
    (named,), _ = best_read(searcher, [elsewhere], "", asks=False)
    assert named.score == asked.score


def test_nothing_found_is_nothing_read(searcher: Searcher) -> None:
    hits, reader = best_read(searcher, [], "")
    assert (hits, reader.given) == ([], [])


def test_another_number_is_another_matter(searcher: Searcher) -> None:
    question = "When does the ferry to pier 3 sail?"
    reader = Opinion(lambda _: True, question)
    hits = read_best(
        Query(question, question), question, [hit(2, 1.0), hit(3, 0.95)], searcher, reader, DEFAULT
    )
    assert [(one.row, one.lacks) for one in hits] == [(2, 1), (3, 0)]
    assert hits[0].score < hits[1].score


@pytest.mark.parametrize(
    ("text", "undated", "asked"),
    [
        ("What did pier 3 cost in 2021?", "What did pier 3 cost?", {"3", "2021"}),
        ("What did pier 3 cost on 9 March 2021?", "What did pier 3 cost?", {"3", "2021"}),
        ("What did pier 3 cost?", "", {"3"}),
        ("3号码头9月花了多少？", "", {"3", "9"}),
    ],
)
def test_of_dates_the_years_are_asked_for(text: str, undated: str, asked: set[str]) -> None:
    assert numbers_of(Query(text, text, undated=undated)) == asked
