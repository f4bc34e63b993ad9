import math
from pathlib import Path

import numpy as np
import pytest

from index.columns import NO_DAY, Wanted
from index.errors import IndexDamaged
from index.lexical import LexicalIndex, LexicalWriter, token_line
from index.text import tokens

PASSAGES = [
    ("the bridge opened", "Opening day", 100, 1),
    ("a ferry and a bridge", "Ferries", 200, 2),
    ("大桥通车了", "通车", NO_DAY, 1),
]


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    writer = LexicalWriter(tmp_path / "lexical")
    for row, (body, title, day, source) in enumerate(PASSAGES):
        writer.add(row, token_line(body), token_line(title), day, source)
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


def test_weights_are_bm25s_idf(index: LexicalIndex) -> None:
    assert index.weights(["bridg", "zzz"]) == {
        "bridg": pytest.approx(math.log(1 + 1.5 / 2.5)),
        "zzz": pytest.approx(math.log(1 + 3.5 / 0.5)),
    }


def test_a_folder_that_is_no_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="newsquote index build"):
        LexicalIndex(tmp_path, title_weight=1)
