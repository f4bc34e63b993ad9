"""How much of some weighted words a row holds, where a thing may be said in several ways.

A sparse vector knows no "all of these words, or those": a search gives the rows that might hold the
most, and what they really hold is found out here.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

import numpy as np

from index.engines.milvus.numbers import dimension_of
from index.parts.weights import Alternatives, Weights


def is_plain(weights: Weights) -> bool:
    """Return whether every weight is that of one word, so that an inner product tells the sum."""
    return all(isinstance(said, str) for said in weights)


def query_of(weights: Weights) -> dict[int, float]:
    """Return weights by dimension, whose inner product with a row is no less than what it holds.

    Of plain words it is just that. A thing in other words weighs ``w``: whoever holds one of its ways
    of n words whole gets ``w / n`` for each.
    """
    query: defaultdict[int, float] = defaultdict(float)
    for said, weight in weights.items():
        if isinstance(said, str):
            query[dimension_of(said)] += weight
            continue
        most: dict[int, float] = {}
        for way in said:
            dimensions = {dimension_of(word) for word in way}
            for dimension in dimensions:
                most[dimension] = max(most.get(dimension, 0.0), weight / len(dimensions))
        for dimension, share in most.items():
            query[dimension] += share
    return dict(query)


def held(weights: Weights, words: Collection[int]) -> float:
    """Return the summed weights of what a row holds.

    :param words: the dimensions of its words.
    """
    found = np.float32(0)
    for said, weight in weights.items():
        if _is_held(said, words):
            found += np.float32(weight)
    return float(found)


def _is_held(said: str | Alternatives, words: Collection[int]) -> bool:
    if isinstance(said, str):
        return dimension_of(said) in words
    return any(all(dimension_of(word) in words for word in way) for way in said)


def dimensions(stored: Mapping[int, float]) -> Collection[int]:
    """Return the dimensions that a sparse field holds."""
    return stored.keys()
