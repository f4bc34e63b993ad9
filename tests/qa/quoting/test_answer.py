from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.engines.local import LocalFiles
from index.types import PARAGRAPH_BREAK
from qa.quoting.answer import Limits, compose
from qa.reading.reader import Marks, Reading
from qa.retrieval.retriever import Retriever
from qa.types import Answer, Query, Quote, Window
from tests.archive import ARTICLES, HARBOUR_EARLY, LIGHTHOUSE, TALKS, article, build_index
from tests.qa.retrieving import open_retriever

HARBOUR = Query("新码头什么时候开放？", "新码头什么时候开放?")
ALL = Limits(quotes=100, per_article=100, threshold=0)
LONG = article(
    "long.md",
    "".join(f"第{n}号浮标在暴风雨中漂走，渔民哈尔沃在{n}海里以外把它捞起。" for n in range(60)),
    title="浮标",
    source="奥尔姆晚报",
)
"""One paragraph of some 1,700 characters: more than is quoted whole, in several passages."""

LIST = article(
    "list.md",
    "市议会星期三开会到深夜，旁听席上坐满了渔民、船长和盐场的工人，市长三次敲槌请大家安静，最后一次连槌"
    "柄也敲断了，于是书记员把自己的鞋借给了他，会议这才继续进行，直到午夜过后才有了结果，各家报纸的记者"
    "都已经睡着了。会议通过三项措施：第一，码头的停泊费减半，为期两年，适用于所有长度不超过十五米的渔船，"
    "渔民只需要在三月底以前登记；",
    "第二，冬天每星期多开两班渡轮；",
    "第三，灯塔的发电机每个月检查一次。",
    title="三项措施",
)
"""One statement over several paragraphs, of which the first could be quoted alone."""

SALT = article(
    "salt.md",
    "盐场的经理星期四宣布停产。" * 10 + "蒸汽锅炉的维修费是四十万克朗。" + "工人们担心工资。" * 10,
    title="盐场",
)
"""A paragraph of 225 characters: quoted whole, but in two passages, the costs in the second."""

_SONG = (
    "The ferry is late, the ferry is always late, sang the forty pupils of the school of Sund, and "
    "nobody on the cold pier laughed, for the captain had lost his whistle, the cook had burnt the "
    "fish, and the only passenger was a goat with a ticket to somewhere else."
)
REFRAIN = article("refrain.md", _SONG, _SONG, title="A song")
"""Two passages that are near-copies of one another."""

_COUNT = (
    "The census of Sund, which took four years and was carried out on foot by the pupils of the school, "
    "found {} goats on the island, of which {} live on the northern meadows near the old lighthouse, "
    "the council said on Friday after a long session in the town hall."
)
CENSUS = tuple(
    article(
        f"census-{n}.md", _COUNT.format(*numbers) + ending, title=f"Goats {n}", source=f"Paper {n}"
    )
    for n, (numbers, ending) in enumerate(
        [
            (("4,120", 37), ""),
            (("4,150", 37), ""),
            (("4120", 37), " Nobody doubts it."),
            ((4150, 37), ""),
        ]
    )
)
"""Near-copies of two versions, which differ in a number; the first and the third agree."""

ARCHIVE = (*ARTICLES, LONG, LIST, SALT, REFRAIN, *CENSUS)


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    folder = tmp_path_factory.mktemp("index")
    build_index(folder, ARCHIVE)
    opened = open_retriever(LocalFiles(folder), candidates=50)
    yield opened
    opened.searcher.close()


def composed(
    query: Query, retriever: Retriever, limits: Limits, *, near: bool = False, skip: int = 0
) -> Answer:
    found = retriever.find(query, limits.threshold)
    return compose(query, found, retriever.searcher, limits, near=near, skip=skip)


def paths(quotes: tuple[Quote, ...]) -> list[str]:
    return [quote.article.path for quote in quotes]


def numbers(answer: Answer) -> list[int]:
    return [quote.n for quote in answer.quotes]


