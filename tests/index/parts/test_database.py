from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.errors import IndexDamaged
from index.parts.database import FILE, Store, StoreWriter
from index.types import Article, Card, FileReport, Paragraph, Passage

TEXT = "大桥通车了𠮷。\nIt opened.\nThe end."


def article(title: str, **changes: object) -> Article:
    values = {
        "path": f"/archive/{title}.md",
        "sha256": "0" * 64,
        "title": title,
        "author": "Reporter",
        "date": datetime(2021, 12, 3, 5, 42, tzinfo=UTC),
        "url": "https://example.org/1",
        "source": "Daily",
        "language": "zh-Hans",
    }
    card = Card(**{**values, **changes})  # type: ignore[arg-type]  # values by name
    paragraphs = zip(TEXT.split("\n"), (None, "One", "One"), strict=True)
    return Article(card, ("a", "b"), (), tuple(Paragraph(*paragraph) for paragraph in paragraphs))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the database of two articles."""
    writer = StoreWriter(tmp_path)
    first = Passage(text=TEXT[:7], paragraphs=(0,), start=0, end=7)
    rest = Passage(text=TEXT[8:], paragraphs=(1, 2), start=8, end=len(TEXT))
    assert writer.add(article("One"), [first, rest]) == 0
    assert writer.add(article("Two", date=None, source=None, truncated=True), [first]) == 2
    assert [writer.source_number(name) for name in ("Daily", None, "Other", "Daily")] == [
        1,
        0,
        2,
        1,
    ]
    writer.skip(FileReport("bad.md", "empty file", "0 bytes", line=3, sha256="1" * 64))
    writer.finish()
    return tmp_path


def test_passages_are_spans_of_their_article(folder: Path) -> None:
    two, one = Store(folder).passages([1, 0])
    assert (two.row, one.row) == (1, 0)
    assert one.passage.text == "大桥通车了𠮷。"
    assert two.passage == Passage("It opened.\nThe end.", (1, 2), 8, len(TEXT))
    assert TEXT[two.passage.start : two.passage.end] == two.passage.text
    assert one.article == two.article


def test_an_article_comes_back_as_it_was(folder: Path) -> None:
    one, two = Store(folder).articles()
    assert (one.id, two.id) == (0, 1)
    assert one.card == article("One").card
    assert two.card == article("Two", date=None, source=None, truncated=True).card
    assert two.card.truncated
    assert list(Store(folder).whole_articles()) == [
        article("One"),
        article("Two", date=None, source=None, truncated=True),
    ]


def test_text_by_article(folder: Path) -> None:
    store = Store(folder)
    assert store.article_text(0) == TEXT
    assert [stored.row for stored in store.passages_of(0)] == [0, 1]


def test_sources_in_use_and_skipped_files_are_kept(folder: Path) -> None:
    store = Store(folder)
    assert store.sources == {"Daily": 1}
    (skipped,) = store.skipped()
    assert skipped == FileReport("bad.md", "empty file", "0 bytes", 3)
    assert skipped.sha256 == "1" * 64


def test_an_article_is_found_by_its_content(folder: Path) -> None:
    found = Store(folder).article_of_content("0" * 64)
    assert found is not None
    assert (found.id, found.card.title) == (0, "One")
    assert Store(folder).article_of_content("1" * 64) is None


def test_articles_of_another_generation_are_kept_with_their_passages(folder: Path) -> None:
    following = folder / "next"
    following.mkdir()
    writer = StoreWriter(following, folder)
    passage = Passage(text=TEXT[:7], paragraphs=(0,), start=0, end=7)
    assert writer.source_number("Other") == 2
    writer.add(article("New", source="Other"), [passage])
    writer.keep(range(1, 2), range(2, 3))
    writer.move(1, "/elsewhere/Two.md")
    assert (writer.articles, writer.passages) == (2, 2)
    writer.finish()
    store = Store(following)
    assert [one.card.title for one in store.articles()] == ["New", "Two"]
    assert [one.card.path for one in store.articles()][1] == "/elsewhere/Two.md"
    assert [stored.row for stored in store.passages_of(1)] == [1]
    assert store.article_text(1) == TEXT
    assert store.sources == {"Other": 2}
    assert [one.card.title for one in Store(folder).articles()] == ["One", "Two"]


def test_a_row_that_does_not_exist_is_damage(folder: Path) -> None:
    with pytest.raises(IndexDamaged, match="passage 7"):
        Store(folder).passages([0, 7])


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\x00 but not really" * 100])
def test_a_damaged_file_is_named(folder: Path, content: bytes) -> None:
    (folder / FILE).write_bytes(content)
    with pytest.raises(IndexDamaged, match=rf"{FILE}: expected the database of an index, but"):
        Store(folder)
