"""A quotation, word for word, in an article. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from index.text.lazy_regex import Pattern
from qa.checking.words import Words, cut

_ELLIPSIS = Pattern(
    r"[\[(（〔［【<〈]\s*(?:…+|⋯+|\.(?:\s?\.){2,})\s*[\])）〕］】>〉]|…+|⋯+|\.(?:\s?\.){2,}|。{2,}|・{3,}"
)
_EDITED = Pattern(r"\[(?P<letter>[^\W\d_])\](?=[^\W\d_])|\[sic!?\]")
_INVISIBLE = "\u200b"
_MOST_STARTS = 50
"""Places of a quotation's first part that are tried in one article."""


def parts_of(text: str) -> tuple[tuple[Words, ...], tuple[int, ...]]:
    """Return what stands between the ellipses of a quotation, and where the text of each part begins.

    An ellipsis at an end says no more than that the sentence went on.
    """
    parts: list[Words] = []
    starts: list[int] = []
    start = 0
    for match in [*_ELLIPSIS.finditer(text), None]:
        end = match.start() if match else len(text)
        words = cut(_unedited(text[start:end]))
        if len(words):
            parts.append(words)
            starts.append(start)
        start = match.end() if match else end
    return tuple(parts), tuple(starts)


def _unedited(text: str) -> str:
    """Return a text without "[sic]" and the brackets of "[T]he"; each character keeps its place."""
    return _EDITED.sub(_unseen, text) if "[" in text else text


def _unseen(match: re.Match[str]) -> str:
    letter = match["letter"]
    return f"{_INVISIBLE}{letter}{_INVISIBLE}" if letter else " " * len(match.group())


def chains(parts: Sequence[Words], article: Words) -> Iterator[tuple[int, ...]]:
    """Yield the ways in which parts stand in an article in their order: the first word of each.

    Of those with the same last part only the one that spans the fewest words.
    """
    held: tuple[int, ...] | None = None
    for first in islice(article.find(parts[0]), _MOST_STARTS):
        chain = [first]
        for before, part in pairwise(parts):
            place = next(article.find(part, chain[-1] + len(before)), None)
            if place is None:
                break  # nor is there one after a later start
            chain.append(place)
        if len(chain) < len(parts):
            break
        if held is not None and held[-1] != chain[-1]:
            yield held
        held = tuple(chain)
    if held is not None:
        yield held