def test_only_what_reaches_the_threshold_is_quoted(retriever: Retriever) -> None:
    best = composed(HARBOUR, retriever, ALL).quotes
    assert best[1].score > best[2].score
    answer = composed(HARBOUR, retriever, replace(ALL, threshold=best[1].score))
    assert answer.quotes == best[:2]
    assert numbers(answer) == [1, 2]
    assert answer.answered


def test_nothing_above_the_threshold_is_nothing_found(retriever: Retriever) -> None:
    best = composed(HARBOUR, retriever, ALL)
    answer = composed(HARBOUR, retriever, replace(ALL, threshold=1))
    assert not answer.answered
    assert answer.near == ()
    assert answer.score == best.score == best.quotes[0].score > 0


def test_near_misses_are_kept_apart_from_quotes(retriever: Retriever) -> None:
    best = composed(HARBOUR, retriever, replace(ALL, quotes=3)).quotes
    missed = composed(HARBOUR, retriever, Limits(3, 100, threshold=1), near=True)
    assert (missed.quotes, missed.near) == ((), best)
    found = composed(HARBOUR, retriever, replace(ALL, threshold=best[0].score), near=True)
    assert (found.quotes, found.near) == (best[:1], ())


def test_small_talk_is_not_searched_for(retriever: Retriever) -> None:
    answer = composed(replace(HARBOUR, small_talk=True), retriever, ALL, near=True)
    assert (answer.quotes, answer.near) == ((), ())


def test_near_copies_are_one_quote_that_names_the_others(retriever: Retriever) -> None:
    query = Query("?", "Why did the lighthouse on Cape Brell go dark?")
    answer = composed(query, retriever, ALL)
    of_report = [one for one in answer.quotes if one.article.path.startswith("lighthouse")]
    assert len(of_report) == 1
    named = [of_report[0].article, *of_report[0].also]
    assert sorted(one.path for one in named) == [one.card.path for one in LIGHTHOUSE]
    assert {one.source for one in named} == {"Coast Wire", "Olm Gazette", "Morning Tide"}
    others = [one for one in answer.quotes if not one.article.path.startswith(("light", "census"))]
    assert others
    assert all(quote.also == () for quote in others)


def test_near_copies_that_differ_in_a_number_are_both_quoted(retriever: Retriever) -> None:
    query = Query("?", "How many goats did the census of Sund find?")
    searcher = retriever.searcher
    rows = [
        row
        for row, stored in enumerate(searcher.passages(range(searcher.manifest.passages)))
        if stored.article.card.path.startswith("census")
    ]
    assert len(set(searcher.facts(np.array(rows)).copies)) == 1  # they are near-copies
    answer = composed(query, retriever, ALL)
    census = [one for one in answer.quotes if one.article.path.startswith("census")]
    told = ["4,120" if "4,120" in one.text or "4120" in one.text else "4,150" for one in census]
    assert sorted(told) == ["4,120", "4,150"]
    agreeing = [{one.article.path, *(card.path for card in one.also)} for one in census]
    assert sorted(map(sorted, agreeing)) == [
        ["census-0.md", "census-2.md"],
        ["census-1.md", "census-3.md"],
    ]
    assert [one.n for one in answer.quotes] == list(range(1, len(answer.quotes) + 1))


def test_an_article_that_repeats_itself_does_not_also_carry_itself(retriever: Retriever) -> None:
    searcher = retriever.searcher
    (number,) = [n for n, one in enumerate(ARCHIVE) if one is REFRAIN]
    facts = searcher.facts(np.arange(searcher.manifest.passages))
    first, second = (facts.articles == number).nonzero()[0].tolist()
    assert facts.copies[second] == facts.copies[first]
    assert searcher.near_copies(first).tolist() == [second]
    query = Query("?", "Who sang that the ferry is always late?")
    quotes = [
        one for one in composed(query, retriever, ALL).quotes if one.article.title == "A song"
    ]
    assert [quote.also for quote in quotes] == [()]


