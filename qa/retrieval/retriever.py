"""From a query to hits: candidates, ranked and calibrated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import starmap

from index.engines.protocol import Searcher
from index.parts.filters import Wanted, day_number, script_number
from index.text.tokens import Script
from qa.reading.reader import Reader
from qa.retrieval.calibration import Calibration, background_of
from qa.retrieval.gibberish import is_gibberish
from qa.retrieval.hits import Found, Hit
from qa.retrieval.ranking import Ranker, Ranking
from qa.retrieval.reading import read_best
from qa.retrieval.rerank import Reranker
from qa.types import Filters, Language, Query, Window

WORSE_INSIDE = 0.15
"""How much less relevant the best passage of the time that a question points at may be than the best
of all times (docs/lab/2026-11-28-dates-prefer.md)."""

SOONEST, LATEST = timedelta(days=7), timedelta(days=31)
"""How long after a time it is still told, at least and at most."""


SCRIPTS: Mapping[Language, Script] = {"zh": "han", "en": "latin", "ru": "cyrillic"}
"""The script by which a passage's language is told."""


@dataclass(frozen=True, slots=True)
class Retriever:
    """Searches one generation of an archive's index; made once for each."""

    searcher: Searcher
    ranker: Ranker
    calibration: Calibration
    reranker: Reranker | None = None
    reader: Reader | None = None

    def find(self, query: Query, threshold: float) -> Found:
        """Search; what was published when the question's dates say comes first.

        Dates prefer, they do not forbid: where nothing inside their window answers, or something
        else answers much better, all dates are searched.

        :param threshold: score from which a passage answers.
        :return: nothing for small talk.
        """
        if query.small_talk:
            return Found(())
        everywhere, articles = self._search(query)
        if self._is_gibberish(query, everywhere):
            return Found([hit._replace(score=0.0) for hit in everywhere], articles=articles)
        if not query.preferred:
            return Found(self._read(query, everywhere), articles=articles)
        undated = replace(query, text=query.undated or query.text)
        window = _told(query.preferred) if query.undated else query.preferred
        inside = self._read(query, self.search(undated, window), undated.text)
        answers = any(hit.score >= threshold for hit in inside)
        if answers and inside[0].relevance >= everywhere[0].relevance - WORSE_INSIDE:
            return Found(inside, articles=articles)
        return Found(self._read(query, everywhere), not answers, articles)

    def _is_gibberish(self, query: Query, hits: Sequence[Hit]) -> bool:
        """Return whether nobody has such words: what is nearest in another script is so by chance."""
        table = self.searcher.models.table
        return bool(hits) and hits[0].cross_script and is_gibberish(query.text, table)

    def search(self, query: Query, window: Window | None = None) -> list[Hit]:
        """Return the candidates, best first.

        :param window: only articles published in it, besides what the query's filters ask for.
        """
        return self._search(query, window)[0]

    def _search(
        self, query: Query, window: Window | None = None
    ) -> tuple[list[Hit], list[tuple[int, float]]]:
        """Return the candidates, and the articles that hold the most of the question's words."""
        wanted = self.wanted(query.filters, window)
        candidates = self.ranker.candidates(query.text, wanted, query.phrases)
        held = candidates.article_words
        articles = list(zip(held.rows.tolist(), held.shares.tolist(), strict=True))
        if not len(candidates.rows):
            return [], articles
        ranking = self.ranker.rank(candidates)
        hits = self._calibrated(ranking, candidates.question.script)
        if query.filters.language:
            wanted_script = script_number(SCRIPTS[query.filters.language])
            scripts = ranking.facts.scripts.tolist()
            hits = [hit for hit, found in zip(hits, scripts, strict=True) if found == wanted_script]
        return self._reranked(query, hits), articles

    def _calibrated(self, ranking: Ranking, written: Script) -> list[Hit]:
        relevance, facts = ranking.relevance, ranking.facts
        background = background_of(relevance, facts.articles)
        cross_script = facts.scripts != script_number(written)
        values = (
            ranking.rows,
            self.calibration.score(relevance, cross_script, background, written),
            relevance,
            relevance - background,
            cross_script,
            facts.articles,
            facts.copies,
        )
        return list(starmap(Hit, zip(*(value.tolist() for value in values), strict=True)))

    def wanted(self, filters: Filters, window: Window | None = None) -> Wanted:
        """Return filters as the engines take them.

        :param window: one more that must hold, or that may: an article without a date can be of it.
        """
        source = filters.source
        return Wanted(
            days=_days(filters.window, window),
            # -1 is no source's number: a name that is not in the archive lets nothing through.
            source=None if source is None else self.searcher.sources.get(source, -1),
            undated=window is not None and filters.window is None,
        )

    def _read(self, query: Query, hits: list[Hit], text: str = "") -> list[Hit]:
        """Let the best candidates be read, if there is a reader.

        :param text: what it is asked, where that is not the question as it stands.
        """
        if self.reader is None:
            return hits
        return read_best(
            query, text or query.text, hits, self.searcher, self.reader, self.calibration
        )

    def _reranked(self, query: Query, hits: list[Hit]) -> list[Hit]:
        if self.reranker is None:
            return hits
        best, rest = hits[: self.reranker.depth], hits[self.reranker.depth :]
        stored = self.searcher.passages([hit.row for hit in best])
        order = self.reranker.order(query.text, [passage.passage.text for passage in stored])
        return [best[place] for place in order] + rest


def _told(happened: Window) -> Window:
    """Return when what happened in a window is told: until as much time has gone by again.

    July's prices are published in August, and what was known "as of 24 July" days later. A date of reports
    is another matter: it is theirs.
    """
    if happened.until is None:
        return happened
    first = happened.since or happened.until
    lasted = happened.until - first + timedelta(days=1)
    later = min(max(lasted, SOONEST), LATEST)
    return Window(happened.since, happened.until + later)


def _days(*windows: Window | None) -> tuple[int | None, int | None] | None:
    """Return the first and last day that all windows share, as day numbers."""
    given = [window for window in windows if window is not None]
    if not given:
        return None
    firsts = [day_number(window.since) for window in given if window.since]
    lasts = [day_number(window.until) for window in given if window.until]
    return max(firsts, default=None), min(lasts, default=None)
