"""Heads whose YAML is broken: what can be read of them line by line."""

import pytest

from index.articles.broken_front_matter import count_lines, read_lines
from index.articles.front_matter import split_front_matter
from index.articles.metadata import read_metadata
from index.errors import ArticleError


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
    head = f"{line}\nauthor: b\ntags: [ x, 'y' ]\ncategories:\n - c\n - d"
    front = split_front_matter(f"---\n{head}\n---\nbody")
    metadata = read_metadata(front)
    assert (metadata.title, metadata.author) == (title, "b")
    assert (metadata.tags, metadata.categories) == (("x", "y"), ("c", "d"))
    assert [report.reason for report in metadata.reports] == ["broken front matter"]
    assert front.reports[0].line is not None
    assert 2 <= front.reports[0].line <= 4
    assert read_lines(head, 2) == front.fields


def test_comments_and_blank_lines_say_nothing() -> None:
    assert read_lines("# a: b\n\n  # c\nd: e\n", 1) == {"d": "e"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("'it''s'", "it's"),
        ('"a \\" b"', 'a " b'),
        ('"open', "open"),
        ("[ a, 'b' , ]", ["a", "b"]),
        ("[]", []),
        ("[a] b", "[a] b"),
        ("", ""),
    ],
)
def test_values_lose_their_marks(value: str, expected: str | list[str]) -> None:
    assert read_lines(f"key: {value}", 1) == {"key": expected}


def test_items_follow_a_key_and_add_to_its_list() -> None:
    assert read_lines("a: [ b ]\n- c\n - 'd'\ne: f\n- g", 1) == {"a": ["b", "c", "d"], "e": ["g"]}


@pytest.mark.parametrize(
    ("head", "line"),
    [("a: b\nc", 6), (" a", 5), ("- a", 5), ("a: b\n - c\n d", 7), ("a b: c", 5)],
)
def test_any_other_line_is_an_error_with_its_number(head: str, line: int) -> None:
    with pytest.raises(ArticleError, match="expected key: value, found") as caught:
        read_lines(head, 5)
    assert (caught.value.reason, caught.value.line) == ("broken front matter", line)


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (["a: b", "- c", "  - d", "e:", "", "f: g"], 4),
        (["a: b", "<p>"], 1),
        (["text: and more", "a:b"], 1),
        ([""], 0),
        (["a: b", "c: d"], 2),
    ],
)
def test_a_head_ends_before_the_first_other_line(lines: list[str], count: int) -> None:
    assert count_lines(lines) == count
