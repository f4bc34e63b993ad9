"""The reader: says of a question and a passage whether the one answers the other, and where.

A small transformer that sees both at once, so that it can tell a passage that answers from one that is
only about the same thing. It runs in ONNX Runtime, in 8 bits. What it is made of and what it
reaches: ``model/README.md``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoders.onnx_file import open_network
from index.errors import NewsquoteError
from qa.reading.pairs import Row, row
from qa.reading.vocabulary import Vocabulary

MODEL_FOLDER = Path(__file__).with_name("model")
NETWORK_FILE = "network.onnx"
VOCABULARY_FILE = "vocabulary.txt"

_LONGEST_ANSWER = 40
"""Pieces."""

_REMEMBERED = 256
"""Readings: who asks for more of an answer asks the same question again."""

_HAN = re.compile("[㐀-鿿]")
_EDGES = "，。、；：！？,.;:!?"


class ReaderUnavailable(NewsquoteError):
    """The reader cannot be used."""


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Where a passage may hold the words that answer.

    :ivar starts: first character of each piece, ascending; likewise ``ends``, one past the last.
    :ivar logits: of each piece to be the first of the words, and the last, float32, shape (pieces, 2).
    """

    starts: NDArray[np.integer[Any]]
    ends: NDArray[np.integer[Any]]
    logits: NDArray[np.float32]

    def chance(self, start: int, end: int) -> float:
        """Return the chance that the words begin between two characters, and that they end there: the mean, in [0, 1]."""
        weights = np.exp(self.logits - self.logits.max(axis=0))
        inside = (self.starts >= start) & (self.starts < end)
        return float((weights[inside].sum(axis=0) / weights.sum(axis=0)).mean())

    def likeliest(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """Return the likeliest words between two characters of the passage, whole; None when there are none."""
        first, last = np.searchsorted(self.starts, (start, end)).tolist()
        count = last - first
        if count <= 0:
            return None
        sums = self.logits[first:last, None, 0] + self.logits[None, first:last, 1]
        lengths = np.arange(count)[None, :] - np.arange(count)[:, None]
        allowed = (lengths >= 0) & (lengths < _LONGEST_ANSWER)
        one, other = divmod(int(np.where(allowed, sums, -np.inf).argmax()), count)
        return _bare(
            text, *whole_words(text, int(self.starts[first + one]), int(self.ends[first + other]))
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader says of a passage.

    :ivar logit: of the chance that it answers.
    :ivar marks: where the words that answer may stand; None when it has none.
    """

    logit: float
    marks: Marks | None = field(default=None, compare=False)


class Reader(Protocol):
    """Reads passages with a question in mind. Safe to share between threads."""

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """Return what is to be said of each passage.

        :param passages: title of its article, and text.
        :raises ReaderUnavailable: if it cannot be used.
        """


class BundledReader:
    """The reader that comes with newsquote; opened when it is first asked.

    :param threads: that one question takes.
    """

    def __init__(self, folder: Path = MODEL_FOLDER, *, threads: int = 1) -> None:
        self._folder = folder
        self._threads = threads
        self._opening = Lock()
        self._opened: tuple[Vocabulary, Any] | None = None
        self._read = lru_cache(_REMEMBERED)(self._read_anew)

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """Return what is to be said of each passage, as ``Reader`` does."""
        return [self._read(question, title, text) for title, text in passages]

    def _read_anew(self, question: str, title: str, text: str) -> Reading:
        vocabulary, network = self._open()
        one = row(vocabulary, question, title, text)
        return _reading(one, network.run(None, _inputs(one)))

    def _open(self) -> tuple[Vocabulary, Any]:
        with self._opening:
            if self._opened is None:
                self._opened = _open(self._folder, self._threads)
            return self._opened


def _open(folder: Path, threads: int) -> tuple[Vocabulary, Any]:
    try:
        vocabulary = Vocabulary.open(folder / VOCABULARY_FILE)
        network = open_network(folder / NETWORK_FILE, threads=threads)
    except Exception as error:  # the library's errors have no common kind
        raise ReaderUnavailable(
            f"The reader in {folder} cannot be opened: {error}. Install newsquote again, or set "
            'answer.reader to "off".'
        ) from error
    return vocabulary, network


def _inputs(one: Row) -> dict[str, NDArray[np.generic]]:
    """Return what the network takes.

    One passage at a time: beside others it would be filled up to their length, and its numbers
    be brought into 8 bits by their scale, so that what is said of it would depend on them.
    """
    return {"ids": one.ids[None], "mask": np.ones((1, len(one.ids)), np.int32)}


def _reading(one: Row, outputs: Sequence[NDArray[np.float32]]) -> Reading:
    answers, spans = outputs
    logit, count = float(answers[0]), len(one.starts)
    if not count:
        return Reading(logit)
    return Reading(
        logit, Marks(one.starts, one.ends, spans[0][one.passage : one.passage + count].copy())
    )


def _bare(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return a span without the marks at its edges; None when nothing else is left."""
    while start < end and _is_edge(text[end - 1]):
        end -= 1
    while start < end and _is_edge(text[start]):
        start += 1
    return (start, end) if start < end else None


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span of a text widened until it cuts no word and no number; Chinese has no such edges."""
    while _splits_word(text, start):
        start -= 1
    while _splits_word(text, end):
        end += 1
    return start, end


def _splits_word(text: str, place: int) -> bool:
    """Return whether a place lies inside a word or a number."""
    around = text[place - 1 : place + 1] if place else ""
    return len(around) > 1 and around.isalnum() and not _HAN.search(around)


def _is_edge(character: str) -> bool:
    return character.isspace() or character in _EDGES
