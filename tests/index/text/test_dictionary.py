from pathlib import Path

import pytest

from index.errors import DictionaryUnavailable
from index.text.dictionary import DICTIONARY_FILE, MAX_WORDS, Dictionary
from index.text.tokens import fold, tokens

ENTRIES = {
    "bridg": "桥 桥梁",
    "bridg toll": "过桥费",
    "café": "咖啡馆",
    "ferri": "渡轮 渡船",
    "high speed ferri": "高速渡轮",
    "zebra": "斑马",
}


def dictionary(folder: Path, content: bytes | None = None, said: int | None = None) -> Dictionary:
    if content is None:
        lines = [f"{english}\t{chinese}\n".encode() for english, chinese in ENTRIES.items()]
        content = b"".join(sorted(lines))
    heading = f"# 6 entries, {len(content) if said is None else said} bytes. Made up.\n"
    path = folder / "dictionary.txt"
    path.write_bytes(heading.encode() + content)
    return Dictionary(path)


@pytest.mark.parametrize("english", ENTRIES)
def test_every_entry_is_found(tmp_path: Path, english: str) -> None:
    expected = [tuple(ENTRIES[english].split())]
    assert dictionary(tmp_path).translations(english.split()) == expected


@pytest.mark.parametrize("english", ["", "a", "bridge", "brid", "high", "speed ferri", "zz", "#"])
def test_what_is_no_entry_is_not_found(tmp_path: Path, english: str) -> None:
    assert dictionary(tmp_path).translations([english]) == []


def test_the_longest_phrase_goes_first_and_uses_its_words_up(tmp_path: Path) -> None:
    terms = tokens("Does the high-speed ferry carry zebras? No bridge tolls, no bridges!")
    assert dictionary(tmp_path).translations(terms) == [
        ("高速渡轮",),
        ("斑马",),
        ("过桥费",),
        ("桥", "桥梁"),
    ]


def test_a_dictionary_is_opened_when_it_is_asked(tmp_path: Path) -> None:
    missing = Dictionary(tmp_path / "none.txt")
    assert missing.translations([]) == []
    with pytest.raises(DictionaryUnavailable, match=r"none\.txt cannot be used.*Install newsquote"):
        missing.translations(["ferri"])


@pytest.mark.parametrize(
    ("content", "said", "complaint"),
    [
        ("ferri\t渡轮".encode(), 100, "expected 100 bytes after its first line, found 12"),
        ("ferri\t渡轮\n渡船".encode(), 13, "found 19"),
        (b"ferri\t\xe6\xb8\n", None, "expected UTF-8"),
    ],
)
def test_a_damaged_dictionary_is_named(
    tmp_path: Path, content: bytes, said: int | None, complaint: str
) -> None:
    with pytest.raises(DictionaryUnavailable, match=complaint) as raised:
        dictionary(tmp_path, content, said).translations(["ferri"])
    assert str(tmp_path / "dictionary.txt") in str(raised.value)


@pytest.mark.parametrize("content", [b"", b"ferri\tx\n", b"\xff\xfe\n", b"# no length\n"])
def test_another_file_is_no_dictionary(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.txt"
    path.write_bytes(content)
    with pytest.raises(DictionaryUnavailable, match=r"other\.txt cannot be used"):
        Dictionary(path).translations(["ferri"])


def test_the_packages_dictionary_is_in_the_forms_of_the_index() -> None:
    heading, *lines = DICTIONARY_FILE.read_bytes().splitlines()
    assert "CC BY-SA 4.0" in heading.decode()
    assert lines == sorted(lines)
    assert len(lines) == int(heading.split()[1]) > 50_000
    for line in lines:
        english, chinese = line.decode().split("\t")
        assert 0 < len(english.split()) <= MAX_WORDS
        assert chinese == fold(chinese)
        assert 0 < len(chinese.split()) <= 4


def test_the_packages_dictionary_knows_common_words() -> None:
    said = Dictionary().translations(tokens("What does the Prime Minister say of the church?"))
    assert any({"总理", "首相"} <= set(words) for words in said)
    assert any("教堂" in words for words in said)


def test_words_that_only_shape_a_sentence_are_no_entries() -> None:
    assert Dictionary().translations(tokens("Who was it that did so, when does he do it?")) == []
