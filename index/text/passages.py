"""Pure: paragraphs -> passages of a length that suits the encoder, with exact offsets.

Lengths are counted in thirds of a Chinese character, a text's *size*: a wide character (Chinese,
kana, Hangul, full-width forms) counts 3, any other 1. One third is where two measurements on news
text meet: the bundled tokenizer makes 0.51 tokens of a Chinese character, 0.18 of an English and
0.27 of a Russian one (ratios 0.36 and 0.52), and a Chinese character of parallel news text stands
against 2.8 English or 3.2 Russian ones (0.36 and 0.31).
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from index.text.lazy_regex import Pattern
from index.text.sentences import CLOSING, sentence_ends, stripped
from index.types import PARAGRAPH_BREAK, Paragraph, Passage

WIDE = 3
"""Size of a wide character when any other counts 1."""

_WIDE_RUN = Pattern(
    "[\u1100-\u11ff\u2e80-\u2fff\u3001-\ud7ff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff]+"
)


_QUOTE_MARK = Pattern('[「」『』“”‘’«»"]')
_OPENING_OF = {"」": "「", "』": "『", "”": "“", "’": "‘", "»": "«", '"': '"'}

_CLAUSE_MARK = Pattern(rf"(?:[，、：；—–]+|[,;:](?=\s|[\u2e80-\uffff]))[{CLOSING}]*")
_GAP = Pattern(r"\s++(?!\d{3}(?!\d))|(?<!\d)\s++")  # not the one in "10 000"
_INSIDE_NUMBER = Pattern(r"(?<=\d)[.,:/．，：／]?\d|(?<=\d[.,:/．，：／])\d")
_INSIDE_CHARACTER = Pattern(
    "(?<=\u200d).|[\u200d\u1160-\u11ff\U0001f3fb-\U0001f3ff]"  # joiners, Hangul parts, skin tones
    "|(?<=[\ud800-\udbff])[\udc00-\udfff]|(?<=[\U0001f1e6-\U0001f1ff])[\U0001f1e6-\U0001f1ff]",
    re.DOTALL,
)  # the last two: surrogates, flags


class _Span(NamedTuple):
    """A run of the article's text on its way into a passage; ``first`` and ``last`` paragraph."""

    start: int
    end: int
    size: int
    first: int
    last: int
    heading: str | None

    def joined(self, other: "_Span") -> "_Span":
        gap = other.start - self.end  # white space only, which is never wide
        size = self.size + gap + other.size
        return _Span(self.start, other.end, size, self.first, other.last, self.heading)


def size(text: str) -> int:
    """Return the size of a text in thirds of a Chinese character, >= 0."""
    if text.isascii():
        return len(text)
    return len(text) + (WIDE - 1) * sum(map(len, _WIDE_RUN.findall(text)))


