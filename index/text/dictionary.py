"""English words and phrases in Chinese: a sorted text file, mapped into memory.

Each line is an English word or phrase, as ``index.text.tokens.tokens`` gives it, a tab, and Chinese words,
as ``index.text.tokens.fold`` gives them. The first line says how long the rest is, and whose work.
"""

import mmap
import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from index.errors import DictionaryUnavailable

DICTIONARY_FILE = Path(__file__).with_name("dictionary.txt")
MAX_WORDS = 3
"""Words of the longest English phrases."""

_HEADING = re.compile(rb"# .*?\b([0-9]+) bytes\b.*\n")


class Dictionary:
    """A dictionary, opened when it is first asked. Safe to share between threads."""

    def __init__(self, path: Path = DICTIONARY_FILE) -> None:
        self._path = path

    def translations(self, terms: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the Chinese words for what the terms of a text say, in the order of the text.

        The longest phrases go first; a term that stands in one is not looked up by itself.

        :param terms: as ``index.text.tokens.tokens`` gives them.
        :return: a tuple for each word or phrase that has a translation, the commonest word first.
        :raises DictionaryUnavailable: if the file is missing or damaged.
        """
        found = []
        start = 0
        while start < len(terms):
            for stop in range(min(start + MAX_WORDS, len(terms)), start, -1):
                words = self._words(" ".join(terms[start:stop]))
                if words:
                    found.append(words)
                    break
            start = stop
        return found

    def _words(self, english: str) -> tuple[str, ...]:
        content = self._content
        wanted = f"{english}\t".encode()
        # The first byte of the first line that does not stand before what is wanted.
        start = bisect_left(range(len(content) - 1), wanted, key=self._line)
        line = self._line(start)
        if not line.startswith(wanted):
            return ()
        try:
            return tuple(line.removeprefix(wanted).decode().split())
        except UnicodeDecodeError as error:
            raise self._unusable(f"expected UTF-8, found {line!r}") from error

    def _line(self, position: int) -> bytes:
        """Return the line that the byte at a position belongs to."""
        start = self._content.rfind(b"\n", 0, position) + 1
        return self._content[start : self._content.find(b"\n", position)]

    @cached_property
    def _content(self) -> mmap.mmap:
        try:
            with self._path.open("rb") as file:
                content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:  # ValueError: the file is empty
            raise self._unusable(str(error)) from error
        heading = _HEADING.match(content)
        if not heading:
            raise self._unusable("its first line does not say how many bytes follow")
        expected, found = int(heading[1]), len(content) - heading.end()
        if found != expected:
            raise self._unusable(f"expected {expected} bytes after its first line, found {found}")
        return content

    def _unusable(self, reason: str) -> DictionaryUnavailable:
        return DictionaryUnavailable(
            f"The dictionary {self._path} cannot be used: {reason}. Install newsquote again."
        )
