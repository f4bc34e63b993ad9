"""Near-copies: the same report carried by several outlets.

Passages whose sets of tokens overlap by at least ``THRESHOLD`` (Jaccard) are one group. Found by
MinHash (Broder 1997) with banding, then checked exactly. Written with NumPy over the token lists
that the index holds anyway: a library that hashes each passage's shingles in Python was measured
an order of magnitude slower (docs/architecture.md).
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.token_lists import TokenLists

THRESHOLD = 0.8
"""Share of common tokens from which two passages say the same words."""

BANDS = 8
ROWS_PER_BAND = 4
"""A pair at the threshold shares a band with probability 1 - (1 - 0.8**4)**8 = 0.985."""

MIN_TOKENS = 8
"""Shorter passages ("The talks continue.") are alike by chance and never grouped."""

_CHUNK = 20_000


def group_copies(lists: TokenLists) -> NDArray[np.int32]:
    """Return for each passage the lowest row of its group of near-copies (often its own row).

    :return: int32, shape (passages,).
    """
    groups = np.arange(len(lists), dtype=np.int32)
    if not len(lists):
        return groups
    signatures = _signatures(lists)
    for band in range(BANDS):
        keys = signatures[:, band]
        order = np.argsort(keys, kind="stable")
        edges = np.flatnonzero(np.diff(keys[order])) + 1
        for first, last in pairwise((0, *edges.tolist(), len(order))):
            if last - first > 1:
                _merge(order[first:last], lists, groups)
    return np.array([_root(groups, row) for row in range(len(groups))], np.int32)


def _signatures(lists: TokenLists) -> NDArray[np.uint64]:
    """Return one hash a band and passage, uint64, shape (passages, BANDS); short passages' differ."""
    random = np.random.default_rng(0)
    hashes = random.integers(1, 1 << 63, (BANDS, ROWS_PER_BAND, 2), dtype=np.uint64) | np.uint64(1)
    rows = np.arange(len(lists))
    signatures = np.repeat(rows.astype(np.uint64)[:, None], BANDS, axis=1)
    long_enough = rows[lists.lengths() >= MIN_TOKENS]
    for begin in range(0, len(long_enough), _CHUNK):
        chunk = long_enough[begin : begin + _CHUNK]
        ids, starts = lists.gather(chunk)
        for band in range(BANDS):
            combined = np.zeros(len(chunk), np.uint64)
            for factor, offset in hashes[band]:
                # Wrapping multiplication, upper bits kept: a universal hash without a modulo.
                mixed = (ids.astype(np.uint64) * factor + offset) >> np.uint64(32)
                combined = combined * factor + np.minimum.reduceat(mixed, starts)
            signatures[chunk, band] = combined
    return signatures


def _merge(rows: NDArray[np.int64], lists: TokenLists, groups: NDArray[np.int32]) -> None:
    """Join the rows of a bucket that are near-copies of its first row, and so on for the rest."""
    while len(rows) > 1:
        head, rows = int(rows[0]), rows[1:]
        root = _root(groups, head)
        apart = []
        for row in map(int, rows):
            other = _root(groups, row)
            if other == root:
                continue
            if jaccard(lists[head], lists[row]) < THRESHOLD:
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
