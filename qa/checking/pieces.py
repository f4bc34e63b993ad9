"""A quotation that stands nowhere word for word, taken apart: what comes nearest to each piece of it."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from index.engines.protocol import Searcher
from index.parts.filters import Wanted
from index.text.lazy_regex import Pattern
from index.text.sentences import sentence_ends
from index.text.tokens import HAN
from index.types import StoredArticle
from qa.checking.alignment import Alignment, Run, fitting, local
from qa.checking.candidates import FEW, candidates, terms_of
from qa.checking.words import Words, cut

NEAREST = 4
"""Articles that a quotation, or a piece of it, is compared with word by word."""

CHUNK = 400
"""Words of a quotation that are compared at once: time and memory grow with them times the article's."""

LONG_GAP = 15
"""Words of one sentence from which what stands before and after them stands apart."""

SHORT_GAP = 4
"""Words from which it does when a sentence ends among them."""

PIECE, PIECE_OF_HAN = 4, 6
"""Words from which a piece is something that was quoted, and no chance."""

ALIKE = 0.6
"""Share of a piece's words, less those that differ, from which it is taken to be from where it was found."""

_NEARLY = 0.8
"""Share of a quotation from which no other article is compared."""

_SLACK = 3
"""Words beyond a piece's own number among which the rest of it may stand."""

_HAN = Pattern(f"[{HAN}]")


@dataclass(frozen=True)
class Article:
    """An article that is compared: its text, or its title.

    :ivar number: by which the index knows it.
    :ivar in_title: the words are those of its title.
    """

    number: int
    words: Words
    in_title: bool = False

    @cached_property
    def ends(self) -> list[int]:
        """Where its sentences end."""
        return sentence_ends(self.words.text)

    def apart(self, last: int, first: int, instead: int = 0) -> bool:
        """Tell whether words stand apart.

        :param last: one past the last word of what stands first.
        :param first: the first word of what stands next.
        :param instead: words that a quotation has between them.
        """
        if first < last:
            return True
        left_out = first - last - instead
        if left_out < SHORT_GAP:
            return False
        if left_out >= LONG_GAP:
            return True
        before, after = self.words.spans[last - 1][1], self.words.spans[first][0]
        return bisect_right(self.ends, before) != bisect_right(self.ends, after)


