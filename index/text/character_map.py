"""Functions of texts that go character by character, but for a few characters."""

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate
from sys import maxunicode
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Codes: TypeAlias = NDArray[np.uint32]
"""Numbers of characters, shape (n,)."""

_ALONE = re.compile(
    "[\t\n\x20-\x7e\xa0-\u024f\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
    "\u2100-\u27bf\u3000-\u3029\u3030-\u303f\u3041-\u3096\u30a0-\u30fe\u3400-\u9fff\uac00-\ud7a3"
    "\uff01-\uff60\uffe0-\uffe6]*"
)
"""Texts whose characters do nothing to their neighbours, neither in a normal form nor as part of a
grapheme cluster nor by their place in a word, as combining marks, joiners or sigma do."""


class CharacterMap(dict[int, str]):
    """A function from text to text, remembered by character where characters stand alone.

    Normalising a text takes several times as long as looking its characters up.

    :param function: what it does to a character hangs on its neighbours only where one of them is
        a combining mark, a joiner, a cased letter with final form or a control character.
    """

    def __init__(self, function: Callable[[str], str]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, code: int) -> str:
        image = self[code] = self._function(chr(code))
        return image

    def __call__(self, text: str) -> str:
        """Return what the function makes of a text."""
        return text.translate(self) if _ALONE.fullmatch(text) else self._function(text)

    def codes(self, texts: Sequence[str]) -> tuple[Codes, list[int]]:
        """Return what the function makes of texts, sooner than one by one if they are long.

        :return: the characters of all, one text after the other, and the place where each ends.
        """
        codes = codes_of("".join(texts))
        ends = list(accumulate(map(len, texts)))
        images = self._images.take(codes)
        if not images.all():
            for code in set(codes[images == 0].tolist()):
                image = self[code] if _ALONE.fullmatch(chr(code)) else ""
                self._images[code] = ord(image) if len(image) == 1 else 0
            images = self._images.take(codes)
        if images.all():
            return images, ends
        parts = np.split(images, ends[:-1])
        for number in set(np.searchsorted(ends, np.flatnonzero(images == 0), "right").tolist()):
            parts[number] = codes_of(self(texts[number]))
        return np.concatenate(parts), list(accumulate(map(len, parts)))

    @cached_property
    def _images(self) -> Codes:
        """What characters become that stand alone and become one; 0 for others and unknown ones."""
        return np.zeros(maxunicode + 1, np.uint32)


def class_numbers(classes: Sequence[str]) -> NDArray[np.uint8]:
    """Return the number of each character's class, 0 for none, shape (characters,).

    :param classes: ranges, written as in a regex class; their numbers are 1 and so on.
    :raises ValueError: if two have a character in common.
    """
    numbers = np.zeros(maxunicode + 1, np.uint8)
    for number, ranges in enumerate(classes, 1):
        for first, _, last in zip(ranges[::3], ranges[1::3], ranges[2::3], strict=True):
            if numbers[ord(first) : ord(last) + 1].any():
                raise ValueError(f"expected classes without common characters, found {classes}")
            numbers[ord(first) : ord(last) + 1] = number
    return numbers


def codes_of(text: str) -> Codes:
    """Return the characters of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def text_of(codes: Codes) -> str:
    """Return the text of some characters."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def encodable(texts: Sequence[str]) -> list[str]:
    """Replace lone surrogates, which tokenizers refuse, by "?"; every offset stays."""
    return [text.encode("utf-8", "replace").decode() for text in texts]
