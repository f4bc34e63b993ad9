import math
from pathlib import Path

import numpy as np
import pytest

from index.columns import NO_DAY, Wanted
from index.errors import IndexDamaged
from index.lexical import LexicalIndex, LexicalWriter, Ways, token_line
from index.text import tokens

PASSAGES = [
    ("the bridge opened", "Opening day", 100, 1),
    ("a ferry and a bridge", "Ferries", 200, 2),
    ("大桥通车了", "通车", NO_DAY, 1),
]


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    writer = LexicalWriter(tmp_path / "lexical")
    for body, title, day, source in PASSAGES:
        writer.add(token_line(body), token_line(title), day, source)
    writer.finish()
    return LexicalIndex(tmp_path / "lexical", title_weight=0.5)


def test_bm25_is_lucenes(index: LexicalIndex) -> None:
    rows, scores = index.search(["ferri"], 5)
    assert rows.tolist() == [1]
    # Robertson's formula as Lucene has it: k1 = 1.2, b = 0.75; one of three passages holds the
    # word; bodies are 3, 5 and 9 tokens long, titles 2, 1 and 3.
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))

    def bm25(length: float, average: float) -> float:
        return idf * 2.2 / (1 + 1.2 * (0.25 + 0.75 * length / average))

    assert scores[0] == pytest.approx(bm25(5, 17 / 3) + 0.5 * bm25(1, 2), rel=1e-3)


def test_two_characters_find_the_word_inside_a_run(index: LexicalIndex) -> None:
    assert index.search(tokens("通車"), 5)[0].tolist() == [2]


def test_a_window_leaves_out_what_has_no_date(index: LexicalIndex) -> None:
    terms = tokens("bridge 大桥")
    assert sorted(index.search(terms, 5)[0]) == [0, 1, 2]
    assert index.search(terms, 5, Wanted(days=(100, 150)))[0].tolist() == [0]
    assert sorted(index.search(terms, 5, Wanted(days=(None, 250)))[0]) == [0, 1]


def test_a_source_is_matched_by_its_number(index: LexicalIndex) -> None:
    terms = tokens("bridge 大桥")
    assert sorted(index.search(terms, 5, Wanted(source=1))[0]) == [0, 2]
    assert index.search(terms, 5, Wanted(source=-1))[0].tolist() == []


def test_filters_do_not_change_scores(index: LexicalIndex) -> None:
    plain = dict(zip(*index.search(["bridg"], 5), strict=True))
    filtered = dict(zip(*index.search(["bridg"], 5, Wanted(days=(0, 150), source=1)), strict=True))
    assert filtered == {0: pytest.approx(plain[0])}


def test_nothing_asked_nothing_found(index: LexicalIndex) -> None:
    assert index.search([], 5)[0].tolist() == []
    assert index.search(["zzz"], 5)[0].tolist() == []


def test_a_pasted_text_is_searched_by_its_rarest_terms(index: LexicalIndex) -> None:
    many = [f"word{n}" for n in range(500)] + ["bridg"] * 3
    assert sorted(index.search(many, 5)[0]) == []
    assert index.search([*map(str, range(100)), "ferri"], 5)[0].tolist() == [1]


def test_coverage_adds_up_the_weights_of_the_terms_held(index: LexicalIndex) -> None:
    weights = {"bridg": 2.0, "ferri": 3.0, "open": 0.5, "zzz": 9.0}
    rows, sums = index.covering(weights, 5)
    assert dict(zip(rows, sums, strict=True)) == {1: 5.0, 0: 2.5}
    assert index.covering(weights, 5, Wanted(source=1))[0].tolist() == [0]
    assert index.sums(weights, np.array([2, 1, 0])).tolist() == [0, 5.0, 2.5]
    assert index.sums({}, np.array([0])).tolist() == [0]
    assert index.sums(weights, np.empty(0, np.int64)).tolist() == []


def test_what_is_said_counts_once_in_whichever_way(index: LexicalIndex) -> None:
    weights: dict[Ways, float] = {
        (("bridg", "open"), ("ferri",)): 2.0,  # passages 0 and 1
        (("bridg", "zzz"), ("大桥", "桥通"), ("车",)): 3.0,  # passage 2, in two ways
        (("a", "ferri"), ("bridg",)): 0.5,  # passage 0 in one way, 1 in two
    }
    rows, sums = index.covering(weights, 5)
    assert dict(zip(rows, sums, strict=True)) == {2: 3.0, 0: 2.5, 1: 2.5}
    assert index.sums(weights, np.array([2, 1, 0])).tolist() == [3.0, 2.5, 2.5]
    nobody: dict[Ways, float] = {(("bridg", "zzz"),): 1.0}
    assert index.sums(nobody, np.array([0, 1])).tolist() == [0, 0]


def test_weights_are_bm25s_idf(index: LexicalIndex) -> None:
    assert index.weights(["bridg", "zzz"]) == {
        "bridg": pytest.approx(math.log(1 + 1.5 / 2.5)),
        "zzz": pytest.approx(math.log(1 + 3.5 / 0.5)),
    }


