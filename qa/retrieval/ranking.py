"""The score of a passage for a question: the formula and its weights, in one place.

    score = meaning + DENSE_WEIGHT * cosine + same_script * (WORDS_WEIGHT * words - SCRIPT_OFFSET)
          + translated * (DICTIONARY_WEIGHT * translation - DICTIONARY_OFFSET)

    meaning  sum of w(q) * min(1, best(q) / ENOUGH) over the question's tokens q, by the sum of w(q):
             how much of the question is met by some token of the passage, whatever its language.
             w(q) is the token's weight in the bundled table, best(q) its highest cosine with a token
             of the passage.
    cosine   of question and passage as the encoder sees them, at least 0.
    words    idf² of the question's words and bigrams that the passage holds, by that of all.
    translation
             idf of the question's words and phrases that the passage holds in one of their
             translations, by that of all that have one: in the archive, that of the commonest.
             Only for passages in Han script and questions in Latin script.

All terms are absolute, so that the score of one question can be compared with that of another.
A passage in the question's own script has words to match and must show them: without the offset
any of them that shares a name or a number outranks the right passage in another language. What the
dictionary gives is offset so that those do not gain on the average.
Measured in docs/retrieval.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import add

import numpy as np

from index.encoders.token_table import Ids, TokenTable
from index.generations.opened import Generation
from index.parts.arrays import distinct
from index.parts.columns import ANY, Wanted, script_number
from index.parts.words import MAX_TERMS, LexicalIndex, Ways, Weights, heaviest
from index.text.dictionary import Dictionary
from index.text.tokens import Script, script, tokens
from index.types import Rows, Scores, Vectors
from qa.retrieval.late_interaction import match_passages

DENSE_WEIGHT = 0.6
WORDS_WEIGHT = 0.9
SCRIPT_OFFSET = 0.12
DICTIONARY_WEIGHT = 0.2
DICTIONARY_OFFSET = 0.03
ENOUGH = 0.65
"""Cosine from which a token counts as met in full: that of good translations and synonyms."""

WORDS_OF_OTHERS = 0.3
TRANSLATIONS_OF_OTHERS = 1.0
"""What a passage is taken to hold that is not among those that hold the most, as a share of what the
last of these holds. Of words, what near passages hold on the average: with more, the field is taken
to be higher than it is, and fewer questions are answered."""

MAX_TRANSLATIONS = 32
"""Rarest words and phrases of a question whose translations count."""

SHORTLIST = 250
"""Candidates that are scored in full."""


@dataclass(frozen=True, slots=True)
class Holders:
    """The passages that hold the most of some weighted words.

    :ivar shares: of all the weights, float32, in (0, 1].
    :ivar others: what any other passage is taken to hold: to look it up took a sixth of a
        question's time.
    """

    rows: Rows
    shares: Scores
    others: float

    def share(self, rows: Rows) -> Scores:
        """Return the share of the weights that each passage holds, float32, in [0, 1].

        :param rows: ascending, one at least.
        """
        shares = _known(rows, (self.rows, self.shares))
        return np.where(np.isnan(shares), np.float32(self.others), shares)


@dataclass(frozen=True, slots=True)
class Probe:
    """A question in the forms in which the index is searched.

    :ivar vector: as the encoder sees it, float32, shape (dim,).
    :ivar ids: its distinct tokens in the bundled table.
    :ivar words: idf² of its distinct words and bigrams, the heaviest of them.
    :ivar translations: idf of what it says, by the ways to say it in Chinese; the heaviest.
    """

    vector: Vectors
    script: Script
    ids: Ids
    words: Mapping[str, float]
    translations: Mapping[Ways, float]


def probe(
    text: str,
    vector: Vectors,
    lexical: LexicalIndex,
    table: TokenTable,
    dictionary: Dictionary | None = None,
) -> Probe:
    """Bring a question into the forms in which the index is searched.

    A Han character that stands alone is no word here: it is part of one.

    :param dictionary: None leaves the question untranslated.
    :raises DictionaryUnavailable: if it is wanted and cannot be used.
    """
    terms = tokens(text)
    words = lexical.weights({term for term in terms if len(term) > 1 or term.isascii()})
    written = script(text)
    said = dictionary.translations(terms) if dictionary and written == "latin" else []
    return Probe(
        vector=vector,
        script=written,
        ids=distinct(table.ids([text])[0]),
        words=heaviest({term: idf**2 for term, idf in words.items()}, MAX_TERMS),
        translations=_translations(said, lexical),
    )


def holders(
    weights: Weights, of_others: float, lexical: LexicalIndex, k: int, wanted: Wanted = ANY
) -> Holders:
    """Return the k passages that hold the most of some weighted words.

    :param of_others: what others are taken to hold, as a share of what the last one holds. When
        fewer than k hold any, others hold nothing.
    """
    rows, sums = lexical.search(weights, k, wanted)
    shares = sums / np.float32(sum(weights.values()) or 1)
    return Holders(rows, shares, others=of_others * float(shares[-1]) if len(rows) == k else 0.0)


def _translations(said: Iterable[Sequence[str]], lexical: LexicalIndex) -> Mapping[Ways, float]:
    """Return the bigrams of all words for each thing that is said, and the IDF of the commonest.

    A word is as rare as the rarest of its bigrams; one of a single character would be found inside
    others.
    """
    ways = (tuple(_bigrams(word) for word in words if len(word) > 1) for words in said)
    found = [one for one in ways if one]
    idf = lexical.weights({term for ways in found for way in ways for term in way})
    weights = {ways: min(max(idf[term] for term in way) for way in ways) for ways in found}
    return heaviest(weights, MAX_TRANSLATIONS)


def _bigrams(word: str) -> tuple[str, ...]:
    return tuple(map(add, word, word[1:]))


def rank(
    asked: Probe,
    rows: Rows,
    near: tuple[Rows, Scores],
    words: Holders,
    translations: Holders,
    generation: Generation,
    table: TokenTable,
) -> tuple[Rows, Scores]:
    """Score candidates and return them best first.

    What is cheap to know decides which of them are scored in full.

    :param rows: candidates, ascending, one at least.
    :param near: passages whose cosine with the question is known already, and that cosine.
    :param words: what is known of the question's words in passages.
    :param translations: what is known of its translations in passages.
    :return: rows, int64 (<= SHORTLIST,), and their scores, float32.
    """
    known = DENSE_WEIGHT * np.maximum(_cosines(asked.vector, rows, near, generation), 0)
    scripts = generation.columns.scripts[rows]
    same_script = scripts == script_number(asked.script)
    known += same_script * (WORDS_WEIGHT * words.share(rows) - SCRIPT_OFFSET)
    if asked.translations:
        han = scripts == script_number("han")
        known += han * (DICTIONARY_WEIGHT * translations.share(rows) - DICTIONARY_OFFSET)
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
    cosines = _known(rows, near)
    unknown = np.isnan(cosines)
    cosines[unknown] = generation.dense.vectors(rows[unknown]) @ vector
    return cosines


def _known(rows: Rows, found: tuple[Rows, Scores]) -> Scores:
    """Return each passage's value as it was found, NaN where it was not."""
    values = np.full(len(rows), np.nan, np.float32)
    place = np.searchsorted(rows, found[0])
    kept = rows.take(place, mode="clip") == found[0]
    values[place[kept]] = found[1][kept]
    return values


def _meaning(question: Ids, rows: Rows, generation: Generation, table: TokenTable) -> Scores:
    weights = table.weights_of(question)
    if not weights.any():
        return np.zeros(len(rows), np.float32)
    met = np.minimum(match_passages(question, rows, generation.lists, table) / ENOUGH, 1)
    return np.asarray(weights @ met / weights.sum(), np.float32)
