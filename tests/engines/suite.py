"""What any engine must do: tests that know nothing but ``index.engines.protocol``.

A module that tests an engine has a class that inherits ``EngineSuite``, and one fixture beside it::

    @pytest.fixture(scope="module")
    def new_engine() -> Callable[[], IndexedEngine]:

It returns what makes an engine without an index. What a passage is, its vector and its tokens are
worked out here from the articles; nothing is taken from the engine but what is tested.
"""

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

import numpy as np
import pytest

from index.encoders.protocol import EncoderInfo
from index.encoders.token_table import TokenTable
from index.engines.protocol import Engine, Searcher, Share
from index.errors import EncoderMismatch, IndexMissing
from index.parts.filters import ANY, NO_DAY, Wanted, day_number, script_number
from index.parts.weights import Alternatives
from index.text.passages import cut
from index.text.tokens import SCRIPTS, script, tokens
from index.types import Article, Passage, Role, Rows, Scores, Vectors
from tests.archive import (
    ARTICLES,
    BEES,
    HARBOUR_EARLY,
    LIGHTHOUSE,
    OBSERVATORY,
    TARGET_CHARS,
    article,
    models,
)

EVERY = range(len(SCRIPTS))
"""The numbers of all scripts."""

NEAR = 1e-2
"""How far a stored vector's cosine may be from that of the whole one."""

WORDS = (
    article("opened.md", "The bridge opened.", day="2021-01-10", source="Daily"),
    article("ferry.md", "A ferry and a bridge.", day="2021-06-20", source="Gazette"),
    article("bridge.md", "大桥通车了。", day=None, source="Daily"),
)
"""One passage each. Their words are cut to stems: ``bridg``, ``ferri``, ``open``."""


IN_OTHER_WORDS: dict[Alternatives, float] = {
    (("bridg", "open"), ("ferri",)): 2.0,  # "opened" and "ferry"
    (("bridg", "zzz"), ("大桥", "桥通"), ("车了",)): 4.0,  # "bridge", in two ways
    (("ferri", "bridg"), ("bridg",)): 0.5,  # "opened" in one way, "ferry" in two
}
HELD_BY_NONE: dict[Alternatives, float] = {(("ferri", "open"), ("zzz",)): 1.0}


class IndexedEngine(Protocol):
    """An engine, and a way to make an index for it."""

    @property
    def engine(self) -> Engine:
        """It opens what ``index`` has made."""

    def index(self, articles: Sequence[Article]) -> None:
        """Make a new generation of these articles and no others, and let it answer.

        Their passages are cut for ``tests.archive.TARGET_CHARS``, with ``tests.archive.models``.
        """


@dataclass(frozen=True)
class Expected:
    """A passage as it is worked out here.

    :ivar vector: of its text, float32, shape (dim,).
    :ivar tokens: the distinct tokens of its text in the bundled table, ascending.
    """

    article: Article
    passage: Passage
    script: int
    day: int
    vector: Vectors
    tokens: list[int]

    @property
    def place(self) -> tuple[str, int]:
        """What tells it from all others: its file, and where it begins."""
        return self.article.card.path, self.passage.start


def expected(articles: Sequence[Article]) -> list[Expected]:
    """Return the passages of some articles."""
    found = []
    for one in articles:
        when = one.card.date
        for passage in cut(one.paragraphs, target_chars=TARGET_CHARS):
            (ids,) = models().table.ids([passage.text])
            found.append(
                Expected(
                    one,
                    passage,
                    script_number(script(passage.text)),
                    day_number(when.date() if when else None),
                    vector_of(passage.text),
                    sorted(set(ids.tolist())),
                )
            )
    return found


def vector_of(text: str) -> Vectors:
    """Return the vector of a text, shape (dim,)."""
    vectors: Vectors = models().encoder.encode([text])[0]
    return vectors


