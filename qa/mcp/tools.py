"""What each tool does: from its arguments to its result, by way of the service."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from index.errors import NewsquoteError
from index.types import Card
from qa.checking.as_json import check_as_json
from qa.checking.verdicts import Claim
from qa.mcp import shapes
from qa.objects import interpreted
from qa.service import Service
from qa.types import Filters, Quote, Window
from qa.understanding.dates import window_named

FOUND = 10
"""Articles that a search gives."""

PAGE = 100
"""Sources, or articles, that are listed at once."""

RESOURCE = "article://"
"""What the address of an article as a resource begins with; its id follows."""

_Takes = TypeVar("_Takes", bound=shapes.Arguments)


class Refused(NewsquoteError):
    """What a tool was called with cannot be done; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Archive:
    """What tools work on.

    :ivar address_of: where a reader finds an article.
    """

    service: Service
    address_of: Callable[[Card], str]


@dataclass(frozen=True, slots=True)
class Tool(Generic[_Takes]):
    """A tool as clients see it."""

    name: str
    title: str
    description: str
    takes: type[_Takes]
    gives: type[BaseModel]
    call: Callable[[Archive, _Takes], BaseModel]


def address_of(card: Card) -> str:
    """Return where an article was published, if that is on the web, or else its resource."""
    url = card.url or ""
    return url if url.startswith(("https://", "http://")) else RESOURCE + card.sha256


def search(archive: Archive, asked: shapes.Search) -> shapes.SearchResults:
    """Return the articles that suit a query, best first."""
    hits = archive.service.search(asked.query)
    best = {hit.article: hit for hit in reversed(hits)}  # of each article the first
    order = dict.fromkeys(hit.article for hit in hits)
    once: dict[str, Card] = {}
    for stored in archive.service.stored([best[one] for one in order][: 2 * FOUND]):
        once.setdefault(stored.article.card.sha256, stored.article.card)
    results = [
        shapes.Result(id=card.sha256, title=card.title, url=archive.address_of(card))
        for card in list(once.values())[:FOUND]
    ]
    return shapes.SearchResults(results=results)


def fetch(archive: Archive, asked: shapes.Fetch) -> shapes.Document:
    """Return an article by its id.

    :raises Refused: if there is none.
    """
    number = asked.id.removeprefix(RESOURCE).strip().lower()
    found = archive.service.article(number)
    if found is None:
        raise Refused(f"expected the id of an article, as search gives it, found {asked.id!r}")
    card, text = found
    about = {
        "source": card.source,
        "author": card.author,
        "date": card.date.isoformat() if card.date else None,
        "language": card.language,
        "sha256": card.sha256,
    }
    return shapes.Document(
        id=card.sha256,
        title=card.title,
        text=text,
        url=archive.address_of(card),
        metadata={name: value for name, value in about.items() if value},
    )


def ask(archive: Archive, asked: shapes.Ask) -> shapes.AnswerShape:
    """Return the quotes that answer a question.

    :raises Refused: if a date is none, or the archive has no such source.
    """
    since, until = _window("since", asked.since), _window("until", asked.until)
    window = None
    if since or until:
        window = Window(since.since if since else None, until.until if until else None)
    wanted = Filters(window, _source(archive.service, asked.source), asked.language)
    # One more than is shown: it tells whether there is a next page.
    answer = archive.service.answer(
        asked.question, filters=wanted, quotes=asked.offset + asked.k + 1, near=True
    )
    end = asked.offset + asked.k
    return shapes.AnswerShape(
        answered=answer.answered,
        quotes=[_quote(archive, quote) for quote in answer.quotes[asked.offset : end]],
        near=[_quote(archive, quote) for quote in answer.near[: asked.k]],
        titles=[_article(archive, card) for card in answer.titles],
        interpreted=interpreted(answer),
        next_offset=end if len(answer.quotes) > end else None,
    )


