"""Which sentence of a passage answers: the formula and its weights, in one place.

    score = sum of w(q) * met(q) over the question's tokens q, by the sum of w(q),
            - LENGTH * log(1 + tokens of the sentence)
            + CUE if a time or a number is asked for and the sentence has one
            + READ * the chance that the words which answer begin and end in it, if the passage was read

    w(q)    the token's weight ** 0.75, shared among the sentences that hold it: a word that all of
            them hold tells none from another; less if the article's title holds it.
    met(q)  its best cosine in the sentence; what the sentence before and the first one say counts
            in part, for a sentence often goes on about what they have named.

Measured in docs/retrieval.md.
"""

import re
from collections.abc import Callable, Sequence
from itertools import chain
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.encoders.token_table import TokenTable
from index.parts.arrays import distinct
from index.text.sentences import sentences
from index.types import Scores
from qa.quoting.cues import cued
from qa.retrieval.late_interaction import Matches, match_texts

HELD = 0.75
"""Cosine from which a sentence is said to hold a token."""

FROM_PREVIOUS = 0.5
FROM_FIRST = 0.6
IN_TITLE = 0.2
EXPONENT = 0.75
LENGTH = 0.05
CUE = 0.05
READ = 0.55

_NO_END = re.compile("[；;] *$")
"""What separates the parts of one statement, though a passage may be cut there."""

Span = tuple[int, int]

Chance: TypeAlias = Callable[[int, int], float]
"""The chance that the words which answer stand between two characters of a text, in [0, 1]."""


def best_sentences(
    question: str,
    texts: Sequence[tuple[str, str]],
    table: TokenTable,
    chances: Sequence[Chance | None] = (),
) -> list[Span]:
    """Return of each text the span of the sentence that answers; all of it if it has none.

    Many texts at once take little longer than one.

    :param texts: title of its article, and text.
    :param chances: what the reader says of each text; None where it was not read.
    """
    cut = [_joined(text, sentences(text)) for _, text in texts]
    pieces = [
        [title, *(text[start:end] for start, end in spans)] if len(spans) > 1 else []
        for (title, text), spans in zip(texts, cut, strict=True)
    ]
    listed = list(chain.from_iterable(pieces))
    first, *ids = table.ids([question, *listed])
    asked = distinct(first)
    weights = table.weights_of(asked) ** EXPONENT
    met = match_texts(asked, ids, table)
    cues = CUE * np.array(cued(question, listed))
    lengths = [len(piece) for piece in ids]
    found, place = [], 0
    read = chances or [None] * len(texts)
    for (_, text), spans, choice, chance in zip(texts, cut, pieces, read, strict=True):
        if not choice:
            found.append(spans[0] if spans else (0, len(text)))
            continue
        own = slice(place + 1, place + len(choice))
        titled = set(ids[place].tolist())
        held = weights.copy()
        held[[token in titled for token in asked.tolist()]] *= IN_TITLE
        scores = _scores(held, met[:, own], lengths[own]) + cues[own]
        if chance is not None:
            scores += READ * np.array([chance(*span) for span in spans])
        found.append(spans[int(np.argmax(scores))])
        place += len(choice)
    return found


def _scores(weights: Scores, met: Matches, lengths: Sequence[int]) -> NDArray[np.float64]:
    """Return the score of each sentence without its cue.

    :param weights: of the question's tokens, those that the title holds weighing less.
    :param met: how well each of them is met in each sentence.
    :param lengths: tokens of each sentence.
    """
    weights = weights / np.maximum((met >= HELD).sum(axis=1), 1)
    context = met.copy()
    np.maximum(context[:, 1:], FROM_PREVIOUS * met[:, :-1], out=context[:, 1:])
    np.maximum(context[:, 1:], FROM_FIRST * met[:, :1], out=context[:, 1:])
    return np.asarray(
        weights @ context / max(float(weights.sum()), 1e-9) - LENGTH * np.log1p(lengths)
    )


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """Join sentences that are parts of one statement."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and _NO_END.search(text, joined[-1][0], start):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined
