"""Late interaction over a table of token vectors: which words of a text meet the question's.

Each distinct token of the question looks for its nearest token in the text (MaxSim, Khattab and
Zaharia 2020, here over static vectors, so that a passage is a list of token numbers and no network
runs).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.encoders.token_table import Ids, TokenTable
from index.parts.token_lists import TokenLists
from index.types import Rows

Matches = NDArray[np.float32]
"""float32, shape (question tokens, texts), in [0, 1]: the best cosine of each pair."""

_PIECE = 8
"""Tokens of a passage that are compared at once: as many whole columns then take the place of a walk
from token to token."""

_FEW = 1000
"""Tokens up to which it costs more to find the distinct ones than to multiply repeated ones."""


def match_passages(question: Ids, rows: Rows, lists: TokenLists, table: TokenTable) -> Matches:
    """Return how well each token of the question is met in each passage of the index.

    :param question: distinct token numbers of the question.
    """
    ids, bounds = lists.in_pieces(rows, _PIECE)
    # Forms of one word share a row of the table: it is multiplied once.
    distinct, places = _distinct(table.mapping.take(ids), len(table.rows_int8))
    similarity = table.cosines_of_rows(distinct, table.unit(question))
    best = np.full((ids.shape[1], len(question)), -1, np.float32)
    for place in places:
        np.maximum(best, similarity.take(place, axis=0), out=best)
    return _best_of_runs(best, bounds)


def match_texts(question: Ids, texts: Sequence[Ids], table: TokenTable) -> Matches:
    """Return how well each token of the question is met in each tokenised text."""
    bounds = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(ids) for ids in texts], out=bounds[1:])
    ids = np.concatenate([question[:0], *texts])
    if len(ids) <= _FEW:
        return _best_of_runs(table.cosines(ids, question), bounds)
    distinct, places = _distinct(ids, table.size)
    return _best_of_runs(table.cosines(distinct, question).take(places, axis=0), bounds)


def _best_of_runs(similarity: NDArray[np.float32], bounds: NDArray[np.int64]) -> Matches:
    """Return the best of each run of rows, 0 for none; run *i* ends where the next begins."""
    matches = np.zeros((similarity.shape[1], len(bounds) - 1), np.float32)
    filled = bounds[1:] > bounds[:-1]  # reduceat cannot express an empty run
    if matches.size and filled.any():
        best = np.maximum.reduceat(similarity, bounds[:-1][filled], axis=0)
        matches[:, filled] = np.maximum(best, 0).T
    return matches


def _distinct(ids: Ids, size: int) -> tuple[Ids, NDArray[np.intp]]:
    """Return the distinct tokens in ascending order, and the place of each of ``ids`` among them.

    Texts share most of their tokens, so that far fewer are multiplied. Sorting them, as
    ``np.unique`` does, would take several times as long.
    """
    ids = ids.astype(np.intp)  # what indexing would do each time
    held = np.zeros(size, np.bool_)
    held[ids] = True
    distinct = np.flatnonzero(held)
    place = np.empty(size, np.intp)
    place[distinct] = np.arange(len(distinct))
    return distinct.astype(np.int32), place.take(ids)
