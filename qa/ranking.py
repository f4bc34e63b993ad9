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

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from index.arrays import distinct
from index.bundled import Ids, TokenTable
from index.columns import script_number
from index.lexical import MAX_TERMS, LexicalIndex, heaviest
from index.reader import Generation
from index.text import Script, script, tokens
from index.types import Rows, Scores, Vectors
from qa.late_interaction import match_passages

DENSE_WEIGHT = 0.5
WORDS_WEIGHT = 0.9
SCRIPT_OFFSET = 0.15
ENOUGH = 0.55
"""Cosine from which a token counts as met in full: that of good translations and synonyms."""

SHORTLIST = 250
"""Candidates that are scored in full."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A question in the forms in which the index is searched.

    :ivar vector: as the encoder sees it, float32, shape (dim,).
    :ivar ids: its distinct tokens in the bundled table.
    :ivar terms: its lexical tokens, repeated as often as they occur.
    :ivar words: idf² of its distinct words and bigrams, the heaviest of them.
    """

    vector: Vectors
    script: Script
    ids: Ids
    terms: tuple[str, ...]
    words: Mapping[str, float]


def probe(text: str, vector: Vectors, lexical: LexicalIndex, table: TokenTable) -> Probe:
    """Bring a question into the forms in which the index is searched.

    Single Han characters are no words here: they are part of the bigrams, and common by themselves.
    """
    terms = tokens(text)
    words = lexical.weights({term for term in terms if len(term) > 1 or term.isascii()})
    return Probe(
        vector=vector,
        script=script(text),
        ids=distinct(table.ids([text])[0]),
        terms=tuple(terms),
        words=heaviest({term: idf**2 for term, idf in words.items()}, MAX_TERMS),
    )


def rank(
    asked: Probe,
    rows: Rows,
    near: tuple[Rows, Scores],
    generation: Generation,
    table: TokenTable,
) -> tuple[Rows, Scores]:
    """Score candidates and return them best first.

    What is cheap to know decides which of them are scored in full.

    :param rows: candidates, ascending.
    :param near: passages whose cosine with the question is known already, and that cosine.
    :return: rows, int64 (<= SHORTLIST,), and their scores, float32.
    """
    cosine = np.maximum(_cosines(asked.vector, rows, near, generation), 0)
    same_script = generation.columns.scripts[rows] == script_number(asked.script)
    words = WORDS_WEIGHT * _words(asked.words, rows, generation) - SCRIPT_OFFSET
    known = DENSE_WEIGHT * cosine + same_script * words
    if len(rows) > SHORTLIST:
        best = np.argpartition(-known, SHORTLIST)[:SHORTLIST]
        rows, known = rows[best], known[best]
    scores = known + _meaning(asked.ids, rows, generation, table)
    order = np.argsort(-scores, kind="stable")
    return rows[order], np.asarray(scores[order], np.float32)


def _cosines(
    vector: Vectors, rows: Rows, near: tuple[Rows, Scores], generation: Generation
) -> Scores:
    """Return each passage's cosine; what the search has not told takes reading its vector."""
    cosines = np.full(len(rows), np.nan, np.float32)
    place = np.searchsorted(rows, near[0])
    kept = rows.take(place, mode="clip") == near[0]
    cosines[place[kept]] = near[1][kept]
    unknown = np.isnan(cosines)
    cosines[unknown] = generation.dense.vectors(rows[unknown]) @ vector
    return cosines


def _meaning(question: Ids, rows: Rows, generation: Generation, table: TokenTable) -> Scores:
    weights = table.weights_of(question)
    if not weights.any():
        return np.zeros(len(rows), np.float32)
    met = np.minimum(match_passages(question, rows, generation.lists, table) / ENOUGH, 1)
    return np.asarray(weights @ met / weights.sum(), np.float32)


def _words(words: Mapping[str, float], rows: Rows, generation: Generation) -> Scores:
    total = sum(words.values())
    sums = generation.lexical.sums(words, rows)
    return sums / np.float32(total) if total else sums
