"""From a query to ranked passages: candidates from both engines, scored by ``qa.retrieval.ranking``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.encoders.protocol import Encoder
from index.encoders.token_table import TokenTable
from index.generations.opened import Generation
from index.parts.arrays import distinct
from index.parts.columns import Wanted, day_number, other_scripts, script_number
from index.parts.words import MAX_TERMS
from index.text.dictionary import Dictionary
from index.text.tokens import fold, script, tokens
from index.types import Rows, Scores
from qa.retrieval.calibration import Calibration, field_of
from qa.retrieval.ranking import (
    TRANSLATIONS_OF_OTHERS,
    WORDS_OF_OTHERS,
    Probe,
    holders,
    probe,
    rank,
)
from qa.retrieval.rerank import Reranker
from qa.types import Query, Window

FOREIGN_SHARE = 2
"""Candidates in other scripts than the question's, in multiples of those in its own: only
their vectors, and for some a dictionary, propose them."""

KNOWN_SHARE = 2
"""Passages of which is known what words they hold, in multiples of those that words propose."""

BIGRAM = 2


class Hit(NamedTuple):
    """A passage found for a question: a named tuple, for hundreds are made a question.

    :ivar score: chance that it answers, 0 to 1.
    :ivar relevance: what the ranking formula gave it.
    :ivar margin: how far that is above the field (see ``qa.retrieval.calibration``).
    :ivar foreign: it is in another script than the question.
    """

    row: int
    score: float
    relevance: float
    margin: float
    foreign: bool


@dataclass(frozen=True, slots=True)
class Retriever:
    """Searches one generation of the index.

    :ivar dictionary: None leaves English questions untranslated.
    """

    generation: Generation
    encoder: Encoder
    table: TokenTable
    candidates: int
    calibration: Calibration
    reranker: Reranker | None = None
    dictionary: Dictionary | None = None

    def search(self, query: Query, window: Window | None = None) -> list[Hit]:
        """Return the candidates, best first.

        :param window: only articles published in it, besides what the query's filters ask for.
        """
        wanted = self._wanted(query, window)
        allowed = self.generation.columns.allowed(wanted)
        if allowed is not None and not allowed.any():
            return []
        lexical = self.generation.lexical
        vector = self.encoder.encode([query.text], "query")[0]
        asked = probe(query.text, vector, lexical, self.table, self.dictionary)
        near = self._near(asked, allowed)
        k = self.candidates
        words = holders(asked.words, WORDS_OF_OTHERS, lexical, KNOWN_SHARE * k, wanted)
        translations = holders(asked.translations, TRANSLATIONS_OF_OTHERS, lexical, k, wanted)
        found = np.concatenate((near[0], words.rows[:k], translations.rows))
        rows = self._with_phrases(query, distinct(found))
        if not len(rows):
            return []
        rows, relevance = rank(asked, rows, near, words, translations, self.generation, self.table)
        return self._reranked(query, self._calibrated(rows, relevance, asked))

    def _calibrated(self, rows: Rows, relevance: Scores, asked: Probe) -> list[Hit]:
        columns = self.generation.columns
        field = field_of(relevance, columns.articles[rows])
        foreign = columns.scripts[rows] != script_number(asked.script)
        scores = self.calibration.score(relevance, foreign, field)
        margins = relevance - field
        values = (rows, scores, relevance, margins, foreign)
        return list(map(Hit._make, zip(*(value.tolist() for value in values), strict=True)))

    def _near(self, asked: Probe, allowed: NDArray[np.bool_] | None) -> tuple[Rows, Scores]:
        """Return the nearest passages in the question's script, and in the others; their cosines.

        Each group gets its share: those in the question's own script are nearer as a rule, and
        would leave no room for the right passage in another language.
        """
        own = script_number(asked.script)
        groups = (([own], self.candidates), (other_scripts(own), FOREIGN_SHARE * self.candidates))
        found = [
            self.generation.dense.search(asked.vector, k, allowed, scripts=scripts)
            for scripts, k in groups
        ]
        rows, cosines = zip(*found, strict=True)
        return np.concatenate(rows), np.concatenate(cosines)

    def _wanted(self, query: Query, window: Window | None) -> Wanted:
        """Return the filters as the engines take them."""
        source = query.filters.source
        return Wanted(
            days=_days(query.filters.window, window),
            # -1 is no source's number: a name that is not in the archive lets nothing through.
            source=None if source is None else self.generation.store.sources.get(source, -1),
        )

    def _reranked(self, query: Query, hits: list[Hit]) -> list[Hit]:
        if self.reranker is None:
            return hits
        best, rest = hits[: self.reranker.depth], hits[self.reranker.depth :]
        stored = self.generation.store.passages([hit.row for hit in best])
        order = self.reranker.order(query.text, [passage.passage.text for passage in stored])
        return [best[place] for place in order] + rest

    def _with_phrases(self, query: Query, rows: Rows) -> Rows:
        """Keep the passages that hold every quoted phrase, compared after folding.

        When none does, the marks were no more than punctuation, or the words are another
        language's: all are kept, and the words still count as words.
        """
        if not query.phrases or not len(rows):
            return rows
        phrases = [fold(phrase) for phrase in query.phrases]
        likely = self._with_bigrams(phrases, rows)
        texts = [stored.passage.text for stored in self.generation.store.passages(likely.tolist())]
        held = [all(phrase in fold(text) for phrase in phrases) for text in texts]
        return np.asarray(likely[held]) if any(held) else rows

    def _with_bigrams(self, phrases: Sequence[str], rows: Rows) -> Rows:
        """Keep the passages that hold every Han bigram of some phrases, as far as they have any.

        A passage without one cannot hold its phrase; to fold and compare all of them takes longer
        than the rest of a search.
        """
        found = {term for phrase in phrases for term in tokens(phrase)}
        bigrams = [term for term in found if len(term) == BIGRAM and script(term) == "han"]
        if not bigrams:
            return rows
        asked = dict.fromkeys(bigrams[:MAX_TERMS], 1.0)
        return np.asarray(rows[self.generation.lexical.sums(asked, rows) == len(asked)])


def _days(*windows: Window | None) -> tuple[int | None, int | None] | None:
    """Return the first and last day that all windows share, as day numbers."""
    given = [window for window in windows if window is not None]
    if not given:
        return None
    firsts = [_number(window.since) for window in given if window.since]
    lasts = [_number(window.until) for window in given if window.until]
    return max(firsts, default=None), min(lasts, default=None)


def _number(day: date) -> int:
    return day_number(day)
