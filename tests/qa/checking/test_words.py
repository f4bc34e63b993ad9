import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.checking.words import compact, cut
from tests.growth import SQUARE, growth


def words(text: str) -> list[str]:
    return list(cut(text).words)


def test_words_numbers_and_han_characters_are_words() -> None:
    assert words("塔罗在2022年说：“I don’t, 是的”。") == [
        "塔", "罗", "在", "2022", "年", "说", "i", "don't", "是", "的",
    ]  # fmt: skip


def test_scripts_width_case_and_accents_fold() -> None:
    assert words("貝爾莫拉 ＡＢ１２ Zoë ёлка") == words("贝尔莫拉 ab12 zoe елка")


def test_what_a_script_spells_otherwise_is_the_same() -> None:
    assert words("跟著瞭解答覆") == words("跟着了解答复")


@pytest.mark.parametrize("configuration", ["s2t", "s2tw", "s2hk"])
def test_news_in_the_other_script_has_the_same_words(configuration: str) -> None:
    opencc = pytest.importorskip("opencc")
    text = "他答复说，跟着大家了解了现象：卫生局借口台风，恢复了苏醒的后里干部，屋檐下只有一只猫，麻痹，叙述，好像"
    assert words(opencc.OpenCC(configuration).convert(text)) == words(text)


def test_a_number_is_one_word_however_it_is_written() -> None:
    assert words("1,200") == words("1 200") == words("1200") == ["1200"]
    assert words("3,5") == words("3.5") == ["3.5"]
    assert words("1.200.000,5") != words("1.200")
    assert words("二百五十人") == words("二百 五十人") == ["二百五十", "人"]


def test_a_sign_belongs_to_a_number() -> None:
    assert words("-5 度") == words("−5度") == ["-", "5", "度"]
    assert words("3-5") == words("3 — 5") == ["3", "5"]
    assert words("41%") == ["41", "%"] != words("41")
    assert words("$5") != words("€5")


def test_apostrophes_are_part_of_a_word() -> None:
    assert words("can’t") == words("can't") != words("cant")


def test_words_know_where_they_stand() -> None:
    text = "№ 5: «Ёлка»… ㎏ cafe\u0301 10\u200b000 end"
    found = cut(text)
    assert [text[start:end] for start, end in found.spans] == [
        "№", "5", "Ёлка", "㎏", "cafe\u0301", "10\u200b000", "end",
    ]  # fmt: skip
    assert found.written(1, 3) == "5: «Ёлка"
    assert found.written(1, 1) == ""


def test_words_are_found_among_others() -> None:
    text = cut("a b a b a")
    assert list(text.find(cut("A, b"))) == [0, 2]
    assert list(text.find(cut("a"), 1)) == [2, 4]
    assert list(text.find(cut("a"), 5)) == []
    assert list(text.find(cut("ab"))) == []
    assert list(text.find(cut(""))) == []


_TEXT = st.text(
    st.sampled_from("我们們不一二百 1234,. 5%-'’ёйЗabZé\u0301\u200b…½㎏\n「」") | st.characters()
)


@given(_TEXT)
def test_what_stands_in_a_words_place_is_that_word(text: str) -> None:
    found = cut(text)
    assert len(found) == len(found.spans)
    end = 0
    for first, last in found.spans:
        assert end <= last
        assert first < last <= len(text)
        end = first
    for word, (first, last) in zip(found.words, found.spans, strict=True):
        if text[first:last].isascii() and word.isalpha():
            assert text[first:last].lower() == word


@given(_TEXT, _TEXT)
def test_words_that_stand_in_a_text_do_so_compactly(text: str, other: str) -> None:
    if list(cut(text).find(cut(other))):
        assert compact(other) in compact(text)


def test_a_text_is_cut_in_linear_time() -> None:
    for piece in ("我们不一二 ", "1 200 ", "a'b ", "é\u0301", "½"):
        assert growth(lambda size, piece=piece: cut(piece * size), 2000) < SQUARE  # type: ignore[misc]
