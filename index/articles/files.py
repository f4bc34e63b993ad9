"""Article files -> ``Article``: the thin rim of input around ``index.articles.extract``.

A bad file is reported, never fatal and never silent.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import TypeAlias, TypeVar

from bs4.exceptions import ParserRejectedMarkup

from index.articles.decode import decode
from index.articles.extract import Extraction, extract
from index.articles.finding import SUFFIXES, article_name, find_files, unreadable
from index.articles.limits import TooSlow, time_limit
from index.articles.workers import in_order
from index.errors import ArticleError
from index.types import Article, Card, FileReport

_LARGE = 1_000_000
"""Bytes from which a file is read in a process of its own, also where there are few files."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read.

    :ivar max_bytes: size from which a file is not read, in bytes.
    :ivar workers: processes to read with; 0 = one for each core, 1 = this process.
    :ivar seconds: processor time that one file may take.
    :ivar memory: bytes that a process may take for the files it reads.
    :ivar zone: in which days are told; None = as they are written.
    :ivar suffixes: ends of the names of article files, in lower case.
    """

    max_bytes: int
    workers: int = 0
    seconds: float = 60.0
    memory: int = 2_000_000_000
    zone: tzinfo | None = None
    suffixes: tuple[str, ...] = SUFFIXES

    @property
    def timezone(self) -> str:
        """The name of the zone, or nothing."""
        return str(self.zone or "")


Outcome: TypeAlias = Article | FileReport
"""What comes of a file: an article, or why it is none."""


def reports(outcome: Outcome) -> tuple[FileReport, ...]:
    """Return what is to be reported of a file: why it is no article, or what was mended in it."""
    return (outcome,) if isinstance(outcome, FileReport) else outcome.reports


def indexable(outcome: Outcome) -> Outcome:
    """Return an article that has text or a title, or the report that says why a file is not indexed."""
    if isinstance(outcome, FileReport) or outcome.paragraphs or outcome.card.title_only:
        return outcome
    return outcome.reports[-1]


def read_article(
    path: Path,
    *,
    max_bytes: int,
    zone: tzinfo | None = None,
    seconds: float | None = None,
) -> Outcome:
    """Read one file; what is wrong with it comes back as a report, alone or with the article.

    :param max_bytes: size from which a file is not read, in bytes.
    :param zone: in which days are told; None = as they are written.
    :param seconds: processor time that it may take; None = any.
    """
    digest = None
    try:
        data = _read_bytes(path, max_bytes)
        digest = hashlib.sha256(data).hexdigest()
        with time_limit(seconds):
            extraction = _extracted(data, article_name(path), zone)
    except ArticleError as error:
        return FileReport(str(path), error.reason, error.detail, error.line, digest)
    except OSError as error:
        return unreadable(path, error)
    except TooSlow:
        detail = f"more than {seconds:g} s of processor time; extract.timeout"
        return FileReport(str(path), "too slow", detail, sha256=digest)
    except (RecursionError, MemoryError, ParserRejectedMarkup) as error:
        return FileReport(str(path), "too complex", type(error).__name__, sha256=digest)
    return _article(path, digest, extraction)


def _read_bytes(path: Path, max_bytes: int) -> bytes:
    # Non-blocking, or a named pipe that nobody writes to would hang the run.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise ArticleError("not a file", "expected a regular file")
        if status.st_size > max_bytes:
            raise ArticleError(
                "too large", f"{status.st_size:,} bytes; extract.max_bytes is {max_bytes:,}"
            )
        # Unbuffered: a read of so many bytes at most would set aside as many for every file.
        with open(descriptor, "rb", buffering=0, closefd=False) as file:
            return file.read()
    finally:
        os.close(descriptor)


def _extracted(data: bytes, name: str, zone: tzinfo | None) -> Extraction:
    if not data.strip():
        raise ArticleError("empty file")
    return extract(decode(data), name, zone=zone)


def _article(path: Path, digest: str, extraction: Extraction) -> Article:
    metadata = extraction.metadata
    card = Card(
        path=str(path),
        sha256=digest,
        title=extraction.title,
        author=metadata.author,
        date=metadata.date,
        url=metadata.url,
        source=metadata.source,
        language=extraction.language,
        truncated=extraction.truncated,
        title_only=extraction.title_only,
    )
    found = [replace(report, path=card.path) for report in metadata.reports]
    if not (extraction.paragraphs or extraction.title_only):
        detail = "the body has no paragraph, and the head no title"
        found = [FileReport(card.path, "no text", detail, sha256=digest)]
    return Article(
        card, metadata.categories, metadata.tags, extraction.paragraphs, reports=tuple(found)
    )


def read_articles(paths: Iterable[Path], reading: Reading) -> Iterator[Outcome]:
    """Find and read article files, in the order of ``find_files``."""
    return _in_order(_unchanged, find_files(list(paths), reading.suffixes), reading)


def map_files(
    function: Callable[[list[Article]], list[T]],
    files: Iterator[Path | FileReport],
    reading: Reading,
) -> Iterator[T | FileReport]:
    """Read files that have been found, and apply a function to articles where they were read.

    :param function: takes some articles at once and returns one value for each; it can be pickled,
        and so can they. Articles without text and title do not reach it.
    :return: one outcome a file, in the order of the files; reports pass through.
    """
    return _in_order(partial(_applied, function), files, reading)


def _in_order(
    function: Callable[[list[Outcome]], list[T | FileReport]],
    files: Iterator[Path | FileReport],
    reading: Reading,
) -> Iterator[T | FileReport]:
    work = partial(_read_and_apply, function, reading)
    return in_order(work, files, workers=reading.workers, memory=reading.memory, is_large=_is_large)


def _is_large(path: Path) -> bool:
    try:
        return path.stat().st_size >= _LARGE
    except OSError:
        return False


def _read_and_apply(
    function: Callable[[list[Outcome]], list[T]], reading: Reading, paths: list[Path]
) -> list[T]:
    return function(
        [
            read_article(
                path, max_bytes=reading.max_bytes, zone=reading.zone, seconds=reading.seconds
            )
            for path in paths
        ]
    )


def _unchanged(outcomes: list[Outcome]) -> list[Outcome]:
    return outcomes


def _applied(
    function: Callable[[list[Article]], list[T]], outcomes: list[Outcome]
) -> list[T | FileReport]:
    found = [indexable(outcome) for outcome in outcomes]
    values = iter(function([one for one in found if isinstance(one, Article)]))
    return [one if isinstance(one, FileReport) else next(values) for one in found]
