"""Which sentence of a passage answers: the formula and its weights, in one place.

    score = sum of w(q) * met(q) over the question's tokens q, by the sum of w(q),
            - LENGTH * log(1 + tokens of the sentence)
            + CUE if a time or a number is asked for and the sentence has one

    w(q)    the token's weight ** 0.75, shared among the sentences that hold it: a word that all of
            them hold tells none from another; less if the article's title holds it.
    met(q)  its best cosine in the sentence; what the sentence before and the first one say counts
            in part, for a sentence often goes on about what they have named.

Measured in docs/retrieval.md.
"""

import re
from collections.abc import Sequence

import numpy as np

from index.bundled import TokenTable
from qa.cues import cued
from qa.late_interaction import match_texts

HELD = 0.75
"""Cosine from which a sentence is said to hold a token."""

FROM_PREVIOUS = 0.5
FROM_FIRST = 0.6
IN_TITLE = 0.2
EXPONENT = 0.75
LENGTH = 0.05
CUE = 0.05

_NO_END = re.compile("[；;] *$")
"""What separates the parts of one statement, though a passage may be cut there."""

Span = tuple[int, int]


def best_sentence(
    question: str, title: str, text: str, spans: Sequence[Span], table: TokenTable
) -> Span:
    """Return the span of the sentence that answers; the whole text when it has no sentences.

    :param title: the article's title.
    :param spans: the sentences of ``text``, in order.
    """
    spans = _joined(text, spans)
    if len(spans) < 2:  # noqa: PLR2004 - nothing to choose from
        return spans[0] if spans else (0, len(text))
    texts = [question, title, *(text[start:end] for start, end in spans)]
    asked, titled, *sentences = table.ids(texts)
    asked = np.unique(asked)
    met = match_texts(asked, sentences, table)
    weights = table.weights[asked] ** EXPONENT / np.maximum((met >= HELD).sum(axis=1), 1)
    weights[np.isin(asked, titled)] *= IN_TITLE
    context = met.copy()
    np.maximum(context[:, 1:], FROM_PREVIOUS * met[:, :-1], out=context[:, 1:])
    np.maximum(context[:, 1:], FROM_FIRST * met[:, :1], out=context[:, 1:])
    lengths = np.log1p([len(ids) for ids in sentences])
    cues = np.array(cued(question, texts[2:]))
    scores = weights @ context / max(float(weights.sum()), 1e-9) - LENGTH * lengths + CUE * cues
    return spans[int(np.argmax(scores))]


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """Join sentences that are parts of one statement."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and _NO_END.search(text, joined[-1][0], start):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined
