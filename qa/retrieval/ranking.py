"""The score of a passage for a question: the formula and its weights, in one place.

    relevance = late_interaction + DENSE_WEIGHT * cosine
              + same_script * (WORDS_WEIGHT * words + ARTICLE_WORDS_WEIGHT * more_words - offset)
              + translated * (DICTIONARY_WEIGHT * translation - DICTIONARY_OFFSET)

    late_interaction
             sum of w(q) * min(1, best(q) / ENOUGH) over the question's tokens q, by the sum of w(q):
             how much of the question is met by some token of the passage, whatever its language
             (MaxSim). w(q) is the token's weight in the bundled table, best(q) its highest cosine
             with a token of the passage. ARTICLE_SHARE of it is that of the passage's article.
    cosine   of question and passage as the encoder sees them, at least 0.
    words    term coverage: idf² of the question's words and bigrams that the passage holds, by that
             of all.
    more_words
             term coverage of the passage's article, title included, as far as it is above that of
             the passage: the words of a question are often spread over an article.
    translation
             the same of alternative translations: idf of the question's words and phrases that the
             passage holds in one of them, by that of all that have one: in the archive, that of the
             commonest. Only for passages in Han script. English questions are translated by a
             dictionary, Russian ones by the words that the bundled table has nearest to theirs.

All terms are absolute, so that the relevance for one question can be compared with that for another.
A passage in the question's own script has words to match and must show them: without the offset
any of them that shares a name or a number outranks the right passage in another language. It is
SCRIPT_OFFSETS of the question's script. What the
dictionary gives is offset so that those do not gain on the average.
Measured in docs/retrieval.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import add

import numpy as np
from numpy.typing import NDArray

from index.encoders.nearest_words import NearestWords
from index.encoders.token_table import Ids
from index.engines.protocol import Facts, Found, Searcher, Share
from index.parts.arrays import distinct
from index.parts.filters import Wanted, other_scripts, script_number
from index.parts.weights import MAX_TERMS, Alternatives, Weights, heaviest
from index.text.dictionary import Dictionary
from index.text.tokens import Script, script, tokens
from index.types import Rows, Scores, Vectors
from qa.retrieval.late_interaction import match_passages
from qa.retrieval.phrases import with_phrases

DENSE_WEIGHT = 0.6
WORDS_WEIGHT = 0.9
ARTICLE_WORDS_WEIGHT = 0.7
ARTICLE_SHARE = 0.4
SCRIPT_OFFSETS: Mapping[Script, float] = {"han": 0.12, "latin": 0.18, "cyrillic": 0.18}
DICTIONARY_WEIGHT = 0.2
DICTIONARY_OFFSET = 0.03
ENOUGH = 0.65
"""Cosine from which a token counts as met in full: that of good translations and synonyms."""

WORDS_OF_OTHERS = 0.3
ARTICLE_WORDS_OF_OTHERS = 0.5
TRANSLATIONS_OF_OTHERS = 1.0
"""What a passage or article is taken to hold that is not among those that hold the most, as a share
of what the last of these holds. Of words, what dense hits hold on the average: with more, the background score
is taken to be higher than it is, and fewer questions are answered."""

CROSS_SCRIPT_SHARE = 2
"""Candidates in other scripts than the question's, in multiples of those in its own: only
their vectors, and for some a dictionary, propose them."""

KNOWN_SHARE = 2
"""Passages of which is known what words they hold, in multiples of those that words propose."""

MAX_TRANSLATIONS = 32
"""Rarest words and phrases of a question whose translations count."""

SHORTLIST = 250
"""Candidates that are scored in full."""


@dataclass(frozen=True, slots=True)
class EncodedQuestion:
    """A question in the forms in which an archive is searched.

    :ivar vector: as the encoder sees it, float32, shape (dim,).
    :ivar ids: its distinct tokens in the bundled table.
    :ivar words: idf² of its distinct words and bigrams, the heaviest of them.
    :ivar translations: idf of what it says, by its alternative translations into Chinese; the
        heaviest.
    """

    vector: Vectors
    script: Script
    ids: Ids
    words: Mapping[str, float]
    translations: Mapping[Alternatives, float]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of some weighted words passages hold, or articles.

    :ivar rows: the passages that hold the most, best first; or numbers of articles.
    :ivar shares: of all the weights, float32, in (0, 1].
    :ivar others: what any other is taken to hold: to look it up took a sixth of a question's time.
    """

    rows: Rows
    shares: Scores
    others: float

    def of(self, rows: Rows) -> Scores:
        """Return the share of the weights that each one holds, float32, in [0, 1].

        :param rows: ascending, one at least.
        """
        shares = _known(rows, (self.rows, self.shares))
        return np.where(np.isnan(shares), np.float32(self.others), shares)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The passages that may answer a question, with what the searches told of them.

    :ivar rows: ascending.
    :ivar dense: the dense hits and their cosines.
    """

    question: EncodedQuestion
    rows: Rows
    dense: Found
    words: Coverage
    article_words: Coverage
    translations: Coverage


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates that were scored in full, best first.

    :ivar relevance: what the formula gave each, float32.
    :ivar facts: of each.
    """

    rows: Rows
    relevance: Scores
    facts: Facts


