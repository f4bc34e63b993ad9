"""The stages an article passes through on its way into the index: frozen, one type a stage."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vectors: TypeAlias = NDArray[np.float32]
"""Unit rows (or zero rows), float32, shape (n, dim)."""

Rows: TypeAlias = NDArray[np.int64]
"""Passage numbers, int64, shape (k,): row *i* is passage *i* in every file of a generation."""

Scores: TypeAlias = NDArray[np.float32]
"""One score a row, float32, shape (k,); higher is better."""

Role: TypeAlias = Literal["query", "passage"]
"""What a text is to the encoder; some models want a different prefix for each."""

PARAGRAPH_BREAK = "\n"
"""What stands between two paragraphs in an article's text. No paragraph contains it."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of an article's body, as a careful reader would copy it out.

    :ivar text: clean text on one line, never empty.
    :ivar heading: the heading of the section it stands under, or None.
    """

    text: str
    heading: str | None = None

    def __reduce__(self) -> tuple[type["Paragraph"], tuple[str, str | None]]:
        """Pickle as a call, in half the time that dataclasses take with their lists of fields."""
        return Paragraph, (self.text, self.heading)


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of an article besides its text: what a citation says.

    :ivar path: the file, as it was named or found.
    :ivar sha256: hex digest of the file's bytes when it was read.
    :ivar date: publication time with its offset, or None when the file does not say.
    :ivar language: ``"zh-Hans"``, ``"zh-Hant"``, ``"en"``, ``"ru"`` or ``"und"``.
    :ivar truncated: the file holds only the beginning of the article: it ends at a paywall.
    :ivar title_only: the file holds no text but the title in its head (R16).
    """

    path: str
    sha256: str
    title: str
    author: str | None
    date: datetime | None
    url: str | None
    source: str | None
    language: str
    truncated: bool = False
    title_only: bool = False


@dataclass(frozen=True, slots=True)
class FileReport:
    """What is to be said of a file: why it is not in the index, or what was mended in it.

    :ivar reason: short category, the same for all files of one kind of fault.
    :ivar line: line number from 1, where it is known.
    :ivar sha256: hex digest of the file's bytes, where they could be read.
    """

    path: str
    reason: str
    detail: str = ""
    line: int | None = None
    sha256: str | None = field(default=None, compare=False)

    def __str__(self) -> str:
        """``path:line: reason: detail``, the shape editors and people know."""
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return ": ".join(part for part in (place, self.reason, self.detail) if part)


@dataclass(frozen=True, slots=True)
class Article:
    """One article file, read and extracted.

    :ivar paragraphs: none when the file has no text of its own; it is indexed then only by the title
        that its head gives, and nothing of it is quoted (R16).
    :ivar reports: what was wrong with the file and did not stop it from being read.
    """

    card: Card
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]
    reports: tuple[FileReport, ...] = ()

    @property
    def text(self) -> str:
        """The extracted text: all paragraphs, joined by ``PARAGRAPH_BREAK``."""
        return PARAGRAPH_BREAK.join(paragraph.text for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of an article's text of a length that suits the encoder.

    ``article.text[start:end] == text`` always holds.

    :ivar paragraphs: numbers of the paragraphs it touches, from 0, ascending.
    :ivar start: first character in the article's text.
    :ivar end: one past the last character.
    """

    text: str
    paragraphs: tuple[int, ...]
    start: int
    end: int

    def __reduce__(self) -> tuple[type["Passage"], tuple[str, tuple[int, ...], int, int]]:
        """Pickle as ``Paragraph`` does."""
        return Passage, (self.text, self.paragraphs, self.start, self.end)


class Held(NamedTuple):
    """What the archive holds of one source.

    :ivar first: day of the first article that has a date, as ``2022-05-06``; None = none has one.
    """

    source: str | None
    articles: int
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article on record.

    :ivar id: its number, from 0, in the order in which articles were indexed.
    """

    id: int
    card: Card


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its row and its article."""

    row: int
    passage: Passage
    article: StoredArticle
