import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.tokens import fold, script, token_lines, tokens, variants


def test_folding_joins_the_forms_of_one_text() -> None:
    assert fold("據ＡＢＣ報道２０２１年") == "据abc报道2021年"
    assert fold("Ёлка") == "елка"
    assert fold("a\u200bb\ufeffc\u202ed") == "abcd"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Zoë", "zoe"),
        ("Zoe\u0308", "zoe"),
        ("MALMÖ", "malmo"),
        ("São Tomé e Príncipe", "sao tome e principe"),
        ("Việt Nam", "viet nam"),
        ("Łódź, Tromsø, Đà Nẵng, Diyarbakır", "lodz, tromso, da nang, diyarbakir"),
        ("İstanbul", "istanbul"),
        ("x\u0302y\u0304", "xy"),  # which have no form of their own
        ("Елка ёлка е\u0308лка", "елка елка елка"),
        ("Йод, мой, и\u0306", "йод, мой, й"),  # a letter of its own
        ("Київ, Њой, ўзбек", "київ, њой, ўзбек"),  # these too
        ("за\u0301мок", "замок"),  # a stress is no letter
        ("ガ", "ガ"),
        ("ά", "ά"),
        ("Straße", "straße"),
    ],
)
def test_accents_of_latin_letters_fold(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(folded) == folded


def test_a_name_is_found_with_and_without_its_accents() -> None:
    assert tokens("Zoë O’Neill of Malmö") == tokens("Zoe O’Neill of Malmo")
    assert token_lines(["Zoë", "Ёж"]) == token_lines(["Zoe", "Еж"])


def test_variants_are_those_of_opencc() -> None:
    convert = opencc.OpenCC("t2s").convert
    table = variants()
    assert len(table) > 4000
    assert {chr(k): chr(v) for k, v in table.items()} == {chr(k): convert(chr(k)) for k in table}
    assert all(convert(character) != character for character in map(chr, table))
    assert fold("體育館裡發現臺灣製雞") == convert("體育館裡發現臺灣製雞")


def test_han_gives_bigrams_and_a_character_that_stands_alone() -> None:
    assert tokens("中俄關係，雲") == ["中俄", "俄关", "关系", "云"]
    assert tokens("俄") == ["俄"]


def test_words_are_stemmed_by_their_script() -> None:
    assert tokens("Running bridges") == ["run", "bridg"]
    assert tokens("мосты моста") == ["мост", "мост"]


def test_a_run_ends_where_the_script_changes() -> None:
    assert tokens("2021年F35") == ["2021", "年", "f", "35"]


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("１，２３４．５", "1234.5"),
        ("1,234,567", "1234567"),
        ("3.14", "3.14"),
        ("1,23", "1,23"),
        ("2021", "2021"),
    ],
)
def test_numbers_lose_only_thousands_separators(text: str, token: str) -> None:
    assert tokens(text) == [token]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("乐玉成说 WTO 好", "han"),
        ("The 中 word", "latin"),
        ("中ab", "han"),
        ("中abc", "han"),
        ("中abcd", "latin"),
        ("中абвг", "cyrillic"),
        ("中 1234", "han"),
        ("Новый мост in N", "cyrillic"),
        ("123", "latin"),
        ("", "latin"),
    ],
)
def test_script_is_the_one_that_carries_most(text: str, expected: str) -> None:
    assert script(text) == expected


def test_a_line_holds_the_tokens_of_one_text() -> None:
    texts = ["", "中俄", "關係x", "", "x中", "國", "国", "3,000 running 中"]
    lines = [sorted(line.split()) for line in token_lines(texts)]
    assert lines == [
        [],
        ["中俄"],
        ["x", "关系"],
        [],
        ["x", "中"],
        ["国"],
        ["国"],
        ["3000", "run", "中"],
    ]
    assert token_lines([]) == []
    assert token_lines(["", ""]) == ["", ""]


MIXED = st.text("中俄關係𠀀ｶﾞ한がё1２,.-x\u0301…\xad\n \udcff\x00")


@given(st.lists(st.one_of(st.text(), MIXED), max_size=5))
def test_lines_hold_the_same_tokens(texts: list[str]) -> None:
    lines = [sorted(line.split()) for line in token_lines(texts)]
    assert lines == [sorted(tokens(text)) for text in texts]


@given(st.text())
def test_tokens_hold_no_white_space_and_folding_is_stable(text: str) -> None:
    assert all(token and not any(map(str.isspace, token)) for token in tokens(text))
    assert tokens(fold(text)) == tokens(fold(fold(text)))
