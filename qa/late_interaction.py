"""Late interaction over a table of token vectors: which words of a passage meet the question's.

Each distinct token of the question looks for its nearest token in the passage (MaxSim, Khattab
and Zaharia 2020, here over static vectors, so that a passage is a list of token numbers and no
network runs).
"""

import numpy as np
from numpy.typing import NDArray

from index.bundled import Ids, TokenTable
from index.token_lists import TokenLists
from index.types import Rows

Matches = NDArray[np.float32]
"""float32, shape (question tokens, passages), in [0, 1]: the best cosine of each pair."""


def match(question: Ids, rows: Rows, lists: TokenLists, table: TokenTable) -> Matches:
    """Return how well each token of the question is met in each passage.

    :param question: distinct token numbers of the question.
    :param rows: the candidate passages.
    """
    matches = np.zeros((len(question), len(rows)), np.float32)
    ids, starts = lists.gather(rows)
    if not len(question) or not len(ids):
        return matches
    # Candidates share most of their tokens: each distinct one is multiplied once.
    place = np.zeros(table.size, np.int32)
    place[ids] = 1
    distinct = np.flatnonzero(place).astype(np.int32)
    place[distinct] = np.arange(len(distinct), dtype=np.int32)
    similarity = np.maximum(table.unit(question) @ table.unit(distinct).T, 0)
    filled = np.diff(np.append(starts, len(ids))) > 0  # reduceat cannot express an empty run
    matches[:, filled] = np.maximum.reduceat(similarity[:, place[ids]], starts[filled], axis=1)
    return matches


def inverse_document_frequency(question: Ids, lists: TokenLists) -> NDArray[np.float32]:
    """Return BM25's IDF of each token of the question over the archive's passages, above 0."""
    frequency = lists.frequencies[question]
    ratio = (len(lists) - frequency + 0.5) / (frequency + 0.5)
    return np.asarray(np.log1p(ratio), np.float32)
