"""Indented lines: program text, or prose that somebody indented."""

import pytest

from index.articles.extract import extract
from index.articles.program_text import is_program_text


def _paragraphs(markdown: str) -> list[str]:
    return [
        paragraph.text
        for paragraph in extract(f"---\ntitle: t\n---\n{markdown}", "a.md").paragraphs
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["$ make install", "$ cd tide"],
        ["for (tide of tides) {", "  rise(tide);", "}"],
        ["SIZE: 1003", "SHA1: 5363d399be7f827c77aabbcc0db45e21a326cd4a"],
        ["tide.rise untrusted_data", "tide.fall untrusted_data"],
        ["'.source.tide':", "  'prefix': 'TI'"],
    ],
)
def test_program_text_is_no_paragraph(lines: list[str]) -> None:
    assert is_program_text(lines)
    body = "\n".join(f"    {line}" for line in lines)
    assert _paragraphs(f"The tide rises.\n\n{body}\n\nIt falls.") == [
        "The tide rises.",
        "It falls.",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "The tide rises twice a day, and nobody knows why.",
        "潮水一天涨两次。",
        "O tide, O tide",
        "Ada Brine, harbour office",
    ],
)
def test_indented_prose_is_a_paragraph(line: str) -> None:
    assert not is_program_text([line])
    assert _paragraphs(f"The tide.\n\n    {line}\n\nIt falls.") == ["The tide.", line, "It falls."]


def test_where_a_third_are_sentences_it_is_prose_about_a_program() -> None:
    lines = ["tide.rise(1);", "tide.fall(1);"]
    assert is_program_text(lines)
    assert not is_program_text([*lines, "The tide rises twice a day, and nobody knows why."])


def test_program_text_under_an_item_of_a_list_is_none() -> None:
    markdown = "- The tide\n\n      tide = rise(1);\n\n- The ebb"
    assert _paragraphs(markdown) == ["The tide", "The ebb"]


def test_no_lines_are_no_program() -> None:
    assert not is_program_text(["", "  "])