@dataclass(frozen=True, slots=True)
class Ranker:
    """Finds and ranks the passages of one generation.

    :ivar k: candidates that each search proposes.
    :ivar dictionary: None leaves English questions untranslated.
    :ivar nearest: None leaves Russian questions untranslated.
    """

    searcher: Searcher
    k: int
    dictionary: Dictionary | None = None
    nearest: NearestWords | None = None

    def candidates(self, text: str, wanted: Wanted, phrases: Sequence[str] = ()) -> Candidates:
        """Search by words and by vectors.

        Dense hits in the question's script and in the others have a share of their own: those in
        the question's own script are nearer as a rule, and would leave no room for the right
        passage in another language.

        :param phrases: what stood in quotation marks, and must be in the passage.
        :raises DictionaryUnavailable: if the dictionary is wanted and cannot be used.
        """
        question = self.encoded(text)
        own = script_number(question.script)
        shares = (Share([own], self.k), Share(other_scripts(own), CROSS_SCRIPT_SHARE * self.k))
        searcher, known = self.searcher, KNOWN_SHARE * self.k
        dense, of_words, of_articles, translated = searcher.at_once(
            lambda: searcher.nearest(question.vector, shares, wanted),
            lambda: searcher.by_words(question.words, known, wanted),
            lambda: searcher.articles_by_words(question.words, self.k, wanted),
            lambda: searcher.by_words(question.translations, self.k, wanted),
        )
        words = _coverage(of_words, question.words, WORDS_OF_OTHERS, known)
        article_words = _coverage(of_articles, question.words, ARTICLE_WORDS_OF_OTHERS, self.k)
        translations = _coverage(translated, question.translations, TRANSLATIONS_OF_OTHERS, self.k)
        found = distinct(np.concatenate((dense[0], words.rows[: self.k], translations.rows)))
        rows = with_phrases(phrases, found, self.searcher)
        return Candidates(question, rows, dense, words, article_words, translations)

    def rank(self, candidates: Candidates) -> Ranking:
        """Score candidates; what is cheap to know decides which of them are scored in full.

        :return: ``SHORTLIST`` at most.
        """
        question, rows = candidates.question, candidates.rows
        facts = self.searcher.facts(rows)
        known = DENSE_WEIGHT * np.maximum(self._cosines(candidates), 0)
        same_script = facts.scripts == script_number(question.script)
        articles, places = np.unique(facts.articles, return_inverse=True)
        words = candidates.words.of(rows)
        more_words = np.maximum(candidates.article_words.of(articles)[places] - words, 0)
        offset = SCRIPT_OFFSETS[question.script]
        known += same_script * (WORDS_WEIGHT * words + ARTICLE_WORDS_WEIGHT * more_words - offset)
        if question.translations:
            han = facts.scripts == script_number("han")
            translated = candidates.translations.of(rows)
            known += han * (DICTIONARY_WEIGHT * translated - DICTIONARY_OFFSET)
        best = np.arange(len(rows))
        if len(rows) > SHORTLIST:
            best = np.argpartition(-known, SHORTLIST)[:SHORTLIST]
        late = self._late_interaction(question.ids, rows[best], facts.articles[best])
        scores = known[best] + late
        order = np.argsort(-scores, kind="stable")
        best = best[order]
        return Ranking(
            rows[best],
            np.asarray(scores[order], np.float32),
            Facts(facts.articles[best], facts.scripts[best], facts.copies[best]),
        )

    def encoded(self, text: str) -> EncodedQuestion:
        """Bring a question into the forms in which the archive is searched.

        A Han character that stands alone is no word here: it is part of one.

        :raises DictionaryUnavailable: if the dictionary is wanted and cannot be used.
        """
        models = self.searcher.models
        terms = tokens(text)
        words = self.searcher.word_weights(
            {term for term in terms if len(term) > 1 or term.isascii()}
        )
        written = script(text)
        ids = models.table.ids([text])[0]
        return EncodedQuestion(
            vector=models.encode_question(text, ids),
            script=written,
            ids=distinct(ids),
            words=heaviest({term: idf**2 for term, idf in words.items()}, MAX_TERMS),
            translations=self._translations(self._in_chinese(text, terms, written)),
        )

    def _in_chinese(
        self, text: str, terms: Sequence[str], written: Script
    ) -> Sequence[Sequence[str]]:
        """Return the Chinese words for what a question says, where they are known."""
        if written == "latin" and self.dictionary:
            return self.dictionary.translations(terms)
        if written == "cyrillic" and self.nearest:
            return self.nearest.translations(text)
        return []

    def _translations(self, said: Iterable[Sequence[str]]) -> Mapping[Alternatives, float]:
        """Return the bigrams of all words for each thing that is said, and the IDF of the commonest.

        A word is as rare as the rarest of its bigrams; one of a single character would be found
        inside others.
        """
        alternatives = (tuple(_bigrams(word) for word in words if len(word) > 1) for words in said)
        found = [one for one in alternatives if one]
        idf = self.searcher.word_weights({term for one in found for way in one for term in way})
        weights = {one: min(max(idf[term] for term in way) for way in one) for one in found}
        return heaviest(weights, MAX_TRANSLATIONS)

    def _cosines(self, candidates: Candidates) -> Scores:
        """Return each candidate's cosine; what no search has told takes reading its vector."""
        rows = candidates.rows
        cosines = _known(rows, candidates.dense)
        unknown = np.isnan(cosines)
        cosines[unknown] = self.searcher.cosines(candidates.question.vector, rows[unknown])
        return cosines

    def _late_interaction(self, question: Ids, rows: Rows, articles: NDArray[np.int64]) -> Scores:
        table = self.searcher.models.table
        weights = table.weights_of(question)
        if not weights.any():
            return np.zeros(len(rows), np.float32)
        lists, places = self.searcher.token_lists(rows)
        met = np.minimum(match_passages(question, places, lists, table) / ENOUGH, 1)
        met += ARTICLE_SHARE * (_best_of_group(met, articles) - met)
        return np.asarray(weights @ met / weights.sum(), np.float32)


