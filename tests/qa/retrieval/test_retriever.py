from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.encoders.nearest_words import NearestWords
from index.engines.local import LocalFiles
from index.engines.protocol import Share
from index.errors import DictionaryUnavailable
from index.parts.filters import ANY
from index.text.dictionary import Dictionary
from index.text.tokens import SCRIPTS, fold
from index.types import StoredPassage
from qa.reading.reader import Reading
from qa.retrieval.hits import Hit
from qa.retrieval.retriever import Retriever
from qa.types import Filters, Query, Window
from tests.archive import ARTICLES, article, build_index
from tests.qa.retrieving import open_retriever

VISIT = [  # published at both ends of January 2022, and without a date
    article(f"visit-{n}.md", f"The ferry minister visited pier {n}.", day=day)
    for n, day in enumerate(["2021-12-31", "2022-01-01", "2022-01-31", "2022-02-01", None])
]


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    folder = tmp_path_factory.mktemp("index")
    build_index(folder, [*ARTICLES, *VISIT])
    opened = open_retriever(LocalFiles(folder))
    yield opened
    opened.searcher.close()


def proposing(retriever: Retriever, candidates: int) -> Retriever:
    """The same with so many candidates of each search."""
    return replace(retriever, ranker=replace(retriever.ranker, k=candidates))


def knowing(retriever: Retriever, dictionary: Path) -> Retriever:
    """The same with a dictionary."""
    ranker = replace(retriever.ranker, dictionary=Dictionary(dictionary))
    return replace(retriever, ranker=ranker)


def found(retriever: Retriever, hits: list[Hit]) -> list[StoredPassage]:
    return retriever.searcher.passages([hit.row for hit in hits])


def paths(retriever: Retriever, query: Query, window: Window | None = None) -> list[str]:
    """Where the hits are from, best first, each article once."""
    stored = found(retriever, retriever.search(query, window))
    return list(dict.fromkeys(one.article.card.path for one in stored))


def about(text: str, window: Window | None = None, source: str | None = None) -> Query:
    return Query(text, text, Filters(window, source))


@pytest.mark.parametrize(
    ("question", "path"),
    [
        ("达斯科承认自己判断错了吗？", "harbour-late.md"),
        ("多少根钢桩存在裂缝？", "harbour-early.md"),
        ("多少根鋼樁存在裂縫？", "harbour-early.md"),
        ("What will happen to the mirror of the telescope?", "observatory.md"),
        ("Кто вывел морозостойких пчёл?", "bees.md"),
        ("Which beekeeper bred bees that survive frost?", "bees.md"),
        ("哪座天文台的望远镜要关闭两年？", "observatory.md"),
    ],
)
def test_the_right_article_is_first_whatever_the_language(
    retriever: Retriever, question: str, path: str
) -> None:
    assert paths(retriever, about(question))[0] == path


def test_hits_are_distinct_rows_best_first(retriever: Retriever) -> None:
    hits = retriever.search(about("新码头什么时候开放？"))
    relevance = [hit.relevance for hit in hits]
    assert relevance == sorted(relevance, reverse=True)
    assert relevance[0] > relevance[-1]
    assert len({hit.row for hit in hits}) == len(hits) > 5
    assert all(0 <= hit.score <= 1 for hit in hits)


