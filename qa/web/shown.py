"""What the templates show, made of answers and articles. Pure: texts and spans, no HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.types import PARAGRAPH_BREAK, Card
from qa.links import address_of_sentence, article_path, path_of, web_address
from qa.types import Quote
from qa.web.objects import sentence

NAMES_LISTED = 5


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is shown in one way.

    :ivar marked: it belongs to what is marked.
    :ivar answer: it is the very words that answer.
    """

    text: str
    marked: bool = False
    answer: bool = False


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote as the page shows it.

    :ivar lang: IETF tag of its language, for the right shapes of Han characters; empty = not known.
    :ivar citation: to be copied: the words, and where they stand.
    :ivar original: where it was published, with a text fragment.
    """

    n: int
    paragraphs: Sequence[Sequence[Piece]]
    cut: tuple[bool, bool]
    lang: str
    title: str
    about: str
    truncated: bool
    also: str
    page: str
    original: str | None
    citation: str


def shown_quote(quote: Quote, base: str, no_date: str) -> ShownQuote:
    """Return a quote as the page shows it.

    :param base: the address of the site.
    :param no_date: what is said where no date is known.
    """
    card = quote.article
    page = path_of(quote)
    names = list(dict.fromkeys(copy.source or copy.title for copy in quote.also))
    more = len(names) - NAMES_LISTED
    return ShownQuote(
        n=quote.n,
        paragraphs=marked(quote.text, quote.highlights, quote.answer),
        cut=quote.cut,
        lang=lang_of(card),
        title=card.title,
        about=about(card, no_date),
        truncated=card.truncated,
        also=", ".join(names[:NAMES_LISTED]) + (f", +{more}" if more > 0 else ""),
        page=page,
        original=address_of_sentence(card, sentence(quote)),
        citation=citation(quote, web_address(card) or base + page),
    )


@dataclass(frozen=True, slots=True)
class ShownTitle:
    """An article of which there is only the title; ``lang`` and ``page`` as of a quote."""

    title: str
    about: str
    lang: str
    page: str


def shown_title(card: Card, no_date: str) -> ShownTitle:
    """Return an article without text as the page shows it."""
    page = article_path(card.sha256)
    return ShownTitle(card.title, about(card, no_date), lang_of(card), page)


def citation(quote: Quote, address: str) -> str:
    """Return what is copied: the quote, then title, source, author, day and address."""
    card = quote.article
    day = card.date.date().isoformat() if card.date else None
    known = (card.title, card.author, card.source, day)
    before, after = ("…" if cut else "" for cut in quote.cut)
    return f"{before}{quote.text}{after}\n— {', '.join(filter(None, known))}\n{address}"


def about(card: Card, no_date: str) -> str:
    """Return source and day on one line."""
    day = card.date.date().isoformat() if card.date else no_date
    return " · ".join(filter(None, (card.source, day)))


def lang_of(card: Card) -> str:
    """Return the value of ``lang`` for an article's text."""
    return "" if card.language == "und" else card.language


def marked(
    text: str, spans: Sequence[tuple[int, int]], words: tuple[int, int] | None = None
) -> list[list[Piece]]:
    """Cut a text into its paragraphs, and these where what is marked begins and ends.

    :param spans: what is marked: ascending, not overlapping.
    :param words: what of it is marked as the very answer.
    """
    ends = {0, len(text), *(end for span in spans for end in span), *(words or ())}
    breaks = [at for at, character in enumerate(text) if character == PARAGRAPH_BREAK]
    ends.update(breaks, (at + 1 for at in breaks))
    paragraphs: list[list[Piece]] = [[]]
    for start, end in pairwise(sorted(ends)):
        if text[start:end] == PARAGRAPH_BREAK:
            paragraphs.append([])
            continue
        is_marked = any(first <= start and end <= last for first, last in spans)
        is_answer = words is not None and words[0] <= start and end <= words[1]
        paragraphs[-1].append(Piece(text[start:end], is_marked, is_marked and is_answer))
    return paragraphs
