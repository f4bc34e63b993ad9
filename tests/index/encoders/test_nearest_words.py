import pytest

from index.encoders.nearest_words import LEAST, MOST, MOST_WORDS, NearestWords
from index.encoders.token_table import TokenTable
from index.text.tokens import fold


@pytest.fixture(scope="module")
def nearest() -> NearestWords:
    return NearestWords(TokenTable.open())


@pytest.mark.parametrize(
    ("word", "chinese"),
    [
        ("рынок", "市场"),
        ("рынка", "市场"),  # in another case
        ("Землетрясение", "地震"),  # of several tokens
        ("bridge", "桥梁"),
    ],
)
def test_a_word_is_translated(nearest: NearestWords, word: str, chinese: str) -> None:
    (words,) = nearest.translations(word)
    assert chinese in words
    assert len(words) <= MOST


def test_words_come_in_their_order_and_others_are_left_out(nearest: NearestWords) -> None:
    market, president = nearest.translations("Рынок зззыф 2023 и президент?")
    assert (market[0], president[0]) == ("市场", "总统")


@pytest.mark.parametrize("text", ["", "…", "2023", "зззыф"])
def test_what_is_near_nothing_has_no_translation(nearest: NearestWords, text: str) -> None:
    assert nearest.translations(text) == []


def test_a_word_is_looked_for_once_and_of_many_the_first(nearest: NearestWords) -> None:
    assert nearest.translations("рынок Рынок рынок") == nearest.translations("рынок")
    others = " ".join(f"зззыф{'ы' * n}" for n in range(MOST_WORDS - 1))
    assert nearest.translations(f"{others} рынок") == nearest.translations("рынок")
    assert nearest.translations(f"{others} зззы рынок") == []


def test_each_translation_is_near_enough_and_folded(nearest: NearestWords) -> None:
    table = TokenTable.open()
    (words,) = nearest.translations("экспорт")
    (vector,) = table.vectors(table.ids(["экспорт"]))
    for word in words:
        (other,) = table.vectors(table.ids([word]))
        assert vector @ other >= LEAST - 0.01
        assert fold(word) == word
        assert len(word) > 1