@dataclass(frozen=True)
class Opened:
    """A searcher, and what should be in it: the passages by their rows."""

    searcher: Searcher
    passages: dict[int, Expected]

    @classmethod
    def of(cls, searcher: Searcher, articles: Sequence[Article]) -> "Opened":
        """Find out which row is which passage; fail if they are not those of the articles."""
        awaited = {one.place: one for one in expected(articles)}
        rows, _ = searcher.nearest(vector_of("ferry"), [Share(EVERY, len(awaited) + 9)], ANY)
        stored = searcher.passages(rows.tolist())
        places = [(one.article.card.path, one.passage.start) for one in stored]
        assert sorted(places) == sorted(awaited)
        return cls(
            searcher, {one.row: awaited[place] for one, place in zip(stored, places, strict=True)}
        )

    @property
    def rows(self) -> Rows:
        """The rows of all passages, in an order of no meaning."""
        return np.array(list(self.passages), np.int64)

    def of_articles(self, articles: Sequence[Article]) -> list[int]:
        """Return the rows of the passages of some articles, in the order of these."""
        return [
            row for one in articles for row, told in self.passages.items() if told.article is one
        ]

    def paths(self, rows: Rows) -> list[str]:
        """Return the file of each passage."""
        return [self.passages[row].article.card.path for row in rows.tolist()]

    def check_nearest(
        self, question: str, shares: Sequence[Share], wanted: Wanted, allowed: Collection[int]
    ) -> None:
        """Check that each share holds the nearest of the passages that are allowed.

        :param allowed: rows of the passages that ``wanted`` lets through.
        """
        vector = vector_of(question)
        rows, cosines = self.searcher.nearest(vector, shares, wanted)
        assert rows.dtype == np.int64
        assert cosines.dtype == np.float32
        assert len(set(rows.tolist())) == len(rows) == len(cosines)
        true = {row: float(one.vector @ vector) for row, one in self.passages.items()}
        assert cosines == pytest.approx([true[row] for row in rows.tolist()], abs=NEAR)
        for share in shares:
            eligible = {row for row in allowed if self.passages[row].script in share.scripts}
            found = eligible & set(rows.tolist())
            assert len(found) == min(share.k, len(eligible))
            left = max((true[row] for row in eligible - found), default=-1.0)
            assert all(true[row] >= left - NEAR for row in found)
        assert len(rows) == sum(
            len([row for row in rows.tolist() if self.passages[row].script in share.scripts])
            for share in shares
        )
        assert set(rows.tolist()) <= set(allowed)


def held(opened: Opened, found: tuple[Rows, Scores]) -> dict[str, float]:
    """Return what was found by words: the sum of each passage, by its file, in the order found."""
    rows, sums = found
    assert rows.dtype == np.int64
    assert sums.dtype == np.float32
    assert sums.tolist() == sorted(sums.tolist(), reverse=True)
    return dict(zip(opened.paths(rows), sums.tolist(), strict=True))


class OtherEncoder:
    """An encoder that has built no index."""

    table: TokenTable | None = None
    lasting = True
    info = EncoderInfo("other", "1", 7)

    def encode(self, texts: Sequence[str], role: Role = "passage") -> Vectors:
        raise AssertionError((texts, role))


Maker = Callable[[], IndexedEngine]