def cut(
    paragraphs: Sequence[Paragraph], *, target_chars: int = 300, max_chars: int | None = None
) -> tuple[Passage, ...]:
    """Cut an article into passages.

    Short neighbours are joined, across a heading only where a scrap would be left alone. A
    paragraph longer than the maximum is cut at sentence ends, then at clause marks, then at white
    space, then between characters; never inside a quotation that is not itself too long, inside a
    number or inside a character with its combining marks.

    :param target_chars: length a passage aims at, in Chinese characters (other scripts: three
        characters for one), >= 1.
    :param max_chars: longest passage in the same unit; None = half as long again as the target.
        Only what may not be cut (see above) makes a longer one.
    :return: passages in reading order that do not overlap and leave out nothing but white space;
        offsets count in ``PARAGRAPH_BREAK.join(p.text for p in paragraphs)``.
    :raises ValueError: if the target is below 1 or above the maximum.
    """
    if max_chars is None:
        max_chars = target_chars * 3 // 2
    if not 1 <= target_chars <= max_chars:
        raise ValueError(
            f"expected 1 <= target_chars <= max_chars, found {target_chars} and {max_chars}"
        )
    target, maximum = target_chars * WIDE, max_chars * WIDE
    text = PARAGRAPH_BREAK.join(paragraph.text for paragraph in paragraphs)
    packed = _pack(_pieces(paragraphs, maximum), target, maximum)
    return tuple(
        Passage(
            text=text[span.start : span.end],
            paragraphs=tuple(range(span.first, span.last + 1)),
            start=span.start,
            end=span.end,
        )
        for span in _without_scraps(packed, target // 4, maximum)
    )


# 1. Paragraphs to pieces that fit.


def _pieces(paragraphs: Sequence[Paragraph], maximum: int) -> Iterator[_Span]:
    offset = 0
    for number, paragraph in enumerate(paragraphs):
        text, heading = paragraph.text, paragraph.heading
        whole = size(text)
        if whole <= maximum:
            yield _Span(offset, offset + len(text), whole, number, number, heading)
        else:
            for start, end in _cut_long(text, maximum):
                piece = size(text[start:end])
                yield _Span(offset + start, offset + end, piece, number, number, heading)
        offset += len(text) + len(PARAGRAPH_BREAK)


def _cut_long(text: str, maximum: int) -> list[tuple[int, int]]:
    """Cut a paragraph at the best marks that give pieces up to the maximum."""
    quotations = _quotations(text, maximum)
    spans = [(0, len(text))]
    for places in (sentence_ends, _clause_ends, _spaces):
        long = [size(text[start:end]) > maximum for start, end in spans]
        if not any(long):
            return spans
        allowed = [place for place in places(text) if _separable(text, place, quotations)]
        spans = [
            piece
            for (start, end), is_long in zip(spans, long, strict=True)
            for piece in (stripped(text, start, end, allowed) if is_long else [(start, end)])
        ]
    return [
        piece
        for start, end in spans
        for piece in _cut_anywhere(text, start, end, maximum, quotations)
    ]


def _cut_anywhere(
    text: str, start: int, end: int, maximum: int, quotations: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Cut between characters, each piece as long as the maximum lets it."""
    while (reach := _reach(text, start, end, maximum)) < end:
        place = next(
            (
                place
                for place in chain(range(reach, start, -1), range(reach + 1, end))
                if _separable(text, place, quotations)
            ),
            end,
        )
        yield from stripped(text, start, place, ())
        start = place
    yield from stripped(text, start, end, ())


def _reach(text: str, start: int, end: int, maximum: int) -> int:
    """Return how far a piece that begins at ``start`` can go within the maximum."""
    window = text[start : min(end, start + maximum)]  # no character is smaller than 1
    return start + bisect_right(range(len(window) + 1), maximum, key=lambda n: size(window[:n])) - 1


def _separable(text: str, place: int, quotations: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a cut before ``text[place]`` leaves quotation, number and character whole.

    :param quotations: spans in order that do not overlap.
    """
    if not 0 < place < len(text):
        return True
    before = bisect_left(quotations, (place,)) - 1
    if before >= 0 and place < quotations[before][1]:
        return False
    return not (
        unicodedata.category(text[place])[0] == "M"
        or _INSIDE_NUMBER.match(text, place)
        or _INSIDE_CHARACTER.match(text, place)
    )


def _quotations(text: str, maximum: int) -> list[tuple[int, int]]:
    """Return the quotations that fit, marks included: in order, none inside another."""
    opened: list[tuple[str, int]] = []
    waiting: Counter[str] = Counter()
    fitting: list[tuple[int, int]] = []
    for match in _QUOTE_MARK.finditer(text):
        mark, end = match[0], match.end()
        opening = _OPENING_OF.get(mark, "")
        if not waiting[opening]:
            if opening in ("", mark):
                opened.append((mark, match.start()))
                waiting[mark] += 1
            continue
        other = ""
        while other != opening:  # marks opened in between were never closed
            other, start = opened.pop()
            waiting[other] -= 1
        if end - start <= maximum and size(text[start:end]) <= maximum:
            fitting.append((start, end))
    outermost: list[tuple[int, int]] = []
    for start, end in sorted(fitting, key=lambda span: (span[0], -span[1])):
        if not outermost or start >= outermost[-1][1]:
            outermost.append((start, end))
    return outermost


# 2. Where a text may be cut, best first. Each returns places in ascending order.


def _clause_ends(text: str) -> list[int]:
    return [match.end() for match in _CLAUSE_MARK.finditer(text)]


def _spaces(text: str) -> list[int]:
    return [match.end() for match in _GAP.finditer(text)]


# 3. Pieces to passages.


def _pack(pieces: Iterable[_Span], target: int, maximum: int) -> list[_Span]:
    """Join neighbours of one section as long as that brings them nearer to the target."""
    packed: list[_Span] = []
    for piece in pieces:
        if packed and packed[-1].heading == piece.heading:
            longer = packed[-1].joined(piece)
            if longer.size <= maximum and longer.size - target <= target - packed[-1].size:
                packed[-1] = longer
                continue
        packed.append(piece)
    return packed


def _without_scraps(packed: Iterable[_Span], scrap: int, maximum: int) -> list[_Span]:
    """Join what is too short to stand alone to its neighbour, across a heading if need be."""
    whole: list[_Span] = []
    for span in packed:
        if whole and min(whole[-1].size, span.size) < scrap:
            longer = whole[-1].joined(span)
            if longer.size <= maximum:
                whole[-1] = longer
                continue
        whole.append(span)
    return whole
