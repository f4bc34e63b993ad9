"""What the API and the pages' ``.json`` say, as objects: the command line's, with what a page adds."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.types import PARAGRAPH_BREAK, Card
from qa.links import address_of_sentence, path_of
from qa.objects import answer_as_json, card_as_json
from qa.types import Answer, Quote

FACETS = ("source", "year", "language")


def answer_object(answer: Answer, roots: Sequence[str]) -> dict[str, Any]:
    """Return an answer as an object.

    :param roots: files and folders of the archive, as ``path_in`` takes them.
    """
    made = answer_as_json(answer)
    shown = zip(made["quotes"] + made["near"], answer.quotes + answer.near, strict=True)
    for quote_made, quote in shown:
        quote_made["page"] = path_of(quote)
        quote_made["original"] = address_of_sentence(quote.article, sentence(quote))
        quote_made["article"] = card_object(quote.article, roots)
        quote_made["also"] = [card_object(card, roots) for card in quote.also]
    made["titles"] = [card_object(card, roots) for card in answer.titles]
    made["facets"] = {
        name: [{"value": facet.value, "articles": facet.articles} for facet in found]
        for name, found in facets(answer.considered).items()
    }
    return made


def card_object(card: Card, roots: Sequence[str]) -> dict[str, Any]:
    """Return what is known of an article as an object."""
    made = card_as_json(card) | {"language": card.language, "path": path_in(card.path, roots)}
    return {"id": card.sha256, **made}


def article_object(card: Card, text: str, roots: Sequence[str]) -> dict[str, Any]:
    """Return an article with its paragraphs as an object."""
    return card_object(card, roots) | {
        "text": text,
        "paragraphs": text.split(PARAGRAPH_BREAK) if text else [],
    }


def sentence(quote: Quote) -> str:
    """Return the sentence of a quote that answers."""
    first, last = quote.highlights[0] if quote.highlights else (0, len(quote.text))
    return quote.text[first:last]


def path_in(path: str, roots: Sequence[str]) -> str:
    """Return where in the archive a file lies; where the archive lies is nobody's business.

    :param roots: absolute paths of the files and folders that the archive was built from.
    """
    if not path.startswith("/") and ".." not in path.split("/"):
        return path
    for root in roots:
        if path.startswith(folder := root.rstrip("/") + "/"):
            return path.removeprefix(folder)
    return path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow an answer down.

    :ivar articles: of those that stand out, so many would stay.
    """

    value: str
    articles: int


def facets(cards: Iterable[Card]) -> Mapping[str, Sequence[Facet]]:
    """Count articles by source, by year (newest first) and by language."""
    cards = tuple(cards)
    sources = Counter(card.source for card in cards if card.source)
    years = Counter(f"{card.date.year:04}" for card in cards if card.date)
    languages = Counter(card.language.partition("-")[0] for card in cards)
    languages.pop("und", None)
    return {
        "source": [Facet(*one) for one in sources.most_common()],
        "year": [Facet(*one) for one in sorted(years.items(), reverse=True)],
        "language": [Facet(*one) for one in languages.most_common()],
    }