def test_a_folder_that_is_no_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="newsquote index build"):
        LexicalIndex(tmp_path, title_weight=1)


@pytest.fixture
def updated(index: LexicalIndex, tmp_path: Path) -> LexicalIndex:
    """An index that shares the first one's words, without its first passage and with a new one."""
    assert len(index) == 3
    writer = LexicalWriter(tmp_path / "updated", tmp_path / "lexical")
    writer.add(token_line("ferry bridge lighthouse"), token_line("News"), 300, 1)
    writer.keep(range(1, 3))
    writer.bury(token_line(PASSAGES[0][0]), token_line(PASSAGES[0][1]))
    assert writer.dead == 1
    writer.finish()
    return LexicalIndex(tmp_path / "updated", title_weight=0.5)


def test_an_updated_index_counts_the_living_alone(
    updated: LexicalIndex, index: LexicalIndex, tmp_path: Path
) -> None:
    assert (len(updated), updated.dead) == (3, 1)
    writer = LexicalWriter(tmp_path / "anew")
    writer.add(token_line("ferry bridge lighthouse"), token_line("News"), 300, 1)
    for body, title, day, source in PASSAGES[1:]:
        writer.add(token_line(body), token_line(title), day, source)
    writer.finish()
    anew = LexicalIndex(tmp_path / "anew", title_weight=0.5)
    terms = ["bridg", "ferri", "open", "lighthous", "通车", "zzz"]
    assert updated.weights(terms) == anew.weights(terms)
    weights = anew.weights(terms)
    for found, expected in (
        (updated.covering(weights, 9), anew.covering(weights, 9)),
        (updated.covering(weights, 1), anew.covering(weights, 1)),
        (
            updated.covering(weights, 9, Wanted(source=1)),
            anew.covering(weights, 9, Wanted(source=1)),
        ),
    ):
        assert found[0].tolist() == expected[0].tolist()
        assert found[1].tolist() == pytest.approx(expected[1].tolist())
    every = np.arange(3)
    assert updated.sums(weights, every).tolist() == pytest.approx(
        anew.sums(weights, every).tolist()
    )
    assert index.search(["bridg"], 9)[0].tolist()  # the first one is as it was


def test_dead_passages_take_no_places(updated: LexicalIndex) -> None:
    rows, _ = updated.search(["bridg"], 1)
    assert rows.tolist() == [0]


def test_scores_are_those_of_the_living_where_the_mean_length_is_the_same(tmp_path: Path) -> None:
    texts = ["old bridge", "new bridge", "new ferry", "old ferry", "new light"]
    writer = LexicalWriter(tmp_path / "first")
    for text in texts:
        writer.add(text, text, NO_DAY, 0)
    writer.finish()
    writer = LexicalWriter(tmp_path / "second", tmp_path / "first")
    writer.keep(range(1, 4))
    for text in (texts[0], texts[4]):
        writer.bury(text, text)
    writer.finish()
    writer = LexicalWriter(tmp_path / "anew")
    for text in texts[1:4]:
        writer.add(text, text, NO_DAY, 0)
    writer.finish()
    second, anew = (LexicalIndex(tmp_path / n, title_weight=0.5) for n in ("second", "anew"))
    asked = ["new", "bridge", "bridge"]
    found, expected = (dict(zip(*i.search(asked, 5), strict=True)) for i in (second, anew))
    assert found == pytest.approx(expected)


def test_however_many_are_dead_the_living_are_found(tmp_path: Path) -> None:
    writer = LexicalWriter(tmp_path / "first")
    for n in range(10):  # the shorter, the better
        writer.add(f"bridge {'word ' * n}", "", NO_DAY, 0)
    writer.finish()
    writer = LexicalWriter(tmp_path / "second", tmp_path / "first")
    writer.keep(range(8, 10))
    for _ in range(8):
        writer.bury("bridge", "")
    writer.finish()
    index = LexicalIndex(tmp_path / "second", title_weight=0.5)
    assert index.search(["bridge"], 1)[0].tolist() == [0]
    assert index.search(["bridge"], 5)[0].tolist() == [0, 1]


def test_dead_passages_stay_dead_in_the_next_update(updated: LexicalIndex, tmp_path: Path) -> None:
    assert updated.dead == 1
    writer = LexicalWriter(tmp_path / "again", tmp_path / "updated")
    writer.keep(range(1, 3))
    writer.bury(token_line("ferry bridge lighthouse"), token_line("News"))
    writer.finish()
    again = LexicalIndex(tmp_path / "again", title_weight=0.5)
    assert (len(again), again.dead) == (2, 2)
    assert again.search(["bridg"], 5)[0].tolist() == [0]
    assert again.weights(["bridg"]) == {"bridg": pytest.approx(math.log(1 + 1.5 / 1.5))}


def test_parts_that_do_not_fit_are_damage(updated: LexicalIndex, tmp_path: Path) -> None:
    assert updated.dead == 1
    np.save(tmp_path / "updated" / "rows.npy", np.zeros(7, np.int32))
    with pytest.raises(IndexDamaged, match=r"expected 7 passages.*found 4"):
        LexicalIndex(tmp_path / "updated", title_weight=1)
