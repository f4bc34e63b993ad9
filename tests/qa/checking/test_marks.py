import pytest

from qa.checking.marks import long_enough, quotations, unmarked


def quoted(text: str) -> list[str]:
    found = quotations(text)
    assert all(text[one.start : one.end] == one.text for one in found)
    return [one.text for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("港务长说：“地基现在很稳固。”", ["地基现在很稳固。"]),
        ("她說「價錢嚇人」，又說『茶還是要喝』。", ["價錢嚇人", "茶還是要喝"]),
        ('He said "we were wrong" and left.', ["we were wrong"]),
        ("Voss said ‘it doesn’t matter’ twice.", ["it doesn’t matter"]),
        ("Он сказал: «мы ошиблись», и „больше ничего“.", ["мы ошиблись", "больше ничего"]),
        ("“He told me ‘go home’ and I went.”", ["He told me ‘go home’ and I went."]),
        ("『外面「裡面的話」外面』", ["外面「裡面的話」外面"]),
        ("the “bridge” and 《书名》 and “桥” are names", []),
        ("“A first paragraph.\n\n“And the end of it.” Then “more of it”.",
         ["A first paragraph.\n\n“And the end of it.", "more of it"]),
        ('5" of rain.\n\nThen "it was over" at last.', ["it was over"]),
        ("“never closed.\n\nHe said “all is well”.", ["all is well"]),
        ("“" + "long " * 5000 + "” and “this is short”", ["this is short"]),
        ("closed” twice”, “opened once", []),
        ("“  spaces around  ”", ["spaces around"]),
    ],
)  # fmt: skip
def test_quotations_are_found_by_their_marks(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


def test_what_stands_before_a_quotation_is_kept_as_far_as_its_sentence_goes() -> None:
    (found,) = quotations("It was late. He will not “attack them again” soon.")
    assert found.before == " He will not "


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“我错了”", "我错了"),
        (' "we were wrong" ', "we were wrong"),
        ("“one” and “two”", "“one” and “two”"),
        ("no marks", "no marks"),
        ("「一」", "一"),
    ],
)
def test_marks_around_all_of_it_are_no_part_of_a_quotation(text: str, words: str) -> None:
    assert unmarked(text) == words


@pytest.mark.parametrize("text", ["bridge", "大桥", "2022", "“”", "...", ""])
def test_a_word_is_no_quotation(text: str) -> None:
    assert not long_enough(text)


@pytest.mark.parametrize("text", ["no limits", "不支持", "2022 was", "нет, никогда"])
def test_two_words_or_three_han_characters_are(text: str) -> None:
    assert long_enough(text)
