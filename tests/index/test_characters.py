import random
import sys

from tokenizers import Tokenizer

from index.bundled import MODEL_FOLDER, TOKENIZER_FILE
from index.characters import _ALONE, CharacterMap
from index.text import _fold

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
    assert fold("e\u0301") == "é"  # a combining mark
    assert fold("ｶﾞ") == "ガ"  # a half-width one
    assert fold("ㅎㅏ") == "하"  # letters of one syllable
    assert fold("ΣΑΣ") == "σας"  # a letter with a final form
    assert fold("a\u200b\udcffb") == "a\udcffb"  # invisible, and a lone surrogate
