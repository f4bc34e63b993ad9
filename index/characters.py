"""Functions of texts that go character by character, but for a few characters."""

import re
from collections.abc import Callable

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