class EngineSuite:
    """The tests. A class that inherits it runs them on its module's ``new_engine``."""

    @pytest.fixture(scope="class")
    @classmethod
    def archive(cls, new_engine: Maker) -> Iterator[Opened]:
        """The invented articles: three languages, near-copies, articles without date or source."""
        made = new_engine()
        made.index(ARTICLES)
        searcher = made.engine.open(models())
        yield Opened.of(searcher, ARTICLES)
        searcher.close()

    @pytest.fixture(scope="class")
    @classmethod
    def words(cls, new_engine: Maker) -> Iterator[Opened]:
        """Three passages whose words a person can count."""
        made = new_engine()
        made.index(WORDS)
        searcher = made.engine.open(models())
        yield Opened.of(searcher, WORDS)
        searcher.close()

    # Dense hits.

    @pytest.mark.parametrize(
        "shares",
        [
            [Share(EVERY, 4)],
            [Share(EVERY, 999)],
            [Share([0], 2), Share([1, 2], 3)],
            [Share([1], 1), Share([0], 1), Share([2], 9)],
            [Share([2], 2)],
        ],
    )
    @pytest.mark.parametrize(
        "question",
        ["How deep is the reef?", "更换钢桩需要多少个月？", "Кто вывел морозостойких пчёл?"],
    )
    def test_each_share_holds_the_nearest_in_its_scripts(
        self, archive: Opened, question: str, shares: Sequence[Share]
    ) -> None:
        assert {one.script for one in archive.passages.values()} == set(EVERY)
        archive.check_nearest(question, shares, ANY, archive.passages)

    @pytest.mark.parametrize(
        ("since", "until", "paths"),
        [
            ("2021-03-02", "2021-11-14", {"harbour-early.md", "lighthouse-0.md"}),
            ("2022-05-06", None, {"harbour-late.md", "bees.md"}),
            (None, "2020-12-31", {"talks-1.md", "talks-2.md"}),
            ("2021-11-15", "2021-11-15", {"lighthouse-1.md"}),
        ],
    )
    def test_dense_hits_are_of_the_days_that_are_wanted(
        self, archive: Opened, since: str | None, until: str | None, paths: set[str]
    ) -> None:
        allowed = [row for row in archive.passages if archive.paths(np.array([row]))[0] in paths]
        for shares in ([Share(EVERY, 999)], [Share([0], 1), Share([1, 2], 2)]):
            archive.check_nearest("钢桩 reef", shares, Wanted(days=window(since, until)), allowed)

    def test_a_window_that_is_open_leaves_out_what_has_no_date(self, archive: Opened) -> None:
        dated = [row for row, one in archive.passages.items() if one.day != NO_DAY]
        assert len(dated) < len(archive.passages)
        archive.check_nearest("mirror", [Share(EVERY, 999)], Wanted(days=(None, None)), dated)

    def test_what_has_no_date_may_be_wanted_beside_what_is_of_some_days(
        self, archive: Opened
    ) -> None:
        wanted = Wanted(days=window("2021-03-02", "2021-11-14"), undated=True)
        paths = {"harbour-early.md", "lighthouse-0.md"}
        allowed = [
            row
            for row, one in archive.passages.items()
            if one.day == NO_DAY or one.article.card.path in paths
        ]
        for shares in ([Share(EVERY, 999)], [Share([0], 1), Share([1, 2], 2)]):
            archive.check_nearest("钢桩 reef", shares, wanted, allowed)

    def test_dense_hits_are_of_the_source_that_is_wanted(self, archive: Opened) -> None:
        for name, number in archive.searcher.sources.items():
            of_it = [r for r, one in archive.passages.items() if one.article.card.source == name]
            assert of_it
            archive.check_nearest("海港", [Share(EVERY, 999)], Wanted(source=number), of_it)
        number = archive.searcher.sources["Coast Wire"]
        both = archive.of_articles(LIGHTHOUSE[:1])
        wanted = Wanted(window("2021-01-01", None), number)
        archive.check_nearest("海港", [Share([1], 9)], wanted, both)

    @pytest.mark.parametrize(
        "wanted", [Wanted(days=(0, 100)), Wanted(source=-1), Wanted(days=(20_000, 10_000))]
    )
    def test_where_nothing_is_wanted_nothing_is_found(
        self, archive: Opened, wanted: Wanted
    ) -> None:
        shares = [Share([0], 9), Share([1, 2], 9)]
        rows, cosines = archive.searcher.nearest(vector_of("reef"), shares, wanted)
        assert (rows.tolist(), cosines.tolist()) == ([], [])
        everywhere = dict.fromkeys(tokens("reef 更换 пчёл соли mirror"), 1.0)
        assert len(archive.searcher.by_words(everywhere, 99, ANY)[0]) > 6
        rows, sums = archive.searcher.by_words(everywhere, 9, wanted)
        assert (rows.tolist(), sums.tolist()) == ([], [])

    def test_shares_that_overlap_bring_each_passage_once(self, archive: Opened) -> None:
        vector, shares = vector_of("更换钢桩需要多少个月？"), [Share(EVERY, 4), Share([0], 3)]
        alone = [archive.searcher.nearest(vector, [share], ANY) for share in shares]
        expected = {
            row: cosine
            for rows, cosines in alone
            for row, cosine in zip(rows.tolist(), cosines.tolist(), strict=True)
        }
        assert len(expected) < sum(share.k for share in shares)
        rows, cosines = archive.searcher.nearest(vector, shares, ANY)
        assert sorted(rows.tolist()) == sorted(expected)
        # Rounded otherwise, maybe, when it is one of other passages that are compared.
        assert cosines.tolist() == pytest.approx([expected[row] for row in rows.tolist()], abs=1e-6)

    def test_no_share_finds_nothing(self, archive: Opened) -> None:
        rows, cosines = archive.searcher.nearest(vector_of("reef"), [], ANY)
        assert (rows.tolist(), cosines.tolist()) == ([], [])
        assert rows.dtype == np.int64
        assert cosines.dtype == np.float32

    def test_a_zero_vector_finds_nothing(self, archive: Opened) -> None:
        zero = np.zeros(models().encoder.info.dim, np.float32)
        rows, cosines = archive.searcher.nearest(zero, [Share(EVERY, 9)], ANY)
        assert (rows.tolist(), cosines.tolist()) == ([], [])

    def test_cosines_come_in_the_order_of_the_rows(self, archive: Opened) -> None:
        vector = vector_of("Why did the lighthouse on Cape Brell go dark?")
        for rows in (archive.rows, archive.rows[::-1], archive.rows[2:3], archive.rows[:0]):
            cosines = archive.searcher.cosines(vector, rows)
            true = [float(archive.passages[row].vector @ vector) for row in rows.tolist()]
            assert cosines.dtype == np.float32
            assert cosines.shape == rows.shape
            assert cosines == pytest.approx(true, abs=NEAR)
        assert np.ptp(archive.searcher.cosines(vector, archive.rows)) > 10 * NEAR

    # Words.

    def test_what_holds_the_most_comes_first(self, words: Opened) -> None:
        weights = {"bridg": 2.0, "ferri": 3.0, "open": 0.5, "大桥": 1.0, "zzz": 9.0}
        for k, found in (
            (9, {"ferry.md": 5.0, "opened.md": 2.5, "bridge.md": 1.0}),
            (2, {"ferry.md": 5.0, "opened.md": 2.5}),
            (1, {"ferry.md": 5.0}),
        ):
            assert held(words, words.searcher.by_words(weights, k, ANY)) == found
        assert held(words, words.searcher.by_words({"zzz": 1.0}, 9, ANY)) == {}
        assert held(words, words.searcher.by_words({}, 9, ANY)) == {}

    @pytest.mark.parametrize(
        ("since", "until", "source", "found"),
        [
            ("2021-01-01", "2021-02-01", None, {"opened.md": 2.5}),
            ("2021-01-10", "2021-06-20", None, {"ferry.md": 5.0, "opened.md": 2.5}),
            ("2021-01-11", None, None, {"ferry.md": 5.0}),
            (None, "2021-06-19", None, {"opened.md": 2.5}),
            (None, None, "Daily", {"opened.md": 2.5, "bridge.md": 1.0}),
            ("2021-01-01", None, "Daily", {"opened.md": 2.5}),
        ],
    )
    def test_filters_leave_out_passages_and_change_no_sum(
        self,
        words: Opened,
        since: str | None,
        until: str | None,
        source: str | None,
        found: dict[str, float],
    ) -> None:
        weights = {"bridg": 2.0, "ferri": 3.0, "open": 0.5, "大桥": 1.0}
        wanted = Wanted(
            days=window(since, until) if since or until else None,
            source=words.searcher.sources[source] if source else None,
        )
        assert held(words, words.searcher.by_words(weights, 9, wanted)) == found

    def test_an_open_window_leaves_out_words_without_a_date(self, words: Opened) -> None:
        weights = {"bridg": 1.0, "大桥": 1.0}
        found = held(words, words.searcher.by_words(weights, 9, Wanted(days=(None, None))))
        assert found == {"opened.md": 1.0, "ferry.md": 1.0}

    def test_words_without_a_date_may_be_wanted_too(self, words: Opened) -> None:
        weights = {"bridg": 1.0, "大桥": 1.0}
        wanted = Wanted(days=window("2021-06-01", None), undated=True)
        found = held(words, words.searcher.by_words(weights, 9, wanted))
        assert found == {"ferry.md": 1.0, "bridge.md": 1.0}
        early = replace(wanted, days=(None, 0))
        assert held(words, words.searcher.by_words(weights, 9, early)) == {"bridge.md": 1.0}

    def test_a_thing_counts_once_in_whichever_of_its_words(self, words: Opened) -> None:
        sums = {"bridge.md": 4.0, "opened.md": 2.5, "ferry.md": 2.5}
        assert held(words, words.searcher.by_words(IN_OTHER_WORDS, 9, ANY)) == sums
        found = words.searcher.words_held(IN_OTHER_WORDS, words.rows)
        assert dict(zip(words.paths(words.rows), found.tolist(), strict=True)) == sums
        assert held(words, words.searcher.by_words(HELD_BY_NONE, 9, ANY)) == {}
        assert words.searcher.words_held(HELD_BY_NONE, words.rows).tolist() == [0.0] * 3

    def test_what_holds_one_way_whole_comes_before_what_holds_parts_of_many(
        self, new_engine: Maker
    ) -> None:
        made = new_engine()
        parts = [article(f"parts-{n}.md", f"The bridge and the ferry {n}.") for n in range(40)]
        made.index([*parts, article("whole.md", "A harbour pier.")])
        searcher = made.engine.open(models())
        both: dict[Alternatives, float] = {
            (("bridg", "zzz"), ("ferri", "zzz"), ("harbour", "pier")): 1.0,
            (("bridg", "yyy"), ("ferri", "yyy"), ("pier", "yyy")): 1.0,
            (("bridg",),): 0.1,
        }
        rows, sums = searcher.by_words(both, 1, ANY)
        (found,) = searcher.passages(rows.tolist())
        assert (found.article.card.path, sums.tolist()) == ("whole.md", [1.0])
        searcher.close()

    def test_words_held_come_in_the_order_of_the_rows_and_are_0_for_others(
        self, words: Opened
    ) -> None:
        weights = {"bridg": 2.0, "ferri": 3.0, "zzz": 9.0}
        rows = np.array(words.of_articles(WORDS), np.int64)
        for order in ([0, 1, 2], [2, 1, 0], [1, 2], [2]):
            found = words.searcher.words_held(weights, rows[order])
            assert found.dtype == np.float32
            assert found.tolist() == [[2.0, 5.0, 0.0][n] for n in order]
        assert words.searcher.words_held({}, rows).tolist() == [0.0] * 3
        assert words.searcher.words_held(weights, rows[:0]).tolist() == []

    def test_words_weigh_as_bm25_says(self, words: Opened) -> None:
        assert words.searcher.word_weights(["bridg", "ferri", "zzz"]) == {
            "bridg": pytest.approx(math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))),
            "ferri": pytest.approx(math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))),
            "zzz": pytest.approx(math.log(1 + (3 - 0 + 0.5) / (0 + 0.5))),
        }
        assert words.searcher.word_weights([]) == {}

    def test_the_words_of_a_passage_find_it(self, archive: Opened) -> None:
        for row, one in archive.passages.items():
            weights = archive.searcher.word_weights(tokens(one.passage.text))
            found, sums = archive.searcher.by_words(weights, 4, ANY)  # it has two near-copies
            assert row in found.tolist()
            whole = pytest.approx(sum(weights.values()), rel=1e-4)
            assert sums[found.tolist().index(row)] == whole
            assert archive.searcher.words_held(weights, np.array([row])).tolist() == [whole]

    # What is known of passages.

    def test_token_lists_hold_the_distinct_tokens_of_each(self, archive: Opened) -> None:
        for rows in (archive.rows, archive.rows[::-1], archive.rows[3:5]):
            lists, places = archive.searcher.token_lists(rows)
            assert places.shape == rows.shape
            for place, row in zip(places.tolist(), rows.tolist(), strict=True):
                assert sorted(lists[place].tolist()) == archive.passages[row].tokens
            ids, starts = lists.gather(places)
            runs = np.split(ids, starts[1:])
            assert [sorted(run.tolist()) for run in runs] == [
                archive.passages[row].tokens for row in rows.tolist()
            ]

    def test_facts_are_those_of_the_passages(self, archive: Opened) -> None:
        for rows in (archive.rows, archive.rows[::-1], archive.rows[:0]):
            facts = archive.searcher.facts(rows)
            stored = archive.searcher.passages(rows.tolist())
            assert facts.articles.tolist() == [one.article.id for one in stored]
            assert facts.scripts.tolist() == [archive.passages[row].script for row in rows.tolist()]
            assert len(facts.copies) == len(rows)
            assert facts.articles.dtype == facts.copies.dtype == np.int64
            assert facts.scripts.dtype == np.int8
        copies = archive.searcher.facts(archive.rows).copies.tolist()
        report = {archive.searcher.facts(np.array([row])).copies[0] for row in reports(archive)}
        assert len(report) == 1
        assert copies.count(report.pop()) == len(LIGHTHOUSE)
        assert len(set(copies)) == len(copies) - len(LIGHTHOUSE) + 1

    def test_near_copies_are_the_other_passages_of_a_report(self, archive: Opened) -> None:
        report = reports(archive)
        for row in archive.rows.tolist():
            others = archive.searcher.near_copies(row)
            assert others.dtype == np.int64
            awaited = [other for other in report if other != row] if row in report else []
            assert sorted(others.tolist()) == sorted(awaited)

    def test_passages_come_in_the_order_asked_for(self, archive: Opened) -> None:
        every = archive.rows.tolist()
        for rows in (every, every[::-1], [every[2], every[0], every[2]], []):
            found = archive.searcher.passages(rows)
            assert [one.row for one in found] == rows
            for one in found:
                told = archive.passages[one.row]
                assert (one.passage, one.article.card) == (told.passage, told.article.card)
        assert len({one.article.id for one in archive.searcher.passages(every)}) == len(ARTICLES)

    def test_an_article_is_found_by_its_number_and_by_its_content(self, archive: Opened) -> None:
        for one in archive.searcher.passages(archive.rows.tolist()):
            told = archive.passages[one.row].article
            assert archive.searcher.article_text(one.article.id) == told.text
            assert archive.searcher.articles([one.article.id]) == [one.article]
            found = archive.searcher.article_of_content(told.card.sha256)
            assert found is not None
            assert found.card.sha256 == told.card.sha256
            if [other.card.sha256 for other in ARTICLES].count(told.card.sha256) == 1:
                assert found == one.article
        assert archive.searcher.article_of_content("0" * 64) is None
        every = {
            one.article.id: one.article for one in archive.searcher.passages(archive.rows.tolist())
        }
        backwards = sorted(every, reverse=True)
        assert archive.searcher.articles(backwards) == [every[number] for number in backwards]

    def test_articles_are_listed_in_an_order_that_stays(self, archive: Opened) -> None:
        every = archive.searcher.listed(0, 99)
        assert sorted(one.card.path for one in every) == sorted(one.card.path for one in ARTICLES)
        assert archive.searcher.articles([one.id for one in every]) == every
        pages = [archive.searcher.listed(first, 4) for first in range(0, len(every) + 4, 4)]
        assert [one for page in pages for one in page] == every
        assert [len(page) for page in pages] == [4, 4, 1, 0]

    def test_every_passage_has_a_row(self, archive: Opened) -> None:
        rows = archive.searcher.every_passage()
        assert rows.dtype == np.int64
        assert sorted(rows.tolist()) == sorted(archive.passages)

    def test_the_newest_articles_come_by_their_dates(self, archive: Opened) -> None:
        dated = sorted(
            (one.card for one in ARTICLES if one.card.date),
            key=lambda card: card.date.timestamp() if card.date else 0.0,
            reverse=True,
        )
        for k in (1, 3, len(ARTICLES)):
            found = [one.card for one in archive.searcher.newest(k, ANY)]
            assert [card.date for card in found] == [card.date for card in dated[:k]]
            assert len({card.path for card in found}) == len(found)
        for name, number in archive.searcher.sources.items():
            found = [one.card for one in archive.searcher.newest(99, Wanted(source=number))]
            assert [card.date for card in found] == [
                card.date for card in dated if card.source == name
            ]

    def test_the_first_of_several_with_the_same_content_is_found(self, archive: Opened) -> None:
        first, _, last = LIGHTHOUSE
        assert first.card.sha256 == last.card.sha256
        (row,) = archive.of_articles([first])
        (stored,) = archive.searcher.passages([row])
        assert archive.searcher.article_of_content(first.card.sha256) == stored.article

    # The whole.

    def test_sources_are_those_of_the_articles(self, archive: Opened) -> None:
        sources = archive.searcher.sources
        assert set(sources) == {one.card.source for one in ARTICLES if one.card.source}
        assert len(set(sources.values())) == len(sources)

    def test_it_tells_what_it_holds_of_each_source(self, archive: Opened) -> None:
        held = archive.searcher.by_source()
        assert [-one.articles for one in held] == sorted(-one.articles for one in held)
        assert len({one.source for one in held}) == len(held)
        for source, articles, first, last in held:
            cards = [one.card for one in ARTICLES if one.card.source == source]
            days = [card.date.date().isoformat() for card in cards if card.date]
            assert articles == len(cards)
            assert (first, last) == (min(days, default=None), max(days, default=None))
        assert {one.source for one in held} == {one.card.source for one in ARTICLES}

    def test_the_manifest_says_what_was_indexed(self, archive: Opened) -> None:
        manifest = archive.searcher.manifest
        assert (manifest.articles, manifest.passages) == (len(ARTICLES), len(archive.passages))
        assert manifest.encoder == models().encoder.info
        assert manifest.table == models().table.revision
        assert manifest.target_chars == TARGET_CHARS
        assert archive.searcher.models is models()

    def test_without_an_index_nothing_is_current(self, new_engine: Maker) -> None:
        engine = new_engine().engine
        with pytest.raises(IndexMissing):
            engine.current()
        with pytest.raises(IndexMissing):
            engine.open(models())

    def test_another_encoder_is_refused(self, new_engine: Maker) -> None:
        made = new_engine()
        made.index([BEES])
        with pytest.raises(EncoderMismatch, match="the index was built with bundled"):
            made.engine.open(replace(models(), encoder=OtherEncoder()))

    def test_a_new_generation_is_opened_while_the_old_one_goes_on_answering(
        self, new_engine: Maker
    ) -> None:
        made = new_engine()
        made.index([BEES, HARBOUR_EARLY])
        old = Opened.of(made.engine.open(models()), [BEES, HARBOUR_EARLY])
        assert old.searcher.generation == made.engine.current()
        made.index([OBSERVATORY])
        assert made.engine.current() != old.searcher.generation
        new = Opened.of(made.engine.open(models()), [OBSERVATORY])
        assert new.searcher.generation == made.engine.current()
        assert new.searcher.manifest.articles == 1
        assert new.searcher.article_of_content(BEES.card.sha256) is None
        assert old.searcher.manifest.articles == 2
        old.check_nearest("пчёлы", [Share(EVERY, 9)], ANY, old.passages)
        assert set(held(old, old.searcher.by_words({"钢桩": 1.0}, 9, ANY))) == {"harbour-early.md"}
        stored = old.searcher.passages(old.rows.tolist())
        texts = {old.searcher.article_text(one.article.id) for one in stored}
        assert texts == {BEES.text, HARBOUR_EARLY.text}
        for opened in (old, new):
            opened.searcher.close()

    def test_an_article_without_text_is_found_by_the_words_of_its_title(
        self, new_engine: Maker
    ) -> None:
        title = article("reef.md", title="The reef that ships avoid", day="2024-01-01")
        made = new_engine()
        made.index([title, BEES])
        searcher = made.engine.open(models())
        manifest = searcher.manifest
        assert (manifest.articles, manifest.title_only) == (2, 1)
        numbers, _ = searcher.articles_by_words({"reef": 1.0}, 9, ANY)
        (found,) = searcher.articles(numbers.tolist())
        assert found.card == title.card
        assert found.card.title_only
        assert searcher.article_text(found.id) == ""
        assert searcher.by_words({"reef": 1.0}, 9, ANY)[0].tolist() == []
        assert [one.card for one in searcher.newest(9, ANY)] == [BEES.card]
        assert searcher.article_of_content(title.card.sha256) == found
        searcher.close()

    def test_an_archive_without_articles_is_empty(self, new_engine: Maker) -> None:
        made = new_engine()
        made.index([])
        searcher = made.engine.open(models())
        assert (searcher.manifest.articles, searcher.manifest.passages) == (0, 0)
        rows, _ = searcher.nearest(vector_of("reef"), [Share([0], 9), Share([1, 2], 9)], ANY)
        assert rows.tolist() == []
        assert searcher.by_words({"reef": 1.0}, 9, ANY)[0].tolist() == []
        assert searcher.word_weights(["reef"]) == {"reef": pytest.approx(math.log(2))}
        assert searcher.sources == {}
        searcher.close()

    @pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt()])
    def test_what_fails_on_a_whole_index_is_raised_as_it_is(
        self, archive: Opened, error: BaseException
    ) -> None:
        with pytest.raises(type(error)) as caught, archive.searcher.diagnosed():
            raise error
        assert caught.value is error

    def test_searches_made_at_once_give_what_each_gives_alone(self, words: Opened) -> None:
        searcher = words.searcher

        def one() -> tuple[Rows, Scores]:
            return searcher.by_words({"bridg": 1.0}, 9, ANY)

        def other() -> tuple[Rows, Scores]:
            return searcher.nearest(vector_of("ferry"), [Share([0], 2), Share([1], 1)], ANY)

        searches = [one, other] * 20
        for found, search in zip(searcher.at_once(*searches), searches, strict=True):
            rows, scores = search()
            assert sorted(found[0].tolist()) == sorted(rows.tolist())
            assert sorted(found[1].tolist()) == pytest.approx(sorted(scores.tolist()))
        assert searcher.at_once() == []
        with pytest.raises(ZeroDivisionError):
            searcher.at_once(one, lambda: 1 / 0)  # type: ignore[arg-type, return-value]

    def test_several_threads_may_ask_at_once(self, archive: Opened) -> None:
        searcher, rows = archive.searcher, archive.rows
        vector = vector_of("lighthouse")

        def asked(_turn: int) -> tuple[object, ...]:
            nearest, _ = searcher.nearest(vector, [Share([0], 2), Share([1, 2], 5)], ANY)
            found, sums = searcher.by_words({"reef": 1.0, "钢桩": 2.0}, 9, ANY)
            stored = searcher.passages(rows.tolist())
            lists, places = searcher.token_lists(rows)
            return (
                sorted(nearest.tolist()),
                sorted(zip(found.tolist(), sums.tolist(), strict=True)),
                stored,
                [searcher.article_text(one.article.id) for one in stored],
                [lists[place].tolist() for place in places.tolist()],
            )

        alone = asked(0)
        with ThreadPoolExecutor(4) as threads:
            assert all(answer == alone for answer in threads.map(asked, range(40)))


def window(since: str | None, until: str | None) -> tuple[int | None, int | None]:
    """Return a filter's days."""
    first, last = (day_number(date.fromisoformat(day)) if day else None for day in (since, until))
    return first, last


def reports(archive: Opened) -> list[int]:
    """Return the rows of the report that several outlets carry."""
    rows = archive.of_articles(LIGHTHOUSE)
    assert len(rows) == len(LIGHTHOUSE)
    return rows
