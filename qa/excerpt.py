"""Which part of a passage is quoted: whole paragraphs around the sentence that answers. Pure."""

from dataclasses import dataclass

from index.passages import WIDE, size
from index.types import PARAGRAPH_BREAK, Passage

ENOUGH = 80 * WIDE
"""A quote shorter than this takes its neighbours along, so that it can be understood alone."""

WHOLE = 500 * WIDE
"""A paragraph up to this size is quoted whole though only a part of it was what matched."""


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


def excerpt(text: str, passage: Passage, answering: tuple[int, int]) -> Excerpt:
    """Choose what to quote of a passage.

    The paragraph that holds the answering sentence, whole when it is not too long; more of the
    passage's paragraphs, those that follow first, as long as that is too short to stand alone.

    :param text: the article's text.
    :param answering: the sentence's span in ``text``, inside the passage.
    """
    pieces = _pieces(passage)
    first = last = next(n for n, (_, end) in enumerate(pieces) if answering[0] < end)
    while (
        size(text[pieces[first][0] : pieces[last][1]]) < ENOUGH and len(pieces) > last - first + 1
    ):
        if last + 1 < len(pieces):
            last += 1
        else:
            first -= 1
    start, end = pieces[first][0], pieces[last][1]
    begins = text.rfind(PARAGRAPH_BREAK, 0, start) + 1
    ends = text.find(PARAGRAPH_BREAK, end)
    ends = len(text) if ends < 0 else ends
    if size(text[begins:ends]) <= WHOLE:
        start, end = begins, ends
    return Excerpt(
        start, end, passage.paragraphs[first : last + 1], cut=(start > begins, end < ends)
    )


def _pieces(passage: Passage) -> list[tuple[int, int]]:
    """Return the spans, in the article's text, of the paragraphs or parts that a passage holds."""
    pieces = []
    start = passage.start
    for line in passage.text.split(PARAGRAPH_BREAK):
        pieces.append((start, start + len(line)))
        start += len(line) + len(PARAGRAPH_BREAK)
    return pieces
