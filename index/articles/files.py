"""Article files -> ``Article``: the thin rim of input around ``index.articles.extract``.

A bad file is reported, never fatal and never silent.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import TypeAlias, TypeVar

from bs4.exceptions import ParserRejectedMarkup

from index.articles.decode import decode
from index.articles.extract import Extraction, extract
from index.articles.front_matter import Remark
from index.articles.workers import in_order
from index.errors import ArticleError
from index.types import Article, Skipped

SUFFIXES = frozenset((".md", ".markdown", ".txt", ".html", ".htm"))

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MendedArticle(Article):
    """An article from a file with something wrong that did not stop it from being read.

    :ivar remarks: what was wrong, one report a fault.
    """

    remarks: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class EmptyArticle(Skipped):
    """A file that was read and has no text of its own, so it is skipped (R16).

    :ivar article: its metadata, with no paragraphs.
    """

    article: Article | None = None


Outcome: TypeAlias = Article | Skipped


def reports(outcome: Outcome) -> tuple[Skipped, ...]:
    """Return what is to be reported of a file: why it was skipped, or what was mended in it."""
    if isinstance(outcome, Skipped):
        return (outcome,)
    return outcome.remarks if isinstance(outcome, MendedArticle) else ()


def find_files(paths: Sequence[Path]) -> Iterator[Path | Skipped]:
    """Yield the article files among files and folders, each folder in the order of its names.

    Hidden entries of a folder and files of other kinds are passed over; a file that was named is
    taken whatever its name. A folder is read once: symbolic links that lead back are reported.
    """
    seen: set[tuple[int, int]] = set()
    for path in paths:
        yield from _find(path, seen)


def _find(start: Path, seen: set[tuple[int, int]]) -> Iterator[Path | Skipped]:
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
                yield Skipped(
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


def _unreadable(path: Path, error: OSError) -> Skipped:
    if error.errno == errno.ELOOP:
        return Skipped(str(path), "directory loop", "a symbolic link leads to itself")
    missing = isinstance(error, FileNotFoundError)
    return Skipped(
        str(path), "not found" if missing else "unreadable", error.strerror or str(error)
    )


def read_article(path: Path, *, max_bytes: int) -> Outcome:
    """Read one file; what is wrong with it comes back as ``Skipped``, or in ``MendedArticle``.

    :param max_bytes: size from which a file is skipped, in bytes.
    """
    digest = None
    try:
        data = _read_bytes(path, max_bytes)
        digest = hashlib.sha256(data).hexdigest()
        extraction = _extracted(data, path.name)
    except ArticleError as error:
        return Skipped(str(path), error.reason, error.detail, error.line, digest)
    except OSError as error:
        return _unreadable(path, error)
    except (RecursionError, MemoryError, ParserRejectedMarkup) as error:
        return Skipped(str(path), "too complex", type(error).__name__, sha256=digest)
    return _outcome(path, digest, extraction)


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


def _outcome(path: Path, digest: str, extraction: Extraction) -> Outcome:
    metadata = extraction.metadata
    article = Article(
        path=str(path),
        sha256=digest,
        title=extraction.title,
        author=metadata.author,
        date=metadata.date,
        url=metadata.url,
        source=metadata.source,
        categories=metadata.categories,
        tags=metadata.tags,
        language=extraction.language,
        paragraphs=extraction.paragraphs,
        truncated=extraction.truncated,
    )
    if not article.paragraphs:
        detail = "the body has no paragraph besides its title"
        return EmptyArticle(article.path, "no text", detail, sha256=digest, article=article)
    return _with_remarks(article, extraction.remarks) if extraction.remarks else article


def _with_remarks(article: Article, remarks: Iterable[Remark]) -> MendedArticle:
    values = {field.name: getattr(article, field.name) for field in fields(article)}
    found = (Skipped(article.path, r.reason, r.detail, r.line) for r in remarks)
    return MendedArticle(**values, remarks=tuple(found))


def read_articles(paths: Iterable[Path], *, max_bytes: int, workers: int) -> Iterator[Outcome]:
    """Find and read article files, in the order of ``find_files``.

    :param max_bytes: size from which a file is skipped, in bytes.
    :param workers: processes to read with; 0 means one for each core.
    """
    return map_files(list, find_files(list(paths)), max_bytes=max_bytes, workers=workers)


def map_files(
    function: Callable[[list[Article]], list[T]],
    files: Iterator[Path | Skipped],
    *,
    max_bytes: int,
    workers: int,
) -> Iterator[T | Skipped]:
    """Read files that have been found, and apply a function to articles where they were read.

    :param function: takes some articles at once and returns one value for each; it can be pickled,
        and so can they.
    :return: one outcome a file, in the order of the files; what is skipped passes through.
    """
    work = partial(_read_and_apply, function, max_bytes=max_bytes)
    return in_order(work, files, workers=workers)


def _read_and_apply(
    function: Callable[[list[Article]], list[T]], paths: list[Path], *, max_bytes: int
) -> list[T | Skipped]:
    outcomes = [read_article(path, max_bytes=max_bytes) for path in paths]
    values = iter(function([one for one in outcomes if not isinstance(one, Skipped)]))
    return [one if isinstance(one, Skipped) else next(values) for one in outcomes]