def verify_quote(archive: Archive, asked: shapes.VerifyQuote) -> shapes.CheckShape:
    """Return what the archive says of a quotation.

    :raises Refused: if a date is none, or the archive has no such source.
    """
    claim = Claim(
        source=_source(archive.service, asked.source),
        window=_window("date", asked.date),
        author=asked.author or None,
    )
    check = archive.service.check_quote(asked.text, claim)
    told = check_as_json(check)
    for place, shown in zip(check.places, told["places"], strict=True):
        shown["article"] = _article(archive, place.article)
    return shapes.CheckShape(
        verdict=check.verdict,
        places=[shapes.PlaceShape.model_validate(place) for place in told["places"]],
        also=[_article(archive, card) for card in check.also],
    )


def sources(archive: Archive, asked: shapes.Sources) -> shapes.SourcesShape:
    """Return what the archive holds of its sources, a page of them."""
    held = archive.service.by_source()
    end = asked.offset + PAGE
    return shapes.SourcesShape(
        sources=[
            shapes.SourceShape(
                name=one.source or "", articles=one.articles, first=one.first, last=one.last
            )
            for one in held[asked.offset : end]
        ],
        total=len(held),
        next_offset=end if end < len(held) else None,
    )


TOOLS: tuple[Tool[Any], ...] = (
    Tool(
        "search",
        "Search the news archive",
        "Find news articles on a question, a name or keywords, in Chinese, English or Russian; the archive may"
        " answer in another of these languages. Give the ids to fetch.",
        shapes.Search,
        shapes.SearchResults,
        search,
    ),
    Tool(
        "fetch",
        "Read an article",
        "Return the whole text of an article that search has found, with its source, author, date and link.",
        shapes.Fetch,
        shapes.Document,
        fetch,
    ),
    Tool(
        "ask",
        "Ask the news archive",
        "Answer a question by quoting the paragraphs of the archive that answer it, word for word, each with its"
        " article, date and link. Nothing is made up: where nothing answers, answered is false.",
        shapes.Ask,
        shapes.AnswerShape,
        ask,
    ),
    Tool(
        "verify_quote",
        "Check a quotation",
        "Say whether a quotation, a headline too, stands in the archive word for word (verified), was altered (with"
        " the difference),"
        " stitched together from parts that stand apart, or misattributed. Check every quotation before you show"
        " it.",
        shapes.VerifyQuote,
        shapes.CheckShape,
        verify_quote,
    ),
    Tool(
        "sources",
        "List the sources",
        "Return the news sources in the archive, as ask and verify_quote take their names, each with its number"
        " of articles and the days of the first and the last.",
        shapes.Sources,
        shapes.SourcesShape,
        sources,
    ),
)


def _quote(archive: Archive, quote: Quote) -> shapes.QuoteShape:
    return shapes.QuoteShape(
        text=quote.text,
        highlights=[list(span) for span in quote.highlights],
        answer=list(quote.answer) if quote.answer else None,
        score=round(quote.score, 4),
        paragraphs=list(quote.paragraphs),
        start=quote.start,
        end=quote.end,
        article=_article(archive, quote.article),
        also=[_article(archive, card) for card in quote.also],
    )


def _article(archive: Archive, card: Card) -> shapes.ArticleShape:
    """Return what is known of an article, but for the place of its file, which is nobody's business."""
    return shapes.ArticleShape(
        id=card.sha256,
        title=card.title,
        source=card.source,
        author=card.author,
        date=card.date.isoformat() if card.date else None,
        language=card.language,
        url=archive.address_of(card),
        truncated=card.truncated,
        title_only=card.title_only,
    )


def _window(name: str, text: str | None) -> Window | None:
    if not text:
        return None
    window = window_named(text, datetime.now(UTC).astimezone().date())
    if window is None:
        raise Refused(
            f"{name}: expected a past date such as 2021, 2021-12 or 2021-12-03, found {text!r}"
        )
    return window


def _source(service: Service, name: str | None) -> str | None:
    """Return the archive's own spelling of a source."""
    if not name:
        return None
    known = service.sources()
    spelled = name if name in known else service.source_named(name)
    if spelled is None:
        nearest = ", ".join(difflib.get_close_matches(name, known, n=5, cutoff=0)) or "none at all"
        raise Refused(f"source: the archive has no source {name!r}; the nearest are: {nearest}")
    return spelled
