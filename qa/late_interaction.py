"""Late interaction over a table of token vectors: which words of a text meet the question's.

Each distinct token of the question looks for its nearest token in the text (MaxSim, Khattab and
Zaharia 2020, here over static vectors, so that a passage is a list of token numbers and no network
runs).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.bundled import Ids, TokenTable
from index.token_lists import TokenLists
from index.types import Rows

Matches = NDArray[np.float32]
"""float32, shape (question tokens, texts), in [0, 1]: the best cosine of each pair."""

_FEW = 1000
"""Tokens up to which it costs more to find the distinct ones than to multiply repeated ones."""


def match_passages(question: Ids, rows: Rows, lists: TokenLists, table: TokenTable) -> Matches:
    """Return how well each token of the question is met in each passage of the index.

    :param question: distinct token numbers of the question.
    """
    ids, starts = lists.gather(rows)
    return _match(question, ids, np.append(starts, len(ids)), table)


def match_texts(question: Ids, texts: Sequence[Ids], table: TokenTable) -> Matches:
    """Return how well each token of the question is met in each tokenised text."""
    bounds = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(ids) for ids in texts], out=bounds[1:])
    return _match(question, np.concatenate(texts) if texts else question[:0], bounds, table)


def _match(question: Ids, ids: Ids, bounds: NDArray[np.int64], table: TokenTable) -> Matches:
    """Match the question with runs of ``ids``; run *i* is ``ids[bounds[i]:bounds[i + 1]]``."""
    matches = np.zeros((len(question), len(bounds) - 1), np.float32)
    if not len(question) or not len(ids):
        return matches
    if len(ids) > _FEW:
        # Texts share most of their tokens: each distinct one is multiplied once.
        distinct, place = _distinct(ids, table.size)
        similarity = table.cosines(distinct, question)[place]
    else:
        similarity = table.cosines(ids, question)
    filled = bounds[1:] > bounds[:-1]  # reduceat cannot express an empty run
    best = np.maximum.reduceat(similarity, bounds[:-1][filled], axis=0)
    matches[:, filled] = np.maximum(best, 0).T
    return matches


def _distinct(ids: Ids, size: int) -> tuple[Ids, NDArray[np.int32]]:
    """Return the distinct tokens in ascending order, and the place of each of ``ids`` among them.

    Sorting them, as ``np.unique`` does, would take several times as long.
    """
    held = np.zeros(size, np.bool_)
    held[ids] = True
    distinct = np.flatnonzero(held).astype(np.int32)
    place = np.empty(size, np.int32)
    place[distinct] = np.arange(len(distinct), dtype=np.int32)
    return distinct, place[ids]