def test_hits_know_whether_they_are_in_the_questions_script(retriever: Retriever) -> None:
    hits = retriever.search(about("新码头什么时候开放？"))
    cross_script = {
        stored.article.card.path: hit.cross_script
        for hit, stored in zip(hits, found(retriever, hits), strict=True)
    }
    assert cross_script["harbour-late.md"] is False
    assert cross_script["bees.md"] is True
    assert cross_script["observatory.md"] is True


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (date(2022, 1, 1), date(2022, 1, 31), {1, 2}),  # both ends belong to the window
        (date(2022, 2, 1), date(2022, 2, 1), {3}),
        (None, date(2021, 12, 31), {0}),
        (date(2022, 1, 31), None, {2, 3}),
        (None, None, {0, 1, 2, 3}),  # open at both ends, yet not for what has no date
        (date(2022, 1, 2), date(2022, 1, 30), set()),
        (date(2022, 2, 1), date(2022, 1, 1), set()),  # the wrong way round
    ],
)
def test_a_window_lets_through_what_was_published_in_it(
    retriever: Retriever, since: date | None, until: date | None, expected: set[int]
) -> None:
    query = about("Which pier did the ferry minister visit?", Window(since, until))
    visits = {path for path in paths(retriever, query) if path.startswith("visit")}
    assert visits == {f"visit-{n}.md" for n in expected}


def test_nothing_outside_the_window_comes_with_it(retriever: Retriever) -> None:
    window = Window(date(2021, 11, 1), date(2021, 12, 1))
    hits = retriever.search(about("新码头什么时候开放？", window))
    assert {one.article.card.path[:10] for one in found(retriever, hits)} == {"lighthouse"}


@pytest.mark.parametrize(
    "windows",
    [
        (Window(date(2021, 12, 31), date(2022, 1, 31)), Window(date(2022, 1, 1), date(2022, 2, 1))),
        (Window(date(2022, 1, 1), date(2022, 2, 1)), Window(None, date(2022, 1, 31))),
        (Window(date(2022, 1, 1), None), Window(date(2020, 1, 1), date(2022, 1, 31))),
    ],
)
def test_a_second_window_narrows_the_first(
    retriever: Retriever, windows: tuple[Window, Window]
) -> None:
    for first, second in (windows, windows[::-1]):
        query = about("Which pier did the ferry minister visit?", first)
        assert set(paths(retriever, query, second)) == {"visit-1.md", "visit-2.md"}


def test_what_has_no_date_may_be_of_a_preferred_window(retriever: Retriever) -> None:
    january = Window(date(2022, 1, 1), date(2022, 1, 31))
    visits = paths(retriever, about("Which pier did the ferry minister visit?"), january)
    assert {path for path in visits if path.startswith("visit")} == {
        f"visit-{n}.md" for n in (1, 2, 4)
    }


def preferring(since: date | None, until: date | None, *, asked_about: bool) -> Query:
    """Return the question for a visit in a time; or for the reports of that time."""
    text = "Which pier did the ferry minister visit?"
    return Query(text, text, preferred=Window(since, until), undated=text if asked_about else "")


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        (date(2022, 1, 25), date(2022, 1, 25), {2, 3}),  # within a week
        (date(2022, 1, 24), date(2022, 1, 24), {2}),
        (date(2021, 12, 1), date(2021, 12, 31), {0, 1, 2}),  # within as long again
        (date(2021, 1, 1), date(2021, 12, 31), {0, 1, 2}),  # but no longer than a month
        (None, date(2022, 1, 25), {0, 1, 2, 3}),
    ],
)
def test_what_happened_then_may_be_told_later(
    retriever: Retriever, since: date | None, until: date, told: set[int]
) -> None:
    hits = retriever.find(preferring(since, until, asked_about=True), threshold=0.0).hits
    seen = {one.article.card.path for one in found(retriever, list(hits))}
    assert {path for path in seen if path.startswith("visit")} == {
        f"visit-{n}.md" for n in {*told, 4}
    }


def test_reports_of_a_time_were_published_in_it(retriever: Retriever) -> None:
    december = preferring(date(2021, 12, 1), date(2021, 12, 31), asked_about=False)
    hits = retriever.find(december, threshold=0.0).hits
    seen = {one.article.card.path for one in found(retriever, list(hits))}
    assert {path for path in seen if path.startswith("visit")} == {"visit-0.md", "visit-4.md"}


def test_a_source_lets_its_own_through(retriever: Retriever) -> None:
    query = about("What went dark?", source="Coast Wire")
    assert set(paths(retriever, query)) == {"lighthouse-0.md", "observatory.md"}