def test_the_same_words_are_quoted_once(retriever: Retriever) -> None:
    # Too short to be grouped as near-copies, yet word for word the same.
    answer = composed(Query("?", "Что с переговорами о соли?"), retriever, ALL)
    texts = [quote.text for quote in answer.quotes]
    assert TALKS[0].text == TALKS[1].text
    assert texts.count(TALKS[0].text) == 1
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("share", [1, 2])
def test_an_article_gets_its_share_at_most(retriever: Retriever, share: int) -> None:
    query = Query("?", "渔民哈尔沃在哪里捞起浮标?")
    assert paths(composed(query, retriever, ALL).quotes).count("long.md") > 2
    quotes = composed(query, retriever, replace(ALL, per_article=share)).quotes
    assert paths(quotes).count("long.md") == share
    assert len(quotes) > share


@pytest.mark.parametrize("count", [1, 3])
def test_not_more_quotes_than_asked_for(retriever: Retriever, count: int) -> None:
    best = composed(HARBOUR, retriever, ALL).quotes
    assert composed(HARBOUR, retriever, replace(ALL, quotes=count)).quotes == best[:count]


def test_a_comparison_is_in_the_order_of_dates(retriever: Retriever) -> None:
    ranked = composed(HARBOUR, retriever, ALL)
    dated = composed(replace(HARBOUR, compare=True), retriever, ALL)
    assert sorted(paths(ranked.quotes)) == sorted(paths(dated.quotes))
    assert numbers(dated) == list(range(1, len(dated.quotes) + 1))
    dates = [quote.article.date for quote in dated.quotes]
    known = [when for when in dates if when]
    assert known == sorted(known)
    assert known != [quote.article.date for quote in ranked.quotes if quote.article.date]
    assert dates[: len(known)] == known  # those without a date are last
    assert len(known) < len(dates)
    assert dated.score == ranked.score


@pytest.mark.parametrize("skip", [1, 3])
def test_an_answer_that_goes_on_begins_after_what_was_shown(
    retriever: Retriever, skip: int
) -> None:
    limits = replace(ALL, quotes=2)
    every = composed(HARBOUR, retriever, ALL).quotes
    answer = composed(HARBOUR, retriever, limits, near=True, skip=skip)
    assert answer.quotes == every[skip : skip + 2]
    assert (answer.skipped, answer.score) == (skip, every[0].score)
    beyond = composed(HARBOUR, retriever, limits, near=True, skip=len(every))
    assert (beyond.quotes, beyond.near, beyond.skipped) == ((), (), len(every))


def test_a_comparison_that_goes_on_is_by_date_again(retriever: Retriever) -> None:
    limits, compare = replace(ALL, quotes=4), replace(HARBOUR, compare=True)
    ranked = composed(HARBOUR, retriever, limits, skip=4).quotes
    dated = composed(compare, retriever, limits, skip=4).quotes
    assert [quote.n for quote in dated] == [5, 6, 7, 8]
    by_date = sorted(ranked, key=lambda quote: str(quote.article.date or "none"))
    assert [quote.text for quote in dated] == [quote.text for quote in by_date]
    assert by_date != list(ranked)


def test_a_preferred_window_is_kept_when_it_answers(retriever: Retriever) -> None:
    query = replace(HARBOUR, preferred=Window(date(2021, 1, 1), date(2021, 10, 31)))
    answer = composed(query, retriever, ALL)
    assert paths(answer.quotes)[0] == "harbour-early.md"
    assert set(paths(answer.quotes)) == {"harbour-early.md", "observatory.md"}  # this has no date
    assert not answer.widened


@pytest.mark.parametrize(
    "window",
    [
        Window(date(1999, 1, 1), date(1999, 12, 31)),  # nothing was published
        Window(date(2023, 2, 1), date(2023, 2, 28)),  # an article about bees was
    ],
)
def test_the_search_widens_when_a_preferred_window_does_not_answer(
    retriever: Retriever, window: Window
) -> None:
    best = composed(HARBOUR, retriever, ALL).quotes[0]
    limits = replace(ALL, threshold=best.score)
    answer = composed(replace(HARBOUR, preferred=window), retriever, limits)
    assert answer.widened
    assert answer.quotes == (best,)


def test_what_is_much_more_relevant_wins_over_a_preferred_window(retriever: Retriever) -> None:
    bees = Window(date(2023, 2, 1), date(2023, 2, 28))
    answer = composed(replace(HARBOUR, preferred=bees), retriever, ALL)  # the bees answer too
    assert "bees.md" not in paths(answer.quotes)[:1]
    assert not answer.widened


