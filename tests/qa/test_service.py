from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from config.loading import load_settings
from index.encoders.models import Models
from index.encoders.protocol import EncoderInfo
from index.errors import EncoderMismatch, IndexDamaged, IndexMissing
from index.generations.folders import current
from index.text.tokens import script
from index.types import Role, Vectors
from qa.opening import open_service
from qa.retrieval.retriever import SCRIPTS
from qa.service import Service
from qa.types import Answer, Filters, Query, Turn, Window
from tests.archive import (
    ARTICLES,
    BEES,
    HARBOUR_EARLY,
    HARBOUR_LATE,
    LIGHTHOUSE,
    build_index,
    models,
    table,
)

QUESTIONS = {
    "多少根钢桩存在裂缝？": "harbour-early.md",
    "达斯科承认自己判断错了吗？": "harbour-late.md",
    "What will happen to the mirror of the telescope?": "observatory.md",
    "Кто вывел морозостойких пчёл?": "bees.md",
}


LIGHTHOUSES = {article.card.path for article in LIGHTHOUSE}


def opened(index_dir: Path, **answer: float) -> Service:
    settings = load_settings().with_flags(
        index={"dir": index_dir}, answer={"threshold": 0, **answer}
    )
    return open_service(settings, models())


@pytest.fixture(autouse=True)
def no_settings_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    build_index(folder, ARTICLES)
    return folder


@pytest.fixture
def service(index_dir: Path) -> Iterator[Service]:
    with opened(index_dir) as service:
        yield service


def first(answer: Answer) -> str:
    return answer.quotes[0].article.path


def timeless(answer: Answer) -> Answer:
    return replace(answer, elapsed_ms=0)


def test_the_words_of_a_russian_question_are_looked_for_in_chinese(index_dir: Path) -> None:
    settings = load_settings().with_flags(
        index={"dir": index_dir}, answer={"reader": "off"}, retrieval={"candidates": 1}
    )
    with open_service(settings, models()) as service:
        hits = service.search("Что сказал министр о расходах?")
        assert any("表示" in one.passage.text for one in service.stored(hits))


@pytest.mark.parametrize(("question", "path"), QUESTIONS.items())
def test_a_question_is_answered(service: Service, question: str, path: str) -> None:
    answer = service.answer(question)
    assert first(answer) == path
    assert answer.query.question == question
    assert answer.elapsed_ms > 0


def test_english_questions_are_translated(service: Service) -> None:
    question = "When did they expect the new pier to open?"
    opened = service._holding.current()
    untranslated = replace(opened, ranker=replace(opened.ranker, dictionary=None))
    assert service.search(question) != untranslated.search(Query(question, question))


def test_the_settings_say_how_much_is_quoted(index_dir: Path) -> None:
    question = "新码头什么时候开放？"
    with opened(index_dir, quotes=3, quotes_per_article=1) as service:
        paths = [quote.article.path for quote in service.answer(question).quotes]
        assert len(paths) == len(set(paths)) == 3
        assert len(service.answer(question, quotes=2).quotes) == 2
    with opened(index_dir, threshold=1) as service:
        answer = service.answer(question)
        assert (answer.quotes, answer.near) == ((), ())
        assert service.answer(question, near=True).near


def test_filters_beside_the_question_hold(service: Service) -> None:
    window = Window(date(2021, 1, 1), date(2021, 10, 31))
    answer = service.answer("新码头什么时候开放？", filters=Filters(window=window))
    assert {quote.article.path for quote in answer.quotes} == {"harbour-early.md"}
    by_source = service.answer("Who said what?", filters=Filters(source="Вестник Яра"))
    assert {quote.article.path for quote in by_source.quotes} == {"bees.md"}


def test_a_language_beside_the_question_holds(service: Service) -> None:
    question = "Кто вывел пчёл, mirror 钢桩?"
    for language, written in SCRIPTS.items():
        hits = service.search(question, Filters(language=language))
        texts = [one.passage.text for one in service.stored(hits)]
        assert {script(text) for text in texts} == {written}
    answer = service.answer("新码头什么时候开放？", filters=Filters(language="en"))
    assert {quote.article.path for quote in answer.quotes} <= {"observatory.md"} | LIGHTHOUSES


def test_articles_that_stand_out_are_told_when_they_are_wanted(service: Service) -> None:
    question = "多少根钢桩存在裂缝？"
    assert service.answer(question).considered == ()
    considered = service.answer(question, consider=True).considered
    assert considered[0].path == "harbour-early.md"
    assert len({card.path for card in considered}) == len(considered)


def test_an_article_is_known_by_its_file(service: Service) -> None:
    card, text = service.article(BEES.card.sha256) or pytest.fail("it is there")
    assert (card, text) == (BEES.card, BEES.text)
    assert service.article("0" * 64) is None


def test_sources_of_the_archive_are_understood(service: Service) -> None:
    answer = service.answer("奥尔姆晚报怎么说新码头？")
    assert answer.query.filters.source == "奥尔姆晚报"
    assert {quote.article.source for quote in answer.quotes} == {"奥尔姆晚报"}


def test_sources_are_found_by_parts_of_their_names(service: Service) -> None:
    every = service.sources()
    assert len(every) > 1
    for name in every:
        assert name in service.sources(f" {name[1:3].upper()} ")
    assert service.sources("zxqv") == ()


