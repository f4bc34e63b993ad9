"""Answers, quotes and cards as objects for JSON, for the command line and for programs elsewhere."""

from dataclasses import asdict
from typing import Any

from index.text.tokens import fold
from index.types import Card
from qa.types import Answer, Filters, Mention, Quote


def answer_as_json(answer: Answer) -> dict[str, Any]:
    """Return the answer as the object that ``--json`` prints."""
    return {
        "question": answer.query.question,
        "answered": answer.answered,
        "quotes": [quote_as_json(quote) for quote in answer.quotes],
        "near": [quote_as_json(quote) for quote in answer.near],
        "score": round(answer.score, 4),
        "empty": answer.empty,
        "mention": _mention_as_json(answer.mention),
        "titles": [card_as_json(card) for card in answer.titles],
        "interpreted": interpreted(answer),
        "elapsed_ms": round(answer.elapsed_ms, 2),
    }


def quote_as_json(quote: Quote) -> dict[str, Any]:
    """Return one quote as an object."""
    return {
        "n": quote.n,
        "text": quote.text,
        "highlights": [list(span) for span in quote.highlights],
        "answer": list(quote.answer) if quote.answer else None,
        "score": round(quote.score, 4),
        "passage_id": quote.passage_id,
        "paragraphs": list(quote.paragraphs),
        "start": quote.start,
        "end": quote.end,
        "article": card_as_json(quote.article),
        "also": [card_as_json(card) for card in quote.also],
    }


def _mention_as_json(mention: Mention | None) -> dict[str, Any] | None:
    return asdict(mention) if mention else None


def card_as_json(card: Card) -> dict[str, Any]:
    """Return what a quote says of its article as an object."""
    return {
        "title": card.title,
        "source": card.source,
        "author": card.author,
        "date": card.date.isoformat() if card.date else None,
        "url": card.url,
        "path": card.path,
        "sha256": card.sha256,
        "truncated": card.truncated,
        "title_only": card.title_only,
    }


def interpreted(answer: Answer) -> dict[str, Any]:
    """Return how the question was understood, only what it adds to the words themselves."""
    query = answer.query
    understood: dict[str, Any] = {}
    if fold(query.text) != fold(query.question):
        understood["text"] = query.text
    if query.filters.window:
        understood["window"] = _window(query.filters)
    if query.filters.source:
        understood["source"] = query.filters.source
    if query.filters.language:
        understood["language"] = query.filters.language
    if query.preferred:
        understood["preferred_window"] = _window(Filters(window=query.preferred))
        understood["widened"] = answer.widened
    if answer.archive:
        understood["archive"] = _window(Filters(window=answer.archive))
    if query.phrases:
        understood["phrases"] = list(query.phrases)
    if query.compare:
        understood["compare"] = True
    return understood


def _window(filters: Filters) -> dict[str, str | None]:
    window = filters.window
    ends = (window.since, window.until) if window else (None, None)
    since, until = (end.isoformat() if end else None for end in ends)
    return {"since": since, "until": until}
