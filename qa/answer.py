"""From ranked passages to an answer: threshold, near-copies, one article's share, highlights."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from index.passages import sentences
from index.store import StoredArticle, StoredPassage
from qa.excerpt import ENOUGH, PART, excerpt, region
from qa.highlight import best_sentence
from qa.retriever import Hit, Retriever
from qa.types import Answer, Citation, Query, Quote

COPIES_LISTED = 20
"""Further articles named with a quote at most."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is quoted.

    :ivar quotes: quotes in an answer at most.
    :ivar per_article: quotes from one article at most.
    :ivar threshold: answer score below which a passage does not answer, 0 to 1.
    """

    quotes: int
    per_article: int
    threshold: float


def compose(query: Query, retriever: Retriever, limits: Limits, *, near: bool = False) -> Answer:
    """Answer a query from an archive.

    1. Search; inside the window that the question's dates point at first, then everywhere.
    2. What scores below the threshold is not an answer.
    3. Near-copies are one quote; an article gets its share at most.
    4. Over time: by date. Otherwise: best first.

    :param near: whether to add near misses when nothing answers.
    """
    if query.small_talk:
        return Answer(query=query, quotes=())
    hits: list[Hit] = []
    widened = False
    if query.preferred:
        hits = retriever.search(query, query.preferred)
        widened = not any(hit.score >= limits.threshold for hit in hits)
    if not query.preferred or widened:
        hits = retriever.search(query)
    good = [hit for hit in hits if hit.score >= limits.threshold]
    quotes = _quotes(query, good, retriever, limits)
    if query.compare:
        quotes = _by_date(quotes)
    return Answer(
        query=query,
        quotes=tuple(quotes),
        near=tuple(_quotes(query, hits, retriever, limits)) if near and not quotes else (),
        score=hits[0].score if hits else 0.0,
        widened=widened,
    )


def _quotes(query: Query, hits: list[Hit], retriever: Retriever, limits: Limits) -> list[Quote]:
    store = retriever.generation.store
    copies = retriever.generation.columns.copies
    groups: set[int] = set()
    words: set[str] = set()
    quoted: dict[int, list[tuple[int, int]]] = {}
    shares: Counter[int] = Counter()
    quotes: list[Quote] = []
    for begin in range(0, len(hits), 2 * limits.quotes):
        batch = hits[begin : begin + 2 * limits.quotes]
        for hit, stored in zip(batch, store.passages([hit.row for hit in batch]), strict=True):
            if len(quotes) == limits.quotes:
                return quotes
            group = int(copies[hit.row])
            if group in groups or shares[stored.article.id] == limits.per_article:
                continue
            quote = _quote(len(quotes) + 1, query, hit, stored, retriever)
            spans = quoted.setdefault(stored.article.id, [])
            overlaps = any(quote.start < end and start < quote.end for start, end in spans)
            if quote.text not in words and not overlaps:
                quotes.append(quote)
                spans.append((quote.start, quote.end))
                groups.add(group)
                words.add(quote.text)
                shares[stored.article.id] += 1
    return quotes


def _quote(n: int, query: Query, hit: Hit, stored: StoredPassage, retriever: Retriever) -> Quote:
    text = retriever.generation.store.article_text(stored.article.id)
    passage = stored.passage
    searched = region(text, passage)
    around = text[slice(*searched)]
    start, end = best_sentence(
        query.text, stored.article.title, around, sentences(around), retriever.table
    )
    answering = searched[0] + start, searched[0] + end
    # Across languages the sentence is found less surely than the passage: more of it is quoted.
    enough = PART if hit.foreign else ENOUGH
    quoted = excerpt(text, passage, searched, answering, enough=enough)
    return Quote(
        n=n,
        text=text[quoted.start : quoted.end],
        highlights=((answering[0] - quoted.start, answering[1] - quoted.start),),
        score=hit.score,
        passage_id=hit.row,
        paragraphs=quoted.paragraphs,
        start=quoted.start,
        end=quoted.end,
        article=_citation(stored.article),
        also=_also(hit.row, stored.article, retriever),
        cut=quoted.cut,
    )


def _also(row: int, article: StoredArticle, retriever: Retriever) -> tuple[Citation, ...]:
    copies = retriever.generation.columns.copies
    rows = np.flatnonzero(copies == copies[row])
    others = retriever.generation.store.passages(rows[rows != row][:COPIES_LISTED].tolist())
    articles = {other.article.id: other.article for other in others}
    articles.pop(article.id, None)
    return tuple(_citation(other) for other in articles.values())


def _citation(article: StoredArticle) -> Citation:
    return Citation(
        title=article.title,
        source=article.source,
        author=article.author,
        date=article.date,
        url=article.url,
        path=article.path,
        sha256=article.sha256,
        truncated=article.truncated,
    )


def _by_date(quotes: list[Quote]) -> list[Quote]:
    """Return the quotes oldest first, those without a date last, numbered anew."""
    last = datetime.max.replace(tzinfo=UTC)
    dated = sorted(quotes, key=lambda quote: quote.article.date or last)
    return [replace(quote, n=n) for n, quote in enumerate(dated, 1)]