def test_the_newest_articles_obey_filters(service: Service) -> None:
    dated = [one.card for one in ARTICLES if one.card.date]
    newest = max(dated, key=lambda card: card.date or datetime.min.replace(tzinfo=UTC))
    assert [card.date for card in service.newest(1)] == [newest.date]
    assert newest.date is not None
    before = Filters(Window(until=newest.date.date() - timedelta(days=1)))
    assert all((card.date or newest.date) < newest.date for card in service.newest(99, before))
    assert service.newest(1, Filters(source="nobody")) == []


def test_a_window_without_articles_is_told_what_the_archive_has(service: Service) -> None:
    answer = service.answer(
        "新码头什么时候开放？", filters=Filters(Window(date(1999, 1, 1), date(1999, 12, 31)))
    )
    assert not answer.quotes
    whole = answer.archive
    assert whole
    assert whole.since
    assert whole.until
    assert whole.since < whole.until
    for question in ("新码头什么时候开放？", "1999年新码头什么时候开放？"):
        assert service.answer(question).archive is None


def test_relative_dates_count_from_now(service: Service) -> None:
    now = datetime(2022, 6, 15, 12, 0, tzinfo=UTC)
    answer = service.answer("达斯科上个月怎么说新码头？", now=now)
    assert answer.query.preferred == Window(date(2022, 5, 1), date(2022, 5, 31))
    assert not answer.widened
    assert first(answer) == "harbour-late.md"


def test_a_follow_up_leans_on_the_turns_before(service: Service) -> None:
    turns = [Turn("新码头什么时候开放?")]
    answer = service.answer("为什么？", turns=turns)
    assert answer.query.follow_up
    assert "新码头" in answer.query.text
    assert not service.answer("为什么？").query.follow_up


def test_small_talk_and_nothing_at_all(service: Service) -> None:
    for text in ("你好", "", "   ", "???"):
        answer = service.answer(text, near=True)
        assert answer.query.small_talk
        assert (answer.quotes, answer.near) == ((), ())


def test_articles_are_ranked_by_their_best_passage(service: Service) -> None:
    ranked = service.rank_articles("多少根钢桩存在裂缝？", 3)
    paths, scores = zip(*ranked, strict=True)
    assert paths[0] == "harbour-early.md"
    assert len(set(paths)) == 3
    assert list(scores) == sorted(scores, reverse=True)
    assert len(service.rank_articles("多少根钢桩存在裂缝？", 100)) == len(ARTICLES)
    hits = service.search("多少根钢桩存在裂缝？")
    assert scores[0] == hits[0].relevance


def test_several_threads_get_what_one_gets(service: Service) -> None:
    alone = {question: timeless(service.answer(question)) for question in QUESTIONS}
    asked = list(QUESTIONS) * 15
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(service.answer, asked))
    for question, answer in zip(asked, answers, strict=True):
        assert timeless(answer) == alone[question]


def test_the_next_question_is_answered_from_a_new_generation(tmp_path: Path) -> None:
    build_index(tmp_path, [HARBOUR_EARLY, BEES])
    with opened(tmp_path) as service:
        before = service.status()
        assert first(service.answer("达斯科承认自己判断错了吗？")) == "harbour-early.md"
        build_index(tmp_path, [HARBOUR_EARLY, BEES, HARBOUR_LATE])
        assert first(service.answer("达斯科承认自己判断错了吗？")) == "harbour-late.md"
        after = service.status()
    assert before.generation != after.generation
    assert (before.manifest.articles, after.manifest.articles) == (2, 3)


@pytest.mark.slow
def test_generations_change_under_questions_from_several_threads(tmp_path: Path) -> None:
    build_index(tmp_path, [HARBOUR_EARLY, BEES])
    with opened(tmp_path) as service, ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(service.answer, "多少根钢桩存在裂缝？") for _ in range(40)]
        for _ in range(3):
            build_index(tmp_path, [BEES, HARBOUR_EARLY, HARBOUR_LATE])
            asked += [pool.submit(service.answer, "多少根钢桩存在裂缝？") for _ in range(40)]
        for future in asked:
            answer = future.result()
            assert first(answer) == "harbour-early.md"
            assert "裂缝" in answer.quotes[0].text


def test_status_tells_which_generation_answers(service: Service, index_dir: Path) -> None:
    status = service.status()
    assert status.generation == current(index_dir).name
    assert status.manifest.articles == len(ARTICLES)


def test_no_index_yet_names_the_folder(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=r"^there is no index in .*/none yet$"):
        opened(tmp_path / "none")


class OtherEncoder:
    """An encoder that is not the one the index was built with."""

    info = EncoderInfo("other/model", "1", 256)
    table = None
    lasting = False

    def encode(self, texts: Sequence[str], role: Role = "passage") -> Vectors:
        raise NotImplementedError


def test_another_encoder_than_the_indexs_is_refused(index_dir: Path) -> None:
    settings = load_settings().with_flags(index={"dir": index_dir})
    with pytest.raises(EncoderMismatch, match=r"bundled.*other/model"):
        open_service(settings, Models(OtherEncoder(), table()))
    with open_service(settings, models()) as service:
        assert service.status().manifest.encoder.name == "bundled"


def test_a_damaged_index_is_named(tmp_path: Path) -> None:
    build_index(tmp_path, ARTICLES)
    (current(tmp_path) / "days.npy").write_bytes(b"")
    with pytest.raises(IndexDamaged, match=r"days\.npy: missing or damaged, for the SHA-256"):
        opened(tmp_path)


def test_a_query_keeps_what_was_typed(service: Service) -> None:
    typed = "  新码头什么时候开放？？ "
    assert service.answer(typed).query == Query(typed, service.answer(typed).query.text)