def _coverage(found: Found, weights: Weights, of_others: float, k: int) -> Coverage:
    """Return what passages or articles hold of some weighted words.

    :param found: the k that hold the most.
    :param of_others: what others are taken to hold, as a share of what the last one holds. When
        fewer than k hold any, others hold nothing.
    """
    rows, sums = found
    shares = sums / np.float32(sum(weights.values()) or 1)
    return Coverage(rows, shares, others=of_others * float(shares[-1]) if len(rows) == k else 0.0)


def _best_of_group(values: Scores, groups: NDArray[np.int64]) -> Scores:
    """Return for each column the greatest values, row by row, of all columns of its group."""
    order = np.argsort(groups, kind="stable")
    _, starts, places = np.unique(groups[order], return_index=True, return_inverse=True)
    best = np.empty_like(values)
    best[:, order] = np.maximum.reduceat(values[:, order], starts, axis=1)[:, places]
    return best


def _bigrams(word: str) -> tuple[str, ...]:
    return tuple(map(add, word, word[1:]))


def _known(rows: Rows, found: Found) -> Scores:
    """Return each passage's value as it was found, NaN where it was not."""
    values = np.full(len(rows), np.nan, np.float32)
    place = np.searchsorted(rows, found[0])
    kept = rows.take(place, mode="clip") == found[0]
    values[place[kept]] = found[1][kept]
    return values
