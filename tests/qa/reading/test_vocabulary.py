from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.vocabulary import SPACE, Vocabulary, fold

PIECES = ["<unk>", "<s>", "</s>", SPACE, "桥", "大桥", f"{SPACE}bridge", "s", "2", "26", "м", "о"]


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    path = tmp_path_factory.mktemp("vocabulary") / "vocabulary.txt"
    # A longer piece is likelier than its parts together.
    path.write_text("".join(f"{piece}\t{-8 - len(piece) / 10}\n" for piece in PIECES), "utf-8")
    return Vocabulary.open(path)


def said(text: str, vocabulary: Vocabulary) -> list[tuple[str, int]]:
    ids, starts = vocabulary.cut(text)
    return [(PIECES[number], start) for number, start in zip(ids, starts, strict=True)]


def test_pieces_come_with_their_places(vocabulary: Vocabulary) -> None:
    assert said("bridges 大桥 26", vocabulary) == [
        (f"{SPACE}bridge", 0),
        ("s", 6),
        (SPACE, 7),
        ("大桥", 8),
        (SPACE, 10),
        ("26", 11),
    ]


def test_traditional_characters_and_full_width_figures_are_as_the_usual_ones(
    vocabulary: Vocabulary,
) -> None:
    assert said("大橋２６", vocabulary) == [(SPACE, 0), ("大桥", 0), ("26", 2)]


def test_what_no_piece_holds_is_left_out(vocabulary: Vocabulary) -> None:
    assert said("桥☃мо", vocabulary) == [(SPACE, 0), ("桥", 0), ("м", 2), ("о", 3)]


def test_nothing_has_hardly_a_piece(vocabulary: Vocabulary) -> None:
    assert said("", vocabulary) == [(SPACE, 0)]


@given(st.text())
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(text=st.text())
def test_places_lie_in_the_text_and_ascend(vocabulary: Vocabulary, text: str) -> None:
    _, starts = vocabulary.cut(text)
    assert all(0 <= start <= max(len(text) - 1, 0) for start in starts.tolist())
    assert starts.tolist() == sorted(starts.tolist())


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.txt"
    path.write_text("bridge\n", "utf-8")
    with pytest.raises(ValueError, match="expected a piece and its score"):
        Vocabulary.open(path)
