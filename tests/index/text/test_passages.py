import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.text.passages import WIDE, cut, size
from index.types import PARAGRAPH_BREAK, Paragraph, Passage

QUOTE_PAIRS = ("「」", "『』", "“”", "‘’", "«»", '""')


def texts(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.text for passage in passages]


# Sizes.


def test_a_wide_character_weighs_three_narrow_ones() -> None:
    assert size("") == 0
    assert size("abc 12.") == 7
    assert size("汉字，かなカナ한글ＡＢ") == 3 * 11
    assert size("в 2020 году 汉") == 12 + 3
    assert size("𠀀") == 3


# Joining.


def test_short_neighbours_are_joined_up_to_the_target() -> None:
    paragraphs = [Paragraph(str(n) + "雨" * 44) for n in range(5)]
    passages = cut(paragraphs, target_chars=100)
    assert [passage.paragraphs for passage in passages] == [(0, 1), (2, 3), (4,)]
    assert passages[1] == Passage(
        text=paragraphs[2].text + PARAGRAPH_BREAK + paragraphs[3].text,
        paragraphs=(2, 3),
        start=92,
        end=183,
    )


def test_a_neighbour_joins_when_that_comes_nearer_to_the_target() -> None:
    assert len(cut([Paragraph("雨" * 60), Paragraph("雪" * 70)], target_chars=100)) == 1
    assert len(cut([Paragraph("雨" * 80), Paragraph("雪" * 65)], target_chars=100)) == 2


def test_a_scrap_at_the_end_joins_what_stands_before_it() -> None:
    passages = cut([Paragraph("雨" * 100), Paragraph("雪" * 20)], target_chars=100)
    assert [passage.paragraphs for passage in passages] == [(0, 1)]


def test_a_heading_separates() -> None:
    paragraphs = [
        Paragraph("雨" * 40, "一"),
        Paragraph("雪" * 40, "二"),
        Paragraph("风" * 40, "二"),
    ]
    passages = cut(paragraphs, target_chars=100)
    assert [passage.paragraphs for passage in passages] == [(0,), (1, 2)]


def test_a_scrap_is_joined_across_a_heading() -> None:
    paragraphs = [
        Paragraph("雨" * 40, "一"),
        Paragraph("雪" * 10, "二"),
        Paragraph("风" * 90, "三"),
    ]
    passages = cut(paragraphs, target_chars=100)
    assert [passage.paragraphs for passage in passages] == [(0, 1), (2,)]


def test_the_maximum_is_half_as_long_again_as_the_target_unless_it_is_set() -> None:
    assert len(cut([Paragraph("雨" * 150)], target_chars=100)) == 1
    assert len(cut([Paragraph("雨" * 151)], target_chars=100)) == 2


def test_nothing_grows_beyond_the_maximum() -> None:
    paragraphs = [Paragraph("雨" * 95), Paragraph("雪" * 10)]
    assert len(cut(paragraphs, target_chars=100, max_chars=100)) == 2
    assert len(cut(paragraphs, target_chars=100, max_chars=106)) == 1


def test_other_scripts_get_the_same_amount_of_text() -> None:
    english = Paragraph("The river rose again. " * 13 + "It fell.")
    assert size(english.text) == 294
    assert len(cut([english], target_chars=98, max_chars=98)) == 1
    assert len(cut([english], target_chars=97, max_chars=97)) > 1
    assert len(cut([Paragraph("雨" * 98)], target_chars=97, max_chars=97)) == 2


# Cutting.


def test_a_long_paragraph_is_cut_at_sentence_ends() -> None:
    first, second, third = "雨" * 49 + "。", "雪" * 49 + "。", "风" * 49 + "。"
    passages = cut([Paragraph(first + second + third)], target_chars=60, max_chars=120)
    assert texts(passages) == [first, second, third]
    assert texts(cut([Paragraph(first + second + third)], target_chars=90, max_chars=120)) == [
        first + second,
        third,
    ]


def test_a_quotation_that_fits_is_not_cut() -> None:
    quotation = "「" + "雨下了整夜。" * 8 + "」"
    text = "镇长说：" + quotation + "众人散去。" + "河水又涨了。" * 10
    pieces = texts(cut([Paragraph(text)], target_chars=55, max_chars=60))
    assert any(quotation in piece for piece in pieces)
    assert all(size(piece) <= 60 * WIDE for piece in pieces)


def test_a_quotation_around_another_is_not_cut_after_the_inner_one() -> None:
    quotation = "「雨停了。『雪停了。』风也停了。船来了。」"
    text = "他写道。" + quotation + "河水又涨了。"
    pieces = texts(cut([Paragraph(text)], target_chars=20, max_chars=21))
    assert pieces == ["他写道。", quotation, "河水又涨了。"]


def test_a_quotation_that_does_not_fit_is_cut_at_its_sentences_but_not_in_the_one_inside() -> None:
    inner = "『" + "船来了。" * 4 + "』"
    text = "「" + "雨下了整夜。" * 5 + "他喊：" + inner + "然后走了。" + "雪下了整夜。" * 5 + "」"
    pieces = texts(cut([Paragraph(text)], target_chars=30, max_chars=33))
    assert any(inner in piece for piece in pieces)
    assert all(piece[-1] in "。』」" for piece in pieces)


def test_a_long_sentence_is_cut_at_clause_marks_then_at_spaces_then_anywhere() -> None:
    clauses = "河水上涨了许多，" * 10
    assert all(p.endswith("，") for p in texts(cut([Paragraph(clauses)], target_chars=20)))
    words = "river " * 40
    assert all(set(p.split()) == {"river"} for p in texts(cut([Paragraph(words)], target_chars=10)))
    assert texts(cut([Paragraph("雨" * 50)], target_chars=20, max_chars=20)) == [
        "雨" * 20,
        "雨" * 20,
        "雨" * 10,
    ]


