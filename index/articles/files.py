"""Article files -> ``Article``: the thin rim of input around ``index.articles.extract``.

A bad file is reported, never fatal and never silent.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeAlias, TypeVar

from bs4.exceptions import ParserRejectedMarkup

from index.articles.decode import decode
from index.articles.extract import Extraction, extract
from index.articles.workers import in_order
from index.errors import ArticleError
from index.types import Article, Card, FileReport

SUFFIXES = frozenset((".md", ".markdown", ".txt", ".html", ".htm"))

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read.

    :ivar max_bytes: size from which a file is not read, in bytes.
    :ivar workers: processes to read with; 0 = one for each core.
    """

    max_bytes: int
    workers: int = 0


Outcome: TypeAlias = Article | FileReport
"""What comes of a file: an article, or why it is none."""


def reports(outcome: Outcome) -> tuple[FileReport, ...]:
    """Return what is to be reported of a file: why it is no article, or what was mended in it."""
    return (outcome,) if isinstance(outcome, FileReport) else outcome.reports


def indexable(outcome: Outcome) -> Outcome:
    """Return an article that has text, or the report that says why a file is not indexed."""
    if isinstance(outcome, FileReport) or outcome.paragraphs:
        return outcome
    return outcome.reports[-1]


def find_files(paths: Sequence[Path]) -> Iterator[Path | FileReport]:
    """Yield the article files among files and folders, each folder in the order of its names.

    Hidden entries of a folder and files of other kinds are passed over; a file that was named is
    taken whatever its name. A folder is read once: symbolic links that lead back are reported.
    """
    seen: set[tuple[int, int]] = set()
    for path in paths:
        yield from _find(path, seen)


def _find(start: Path, seen: set[tuple[int, int]]) -> Iterator[Path | FileReport]:
    waiting = [start]
    while waiting:
        path = waiting.pop()
        try:
            status = path.stat()
            if not stat.S_ISDIR(status.st_mode):
                yield path
                continue
            identity = status.st_dev, status.st_ino
            if identity in seen:
                yield FileReport(
                    str(path), "directory loop", "this folder was read under another name"
                )
                continue
            seen.add(identity)
            entries = sorted(os.scandir(path), key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            yield _unreadable(path, error)
            continue
        waiting += [path / entry.name for entry in entries if _is_wanted(entry)]


def _is_wanted(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return False
    return os.path.splitext(entry.name)[1].lower() in SUFFIXES or _is_folder(entry)  # noqa: PTH122 - of every file: a Path takes three times as long


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return True  # a link that leads nowhere or to itself; reading it says which


def _unreadable(path: Path, error: OSError) -> FileReport:
    if error.errno == errno.ELOOP:
        return FileReport(str(path), "directory loop", "a symbolic link leads to itself")
    missing = isinstance(error, FileNotFoundError)
    return FileReport(
        str(path), "not found" if missing else "unreadable", error.strerror or str(error)
    )


def read_article(path: Path, *, max_bytes: int) -> Outcome:
    """Read one file; what is wrong with it comes back as a report, alone or with the article.

    :param max_bytes: size from which a file is not read, in bytes.
    """
    digest = None
    try:
        data = _read_bytes(path, max_bytes)
        digest = hashlib.sha256(data).hexdigest()
        extraction = _extracted(data, path.name)
    except ArticleError as error:
        return FileReport(str(path), error.reason, error.detail, error.line, digest)
    except OSError as error:
        return _unreadable(path, error)
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


def _extracted(data: bytes, name: str) -> Extraction:
    if not data.strip():
        raise ArticleError("empty file")
    return extract(decode(data), name)


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
    )
    found = [replace(report, path=card.path) for report in metadata.reports]
    if not extraction.paragraphs:
        detail = "the body has no paragraph besides its title"
        found = [FileReport(card.path, "no text", detail, sha256=digest)]
    return Article(
        card, metadata.categories, metadata.tags, extraction.paragraphs, reports=tuple(found)
    )


def read_articles(paths: Iterable[Path], reading: Reading) -> Iterator[Outcome]:
    """Find and read article files, in the order of ``find_files``."""
    return _in_order(_unchanged, find_files(list(paths)), reading)


def map_files(
    function: Callable[[list[Article]], list[T]],
    files: Iterator[Path | FileReport],
    reading: Reading,
) -> Iterator[T | FileReport]:
    """Read files that have been found, and apply a function to articles where they were read.

    :param function: takes some articles at once and returns one value for each; it can be pickled,
        and so can they. Articles without text do not reach it.
    :return: one outcome a file, in the order of the files; reports pass through.
    """
    return _in_order(partial(_applied, function), files, reading)


def _in_order(
    function: Callable[[list[Outcome]], list[T | FileReport]],
    files: Iterator[Path | FileReport],
    reading: Reading,
) -> Iterator[T | FileReport]:
    work = partial(_read_and_apply, function, max_bytes=reading.max_bytes)
    return in_order(work, files, workers=reading.workers)


def _read_and_apply(
    function: Callable[[list[Outcome]], list[T]], paths: list[Path], *, max_bytes: int
) -> list[T]:
    return function([read_article(path, max_bytes=max_bytes) for path in paths])


def _unchanged(outcomes: list[Outcome]) -> list[Outcome]:
    return outcomes


def _applied(
    function: Callable[[list[Article]], list[T]], outcomes: list[Outcome]
) -> list[T | FileReport]:
    found = [indexable(outcome) for outcome in outcomes]
    values = iter(function([one for one in found if isinstance(one, Article)]))
    return [one if isinstance(one, FileReport) else next(values) for one in found]
