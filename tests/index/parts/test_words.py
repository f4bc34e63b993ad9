import math
from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexDamaged
from index.parts.filters import NO_DAY, Wanted
from index.parts.weights import Alternatives
from index.parts.words import PASSAGES, LexicalIndex, LexicalWriter
from index.text.tokens import tokens

BODIES = [
    ("the bridge opened", 100, 1),
    ("a ferry and a bridge", 200, 2),
    ("大桥通车了", NO_DAY, 1),
]


def line(text: str) -> str:
    return " ".join(tokens(text))


def weighing(text: str) -> dict[str, float]:
    return dict.fromkeys(tokens(text), 1.0)


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    writer = LexicalWriter(tmp_path / "first", PASSAGES)
    for body, day, source in BODIES:
        writer.add(line(body), day, source)
    writer.finish()
    return LexicalIndex(tmp_path / "first", PASSAGES)


def test_two_characters_find_the_word_inside_a_run(index: LexicalIndex) -> None:
    assert index.search(weighing("通車"), 5)[0].tolist() == [2]


def test_a_window_leaves_out_what_has_no_date(index: LexicalIndex) -> None:
    asked = weighing("bridge 大桥")
    assert sorted(index.search(asked, 5)[0]) == [0, 1, 2]
    assert index.search(asked, 5, Wanted(days=(100, 150)))[0].tolist() == [0]
    assert sorted(index.search(asked, 5, Wanted(days=(None, 250)))[0]) == [0, 1]


def test_a_source_is_matched_by_its_number(index: LexicalIndex) -> None:
    asked = weighing("bridge 大桥")
    assert sorted(index.search(asked, 5, Wanted(source=1))[0]) == [0, 2]
    assert index.search(asked, 5, Wanted(source=-1))[0].tolist() == []


def test_filters_do_not_change_sums(index: LexicalIndex) -> None:
    plain = dict(zip(*index.search({"bridg": 2.5}, 5), strict=True))
    assert plain == {0: 2.5, 1: 2.5}
    filtered = index.search({"bridg": 2.5}, 5, Wanted(days=(0, 150), source=1))
    assert dict(zip(*filtered, strict=True)) == {0: 2.5}


def test_nothing_asked_nothing_found(index: LexicalIndex) -> None:
    assert index.search({}, 5)[0].tolist() == []
    assert index.search({"zzz": 1.0}, 5)[0].tolist() == []


def test_the_weights_of_the_terms_held_are_added_up(index: LexicalIndex) -> None:
    weights = {"bridg": 2.0, "ferri": 3.0, "open": 0.5, "zzz": 9.0}
    rows, sums = index.search(weights, 5)
    assert dict(zip(rows, sums, strict=True)) == {1: 5.0, 0: 2.5}
    assert index.search(weights, 5, Wanted(source=1))[0].tolist() == [0]
    assert index.sums(weights, np.array([2, 1, 0])).tolist() == [0, 5.0, 2.5]
    assert index.sums({}, np.array([0])).tolist() == [0]
    assert index.sums(weights, np.empty(0, np.int64)).tolist() == []


IN_OTHER_WORDS: dict[Alternatives, float] = {
    (("bridg", "open"), ("ferri",)): 2.0,  # passages 0 and 1
    (("bridg", "zzz"), ("大桥", "桥通"), ("车了",)): 3.0,  # passage 2, in two ways
    (("a", "ferri"), ("bridg",)): 0.5,  # passage 0 in one way, 1 in two
}
HELD_BY_NONE: dict[Alternatives, float] = {(("bridg", "zzz"),): 1.0}


def test_what_is_said_counts_once_in_whichever_way(index: LexicalIndex) -> None:
    rows, sums = index.search(IN_OTHER_WORDS, 5)
    assert dict(zip(rows, sums, strict=True)) == {2: 3.0, 0: 2.5, 1: 2.5}
    assert index.sums(IN_OTHER_WORDS, np.array([2, 1, 0])).tolist() == [3.0, 2.5, 2.5]
    assert index.sums(HELD_BY_NONE, np.array([0, 1])).tolist() == [0, 0]


def test_weights_are_bm25s_idf(index: LexicalIndex) -> None:
    assert index.weights(["bridg", "zzz"]) == {
        "bridg": pytest.approx(math.log(1 + 1.5 / 2.5)),
        "zzz": pytest.approx(math.log(1 + 3.5 / 0.5)),
    }


