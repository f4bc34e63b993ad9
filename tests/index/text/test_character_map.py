import random
import sys
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.encoders.token_table import MODEL_FOLDER, TOKENIZER_FILE
from index.text.character_map import (
    _ALONE,
    CharacterMap,
    class_numbers,
    codes_of,
    encodable,
    text_of,
)
from index.text.tokens import _fold

ALONE = "".join(filter(_ALONE.fullmatch, map(chr, range(sys.maxunicode + 1))))


def shuffled() -> list[str]:
    chance = random.Random(5)
    return [ALONE, ALONE[::-1], *("".join(chance.sample(ALONE, len(ALONE))) for _ in range(4))]


def test_folding_goes_character_by_character_where_characters_stand_alone() -> None:
    assert len(ALONE) > 40_000
    folded = {character: _fold(character) for character in ALONE}
    assert all(_fold(text) == "".join(map(folded.__getitem__, text)) for text in shuffled())


def test_so_does_the_normaliser_of_the_model() -> None:
    normalise = Tokenizer.from_file(str(MODEL_FOLDER / TOKENIZER_FILE)).normalizer.normalize_str
    normal = {character: normalise(character) for character in ALONE}
    assert all(normalise(text) == "".join(map(normal.__getitem__, text)) for text in shuffled())


def test_a_character_is_worked_out_once() -> None:
    asked: list[str] = []

    def doubled(text: str) -> str:
        asked.append(text)
        return text * 2

    twice = CharacterMap(doubled)
    assert twice("桥a桥") == "桥桥aa桥桥"
    assert twice("a桥") == "aa桥桥"
    assert asked == ["桥", "a"]
    assert twice("") == ""


def test_texts_with_characters_that_join_others_are_worked_out_whole() -> None:
    fold = CharacterMap(_fold)
    assert fold("е\u0308и\u0306") == "ей"  # combining marks
    assert fold("ｶﾞ") == "ガ"  # a half-width one
    assert fold("ㅎㅏ") == "하"  # letters of one syllable
    assert fold("ΣΑΣ") == "σας"  # a letter with a final form
    assert fold("a\u200b\udcffb") == "a\udcffb"  # invisible, and a lone surrogate


def images(mapped: CharacterMap, texts: Sequence[str]) -> list[str]:
    """What ``codes`` gives, as texts."""
    codes, ends = mapped.codes(texts)
    assert len(codes) == (ends[-1] if ends else 0)
    return [text_of(codes[start:end]) for start, end in pairwise((0, *ends))]


TEXTS = [
    "",
    "據ＡＢＣ報道",
    "e\u0301",  # a letter and its mark become one
    "据",
    "",
    "橋…½橋",  # one character becomes several, or none
    "a\xadb",
    "\x00\udcff𠀀",
    "",
]


def test_many_texts_become_what_each_becomes() -> None:
    for chosen in (TEXTS, TEXTS[::-1], TEXTS[:2], ["桥"], ["", ""], []):
        fold = CharacterMap(_fold)
        assert images(fold, chosen) == images(fold, chosen) == [*map(_fold, chosen)]
    assert images(CharacterMap(_fold), TEXTS)[5:7] == ["桥...1⁄2桥", "ab"]


LETTERS = "桥橋Ａa…\xad½\u0301\x00\udcff𠀀ΣΑ "


@given(st.lists(st.one_of(st.text(), st.text(LETTERS)), max_size=5))
def test_any_texts_become_what_each_becomes(texts: list[str]) -> None:
    assert images(FOLD, texts) == [*map(_fold, texts)]


FOLD = CharacterMap(_fold)


def test_codes_are_those_of_the_characters() -> None:
    text = "a桥𠀀\udcff\x00"
    assert codes_of(text).tolist() == [*map(ord, text)]
    assert text_of(codes_of(text)) == text


def test_classes_have_numbers() -> None:
    numbers = class_numbers(["a-cx-x", "𠀀-𠀁"])
    found = {chr(code): number for code, number in enumerate(numbers.tolist()) if number}
    assert found == {"a": 1, "b": 1, "c": 1, "x": 1, "𠀀": 2, "𠀁": 2}
    with pytest.raises(ValueError, match="common characters"):
        class_numbers(["a-c", "c-d"])


def test_lone_surrogates_are_replaced_one_for_one() -> None:
    assert encodable(["a\ud83d雨\udcff", "😀"]) == ["a?雨?", "😀"]
