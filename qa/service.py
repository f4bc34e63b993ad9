"""The one door to an archive: the command line and the bot both ask here.

A service holds an encoder and one generation of the index. When another process makes a new
generation current, the next question is answered from it; questions under way keep the one they
began with. When the new one cannot be opened, the one that is held keeps answering.
"""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from config.settings import Settings
from index.encoders.protocol import BUNDLED, Encoder, Progress, open_encoder
from index.encoders.token_table import BundledEncoder, TokenTable
from index.errors import ArchiveIndexError, EncoderError
from index.generations.damage import diagnosed
from index.generations.folders import Manifest, current
from index.generations.opened import Generation, open_generation
from index.parts.database import StoredArticle
from index.text.dictionary import Dictionary
from index.text.tokens import fold
from index.types import PARAGRAPH_BREAK
from qa.quoting.answer import Limits, compose
from qa.retrieval.calibration import load
from qa.retrieval.rerank import Reranker, open_reranker
from qa.retrieval.retriever import Hit, Retriever
from qa.types import Answer, Citation, Filters, Query, Quote, Turn
from qa.understanding.query import understand
from qa.understanding.sources import named_sources

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Status:
    """What is in the index that answers.

    :ivar generation: name of its folder.
    """

    generation: str
    folder: Path
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands, short enough to be noted down and looked up later.

    :ivar passage_id: row of its passage in the generation that it was quoted from.
    :ivar sha256: of its article's file, by which it is found in later generations too.
    :ivar start: first character of the quote in the article's text.
    :ivar end: one past its last character.
    """

    passage_id: int
    sha256: str
    start: int
    end: int

    @classmethod
    def of(cls, quote: Quote) -> Self:
        """Return where a quote stands."""
        return cls(quote.passage_id, quote.article.sha256, quote.start, quote.end)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A quote where it stands in its article.

    :ivar before: the paragraph before those that the quote touches, or None.
    :ivar text: the paragraphs that it touches, whole.
    :ivar span: the quote in ``text``.
    :ivar after: the paragraph after, or None.
    """

    article: Citation
    before: str | None
    text: str
    span: tuple[int, int]
    after: str | None


