import random
from collections.abc import Sequence
from itertools import accumulate, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models

from index.encoders import unigram
from index.encoders.unigram import Unigram, _HashSet
from index.text.character_map import codes_of

Vocabulary = dict[str, float]


def opened(vocabulary: Vocabulary) -> Unigram:
    scores = [f",{score}],[".encode() for score in (0.0, *vocabulary.values())]
    return Unigram([b"[UNK]", *(piece.encode() for piece in vocabulary)], scores)


def cut_alone(pieces: Unigram, run: str) -> list[int]:
    return [*map(int, np.frombuffer(pieces.likeliest(run)[0], np.int32))]


def cut(pieces: Unigram, runs: Sequence[str]) -> list[int]:
    begins = np.zeros(sum(map(len, runs)) + 1, np.bool_)
    begins[[0, *accumulate(map(len, runs))]] = True
    return [*map(int, pieces.cut(codes_of("".join(runs)), begins))]


def pieces_of(pieces: Unigram, run: str) -> list[int]:
    return [number for number in cut_alone(pieces, run) if number]


def library_pieces_of(vocabulary: Vocabulary, run: str) -> list[int]:
    engine = Tokenizer(
        models.Unigram([("[UNK]", 0.0), *vocabulary.items()], 0, byte_fallback=False)
    )
    return [number for number in engine.encode(run).ids if number]


# Hand-computed.


def test_the_likeliest_pieces_stand_where_they_begin() -> None:
    pieces = opened({"ab": -5.0, "a": -3.0, "b": -3.0, "桥": -1.0})
    # "ab" is -5 as one piece, -6 as two.
    assert cut_alone(pieces, "ab桥ba") == [1, 0, 4, 3, 2]
    assert cut(pieces, ["ab桥ba", "ab"]) == [1, 0, 4, 3, 2, 1, 0]
    assert len(pieces) == 5


def test_an_unknown_character_costs_ten_more_than_the_least_likely_piece_of_all() -> None:
    vocabulary = {"a": -1.0, "bc": -1.0, "axb": -15.0, "c": -15.0}
    # "a", unknown, "bc" are -1 - (15 + 10) - 1 = -27; "axb", "c" are -30.
    assert cut_alone(opened(vocabulary), "axbc") == [1, 0, 2, 0]
    # A piece of -30, though the text does not hold it, makes them -42.
    assert cut_alone(opened({**vocabulary, "zz": -30.0}), "axbc") == [3, 0, 0, 4]


def test_no_runs_have_no_tokens() -> None:
    assert cut(opened({"a": -1.0}), []) == []
    assert cut(opened({"a": -1.0}), ["?", "a", "??"]) == [0, 1, 0, 0]


def test_a_character_may_be_wider_than_all_pieces() -> None:
    pieces = Unigram([b"?", b"a"], [b",0.0],[", b",-1.0],["])
    assert cut_alone(pieces, "𠀀a桥a") == cut(pieces, ["𠀀a桥a"]) == [0, 1, 0, 1]


def test_a_piece_ends_where_its_run_does() -> None:
    pieces = opened({"abc": -1.0, "a": -3.0, "bc": -3.0, "ab": -4.0, "c": -3.0})
    assert cut(pieces, ["abc", "ab", "c", "", "a", "bc"]) == [1, 0, 0, 4, 0, 5, 2, 3, 0]


def test_a_cut_is_certain_where_no_piece_can_lie() -> None:
    pieces = opened({"ab": -1.0, "cdef": -1.0, "xyz": -1.0})

    def segments(text: str) -> str:
        marks = np.where(pieces._short.apart(codes_of(text)), "|", "")
        return "".join(mark + letter for mark, letter in zip(marks, [*text, ""], strict=True))

    assert segments("") == "|"
    assert segments("a") == "|a|"
    assert segments("ab") == "|ab|"
    assert segments("ba") == "|b|a|"
    # "cd" and "xy" stand in pieces, but here none of these can go on.
    assert segments("abcdxyab") == "|ab|c|d|x|y|ab|"
    assert segments("abcdefxyzab") == "|ab|cdef|xyz|ab|"
    assert segments("cdeab") == "|cde|ab|"


def test_two_characters_are_one_piece_only_if_that_is_likelier() -> None:
    pieces = opened({"ab": -5.0, "a": -2.0, "b": -2.0, "cd": -5.0, "c": -3.0, "ef": -5.0})
    # "ab" is -5 as one piece, -4 as two; "d", "e" and "f" are no pieces.
    assert cut(pieces, ["abcdef"]) == [2, 3, 4, 0, 6, 0]
    # "a" is 11 - 10 as an unknown character: 12 with "b".
    pieces = Unigram([b"[UNK]", b"ab", b"b"], [b",15.0],[", b",11.5],[", b",11.0],["])
    assert cut(pieces, ["ab"]) == [0, 2]


