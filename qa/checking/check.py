"""What an archive says of a quotation: the verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.engines.protocol import Searcher
from index.errors import NewsquoteError
from index.types import PARAGRAPH_BREAK, Card
from qa.checking.candidates import FEW, MANY, candidates, terms_of, wanted_by
from qa.checking.marks import long_enough, unmarked
from qa.checking.verbatim import find_chain, parts_of
from qa.checking.verdicts import (
    ANYWHERE,
    MISATTRIBUTED,
    NOT_FOUND,
    VERIFIED,
    Change,
    Check,
    Claim,
    Place,
    Quotation,
)
from qa.checking.words import Words, compact, cut

LONGEST = 20_000
"""Characters of a quotation at most; a whole article is no quotation."""

_MOST_COPIES = 20
"""Articles named that carry the same words."""


class NoQuotation(NewsquoteError):
    """What was given to be checked is none: too short or too long."""


@dataclass(frozen=True, slots=True)
class _Found:
    """An article that holds a quotation word for word.

    :ivar chain: the first word of each part.
    """

    number: int
    article: Words
    chain: tuple[int, ...]


def quotation_of(text: str) -> Quotation:
    """Return a text as a quotation; marks around all of it are no part of it.

    :raises NoQuotation: if it is too short to be looked for, or longer than ``LONGEST``.
    """
    words = unmarked(text)
    if len(words) > LONGEST:
        raise NoQuotation(
            f"expected a quotation of at most {LONGEST} characters, found {len(words)}"
        )
    if not long_enough(words):
        raise NoQuotation(
            f"expected a quotation of two words or three Chinese characters at least, found {words!r}"
        )
    start = text.find(words)
    return Quotation(words, start, start + len(words))


def check(quotation: Quotation, claim: Claim, searcher: Searcher) -> Check:
    """Compare a quotation with the articles of an archive."""
    asked = _Asked(quotation, parts_of(quotation.text), terms_of(quotation.text, searcher))
    found = _holding(asked, claim, searcher)
    verdict = VERIFIED
    if claim and not found:
        found = _holding(asked, ANYWHERE, searcher)
        verdict = MISATTRIBUTED
    if not found:
        return Check(quotation, claim, NOT_FOUND)
    first = found[0]
    cards = _cards([one.number for one in found], searcher)
    places = tuple(
        place_of(first.article, (start, start + len(part)), part, at, cards[0])
        for start, (part, at) in zip(first.chain, asked.parts, strict=True)
    )
    return Check(quotation, claim, verdict, places, also=tuple(cards[1:]))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A quotation as it is looked for."""

    quotation: Quotation
    parts: tuple[tuple[Words, int], ...]
    terms: Mapping[str, float]


def _holding(asked: _Asked, claim: Claim, searcher: Searcher) -> list[_Found]:
    """Return articles that hold a quotation word for word, and are what the claim says."""
    words = [part for part, _ in asked.parts]
    letters = [compact(part.text) for part in words]
    wanted = wanted_by(claim, searcher)
    found: list[_Found] = []
    seen: set[int] = set()
    for k in (FEW, MANY):
        articles, more = candidates(asked.terms, searcher, wanted, k)
        for number in articles:
            if number in seen:
                continue
            seen.add(number)
            text = searcher.article_text(number)
            whole = compact(text)
            if all(part in whole for part in letters):
                article = cut(text)
                chain = find_chain(words, article)
                if chain is not None:
                    found.append(_Found(number, article, chain))
        if found or not more:
            break
    return found[: 1 + _MOST_COPIES]


def place_of(article: Words, span: tuple[int, int], part: Words, at: int, card: Card) -> Place:
    """Return where some words of an article stand, which are a part of a quotation.

    :param span: the words, the last one excluded.
    :param at: where the text of the part begins in the quotation.
    """
    start, end = article.span(*span)
    first = article.text.count(PARAGRAPH_BREAK, 0, start)
    last = first + article.text.count(PARAGRAPH_BREAK, start, end)
    began, ended = part.span(0, len(part))
    text = article.text[start:end]
    return Place(
        article=card,
        text=text,
        paragraphs=tuple(range(first, last + 1)),
        start=start,
        end=end,
        quoted=(at + began, at + ended),
        difference=(Change("same", part.text[began:ended], text),),
    )


def _cards(numbers: Sequence[int], searcher: Searcher) -> list[Card]:
    return [one.card for one in searcher.articles(numbers)]