def title_of(stored: StoredArticle) -> Article:
    """Return the title of an article as it is compared."""
    return Article(stored.id, cut(stored.card.title), in_title=True)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a quotation, and what it was made from.

    :ivar part: number of the part of the quotation, between ellipses.
    :ivar alignment: of the part's words with the article's.
    """

    part: int
    article: Article
    alignment: Alignment


@dataclass
class Library:
    """The articles of an archive as they are compared, each read once."""

    searcher: Searcher
    wanted: Wanted
    read: dict[int, Article] = field(default_factory=dict)

    def article(self, number: int) -> Article:
        """Return an article by its number."""
        if number not in self.read:
            self.read[number] = Article(number, cut(self.searcher.article_text(number)))
        return self.read[number]

    def nearest(self, text: str) -> Iterator[Article]:
        """Yield the articles that hold most of a text's words, then their titles.

        Each is read when its turn comes.
        """
        found, _ = candidates(terms_of(text, self.searcher), self.searcher, self.wanted, FEW)
        yield from map(self.article, found[:NEAREST])
        yield from map(title_of, self.searcher.articles(found[:NEAREST]))


def pieces_of(parts: Sequence[Words], text: str, library: Library) -> tuple[Piece, ...]:
    """Return what a quotation was put together from, in the order of its words.

    Its parts are looked for in the article that they have most in common with; what does not stand there is
    looked for elsewhere. A part of which nothing is found has no piece.

    :param text: the whole quotation.
    """
    home = _home(parts, library.nearest(text))
    if home is None:
        return ()
    found: list[Piece] = []
    for number, part in enumerate(parts):
        floor = found[-1].alignment.archived[1] if found and found[-1].article == home else 0
        taker = _Taker(number, part, home, floor, library)
        found += _completed(list(taker.pieces(0, len(part))), part)
    return tuple(found)


def _home(parts: Sequence[Words], articles: Iterable[Article]) -> Article | None:
    """Return the article that parts have most in common with."""
    enough = _NEARLY * sum(map(len, parts))
    best, home = 0, None
    for article in articles:
        score = 0
        for part in parts:
            found = local(part.numbers[:CHUNK], article.words.numbers)
            score += found.score if found else 0
        if score > best:
            best, home = score, article
        if best >= enough:
            break
    return home


@dataclass(frozen=True, slots=True)
class _Taker:
    """Takes one part of a quotation apart.

    :ivar floor: word of ``home`` that comes after the part before.
    """

    number: int
    part: Words
    home: Article
    floor: int
    library: Library

    def pieces(self, first: int, last: int) -> Iterator[Piece]:
        """Yield the pieces of a stretch of words, in order."""
        for begin in range(first, last, CHUNK):
            yield from self._pieces(begin, min(begin + CHUNK, last))

    def _pieces(self, first: int, last: int) -> Iterator[Piece]:
        best = self._best(first, last)
        if best is None:
            return
        split = _split(best)
        start, end = split[0].alignment.quoted[0], split[-1].alignment.quoted[1]
        yield from self._rest(first, start)
        yield from split
        yield from self._rest(end, last)

    def _rest(self, first: int, last: int) -> Iterator[Piece]:
        if last - first >= _least(self.part, first, last):
            yield from self._pieces(first, last)

    def _best(self, first: int, last: int) -> Piece | None:
        """Return where a stretch of words comes from, at home or else elsewhere."""
        whole = (first, last) == (0, len(self.part))
        least = min(_least(self.part, first, last), last - first)
        here = self._at(self.home, first, last)
        if here and here.alignment.archived[0] < self.floor:
            later = self._at(self.home, first, last, self.floor)
            here = later if later and later.alignment.score >= here.alignment.score else here
        if here and here.alignment.score >= max(least, ALIKE * (last - first)):
            return here
        others = self.library.nearest(self.part.written(first, last))
        found = [self._at(article, first, last) for article in others if article != self.home]
        best = max(filter(None, [here, *found]), key=lambda one: one.alignment.score, default=None)
        if best is None or best.alignment.score < least:
            return best if best and whole else None
        return best

    def _at(self, article: Article, first: int, last: int, floor: int = 0) -> Piece | None:
        found = local(self.part.numbers[first:last], article.words.numbers[floor:])
        return Piece(self.number, article, _moved(found, first, floor)) if found else None


def _least(part: Words, first: int, last: int) -> int:
    """Return how many words a piece of some has at least."""
    return PIECE_OF_HAN if _HAN.search(part.written(first, last)) else PIECE


def _split(piece: Piece) -> list[Piece]:
    """Cut a piece where its words stand apart in the article."""
    runs: list[list[Run]] = [[]]
    for run in piece.alignment.runs:
        quoted, archived = (end - start for start, end in (run.quoted, run.archived))
        between = not run.same and archived > quoted and runs[-1]
        if between and piece.article.apart(*run.archived, quoted):
            runs.append([])
            continue
        runs[-1].append(run)
    return [
        replace(piece, alignment=Alignment(piece.alignment.score, tuple(taken)))
        for taken in runs
        if taken
    ]


def _completed(pieces: list[Piece], part: Words) -> list[Piece]:
    """Join what stands together, and let each piece take in the words beside it that have none."""
    if not pieces:
        return []
    joined: list[Piece] = []
    for piece in pieces:
        before = joined[-1] if joined else None
        if before and not _apart(before, piece):
            runs = (
                *before.alignment.runs,
                Run(
                    same=False,
                    quoted=(before.alignment.quoted[1], piece.alignment.quoted[0]),
                    archived=(before.alignment.archived[1], piece.alignment.archived[0]),
                ),
                *piece.alignment.runs,
            )
            joined[-1] = replace(before, alignment=Alignment(0, runs))
        else:
            joined.append(piece)
    ends = [piece.alignment.quoted[0] for piece in joined[1:]] + [len(part)]
    start, completed = 0, []
    for piece, end in zip(joined, ends, strict=True):
        completed.append(_fitted(piece, part, start, end))
        start = end
    return completed


def _apart(one: Piece, other: Piece) -> bool:
    """Tell whether two pieces, in the order of the quotation, stand apart in the archive."""
    between = other.alignment.quoted[0] - one.alignment.quoted[1]
    return one.article != other.article or one.article.apart(
        one.alignment.archived[1], other.alignment.archived[0], between
    )


def _fitted(piece: Piece, part: Words, start: int, end: int) -> Piece:
    """Return a piece that takes in all words from ``start`` up to ``end``."""
    (first, last), (begin, stop) = piece.alignment.quoted, piece.alignment.archived
    if (first, last) == (start, end) and all(run.same for run in piece.alignment.runs):
        return piece
    lead, tail = first - start, end - last
    begin = max(0, begin - lead - (_SLACK if lead else 0))
    stop = min(len(piece.article.words), stop + tail + (_SLACK if tail else 0))
    found = fitting(part.numbers[start:end], piece.article.words.numbers[begin:stop])
    return replace(piece, alignment=_moved(found, start, begin))


def _moved(alignment: Alignment, quoted: int, archived: int) -> Alignment:
    """Return an alignment with the numbers of its words counted from elsewhere."""
    runs = (
        Run(
            run.same,
            (run.quoted[0] + quoted, run.quoted[1] + quoted),
            (run.archived[0] + archived, run.archived[1] + archived),
        )
        for run in alignment.runs
    )
    return Alignment(alignment.score, tuple(runs))