def test_a_number_and_a_character_with_its_marks_stay_whole() -> None:
    assert texts(cut([Paragraph("雨雨雨雨12,345.6雨雨雨")], target_chars=5, max_chars=5)) == [
        "雨雨雨雨",
        "12,345.6雨雨",
        "雨",
    ]
    assert texts(cut([Paragraph("10 000 10 000 10 000")], target_chars=3, max_chars=3)) == [
        "10 000",
        "10 000",
        "10 000",
    ]
    accented = "e\u0301" * 9
    for piece in texts(cut([Paragraph(accented)], target_chars=1, max_chars=1)):
        assert piece == "e\u0301"
    family = "👩\u200d👩\u200d👧"
    assert texts(cut([Paragraph(family * 3)], target_chars=1, max_chars=1)) == [family] * 3


def test_no_paragraphs_give_no_passages() -> None:
    assert cut([]) == ()


@pytest.mark.parametrize(("target", "maximum"), [(0, None), (10, 9), (-1, 5)])
def test_impossible_lengths_are_refused(target: int, maximum: int | None) -> None:
    with pytest.raises(ValueError, match="target_chars"):
        cut([Paragraph("雨")], target_chars=target, max_chars=maximum)


# Properties.

SPACED = ("river ", "Mr. ", "U.S. ", "т.е. ", ". ", " ")
UNSPACED = '雨下了整夜 。 ！ ， ； …… 「 」 『 』 “ ” ‘ ’ « » " 3.5 12,345 река e\u0301 👩\u200d👧 🇫🇷 \ud83d\ude00'
FRAGMENTS = st.sampled_from((*SPACED, *UNSPACED.split()))
PARAGRAPH_TEXTS = st.lists(FRAGMENTS, min_size=1, max_size=60).map(
    lambda parts: "".join(parts).strip() or "雨"
)
ARTICLES = st.lists(
    st.builds(Paragraph, PARAGRAPH_TEXTS, st.sampled_from([None, "一", "二"])), max_size=8
)
TARGETS = st.integers(min_value=1, max_value=60)


@given(ARTICLES, TARGETS)
def test_passages_are_the_text_in_order_without_gaps(article: list[Paragraph], target: int) -> None:
    text = PARAGRAPH_BREAK.join(paragraph.text for paragraph in article)
    passages = cut(article, target_chars=target)
    assert all(text[p.start : p.end] == p.text == p.text.strip() != "" for p in passages)
    edges = [0, *(edge for p in passages for edge in (p.start, p.end)), len(text)]
    assert edges == sorted(edges)
    assert all(not text[a:b].strip() for a, b in zip(edges[::2], edges[1::2], strict=True))


@given(ARTICLES, TARGETS)
def test_paragraph_numbers_are_those_the_passage_touches(
    article: list[Paragraph], target: int
) -> None:
    spans, offset = [], 0
    for paragraph in article:
        spans.append((offset, offset + len(paragraph.text)))
        offset += len(paragraph.text) + len(PARAGRAPH_BREAK)
    passages = cut(article, target_chars=target)
    for passage in passages:
        touched = [n for n, (a, b) in enumerate(spans) if a < passage.end and passage.start < b]
        assert list(passage.paragraphs) == touched
    assert {n for p in passages for n in p.paragraphs} == set(range(len(article)))


@given(ARTICLES, TARGETS)
@example([Paragraph("7" * 50)], 1)
def test_only_what_must_stay_whole_is_longer_than_the_maximum(
    article: list[Paragraph], target: int
) -> None:
    for passage in cut(article, target_chars=target, max_chars=target):
        assert size(passage.text) <= target * WIDE or not _cuttable(passage.text)


def _cuttable(text: str) -> bool:
    """Tell whether there are two letters or marks side by side that nothing holds together."""
    return any(
        a.isalpha()
        and b.isalpha()
        and unicodedata.category(b) != "Mn"
        and WIDE in (size(a), size(b))
        for a, b in pairwise(text)
    ) and not any(mark in text for pair in QUOTE_PAIRS for mark in pair)


@given(st.sampled_from(QUOTE_PAIRS), PARAGRAPH_TEXTS, PARAGRAPH_TEXTS, PARAGRAPH_TEXTS, TARGETS)
def test_a_quotation_that_fits_is_whole_in_one_passage(
    pair: str, before: str, inside: str, after: str, target: int
) -> None:
    bare = str.maketrans("", "", "".join(QUOTE_PAIRS))
    quotation = f"{pair[0]}{inside.translate(bare)}{pair[1]}"
    text = f"雨{before.translate(bare)}{quotation}{after.translate(bare)}雨"
    passages = cut([Paragraph(text)], target_chars=target)
    if size(quotation) <= target * 3 // 2 * WIDE:
        assert sum(quotation in passage.text for passage in passages) >= 1


@given(ARTICLES, TARGETS)
def test_no_cut_inside_a_number_or_a_character(article: list[Paragraph], target: int) -> None:
    text = PARAGRAPH_BREAK.join(paragraph.text for paragraph in article)
    for passage in cut(article, target_chars=target):
        for edge in (passage.start, passage.end):
            before, after = text[max(0, edge - 1) : edge], text[edge : edge + 1]
            assert not (before.isdigit() and after.isdigit())
            assert unicodedata.combining(after or " ") == 0
            assert "\u200d" not in (before, after)
            assert text[max(0, edge - 1) : edge + 1] not in ("\ud83d\ude00", "🇫🇷")
