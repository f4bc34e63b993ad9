"""The bundled reader itself, on invented passages."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.reading.pairs import LONGEST
from qa.reading.reader import BundledReader, Marks, ReaderUnavailable, Reading, whole_words

TITLE = "石桥泵站完工"
OPENED = "石桥泵站于2019年6月完工，总工程师是何静宜。工程耗资三亿元，由澄池水务集团承建。"
CLOSED = "石桥泵站因检修停运两周，澄池市用水没有受到影响。"
FERRIES = "Greyfin Ferries ran eleven ships across the strait. Its founder, Oswald Greyfin, sold it in 1998."
TRAMS = (
    "В Тессари возвращаются ночные трамваи. Проезд будет стоить 40 талеров, сообщил мэр Ласло Верн."
)


@cache
def reader() -> BundledReader:
    return BundledReader()


def read(question: str, *texts: str, title: str = "") -> list[Reading]:
    return reader().read(question, [(title, text) for text in texts])


def marked(text: str, reading: Reading) -> str:
    assert reading.marks is not None
    words = reading.marks.likeliest(text, 0, len(text))
    assert words is not None
    return text[slice(*words)]


@pytest.mark.parametrize(
    ("question", "right", "wrong", "answer"),
    [
        ("石桥泵站的总工程师是谁？", OPENED, CLOSED, "何静宜"),
        ("石橋泵站的總工程師是誰？", OPENED, CLOSED, "何静宜"),
        ("石桥泵站工程花了多少钱？", OPENED, CLOSED, "三亿元"),
        ("Who founded Greyfin Ferries?", FERRIES, TRAMS, "Oswald Greyfin"),
        ("Сколько стоит проезд в ночном трамвае?", TRAMS, FERRIES, "40"),
    ],
)
def test_what_answers_is_told_from_what_does_not(
    question: str, right: str, wrong: str, answer: str
) -> None:
    good, bad = read(question, right, wrong)
    assert good.logit > bad.logit + 1
    assert answer in marked(right, good)


def test_what_else_is_asked_about_the_same_thing_is_no_answer() -> None:
    (asked,) = read("石桥泵站的总工程师是谁？", OPENED)
    (else_,) = read("石桥泵站有多少名员工？", OPENED)
    assert asked.logit > else_.logit + 1


def test_a_reading_does_not_depend_on_what_is_read_beside_it() -> None:
    question = "石桥泵站是哪一年完工的？"
    (alone,) = BundledReader().read(question, [(TITLE, OPENED)])
    others = [("", FERRIES * 5), (TITLE, OPENED), ("", TRAMS)]
    beside = BundledReader().read(question, others)[1]
    assert (beside, marked(OPENED, beside)) == (alone, marked(OPENED, alone))


def test_nothing_to_read() -> None:
    assert reader().read("谁？", []) == []


def test_an_empty_passage_has_no_answer() -> None:
    (reading,) = read("谁？", "☃")
    assert reading.marks is None or marked("☃", reading)


def test_more_than_fits_is_read_from_its_beginning() -> None:
    long = OPENED + CLOSED * LONGEST
    (reading,) = read("石桥泵站的总工程师是谁？", long)
    assert marked(long, reading).endswith("何静宜")


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=200), st.text(max_size=30), st.text(max_size=300))
def test_spans_lie_in_the_text(question: str, title: str, text: str) -> None:
    (reading,) = reader().read(question, [(title, text)])
    words = reading.marks.likeliest(text, 0, len(text)) if reading.marks else None
    if words is not None:
        start, end = words
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip()


LETTERS = Marks(
    np.arange(6),
    np.arange(1, 7),
    np.log(np.array([[1, 1], [4, 1], [1, 1], [1, 1], [2, 1], [1, 2]], np.float32)),
)
"""One piece a letter; chances are these numbers, of 10 and of 7."""


@pytest.mark.parametrize(
    ("part", "chance"),
    [((0, 6), 1), ((1, 3), (5 / 10 + 2 / 7) / 2), ((5, 9), (1 / 10 + 2 / 7) / 2), ((-9, 0), 0)],
)
def test_the_chance_of_a_part_is_that_of_beginning_and_ending_in_it(
    part: tuple[int, int], chance: float
) -> None:
    assert LETTERS.chance(*part) == pytest.approx(chance)


@pytest.mark.parametrize(
    ("part", "words"),
    [((0, 6), (1, 6)), ((0, 4), (1, 2)), ((2, 6), (4, 6)), ((-3, 1), (0, 1)), ((6, 9), None)],
)
def test_the_likeliest_words_of_a_part_begin_and_end_in_it(
    part: tuple[int, int], words: tuple[int, int] | None
) -> None:
    assert LETTERS.likeliest("一二三四五六", *part) == words


def test_a_reader_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReaderUnavailable, match=r'cannot be opened.*answer\.reader to "off"'):
        BundledReader(tmp_path).read("谁？", [("", OPENED)])


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("Shipping firms gained.", "Shi", "Shipping"),
        ("Shipping firms gained.", "ping fir", "Shipping firms"),
        ("It cost 2140 crowns.", "14", "2140"),
        ("It cost 6.50 crowns.", "6.5", "6.50"),
        ("Паромщики рады.", "ромщ", "Паромщики"),
        ("石桥泵站完工。", "桥泵", "桥泵"),
        ("石桥B12号泵站", "B1", "B12"),
        ("Halvik", "Halvik", "Halvik"),
    ],
)
def test_no_word_and_no_number_is_cut(text: str, part: str, whole: str) -> None:
    start = text.index(part)
    start, end = whole_words(text, start, start + len(part))
    assert text[start:end] == whole
