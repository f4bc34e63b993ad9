import numpy as np
import pytest

from index.parts.near_copies import THRESHOLD, _buckets, _Sketches, group_copies, jaccard
from index.parts.token_lists import TokenLists, distinct_tokens


def lists(*passages: range | list[int]) -> TokenLists:
    return TokenLists.joined(*distinct_tokens([np.array(list(p), np.int32) for p in passages]))


def test_jaccard() -> None:
    one, other = np.array([1, 2, 3]), np.array([2, 3, 4])
    assert jaccard(one, other) == pytest.approx(0.5)
    assert jaccard(one, one[:0]) == 0


def test_copies_take_the_lowest_row_of_their_group() -> None:
    report = range(100)
    edited = [*range(3, 100), 500, 501]  # 97 of 102 in common
    other = range(200, 300)
    assert group_copies(lists(other, report, other, edited, report)).tolist() == [0, 1, 0, 1, 1]


def test_what_shares_too_little_stays_apart() -> None:
    half = [*range(60), *range(300, 340)]  # 60 of 140 in common
    assert group_copies(lists(range(100), half)).tolist() == [0, 1]


def test_short_passages_are_never_grouped() -> None:
    assert group_copies(lists(range(5), range(5), [], [])).tolist() == [0, 1, 2, 3]


def test_short_passages_do_not_disturb_their_neighbours() -> None:
    assert group_copies(lists([], range(100), range(3), range(100), [])).tolist() == [0, 1, 2, 1, 4]


@pytest.mark.parametrize("size", [10, 100])
def test_nearly_all_pairs_at_the_threshold_are_found(size: int) -> None:
    random = np.random.default_rng(1)
    passages, pairs = [], 200
    for _ in range(pairs):
        words = random.choice(1000, size, replace=False)
        passages += [words[: -size // 10], words[size // 10 :]]  # 80 of 100 in common
    groups = group_copies(lists(*map(np.ndarray.tolist, passages)))
    assert jaccard(np.sort(passages[0]), np.sort(passages[1])) == pytest.approx(THRESHOLD)
    found = int((groups[0::2] == groups[1::2]).sum())
    # 0.985 of them share a band; 0.94 is four standard deviations below that.
    assert found >= 0.94 * pairs


def test_a_report_that_is_edited_again_and_again_stays_in_its_group() -> None:
    versions = [range(5 * n, 100 + 5 * n) for n in range(20)]  # each 95 of 105 of the next
    order = np.random.default_rng(1).permutation(20)
    assert group_copies(lists(*(versions[n] for n in order))).tolist() == [0] * 20


def test_only_buckets_with_a_pair_that_may_be_alike_are_looked_through() -> None:
    report, other, third = range(100), range(200, 300), range(400, 500)
    sketches = _Sketches(lists(report, other, other, third, third, report, other))
    keys = np.array([7, 5, 7, 5, 9, 7, 9], np.uint64)
    assert [rows.tolist() for rows in _buckets(keys, sketches)] == [[0, 2, 5]]


def test_no_passages() -> None:
    assert group_copies(lists()).tolist() == []
