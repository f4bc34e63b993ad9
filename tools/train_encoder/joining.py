"""Tables made one: what they agree on counts, where each errs in its own way counts less.

The rows are put side by side, so that the product of two texts is the mean of what the tables say,
and turned into the directions along which real texts differ most, of which the last can be left
away.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tools.train_encoder.material import Material
from tools.train_encoder.ragged import Ragged, cut, stack

Floats = NDArray[np.float32]

_CHUNKS, _SENTENCES = 20_000, 5_000
"""Texts that the directions are found on: of the archive, and of each side of each sort of pairs."""


def joined(tables: Sequence[Floats], texts: Ragged) -> Floats:
    """Return the rows of some tables as one, float32, shape (size, sum of all dims).

    Each table says as much as the others: a text's vector has the same length in all on average.
    The columns are in the order of how much the texts differ along them.

    :param tables: rows with their weights as lengths.
    :param texts: as ``sample`` draws them.
    """
    rows = np.hstack([rows / np.linalg.norm(sums(rows, texts), axis=1).mean() for rows in tables])
    vectors = sums(rows, texts)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    return np.asarray(rows @ axes[:, ::-1], np.float32)


def sums(rows: Floats, texts: Ragged) -> Floats:
    """Return the sum of each text's rows, float32, shape (texts, dim); no text may be empty."""
    return np.add.reduceat(rows[texts.flat], texts.bounds[:-1]).astype(np.float32)


def sample(material: Material) -> Ragged:
    """Return texts of all languages, the same each time."""
    rng = np.random.default_rng(0)
    archive = material.archive
    bounds = archive.sentences.bounds[archive.chunks]
    chunks = rng.choice(len(bounds) - 1, min(_CHUNKS, len(bounds) - 1), replace=False)
    parts = [cut(archive.sentences.flat, bounds[chunks], bounds[chunks + 1] - bounds[chunks])]
    for sort, sides in material.pairs.items():
        if sort.startswith("sentence"):
            for side in sides:
                rows = rng.integers(0, len(side), _SENTENCES)
                parts.append(side.take(rows[side.lengths[rows] > 0]))
    return stack(parts)
