"""What the archive has only the title of is found by it, and stands beside what answers, never before it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from config.loading import load_settings
from qa.opening import open_service
from qa.quoting.titles import MOST
from qa.service import Service
from qa.types import Filters, Turn, Window
from tests.archive import ARTICLES, article, build_index, models

BREAKWATER = article(
    "breakwater.md", title="防波堤百年史：从木桩到钢桩", day="2021-05-01", source="海港社"
)
REEF = article("reef.md", title="The reef that ships avoid", day="2020-01-01", source="Coast Wire")
LATER = tuple(
    article(f"reef-{n}.md", title=f"The reef that ships avoid, part {n}") for n in range(2, 6)
)
PILES = article("piles.md", title="多少根钢桩存在裂缝", day="2021-03-03")


@pytest.fixture(scope="module")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("titles")
    first, *others = ARTICLES
    manifest = build_index(folder, [BREAKWATER, first, REEF, PILES, *others, *LATER])
    assert (manifest.articles, manifest.title_only) == (len(ARTICLES) + 7, 7)
    return folder


@pytest.fixture(autouse=True)
def no_settings_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def opened(index_dir: Path, threshold: float) -> Service:
    settings = load_settings().with_flags(
        index={"dir": index_dir}, answer={"threshold": threshold, "reader": "off"}
    )
    return open_service(settings, models())


@pytest.fixture
def service(index_dir: Path) -> Iterator[Service]:
    with opened(index_dir, 1.0) as service:  # nothing answers
        yield service


def paths(service: Service, question: str, filters: Filters | None = None) -> list[str]:
    titles = service.answer(question, filters=filters).titles
    assert all(card.title_only for card in titles)
    return [card.path for card in titles]


@pytest.mark.parametrize(
    ("question", "path"),
    [
        ("防波堤百年史", "breakwater.md"),
        ("防波堤百年史從木樁到鋼樁", "breakwater.md"),
        ("Ships avoid the reef", "reef.md"),
    ],
)
def test_it_is_found_by_its_title(service: Service, question: str, path: str) -> None:
    assert paths(service, question)[0] == path
    assert service.answer(question).answered is False


def test_what_shares_a_few_words_is_not(service: Service) -> None:
    assert paths(service, "防波堤的承建商是谁？") == []
    assert paths(service, "Why did the lighthouse on Cape Brell go dark?") == []


def test_what_has_a_text_is_not(service: Service) -> None:
    words = "奥尔姆港的港务长米雷娜·达斯科表示，防波堤的地基仍在下沉，更换钢桩需要四个月"
    assert paths(service, words) == []


def test_a_paragraph_that_answers_stands_alone(index_dir: Path, service: Service) -> None:
    question = "多少根钢桩存在裂缝？"
    assert paths(service, question) == ["piles.md"]
    with opened(index_dir, 0.0) as answering:
        answer = answering.answer(question)
        assert answer.quotes[0].article.path == "harbour-early.md"
        assert answer.titles == ()


def test_beside_what_is_about_keywords_it_is_told(index_dir: Path) -> None:
    with opened(index_dir, 0.0) as answering:
        answer = answering.answer("防波堤百年史")
        assert not answer.query.asks
        assert answer.quotes
        assert [card.path for card in answer.titles] == ["breakwater.md"]
        more = answering.answer("继续", turns=[Turn("防波堤百年史", shown=1)])
        assert more.skipped == 1
        assert more.titles == ()


def test_it_is_never_quoted(index_dir: Path) -> None:
    with opened(index_dir, 0.0) as answering:
        answer = answering.answer("防波堤百年史：从木桩到钢桩", quotes=99)
        assert "breakwater.md" not in {quote.article.path for quote in answer.quotes}
        assert all(BREAKWATER.card.title not in quote.text for quote in answer.quotes)


def test_filters_and_exact_words_hold(service: Service) -> None:
    reefs = "reef that ships avoid"
    assert paths(service, reefs, Filters(source="Coast Wire")) == ["reef.md"]
    assert paths(service, reefs, Filters(window=Window(until=date(2020, 12, 31)))) == ["reef.md"]
    assert paths(service, "防波堤百年史", Filters(language="en")) == []
    assert "reef.md" in paths(service, '"that ships avoid" reef')
    assert paths(service, '"ships that avoid" reef') == []


def test_no_more_than_a_few_are_told(service: Service) -> None:
    assert len(paths(service, "reef that ships avoid")) == MOST
