"""The arithmetic of measuring: one ranking, or two kinds of scores, to one figure in [0, 1]."""

from collections.abc import Mapping, Sequence
from math import log2
from typing import Any

import numpy as np
from numpy.typing import NDArray


def reciprocal_rank(ranking: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """Return 1 over the rank of the first relevant document among the first k, else 0."""
    ranks = (rank for rank, document in enumerate(ranking[:k], 1) if document in relevant)
    return 1 / next(ranks, np.inf)


def recall(ranking: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """Return the share of the relevant documents, one at least, that are among the first k."""
    return len(relevant.keys() & set(ranking[:k])) / len(relevant)


def ndcg(ranking: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """Return the gain of the first k over that of the best ranking of one relevant document at least.

    The gain is the grade, as in trec_eval; Järvelin and Kekäläinen,
    https://doi.org/10.1145/582415.582418.
    """
    best = sorted(relevant.values(), reverse=True)
    return _gain([relevant.get(document, 0) for document in ranking[:k]]) / _gain(best[:k])


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / log2(rank + 1) for rank, grade in enumerate(grades, 1))


def auroc(positive: NDArray[np.floating[Any]], negative: NDArray[np.floating[Any]]) -> float:
    """Return the chance that a positive scores above a negative, ties counting half, in [0, 1].

    The Mann-Whitney statistic; https://doi.org/10.1148/radiology.143.1.7063747.
    """
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, "left")
    not_above = np.searchsorted(ordered, positive, "right")
    return float((below + not_above).mean() / (2 * len(negative)))


def false_answers(
    positive: NDArray[np.floating[Any]], negative: NDArray[np.floating[Any]], kept: float
) -> float:
    """Return the share of negatives at or above the threshold that keeps ``kept`` of the positives."""
    threshold = np.sort(positive)[::-1][int(np.ceil(kept * len(positive))) - 1]
    return float((negative >= threshold).mean())
