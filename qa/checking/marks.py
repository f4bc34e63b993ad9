"""The quotations in a text, by their marks: “…” 「…」 『…』 «…» „…“ ‘…’ "…". Pure."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from index.text.lazy_regex import Pattern
from index.text.sentences import sentence_ends
from index.text.tokens import HAN
from qa.checking.verdicts import Quotation
from qa.checking.words import cut

FEWEST_WORDS = 2
"""A word in marks is a name, a title or irony, no quotation."""

FEWEST_HAN = 3
"""The same for Han characters, each of which is a word here."""

LONGEST = 20_000
"""Characters of a quotation at most: what is longer is a whole article, or a mark that nobody closed."""

_CLOSING = {"“": "”", "「": "」", "『": "』", "«": "»", "„": "“”", "‘": "’", '"': '"'}
_MARK = Pattern('[“”「」『』«»„‘’"]')
_BLANK_LINE = Pattern(r"\n[ \t]*\n")
_APOSTROPHE = Pattern(rf"[^\W\d_{HAN}][‘’][^\W\d_{HAN}]")
_HAN = Pattern(f"[{HAN}]")


def quotations(text: str) -> tuple[Quotation, ...]:
    """Return what stands in quotation marks and is long enough to be a quotation, in order.

    Of quotations in one another the outermost counts. A quotation ends with its paragraph, unless the
    next one begins with the same opening mark, as in long English quotations. What is longer than
    ``LONGEST`` is left out.
    """
    ends = sentence_ends(text)
    found = []
    for start, end in quoted_spans(text):
        inside = text[start:end]
        words = inside.strip()
        if len(words) <= LONGEST and long_enough(words):
            first = start + inside.index(words)
            place = bisect_right(ends, start - 1) - 1
            before = text[ends[place] if place >= 0 else 0 : start - 1]
            found.append(Quotation(words, first, first + len(words), before))
    return tuple(found)


def long_enough(text: str) -> bool:
    """Tell whether a text has words enough to be looked for."""
    fewest = FEWEST_HAN if _HAN.search(text) else FEWEST_WORDS
    return len(cut(text)) >= fewest


def unmarked(text: str) -> str:
    """Return a quotation without marks around all of it, and without white space there."""
    text = text.strip()
    spans = list(quoted_spans(text))
    return text[1:-1].strip() if spans == [(1, len(text) - 1)] else text


def quoted_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where quotations begin and end, without their marks."""
    breaks = [match.start() for match in _BLANK_LINE.finditer(text)]
    opened: list[tuple[str, int]] = []  # marks that are open, with the places after them
    paragraph = 0
    for match in _MARK.finditer(text):
        mark, place = match.group(), match.start()
        if _is_apostrophe(text, place):
            continue
        before, paragraph = paragraph, bisect_right(breaks, place)
        if opened and paragraph != before:
            if mark == opened[0][0] and _begins_paragraph(text, place):
                continue
            opened = []
        closed = _closed_by(mark, opened)
        if closed is not None:
            start = opened[closed][1]
            del opened[closed:]
            if not opened:
                yield start, place
        elif mark in _CLOSING:
            opened.append((mark, place + 1))


def _closed_by(mark: str, opened: Sequence[tuple[str, int]]) -> int | None:
    """Return which of the open marks a mark closes: the last one that it can."""
    places = (place for place in reversed(range(len(opened))) if mark in _CLOSING[opened[place][0]])
    return next(places, None)


def _begins_paragraph(text: str, place: int) -> bool:
    return not text[text.rfind("\n", 0, place) + 1 : place].strip()


def _is_apostrophe(text: str, place: int) -> bool:
    """Tell whether a single mark stands inside a word."""
    return bool(_APOSTROPHE.match(text, max(0, place - 1))) and place > 0
