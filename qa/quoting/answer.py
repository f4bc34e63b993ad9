"""From ranked passages to an answer: threshold, near-copies, one article's share, highlights."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice

from index.engines.protocol import Searcher
from index.text.numbers import differ_in_a_number
from index.types import Card, StoredPassage
from qa.quoting.excerpt import ENOUGH, PART, excerpt, region
from qa.quoting.highlight import Chance, Span, best_sentences
from qa.quoting.subject import mention
from qa.quoting.titles import found_by_title
from qa.retrieval.hits import Found, Hit
from qa.types import Answer, Mention, Query, Quote

COPIES_LISTED = 20
"""Further articles named with a quote at most."""

SPREAD = 3
"""Over time, the earliest and the latest are looked for among so many times the quotes that are shown."""

_LAST = datetime.max.replace(tzinfo=UTC)

LOOKED_THROUGH = 10
"""Passages in which what the question is about is looked for, when nothing answers."""


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


@dataclass(frozen=True, slots=True)
class _Answering:
    """A passage with the sentence of it that answers.

    :ivar text: its article's text, in which the spans count.
    :ivar searched: where the sentence was looked for.
    :ivar words: the very words that answer, inside the sentence, if the reader found them.
    """

    stored: StoredPassage
    text: str
    searched: Span
    sentence: Span
    words: Span | None = None


def compose(
    query: Query,
    found: Found,
    searcher: Searcher,
    limits: Limits,
    *,
    near: bool = False,
    skip: int = 0,
) -> Answer:
    """Answer a query by what was found in an archive.

    1. What scores below the threshold is not an answer.
    2. Near-copies are one quote, unless they differ in a number; an article gets its share at most.
    3. Best first. Over time: among them the earliest and the latest of what answers, by date.
    4. Where nothing answers, and beside what is about keywords: articles of which there is only a title.

    :param near: whether to add near misses when nothing answers.
    :param skip: quotes that were shown before: the answer goes on after them, without near misses.
    """
    hits = found.hits
    good = [hit for hit in hits if hit.score >= limits.threshold]
    wanted = limits.quotes + skip
    if query.compare:
        most = max(wanted, SPREAD * limits.quotes)
        found_all = _quotes(query, good, searcher, replace(limits, quotes=most))
        quotes = _by_date(_ends_first(found_all)[skip:wanted], skip)
    else:
        quotes = _quotes(query, good, searcher, replace(limits, quotes=wanted))[skip:]
    near = near and not quotes and not skip
    is_title_wanted = not (skip or (quotes and query.asks))
    return Answer(
        query=query,
        quotes=tuple(quotes),
        near=tuple(_quotes(query, hits, searcher, limits)) if near else (),
        score=hits[0].score if hits else 0.0,
        widened=found.widened,
        skipped=skip,
        mention=None if quotes or skip else _mention(query, hits, searcher),
        titles=found_by_title(query, found.articles, searcher) if is_title_wanted else (),
    )


def _mention(query: Query, hits: Sequence[Hit], searcher: Searcher) -> Mention | None:
    """Return what the question is about, when it asks something and the archive mentions it."""
    if not query.asks:
        return None
    stored = searcher.passages([hit.row for hit in hits[:LOOKED_THROUGH]])
    texts = [f"{one.article.card.title}\n{one.passage.text}" for one in stored]
    return mention(query.text, texts, searcher)


def _quotes(query: Query, hits: Sequence[Hit], searcher: Searcher, limits: Limits) -> list[Quote]:
    groups: defaultdict[int, list[str]] = defaultdict(list)
    words: set[str] = set()
    quoted: dict[int, list[tuple[int, int]]] = {}
    shares: Counter[int] = Counter()
    quotes: list[Quote] = []

    def tells_more(hit: Hit, text: str) -> bool:
        return all(differ_in_a_number(text, other) for other in groups[hit.copies])

    def may_stand(hit: Hit) -> bool:
        if shares[hit.article] >= limits.per_article:
            return False
        return not groups[hit.copies] or tells_more(hit, _text(hit, searcher))

    candidates = filter(may_stand, hits)
    while batch := list(islice(candidates, limits.quotes - len(quotes))):
        for hit, found in zip(batch, _answering(query, batch, searcher), strict=True):
            if not may_stand(hit):  # after the others of its batch
                continue
            answers = hit.score >= limits.threshold
            quote = _quote(len(quotes) + 1, hit, found, searcher, answers=answers)
            spans = quoted.setdefault(hit.article, [])
            overlaps = any(quote.start < end and start < quote.end for start, end in spans)
            if quote.text not in words and not overlaps and tells_more(hit, quote.text):
                quotes.append(quote)
                spans.append((quote.start, quote.end))
                groups[hit.copies].append(quote.text)
                words.add(quote.text)
                shares[hit.article] += 1
    return quotes


def _text(hit: Hit, searcher: Searcher) -> str:
    (stored,) = searcher.passages([hit.row])
    return stored.passage.text


def _answering(query: Query, hits: Sequence[Hit], searcher: Searcher) -> list[_Answering]:
    """Find the sentences that answer, of all hits at once, with what the reader says of them."""
    passages = searcher.passages([hit.row for hit in hits])
    texts = [searcher.article_text(stored.article.id) for stored in passages]
    regions = [region(text, stored.passage) for text, stored in zip(texts, passages, strict=True)]
    spans = best_sentences(
        query.text,
        [
            (stored.article.card.title, text[start:end])
            for stored, text, (start, end) in zip(passages, texts, regions, strict=True)
        ],
        searcher.models.table,
        [
            _chance(hit, stored.passage.start - start)
            for hit, stored, (start, _) in zip(hits, passages, regions, strict=True)
        ],
    )
    found = [
        _Answering(stored, text, searched, (searched[0] + start, searched[0] + end))
        for stored, text, searched, (start, end) in zip(
            passages, texts, regions, spans, strict=True
        )
    ]
    return [_as_read(one, hit) for one, hit in zip(found, hits, strict=True)]


def _chance(hit: Hit, offset: int) -> Chance | None:
    """Return what the reader says of a text in which the passage begins at some character."""
    marks = hit.reading.marks if hit.reading else None
    if marks is None:
        return None
    return lambda start, end: marks.chance(start - offset, end - offset)


def _as_read(found: _Answering, hit: Hit) -> _Answering:
    """Return the sentence with the words in it that the reader marks, if it has read the passage."""
    marks = hit.reading.marks if hit.reading else None
    if marks is None:
        return found
    passage = found.stored.passage
    start, end = (place - passage.start for place in found.sentence)
    words = marks.likeliest(passage.text, start, end)
    return replace(found, words=words and (passage.start + words[0], passage.start + words[1]))


def _quote(n: int, hit: Hit, found: _Answering, searcher: Searcher, *, answers: bool) -> Quote:
    text, stored, answering = found.text, found.stored, found.sentence
    words = found.words if answers else None  # what does not answer has no words that do
    # Across languages the sentence is found less surely than the passage: more of it is quoted.
    enough = PART if hit.cross_script else ENOUGH
    quoted = excerpt(text, stored.passage, found.searched, answering, enough=enough)
    return Quote(
        n=n,
        text=text[quoted.start : quoted.end],
        highlights=((answering[0] - quoted.start, answering[1] - quoted.start),),
        score=hit.score,
        passage_id=hit.row,
        paragraphs=quoted.paragraphs,
        start=quoted.start,
        end=quoted.end,
        article=stored.article.card,
        also=_also(hit, text[quoted.start : quoted.end], searcher),
        cut=quoted.cut,
        answer=words and (words[0] - quoted.start, words[1] - quoted.start),
    )


def _also(hit: Hit, quoted: str, searcher: Searcher) -> tuple[Card, ...]:
    """Return the other articles that carry the same words, with the same numbers in them."""
    others = searcher.near_copies(hit.row)[:COPIES_LISTED].tolist()
    if not others:
        return ()
    articles = {
        stored.article.id: stored.article.card
        for stored in searcher.passages(others)
        if not differ_in_a_number(quoted, stored.passage.text)
    }
    articles.pop(hit.article, None)
    return tuple(articles.values())


def _ends_first(quotes: list[Quote]) -> list[Quote]:
    """Return the best quote, the earliest and the latest one before the others.

    Over time, both ends matter more than how well a third one in the middle answers.
    """
    dated = [quote for quote in quotes if quote.article.date]
    ends = [pick(dated, key=_date_of) for pick in (min, max) if dated]
    first = list({quote.n: quote for quote in [*quotes[:1], *ends]}.values())
    return first + [quote for quote in quotes if quote not in first]


def _date_of(quote: Quote) -> datetime:
    return quote.article.date or _LAST


def _by_date(quotes: list[Quote], skip: int) -> list[Quote]:
    """Return the quotes oldest first, those without a date last, numbered anew after some others."""
    dated = sorted(quotes, key=_date_of)
    return [replace(quote, n=n) for n, quote in enumerate(dated, skip + 1)]
