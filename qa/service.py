"""The one door to an archive: the command line, the page and the bot all ask here."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np

from index.engines.protocol import Engine, Searcher
from index.generations.manifest import Manifest
from index.parts.filters import day_of
from index.text.tokens import fold
from index.types import PARAGRAPH_BREAK, Card, Held, StoredPassage
from qa.quoting.answer import Limits, compose
from qa.retrieval.hits import Hit
from qa.retrieval.holding import Holding
from qa.retrieval.retriever import Retriever
from qa.types import Answer, Filters, Query, Quote, Turn, Window
from qa.understanding.query import understand
from qa.understanding.sources import named_sources

if TYPE_CHECKING:
    from qa.checking.verdicts import Check, Claim, Quotation

CONSIDERED = 30
"""Articles that are told to stand out at most."""


@dataclass(frozen=True, slots=True)
class Status:
    """What is in the index that answers.

    :ivar generation: its name.
    :ivar sources: names of the archive's sources.
    """

    generation: str
    manifest: Manifest
    sources: tuple[str, ...]


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

    article: Card
    before: str | None
    text: str
    span: tuple[int, int]
    after: str | None


@dataclass(frozen=True, slots=True)
class Contents:
    """An article as the index holds it.

    :ivar text: its extracted text.
    :ivar passages: the texts of its passages.
    """

    card: Card
    text: str
    passages: tuple[str, ...]


def clock(_: Searcher) -> datetime:
    """Return the time, in the zone of this machine."""
    return datetime.now(UTC).astimezone()


def noon(day: date) -> datetime:
    """Return the middle of a day, in the zone of this machine: what a question of that day counts from."""
    return datetime(day.year, day.month, day.day, 12).astimezone()


class Service:
    """Answers questions from one archive; safe to use from several threads.

    :param engine: what keeps the archive's index.
    :param open_retriever: opens the generation that answers.
    :param now: what "yesterday" in a question counts from, for an archive.
    :raises ArchiveIndexError: if there is none, or it cannot be used.
    """

    def __init__(
        self,
        engine: Engine,
        open_retriever: Callable[[Engine], Retriever],
        limits: Limits,
        now: Callable[[Searcher], datetime] = clock,
    ) -> None:
        self._holding = Holding(engine, open_retriever)
        self._limits = limits
        self._now = now

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
        self._holding.close()

    def answer(
        self,
        question: str,
        *,
        turns: Sequence[Turn] = (),
        filters: Filters | None = None,
        quotes: int | None = None,
        near: bool = False,
        now: datetime | None = None,
        consider: bool = False,
    ) -> Answer:
        """Answer a question by quotes; an answer without quotes means that nothing was found.

        A question that only goes on ("continue", 还有呢) is answered by the quotes that come after
        those that its turn has shown.

        :param turns: the conversation so far, oldest first, for follow-ups.
        :param filters: wins over what the question itself says.
        :param quotes: quotes at most; None takes the setting.
        :param near: whether to add near misses when nothing answers.
        :param now: what "yesterday" counts from; None takes the setting.
        :param consider: whether to tell the articles that stand out for the question.
        """
        began = time.perf_counter()
        retriever = self._holding.current()
        with retriever.searcher.diagnosed():
            now = now or self._now(retriever.searcher)
            query, skip = _going_on(
                _understood(question, retriever.searcher, now, turns, filters), turns
            )
            limits = self._limits if quotes is None else replace(self._limits, quotes=quotes)
            found = retriever.find(query, limits.threshold)
            answer = compose(query, found, retriever.searcher, limits, near=near, skip=skip)
            if query.filters.window and not found.hits:
                answer = replace(answer, archive=_period(retriever.searcher))
            if consider:
                answer = replace(answer, considered=_standing_out(found.hits, retriever.searcher))
            answer = replace(answer, empty=not retriever.searcher.manifest.articles)
        return replace(answer, elapsed_ms=(time.perf_counter() - began) * 1000)

    def check_quote(self, text: str, claim: "Claim | None" = None) -> "Check":
        """Say of a quotation whether it stands in the archive, where, and what was changed.

        :param text: the quotation, with or without marks around it.
        :param claim: where it is said to be from; None says nothing.
        :raises NoQuotation: if it is too short or too long to be looked for.
        """
        from qa.checking.check import quotation_of  # noqa: PLC0415 - a question does not pay for it

        return self._checked(quotation_of(text), claim)

    def check_quotes(self, text: str, claim: "Claim | None" = None) -> "list[Check]":
        """Say so of every quotation in a text, as its quotation marks tell, in their order."""
        from qa.checking.marks import quotations  # noqa: PLC0415 - a question does not pay for it

        return [self._checked(one, claim) for one in quotations(text)]

    def search(
        self, question: str, filters: Filters | None = None, *, now: datetime | None = None
    ) -> list[Hit]:
        """Return the passages that are considered for a question, best first.

        :param filters: as in ``answer``, and so is ``now``.
        """
        return list(self._found(question, self._holding.current(), filters, now))

    def passages(
        self, question: str, k: int, *, filters: Filters | None = None, offset: int = 0
    ) -> tuple[list[tuple[Hit, StoredPassage]], int]:
        """Return the k passages that come closest to a question after some others, best first.

        :param filters: as in ``answer``.
        :return: the passages, and how many were considered.
        """
        retriever = self._holding.current()
        hits = self._found(question, retriever, filters)
        chosen = hits[offset : offset + k]
        stored = retriever.searcher.passages([hit.row for hit in chosen])
        return list(zip(chosen, stored, strict=True)), len(hits)

    def stored(self, hits: Sequence[Hit]) -> list[StoredPassage]:
        """Return the passages of hits that ``search`` has just given, with their articles' cards."""
        return self._holding.current().searcher.passages([hit.row for hit in hits])

    def rank_articles(
        self, question: str, k: int, *, now: datetime | None = None
    ) -> list[tuple[str, float]]:
        """Return the k articles whose best passages suit a question, best first.

        :param now: as in ``answer``.
        :return: path and relevance of each.
        """
        retriever = self._holding.current()
        best: dict[str, float] = {}
        hits = self._found(question, retriever, now=now)
        for begin in range(0, len(hits), 2 * k):
            batch = hits[begin : begin + 2 * k]
            stored = retriever.searcher.passages([hit.row for hit in batch])
            for hit, passage in zip(batch, stored, strict=True):
                best.setdefault(passage.article.card.path, hit.relevance)
            if len(best) >= k:
                break
        return list(best.items())[:k]

    def sources(self, part: str = "") -> tuple[str, ...]:
        """Return the names of the archive's sources.

        :param part: which they have in them, in whichever script and case.
        """
        known = self._holding.current().searcher.sources
        if not part:
            return tuple(known)
        folded = fold(part.strip())
        return tuple(name for name in known if folded in fold(name))

    def by_source(self) -> Sequence[Held]:
        """Return what the archive holds of each source that has a name, the most articles first."""
        searcher = self._holding.current().searcher
        with searcher.diagnosed():
            return [one for one in searcher.by_source() if one.source]

    def newest(self, k: int, filters: Filters | None = None) -> list[Card]:
        """Return the k articles with the latest dates, the newest first."""
        retriever = self._holding.current()
        with retriever.searcher.diagnosed():
            wanted = retriever.wanted(filters or Filters())
            return [article.card for article in retriever.searcher.newest(k, wanted)]

    def surroundings(self, place: Place) -> Surroundings | None:
        """Return a quote with the paragraphs around it, and its article's card.

        :return: None when the article is no longer in the archive, or has changed.
        """
        searcher = self._holding.current().searcher
        article = searcher.article_of_content(place.sha256)
        if article is None:
            return None
        text = searcher.article_text(article.id)
        start = text.rfind(PARAGRAPH_BREAK, 0, place.start) + 1
        end = text.find(PARAGRAPH_BREAK, place.end)
        end = len(text) if end < 0 else end
        return Surroundings(
            article=article.card,
            before=text[: start - 1].rpartition(PARAGRAPH_BREAK)[2] if start else None,
            text=text[start:end],
            span=(place.start - start, place.end - start),
            after=text[end + 1 :].partition(PARAGRAPH_BREAK)[0] if end < len(text) else None,
        )

    def article(self, sha256: str) -> tuple[Card, str] | None:
        """Return an article's card and its extracted text, by the digest of its file.

        :return: None when no article of the archive has that file.
        """
        searcher = self._holding.current().searcher
        with searcher.diagnosed():
            article = searcher.article_of_content(sha256)
            return (article.card, searcher.article_text(article.id)) if article else None

    def articles(self, first: int, count: int) -> list[Card]:
        """Return the cards of some articles, in an order that stays as long as the index does.

        :param first: number of the first, from 0; fewer come back where there are no more.
        """
        return [one.card for one in self._holding.current().searcher.listed(first, count)]

    def contents(self) -> Iterator[Contents]:
        """Yield every article that has a passage, each once, in no order to rely on."""
        searcher = self._holding.current().searcher
        every = searcher.every_passage()
        articles = searcher.facts(every).articles
        order = np.argsort(articles, kind="stable")
        for rows in np.split(every[order], np.flatnonzero(np.diff(articles[order])) + 1):
            stored = searcher.passages(rows.tolist())
            if stored:  # an archive may be empty
                article = stored[0].article
                yield Contents(
                    card=article.card,
                    text=searcher.article_text(article.id),
                    passages=tuple(one.passage.text for one in stored),
                )

    def source_named(self, name: str) -> str | None:
        """Return the archive's own spelling of a source, or None when it has no such source."""
        folded = fold(name.strip())
        for mention in named_sources(folded, self._holding.current().searcher.sources):
            if (mention.start, mention.end) == (0, len(folded)):
                return mention.source
        return None

    def check_whole(self) -> None:
        """Read all of the index that answers.

        :raises IndexDamaged: if something of it is not what was written.
        """
        # Whatever is raised inside is looked into.
        with suppress(LookupError), self._holding.current().searcher.diagnosed():
            raise LookupError

    def status(self) -> Status:
        """Describe the index that answers."""
        searcher = self._holding.current().searcher
        return Status(searcher.generation, searcher.manifest, tuple(searcher.sources))

    def _checked(self, quotation: "Quotation", claim: "Claim | None") -> "Check":
        from qa.checking.check import check  # noqa: PLC0415 - a question does not pay for it
        from qa.checking.verdicts import ANYWHERE  # noqa: PLC0415 - the same

        began = time.perf_counter()
        searcher = self._holding.current().searcher
        with searcher.diagnosed():
            found = check(quotation, claim or ANYWHERE, searcher)
        return replace(found, elapsed_ms=(time.perf_counter() - began) * 1000)

    def _found(
        self,
        question: str,
        retriever: Retriever,
        filters: Filters | None = None,
        now: datetime | None = None,
    ) -> Sequence[Hit]:
        with retriever.searcher.diagnosed():
            now = now or self._now(retriever.searcher)
            query = _understood(question, retriever.searcher, now, filters=filters)
            return retriever.find(query, self._limits.threshold).hits