def test_window_and_source_hold_together(retriever: Retriever) -> None:
    window = Window(date(2022, 1, 1), date(2022, 12, 31))
    query = about("新码头什么时候开放？", window, "奥尔姆晚报")
    assert set(paths(retriever, query)) == {"harbour-late.md"}


def test_a_source_that_is_not_in_the_archive_finds_nothing(retriever: Retriever) -> None:
    assert retriever.search(about("What went dark?", source="Nobody")) == []


@pytest.mark.parametrize(
    ("phrases", "expected"),
    [
        (("我错了",), {"harbour-late.md"}),
        (("我錯了",), {"harbour-late.md"}),  # traditional for simplified
        (("AMALIA voss",), {"observatory.md"}),  # whatever the case
        (("Ｖｏｓｓ", "barge"), {"observatory.md"}),  # full-width forms
        (("пчел", "сорока градусов"), {"bees.md"}),  # е for ё
        (("Amália Vøss",), {"observatory.md"}),  # with accents or without
    ],
)
def test_every_phrase_must_be_in_the_passage(
    retriever: Retriever, phrases: tuple[str, ...], expected: set[str]
) -> None:
    query = Query("?", "Voss 我错了 пчёлы", phrases=phrases)
    assert set(paths(retriever, query)) == expected


@pytest.mark.parametrize("phrases", [("never said",), ("Voss", "我错了")])
def test_phrases_that_no_passage_holds_together_rule_nothing_out(
    retriever: Retriever, phrases: tuple[str, ...]
) -> None:
    query = Query("?", "Voss 我错了")
    quoted = Query("?", "Voss 我错了", phrases=phrases)
    assert retriever.search(quoted) == retriever.search(query) != []


@pytest.mark.parametrize("text", ["\ue000\ue001", "…", "\U0001e900"])
def test_a_question_without_a_known_token_is_no_error(retriever: Retriever, text: str) -> None:
    assert all(0 <= hit.score <= 1 for hit in retriever.search(about(text)))


def test_more_words_than_are_searched_are_no_error(retriever: Retriever) -> None:
    long = "码头" + "".join(map(chr, range(0x4E00, 0x4E00 + 900)))
    assert "harbour-late.md" in paths(retriever, about(long))


