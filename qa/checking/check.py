"""What an archive says of a quotation: the verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.engines.protocol import Searcher
from index.errors import NewsquoteError
from index.types import PARAGRAPH_BREAK, Card
from qa.checking.alignment import Alignment, Run
from qa.checking.candidates import ALL_HELD, FEW, MANY, candidates, terms_of, wanted_by
from qa.checking.difference import changes
from qa.checking.marks import LONGEST, long_enough, unmarked
from qa.checking.meaning import hidden_between, lost_behind, lost_in_front
from qa.checking.pieces import Article, Library, Piece, pieces_of
from qa.checking.speakers import attribution, said_by
from qa.checking.verbatim import chains, parts_of
from qa.checking.verdicts import (
    ALTERED,
    ANYWHERE,
    MISATTRIBUTED,
    NOT_FOUND,
    STITCHED,
    VERIFIED,
    Check,
    Claim,
    Place,
    Quotation,
    Verdict,
)
from qa.checking.words import Words, compact

ALTERED_SHARE = 0.5
"""Share of a quotation's words that must stand together for it to be an altered one."""

NEAR_SHARE = 0.35
"""Share from which a passage is told to be near one that was not found."""

_MOST_COPIES = 20
"""Articles named that carry the same words."""


class NoQuotation(NewsquoteError):
    """What was given to be checked is none: too short or too long."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A quotation as it is looked for.

    :ivar parts: what stands between its ellipses.
    :ivar starts: where the text of each part begins in the quotation.
    """

    quotation: Quotation
    parts: tuple[Words, ...]
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Standing:
    """An article in which a quotation stands word for word.

    :ivar pieces: one for each part.
    :ivar sound: no "not" and nothing of a number was cut off.
    """

    article: Article
    pieces: tuple[Piece, ...]
    sound: bool


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
    parts, starts = parts_of(quotation.text)
    asked = _Asked(quotation, parts, starts)
    terms = terms_of(quotation.text, searcher)
    claimed = Library(searcher, wanted_by(claim, searcher))
    standing = _standing(asked, terms, claimed)
    fitting = [one for one in standing if one.sound and _said_as_claimed(one, claim, searcher)]
    if fitting:
        return _told(asked, claim, VERIFIED, fitting, searcher)
    anywhere = claimed
    if claim:
        anywhere = Library(searcher, wanted_by(ANYWHERE, searcher), claimed.read)
        standing = [*standing, *_standing(asked, terms, anywhere)]
        elsewhere = [one for one in standing if one.sound]
        if elsewhere:
            return _told(asked, claim, MISATTRIBUTED, elsewhere, searcher)
    if standing:
        return _told(asked, claim, ALTERED, standing, searcher)
    pieces = pieces_of(parts, quotation.text, anywhere)
    return Check(quotation, claim, *_judged(asked, pieces, searcher))


def _said_as_claimed(standing: _Standing, claim: Claim, searcher: Searcher) -> bool:
    """Tell whether the article has a quotation said, or written, by whom the claim names."""
    if claim.author is None:
        return True
    (card,) = (one.card for one in searcher.articles([standing.article.number]))
    words = standing.article.words
    span = words.span(*standing.pieces[0].alignment.archived)
    return said_by(claim.author, card, words.text, *span)


# 1. Word for word.


def _standing(asked: _Asked, terms: Mapping[str, float], library: Library) -> list[_Standing]:
    """Return articles that hold a quotation word for word, those where it is sound first."""
    letters = [compact(part.text) for part in asked.parts]
    found: list[_Standing] = []
    seen: set[int] = set()
    for k in (FEW, MANY):
        articles, more = candidates(terms, library.searcher, library.wanted, k, ALL_HELD)
        for number in articles:
            if number in seen:
                continue
            seen.add(number)
            whole = compact(library.searcher.article_text(number))
            if all(part in whole for part in letters):
                article = library.article(number)
                found += _in_article(asked, article)
        if any(one.sound for one in found) or not more:
            break
    return sorted(found, key=lambda one: not one.sound)


def _in_article(asked: _Asked, article: Article) -> list[_Standing]:
    """Return where a quotation stands in an article word for word: the best place, if any."""
    best: list[_Standing] = []
    for chain in chains(asked.parts, article.words):
        pieces, sound = _whole(asked, article, chain)
        if sound or not best:
            best = [_Standing(article, pieces, sound)]
        if sound:
            break
    return best


