"""What stood in quotation marks in a question must stand in what is quoted."""

from collections.abc import Sequence

import numpy as np

from index.engines.protocol import Searcher
from index.parts.weights import MAX_TERMS
from index.text.tokens import fold, script, tokens
from index.types import Rows

_BIGRAM = 2


def with_phrases(phrases: Sequence[str], rows: Rows, searcher: Searcher) -> Rows:
    """Keep the passages that hold every phrase, compared after folding.

    When none does, the marks were no more than punctuation, or the words are another language's:
    all are kept, and the words still count as words.
    """
    if not phrases or not len(rows):
        return rows
    folded = [fold(phrase) for phrase in phrases]
    likely = _with_bigrams(folded, rows, searcher)
    texts = [fold(stored.passage.text) for stored in searcher.passages(likely.tolist())]
    held = [all(phrase in text for phrase in folded) for text in texts]
    return np.asarray(likely[held]) if any(held) else rows


def _with_bigrams(phrases: Sequence[str], rows: Rows, searcher: Searcher) -> Rows:
    """Keep the passages that hold every Han bigram of some phrases, as far as they have any.

    A passage without one cannot hold its phrase; to fold and compare all of them takes longer than
    the rest of a search.
    """
    found = {term for phrase in phrases for term in tokens(phrase)}
    bigrams = [term for term in found if len(term) == _BIGRAM and script(term) == "han"]
    if not bigrams:
        return rows
    asked = dict.fromkeys(bigrams[:MAX_TERMS], 1.0)
    return np.asarray(rows[searcher.words_held(asked, rows) == len(asked)])
