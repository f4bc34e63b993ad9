"""An entry -> a file that reads back as the same article."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles.extract import extract
from index.feeds.article_file import article_file, file_name
from index.feeds.parse import Entry
from index.text.whitespace import clean

ENTRY = Entry(
    key="n-17",
    title="渡轮复航",
    author="Mira Dask",
    date=datetime(2024, 3, 5, 8, 30, tzinfo=timezone(timedelta(hours=8))),
    url="https://coast.example/a?x=1&copy=2",
    source="Coast Wire",
    categories=("Sea", "Weather"),
    body="<p>渡轮星期一恢复航行。</p>\n<p>A &lt; B, said &ldquo;Voss&rdquo;.</p>",
)


def test_the_file() -> None:
    assert article_file(ENTRY) == (
        "---\n"
        "title: 渡轮复航\n"
        "date: 2024-03-05 08:30:00+08:00\n"
        "author: Mira Dask\n"
        "url: https://coast.example/a?x=1&amp;copy=2\n"
        "source: Coast Wire\n"
        "categories:\n- Sea\n- Weather\n"
        "---\n\n"
        "<div>\n<p>渡轮星期一恢复航行。</p>\n<p>A &lt; B, said &ldquo;Voss&rdquo;.</p>\n</div>\n"
    )


def test_extraction_gives_it_back() -> None:
    read = extract(article_file(ENTRY), "a.md")
    assert [paragraph.text for paragraph in read.paragraphs] == [
        "渡轮星期一恢复航行。",
        "A < B, said “Voss”.",
    ]
    assert (read.title, read.metadata.reports) == (ENTRY.title, ())
    found = read.metadata
    assert (found.author, found.url, found.source) == (ENTRY.author, ENTRY.url, ENTRY.source)
    assert (found.date, found.categories) == (ENTRY.date, ENTRY.categories)
    assert found.date is not None
    assert found.date.utcoffset() == timedelta(hours=8)


TITLES = [
    "null", "~", "2021", "12:30", "No", "@desk", "- a", "a: b", "#x", "'", '"', "---", "%x", "!x",
    "{{ x }}", "[a]", "&amp; &", "&lt;b&gt;", "a\\n", "😀 ok", "x " * 200 + "end", "| x", "> x", "*x",
]  # fmt: skip


@pytest.mark.parametrize("title", TITLES)
def test_titles_that_mean_something_in_yaml(title: str) -> None:
    title = clean(title)
    entry = replace(ENTRY, title=title, author=title, source=title, categories=(title,))
    read = extract(article_file(entry), "a.md")
    found = read.metadata
    assert (read.title, found.categories) == (title, (title,))
    if title in {"null", "~"}:  # so programs say that there is none
        assert (found.author, found.source) == (None, "coast.example")
    else:
        assert (found.author, found.source) == (title, title)
    assert (read.metadata.reports, found.date, len(read.paragraphs)) == ((), ENTRY.date, 2)


@given(
    st.text(min_size=1).map(clean).filter(bool),
    st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - Hypothesis adds the zone
)
def test_any_title_and_date(title: str, date: datetime) -> None:
    read = extract(article_file(replace(ENTRY, title=title, date=date)), "a.md")
    assert (read.title, read.metadata.date, read.metadata.reports) == (title, date, ())
    name = file_name(replace(ENTRY, title=title, date=date))
    assert name.startswith(date.isoformat()[:10])
    assert len(name.encode()) < 255
    assert "/" not in name
    assert name.isprintable()


def test_what_is_not_known_has_no_key() -> None:
    entry = replace(ENTRY, author=None, date=None, url=None, categories=())
    assert article_file(entry).startswith("---\ntitle: 渡轮复航\nsource: Coast Wire\n---\n")
    read = extract(article_file(entry), "a.md")
    assert (read.metadata.date, read.metadata.url, read.metadata.reports) == (None, None, ())


def test_a_post_without_a_title_is_named_by_source_and_time() -> None:
    assert (
        extract(article_file(replace(ENTRY, title=None)), "a.md").title
        == "Coast Wire, 2024-03-05 08:30"
    )
    assert (
        extract(article_file(replace(ENTRY, title=None, date=None)), "a.md").title == "Coast Wire"
    )


def test_names() -> None:
    assert file_name(ENTRY) == "2024-03-05-渡轮复航.md"
    assert file_name(replace(ENTRY, title="../x/..", date=None)) == "_x_.md"
    assert file_name(replace(ENTRY, title=None)) == "2024-03-05-Coast Wire_ 2024-03-05 08_30.md"
