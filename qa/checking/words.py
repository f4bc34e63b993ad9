"""A text as quotations are compared: its words, folded, each with its place. Pure.

A Han character is a word of its own, a run of Chinese numerals is one, so is a number with its separators, and
a sign that belongs to a number. Punctuation and spaces are nothing. So what is typeset otherwise is the same,
and a number is never part of another.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.text.lazy_regex import Pattern
from index.text.tokens import HAN, fold

NUMERALS = "〇零一二三四五六七八九十百千万亿兆两廿卅"
"""Han characters that numbers are written with, folded, as a regex class."""

_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ`´′"), "'")
_SPELLINGS = str.maketrans(
    "瞭覆藉甦像彷澂著痺衞枱敍簷揹暱濬锺", "了复借苏象仿澄着痹卫台叙檐背昵浚钟"
)
"""Characters that one script writes where the other has another one, and that ``fold`` keeps: as words they
differ, so a search must tell them apart. Found by converting news with OpenCC and folding it."""

_SAME: dict[int, str | int] = {**_APOSTROPHES, **_SPELLINGS}
_MINUS = "-−–"
_WORD = re.compile(
    rf"(?P<number>[0-9]{{1,3}}(?:[ ,][0-9]{{3}})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:[.,][0-9]+)*)"
    rf"|(?P<numerals>[{NUMERALS}]+(?:\s+[{NUMERALS}]+)*)"
    rf"|(?P<han>[{HAN}])"
    rf"|(?P<word>[^\W\d_{HAN}]+(?:'[^\W\d_{HAN}]+)*)"
    rf"|(?P<sign>(?<![\w)])[{_MINUS}](?=[0-9])|[%‰°$€£¥₽+±])"
)
_PLAIN = (
    r"\t\n\x20-\x7e\xa1-\xa7\xa9\xab\xac\xae\xb0\xb1\xb6\xb7\xbb\xbf-\u0131\u0134-\u013e\u0141-\u0148"
    r"\u014a-\u017f\u0400-\u0482\u048a-\u052f\u2010-\u2016\u2018-\u2023\u2027\u2030-\u2032\u2035"
    r"\u2038-\u203b\u22ef\u3000-\u3029\u3030\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uff01-\uff5e"
)
"""Characters that become one when they are folded, and are no part of another; as a regex class."""

_ODD = Pattern(rf"[\s\S]?[^{_PLAIN}]+")
_CLUSTER = Pattern(r"[\s\S][\u0300-\u036f\u3099\u309a\ufe00-\ufe0f]*")
_NO_WORD = Pattern(r"[\W_]+")
_SPACE = Pattern(r"\s+")
_SEPARATOR = "\0"


@dataclass(frozen=True)
class Words:
    """The words of a text.

    :ivar text: as it was written.
    :ivar words: its words, folded, in order.
    :ivar spans: where each stands in the text.
    """

    text: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        return len(self.words)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return where the words from ``first`` up to ``last``, which is none of them, stand."""
        return self.spans[first][0], self.spans[last - 1][1]

    def written(self, first: int, last: int) -> str:
        """Return some words as they were written, with what stands between them."""
        if first >= last:
            return ""
        start, end = self.span(first, last)
        return self.text[start:end]

    def find(self, words: "Words", start: int = 0) -> Iterator[int]:
        """Yield where other words stand in these, one after the other, from ``start`` on."""
        if not len(words) or start >= len(self):
            return
        place = self.joined.find(words.joined, self._ends[start])
        while place >= 0:
            yield bisect_left(self._ends, place)
            place = self.joined.find(words.joined, place + 1)

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        """A number for each word, the same for the same word in this process, int64, shape (n,)."""
        return np.fromiter(map(hash, self.words), np.int64, len(self.words))

    @cached_property
    def joined(self) -> str:
        """The words as one text, with a separator before and after each."""
        return _SEPARATOR + _SEPARATOR.join(self.words) + _SEPARATOR

    @cached_property
    def _ends(self) -> list[int]:
        """Where the separator before each word stands in ``joined``."""
        ends, place = [], 0
        for word in self.words:
            ends.append(place)
            place += len(word) + 1
        return ends


def cut(text: str) -> Words:
    """Return the words of a text."""
    folded, places = _folded(text)
    words, spans = [], []
    for match in _WORD.finditer(folded):
        words.append(_plain(match))
        spans.append(match.span())
    if places is not None:
        spans = [(places[start], places[end - 1] + 1) for start, end in spans]
        spans = [(start, _cluster_end(text, end)) for start, end in spans]
    return Words(text, tuple(words), tuple(spans))


def compact(text: str) -> str:
    """Return the letters and digits of a text without anything between them.

    Words can only stand in a text when their compact form stands in that of the text.
    """
    return _NO_WORD.sub("", _folded(text)[0])


def _folded(text: str) -> tuple[str, Sequence[int] | None]:
    """Return a text folded, and the place that each character had; None when all have kept theirs."""
    text = text.replace("…", "⋯")  # which stays one character
    folded: list[str] = []
    places: list[int] = []
    done = 0
    for odd in _ODD.finditer(text):
        folded.append(fold(text[done : odd.start()]))
        places += range(done, odd.start())
        for cluster in _CLUSTER.finditer(text, *odd.span()):
            folded.append(fold(cluster.group()))
            places += [cluster.start()] * len(folded[-1])
        done = odd.end()
    whole = "".join([*folded, fold(text[done:])]).translate(_SAME)
    return whole, [*places, *range(done, len(text))] if done else None


def _cluster_end(text: str, end: int) -> int:
    """Return where the character that ends at ``end`` does so with its combining marks."""
    cluster = _CLUSTER.match(text, end - 1)
    return cluster.end() if cluster else end


def _plain(match: re.Match[str]) -> str:
    kind, word = match.lastgroup, match.group()
    if kind == "number":
        return plain_number(word)
    if kind == "numerals":
        return _SPACE.sub("", word)
    if kind == "sign" and word in _MINUS:
        return "-"
    return word


def plain_number(written: str) -> str:
    """Return a number without what groups its thousands, with a point for its decimals.

    1,200 and 1 200 are 1200; 3,5 is 3.5.
    """
    head, *groups = re.split("[ ,]", written)
    if groups and all(len(group.partition(".")[0]) == 3 for group in groups):  # noqa: PLR2004 - thousands
        return head + "".join(groups)
    return written.replace(",", ".")