def _whole(asked: _Asked, article: Article, chain: Sequence[int]) -> tuple[tuple[Piece, ...], bool]:
    """Return the pieces of a quotation that stands in an article, with what it must not lose."""
    ends = [first + len(part) for first, part in zip(chain, asked.parts, strict=True)]
    lost = lost_in_front(article.words, chain[0], asked.quotation.before)
    behind = lost_behind(article.words, ends[-1])
    hidden = [
        hidden_between(article.words, last, first)
        for last, first in zip(ends, chain[1:], strict=False)
    ]
    pieces = []
    for number, (part, first, last) in enumerate(zip(asked.parts, chain, ends, strict=True)):
        runs = [Run(same=True, quoted=(0, len(part)), archived=(first, last))]
        if number == 0 and lost:
            runs.insert(0, Run(same=False, quoted=(0, 0), archived=(first - lost, first)))
        follows = chain[number + 1] if number < len(hidden) and hidden[number] else last
        if number == len(hidden) and behind:
            follows = last + behind
        if follows > last:
            end = len(part)
            runs.append(Run(same=False, quoted=(end, end), archived=(last, follows)))
        pieces.append(Piece(number, article, Alignment(len(part), tuple(runs))))
    return tuple(pieces), not (lost or behind or any(hidden))


def _told(
    asked: _Asked,
    claim: Claim,
    verdict: Verdict,
    standing: Sequence[_Standing],
    searcher: Searcher,
) -> Check:
    """Return the check of a quotation that stands in articles word for word."""
    first = standing[0]
    alike = dict.fromkeys(one.article.number for one in standing if one.sound == first.sound)
    cards = [one.card for one in searcher.articles(list(alike)[: 1 + _MOST_COPIES])]
    places = tuple(_place(asked, piece, cards[0]) for piece in first.pieces)
    return Check(asked.quotation, claim, verdict, places, also=tuple(cards[1:]))


# 2. In other words, or in pieces.


def _judged(
    asked: _Asked, pieces: Sequence[Piece], searcher: Searcher
) -> tuple[Verdict, tuple[Place, ...]]:
    """Return what a quotation is that stands nowhere word for word, and where its pieces stand."""
    numbers = [piece.article.number for piece in pieces]
    cards = [one.card for one in searcher.articles(numbers)] if numbers else []
    places = tuple(_place(asked, piece, card) for piece, card in zip(pieces, cards, strict=True))
    matched = sum(piece.alignment.matched for piece in pieces)
    if matched < ALTERED_SHARE * sum(map(len, asked.parts)):
        near = zip(pieces, places, strict=True)
        return NOT_FOUND, tuple(place for piece, place in near if _like(piece))[:1]
    if any(_seam(one, other) for one, other in pairwise(pieces)):
        return STITCHED, places
    changed = any(change.edit != "same" for place in places for change in place.difference)
    whole = {piece.part for piece in pieces} == set(range(len(asked.parts)))
    return (ALTERED if changed or not whole else VERIFIED), places


def _like(piece: Piece) -> bool:
    """Tell whether a piece is worth showing beside what was not found."""
    first, last = piece.alignment.quoted
    return piece.alignment.matched >= NEAR_SHARE * (last - first)


def _seam(one: Piece, other: Piece) -> bool:
    """Tell whether a quotation puts two pieces together that its reader does not know to be apart."""
    if one.part == other.part or one.article != other.article:
        return True
    return other.alignment.archived[0] < one.alignment.archived[1]


def _place(asked: _Asked, piece: Piece, card: Card) -> Place:
    """Return where a piece of a quotation stands."""
    part, article = asked.parts[piece.part], piece.article.words
    start, end = article.span(*piece.alignment.archived)
    first = article.text.count(PARAGRAPH_BREAK, 0, start)
    last = first + article.text.count(PARAGRAPH_BREAK, start, end)
    began, ended = part.span(*piece.alignment.quoted)
    at = asked.starts[piece.part]
    return Place(
        article=card,
        text=article.text[start:end],
        paragraphs=tuple(range(first, last + 1)),
        start=start,
        end=end,
        quoted=(at + began, at + ended),
        difference=changes(piece.alignment.runs, part, article),
        speaker=attribution(article.text, start, end).speaker,
    )
