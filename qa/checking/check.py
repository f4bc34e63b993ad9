"""What an archive says of a quotation: the verdict."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.engines.protocol import Searcher
from index.errors import NewsquoteError
from index.types import PARAGRAPH_BREAK, Card
from qa.checking.alignment import Alignment, Run
from qa.checking.candidates import ALL_HELD, FEW, MANY, candidates, terms_of, wanted_by
from qa.checking.difference import changes
from qa.checking.marks import LONGEST, long_enough, unmarked
from qa.checking.meaning import hidden_between, lost_behind, lost_in_front
from qa.checking.pieces import Article, Library, Piece, pieces_of, title_of
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
    """An article, or its title, in which a quotation stands word for word.

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

    def fits(one: _Standing) -> bool:
        return one.sound and _said_as_claimed(one, claim, searcher)

    standing = _standing(asked, terms, claimed, fits)
    fitting = [one for one in standing if fits(one)]
    if fitting:
        return _told(asked, claim, VERIFIED, fitting, searcher)
    anywhere = claimed
    if claim:
        anywhere = Library(searcher, wanted_by(ANYWHERE, searcher), claimed.read)
        standing = [*standing, *_standing(asked, terms, anywhere, lambda one: one.sound)]
        standing.sort(key=_worse)
        elsewhere = [one for one in standing if one.sound]
        if elsewhere:
            return _told(asked, claim, MISATTRIBUTED, elsewhere, searcher)
    if standing:
        return _told(asked, claim, ALTERED, standing, searcher)
    pieces = pieces_of(parts, quotation.text, anywhere)
    respaced = _respaced(asked, pieces)
    if respaced is None:
        return Check(quotation, claim, *_judged(asked, pieces, searcher))
    here = _respaced(asked, pieces_of(parts, quotation.text, claimed)) if claim else respaced
    if here and fits(here):
        return _told(asked, claim, VERIFIED, [here], searcher)
    verdict = MISATTRIBUTED if respaced.sound else ALTERED
    return _told(asked, claim, verdict, [respaced], searcher)


def _said_as_claimed(standing: _Standing, claim: Claim, searcher: Searcher) -> bool:
    """Tell whether the article has a quotation said, or written, by whom the claim names."""
    if claim.author is None:
        return True
    (card,) = (one.card for one in searcher.articles([standing.article.number]))
    words = standing.article.words
    span = words.span(*standing.pieces[0].alignment.archived)
    return said_by(claim.author, card, words.text, *span)


# 1. Word for word.


def _standing(
    asked: _Asked,
    terms: Mapping[str, float],
    library: Library,
    fits: Callable[[_Standing], bool],
) -> list[_Standing]:
    """Return articles that hold a quotation word for word, the best first.

    Their titles are looked into when none of the texts is what is looked for.

    :param fits: tells whether one is.
    """
    letters = [compact(part.text) for part in asked.parts]
    found: list[_Standing] = []
    seen: dict[int, None] = {}
    for k in (FEW, MANY):
        articles, more = candidates(terms, library.searcher, library.wanted, k, ALL_HELD)
        for number in articles:
            if number in seen:
                continue
            seen[number] = None
            whole = compact(library.searcher.article_text(number))
            if all(part in whole for part in letters):
                article = library.article(number)
                found += _in_article(asked, article)
        if any(one.sound for one in found) or not more:
            break
    if not any(map(fits, found)):
        for stored in library.searcher.articles(list(seen)):
            title = compact(stored.card.title)
            if all(part in title for part in letters):
                found += _in_article(asked, title_of(stored))
    return sorted(found, key=_worse)


def _worse(one: _Standing) -> tuple[bool, bool]:
    """Return what puts an article behind others: no sound place, or no more than a title."""
    return not one.sound, one.article.in_title


def _in_article(asked: _Asked, article: Article) -> list[_Standing]:
    """Return where a quotation stands in an article or a title word for word: the best place, if any."""
    best: list[_Standing] = []
    for chain in chains(asked.parts, article.words):
        found = _stood(asked, _whole(asked, article, chain))
        if found.sound or not best:
            best = [found]
        if found.sound:
            break
    return best


def _whole(asked: _Asked, article: Article, chain: Sequence[int]) -> tuple[Piece, ...]:
    """Return the pieces of a quotation whose parts stand in an article.

    :param chain: the first word of each.
    """
    pieces = []
    for number, (part, first) in enumerate(zip(asked.parts, chain, strict=True)):
        run = Run(same=True, quoted=(0, len(part)), archived=(first, first + len(part)))
        pieces.append(Piece(number, article, Alignment(len(part), (run,))))
    return tuple(pieces)


def _stood(asked: _Asked, pieces: Sequence[Piece]) -> _Standing:
    """Return where a quotation stands, with what it must not lose.

    :param pieces: one for each part, of one article, in its order.
    """
    article = pieces[0].article
    spans = [piece.alignment.archived for piece in pieces]
    lost = lost_in_front(article.words, spans[0][0], asked.quotation.before)
    follows = [
        first if hidden_between(article.words, last, first) else last
        for (_, last), (first, _) in pairwise(spans)
    ]
    follows.append(spans[-1][1] + lost_behind(article.words, spans[-1][1]))
    kept = []
    for piece, (first, last), follow in zip(pieces, spans, follows, strict=True):
        (start, end), runs = piece.alignment.quoted, list(piece.alignment.runs)
        if lost and piece is pieces[0]:
            runs.insert(0, _left_out(start, first - lost, first))
        if follow > last:
            runs.append(_left_out(end, last, follow))
        kept.append(replace(piece, alignment=Alignment(piece.alignment.score, tuple(runs))))
    sound = not lost and follows == [last for _, last in spans]
    return _Standing(article, tuple(kept), sound)


def _left_out(place: int, first: int, last: int) -> Run:
    """Return words of an article that a quotation has left out at a place."""
    return Run(same=False, quoted=(place, place), archived=(first, last))


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


def _respaced(asked: _Asked, pieces: Sequence[Piece]) -> _Standing | None:
    """Return where a quotation stands whose words are only parted otherwise ("can not"), if it does."""
    if [piece.part for piece in pieces] != list(range(len(asked.parts))):
        return None
    if any(_seam(one, other) for one, other in pairwise(pieces)):
        return None
    for piece in pieces:
        runs = changes(piece.alignment.runs, asked.parts[piece.part], piece.article.words)
        if any(change.edit != "same" for change in runs):
            return None
    return _stood(asked, pieces)


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
    return ALTERED, places


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
    in_title = piece.article.in_title
    began, ended = part.span(*piece.alignment.quoted)
    at = asked.starts[piece.part]
    return Place(
        article=card,
        text=article.text[start:end],
        paragraphs=() if in_title else tuple(range(first, last + 1)),
        start=start,
        end=end,
        quoted=(at + began, at + ended),
        difference=changes(piece.alignment.runs, part, article),
        speaker=attribution(article.text, start, end).speaker,
        in_title=in_title,
    )
