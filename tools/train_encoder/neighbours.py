"""Chunks that are easily confused: what a batch needs so that its own passages are hard to tell.

A batch drawn at random asks to tell finance from football. With neighbours in it, it asks to tell
one report of a match from another.
"""

import numpy as np
from numpy.typing import NDArray

from tools.train_encoder.material import Archive
from tools.train_encoder.ragged import Ids, Ints, cut

Floats = NDArray[np.float32]

_SHARD = 16_384
"""Chunks compared with each other: few enough that all of them fit, enough to hold neighbours."""

_AT_ONCE = 4096
_SAME = 0.9  # cosine from which two chunks may say the same, which would be no mistake


def nearest_chunks(archive: Archive, rows: Floats, count: int, seed: int) -> Ids:
    """Return chunks near each chunk, from other articles, int32, (chunks, count).

    A chunk that has fewer gets others at random.

    :param rows: of the token table, with their weights as lengths, float32, shape (size, dim).
    """
    vectors = chunk_vectors(archive, np.arange(len(archive.articles)), rows)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(vectors))
    found = rng.integers(0, len(vectors), (len(vectors), count), np.int32)
    for start in range(0, len(order), _SHARD):
        shard = order[start : start + _SHARD]
        for block in np.array_split(shard, max(1, len(shard) // 2048)):
            near = vectors[block] @ vectors[shard].T
            same = archive.articles[block][:, None] == archive.articles[shard]
            near[same | (near > _SAME)] = -np.inf
            taken = min(count, len(shard) - 1)
            best = np.argpartition(-near, taken, axis=1)[:, :taken]
            scores = np.take_along_axis(near, best, 1)
            found[block, :taken] = np.where(np.isfinite(scores), shard[best], found[block, :taken])
    return found


def chunk_vectors(archive: Archive, chunks: Ints, rows: Floats) -> Floats:
    """Return the vectors of some chunks: unit rows, float32, shape (chunks, dim)."""
    bounds = archive.sentences.bounds[archive.chunks]
    vectors = np.empty((len(chunks), rows.shape[1]), np.float32)
    for start in range(0, len(chunks), _AT_ONCE):
        some = chunks[start : start + _AT_ONCE]
        tokens = cut(archive.sentences.flat, bounds[some], bounds[some + 1] - bounds[some])
        sums = np.add.reduceat(rows[tokens.flat], tokens.bounds[:-1])
        vectors[start : start + _AT_ONCE] = sums
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return vectors
