"""Front matter: where it ends, what it says, and what cannot be read."""

from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from index.articles.front_matter import FrontMatter, split_front_matter
from index.articles.yaml_head import _TextLoader
from index.errors import ArticleError
from index.types import FileReport


def _front(head: str, name: str = "") -> FrontMatter:
    return split_front_matter(f"---\n{head}\n---\nbody", name)


def test_head_and_body_are_cut_at_the_closing_line() -> None:
    front = split_front_matter("\n---\ntitle: a\n---\nb\n------\nc\n---\nd")
    assert front.fields == {"title": "a"}
    assert front.body == "\nb\n------\nc\n---\nd"
    assert front.reports == ()


@pytest.mark.parametrize("text", ["no head", "# heading\n---\ntext", "", "---\n\ntext\n"])
def test_a_text_without_a_head_is_all_body(text: str) -> None:
    assert split_front_matter(text) == FrontMatter({}, text)


@pytest.mark.parametrize("name", ["", "yml", " yaml"])
def test_a_comment_may_hold_the_head(name: str) -> None:
    text = f"<!--{name}\n\n类别：渡轮\n\n日期：2021-05-06 07:08\n\n-->\n\n# 雾\n\n船停航。\n"
    front = split_front_matter(text)
    assert (front.fields["日期"], front.body.strip()) == ("2021-05-06 07:08", "# 雾\n\n船停航。")


@pytest.mark.parametrize("value", ["2021", "12:30", "No", "0x1F", "~", "2021-03-04", "1e3"])
def test_a_scalar_is_the_text_that_stands_there(value: str) -> None:
    assert _front(f"title: {value}").fields == {"title": value}


def test_the_last_of_two_equal_keys_counts() -> None:
    assert _front("title: a\ntitle: b").fields == {"title": "b"}


def test_a_field_knows_its_line_in_the_file() -> None:
    front = split_front_matter("\n---\ntitle: a\n update: x\ndate : b\n---\n")
    assert [front.line_of(key) for key in ("title", "date", "update")] == [3, 5, None]


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


def test_slightly_broken_yaml_is_reported_with_its_line() -> None:
    front = _front("author: b\ntitle: 'It's here'", "a.md")
    assert front.fields == {"author": "b", "title": "It's here"}
    (report,) = front.reports
    assert (report.path, report.reason, report.line) == ("a.md", "broken front matter", 3)
    assert report.detail.startswith("read line by line: ")


def test_a_head_without_its_closing_line_ends_where_the_fields_end() -> None:
    front = split_front_matter("---\ntitle: a\ntags:\n - b\n\n<p>text</p>", "a.md")
    assert front.fields == {"title": "a", "tags": ["b"]}
    assert front.body == "\n<p>text</p>"
    assert front.reports == (
        FileReport("a.md", "broken front matter", "the closing --- is missing", 5),
    )


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
