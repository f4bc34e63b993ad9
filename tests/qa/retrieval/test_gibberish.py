import pytest

from qa.retrieval.gibberish import is_gibberish
from tests.archive import models


@pytest.mark.parametrize(
    "text",
    ["zxqv wkjy plmq?", "asdf qwer hjkl", "фывапролд ячсмить цукенг", "hjkdsf lkjsdf oiuwer"],
)
def test_random_keys_are_gibberish(text: str) -> None:
    assert is_gibberish(text, models().table)


@pytest.mark.parametrize(
    "text",
    [
        "Who bred bees that survive the frost?",
        "Какова мощность насосной станции в Хальвике?",
        "How do I exit vim?",
        "石桥泵站的总工程师是谁？",
        "石桥 qzx wkj plm",
        "Zsqv Wkjy",  # a name may be spelt in any way
        "12 34 56",
        "",
    ],
)
def test_words_and_names_are_not(text: str) -> None:
    assert not is_gibberish(text, models().table)
