from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.encoders.token_table import Ids
from index.errors import IndexDamaged
from index.parts.token_lists import TokenLists, distinct_tokens

PASSAGES = [np.array(ids, np.int32) for ids in ([3, 1, 3], [], [2], [])]


def built(passages: Sequence[Ids]) -> TokenLists:
    return TokenLists.joined(*distinct_tokens(passages))


@pytest.fixture
def lists(tmp_path: Path) -> TokenLists:
    built(PASSAGES).save(tmp_path)
    return TokenLists.open(tmp_path)


def test_each_passage_has_its_distinct_tokens(lists: TokenLists) -> None:
    assert len(lists) == 4
    assert [lists[row].tolist() for row in range(4)] == [[1, 3], [], [2], []]
    assert lists.lengths().tolist() == [2, 0, 1, 0]


def test_neighbours_may_have_the_same_tokens() -> None:
    tokens, lengths = distinct_tokens([np.array(ids, np.int32) for ids in ([4], [4, 4], [], [4])])
    assert (tokens.tolist(), lengths.tolist()) == ([4, 4, 4], [1, 1, 0, 1])


def test_gather_keeps_the_order_asked_for(lists: TokenLists) -> None:
    ids, starts = lists.gather([2, 1, 0])
    assert ids.tolist() == [2, 1, 3]
    assert starts.tolist() == [0, 1, 1]
    ids, starts = lists.gather([])
    assert ids.tolist() == starts.tolist() == []


def test_lists_are_cut_into_pieces_filled_up_with_their_last_token() -> None:
    passages = [np.array(ids, np.int32) for ids in ([1, 2, 3, 4, 5], [], [6], [7, 8])]
    lists = built(passages)
    ids, bounds = lists.in_pieces(np.array([3, 1, 0, 2]), 2)
    assert ids.T.tolist() == [[7, 8], [1, 2], [3, 4], [5, 5], [6, 6]]
    assert bounds.tolist() == [0, 1, 1, 4, 5]
    ids, bounds = lists.in_pieces(np.array([1]), 2)
    assert (ids.shape, bounds.tolist()) == ((2, 0), [0, 0])


def test_runs_of_passages_are_put_one_after_another(lists: TokenLists) -> None:
    ids, lengths = lists.run(range(2, 4))
    assert (ids.tolist(), lengths.tolist()) == ([2], [1, 0])
    first, second = lists.run(range(2)), lists.run(range(4))
    joined = TokenLists.joined(
        np.concatenate([ids, first[0], second[0]]),
        np.concatenate([lengths, first[1], second[1]]),
    )
    assert [joined[row].tolist() for row in range(8)] == [
        [2], [], [1, 3], [], [1, 3], [], [2], [],
    ]  # fmt: skip
    assert len(joined) == 8


def test_an_archive_without_passages(tmp_path: Path) -> None:
    built([]).save(tmp_path)
    assert len(TokenLists.open(tmp_path)) == 0


def test_tokens_that_are_not_there_are_damage() -> None:
    lists = TokenLists(np.array([1, 2], np.int32), np.array([0, 1, 2**40], np.int64))
    with pytest.raises(IndexDamaged, match=r"token_starts\.npy: it names tokens"):
        lists.gather([1])
    with pytest.raises(IndexDamaged, match=r"token_starts\.npy: it names tokens"):
        lists.in_pieces(np.array([0, 1]), 2)


def test_a_damaged_file_is_named(lists: TokenLists, tmp_path: Path) -> None:
    assert len(lists) == 4
    (tmp_path / "tokens.npy").write_bytes(b"\x93NUMPY")
    with pytest.raises(IndexDamaged, match=r"tokens\.npy"):
        TokenLists.open(tmp_path)
