"""What is read of an article besides its quotes: the surroundings and the card."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.engines.local import LocalFiles
from qa.quoting.answer import Limits
from qa.service import Place, Service
from tests.archive import ARTICLES, HARBOUR_EARLY, OBSERVATORY, article, build_index
from tests.qa.retrieving import open_retriever


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build_index(tmp_path, ARTICLES)
    return tmp_path


@pytest.fixture
def service(folder: Path) -> Iterator[Service]:
    limits = Limits(quotes=3, per_article=2, threshold=0.0)
    with Service(LocalFiles(folder), open_retriever, limits) as opened:
        yield opened


def place(service: Service, question: str, words: str) -> Place:
    """Where a quote that holds certain words stands."""
    quotes = service.answer(question, quotes=9).quotes
    found = Place.of(next(quote for quote in quotes if words in quote.text))
    text = words
    start = found.start + next(quote for quote in quotes if words in quote.text).text.index(text)
    return replace(found, start=start, end=start + len(text))


def test_the_paragraphs_around_a_quote(service: Service) -> None:
    first, second, third = (paragraph.text for paragraph in HARBOUR_EARLY.paragraphs)
    words = "其中十七根存在裂缝"
    found = service.surroundings(place(service, "多少根钢桩存在裂缝？", words))
    assert found is not None
    assert (found.before, found.text, found.after) == (first, second, third)
    assert found.text[slice(*found.span)] == words
    assert found.article == HARBOUR_EARLY.card
    assert (found.article.path, found.article.title, found.article.source) == (
        "harbour-early.md",
        "达斯科：新码头不会提前开放",
        "奥尔姆晚报",
    )


@pytest.mark.parametrize(
    ("n", "words"), [(0, "its largest telescope"), (2, "A mirror that nobody")]
)
def test_nothing_stands_before_the_first_or_after_the_last(
    service: Service, n: int, words: str
) -> None:
    paragraphs = [paragraph.text for paragraph in OBSERVATORY.paragraphs]
    found = service.surroundings(place(service, "What happens to the telescope mirror?", words))
    assert found is not None
    assert found.text == paragraphs[n]
    assert found.before == (None if n == 0 else paragraphs[n - 1])
    assert found.after == (None if n == 2 else paragraphs[n + 1])


def test_a_quote_over_several_paragraphs(service: Service) -> None:
    first, second, third = (paragraph.text for paragraph in HARBOUR_EARLY.paragraphs)
    at = place(service, "多少根钢桩存在裂缝？", "其中十七根存在裂缝")
    found = service.surroundings(replace(at, start=5, end=len(first) + 3))
    assert found is not None
    assert (found.before, found.text, found.after) == (None, f"{first}\n{second}", third)
    assert found.span == (5, len(first) + 3)


def test_what_is_no_longer_there(service: Service, folder: Path) -> None:
    at = place(service, "多少根钢桩存在裂缝？", "其中十七根存在裂缝")
    assert service.surroundings(replace(at, sha256="0" * 64)) is None
    build_index(folder, [article("other.md", "Nothing else is left.")])
    assert service.surroundings(at) is None


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("Coast Wire", "Coast Wire"),
        (" coast wire ", "Coast Wire"),
        ("奧爾姆晚報", "奥尔姆晚报"),
        ("Вестник Яра", "Вестник Яра"),
        ("coast", None),
        ("Coast Wire says", None),
        ("", None),
    ],
)
def test_a_source_is_found_by_its_name(service: Service, name: str, source: str | None) -> None:
    assert service.source_named(name) == source


def test_all_sources(service: Service) -> None:
    assert set(service.sources()) == {
        "奥尔姆晚报", "Coast Wire", "Olm Gazette", "Morning Tide", "Вестник Яра",
    }  # fmt: skip


def test_the_contents_are_every_article_once(service: Service) -> None:
    contents = {one.card.path: one for one in service.contents()}
    assert len(contents) == len(list(service.contents())) == len(ARTICLES)
    for one in ARTICLES:
        held = contents[one.card.path]
        assert (held.card, held.text) == (one.card, one.text)
        assert held.passages
        assert all(passage in one.text for passage in held.passages)
    assert len(contents["harbour-early.md"].passages) > 1
    assert sum(len(one.passages) for one in contents.values()) == service.status().manifest.passages


def test_an_empty_archive_has_no_contents(tmp_path: Path) -> None:
    build_index(tmp_path / "empty", [])
    limits = Limits(quotes=3, per_article=2, threshold=0.0)
    with Service(LocalFiles(tmp_path / "empty"), open_retriever, limits) as opened:
        assert list(opened.contents()) == []