@pytest.fixture(scope="module")
def translating(retriever: Retriever, tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    """A retriever that knows some English, all but one word of it invented."""
    entries = "blenth\t泊位\ncrellow\t蜂王 港务长\npier\t码头\nsnork\t桩\nzorblat quen\t钢桩 渔民\n".encode()
    path = tmp_path_factory.mktemp("dictionary") / "dictionary.txt"
    path.write_bytes(f"# 5 entries, {len(entries)} bytes\n".encode() + entries)
    return knowing(retriever, path)


def holding(retriever: Retriever, *words: str) -> set[int]:
    """Passages that hold a word."""
    rows = range(retriever.searcher.manifest.passages)
    stored = retriever.searcher.passages(list(rows))
    texts = [fold(one.passage.text) for one in stored]
    return {row for row in rows if any(word in texts[row] for word in words)}


def test_a_chinese_passage_is_found_through_the_dictionary(
    retriever: Retriever, translating: Retriever
) -> None:
    query = about("Zorblat quens?")
    assert paths(translating, query)[0] == "harbour-early.md"
    assert paths(retriever, query)[0] != "harbour-early.md"


def test_a_single_character_is_no_translation(retriever: Retriever, translating: Retriever) -> None:
    query = about("Snork?")
    assert translating.search(query) == retriever.search(query) != []


def test_the_dictionary_proposes_candidates(retriever: Retriever, translating: Retriever) -> None:
    query = about("Blenth?")
    few, more = (proposing(one, 1) for one in (retriever, translating))
    fewer = {hit.row for hit in few.search(query)}
    added = {hit.row for hit in more.search(query)} - fewer
    assert added == holding(retriever, "泊位")


def test_russian_words_propose_what_the_table_has_near_them(retriever: Retriever) -> None:
    query = about("Что сказал министр о расходах?")
    nearest = NearestWords(retriever.searcher.models.table)
    assert nearest.translations(query.text)[0] == ("表示",)
    few = proposing(retriever, 1)
    more = replace(few, ranker=replace(few.ranker, nearest=nearest))
    fewer, proposed = ({hit.row for hit in one.search(query)} for one in (few, more))
    added = proposed - fewer
    assert added
    assert added <= holding(retriever, "表示")


@pytest.mark.parametrize(
    "question", ["多少根钢桩存在裂缝？", "Кто вывел пчёл?", "pier 码头什么时候开放？"]
)
def test_the_dictionary_is_for_questions_in_latin_script(
    retriever: Retriever, tmp_path: Path, question: str
) -> None:
    unreadable = knowing(retriever, tmp_path / "none.txt")
    assert unreadable.search(about(question)) == retriever.search(about(question)) != []
    with pytest.raises(DictionaryUnavailable, match=r"none\.txt"):
        unreadable.search(about("How many pins?"))


def test_without_a_translation_nothing_changes(
    retriever: Retriever, translating: Retriever
) -> None:
    query = about("What will happen to the mirror of the telescope?")
    assert translating.search(query) == retriever.search(query) != []


def test_a_pasted_article_is_translated_in_part(translating: Retriever) -> None:
    long = "A crellow on a pier. " * 200
    query = about(long + "Zorblat quens?")
    assert "harbour-early.md" in paths(translating, query)


@pytest.mark.parametrize("question", ["多少根钢桩存在裂缝？", "Which pier did the minister visit?"])
def test_what_the_searches_have_told_need_not_be_read_again(
    translating: Retriever, question: str
) -> None:
    searcher = translating.searcher
    every = np.arange(searcher.manifest.passages)
    ranker = replace(translating.ranker, k=len(every))  # all that words can tell is told
    asked = ranker.encoded(question)
    near = searcher.nearest(asked.vector, [Share(range(len(SCRIPTS)), 3)], ANY)
    nothing = np.empty(0, np.int64), np.empty(0, np.float32)
    told = replace(ranker.candidates(question, ANY), rows=every, dense=near)
    known, read = ranker.rank(told), ranker.rank(replace(told, dense=nothing))
    assert known.rows.tolist() == read.rows.tolist()
    assert known.relevance == pytest.approx(read.relevance, abs=1e-6)
    # Some of what was told is left out, with all passages of its articles.
    articles = searcher.facts(every).articles
    left_out = articles[[near[0][-1], told.words.rows[-1]]]
    fewer = every[~np.isin(articles, left_out)]
    ranked = ranker.rank(replace(told, rows=fewer))
    expected = dict(zip(read.rows, read.relevance, strict=True))
    assert dict(zip(ranked.rows, ranked.relevance, strict=True)) == pytest.approx(
        {n: expected[n] for n in fewer}
    )


class Asked:
    """A reader that notes what it is asked, and finds an answer everywhere."""

    def __init__(self) -> None:
        self.questions: list[str] = []

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        self.questions.append(question)
        return [Reading(4.0) for _ in passages]


def test_the_reader_is_not_asked_for_dates_that_are_met(retriever: Retriever) -> None:
    reader = Asked()
    text, undated = "Who visited pier 2 in January 2022?", "Who visited pier 2?"
    january = Window(date(2022, 1, 1), date(2022, 1, 31))
    query = Query(text, text, preferred=january, undated=undated)
    hits = replace(retriever, reader=reader).find(query, threshold=0.0).hits
    assert reader.questions == [undated]
    # The year is the article's, and "2" is only in one of the two.
    assert sorted(hit.lacks for hit in hits if hit.reading) == [0.0, 0.5]