def _understood(
    question: str,
    searcher: Searcher,
    now: datetime,
    turns: Sequence[Turn] = (),
    filters: Filters | None = None,
) -> Query:
    return understand(
        question,
        now=now,
        sources=searcher.sources,
        turns=turns,
        filters=filters or Filters(),
    )


def _standing_out(hits: Sequence[Hit], searcher: Searcher) -> tuple[Card, ...]:
    """Return the articles whose passages are more relevant than what the archive has on anything."""
    standing_out = dict.fromkeys(hit.article for hit in hits if hit.margin > 0)
    stored = searcher.articles(list(standing_out)[:CONSIDERED])
    return tuple(one.card for one in stored)


def _period(searcher: Searcher) -> Window | None:
    """Return the days of an archive's first and last article."""
    days = searcher.days
    return Window(day_of(days[0]), day_of(days[1])) if days else None


def _going_on(query: Query, turns: Sequence[Turn]) -> tuple[Query, int]:
    """Return the query of the last turn, if a question asks nothing new, and what that has shown."""
    last = next((turn for turn in reversed(turns) if turn.question), None)
    if last is None or not query.follow_up:
        return query, 0
    asked_before = (last.question, last.filters, last.preferred)
    if (query.text, query.filters, query.preferred) != asked_before:
        return query, 0
    same = replace(
        query,
        undated=last.undated,
        phrases=last.phrases,
        compare=last.compare,
    )
    return same, last.shown
