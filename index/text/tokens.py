"""Text as the lexical index sees it: folded, then cut into tokens.

The same at build time and at question time, and never shown: quotes are the original.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import chain, pairwise
from operator import add
from pathlib import Path
from threading import Lock
from typing import Literal, TypeAlias

import numpy as np
import Stemmer
from numpy.typing import NDArray

from index.text.character_map import CharacterMap, class_numbers, text_of

TOKENIZER_VERSION = 3
"""Recorded in the index; raise it when ``fold`` or ``tokens`` give other results than before."""

HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
"""Scripts written without spaces between words (Han, kana), and Hangul, as a regex class."""

_TOKEN = re.compile(
    rf"([{HAN}]+)"  # a run of Han
    r"|([0-9]+(?:[.,][0-9]+)*)"  # a number
    rf"|([^\W\d_{HAN}]+)"  # a word
)
_INVISIBLE = dict.fromkeys([0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF])
_CYRILLIC = re.compile("[\u0400-\u04ff]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+")
_HAN = re.compile(f"[{HAN}]+")
_ENGLISH, _RUSSIAN = Stemmer.Stemmer("english"), Stemmer.Stemmer("russian")
_STEMMING = Lock()
_STROKED = str.maketrans("øłđħŧıØŁĐĦŦ", "oldhtiOLDHT")  # Unicode takes strokes for no accents
_SPACE = np.uint32(ord(" "))
_BATCH = 1024  # texts cut at once: bounds memory
_PAIR_WIDTH = len("中俄 ")  # in a line of tokens

Script: TypeAlias = Literal["han", "latin", "cyrillic"]
SCRIPTS: tuple[Script, ...] = ("han", "latin", "cyrillic")
"""In the order of the numbers by which the index stores them."""


def variants() -> dict[int, int]:
    """Return what traditional Chinese characters become: simplified ones."""
    lines = Path(__file__).with_name("variants.txt").read_text(encoding="utf-8").splitlines()
    return str.maketrans(lines[0], lines[1])


def unaccented() -> dict[int, int | None]:
    """Return what Latin letters with accents, and accents that are no part of a letter, become."""
    letters = map(chr, chain(range(0xC0, 0x250), range(0x1E00, 0x1F00)))
    apart = {letter: unicodedata.normalize("NFD", letter) for letter in letters}
    bare: dict[int, int | None] = {
        ord(letter): ord(parts[0].translate(_STROKED))
        for letter, parts in apart.items()
        if len(parts) > 1 or ord(letter) in _STROKED
    }
    return bare | dict.fromkeys(range(0x300, 0x370))  # as that of a Russian stress


_FOLDING: dict[int, int | None] = {
    **variants(),
    **_INVISIBLE,
    **unaccented(),  # й is a letter of its own, which NFKC has put together
    ord("ё"): ord("е"),
}


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().translate(_FOLDING)


_FOLDED = CharacterMap(_fold)


def fold(text: str) -> str:
    """Return the text in the form in which texts are compared.

    NFKC (full-width forms become half-width), lower case, traditional Chinese characters as
    simplified ones, Latin letters without accents, ``ё`` as ``е``, invisible characters removed.
    """
    return _FOLDED(text)


def tokens(text: str) -> list[str]:
    """Return the lexical tokens of a text, in its order, repeated as often as they occur.

    A run of Han gives its bigrams, so that two-character words are found wherever they stand; a
    Han character that stands alone itself; a word in another script its stem; a number its digits
    without thousands separators.
    """
    return _cut(fold(text))


def _cut(folded: str) -> list[str]:
    found: list[str] = []
    for han, number, word in _TOKEN.findall(folded):
        if han:
            found += map(add, han, han[1:]) if len(han) > 1 else han
        elif word:
            found.append(stem(word))
        else:
            found.append(_plain_number(number))
    return found


def token_lines(texts: Sequence[str]) -> list[str]:
    """Return the tokens of each text, in any order, as a line: with spaces between them.

    Takes a third of the time of ``tokens`` where there is much Han.
    """
    lines: list[str] = []
    for start in range(0, len(texts), _BATCH):
        lines += _token_lines(texts[start : start + _BATCH])
    return lines


def _token_lines(texts: Sequence[str]) -> list[str]:
    codes, ends = _FOLDED.codes(texts)
    han = _is_han().take(codes)
    joined = np.zeros(len(codes) + 1, np.bool_)  # Han, to Han before
    joined[1:-1] = han[:-1] & han[1:]
    joined[ends] = False

    (places,) = joined[1:].nonzero()
    pairs = np.full((len(places), _PAIR_WIDTH), _SPACE)
    pairs[:, 0], pairs[:, 1] = codes[places], codes[places + 1]
    bigrams = _parts(text_of(pairs), places.searchsorted(ends) * _PAIR_WIDTH)

    (kept,) = (~joined[1:]).nonzero()  # of a run of Han, one character
    others = _parts(text_of(np.where(joined[:-1], _SPACE, codes)[kept]), kept.searchsorted(ends))
    return [han + " ".join(_cut(other)) for han, other in zip(bigrams, others, strict=True)]


def _parts(text: str, ends: NDArray[np.intp]) -> list[str]:
    return [text[start:end] for start, end in pairwise((0, *ends.tolist()))]


@cache
def _is_han() -> NDArray[np.bool_]:
    """Return whether each character is Han."""
    return class_numbers([HAN]).view(np.bool_)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the stem of a folded word: Snowball's Russian or English, told by its letters."""
    stemmer = _RUSSIAN if _CYRILLIC.search(word) else _ENGLISH
    with _STEMMING:  # a stemmer works on a buffer of its own
        return str(stemmer.stemWord(word))


def _plain_number(run: str) -> str:
    """Drop commas that group thousands; what else separates digits stays."""
    head, *groups = run.split(",")
    grouped = all(len(group.partition(".")[0]) == 3 for group in groups)  # noqa: PLR2004 - thousands
    return head + "".join(groups) if grouped else run


def script(text: str) -> Script:
    """Return the script most of a text is written in; a text without letters is ``"latin"``.

    A Han character counts for as much as three letters, as it carries about as much.
    """
    han = 3 * _count(_HAN, text)
    if han >= len(text) > 0:
        return "han"
    cyrillic = _count(_CYRILLIC, text)
    latin = _count(_LATIN, text)
    if han >= max(cyrillic, latin, 1):
        return "han"
    return "cyrillic" if cyrillic > latin else "latin"


def _count(letters: re.Pattern[str], text: str) -> int:
    return sum(map(len, letters.findall(text)))