def test_a_piece_that_no_cut_can_be_as_likely_as_is_one() -> None:
    scores = {"abc": -5.0, "a": -3.0, "ab": -2.0, "b": -2.5, "c": -4.0, "bcd": -2.9}
    # Of cuts, "a" or "ab" comes first and costs 2 at least, and what begins with "b" or "c" 2.5.
    assert cut(opened({**scores, "abc": -4.4}), ["abc"]) == [1, 0, 0]
    # That is a bound: "ab" and "c" are -6.
    assert cut(opened({**scores, "abc": -5.9}), ["abc"]) == [1, 0, 0]
    assert cut(opened({**scores, "abc": -6.1}), ["abc"]) == [3, 0, 5]
    # What follows the first piece may begin with any of the others.
    assert cut(opened({"abc": -20.0, "a": -3.0, "bc": -2.5, "c": -40.0}), ["abc"]) == [2, 3, 0]


def test_two_pieces_may_have_one_place() -> None:
    first, second = "aa", "a" + chr(ord("a") + unigram._PAIR_PLACES)
    pieces = opened({first: -1.0, second: -1.0, "a": -2.0, second[1]: -2.0})
    assert cut(pieces, [first, second, first]) == [1, 0, 2, 0, 1, 0]


def test_hashes_of_one_place_are_all_in_the_set() -> None:
    few = _HashSet.of(np.array([0, 1 << 30], np.uint32))
    asked = np.array([0, 2, 1 << 10, 1 << 30], np.uint32)
    assert few.lacks(asked).tolist() == [False, True, True, False]
    assert _HashSet.of(np.array([0, 2, 0], np.uint32)).lacks(asked[:2]).tolist() == [False, False]


# Many runs at once, and the library.

ALPHABET = "abc桥"
RUNS = ["".join(letters) for size in range(1, 6) for letters in product(ALPHABET, repeat=size)]


@pytest.mark.parametrize("seed", range(12))
def test_many_runs_are_cut_as_each_alone_and_as_by_the_library(seed: int) -> None:
    """Few different scores make many ties, which rounding decides by what stands before."""
    chance = random.Random(seed)
    scores = [-7.0, -9.1, -11.3, -13.764008347018336]
    some = chance.sample([run for run in RUNS if len(run) < 5], 40)
    vocabulary = {piece: chance.choice(scores) for piece in some}
    pieces = opened(vocabulary)
    runs = ["".join(chance.choices(ALPHABET, k=chance.randint(1, 30))) for _ in range(300)]
    alone = [cut_alone(pieces, run) for run in runs]
    assert cut(pieces, runs) == [number for tokens in alone for number in tokens]
    assert cut(pieces, runs[::-1]) == [n for tokens in alone[::-1] for n in tokens]
    assert [pieces_of(pieces, run) for run in runs] == [
        library_pieces_of(vocabulary, run) for run in runs
    ]


def test_where_rounding_decides_a_segment_is_cut_with_what_stands_before_it() -> None:
    """The same two pieces in either order: which sum is greater hangs on where it begins."""
    vocabulary = {"买": -6.1, "买买": -8.3, "去": -5.7, "上": -0.1}
    pieces = opened(vocabulary)
    runs = [
        "买买买",
        *("去" * n + "买买买" for n in range(40)),
        *("上" * n + "买买买" for n in range(40)),
    ]
    found = {tuple(cut_alone(pieces, run)[-3:]) for run in runs}
    assert found == {(1, 2, 0), (2, 0, 1)}
    assert cut(pieces, runs) == [n for run in runs for n in cut_alone(pieces, run)]


def test_so_are_two_characters_that_are_as_likely_as_one_piece() -> None:
    pieces = opened({"ab": -0.3, "a": -0.1, "b": -0.2, "去": -5.7})
    runs = ["去" * n + "ab" for n in range(40)]
    assert {tuple(cut_alone(pieces, run)[-2:]) for run in runs} == {(1, 0), (2, 3)}
    assert cut(pieces, runs) == [n for run in runs for n in cut_alone(pieces, run)]


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.text(ALPHABET, min_size=1, max_size=4), st.floats(-20, -1), min_size=1, max_size=20
    ),
    st.text(ALPHABET + "?", min_size=1, max_size=40),
)
def test_any_vocabulary_cuts_as_in_the_library(vocabulary: Vocabulary, run: str) -> None:
    pieces = opened(vocabulary)
    assert pieces_of(pieces, run) == library_pieces_of(vocabulary, run)
    assert cut(pieces, [run]) == cut_alone(pieces, run)


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unigram, "_REMEMBERED", 100)
    pieces = opened({"".join(pair): -5.0 for pair in product("abc", repeat=2)})  # no cut is certain
    chance = random.Random(3)
    for _ in range(20):
        runs = ["".join(chance.choices("abc", k=chance.randint(3, 60))) for _ in range(20)]
        assert cut(pieces, runs) == [n for run in runs for n in cut_alone(pieces, run)]
        assert 0 < len(pieces._segments) < 100 + len(runs)
    assert max(map(len, pieces._segments)) <= unigram._LONGEST_REMEMBERED


def test_ways_that_are_alike_are_no_tie_but_are_not_followed_for_ever() -> None:
    """All ways to cut such a run add the same scores, back to its beginning."""
    pieces = opened({"a": -11.0, "aa": -11.0, "aaa": -11.0})
    assert not pieces.likeliest("a" * 100)[1]
    assert pieces.likeliest("a" * 1000)[1]
    assert np.count_nonzero(cut(pieces, ["a" * 1000])) == 334