def test_a_folder_that_is_no_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match=r"passage_words/keys\.npy: expected a NumPy array"):
        LexicalIndex(tmp_path, PASSAGES)


@pytest.fixture
def updated(index: LexicalIndex, tmp_path: Path) -> LexicalIndex:
    """An index that shares the first one's words, without its first passage and with a new one."""
    assert len(index) == 3
    writer = LexicalWriter(tmp_path / "updated", PASSAGES, tmp_path / "first")
    writer.add(line("ferry bridge lighthouse"), 300, 1)
    writer.keep(range(1, 3))
    writer.add_tombstone(line(BODIES[0][0]))
    assert writer.dead == 1
    writer.finish()
    return LexicalIndex(tmp_path / "updated", PASSAGES)


def test_an_updated_index_counts_the_living_alone(
    updated: LexicalIndex, index: LexicalIndex, tmp_path: Path
) -> None:
    assert (len(updated), updated.dead) == (3, 1)
    writer = LexicalWriter(tmp_path / "anew", PASSAGES)
    writer.add(line("ferry bridge lighthouse"), 300, 1)
    for body, day, source in BODIES[1:]:
        writer.add(line(body), day, source)
    writer.finish()
    anew = LexicalIndex(tmp_path / "anew", PASSAGES)
    terms = ["bridg", "ferri", "open", "lighthous", "通车", "zzz"]
    assert updated.weights(terms) == anew.weights(terms)
    weights = anew.weights(terms)
    for found, expected in (
        (updated.search(weights, 9), anew.search(weights, 9)),
        (updated.search(weights, 1), anew.search(weights, 1)),
        (
            updated.search(weights, 9, Wanted(source=1)),
            anew.search(weights, 9, Wanted(source=1)),
        ),
    ):
        assert found[0].tolist() == expected[0].tolist()
        assert found[1].tolist() == pytest.approx(expected[1].tolist())
    every = np.arange(3)
    assert updated.sums(weights, every).tolist() == pytest.approx(
        anew.sums(weights, every).tolist()
    )
    assert sorted(index.search({"bridg": 1.0}, 9)[0]) == [0, 1]  # the first one is as it was


def test_dead_passages_take_no_places(updated: LexicalIndex) -> None:
    rows, _ = updated.search({"bridg": 1.0}, 2)
    assert sorted(rows) == [0, 1]


def test_however_many_are_dead_the_living_are_found(tmp_path: Path) -> None:
    writer = LexicalWriter(tmp_path / "first", PASSAGES)
    for _ in range(10):
        writer.add("bridge", NO_DAY, 0)
    writer.finish()
    writer = LexicalWriter(tmp_path / "second", PASSAGES, tmp_path / "first")
    writer.keep(range(8, 10))
    for _ in range(8):
        writer.add_tombstone("bridge")
    writer.finish()
    index = LexicalIndex(tmp_path / "second", PASSAGES)
    assert index.search({"bridge": 1.0}, 1)[0].tolist() == [0]
    assert index.search({"bridge": 1.0}, 5)[0].tolist() == [0, 1]


def test_dead_passages_stay_dead_in_the_next_update(updated: LexicalIndex, tmp_path: Path) -> None:
    assert updated.dead == 1
    writer = LexicalWriter(tmp_path / "again", PASSAGES, tmp_path / "updated")
    writer.keep(range(1, 3))
    writer.add_tombstone(line("ferry bridge lighthouse"))
    writer.finish()
    again = LexicalIndex(tmp_path / "again", PASSAGES)
    assert (len(again), again.dead) == (2, 2)
    assert again.search({"bridg": 1.0}, 5)[0].tolist() == [0]
    assert again.weights(["bridg"]) == {"bridg": pytest.approx(math.log(1 + 1.5 / 1.5))}


def test_parts_that_do_not_fit_are_damage(updated: LexicalIndex, tmp_path: Path) -> None:
    assert updated.dead == 1
    np.save(tmp_path / "updated/passage_words/rows.npy", np.zeros(7, np.int32))
    with pytest.raises(IndexDamaged, match=r"expected 7 documents.*found 4"):
        LexicalIndex(tmp_path / "updated", PASSAGES)
