"""The stages a question passes through on its way to an answer: frozen, one type a stage."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from index.types import Card

Language: TypeAlias = Literal["zh", "en", "ru"]
"""A language that passages may be asked for in: one a script."""


@dataclass(frozen=True, slots=True)
class Window:
    """A span of publication dates; both ends belong to it, None leaves an end open."""

    since: date | None = None
    until: date | None = None

    def distance(self, day: date) -> int:
        """Return how many days a day lies outside; 0 inside."""
        before = (self.since - day).days if self.since else 0
        after = (day - self.until).days if self.until else 0
        return max(before, after, 0)

    def __str__(self) -> str:
        """``2021-12-01…2021-12-31``; an open end is left empty."""
        since, until = (end.isoformat() if end else "" for end in (self.since, self.until))
        return since if since == until else f"{since}…{until}"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a passage's article must be; None asks for nothing.

    :ivar language: of the passage, as far as its script tells.
    """

    window: Window | None = None
    source: str | None = None
    language: Language | None = None

    def __bool__(self) -> bool:
        return (self.window, self.source, self.language) != (None, None, None)


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of a conversation, as it was understood, with its filters.

    :ivar question: the text that was searched for.
    :ivar preferred: as in ``Query``; likewise ``undated``, ``phrases`` and ``compare``.
    :ivar shown: quotes that its answers have shown so far.
    """

    question: str
    filters: Filters = field(default_factory=Filters)
    preferred: Window | None = None
    undated: str = ""
    phrases: tuple[str, ...] = ()
    compare: bool = False
    shown: int = 0


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it was understood.

    :ivar question: what was typed.
    :ivar text: what is searched for: the question without what became a filter, and with what
        a follow-up took over from earlier turns.
    :ivar filters: what must hold for the article of every quote.
    :ivar preferred: the window that dates in the question point at: what answers inside it is
        preferred; when nothing does, the search widens.
    :ivar undated: what is searched for inside that window: the text without those dates, which
        every article there has anyway; empty when that is the text itself.
    :ivar phrases: what stood in quotation marks and must be in the passage.
    :ivar compare: quotes are wanted over time, in the order of their dates.
    :ivar small_talk: not a question at all.
    :ivar follow_up: text was taken over from an earlier turn.
    :ivar asks: the text is a question, not keywords, a name or a headline.
    """

    question: str
    text: str
    filters: Filters = field(default_factory=Filters)
    preferred: Window | None = None
    undated: str = ""
    phrases: tuple[str, ...] = ()
    compare: bool = False
    small_talk: bool = False
    follow_up: bool = False
    asks: bool = True


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage, word for word, with where it is from.

    :ivar n: number in the answer, from 1.
    :ivar text: ``article_text[start:end]``, nothing added, nothing left out.
    :ivar highlights: spans of ``text`` (start, end) that answer, ascending, not overlapping.
    :ivar answer: span of the very words that answer, inside one of the highlights; None when the
        passage was not read, or has none.
    :ivar score: how well it answers, 0 to 1.
    :ivar passage_id: row of the passage in the index's current generation.
    :ivar paragraphs: numbers of the article's paragraphs it touches, from 0.
    :ivar article: where it is from: all that a reader needs to judge it.
    :ivar also: further articles that carry the same words.
    :ivar cut: whether the paragraph goes on before and after what is quoted.
    """

    n: int
    text: str
    highlights: tuple[tuple[int, int], ...]
    score: float
    passage_id: int
    paragraphs: tuple[int, ...]
    start: int
    end: int
    article: Card
    also: tuple[Card, ...] = ()
    cut: tuple[bool, bool] = (False, False)
    answer: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a question that nothing answers, and how many articles have it.

    :ivar more: there are more; so many were counted.
    """

    name: str
    articles: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the archive says. An answer without quotes is "nothing found", not an error.

    :ivar quotes: best first, or by date when the question compares.
    :ivar near: near misses, below the threshold; never shown as answers.
    :ivar score: answer score of the best candidate, 0 to 1.
    :ivar query: how the question was understood.
    :ivar widened: nothing in the preferred window answered, so all dates were searched.
    :ivar skipped: quotes left out because they were shown before: the answer goes on after them.
    :ivar archive: the days of the first and the last article of the archive, when no article is in
        the window that was asked for.
    :ivar mention: what the question is about, when nothing answers it and the archive mentions it.
    :ivar titles: articles found by their titles, of which the archive has nothing else; told where
        nothing answers, and beside what is about keywords. No answer by themselves.
    :ivar considered: articles that stand out for the question, most relevant first, where it was asked
        to tell them.
    :ivar empty: the archive has no article at all.
    """

    query: Query
    quotes: tuple[Quote, ...]
    near: tuple[Quote, ...] = ()
    score: float = 0.0
    elapsed_ms: float = 0.0
    widened: bool = False
    skipped: int = 0
    archive: Window | None = None
    mention: Mention | None = None
    titles: tuple[Card, ...] = ()
    considered: tuple[Card, ...] = ()
    empty: bool = False

    @property
    def nearest(self) -> date | None:
        """The day of the quote nearest to the preferred window that was left."""
        window = self.query.preferred
        days = [quote.article.date.date() for quote in self.quotes if quote.article.date]
        if not (self.widened and window and days):
            return None
        return min(days, key=window.distance)

    @property
    def answered(self) -> bool:
        """Whether anything is quoted."""
        return bool(self.quotes)
