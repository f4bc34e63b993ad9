"""Front matter: what it says, what can be mended in it, and what cannot."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from index.articles.front_matter import (
    FrontMatter,
    Metadata,
    _TextLoader,
    parse_date,
    read_metadata,
    split_front_matter,
)
from index.errors import ArticleError


def _front(head: str) -> FrontMatter:
    return split_front_matter(f"---\n{head}\n---\nbody")


def _metadata(head: str) -> Metadata:
    return read_metadata(_front(head))


def test_head_and_body_are_cut_at_the_closing_line() -> None:
    front = split_front_matter("\n---\ntitle: a\n---\nb\n------\nc\n---\nd")
    assert front.fields == {"title": "a"}
    assert front.body == "\nb\n------\nc\n---\nd"
    assert front.remarks == ()


@pytest.mark.parametrize("text", ["no head", "# heading\n---\ntext", "", "---\n\ntext\n"])
def test_a_text_without_a_head_is_all_body(text: str) -> None:
    assert split_front_matter(text) == FrontMatter({}, text)


@pytest.mark.parametrize("value", ["2021", "12:30", "No", "0x1F", "~", "2021-03-04", "1e3"])
def test_a_scalar_is_the_text_that_stands_there(value: str) -> None:
    assert _metadata(f"title: {value}").title == value


class _AllSteps(yaml.CSafeLoader):
    """PyYAML's loader, told in its own way that every plain scalar is text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - how PyYAML is told so


def _loaded(head: str, loader: type[yaml.CSafeLoader]) -> object:
    try:
        return yaml.load(head, Loader=loader)  # noqa: S506 - both are safe loaders
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, LookupError) as error:
        return type(error), str(error)


PIECES = """a b:_ c: ⏎ ⏎__ -_ [ ] ,_ { } ' " 2021 &x_ *x <<:_ ?_ !!int_ !!str_ !!binary_ !!set_ !_
|⏎ # ---⏎ = ~ 海港 yes @ \\ \\n \\x41 \0"""
"""``_`` is a space, ``⏎`` a line break."""


@given(st.lists(st.sampled_from(PIECES.split()), max_size=14))
@example(["a: !!str [b]"])
@example(["a: !!set [b]"])
@example(["a: [b, [c]]"])
@example(["? [a]⏎: b"])
@example(["!!set {a: b}"])
@example(["a: !!int 7"])
def test_fewer_steps_give_what_all_steps_give(pieces: list[str]) -> None:
    head = "".join(pieces).replace("_", " ").replace("⏎", "\n")
    assert repr(_loaded(head, _TextLoader)) == repr(_loaded(head, _AllSteps))


def test_the_last_of_two_equal_keys_counts() -> None:
    assert _metadata("title: a\ntitle: b").title == "b"


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("title: 'It's here'", "It's here"),
        ('title: "He said "no" twice"', 'He said "no" twice'),
        ("title: 海港: 雾", "海港: 雾"),
        ("title: [海港] 雾", "[海港] 雾"),
        ("title: @someone", "@someone"),
        ("title: *nowhere", "*nowhere"),
        ("title: 'unclosed", "unclosed"),
        ("title: a\n  goes on: here", "a goes on: here"),
    ],
)
def test_slightly_broken_yaml_is_read_line_by_line_and_reported(line: str, title: str) -> None:
    front = _front(f"{line}\nauthor: b\ntags: [ x, 'y' ]\ncategories:\n - c\n - d")
    metadata = read_metadata(front)
    assert (metadata.title, metadata.author) == (title, "b")
    assert (metadata.tags, metadata.categories) == (("x", "y"), ("c", "d"))
    assert [remark.reason for remark in metadata.remarks] == ["broken front matter"]
    assert front.remarks[0].line is not None
    assert 2 <= front.remarks[0].line <= 4


def test_a_head_without_its_closing_line_ends_where_the_fields_end() -> None:
    front = split_front_matter("---\ntitle: a\ntags:\n - b\n\n<p>text</p>")
    assert front.fields == {"title": "a", "tags": ["b"]}
    assert front.body == "\n<p>text</p>"
    assert [remark.line for remark in front.remarks] == [5]


@pytest.mark.parametrize(
    ("head", "line", "words"),
    [
        ("title: a\nx: !!python/object/apply:os.system ['true']", 3, "not plain data"),
        ("- a\n- b", 2, "found list"),
        ("just text", 2, "found str"),
        ("title: !!int", 2, "broken front matter"),
        ("title: !!bool perhaps", 2, "perhaps"),
        ("title: 'a\n???\n", 3, "expected key: value"),
        ("a: " + "[" * 100_000, 2, "nested too deeply"),
        ("a:\n " + "- " * 100_000, 2, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_line(head: str, line: int, words: str) -> None:
    with pytest.raises(ArticleError, match=words) as caught:
        _front(head)
    assert caught.value.reason == "broken front matter"
    assert caught.value.line == line


UTC_TIME = datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2021-03-04T05:06:07.000Z", UTC_TIME),
        ("Thu, 04 Mar 2021 05:06:07 GMT", UTC_TIME),
        ("2021-03-04 05:06:07", UTC_TIME),
        ("2021-03-04 13:06:07 +0800", UTC_TIME),
        ("2021-03-04T13:06:07+08:00", UTC_TIME),
        ("2021-03-04", datetime(2021, 3, 4, tzinfo=UTC)),
        ("2021年3月4日 05:06:07", UTC_TIME),
        ("2021/3/4", datetime(2021, 3, 4, tzinfo=UTC)),
        ("Invalid Date", None),
        ("0000-00-00", None),
        ("2021-03-04T25:00:00Z", None),
    ],
)
def test_dates(value: str, expected: datetime | None) -> None:
    assert parse_date(value) == expected


def test_an_offset_is_kept_as_written() -> None:
    parsed = parse_date("2020-06-15T09:19:39+01:00")
    assert parsed is not None
    assert parsed.tzinfo == timezone(timedelta(hours=1))


def test_an_unreadable_date_is_reported() -> None:
    metadata = _metadata("title: a\ndate: Invalid Date")
    assert metadata.date is None
    assert [(r.reason, r.line) for r in metadata.remarks] == [("unreadable date", 3)]


@pytest.mark.parametrize(
    ("head", "source", "url"),
    [
        ("from: https://a\nauthor: b\ntags: [ c, d ]", "c", "https://a"),
        ("from: https://a\nauthor: b", "b", "https://a"),
        ("headimg: x\nauthor: b\ntags: [ c ]", "b", None),
        ("thumbnail:\nauthor: b", "b", None),
        ("source: s\nurl: https://u\ntags: [ c ]", "s", "https://u"),
        ("layout: page", None, None),
    ],
)
def test_source_and_url(head: str, source: str | None, url: str | None) -> None:
    metadata = _metadata(head)
    assert (metadata.source, metadata.url) == (source, url)