class Service:
    """Answers questions from one archive; safe to use from several threads."""

    def __init__(
        self,
        index_dir: Path,
        encoder: Encoder,
        table: TokenTable,
        *,
        candidates: int,
        limits: Limits,
        reranker: Reranker | None = None,
    ) -> None:
        self._index_dir = index_dir
        self._encoder = encoder
        self._table = table
        self._candidates = candidates
        self._limits = limits
        self._reranker = reranker
        self._dictionary = Dictionary()
        self._calibration = load(index_dir)
        self._swap = threading.Lock()
        self._generation = open_generation(index_dir, encoder, table)
        self._refused: Path | None = None
        self._complaint = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index."""
        self._generation.close()

    def answer(
        self,
        question: str,
        *,
        turns: Sequence[Turn] = (),
        filters: Filters | None = None,
        quotes: int | None = None,
        near: bool = False,
        now: datetime | None = None,
    ) -> Answer:
        """Answer a question by quotes; an answer without quotes means that nothing was found.

        :param turns: the conversation so far, oldest first, for follow-ups.
        :param filters: wins over what the question itself says.
        :param quotes: quotes at most; None takes the setting.
        :param near: whether to add near misses when nothing answers.
        :param now: what "yesterday" is relative to; None takes the clock.
        """
        began = time.perf_counter()
        generation = self._current()
        with diagnosed(generation.folder):
            query = self._understood(question, generation, turns, filters, now)
            limits = self._limits if quotes is None else replace(self._limits, quotes=quotes)
            answer = compose(query, self._retriever(generation), limits, near=near)
        return replace(answer, elapsed_ms=(time.perf_counter() - began) * 1000)

    def search(self, question: str) -> list[Hit]:
        """Return the passages that are considered for a question, best first."""
        generation = self._current()
        with diagnosed(generation.folder):
            return self._retriever(generation).search(self._understood(question, generation))

    def rank_articles(self, question: str, k: int) -> list[tuple[str, float]]:
        """Return the k articles whose best passages suit a question, best first.

        :return: path and relevance of each.
        """
        generation = self._current()
        best: dict[str, float] = {}
        hits = self.search(question)
        for begin in range(0, len(hits), 2 * k):
            batch = hits[begin : begin + 2 * k]
            stored = generation.store.passages([hit.row for hit in batch])
            for hit, passage in zip(batch, stored, strict=True):
                best.setdefault(passage.article.path, hit.relevance)
            if len(best) >= k:
                break
        return list(best.items())[:k]

    def sources(self) -> tuple[str, ...]:
        """Return the names of the archive's sources."""
        return tuple(self._current().store.sources)

    def surroundings(self, place: Place) -> Surroundings | None:
        """Return a quote with the paragraphs around it, and its article's card.

        :return: None when the article is no longer in the archive, or has changed.
        """
        store = self._current().store
        article = store.article_of_content(place.sha256)
        if article is None:
            return None
        text = store.article_text(article.id)
        start = text.rfind(PARAGRAPH_BREAK, 0, place.start) + 1
        end = text.find(PARAGRAPH_BREAK, place.end)
        end = len(text) if end < 0 else end
        return Surroundings(
            article=_citation(article),
            before=text[: start - 1].rpartition(PARAGRAPH_BREAK)[2] if start else None,
            text=text[start:end],
            span=(place.start - start, place.end - start),
            after=text[end + 1 :].partition(PARAGRAPH_BREAK)[0] if end < len(text) else None,
        )

    def source_named(self, name: str) -> str | None:
        """Return the archive's own spelling of a source, or None when it has no such source."""
        folded = fold(name.strip())
        for mention in named_sources(folded, self._current().store.sources):
            if (mention.start, mention.end) == (0, len(folded)):
                return mention.source
        return None

    def status(self) -> Status:
        """Describe the index that answers."""
        generation = self._current()
        return Status(generation.folder.name, generation.folder, generation.manifest)

    def _understood(
        self,
        question: str,
        generation: Generation,
        turns: Sequence[Turn] = (),
        filters: Filters | None = None,
        now: datetime | None = None,
    ) -> Query:
        return understand(
            question,
            now=now or datetime.now(UTC).astimezone(),
            sources=generation.store.sources,
            turns=turns,
            filters=filters or Filters(),
        )

    def _retriever(self, generation: Generation) -> Retriever:
        return Retriever(
            generation,
            self._encoder,
            self._table,
            candidates=self._candidates,
            calibration=self._calibration,
            reranker=self._reranker,
            dictionary=self._dictionary,
        )

    def _current(self) -> Generation:
        with self._swap:
            folder = None
            try:
                folder = current(self._index_dir)
                if folder not in (self._generation.folder, self._refused):
                    # The old one is closed when the last question that uses it lets it go.
                    self._generation = open_generation(self._index_dir, self._encoder, self._table)
            except (ArchiveIndexError, EncoderError) as error:
                # It is not tried again: to find out what is wrong may take reading all of it.
                self._refused = folder
                self._complain(str(error))
            return self._generation

    def _complain(self, error: str) -> None:
        """Log why the generation that is held goes on answering, once."""
        if error != self._complaint:
            _log.error("%s. Until then %s answers", error, self._generation.folder.name)
            self._complaint = error


def _citation(article: StoredArticle) -> Citation:
    return Citation(**{field.name: getattr(article, field.name) for field in fields(Citation)})


def open_service(
    settings: Settings, encoder: Encoder | None = None, table: TokenTable | None = None
) -> Service:
    """Open the index and the encoder that the settings name.

    :param encoder: an encoder that is open already, instead of the one that the settings name.
    :param table: the same for the token table.
    :raises IndexMissing: if no index has been built; the message says how.
    :raises EncoderMismatch: if the index was built with another encoder.
    :raises IndexDamaged: if a file of the index is missing or damaged.
    """
    current(settings.index.dir)  # before the model is loaded: the likeliest error comes at once
    table = table or TokenTable.open()
    return Service(
        settings.index.dir,
        encoder or encoder_of(settings, table),
        table,
        candidates=settings.retrieval.candidates,
        limits=Limits(
            quotes=settings.answer.quotes,
            per_article=settings.answer.quotes_per_article,
            threshold=settings.answer.threshold,
        ),
        reranker=_reranker_of(settings),
    )


def _reranker_of(settings: Settings) -> Reranker | None:
    chosen = settings.rerank
    device = settings.encoder.device or None
    return open_reranker(chosen.model, chosen.depth, device) if chosen.model else None


def encoder_of(settings: Settings, table: TokenTable, progress: Progress | None = None) -> Encoder:
    """Open the encoder that the settings name.

    :param progress: told how a long encoding gets on.
    :raises EncoderUnavailable: if it cannot be loaded; the message says what to do.
    """
    chosen = settings.encoder
    if chosen.model == BUNDLED:
        return BundledEncoder(table)
    auto = "auto"
    return open_encoder(
        chosen.model,
        revision=chosen.revision or None,
        query_prefix=None if chosen.query_prefix == auto else chosen.query_prefix,
        passage_prefix=None if chosen.passage_prefix == auto else chosen.passage_prefix,
        max_tokens=chosen.max_tokens or None,
        batch_size=chosen.batch_size,
        device=chosen.device or None,
        progress=progress,
    )
