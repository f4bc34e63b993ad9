"""What the head of an article file says of its article."""

from datetime import UTC, datetime

import pytest

from index.articles.front_matter import split_front_matter
from index.articles.metadata import Metadata, read_metadata, with_origin
from index.articles.origin import Said
from index.types import FileReport


def _metadata(head: str) -> Metadata:
    return read_metadata(split_front_matter(f"---\n{head}\n---\nbody", "a.md"), "a.md")


def test_every_field_is_read() -> None:
    assert _metadata(
        "title: a\nauthor: b\ndate: 2021-03-04\nurl: https://u\nsource: s\n"
        "categories: c\ntags:\n - d\n - e"
    ) == Metadata(
        title="a",
        author="b",
        date=datetime(2021, 3, 4, tzinfo=UTC),
        url="https://u",
        source="s",
        categories=("c",),
        tags=("d", "e"),
    )


@pytest.mark.parametrize("value", ["2021", "12:30", "No", "0x1F", "~", "2021-03-04", "1e3"])
def test_a_title_is_the_text_that_stands_there(value: str) -> None:
    assert _metadata(f"title: {value}").title == value


def test_texts_are_cleaned_and_what_is_empty_is_not_there() -> None:
    metadata = _metadata(
        "title: ' a &amp;\u3000b '\nauthor: [ c, d ]\nsource: ' '\ntags: [ '', e ]"
    )
    assert (metadata.title, metadata.author) == ("a & b", "c, d")
    assert (metadata.source, metadata.tags) == (None, ("e",))
    assert _metadata("layout: page") == Metadata()


def test_an_unreadable_date_is_reported() -> None:
    metadata = _metadata("title: a\ndate: Invalid Date")
    assert metadata.date is None
    assert metadata.reports == (
        FileReport("a.md", "unreadable date", "'Invalid Date'; the article has none", 3),
    )


def test_what_was_mended_in_the_head_comes_first() -> None:
    metadata = _metadata("title: 'It's\ndate: x")
    assert [report.reason for report in metadata.reports] == [
        "broken front matter",
        "unreadable date",
    ]


@pytest.mark.parametrize(
    ("head", "source", "url"),
    [
        ("from: https://a\nauthor: b\ntags: [ c, d ]", "c", "https://a"),
        ("from: https://a\nauthor: b", "b", "https://a"),
        ("headimg: x\nauthor: b\ntags: [ c ]", "b", None),
        ("thumbnail:\nauthor: b", "b", None),
        ("source: s\nurl: https://u\ntags: [ c ]", "s", "https://u"),
        ("source: '`s.example/a`'\nurl: https://s.example/a", None, "https://s.example/a"),
        ("layout: page", None, None),
    ],
)
def test_source_and_url(head: str, source: str | None, url: str | None) -> None:
    metadata = _metadata(head)
    assert (metadata.source, metadata.url) == (source, url)


@pytest.mark.parametrize(
    ("url", "source"),
    [
        (
            "https://web.archive.org/web/20210628192332/https://www.harbour.example/fog",
            "harbour.example",
        ),
        ("https://archive.ph/20210628/http://harbour.example/fog", "harbour.example"),
        ("https://web.archive.org/details/harbour", "web.archive.org"),
    ],
)
def test_the_site_is_the_one_that_an_archive_of_the_web_has_kept(url: str, source: str) -> None:
    metadata = with_origin(_metadata(f"url: {url}"), Said())
    assert (metadata.source, metadata.url) == (source, url)