def test_a_filter_never_widens(retriever: Retriever) -> None:
    bees = Window(date(2023, 2, 1), date(2023, 2, 28))
    query = replace(HARBOUR, filters=replace(HARBOUR.filters, window=bees))
    answer = composed(query, retriever, replace(ALL, threshold=1), near=True)
    assert set(paths(answer.near)) == {"bees.md"}
    assert not answer.widened


@dataclass(frozen=True)
class Marker:
    """A reader that finds some words wherever they stand, and nothing anywhere else."""

    words: str

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        assert question
        return [self._reading(text) for _, text in passages]

    def _reading(self, text: str) -> Reading:
        start = text.find(self.words)
        if start < 0:
            return Reading(-6.0)
        logits = np.zeros((len(text), 2), np.float32)
        logits[start, 0] = logits[start + len(self.words) - 1, 1] = 9
        letters = np.arange(len(text))
        return Reading(6.0, Marks(letters, letters + 1, logits))


def test_what_the_reader_marks_is_highlighted(retriever: Retriever) -> None:
    query, one = Query("?", "更换钢桩需要几个月?"), replace(ALL, quotes=1)
    (matched,) = composed(query, retriever, one).quotes
    (read,) = composed(query, replace(retriever, reader=Marker("冬季之前会公布")), one).quotes
    assert (matched.answer, matched.text) == (None, read.text)
    assert read.answer is not None
    assert read.text[slice(*read.answer)] == "冬季之前会公布"
    ((start, end),) = read.highlights
    assert read.text[start:end].endswith("的安排，冬季之前会公布结果。")
    assert read.highlights != matched.highlights


def test_no_words_are_marked_in_a_near_miss(retriever: Retriever) -> None:
    query = Query("?", "更换钢桩需要几个月?")
    reading = replace(retriever, reader=Marker("冬季之前会公布"))
    (quote, *_) = composed(query, reading, ALL).quotes
    (near, *_) = composed(query, reading, replace(ALL, threshold=1), near=True).near
    assert (near.text, near.highlights) == (quote.text, quote.highlights)
    assert quote.answer is not None
    assert near.answer is None


def test_what_the_reader_finds_nowhere_is_not_answered(retriever: Retriever) -> None:
    reading = replace(retriever, reader=Marker("费用由渔民承担"))
    assert composed(HARBOUR, retriever, replace(ALL, threshold=0.5)).quotes
    assert not composed(HARBOUR, reading, replace(ALL, threshold=0.5)).quotes


def test_what_the_reader_marks_counts_from_the_passage_in_its_paragraph(tmp_path: Path) -> None:
    """A passage may begin inside a paragraph, of which the sentences are looked at from the beginning."""
    others = "".join(f"第{n}座浮标昨天换了灯。" for n in range(30))
    text = f"{others}新码头要等四个月才能通航。{others}"
    build_index(tmp_path, [article("a.md", text)])
    retriever = replace(open_retriever(LocalFiles(tmp_path)), reader=Marker("等四个月"))
    (quote,) = composed(Query("?", "浮标昨天换了什么?"), retriever, replace(ALL, quotes=1)).quotes
    retriever.searcher.close()
    ((start, end),) = quote.highlights
    assert quote.text[start:end] == "新码头要等四个月才能通航。"
    assert quote.answer is not None
    assert quote.text[slice(*quote.answer)] == "等四个月"


def test_over_time_both_ends_are_quoted(tmp_path: Path) -> None:
    days = ("2021-05-01", "2021-06-01", "2021-07-01", "2021-08-01", "2021-09-01", None)
    said = (
        "达斯科说，防波堤的石料还在山里，谁也不知道哪天能运到。",
        "渔民问起防波堤，达斯科说先修灯塔。",
        "达斯科说，新码头的防波堤还要等四个月。",
        "防波堤又裂开两处，达斯科说责任在承建商，赔偿正在谈判。",
        "达斯科说防波堤已经完工，剪彩的鞋都买好了。",
        "达斯科在酒馆里说过防波堤的笑话。",
    )
    build_index(
        tmp_path,
        [article(f"{n}.md", said[n], day=day) for n, day in enumerate(days)],
    )
    opened = open_retriever(LocalFiles(tmp_path))
    query = Query("?", "达斯科说新码头的防波堤还要等四个月", compare=True)
    three = replace(ALL, quotes=3)
    first = composed(query, opened, three)
    assert {"0.md", "2.md", "4.md"} == set(paths(first.quotes))
    assert [quote.n for quote in first.quotes] == [1, 2, 3]
    rest = composed(query, opened, three, skip=3)
    assert {"1.md", "3.md", "5.md"} == set(paths(rest.quotes))
    opened.searcher.close()


