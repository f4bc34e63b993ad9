"""Which part of an article is quoted: whole paragraphs around the sentence that answers. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.text.passages import WIDE, size
from index.text.sentences import sentences
from index.types import PARAGRAPH_BREAK, Passage

ENOUGH = 300 * WIDE
"""A quote shorter than this takes its neighbours along, so that it can be understood alone."""

WHOLE = 500 * WIDE
"""A paragraph up to this size is quoted whole."""

PART = 300 * WIDE
"""Of a longer one, the passage that was found is quoted; or, where the answer is not in it or it is too long, as many
whole sentences around the one that answers as fit into this."""

SEARCHED = 1000 * WIDE
"""Paragraphs up to this size are searched for the answering sentence beyond the passage's ends."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A span of an article's text that is quoted.

    :ivar paragraphs: numbers of the paragraphs it touches, from 0.
    :ivar cut: whether its first paragraph begins before it, and its last one ends after it.
    """

    start: int
    end: int
    paragraphs: tuple[int, ...]
    cut: tuple[bool, bool]


def region(text: str, passage: Passage) -> Span:
    """Return where the answering sentence is looked for: the whole paragraphs of a passage.

    Where a passage is part of a very long paragraph, the passage itself.

    :param text: the article's text.
    """
    start = text.rfind(PARAGRAPH_BREAK, 0, passage.start) + 1
    end = text.find(PARAGRAPH_BREAK, passage.end)
    end = len(text) if end < 0 else end
    return (start, end) if size(text[start:end]) <= SEARCHED else (passage.start, passage.end)


def excerpt(
    text: str, passage: Passage, searched: Span, answering: Span, *, enough: int = ENOUGH
) -> Excerpt:
    """Choose what to quote.

    The paragraph (or two) that holds the answering sentence; of a long one, what the passage has of
    it, or whole sentences around the one that answers; more of the passage's paragraphs, those that
    follow first, as long as that is too short to stand alone.

    :param text: the article's text.
    :param searched: what ``region`` returned.
    :param answering: the sentence's span in ``text``, inside ``searched``.
    :param enough: size from which a quote can stand alone.
    """
    pieces = _pieces(text, searched)
    first = next(n for n, (_, end) in enumerate(pieces) if answering[0] < end)
    last = next(n for n, (_, end) in enumerate(pieces) if answering[1] <= end)
    while size(text[pieces[first][0] : pieces[last][1]]) < enough and last - first + 1 < len(
        pieces
    ):
        if last + 1 < len(pieces):
            last += 1
        else:
            first -= 1
    start, end = pieces[first][0], pieces[last][1]
    if first == last and size(text[start:end]) > WHOLE:
        start, end = _around(text, (start, end), _core(text, (start, end), passage, answering))
    return Excerpt(
        start,
        end,
        passage.paragraphs[first : last + 1],
        cut=(_goes_on(text[:start][-1:]), _goes_on(text[end : end + 1])),
    )


def _goes_on(neighbour: str) -> bool:
    """Tell from the character beside a cut whether it is inside a paragraph."""
    return neighbour not in ("", PARAGRAPH_BREAK)


def _pieces(text: str, span: Span) -> list[Span]:
    """Return the spans of the paragraphs, or parts of paragraphs, that a span holds."""
    pieces = []
    start, end = span
    for line in text[start:end].split(PARAGRAPH_BREAK):
        pieces.append((start, start + len(line)))
        start += len(line) + len(PARAGRAPH_BREAK)
    return pieces


def _core(text: str, paragraph: Span, passage: Passage, answering: Span) -> Span:
    """Return what must be quoted of a long paragraph.

    That is the passage, of which it is known that it answers better than which of its sentences does.
    """
    start, end = max(paragraph[0], passage.start), min(paragraph[1], passage.end)
    is_inside = start <= answering[0] and answering[1] <= end
    return (start, end) if is_inside and size(text[start:end]) <= WHOLE else answering


def _around(text: str, paragraph: Span, core: Span) -> Span:
    """Return whole sentences around some, those after them and before them in turn, while they fit."""
    offset = paragraph[0]
    spans = [(offset + a, offset + b) for a, b in sentences(text[slice(*paragraph)])]
    first = next(n for n, (_, end) in enumerate(spans) if core[0] < end)
    last = next(n for n, (_, end) in enumerate(spans) if core[1] <= end)
    after = True
    while wider := _wider(text, spans, (first, last), after=after):
        first, last = wider
        after = not after
    return spans[first][0], spans[last][1]


def _wider(text: str, spans: Sequence[Span], chosen: Span, *, after: bool) -> Span | None:
    """Add the sentence after or before, else the other one; None when neither fits."""
    first, last = chosen
    both = [(first, last + 1), (first - 1, last)]
    for low, high in both if after else reversed(both):
        if low >= 0 and high < len(spans) and size(text[spans[low][0] : spans[high][1]]) <= PART:
            return low, high
    return None
