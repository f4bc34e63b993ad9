"""The score of a passage for a question: the formula and its weights, in one place.

    score = meaning + DENSE_WEIGHT * cosine + same_script * (WORDS_WEIGHT * words - SCRIPT_OFFSET)

    meaning  sum of w(q) * min(1, best(q) / ENOUGH) over the question's tokens q, by the sum of w(q):
             how much of the question is met by some token of the passage, whatever its language.
             w(q) is the length of the token's row in the bundled table, best(q) its highest cosine
             with a token of the passage.
    cosine   of question and passage as the encoder sees them, at least 0.
    words    idf² of the question's words and bigrams that the passage holds, by that of all.

All terms are absolute, so that the score of one question can be compared with that of another.
A passage in the question's own script has words to match and must show them: without the offset
any of them that shares a name or a number outranks the right passage in another language.
Measured in docs/retrieval.md.
"""

from dataclasses import dataclass

import numpy as np

from index.bundled import Ids, TokenTable
from index.columns import script_number
from index.reader import Generation
from index.text import Script, script, tokens
from index.types import Rows, Scores, Vectors
from qa.late_interaction import match

DENSE_WEIGHT = 0.5
WORDS_WEIGHT = 0.9
SCRIPT_OFFSET = 0.2
ENOUGH = 0.6
"""Cosine from which a token counts as met in full: that of good translations and synonyms."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A question in the forms in which the index is searched.

    :ivar ids: its distinct tokens in the bundled table.
    :ivar terms: its lexical tokens, repeated as often as they occur.
    :ivar vector: as the encoder sees it, float32, shape (dim,).
    """

    ids: Ids
    terms: tuple[str, ...]
    vector: Vectors
    script: Script


def probe(text: str, vector: Vectors, table: TokenTable) -> Probe:
    """Bring a question into the forms in which the index is searched."""
    (ids,) = table.ids([text])
    return Probe(np.unique(ids), tuple(tokens(text)), vector, script(text))


def score(asked: Probe, rows: Rows, generation: Generation, table: TokenTable) -> Scores:
    """Return the score of each candidate, float32, shape (k,); higher is better."""
    meaning = _meaning(asked.ids, rows, generation, table)
    cosine = np.maximum(generation.dense.vectors(rows) @ asked.vector, 0)
    same_script = generation.columns.scripts[rows] == script_number(asked.script)
    words = np.where(
        same_script, WORDS_WEIGHT * _words(asked.terms, rows, generation) - SCRIPT_OFFSET, 0
    )
    return np.asarray(meaning + DENSE_WEIGHT * cosine + words, np.float32)


def _meaning(question: Ids, rows: Rows, generation: Generation, table: TokenTable) -> Scores:
    weights = table.weights[question]
    if not weights.any():
        return np.zeros(len(rows), np.float32)
    met = np.minimum(match(question, rows, generation.lists, table) / ENOUGH, 1)
    return np.asarray(weights @ met / weights.sum(), np.float32)


def _words(terms: tuple[str, ...], rows: Rows, generation: Generation) -> Scores:
    """Return the share of the words' weight that each passage holds, in [0, 1].

    Single Han characters are left out: they are part of the bigrams, and common by themselves.
    """
    words = {term for term in terms if len(term) > 1 or term.isascii()}
    weights = {term: idf**2 for term, idf in generation.lexical.weights(words).items()}
    total = sum(weights.values())
    sums = generation.lexical.sums(weights, rows)
    return sums / np.float32(total) if total else sums
