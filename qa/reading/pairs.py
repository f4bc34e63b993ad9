"""A question and a passage as the reader takes them: one row of numbers."""

from typing import NamedTuple

import numpy as np

from qa.reading.vocabulary import Ids, Vocabulary

LONGEST = 256
"""Pieces of a row."""

LONGEST_QUESTION = 48
LONGEST_TITLE = 24


class Row(NamedTuple):
    """A question, a title and a passage, one behind the other.

    :ivar ids: numbers of pieces, shape (n,).
    :ivar passage: place in the row of the passage's first piece.
    :ivar starts: the first character in the passage's text of each of its pieces, shape (m,).
    :ivar ends: one past the last character of each.
    """

    ids: Ids
    passage: int
    starts: Ids
    ends: Ids


def row(vocabulary: Vocabulary, question: str, title: str, text: str) -> Row:
    """Return question, title and passage in a row; what is too long is cut off at its end."""
    end = np.full(1, vocabulary.end)
    asked, _ = vocabulary.cut(question)
    named, _ = vocabulary.cut(title)
    ids, starts = vocabulary.cut(text)
    head = [np.full(1, vocabulary.begin), asked[:LONGEST_QUESTION], end, named[:LONGEST_TITLE], end]
    place = sum(map(len, head))
    room = LONGEST - place - 1
    ends = np.append(starts[1:], len(text))
    return Row(np.concatenate([*head, ids[:room], end]), place, starts[:room], ends[:room])
