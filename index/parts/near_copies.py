"""Near-copies: the same report carried by several outlets.

Passages whose sets of tokens overlap by at least ``THRESHOLD`` (Jaccard) are one group. Found by
MinHash (Broder 1997) with banding; most pairs that only share a band are told apart by a few bits,
and the others are checked exactly. Written with NumPy over the token lists that the index holds
anyway: a library that hashes each passage's shingles in Python was measured an order of magnitude
slower (docs/architecture.md).
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from index.parts.token_lists import TokenLists
from index.types import Rows

THRESHOLD = 0.8
"""Share of common tokens from which two passages say the same words."""

BANDS = 8
ROWS_PER_BAND = 4
"""A pair at the threshold shares a band with probability 1 - (1 - 0.8**4)**8 = 0.985."""

MIN_TOKENS = 8
"""Shorter passages ("The talks continue.") are alike by chance and never grouped."""

_CHUNK = 500  # passages: what is worked out of their tokens fits into the cache
_WORDS = 4  # of 64 bits, in a sketch; 8 bits of a token's hash number one of the 256


def group_copies(lists: TokenLists) -> NDArray[np.int32]:
    """Return for each passage the lowest row of its group of near-copies (often its own row).

    :return: int32, shape (passages,).
    """
    groups = np.arange(len(lists), dtype=np.int32)
    sketches = _Sketches(lists)
    for keys in _signatures(lists).T:
        for rows in _buckets(keys, sketches):
            _merge(rows, lists, sketches, groups)
    while np.any((roots := groups[groups]) != groups):
        groups = roots
    return groups


class _Sketches:
    """A few bits of every passage's tokens, which tell most pairs that are no near-copies.

    Each token sets one bit. A bit that only one of two passages has stands for at least one token
    that only this one has, so the bits that differ say how much the two can have in common at most.
    """

    def __init__(self, lists: TokenLists) -> None:
        self._lengths = lists.lengths()
        self._bits = np.zeros((len(lists), _WORDS), np.uint64)
        for rows, ids, starts in _chunks(lists):
            mixed = ids.astype(np.uint32) * np.uint32(0x9E3779B1) >> np.uint32(24)
            bits = np.uint64(1) << (mixed & np.uint32(63)).astype(np.uint64)
            for word in range(_WORDS):
                held = np.where(mixed >> np.uint32(6) == word, bits, np.uint64(0))
                self._bits[rows, word] = np.bitwise_or.reduceat(held, starts)

    def alike(self, rows: Rows | int, others: Rows) -> NDArray[np.bool_]:
        """Return which pairs of passages may be near-copies; no pair that is one is left out."""
        total = self._lengths.take(rows) + self._lengths.take(others)
        bits = self._bits.take(rows, axis=0) ^ self._bits.take(others, axis=0)
        differing = np.einsum("ij->i", np.bitwise_count(bits), dtype=np.int64)
        common = (total - differing) / 2
        return np.asarray(common / (total - common) >= THRESHOLD)


def _chunks(lists: TokenLists) -> Iterator[tuple[Rows, NDArray[np.int32], NDArray[np.int64]]]:
    """Yield the passages that are long enough, some at once, as ``TokenLists.gather`` gives them."""
    long_enough = np.flatnonzero(lists.lengths() >= MIN_TOKENS)
    for begin in range(0, len(long_enough), _CHUNK):
        rows = long_enough[begin : begin + _CHUNK]
        yield rows, *lists.gather(rows)


def _signatures(lists: TokenLists) -> NDArray[np.uint64]:
    """Return one hash a band and passage, uint64, shape (passages, BANDS); short passages' differ."""
    random = np.random.default_rng(0)
    hashes = random.integers(1, 1 << 63, (BANDS, ROWS_PER_BAND, 2), dtype=np.uint64) | np.uint64(1)
    rows = np.arange(len(lists), dtype=np.uint64)
    signatures = np.repeat(rows[:, None], BANDS, axis=1)
    for chunk, ids, starts in _chunks(lists):
        numbers = ids.astype(np.uint64)
        for band in range(BANDS):
            combined = np.zeros(len(chunk), np.uint64)
            for factor, offset in hashes[band]:
                # Wrapping multiplication, upper bits kept: a universal hash without a modulo.
                mixed = (numbers * factor + offset) >> np.uint64(32)
                combined = combined * factor + np.minimum.reduceat(mixed, starts)
            signatures[chunk, band] = combined
    return signatures


def _buckets(keys: NDArray[np.uint64], sketches: _Sketches) -> Iterator[Rows]:
    """Yield the rows with the same key, ascending, where two of them may be near-copies."""
    order = np.argsort(keys, kind="stable")
    edges = np.flatnonzero(np.diff(keys[order])) + 1
    bounds = np.concatenate(([0], edges, [len(order)]))
    bucket = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    ends = bounds[1:]
    hopeful = np.zeros(len(ends), np.bool_)
    places, distance = np.arange(len(order)), 1  # all pairs that are so far from each other
    while len(places := places[places + distance < ends[bucket[places]]]):
        alike = sketches.alike(order[places], order[places + distance])
        hopeful[bucket[places[alike]]] = True
        places = places[~hopeful[bucket[places]]]
        distance += 1
    for number in np.flatnonzero(hopeful).tolist():
        yield order[bounds[number] : bounds[number + 1]]


def _merge(rows: Rows, lists: TokenLists, sketches: _Sketches, groups: NDArray[np.int32]) -> None:
    """Join the rows of a bucket that are near-copies of its first row, and so on for the rest."""
    while len(rows) > 1:
        head, rows = int(rows[0]), rows[1:]
        root = _root(groups, head)
        apart = []
        for row, alike in zip(rows.tolist(), sketches.alike(head, rows).tolist(), strict=True):
            other = _root(groups, row)
            if other == root:
                continue
            if not alike or jaccard(lists[head], lists[row]) < THRESHOLD:
                apart.append(row)
                continue
            root, other = sorted((root, other))
            groups[other] = root
        rows = np.array(apart, np.int64)


def _root(groups: NDArray[np.int32], row: int) -> int:
    while groups[row] != row:
        row = int(groups[row])
    return row


def jaccard(one: NDArray[np.int32], other: NDArray[np.int32]) -> float:
    """Return the share of common elements of two sorted sets, in [0, 1]."""
    if not len(one) or not len(other):
        return 0.0
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)