def test_the_answering_sentence_is_highlighted(retriever: Retriever) -> None:
    (quote,) = composed(Query("?", "多少根钢桩存在裂缝?"), retriever, replace(ALL, quotes=1)).quotes
    ((start, end),) = quote.highlights
    assert quote.text[start:end] == HARBOUR_EARLY.paragraphs[1].text


def test_the_highlight_is_right_where_the_quote_begins_before_the_passage(
    retriever: Retriever,
) -> None:
    query = Query("?", "蒸汽锅炉的维修费是多少?")
    (quote,) = composed(query, retriever, replace(ALL, quotes=1)).quotes
    (stored,) = retriever.searcher.passages([quote.passage_id])
    assert quote.text == SALT.text
    assert (quote.start, stored.passage.start > 0) == (0, True)
    ((start, end),) = quote.highlights
    assert quote.text[start:end] == "蒸汽锅炉的维修费是四十万克朗。"


def test_a_quote_is_cited_in_full(retriever: Retriever) -> None:
    (quote,) = composed(HARBOUR, retriever, replace(ALL, quotes=1)).quotes
    (cited,) = [one.card for one in ARTICLES if one.card.path == quote.article.path]
    assert quote.article == cited


WORDS = sorted(
    {
        piece
        for text in (one.text for one in ARCHIVE)
        for piece in (text[at : at + 6] for at in range(0, len(text), 5))
        if any(map(str.isalpha, piece))
    }
)


@settings(max_examples=25, deadline=None)
@given(
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=8),
    quotes=st.integers(1, 30),
    per_article=st.integers(1, 5),
    compare=st.booleans(),
)
def test_every_quote_is_an_exact_part_of_its_article(
    retriever: Retriever, words: list[str], quotes: int, per_article: int, *, compare: bool
) -> None:
    query = Query("?", " ".join(words), compare=compare)
    answer = composed(query, retriever, Limits(quotes, per_article, threshold=0))
    assert numbers(answer) == list(range(1, len(answer.quotes) + 1))
    assert 0 < len(answer.quotes) <= quotes
    assert len({quote.text for quote in answer.quotes}) == len(answer.quotes)
    for quote in answer.quotes:
        check_quote(quote)


@pytest.mark.parametrize("number", range(len(LIST.paragraphs)))
def test_a_statement_over_several_paragraphs_is_quoted_right(
    retriever: Retriever, number: int
) -> None:
    query = Query("?", LIST.paragraphs[number].text)
    (quote,) = composed(query, retriever, replace(ALL, quotes=1)).quotes
    assert quote.article.path == "list.md"
    check_quote(quote)


def check_quote(quote: Quote) -> None:
    text = next(one.text for one in ARCHIVE if one.card.path == quote.article.path)
    assert text[quote.start : quote.end] == quote.text != ""
    first = text[: quote.start].count(PARAGRAPH_BREAK)
    last = text[: quote.end].count(PARAGRAPH_BREAK)
    assert quote.paragraphs == tuple(range(first, last + 1))
    before, after = text[: quote.start], text[quote.end :]
    assert quote.cut == (
        not (before == "" or before.endswith(PARAGRAPH_BREAK)),
        not (after == "" or after.startswith(PARAGRAPH_BREAK)),
    )
    places = [place for span in quote.highlights for place in span]
    assert places == sorted(set(places))
    assert quote.highlights
    assert 0 <= places[0] < places[-1] <= len(quote.text)
    assert 0 <= quote.score <= 1
