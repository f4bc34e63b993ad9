import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.passages import cut
from index.text.sentences import sentences
from index.types import PARAGRAPH_BREAK, Paragraph, Passage
from qa.quoting.excerpt import Excerpt, excerpt, region

SENTENCE = "字" * 59 + "。"
"""Sixty characters: five of them fill a part of 300."""


def passage(text: str, start: int, end: int) -> Passage:
    first, last = (text[:place].count(PARAGRAPH_BREAK) for place in (start, end))
    return Passage(text[start:end], tuple(range(first, last + 1)), start, end)


def whole(text: str) -> Passage:
    return passage(text, 0, len(text))


def quoted(text: str, chosen: Passage, answering: tuple[int, int]) -> Excerpt:
    return excerpt(text, chosen, region(text, chosen), answering)


def test_the_answer_is_looked_for_in_whole_paragraphs() -> None:
    text = "\n".join(["一" * 100, "二" * 100, "三" * 100])
    # The paragraphs are characters 0 to 100, 101 to 201, 202 to 302.
    assert region(text, passage(text, 120, 150)) == (101, 201)
    assert region(text, passage(text, 0, 50)) == (0, 100)
    assert region(text, passage(text, 150, 250)) == (101, 302)


@pytest.mark.parametrize(("length", "expected"), [(1000, (2, 1002)), (1001, (202, 402))])
def test_in_a_very_long_paragraph_it_is_looked_for_in_the_passage(
    length: int, expected: tuple[int, int]
) -> None:
    text = "\n".join(["头", "字" * length, "尾"])
    assert region(text, passage(text, 202, 402)) == expected


def test_a_paragraph_that_stands_alone_is_quoted_alone() -> None:
    text = "\n".join(["一" * 300, "二" * 300, "三" * 300])
    assert quoted(text, whole(text), (350, 360)) == Excerpt(301, 601, (1,), (False, False))


@pytest.mark.parametrize(
    ("answering", "expected"),
    [
        ((0, 3), (0, 301, (0, 1))),  # 30 + 270: the one after it, then it is long enough
        ((31, 35), (31, 332, (1, 2))),
        ((302, 307), (31, 332, (1, 2))),  # nothing follows: the one before it
    ],
)
def test_a_short_paragraph_takes_its_neighbours_along(
    answering: tuple[int, int], expected: tuple[int, int, tuple[int, ...]]
) -> None:
    text = "\n".join(["一" * 30, "二" * 270, "三" * 30])
    start, end, paragraphs = expected
    assert quoted(text, whole(text), answering) == Excerpt(start, end, paragraphs, (False, False))


@pytest.mark.parametrize(
    ("letter", "length", "count"),
    # Enough is 300 Chinese characters, or three times as many of another script.
    [("字", 299, 2), ("字", 300, 1), ("a", 899, 2), ("a", 900, 1)],
)
def test_how_short_is_too_short(letter: str, length: int, count: int) -> None:
    text = "\n".join([letter * length] * 3)
    assert len(quoted(text, whole(text), (0, 5)).paragraphs) == count


def test_neighbours_are_not_taken_from_outside_the_passage() -> None:
    text = "\n".join(["一" * 10, "二" * 10, "三" * 10])
    assert quoted(text, passage(text, 11, 21), (11, 15)) == Excerpt(11, 21, (1,), (False, False))


def test_a_paragraph_is_quoted_whole_though_the_passage_is_a_part_of_it() -> None:
    text = "\n".join(["头", "字" * 500, "尾"])
    assert quoted(text, passage(text, 202, 402), (10, 20)) == Excerpt(2, 502, (1,), (False, False))


@pytest.mark.parametrize(
    ("sentence", "expected", "cuts"),
    [
        (0, (0, 5), (False, True)),
        (1, (0, 5), (False, True)),  # one after, one before, and on after it
        (4, (2, 7), (True, True)),  # one after, one before, and again
        (8, (4, 9), (True, False)),
    ],
)
def test_of_a_long_paragraph_whole_sentences_around_the_answer_are_quoted(
    sentence: int, expected: tuple[int, int], cuts: tuple[bool, bool]
) -> None:
    text = "\n".join(["头", SENTENCE * 9, "尾"])
    begin, end = (2 + 60 * n for n in expected)
    answering = 2 + 60 * sentence, 2 + 60 * (sentence + 1)
    assert quoted(text, passage(text, 2, 542), answering) == Excerpt(begin, end, (1,), cuts)


@pytest.mark.parametrize(
    ("found", "answering", "expected"),
    [
        ((1, 7), 1, (1, 7)),  # 360 characters are more than a part, and all of them were found
        ((1, 3), 1, (0, 5)),  # 120 take others along: one after, one before, one after
        ((1, 3), 6, (4, 9)),  # the answer is outside
        ((0, 9), 4, (2, 7)),  # too long a passage
    ],
)
def test_of_a_long_paragraph_the_passage_that_was_found_is_quoted(
    found: tuple[int, int], answering: int, expected: tuple[int, int]
) -> None:
    text = SENTENCE * 10
    sentence = 60 * answering, 60 * (answering + 1)
    start, end = (60 * n for n in expected)
    chosen = passage(text, *(60 * n for n in found))
    assert quoted(text, chosen, sentence) == Excerpt(start, end, (0,), (start > 0, end < 600))


def test_a_sentence_too_long_to_have_company_is_quoted_alone() -> None:
    text = SENTENCE + "长" * 500 + "。" + SENTENCE
    assert quoted(text, whole(text), (60, 561)) == Excerpt(60, 561, (0,), (True, True))


def test_an_answer_over_two_paragraphs_is_quoted_with_both() -> None:
    text = "\n".join(["一" * 199 + "；", "二" * 200, "三" * 200])
    assert quoted(text, whole(text), (0, 401)) == Excerpt(0, 401, (0, 1), (False, False))


PARAGRAPHS = st.lists(
    # Repeated, so that some are long.
    st.builds(
        lambda text, times: " ".join((text * times).split()),
        st.text(st.sampled_from("字字字a。；. “”"), min_size=1, max_size=40).filter(str.strip),
        st.integers(1, 40),
    ),
    min_size=1,
    max_size=8,
).map(lambda texts: tuple(map(Paragraph, texts)))


@given(paragraphs=PARAGRAPHS, data=st.data())
def test_whatever_is_quoted_holds_the_answer_and_knows_where_it_is(
    paragraphs: tuple[Paragraph, ...], data: st.DataObject
) -> None:
    text = PARAGRAPH_BREAK.join(paragraph.text for paragraph in paragraphs)
    chosen = data.draw(st.sampled_from(cut(paragraphs, target_chars=100)))
    searched = region(text, chosen)
    assert searched[0] <= chosen.start < chosen.end <= searched[1]
    start, end = data.draw(st.sampled_from(sentences(text[slice(*searched)])))
    answering = searched[0] + start, searched[0] + end
    found = excerpt(text, chosen, searched, answering)
    assert found.start <= answering[0] < answering[1] <= found.end
    inside = [text[:place].count(PARAGRAPH_BREAK) for place in (found.start, found.end)]
    assert found.paragraphs == tuple(range(inside[0], inside[1] + 1))
    begins = found.start == 0 or text[found.start - 1] == PARAGRAPH_BREAK
    ends = found.end == len(text) or text[found.end] == PARAGRAPH_BREAK
    assert found.cut == (not begins, not ends)
