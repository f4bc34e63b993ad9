"""Where sentences end, in Chinese, English and Russian news. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.text.lazy_regex import Pattern

CLOSING = re.escape("”’」』）)】》〉〕］]｝}»›\"'")

_SENTENCE_MARK = Pattern(rf"(?P<mark>[。！？；｡.!?…⋯]+)(?P<closing>[{CLOSING}]*)|\n")

_FULL_STOPS = frozenset("。！？；｡")

_GOES_ON = frozenset("，、：；。！？,;:—–-…)）」』”’»")

_ABBREVIATION = Pattern(
    r"""(?: (?: ^ | [\s(\[“‘«"—-] | [\u2e80-\uffff] )      # a word that stands alone:
            (?: [A-ZА-ЯЁ]                                  # an initial
              | Mr|Mrs|Ms|Dr|Prof|Rev|Hon|Sr|Jr|St|Mt|Gen|Col|Maj|Capt|Lt|Sgt|Adm|Sen|Rep|Gov|Pres
              | v|vs|c|cf|Inc|Ltd|Corp|Co|Bros|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec
              | [гвстдпрчл]|гг|вв|им|ул|стр|см|напр|проф|акад|ген|гр|обл|пос|млн|млрд|тыс|руб|коп )
          | \.[^\W\d_]                                     # the last letter of U.S., т.е., p.m.
        )$""",
    re.VERBOSE,
)

_LONGEST_ABBREVIATION = 6

_NUMBERED = Pattern(r"(?:\b(?:No|Nos|Vol|Art|Fig|pp?)|№)$")

_SPACE = Pattern(r"\s+")


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences of a text as ``(start, end)`` spans, in order.

    A closing quotation mark or bracket belongs to the sentence it closes. A full stop after an
    abbreviation, an initial or inside a number ends nothing; a line break ends a sentence.

    :return: stripped spans; what lies between them is white space.
    """
    return tuple(stripped(text, 0, len(text), sentence_ends(text)))


def stripped(text: str, start: int, end: int, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Cut ``text[start:end]`` at the places that lie in it; leave out white space at the cuts."""
    inside = places[bisect_left(places, start + 1) : bisect_left(places, end)]
    for left, right in pairwise([start, *inside, end]):
        piece = text[left:right]
        body = piece.strip()
        if body:
            first = left + len(piece) - len(piece.lstrip())
            yield first, first + len(body)


def sentence_ends(text: str) -> list[int]:
    """Return the places where sentences end, ascending."""
    ends: list[int] = []
    seen = 0  # how far straight quotation marks have been counted
    in_quotes = False
    for match in _SENTENCE_MARK.finditer(text):
        if match["mark"] is None:
            ends.append(match.end())
            in_quotes, seen = False, match.end()
            continue
        closing = match.start("closing")
        in_quotes ^= text.count('"', seen, closing) % 2 == 1
        end, in_quotes = _closing_end(text, closing, match.end(), in_quotes=in_quotes)
        seen = end
        if _ends_sentence(text, match["mark"], match.start(), end, ends[-1] if ends else 0):
            ends.append(end)
    return ends


def _closing_end(text: str, start: int, end: int, *, in_quotes: bool) -> tuple[int, bool]:
    """Return where the closing marks end: a straight quotation mark may open the next sentence."""
    for place in range(start, end):
        if text[place] == '"':
            if not in_quotes:
                return place, False
            in_quotes = False
    return end, in_quotes


def _ends_sentence(text: str, mark: str, start: int, end: int, sentence: int) -> bool:
    """Tell whether the mark at ``start`` ends the sentence that began at ``sentence``."""
    after = text[end : end + 1]
    if not after:
        return True
    if not _FULL_STOPS.isdisjoint(mark):
        return after not in _GOES_ON
    if after >= "\u2e80":
        return mark != "." and after not in _GOES_ON
    space = _SPACE.match(text, end)
    if space is None:
        return False
    following = text[space.end() : space.end() + 1]
    if following.islower() or following in _GOES_ON:
        return False
    return mark != "." or not _abbreviates(text, start, following, sentence)


def _abbreviates(text: str, stop: int, following: str, sentence: int) -> bool:
    """Tell whether the full stop belongs to the word or number before it."""
    word = text[max(sentence, stop - _LONGEST_ABBREVIATION) : stop]
    if _ABBREVIATION.search(word):
        return True
    if following.isdigit() and _NUMBERED.search(word):
        return True
    return text[sentence:stop].strip().isdigit()  # "1. First item"
